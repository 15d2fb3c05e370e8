//! `fdb_network_*`: the network that the caller sets up, runs and stops, once in a process.
//!
//! Embedded databases have no network: their calls are answered whether it runs or not. To the caller there is one all
//! the same, with the life cycle and errors of libfdb_c's, so that a program need not know which databases it opens. The
//! network of libfdb_c itself follows this one (`cluster`).

use crate::api_version;
use crate::cluster;
use crate::constants::{FDBNetworkOption, FDBNetworkOption_FDB_NET_OPTION_EXTERNAL_CLIENT_LIBRARY};
use crate::error::{self, Failure};
use crate::future::returned;
use crate::network_options;
use crate::types::*;
use std::ffi::{c_int, c_void};
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

static NETWORK: Mutex<Network> = Mutex::new(Network::NEW);
static STOPPED: Condvar = Condvar::new();

struct Network {
    phase: Phase,
    /// Whether `fdb_run_network` was called: it can be once.
    ran: bool,
    /// Whether the options in the environment have been checked.
    environment_checked: bool,
    /// Options in the order given, for libfdb_c when it is loaded.
    options: Vec<(FDBNetworkOption, Option<Vec<u8>>)>,
    client_path: Option<PathBuf>,
    hooks: Vec<Hook>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    New,
    SetUp,
    Stopped,
}

/// A function that the caller wants called at the end of each network thread.
#[derive(Clone, Copy)]
pub(crate) struct Hook {
    pub(crate) function: FDBHook,
    pub(crate) parameter: *mut c_void,
}

// SAFETY: by the contract of the C API a hook and its parameter may be used on any network thread.
unsafe impl Send for Hook {}

/// What libfdb_c gets to know when it is loaded.
pub(crate) struct Settings {
    pub(crate) api_version: i32,
    pub(crate) client_path: Option<PathBuf>,
    pub(crate) options: Vec<(FDBNetworkOption, Option<Vec<u8>>)>,
    pub(crate) hooks: Vec<Hook>,
}

impl Network {
    const NEW: Network = Network {
        phase: Phase::New,
        ran: false,
        environment_checked: false,
        options: Vec::new(),
        client_path: None,
        hooks: Vec::new(),
    };

    fn lock() -> MutexGuard<'static, Network> {
        NETWORK.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks and heeds the options of the environment, once. libfdb_c reads them there itself when it is loaded.
    fn heed_environment(&mut self) -> Result<(), Failure> {
        if !self.environment_checked {
            network_options::heed_environment(std::env::vars_os())
                .map_err(|_| Failure::ENVIRONMENT_VARIABLE_NETWORK_OPTION_FAILED)?;
            self.environment_checked = true;
        }
        Ok(())
    }

    fn set_option(&mut self, option: FDBNetworkOption, value: Option<&[u8]>) -> Result<(), Failure> {
        network_options::check(option, value, self.phase != Phase::New)?;
        network_options::heed(option, value);
        if option == FDBNetworkOption_FDB_NET_OPTION_EXTERNAL_CLIENT_LIBRARY && self.client_path.is_none() {
            // The first one is the library to load; more of them are for libfdb_c, to load beside itself.
            self.client_path = value.map(|path| PathBuf::from(String::from_utf8_lossy(path).into_owned()));
            return Ok(());
        }
        self.options.push((option, value.map(<[u8]>::to_vec)));
        Ok(())
    }
}

/// Whether databases may be made: error 2008 if the network was not set up.
pub(crate) fn check_set_up() -> Result<(), Failure> {
    if Network::lock().phase == Phase::New { Err(Failure::NETWORK_NOT_SETUP) } else { Ok(()) }
}

/// What libfdb_c gets when it is loaded; error 1043 if the network has been stopped, after which it cannot start.
pub(crate) fn settings() -> Result<Settings, Failure> {
    let network = Network::lock();
    if network.phase == Phase::Stopped {
        return Err(Failure::SHUTDOWN_IN_PROGRESS);
    }
    Ok(Settings {
        api_version: api_version::selected()?,
        client_path: network.client_path.clone(),
        options: network.options.clone(),
        hooks: network.hooks.clone(),
    })
}

/// Sets a network option. Errors: 2007 for an option that does not exist or comes too late, 2006 for a value that is not
/// valid, 1511 for a library that is not there, 2022 if an option in the environment has one of these.
///
/// `external_client_library` (62), given before a cluster is opened, names the libfdb_c to load.
pub unsafe extern "C" fn fdb_network_set_option(
    option: FDBNetworkOption,
    value: *const u8,
    value_length: c_int,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        api_version::selected()?;
        if let Some(library) = cluster::started() {
            let done = returned(library.fdb_network_set_option()?(option, value, value_length));
            if done.is_ok() {
                network_options::heed(option, crate::backend::option_value(value, value_length));
            }
            return done;
        }
        let mut network = Network::lock();
        network.heed_environment()?;
        network.set_option(option, crate::backend::option_value(value, value_length))
    })
}

/// Sets the network up, which is the condition for making databases. Error 2009 if it was already.
pub unsafe extern "C" fn fdb_setup_network() -> fdb_error_t {
    error::code(|| {
        api_version::selected()?;
        let mut network = Network::lock();
        network.heed_environment()?;
        if network.phase != Phase::New {
            return Err(Failure::NETWORK_ALREADY_SETUP);
        }
        network.phase = Phase::SetUp;
        Ok(())
    })
}

/// [`fdb_run_network`] for Rust, which takes no pointer and whose threads are ours: so it is safe.
pub fn run_network() -> Result<(), fdb_error_t> {
    error::result(|| {
        let mut network = Network::lock();
        if network.phase == Phase::New {
            return Err(Failure::NETWORK_NOT_SETUP);
        }
        if std::mem::replace(&mut network.ran, true) {
            return Err(Failure::NETWORK_CANNOT_BE_RESTARTED);
        }
        while network.phase != Phase::Stopped {
            network = STOPPED.wait(network).unwrap_or_else(PoisonError::into_inner);
        }
        let hooks = network.hooks.clone();
        drop(network);
        // No callback of a cluster comes after this returns.
        cluster::stop();
        for hook in hooks {
            if let Some(function) = hook.function {
                // SAFETY: the caller gave the hook for this use.
                unsafe { function(hook.parameter) };
            }
        }
        Ok(())
    })
}

/// [`fdb_stop_network`] for Rust.
pub fn stop_network() -> Result<(), fdb_error_t> {
    error::result(|| {
        let mut network = Network::lock();
        if network.phase == Phase::New {
            return Err(Failure::NETWORK_NOT_SETUP);
        }
        network.phase = Phase::Stopped;
        let runs = network.ran;
        STOPPED.notify_all();
        drop(network);
        if !runs {
            // Nobody else waits for libfdb_c's thread.
            cluster::stop();
        }
        Ok(())
    })
}

/// Runs the network: returns when it is stopped, after the completion hooks have run. Errors: 2008 before it is set up,
/// 2025 if it runs or ran already.
pub unsafe extern "C" fn fdb_run_network() -> fdb_error_t {
    run_network().err().unwrap_or(0)
}

/// Stops the network, for good. Embedded databases work on. Error 2008 before it is set up.
pub unsafe extern "C" fn fdb_stop_network() -> fdb_error_t {
    stop_network().err().unwrap_or(0)
}

/// Has `hook` called at the end of each network thread, in the order of the calls. Error 2008 before the network is set up.
pub unsafe extern "C" fn fdb_add_network_thread_completion_hook(
    hook: FDBHook,
    hook_parameter: *mut c_void,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        let mut network = Network::lock();
        if network.phase == Phase::New {
            return Err(Failure::NETWORK_NOT_SETUP);
        }
        network.hooks.push(Hook { function: hook, parameter: hook_parameter });
        drop(network);
        match cluster::started() {
            Some(library) => returned(library.fdb_add_network_thread_completion_hook()?(hook, hook_parameter)),
            None => Ok(()),
        }
    })
}

/// For a client library that loads another: tells libfdb_c, if it is loaded, to speak a protocol of the future.
pub unsafe extern "C" fn fdb_use_future_protocol_version() {
    error::quiet(|| {
        if let Some(library) = cluster::started() {
            // SAFETY: the function takes nothing and can be called at any time.
            unsafe { library.fdb_use_future_protocol_version()?() };
        }
        Ok(())
    });
}
