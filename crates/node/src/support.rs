//! What errors are called, keys without a transaction, and what tests look at.

use crate::call::{Call, Export, Room};
use crate::failure::{Failure, Result};
use crate::handle::{self, Handle, Held};
use crate::js::{Js, Value};
use crate::promise::Reply;
use crate::reply::Bytes;
use std::ffi::CStr;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::time::Duration;

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
    Export { name: c"wakeForTest", run: wake_for_test },
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

/// `panicForTest(place)`: panics there, and is done otherwise. That a panic becomes an error can be shown only by one.
fn panic_for_test<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let place = call.text(0, "place")?;
    let place = *PLACES
        .iter()
        .find_map(|(name, at)| (*name == place).then_some(at))
        .ok_or_else(|| Failure::Range("place: there is no such place".to_owned()))?;
    match place {
        Place::Call => deliberate(),
        Place::Handle => return Handle::make(call.js(), Fragile),
        _ => {}
    }
    call.environment().executor.run(call, Panics { place, polls: 0 })
}

/// Where a panic can be: in the call, in a poll within it or later, in making the reply in it or later, in dropping a
/// future that is done or that the end of the environment has left, in freeing a handle.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Call,
    FirstPoll,
    LaterPoll,
    Reply,
    LaterReply,
    Drop,
    End,
    Handle,
}

const PLACES: [(&str, Place); 8] = [
    ("call", Place::Call),
    ("first poll", Place::FirstPoll),
    ("later poll", Place::LaterPoll),
    ("reply", Place::Reply),
    ("later reply", Place::LaterReply),
    ("drop", Place::Drop),
    ("end", Place::End),
    ("handle", Place::Handle),
];

/// Without the panic hook, which would print it.
fn deliberate() -> ! {
    std::panic::resume_unwind(Box::new("asked for by a test"))
}

struct Fragile;

impl Held for Fragile {}

impl Drop for Fragile {
    fn drop(&mut self) {
        deliberate();
    }
}

struct Panics {
    place: Place,
    polls: u32,
}

impl Future for Panics {
    type Output = found::Result<Unmade>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.polls += 1;
        // The first two are inside the call.
        let later = self.polls > 2;
        match self.place {
            Place::FirstPoll => deliberate(),
            Place::LaterPoll if later => deliberate(),
            Place::End => return Poll::Pending,
            Place::Reply => return Poll::Ready(Ok(Unmade(self.place))),
            _ if later => return Poll::Ready(Ok(Unmade(self.place))),
            _ => context.waker().wake_by_ref(),
        }
        Poll::Pending
    }
}

impl Drop for Panics {
    fn drop(&mut self) {
        if matches!(self.place, Place::Drop | Place::End) {
            deliberate();
        }
    }
}

struct Unmade(Place);

impl Reply for Unmade {
    fn now<'call>(self, call: &Call<'call>) -> Result<Value<'call>> {
        self.later(call.js())
    }

    fn later<'call>(self, js: Js) -> Result<Value<'call>> {
        if matches!(self.0, Place::Reply | Place::LaterReply) {
            deliberate();
        }
        js.undefined()
    }
}

/// `wakeForTest()`: begins an operation that never ends, and a thread that goes on waking it for a while, the end of the
/// environment or not. That late wake-ups are dropped can be shown only by some.
fn wake_for_test<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    call.environment().executor.run(call, Woken { thread: None })
}

struct Woken {
    thread: Option<JoinHandle<()>>,
}

impl Future for Woken {
    type Output = found::Result<()>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let waker = context.waker().clone();
        self.thread.get_or_insert_with(|| {
            std::thread::spawn(move || {
                for _ in 0..300 {
                    waker.wake_by_ref();
                    std::thread::sleep(Duration::from_millis(1));
                }
            })
        });
        Poll::Pending
    }
}
