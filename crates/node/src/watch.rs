//! Watches.

use crate::call::{Call, Export, Room};
use crate::failure::Result;
use crate::handle::{Handle, Held};
use crate::js::Value;
use crate::transaction::Slot;
use found::client::WatchCancel;

impl Held for WatchCancel {}

/// What this module gives the facade.
pub const EXPORTS: &[Export] =
    &[Export { name: c"watch", run: watch }, Export { name: c"cancelWatch", run: cancel_watch }];

/// `watch(tx, key)`: an array of the handle that cancels it and of what settles when the key has changed.
fn watch<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let mut room = Room::new();
    let key = call.bytes(1, "key", &mut room)?;
    let watch = Slot::argument(call)?.with(|tx| Ok(tx.watch(key)?))?;
    let js = call.js();
    let cancel = Handle::make(js, watch.canceller())?;
    let changed = call.environment().executor.run(call, watch)?;
    let pair = js.array(2)?;
    js.set_element(pair, 0, cancel)?;
    js.set_element(pair, 1, changed)?;
    Ok(pair)
}

/// `cancelWatch(handle)`
fn cancel_watch<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    call.handle::<WatchCancel>(0, "watch")?.cancel();
    call.js().undefined()
}
