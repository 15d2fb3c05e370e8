//! Ranges: one crossing for each page, whatever its number of rows.
//!
//! A page crosses in one piece of memory, made of 32-bit little-endian numbers and then all bytes:
//!
//! ```text
//!   +------+------+-----------+-------------+-----------+-------------+-----+-------------------------+
//!   | rows | next | key bytes | value bytes | key bytes | value bytes | ... | key value key value ... |
//!   +------+------+-----------+-------------+-----------+-------------+-----+-------------------------+
//! ```
//!
//! `next` is the number to ask for the next page with; 0 if no row follows. Ranges live in their transaction's slot
//! and end with it.

use crate::call::{Call, Export};
use crate::failure::{Failure, Result};
use crate::js::{Js, Kind, Value};
use crate::promise::Reply;
use crate::transaction::{Slot, selector};
use found::client::{KeySelector, Page, Range, RangeOptions, StreamingMode};

/// What this module gives the facade.
pub const EXPORTS: &[Export] = &[
    Export { name: c"range", run: range },
    Export { name: c"nextPage", run: next_page },
    Export { name: c"endRange", run: end_range },
];

/// `range(tx, key, orEqual, offset, other, orEqual, offset, reverse?, limit, mode, targetBytes, snapshot)`: the first
/// page.
fn range<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let key = selector(call, 1, "key")?;
    let other = selector(call, 4, "other")?;
    let reverse = match call.js().kind(call.value(7))? {
        Kind::Undefined => None,
        _ => Some(call.boolean(7, "reverse")?),
    };
    let (begin, end, reverse) = KeySelector::between(key, other, reverse);
    let options = RangeOptions {
        limit: call.integer(8, "limit", 0, i32::MAX.into())? as usize,
        mode: mode(call.integer(9, "mode", -2, 4)?),
        target_bytes: call.integer(10, "targetBytes", 0, i32::MAX.into())? as usize,
        snapshot: call.boolean(11, "snapshot")?,
        reverse,
    };
    let range = Slot::argument(call)?.with(|tx| Ok(tx.range(begin, end, options)))?;
    read(call, range)
}

/// `nextPage(tx, next)`: the page that an earlier one has announced.
fn next_page<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let number = call.integer(1, "next", 1, u32::MAX.into())? as usize;
    let range = Slot::argument(call)?.ranges.take(number);
    let range = range.ok_or_else(|| Failure::Range("next: no range of that number is being read".to_owned()))?;
    read(call, range)
}

/// `endRange(tx, next)`: no more pages are wanted.
fn end_range<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let number = call.integer(1, "next", 1, u32::MAX.into())? as usize;
    drop(Slot::argument(call)?.ranges.take(number));
    call.js().undefined()
}

/// A streaming mode by its number in the C API.
pub fn mode(code: i64) -> StreamingMode {
    match code {
        -2 => StreamingMode::WantAll,
        0 => StreamingMode::Exact,
        1 => StreamingMode::Small,
        2 => StreamingMode::Medium,
        3 => StreamingMode::Large,
        4 => StreamingMode::Serial,
        _ => StreamingMode::Iterator,
    }
}

/// Reads the page where `range` stands. Until it has come the range is in nobody's reach, so that two pages of one
/// range cannot be asked for at a time.
fn read<'call>(call: &Call<'call>, mut range: Range) -> Result<Value<'call>> {
    let slot = Slot::argument(call)?;
    let reading = range.read();
    call.environment().executor.run_mapped(call, reading, move |page| {
        range.advance(&page);
        let next = if range.is_done() { 0 } else { slot.keep(&slot.ranges, range) };
        Rows { page, next }
    })
}

/// A page on its way to JavaScript.
pub struct Rows {
    /// The page.
    pub page: Page,
    /// The number of the range it leaves.
    pub next: usize,
}

impl Rows {
    fn head(&self) -> usize {
        4 * (2 + 2 * self.page.len())
    }

    fn size(&self) -> usize {
        self.head() + self.page.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>()
    }

    /// Fills `room`, which has the size of the page.
    fn write(&self, room: &mut [u8]) {
        let (head, mut rest) = room.split_at_mut(self.head());
        let mut numbers = head.chunks_exact_mut(4);
        let mut put = |number: usize| {
            if let Some(place) = numbers.next() {
                place.copy_from_slice(&(number as u32).to_le_bytes());
            }
        };
        put(self.page.len());
        put(self.next);
        for (key, value) in self.page.iter() {
            for bytes in [key, value] {
                put(bytes.len());
                let (place, after) = std::mem::take(&mut rest).split_at_mut(bytes.len());
                place.copy_from_slice(bytes);
                rest = after;
            }
        }
    }
}

impl Reply for Rows {
    fn now<'call>(self, call: &Call<'call>) -> Result<Value<'call>> {
        let size = self.size();
        if call.environment().scratch.write(size, |room| self.write(room)) {
            return call.js().integer(size as i32);
        }
        self.later(call.js())
    }

    fn later<'call>(self, js: Js) -> Result<Value<'call>> {
        js.buffer_with(self.size(), |room| self.write(room))
    }
}
