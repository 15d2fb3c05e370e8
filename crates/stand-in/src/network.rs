//! The network thread, on which futures become ready and callbacks run.
//!
//! To its callers a future is pending until this thread says otherwise, whatever the inner copy knows already. Invariants:
//! - a callback runs once, on the network thread, or in `fdb_future_set_callback` if the future is ready by then;
//! - a future that is waited for is on its way from the first callback on, so that one which was looked at before costs
//!   no more than one which was not: libfdb_c's come whether or not somebody looks. Who only looks is waited for from the
//!   second time on;
//! - a future that was destroyed lives on inside until its callbacks have run: they get its pointer;
//! - when the network has stopped, nothing that is pending becomes ready any more;
//! - while answers are held back (`holding`), a future stays pending from when it is made until all are let go.

use crate::handles::Handle;
use foundationdb_sys::*;
use std::collections::{HashMap, VecDeque};
use std::ffi::c_void;
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};

static NETWORK: LazyLock<Mutex<Network>> = LazyLock::new(Mutex::default);
static CHANGED: Condvar = Condvar::new();
static AT_REST: Condvar = Condvar::new();

#[derive(Default)]
struct Network {
    queue: VecDeque<Waiting>,
    stopped: bool,
    futures: HashMap<usize, Shown>,
    hooks: Vec<Hook>,
    /// Whether a callback runs now.
    calling: bool,
    /// What is held back, if anything is to be.
    held: Option<Held>,
}

/// Futures that were made, and callbacks whose futures would be ready, since answers were last let go.
#[derive(Default)]
struct Held {
    futures: Vec<Made>,
    callbacks: Vec<Waiting>,
}

struct Made(*mut FDBFuture);

/// What callers know of a future.
#[derive(Default)]
struct Shown {
    ready: bool,
    /// Whether somebody has looked if it is ready.
    looked: bool,
    /// Whether it is on its way to be ready.
    asked: bool,
    /// How many callbacks have not run yet, and whether it is being cancelled: who still needs it.
    users: usize,
    destroyed: bool,
    /// Whether it is among those that are held back.
    held: bool,
}

/// A callback that waits for its future.
struct Waiting {
    future: *mut FDBFuture,
    callback: FDBCallback,
    parameter: *mut c_void,
}

struct Hook(FDBHook, *mut c_void);

// SAFETY: by the contract of the C API futures, callbacks, hooks and their parameters may be used on any thread.
unsafe impl Send for Waiting {}
// SAFETY: as above.
unsafe impl Send for Hook {}
// SAFETY: as above.
unsafe impl Send for Made {}

fn network() -> MutexGuard<'static, Network> {
    NETWORK.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Network {
    fn shown(&mut self, future: *mut FDBFuture) -> &mut Shown {
        self.futures.entry(future.addr()).or_default()
    }
}

/// Notes a future that a caller gets.
pub(crate) fn made(future: *mut FDBFuture) {
    let mut network = network();
    if let Some(held) = &mut network.held {
        held.futures.push(Made(future));
        network.shown(future).held = true;
    }
}

/// Has answers held back from now on.
pub(crate) fn hold() {
    network().held.get_or_insert_default();
}

/// Lets go of all answers that are held back, `and_hold` those to come; says how many they were. Returns when the
/// callbacks have run.
pub(crate) fn let_go(and_hold: bool) -> usize {
    let mut state = network();
    let held = state.held.take().unwrap_or_default();
    if and_hold {
        state.held = Some(Held::default());
    }
    let mut count = 0;
    for Made(future) in held.futures {
        // One that was destroyed has no entry any more, and its address may be another's.
        let Some(shown) = state.futures.get_mut(&future.addr()).filter(|shown| shown.held) else { continue };
        // SAFETY: it has an entry, so it lives.
        shown.ready = unsafe { foundationdb_sys::fdb_future_is_ready(future.inner()) } != 0;
        shown.held = false;
        count += 1;
    }
    state.queue.extend(held.callbacks);
    CHANGED.notify_all();
    while !state.stopped && (state.calling || !state.queue.is_empty()) {
        state = AT_REST.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
    count
}

/// Has the callback run when the future is ready.
///
/// # Safety
/// The future is live, and its entry counts this callback.
unsafe fn wait(future: *mut FDBFuture, callback: FDBCallback, parameter: *mut c_void) -> fdb_error_t {
    unsafe extern "C" fn completed(_: *mut FDBFuture, waiting: *mut c_void) {
        // SAFETY: the box given below, once.
        let waiting = unsafe { Box::from_raw(waiting.cast::<Waiting>()) };
        let mut network = network();
        let held_back = network.shown(waiting.future).held;
        match &mut network.held {
            Some(held) if held_back => held.callbacks.push(*waiting),
            _ => network.queue.push_back(*waiting),
        }
        CHANGED.notify_all();
    }
    let waiting = Box::into_raw(Box::new(Waiting { future, callback, parameter }));
    // SAFETY: the caller's promise.
    unsafe { foundationdb_sys::fdb_future_set_callback(future.inner(), Some(completed), waiting.cast()) }
}

/// See [`foundationdb_sys::fdb_future_is_ready`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdb_future_is_ready(f: *mut FDBFuture) -> fdb_bool_t {
    let mut network = network();
    let shown = network.shown(f);
    if shown.ready || !std::mem::replace(&mut shown.looked, true) || std::mem::replace(&mut shown.asked, true) {
        return shown.ready.into();
    }
    shown.users += 1;
    drop(network);
    // SAFETY: the caller gives a live future; the callback was counted.
    unsafe { wait(f, None, std::ptr::null_mut()) };
    0
}

/// See [`foundationdb_sys::fdb_future_set_callback`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdb_future_set_callback(
    f: *mut FDBFuture,
    callback: FDBCallback,
    callback_parameter: *mut c_void,
) -> fdb_error_t {
    let mut network = network();
    let shown = network.shown(f);
    if !shown.ready {
        shown.users += 1;
        shown.asked = true;
        drop(network);
        // SAFETY: the caller gives a live future; the callback was counted.
        return unsafe { wait(f, callback, callback_parameter) };
    }
    drop(network);
    if let Some(callback) = callback {
        // SAFETY: the caller gave it for this use.
        unsafe { callback(f, callback_parameter) };
    }
    0
}

/// See [`foundationdb_sys::fdb_future_block_until_ready`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdb_future_block_until_ready(f: *mut FDBFuture) -> fdb_error_t {
    // SAFETY: the caller keeps the contract, which is the same.
    let code = unsafe { foundationdb_sys::fdb_future_block_until_ready(f.inner()) };
    network().shown(f).ready = true;
    code
}

/// See [`foundationdb_sys::fdb_future_destroy`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdb_future_destroy(f: *mut FDBFuture) {
    let mut network = network();
    let shown = network.shown(f);
    shown.destroyed = true;
    shown.users += 1;
    drop(network);
    // SAFETY: the future lives as long as it has users. Its callbacks run now, if they have not.
    unsafe {
        foundationdb_sys::fdb_future_cancel(f.inner());
        used(f);
    }
}

/// Takes a user of a future away, and destroys the future if it was the last one and it was to be destroyed.
///
/// # Safety
/// The future's entry counts the user.
unsafe fn used(future: *mut FDBFuture) {
    let mut network = network();
    let shown = network.shown(future);
    shown.users -= 1;
    if shown.users > 0 || !shown.destroyed {
        return;
    }
    network.futures.remove(&future.addr());
    drop(network);
    // SAFETY: the caller of `fdb_future_destroy` has given it up, and nobody here uses it.
    unsafe { foundationdb_sys::fdb_future_destroy(future.inner()) };
}

/// See [`foundationdb_sys::fdb_run_network`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdb_run_network() -> fdb_error_t {
    let mut state = network();
    while !state.stopped {
        let Some(Waiting { future, callback, parameter }) = state.queue.pop_front() else {
            state = CHANGED.wait(state).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        state.shown(future).ready = true;
        state.calling = true;
        drop(state);
        if let Some(callback) = callback {
            // SAFETY: the caller gave it for this use, and the future lives: its entry counts this callback.
            unsafe { callback(future, parameter) };
        }
        // SAFETY: this callback was counted.
        unsafe { used(future) };
        state = network();
        state.calling = false;
        AT_REST.notify_all();
    }
    AT_REST.notify_all();
    let hooks = std::mem::take(&mut state.hooks);
    drop(state);
    for Hook(hook, parameter) in hooks {
        if let Some(hook) = hook {
            // SAFETY: the caller gave it for this use.
            unsafe { hook(parameter) };
        }
    }
    0
}

/// See [`foundationdb_sys::fdb_stop_network`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdb_stop_network() -> fdb_error_t {
    network().stopped = true;
    CHANGED.notify_all();
    0
}

/// See [`foundationdb_sys::fdb_add_network_thread_completion_hook`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdb_add_network_thread_completion_hook(
    hook: FDBHook,
    hook_parameter: *mut c_void,
) -> fdb_error_t {
    network().hooks.push(Hook(hook, hook_parameter));
    0
}
