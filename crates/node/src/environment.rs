//! What belongs to one JavaScript environment: the main thread's or a worker's.
//!
//! Invariants:
//! - it is made when the module is loaded there and freed by the environment's cleanup hook, when no JavaScript can
//!   run any more; functions and the event loop's channel point to it meanwhile;
//! - the library itself is never unloaded: threads of the engine may still be in it when the last worker ends.

use crate::call::{Binding, Export, enter};
use crate::failure::Result;
use crate::js::{Js, Value, check};
use crate::promise::Executor;
use crate::scratch::Scratch;
#[cfg(unix)]
use found::client::network;
use found::client::settle_closings;
use napi::sys;
use std::cell::Cell;
use std::ffi::c_void;
#[cfg(unix)]
use std::sync::Once;
use std::time::Duration;

/// The state of one environment.
pub struct Environment {
    /// What waits there.
    pub executor: Executor,
    /// Where small answers are written.
    pub scratch: Scratch,
    bindings: Vec<Binding>,
}

impl Environment {
    /// Makes the state of the environment and an object with all `exports`.
    pub fn load<'call>(js: Js, exports: &'static [&'static [Export]]) -> Result<Value<'call>> {
        let object = js.object()?;
        let scratch = Scratch::new(js, object)?;
        let environment =
            Box::into_raw(Box::new(Environment { executor: Executor::new(), scratch, bindings: Vec::new() }));
        let bindings = exports.iter().copied().flatten().map(|export| Binding { export, environment }).collect();
        // SAFETY: the box was made above and nobody else has it yet.
        unsafe { (*environment).bindings = bindings };
        // SAFETY: from here on it is only read, until the cleanup hook frees it.
        let state = unsafe { &*environment };
        for binding in &state.bindings {
            let mut function = std::ptr::null_mut();
            // SAFETY: name and binding live as long as the environment.
            check(unsafe {
                sys::napi_create_function(
                    js.raw(),
                    binding.export.name.as_ptr(),
                    binding.export.name.count_bytes() as isize,
                    Some(enter),
                    std::ptr::from_ref(binding).cast_mut().cast(),
                    &mut function,
                )
            })?;
            // SAFETY: the call succeeded, so `function` was made in the scope that is open now.
            js.set(object, binding.export.name, unsafe { Value::from_raw(function) })?;
        }
        // SAFETY: the executor stays in its box until the hook below has stopped it.
        unsafe { state.executor.start(js)? };
        // SAFETY: the hook gets the box, once. Hooks run in the reverse order of their registration, so this one
        // runs before that of the channel.
        check(unsafe { sys::napi_add_env_cleanup_hook(js.raw(), Some(unload), environment.cast()) })?;
        Ok(object)
    }
}

/// The environment ends.
unsafe extern "C" fn unload(environment: *mut c_void) {
    // SAFETY: this is the box that `load` made; no JavaScript runs any more that could use it.
    let environment = unsafe { Box::from_raw(environment.cast::<Environment>()) };
    environment.executor.stop();
    ENDING.set(true);
    settle_closings_at_end();
}

thread_local! {
    /// Whether the environment of this thread has ended, or is about to.
    static ENDING: Cell<bool> = const { Cell::new(false) };
}

/// How long the end of a thread or process waits for files to be closed: far longer than a flush takes.
pub const CLOSING_PATIENCE: Duration = Duration::from_secs(10);

/// Databases that nobody has closed are closed beside the event loop. Once there is none any more it is waited for, or the
/// process would end in the middle of it.
pub fn settle_closings_at_end() {
    // At the very end of the thread there is no such variable any more.
    if ENDING.try_with(Cell::get).unwrap_or(true) {
        settle_closings(CLOSING_PATIENCE);
    }
}

/// Has FoundationDB's network stopped when the process ends, whichever thread has started it: the client library may
/// crash in its own clean-up while its thread still runs. To be called once a cluster was opened, for then the client
/// library is loaded, and its clean-up comes after what was asked for later.
///
/// The main thread's facade stops it before that, so that it can tell its hooks.
#[cfg(unix)]
pub fn stop_network_at_exit() {
    extern "C" fn stop() {
        let _ = std::panic::catch_unwind(|| network::stop(network::STOP_TIMEOUT));
    }
    static ASKED: Once = Once::new();
    if network::is_running() {
        ASKED.call_once(|| {
            // SAFETY: the function stays in memory, as the library is never unloaded, and does not unwind.
            unsafe { libc::atexit(stop) };
        });
    }
}

/// There is no client library for Windows that would need it.
#[cfg(not(unix))]
pub fn stop_network_at_exit() {}

/// Keeps this library in memory until the process ends.
#[cfg(unix)]
pub fn pin_library() {
    // SAFETY: an all-zero Dl_info is valid; dladdr fills it from the address of a function of this library, and the
    // name it gives is that of a library that is loaded.
    unsafe {
        let mut info: libc::Dl_info = std::mem::zeroed();
        if libc::dladdr(pin_library as *const c_void, &mut info) != 0 && !info.dli_fname.is_null() {
            libc::dlopen(info.dli_fname, libc::RTLD_NOW | libc::RTLD_NODELETE);
        }
    }
}

/// Keeps this library in memory until the process ends.
#[cfg(windows)]
pub fn pin_library() {
    const PIN_FROM_ADDRESS: u32 = 0x1 | 0x4;
    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetModuleHandleExW(flags: u32, name: *const u16, module: *mut *mut c_void) -> i32;
    }
    let mut module = std::ptr::null_mut();
    // SAFETY: with these flags the name is an address inside the module to pin.
    unsafe { GetModuleHandleExW(PIN_FROM_ADDRESS, pin_library as *const u16, &mut module) };
}
