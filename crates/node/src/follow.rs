//! Following the values of a key.

use crate::call::{Call, Export, Room};
use crate::failure::{Failure, Result};
use crate::handle::{Handle, Held};
use crate::js::Value;
use crate::reply::Bytes;
use found::client::{Database, WatchLoop};
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

/// A watch loop: between values, waiting for one, or ended.
enum State {
    Idle(WatchLoop),
    Waiting(Option<Waker>),
    Ended,
}

type Follow = Rc<RefCell<State>>;

impl Held for Follow {}

/// What this module gives the facade.
pub const EXPORTS: &[Export] = &[
    Export { name: c"follow", run: follow },
    Export { name: c"followNext", run: next },
    Export { name: c"endFollow", run: end },
];

/// `follow(db, key)`
fn follow<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let database = call.handle::<Database>(0, "db")?;
    let mut room = Room::new();
    let key = call.bytes(1, "key", &mut room)?;
    Handle::make(call.js(), Rc::new(RefCell::new(State::Idle(database.watch_loop(key)))))
}

/// `followNext(follow)`: the key's value, at first and whenever it differs; undefined for an absent key. 1101 if it
/// is ended meanwhile.
fn next<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let state = call.handle::<Follow>(0, "follow")?.clone();
    let mut follow = match state.replace(State::Waiting(None)) {
        State::Idle(follow) => follow,
        other => {
            *state.borrow_mut() = other;
            return Err(Failure::Found(found::Error::fdb(OPERATION_CANCELLED)));
        }
    };
    let mut next = Box::pin(async move {
        let value = follow.next().await;
        (follow, value)
    });
    let until_ended = poll_fn(move |context| {
        if let State::Waiting(waker) = &mut *state.borrow_mut() {
            *waker = Some(context.waker().clone());
        } else {
            return Poll::Ready(Err(found::Error::fdb(OPERATION_CANCELLED)));
        }
        let Poll::Ready((follow, value)) = next.as_mut().poll(context) else { return Poll::Pending };
        *state.borrow_mut() = State::Idle(follow);
        Poll::Ready(value)
    });
    call.environment().executor.run_mapped(call, until_ended, |value| value.map(Bytes))
}

const OPERATION_CANCELLED: i32 = 1101;

/// `endFollow(follow)`: gives its watch up.
fn end<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let left = call.handle::<Follow>(0, "follow")?.replace(State::Ended);
    if let State::Waiting(Some(waker)) = left {
        waker.wake();
    }
    call.js().undefined()
}
