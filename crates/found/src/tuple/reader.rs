//! Reading packed tuples, item by item, without making elements.
//!
//! - Bytes may come from anywhere: whatever they are, reading gives items or an error that says where, never more.
//! - Nothing is copied but strings that hold a zero byte and integers beyond 64 bits.
//! - Nesting costs no stack.

use super::{MAX_DEPTH, TupleError, Versionstamp, codes};
use num_bigint::{BigInt, Sign};
use std::borrow::Cow;
use uuid::Uuid;

/// What stands next in a packed tuple: an item, or the beginning or end of a nested tuple.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'a> {
    /// Null.
    Null,
    /// A byte string.
    Bytes(Cow<'a, [u8]>),
    /// Text.
    String(Cow<'a, str>),
    /// An integer that fits.
    Int(i64),
    /// An integer that does not.
    BigInt(BigInt),
    /// A float of 32 bits.
    Float(f32),
    /// A float of 64 bits.
    Double(f64),
    /// A truth value.
    Bool(bool),
    /// A UUID.
    Uuid(Uuid),
    /// A versionstamp.
    Versionstamp(Versionstamp),
    /// A nested tuple begins; its items follow.
    BeginTuple,
    /// The nested tuple begun last ends.
    EndTuple,
}

/// Goes through a packed tuple. After an error it gives nothing more.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
    depth: usize,
    /// Where the outermost nested tuple that is open begins.
    outermost: usize,
}

impl<'a> Reader<'a> {
    /// At the beginning of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes, position: 0, depth: 0, outermost: 0 }
    }

    /// How many bytes were read.
    pub fn position(&self) -> usize {
        self.position
    }

    /// How many nested tuples are open.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The packed bytes of the next whole item, nested ones included; nothing at the end. Only between the items of
    /// the outermost tuple.
    pub fn raw(&mut self) -> Option<Result<&'a [u8], TupleError>> {
        let start = self.position;
        loop {
            if let Err(error) = self.next()? {
                return Some(Err(error));
            }
            if self.depth == 0 {
                return Some(Ok(&self.bytes[start..self.position]));
            }
        }
    }

    fn event(&mut self) -> Result<Event<'a>, TupleError> {
        let offset = self.position;
        let code = self.bytes[offset];
        self.position += 1;
        Ok(match code {
            codes::NULL if self.depth == 0 => Event::Null,
            codes::NULL if self.bytes.get(self.position) == Some(&codes::ESCAPE) => {
                self.position += 1;
                Event::Null
            }
            codes::NULL => {
                self.depth -= 1;
                Event::EndTuple
            }
            codes::BYTES => Event::Bytes(self.escaped(offset)?),
            codes::STRING => Event::String(utf8(self.escaped(offset)?).ok_or(TupleError::InvalidUtf8 { offset })?),
            codes::TUPLE => {
                if self.depth == MAX_DEPTH {
                    return Err(TupleError::TooDeep);
                }
                if self.depth == 0 {
                    self.outermost = offset;
                }
                self.depth += 1;
                Event::BeginTuple
            }
            codes::NEGATIVE_8..codes::ZERO => self.integer(offset, true, usize::from(codes::ZERO - code))?,
            codes::ZERO..=codes::POSITIVE_8 => self.integer(offset, false, usize::from(code - codes::ZERO))?,
            codes::NEGATIVE => {
                let length = !self.take::<1>(offset)?[0];
                self.integer(offset, true, usize::from(length))?
            }
            codes::POSITIVE => {
                let length = self.take::<1>(offset)?[0];
                self.integer(offset, false, usize::from(length))?
            }
            codes::FLOAT => {
                let bits = u32::from_be_bytes(self.take(offset)?);
                Event::Float(f32::from_bits(if bits >> 31 == 0 { !bits } else { bits ^ (1 << 31) }))
            }
            codes::DOUBLE => {
                let bits = u64::from_be_bytes(self.take(offset)?);
                Event::Double(f64::from_bits(if bits >> 63 == 0 { !bits } else { bits ^ (1 << 63) }))
            }
            codes::FALSE => Event::Bool(false),
            codes::TRUE => Event::Bool(true),
            codes::UUID => Event::Uuid(Uuid::from_bytes(self.take(offset)?)),
            codes::VERSIONSTAMP => {
                let transaction = self.take(offset)?;
                Event::Versionstamp(Versionstamp::new(transaction, u16::from_be_bytes(self.take(offset)?)))
            }
            _ => return Err(TupleError::UnknownCode { code, offset }),
        })
    }

    /// The next `N` bytes, of the item that begins at `offset`.
    fn take<const N: usize>(&mut self, offset: usize) -> Result<[u8; N], TupleError> {
        let taken = self.bytes[self.position..].first_chunk::<N>().ok_or(TupleError::Truncated { offset })?;
        self.position += N;
        Ok(*taken)
    }

    /// Bytes up to a zero that is not escaped.
    fn escaped(&mut self, offset: usize) -> Result<Cow<'a, [u8]>, TupleError> {
        let rest = &self.bytes[self.position..];
        let mut whole = Vec::new();
        let mut copied = 0;
        let mut from = 0;
        loop {
            let zero =
                from + rest[from..].iter().position(|&byte| byte == 0).ok_or(TupleError::Truncated { offset })?;
            if rest.get(zero + 1) != Some(&codes::ESCAPE) {
                self.position += zero + 1;
                if copied == 0 {
                    return Ok(Cow::Borrowed(&rest[..zero]));
                }
                whole.extend_from_slice(&rest[copied..zero]);
                return Ok(Cow::Owned(whole));
            }
            whole.extend_from_slice(&rest[copied..=zero]);
            from = zero + 2;
            copied = from;
        }
    }

    /// An integer of `length` bytes. Longer forms than needed, which other bindings write, are read as well.
    fn integer(&mut self, offset: usize, negative: bool, length: usize) -> Result<Event<'a>, TupleError> {
        let end = self.position + length;
        let bytes = self.bytes.get(self.position..end).ok_or(TupleError::Truncated { offset })?;
        self.position = end;
        if length <= 8 {
            let mut magnitude = [0; 8];
            magnitude[8 - length..].copy_from_slice(bytes);
            if negative {
                magnitude[8 - length..].iter_mut().for_each(|byte| *byte = !*byte);
            }
            let magnitude = i128::from(u64::from_be_bytes(magnitude));
            let value = if negative { -magnitude } else { magnitude };
            return Ok(i64::try_from(value).map_or_else(|_| Event::BigInt(value.into()), Event::Int));
        }
        let value = if negative {
            let magnitude: Vec<u8> = bytes.iter().map(|byte| !byte).collect();
            BigInt::from_bytes_be(Sign::Minus, &magnitude)
        } else {
            BigInt::from_bytes_be(Sign::Plus, bytes)
        };
        Ok(i64::try_from(&value).map_or_else(|_| Event::BigInt(value), Event::Int))
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<Event<'a>, TupleError>;

    fn next(&mut self) -> Option<Self::Item> {
        let event = if self.position < self.bytes.len() {
            self.event()
        } else if self.depth > 0 {
            Err(TupleError::Truncated { offset: self.outermost })
        } else {
            return None;
        };
        if event.is_err() {
            self.position = self.bytes.len();
            self.depth = 0;
        }
        Some(event)
    }
}

/// The integer of one byte that is all of a packed tuple; nothing if it is something else. For many of them:
/// a [`Reader`] reads the same.
pub(crate) fn small_integer(packed: &[u8]) -> Option<u8> {
    match *packed {
        [codes::POSITIVE_1, value] => Some(value),
        _ => None,
    }
}

fn utf8(bytes: Cow<'_, [u8]>) -> Option<Cow<'_, str>> {
    Some(match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(std::str::from_utf8(bytes).ok()?),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8(bytes).ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_integer_is_what_a_reader_reads() {
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                let packed = [first, second];
                let Some(integer) = small_integer(&packed) else { continue };
                assert_eq!(Reader::new(&packed).collect::<Vec<_>>(), [Ok(Event::Int(integer.into()))]);
            }
        }
        assert_eq!(small_integer(&[codes::POSITIVE_1, 7]), Some(7));
        assert_eq!(small_integer(&[codes::POSITIVE_1, 7, codes::NULL]), None);
    }
}
