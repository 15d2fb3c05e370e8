//! Packed items, found in packed tuples without unpacking them.

use super::store::COLUMNS_MAX;
use crate::tuple::{Event, MAX_DEPTH, Reader, TupleError};
use crate::{Error, Result};

/// The items of a packed tuple of at most [`COLUMNS_MAX`], as slices of it.
pub(crate) struct Items<'a> {
    bytes: &'a [u8],
    ends: [usize; COLUMNS_MAX],
    count: usize,
    /// Where the 10 bytes of an incomplete versionstamp are.
    stamp: Option<usize>,
}

impl<'a> Items<'a> {
    /// Finds the items of `packed`, which must be `count`.
    pub(crate) fn split(packed: &'a [u8], count: usize) -> Result<Items<'a>> {
        let mut items = Items { bytes: packed, ends: [0; COLUMNS_MAX], count, stamp: None };
        let mut at = 0;
        let mut found = 0;
        while at < packed.len() {
            let end = item_end(packed, at)?;
            if found < count {
                items.ends[found] = end;
                items.note_stamps(at, end)?;
            }
            found += 1;
            at = end;
        }
        if found != count {
            return Err(Error::argument("items", format!("expected {count} items, got {found}")));
        }
        Ok(items)
    }

    fn note_stamps(&mut self, from: usize, to: usize) -> Result<()> {
        let item = &self.bytes[from..to];
        if !matches!(item[0], NESTED | VERSIONSTAMP) {
            return Ok(());
        }
        let mut reader = Reader::new(item);
        while let Some(event) = reader.next() {
            if let Event::Versionstamp(stamp) = event?
                && !stamp.is_complete()
            {
                let at = from + reader.position() - 12;
                if self.stamp.replace(at).is_some() {
                    return Err(TupleError::MultipleIncompleteVersionstamps.into());
                }
            }
        }
        Ok(())
    }

    /// The packed item at `index`.
    pub(crate) fn get(&self, index: usize) -> &'a [u8] {
        &self.bytes[self.start(index)..self.ends[index]]
    }

    fn start(&self, index: usize) -> usize {
        if index == 0 { 0 } else { self.ends[index - 1] }
    }

    /// The bytes of all.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The item with the incomplete versionstamp, and where in it the stamp is.
    pub(crate) fn stamp(&self) -> Option<(usize, usize)> {
        let at = self.stamp?;
        let index = (0..self.count).find(|&index| at < self.ends[index])?;
        Some((index, at - self.start(index)))
    }

    /// The longest item: its index and its size.
    pub(super) fn longest(&self) -> (usize, usize) {
        let sizes = (0..self.count).map(|index| (index, self.get(index).len()));
        sizes.max_by_key(|&(_, size)| size).unwrap_or_default()
    }
}

const BYTES: u8 = 0x01;
const TEXT: u8 = 0x02;
const NESTED: u8 = 0x05;
const VERSIONSTAMP: u8 = 0x33;

/// Where the item ends that begins at `start`. What is in it is not looked at more than that takes.
pub(crate) fn item_end(bytes: &[u8], start: usize) -> Result<usize, TupleError> {
    let mut at = start;
    let mut depth = 0usize;
    loop {
        let code = *bytes.get(at).ok_or(TupleError::Truncated { offset: start })?;
        at += 1;
        match code {
            0x00 if depth == 0 => {}
            0x00 if bytes.get(at) == Some(&0xff) => at += 1,
            0x00 => depth -= 1,
            BYTES | TEXT => at = text_end(bytes, at).ok_or(TupleError::Truncated { offset: start })?,
            NESTED if depth == MAX_DEPTH => return Err(TupleError::TooDeep),
            NESTED => depth += 1,
            0x0c..=0x1c => at += usize::from(code.abs_diff(0x14)),
            0x0b => at += 1 + usize::from(!*bytes.get(at).ok_or(TupleError::Truncated { offset: start })?),
            0x1d => at += 1 + usize::from(*bytes.get(at).ok_or(TupleError::Truncated { offset: start })?),
            0x20 => at += 4,
            0x21 => at += 8,
            0x26 | 0x27 => {}
            0x30 => at += 16,
            VERSIONSTAMP => at += 12,
            _ => return Err(TupleError::UnknownCode { code, offset: at - 1 }),
        }
        if at > bytes.len() {
            return Err(TupleError::Truncated { offset: start });
        }
        if depth == 0 {
            return Ok(at);
        }
    }
}

/// Where the first zero is that is not escaped, and one more.
fn text_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes[at..].iter().position(|&byte| byte == 0)? + 1;
        if bytes.get(at) != Some(&0xff) {
            return Some(at);
        }
        at += 1;
    }
}
