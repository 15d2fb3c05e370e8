//! The network of libfdb_c: set up when the first cluster is opened, run on a thread of ours.
//!
//! The caller sets up, runs and stops one network, ours (`network`). libfdb_c's follows it: its thread starts with the
//! first cluster, so that a program with embedded databases only never has it, and ends when the caller stops the network.
//!
//! Invariant: libfdb_c's network is started at most once, because it cannot be started again.

use crate::error::{self, Failure};
use crate::library::Library;
use crate::loader;
use crate::network::Settings;
use crate::open::OpenFailure;
use std::ffi::c_int;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

/// How long to wait for libfdb_c's thread when the network is stopped.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

static STATE: Mutex<State> = Mutex::new(State::Idle);

enum State {
    /// No cluster was opened.
    Idle,
    Started(Started),
    /// libfdb_c was half set up; it cannot be tried again.
    Failed(OpenFailure),
}

/// libfdb_c's network, from when it is set up.
struct Started {
    client: &'static Library,
    thread: ThreadId,
    ended: Arc<Ended>,
    /// Whether it was told to stop, which it is once.
    stopped: bool,
}

#[derive(Default)]
struct Ended {
    ended: Mutex<bool>,
    changed: Condvar,
}

impl Ended {
    fn set(&self) {
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    fn wait(&self) {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self.changed.wait_timeout_while(ended, STOP_PATIENCE, |ended| !*ended);
    }
}

/// The library with its network running; loads and starts it if this is the first cluster.
pub(crate) fn start(settings: impl FnOnce() -> Result<Settings, Failure>) -> Result<&'static Library, OpenFailure> {
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    match &*state {
        State::Started(started) => return Ok(started.client),
        State::Failed(failure) => return Err(failure.clone()),
        State::Idle => {}
    }
    let settings = settings()?;
    let (library, path) = loader::load(settings.client_path.as_deref(), settings.api_version)?;
    // From here on the library has state, and a failure is final.
    match set_up(library, settings) {
        Ok(started) => {
            let library = started.client;
            *state = State::Started(started);
            Ok(library)
        }
        Err(failure) => {
            let failure = failure.of(path.display());
            *state = State::Failed(failure.clone());
            Err(failure)
        }
    }
}

fn set_up(library: Library, settings: Settings) -> Result<Started, OpenFailure> {
    let step = |what: &str, code: c_int| match code {
        0 => Ok(()),
        code => Err(OpenFailure::from(Failure(code)).of(what)),
    };
    // SAFETY: libfdb_c's functions called in the order that its contract asks for, with pointers that live long enough.
    unsafe {
        let newest = library.fdb_get_max_api_version()?();
        let header = newest.min(crate::FDB_API_VERSION as c_int);
        let select = library.fdb_select_api_version_impl()?;
        step("fdb_select_api_version", select(settings.api_version, header))?;
        if loader::is_a_copy(&library)? {
            let message = format!("this is a libfdb_c of found-db: {}", loader::HOW_TO_GIVE_ONE);
            return Err(OpenFailure::new(Failure::NO_EXTERNAL_CLIENT_PROVIDED, message));
        }
        for (option, value) in &settings.options {
            let (pointer, length) = match value {
                Some(value) => (value.as_ptr(), crate::arrays::c_length(value.len())),
                None => (std::ptr::null(), 0),
            };
            let code = library.fdb_network_set_option()?(*option, pointer, length);
            step(&format!("network option {option}"), code)?;
        }
        step("fdb_setup_network", library.fdb_setup_network()?())?;
        for hook in &settings.hooks {
            let add = library.fdb_add_network_thread_completion_hook()?;
            step("a completion hook", add(hook.function, hook.parameter))?;
        }
    }
    let library = loader::keep(library);
    let ended = Arc::new(Ended::default());
    let signal = ended.clone();
    let run = move || {
        error::quiet(|| {
            // SAFETY: the network is set up and runs on this thread only.
            let code = unsafe { library.fdb_run_network()?() };
            if code != 0 {
                eprintln!("libfdb_c's network ended with error {code}: {}", engine::error_text(code));
            }
            Ok(())
        });
        signal.set();
    };
    let thread = thread::Builder::new().name("fdb-network".to_string()).spawn(run);
    let thread = thread
        .map_err(|error| OpenFailure::new(Failure::PLATFORM_ERROR, format!("no thread for the network: {error}")))?;
    Ok(Started { client: library, thread: thread.thread().id(), ended, stopped: false })
}

/// The library whose network runs.
pub(crate) fn started() -> Option<&'static Library> {
    match &*STATE.lock().unwrap_or_else(PoisonError::into_inner) {
        State::Started(started) => Some(started.client),
        _ => None,
    }
}

/// Stops libfdb_c's network, if it runs, and waits for its thread, for a while. From within a callback on that thread it
/// does not wait.
pub(crate) fn stop() {
    let (library, ended) = match &mut *STATE.lock().unwrap_or_else(PoisonError::into_inner) {
        State::Started(started) => {
            let library = (!std::mem::replace(&mut started.stopped, true)).then_some(started.client);
            (library, (started.thread != thread::current().id()).then(|| started.ended.clone()))
        }
        _ => return,
    };
    if let Some(library) = library {
        error::quiet(|| {
            // SAFETY: the network was set up; stopping it is allowed from any thread.
            unsafe { library.fdb_stop_network()?() };
            Ok(())
        });
    }
    if let Some(ended) = ended {
        ended.wait();
    }
}
