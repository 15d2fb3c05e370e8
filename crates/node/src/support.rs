//! What errors are called, keys without a transaction, and what tests look at.

use crate::call::{Call, Export, Room};
use crate::failure::Result;
use crate::handle;
use crate::js::Value;
use crate::promise::Reply;
use crate::reply::Bytes;
use std::ffi::CStr;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// What this module gives the facade.
pub const EXPORTS: &[Export] = &[
    Export { name: c"errorName", run: error_name },
    Export { name: c"errorText", run: error_text },
    Export { name: c"errorPredicates", run: error_predicates },
    Export { name: c"tupleEcho", run: tuple_echo },
    Export { name: c"clientVersion", run: client_version },
    Export { name: c"liveHandles", run: live_handles },
    Export { name: c"waitingOperations", run: waiting_operations },
    Export { name: c"giveUp", run: give_up },
    Export { name: c"panicForTest", run: panic_for_test },
];

fn code(call: &Call<'_>) -> Result<i32> {
    Ok(call.integer(0, "code", i32::MIN.into(), i32::MAX.into())? as i32)
}

/// `errorName(code)`
fn error_name<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    call.js().string(found::name_of_code(code(call)?))
}

/// `errorText(code)`
fn error_text<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    call.js().string(found::text_of_code(code(call)?))
}

/// `errorPredicates(code)`: 1 retryable, 2 maybe committed, 4 retryable and not committed, added up.
fn error_predicates<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let error = found::Error::fdb(code(call)?);
    let bits = [error.is_retryable(), error.is_maybe_committed(), error.is_retryable_not_committed()];
    call.js().integer(bits.iter().enumerate().map(|(index, bit)| i32::from(*bit) << index).sum())
}

/// `tupleEcho(bytes)`: unpacks a tuple and packs it again, so that the facade's own codec can be held against this one.
fn tuple_echo<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let mut room = Room::new();
    let elements = found::tuple::unpack(call.bytes(0, "bytes", &mut room)?).map_err(found::Error::from)?;
    let mut packer = found::tuple::Packer::new();
    packer.elements(&elements).map_err(found::Error::from)?;
    Bytes(packer.as_slice()).now(call)
}

/// `clientVersion()`: release, source id and protocol version of the C API in use, separated by commas.
fn client_version<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    // SAFETY: the function takes nothing and gives a text that is never freed.
    let version = unsafe { CStr::from_ptr(foundationdb_sys::fdb_get_client_version()) };
    call.js().string(&version.to_string_lossy())
}

/// `liveHandles()`: how many handles the process has, of all threads.
fn live_handles<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    call.js().number(handle::live() as f64)
}

/// `waitingOperations()`: how many operations this thread waits for.
fn waiting_operations<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    call.js().number(call.environment().executor.waiting() as f64)
}

/// `giveUp(index, generation)`: nobody waits any more for the operation of that number, which the call that gave the
/// promise has left in the scratch memory. Nothing happens if it has ended.
fn give_up<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let index = call.integer(0, "index", 0, u32::MAX.into())? as usize;
    let generation = call.integer(1, "generation", 0, u32::MAX.into())? as u32;
    call.environment().executor.give_up(call.js(), index, generation)?;
    call.js().undefined()
}

/// `panicForTest(later)`: panics in the call, or in a future that the event loop polls. That a panic becomes an error
/// can be shown only by one.
fn panic_for_test<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    if !call.boolean(0, "later")? {
        deliberate();
    }
    call.environment().executor.run(call, PanicLater { polls: 0 })
}

#[allow(clippy::panic)]
fn deliberate() {
    panic!("asked for by a test");
}

struct PanicLater {
    polls: u32,
}

impl Future for PanicLater {
    type Output = found::Result<()>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.polls += 1;
        // The first two are inside the call.
        if self.polls > 2 {
            deliberate();
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
