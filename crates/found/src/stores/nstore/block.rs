//! Bindings, many at a time, as packed bytes.

use crate::tuple::{Element, unpack};
use crate::{Error, Result};

const FALSE: u8 = 0x26;
const TRUE: u8 = 0x27;

/// Rows of packed items, all of one width. What a slot holds is up to who made the block: for a query the variables in
/// the order of their first occurrence, and after those of each pattern its value if values were asked for.
///
/// The bytes of all rows one after the other are one packed tuple of `len * width` items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    width: usize,
    len: usize,
    bytes: Vec<u8>,
    /// Where each item ends.
    ends: Vec<u32>,
}

impl Block {
    /// No rows.
    pub fn new(width: usize) -> Block {
        Block { width, ..Block::default() }
    }

    /// One row without items: what a query begins with.
    pub fn unit() -> Block {
        Block { len: 1, ..Block::default() }
    }

    /// The rows of a packed tuple of `len * width` items.
    pub fn from_packed(width: usize, len: usize, bytes: &[u8]) -> Result<Block> {
        let mut block = Block { width, len, bytes: bytes.to_vec(), ends: Vec::with_capacity(width * len) };
        let mut at = 0;
        while at < bytes.len() {
            at = super::items::item_end(bytes, at)?;
            block.ends.push(at as u32);
        }
        if block.ends.len() != width * len {
            let message = format!("expected {len} rows of {width} items, got {} items", block.ends.len());
            return Err(Error::argument("rows", message));
        }
        Ok(block)
    }

    /// How many items a row has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The packed items of all rows.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The rows.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        (0..self.len).map(|row| self.row(row))
    }

    /// The row at `index`, which must be less than [`len`](Self::len).
    pub(crate) fn row(&self, index: usize) -> Row<'_> {
        let first = index * self.width;
        Row { bytes: &self.bytes, start: self.end_before(first), ends: &self.ends[first..first + self.width] }
    }

    fn end_before(&self, item: usize) -> u32 {
        if item == 0 { 0 } else { self.ends[item - 1] }
    }

    /// Begins a row with the first `count` items of another; the rest follow by [`push`](Self::push).
    pub(super) fn begin_row(&mut self, row: &Row<'_>, count: usize) {
        let ends = &row.ends[..count];
        let from = self.bytes.len() as u32;
        if let Some(&end) = ends.last() {
            self.bytes.extend_from_slice(&row.bytes[row.start as usize..end as usize]);
            self.ends.extend(ends.iter().map(|end| end - row.start + from));
        }
        self.len += 1;
    }

    pub(super) fn push(&mut self, item: &[u8]) {
        self.bytes.extend_from_slice(item);
        self.ends.push(self.bytes.len() as u32);
    }

    /// Turns the last item of each row, which must be a truth value, into the other one.
    pub(crate) fn negate_last(&mut self) {
        for row in self.ends.chunks_exact(self.width.max(1)) {
            if let Some(code) = row.last().and_then(|&end| self.bytes.get_mut((end as usize).wrapping_sub(1))) {
                *code ^= FALSE ^ TRUE;
            }
        }
    }

    /// Pushes bytes as a packed byte string.
    pub(super) fn push_bytes(&mut self, value: &[u8]) {
        self.bytes.push(0x01);
        for part in value.split_inclusive(|&byte| byte == 0) {
            self.bytes.extend_from_slice(part);
            if part.ends_with(&[0]) {
                self.bytes.push(0xff);
            }
        }
        self.bytes.push(0);
        self.ends.push(self.bytes.len() as u32);
    }
}

/// One row of a block.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    bytes: &'a [u8],
    start: u32,
    ends: &'a [u32],
}

impl<'a> Row<'a> {
    /// The packed item of a slot.
    pub fn get(&self, slot: usize) -> &'a [u8] {
        let start = if slot == 0 { self.start } else { self.ends[slot - 1] };
        &self.bytes[start as usize..self.ends[slot] as usize]
    }

    /// The items.
    pub fn elements(&self) -> Result<Vec<Element>> {
        let end = self.ends.last().copied().unwrap_or(self.start);
        Ok(unpack(&self.bytes[self.start as usize..end as usize])?)
    }
}
