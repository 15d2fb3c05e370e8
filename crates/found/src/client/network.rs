//! FoundationDB's network: one for the process, set up at the first open, started at the first open of a cluster, and
//! never started again once stopped.
//!
//! - Options are collected until the first open and handed over then; later ones are refused (2009).
//! - An embedded database needs no network thread: none is started for it, and stopping the network leaves it alone.
//! - [`stop`] is for the end of the process. It waits for the thread with a bound: a thread that does not end in time
//!   is left to the end of the process rather than waited for.
//! - Whoever loads this crate owns FoundationDB's C API in the process: the `foundationdb` crate must not be booted
//!   beside it.

use super::option_tables::{NETWORK_OPTIONS, network_option};
use super::options::{OptionInfo, OptionValue};
use crate::{Error, Result};
use foundationdb::api::FdbApiBuilder;
use foundationdb::options::NetworkOption;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long [`stop`] should wait at the end of a process.
pub const STOP_TIMEOUT: Duration = Duration::from_secs(1);

type Hook = Box<dyn FnOnce() + Send>;

static NETWORK: Mutex<Network> = Mutex::new(Network { phase: Phase::New, options: Vec::new(), hooks: Vec::new() });

struct Network {
    phase: Phase,
    /// Given before the first open, in the order given.
    options: Vec<(&'static str, NetworkOption)>,
    /// Run once, when the network ends.
    hooks: Vec<Hook>,
}

enum Phase {
    New,
    SetUp,
    Running {
        ended: Receiver<()>,
    },
    /// Setting up failed; every open gives this error.
    Failed(Error),
    Stopped,
}

/// Sets a network option by its name in `fdb.options`. 2009 once a database was opened.
pub fn set_option(name: &str, value: &OptionValue) -> Result<()> {
    collect(OptionInfo::by_name(NETWORK_OPTIONS, name)?, value)
}

/// Sets a network option by its number, its value in the C API's form.
pub fn set_option_by_code(code: i32, value: Option<&[u8]>) -> Result<()> {
    let info = OptionInfo::by_code(NETWORK_OPTIONS, code)?;
    collect(info, &info.decode(value)?)
}

fn collect(info: &'static OptionInfo, value: &OptionValue) -> Result<()> {
    info.encode(value)?;
    let option = network_option(info.name, value)?
        .ok_or_else(|| Error::fdb(2007).with_context(format!("network option {}", info.name)))?;
    let mut network = lock();
    if !matches!(network.phase, Phase::New) {
        return Err(Error::fdb(2009).with_context(format!(
            "network options must be set before the first database is opened; option={}",
            info.name
        )));
    }
    network.options.push((info.name, option));
    Ok(())
}

/// Has `hook` run when the network ends: on the network thread after its last callback, or within [`stop`] if no
/// network thread was started. 2025 if the network was stopped already.
pub fn on_end(hook: impl FnOnce() + Send + 'static) -> Result<()> {
    let mut network = lock();
    if matches!(network.phase, Phase::Stopped) {
        return Err(Error::fdb(2025));
    }
    network.hooks.push(Box::new(hook));
    Ok(())
}

/// Stops the network for good and waits up to `timeout` for its thread; says whether the thread has ended. Without a
/// network thread only the hooks run, and a cluster can still be opened afterwards.
///
/// Call it at the end of a process that opened a cluster: the system's client library may crash in its own clean-up
/// while its thread still runs.
pub fn stop(timeout: Duration) -> bool {
    let mut network = lock();
    match std::mem::replace(&mut network.phase, Phase::Stopped) {
        Phase::Running { ended } => {
            drop(network);
            // It fails only before set-up, which is past.
            let _ = foundationdb_sys::stop_network();
            ended.recv_timeout(timeout).is_ok()
        }
        Phase::Stopped => true,
        other => {
            network.phase = other;
            let hooks = std::mem::take(&mut network.hooks);
            drop(network);
            run(hooks);
            true
        }
    }
}

/// Whether the network thread runs, so that [`stop`] is called for at the end of the process.
pub fn is_running() -> bool {
    matches!(lock().phase, Phase::Running { .. })
}

/// Selects the API version and sets the network up, once; with `thread`, starts it as well.
pub(super) fn ensure(thread: bool) -> Result<()> {
    let mut network = lock();
    if let Phase::New = network.phase {
        network.phase = match set_up(&mut network.options) {
            Ok(()) => Phase::SetUp,
            Err(error) => Phase::Failed(error),
        };
    }
    match &network.phase {
        Phase::Failed(error) => return Err(error.clone()),
        Phase::Stopped if thread => return Err(Error::fdb(2025)),
        Phase::SetUp if thread => {}
        _ => return Ok(()),
    }
    network.phase = Phase::Stopped;
    network.phase = start()?;
    Ok(())
}

fn set_up(options: &mut Vec<(&'static str, NetworkOption)>) -> Result<()> {
    let mut builder = FdbApiBuilder::default().build()?;
    for (name, option) in options.drain(..) {
        builder = builder
            .set_option(option)
            .map_err(|error| Error::from(error).with_context(format!("network option {name}")))?;
    }
    // What it gives would run the network, which the crate underneath does without unsafe code.
    builder.build()?;
    Ok(())
}

fn start() -> Result<Phase> {
    let (tell, ended) = sync_channel(1);
    std::thread::Builder::new()
        .name("fdb-network".into())
        .spawn(move || {
            // It fails only if the network runs already.
            let _ = foundationdb_sys::run_network();
            run(std::mem::take(&mut lock().hooks));
            let _ = tell.send(());
        })
        .map_err(|error| Error::fdb(1500).with_context(format!("cannot start the network thread: {error}")))?;
    Ok(Phase::Running { ended })
}

fn run(hooks: Vec<Hook>) {
    hooks.into_iter().for_each(|hook| hook());
}

fn lock() -> MutexGuard<'static, Network> {
    NETWORK.lock().unwrap_or_else(PoisonError::into_inner)
}
