//! Following the values of a key.

use crate::call::{Call, Export, Room};
use crate::failure::{Failure, Result};
use crate::handle::{Handle, Held};
use crate::js::Value;
use crate::reply::Bytes;
use crate::steps::Steps;
use found::client::{Database, WatchLoop};

impl Held for Steps<WatchLoop> {}

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
    Handle::make(call.js(), Steps::new(database.watch_loop(key)))
}

/// `followNext(follow)`: the key's value, at first and whenever it differs; undefined for an absent key. 1101 if it
/// is ended meanwhile.
fn next<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let next = call.handle::<Steps<WatchLoop>>(0, "follow")?.step(async |follow| follow.next().await);
    match next {
        Some(next) => call.environment().executor.run_mapped(call, next, |value| value.map(Bytes)),
        None => Err(Failure::Found(found::Error::fdb(OPERATION_CANCELLED))),
    }
}

const OPERATION_CANCELLED: i32 = 1101;

/// `endFollow(follow)`: gives its watch up.
fn end<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    call.handle::<Steps<WatchLoop>>(0, "follow")?.end();
    call.js().undefined()
}
