//! A piece of JavaScript's memory into which small answers are written.
//!
//! Making a Buffer through Node-API costs more than reading a key. So an answer that is there at once is written
//! here, its length is returned as a number, and the facade copies it into a Buffer of Node's own pool.
//!
//! Invariants: the Buffer is the facade's secret and is never transferred, so its memory stays; what is written is
//! copied out before the next call.

use crate::failure::Result;
use crate::js::{Js, Reference, Value, check};
use napi::sys;
use std::cell::Cell;
use std::ptr;

/// A value of the largest size that FoundationDB allows fits, and a page of a range.
const SIZE: usize = 128 * 1024;

/// The scratch memory of one environment.
pub struct Scratch {
    data: *mut u8,
    busy: Cell<bool>,
    /// Keeps the Buffer.
    _buffer: Reference,
}

impl Scratch {
    /// Makes the Buffer and shows it to the facade as `scratch`.
    pub fn new(js: Js, exports: Value<'_>) -> Result<Scratch> {
        let mut data = ptr::null_mut();
        let mut raw = ptr::null_mut();
        // SAFETY: environment and results are live.
        check(unsafe { sys::napi_create_buffer(js.raw(), SIZE, &mut data, &mut raw) })?;
        // SAFETY: the call succeeded, so `raw` was made in the scope that is open now.
        let buffer = unsafe { Value::from_raw(raw) };
        js.set(exports, c"scratch", buffer)?;
        Ok(Scratch { data: data.cast(), busy: Cell::new(false), _buffer: Reference::new(js, buffer)? })
    }

    /// Lets `write` fill the first `length` bytes; false, and nothing is done, if there is no room for them.
    pub fn write(&self, length: usize, write: impl FnOnce(&mut [u8])) -> bool {
        if length > SIZE || self.busy.replace(true) {
            return false;
        }
        // SAFETY: the memory is live and `SIZE` long; `busy` keeps a second reference from being made.
        write(unsafe { std::slice::from_raw_parts_mut(self.data, length) });
        self.busy.set(false);
        true
    }
}
