//! Handles: what JavaScript holds for a database, a transaction, a cursor, a watch.
//!
//! A handle is an external value that owns one Rust value. The facade keeps it in a private field, so programs
//! never see one; a kind in its head makes a mix-up of the facade an error and not a crash. Garbage collection frees
//! the memory, and never decides what is durable.

use crate::environment::settle_closings_at_end;
use crate::failure::{Failure, Result};
use crate::js::{Js, Value, check};
use napi::sys;
use std::any::TypeId;
use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{AtomicI64, Ordering};

/// What a handle can hold.
pub trait Held: 'static {}

/// How many handles live in this process.
static LIVE: AtomicI64 = AtomicI64::new(0);

/// How many handles live in this process, of all environments.
pub fn live() -> i64 {
    LIVE.load(Ordering::Relaxed)
}

/// The memory of a handle.
#[repr(C)]
pub struct Handle<T> {
    head: Head,
    value: T,
}

#[repr(C)]
struct Head {
    magic: u64,
    kind: TypeId,
}

/// Tells our externals from another module's.
const MAGIC: u64 = 0x666f_756e_642d_6462;

impl<T: Held> Handle<T> {
    /// A new external value that owns `value`.
    pub fn make<'call>(js: Js, value: T) -> Result<Value<'call>> {
        let head = Head { magic: MAGIC, kind: TypeId::of::<T>() };
        let data = Box::into_raw(Box::new(Handle { head, value }));
        let mut raw = ptr::null_mut();
        // SAFETY: the box is given up to the external; `free` takes it back, once.
        let status =
            unsafe { sys::napi_create_external(js.raw(), data.cast(), Some(free::<T>), ptr::null_mut(), &mut raw) };
        if status != sys::Status::napi_ok {
            // SAFETY: no external was made, so the box is still ours.
            drop(unsafe { Box::from_raw(data) });
            return Err(Failure::Status(status));
        }
        LIVE.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the call succeeded, so `raw` was made in the scope that is open now.
        Ok(unsafe { Value::from_raw(raw) })
    }

    /// What the handle holds, for as long as the argument lives, which is the running call.
    pub fn get<'call>(js: Js, value: Value<'call>, name: &str) -> Result<&'call T> {
        let wrong = || Failure::Type(format!("{name}: not a handle of this kind"));
        let mut data: *mut c_void = ptr::null_mut();
        // SAFETY: value and result are live.
        let status = unsafe { sys::napi_get_value_external(js.raw(), value.raw(), &mut data) };
        if status == sys::Status::napi_invalid_arg {
            return Err(wrong());
        }
        check(status)?;
        if data.is_null() || !data.cast::<Head>().is_aligned() {
            return Err(wrong());
        }
        // SAFETY: the facade gives only externals made by `make`; their memory begins with a head.
        let head = unsafe { &*data.cast::<Head>() };
        if head.magic != MAGIC || head.kind != TypeId::of::<T>() {
            return Err(wrong());
        }
        // SAFETY: the kind matches, and the argument keeps the external alive during the call.
        Ok(&unsafe { &*data.cast::<Handle<T>>() }.value)
    }
}

/// Frees a handle whose external was collected or whose environment ends.
unsafe extern "C" fn free<T>(_env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    LIVE.fetch_sub(1, Ordering::Relaxed);
    // SAFETY: Node-API calls this once for the box that `make` gave up.
    let handle = unsafe { Box::from_raw(data.cast::<Handle<T>>()) };
    // A panic in a destructor must not unwind into the collector.
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(handle)));
    settle_closings_at_end();
}
