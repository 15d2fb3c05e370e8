//! Counts of what crosses between JavaScript and here. On a cluster they are the cost that is ours: the rest is the
//! network's. Benchmarks and tests look at them.

use crate::call::{Call, Export};
use crate::failure::Result;
use crate::js::Value;
use std::cell::Cell;

/// What this module gives the facade.
pub const EXPORTS: &[Export] = &[Export { name: c"traffic", run: traffic }];

/// The counts of one environment since it was loaded; only its own thread counts here. Wake-ups, which come from other
/// threads, are counted where they are sent.
#[derive(Default)]
pub struct Traffic {
    /// Calls of JavaScript into this module.
    pub calls: Count,
    /// Turns of the executor.
    pub turns: Count,
    /// Promises settled by turns.
    pub settled: Count,
}

/// A number that only grows.
#[derive(Default)]
pub struct Count(Cell<u64>);

impl Count {
    /// One more.
    pub fn add(&self) {
        self.0.set(self.0.get() + 1);
    }

    /// How many there were.
    pub fn get(&self) -> u64 {
        self.0.get()
    }
}

/// `traffic()`: calls, wake-ups of the event loop, turns and settled promises of this thread since the module was
/// loaded in it. This call is one of them.
fn traffic<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let js = call.js();
    let executor = &call.environment().executor;
    let Traffic { calls, turns, settled } = &executor.traffic;
    let counts = [calls.get(), executor.wake_ups(), turns.get(), settled.get()];
    let array = js.array(counts.len())?;
    for (index, count) in counts.into_iter().enumerate() {
        js.set_element(array, index as u32, js.number(count as f64)?)?;
    }
    Ok(array)
}
