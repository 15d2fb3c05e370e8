//! Writing packed tuples without making elements first.

use super::element::{ordered_double, ordered_float};
use super::{Element, MAX_DEPTH, TupleError, Versionstamp, codes};
use num_bigint::{BigInt, Sign};
use uuid::Uuid;

/// Appends packed items to bytes.
///
/// It begins with any bytes, a store's prefix for instance; [`mark`](Self::mark) and [`rewind`](Self::rewind) let
/// many keys share a beginning. Items go to the tuple begun last.
#[derive(Clone, Debug, Default)]
pub struct Packer {
    out: Vec<u8>,
    /// How many nested tuples are open.
    depth: usize,
    /// Where the stamps of incomplete versionstamps stand in `out`.
    incomplete: Vec<usize>,
}

/// A place in a [`Packer`] to go back to.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    length: usize,
    depth: usize,
}

/// Room for what mostly follows a prefix, so that it is asked for once.
const ITEMS_ROOM: usize = 64;

impl Packer {
    /// Nothing yet.
    pub fn new() -> Packer {
        Packer::default()
    }

    /// Begins with `prefix` as it stands.
    pub fn with_prefix(prefix: impl AsRef<[u8]>) -> Packer {
        let prefix = prefix.as_ref();
        let mut out = Vec::with_capacity(prefix.len() + ITEMS_ROOM);
        out.extend_from_slice(prefix);
        Packer { out, ..Packer::default() }
    }

    /// The bytes so far.
    pub fn as_slice(&self) -> &[u8] {
        &self.out
    }

    /// The present place.
    pub fn mark(&self) -> Mark {
        Mark { length: self.out.len(), depth: self.depth }
    }

    /// Forgets what came after `mark`.
    pub fn rewind(&mut self, mark: Mark) {
        self.out.truncate(mark.length);
        self.depth = mark.depth;
        self.incomplete.retain(|&offset| offset < mark.length);
    }

    /// Null.
    pub fn null(&mut self) -> &mut Self {
        self.out.push(codes::NULL);
        if self.depth > 0 {
            self.out.push(codes::ESCAPE);
        }
        self
    }

    /// A byte string.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.out.push(codes::BYTES);
        self.escaped(value)
    }

    /// Text.
    pub fn string(&mut self, value: &str) -> &mut Self {
        self.out.push(codes::STRING);
        self.escaped(value.as_bytes())
    }

    fn escaped(&mut self, value: &[u8]) -> &mut Self {
        self.out.reserve(value.len() + 1);
        let mut rest = value;
        while let Some(zero) = rest.iter().position(|&byte| byte == 0) {
            self.out.extend_from_slice(&rest[..=zero]);
            self.out.push(codes::ESCAPE);
            rest = &rest[zero + 1..];
        }
        self.out.extend_from_slice(rest);
        self.out.push(0);
        self
    }

    /// An integer.
    pub fn int(&mut self, value: i64) -> &mut Self {
        self.small(value < 0, value.unsigned_abs())
    }

    /// An integer.
    pub fn uint(&mut self, value: u64) -> &mut Self {
        self.small(false, value)
    }

    fn small(&mut self, negative: bool, magnitude: u64) -> &mut Self {
        let bytes = magnitude.to_be_bytes();
        let length = 8 - magnitude.leading_zeros() as usize / 8;
        let significant = &bytes[8 - length..];
        if magnitude == u64::MAX {
            // The official Python binding gives the largest integer of 8 bytes the form of the longer ones.
            self.long(negative, significant)
        } else if negative {
            self.out.push(codes::ZERO - length as u8);
            self.out.extend(significant.iter().map(|byte| !byte));
        } else {
            self.out.push(codes::ZERO + length as u8);
            self.out.extend_from_slice(significant);
        }
        self
    }

    fn long(&mut self, negative: bool, magnitude: &[u8]) {
        let length = magnitude.len() as u8;
        if negative {
            self.out.extend_from_slice(&[codes::NEGATIVE, !length]);
            self.out.extend(magnitude.iter().map(|byte| !byte));
        } else {
            self.out.extend_from_slice(&[codes::POSITIVE, length]);
            self.out.extend_from_slice(magnitude);
        }
    }

    /// An integer of any size up to 255 bytes.
    pub fn bigint(&mut self, value: &BigInt) -> Result<&mut Self, TupleError> {
        let (sign, magnitude) = value.to_bytes_be();
        self.magnitude(sign == Sign::Minus, &magnitude)
    }

    /// An integer by its sign and the big-endian bytes of its magnitude, leading zeros allowed.
    pub fn magnitude(&mut self, negative: bool, magnitude: &[u8]) -> Result<&mut Self, TupleError> {
        let zeros = magnitude.iter().take_while(|&&byte| byte == 0).count();
        let significant = &magnitude[zeros..];
        if significant.len() <= 8 {
            let mut bytes = [0; 8];
            bytes[8 - significant.len()..].copy_from_slice(significant);
            return Ok(self.small(negative, u64::from_be_bytes(bytes)));
        }
        if significant.len() > codes::INTEGER_BYTES_MAX {
            return Err(TupleError::IntegerTooLarge { path: Vec::new(), bytes: significant.len() });
        }
        self.long(negative, significant);
        Ok(self)
    }

    /// A float of 32 bits.
    pub fn float(&mut self, value: f32) -> &mut Self {
        self.out.push(codes::FLOAT);
        self.out.extend_from_slice(&ordered_float(value).to_be_bytes());
        self
    }

    /// A float of 64 bits.
    pub fn double(&mut self, value: f64) -> &mut Self {
        self.out.push(codes::DOUBLE);
        self.out.extend_from_slice(&ordered_double(value).to_be_bytes());
        self
    }

    /// A truth value.
    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.out.push(if value { codes::TRUE } else { codes::FALSE });
        self
    }

    /// A UUID.
    pub fn uuid(&mut self, value: &Uuid) -> &mut Self {
        self.out.push(codes::UUID);
        self.out.extend_from_slice(value.as_bytes());
        self
    }

    /// A versionstamp, complete or not.
    pub fn versionstamp(&mut self, value: &Versionstamp) -> &mut Self {
        self.out.push(codes::VERSIONSTAMP);
        if !value.is_complete() {
            self.incomplete.push(self.out.len());
        }
        self.out.extend_from_slice(&value.transaction);
        self.out.extend_from_slice(&value.user_version.to_be_bytes());
        self
    }

    /// Begins a nested tuple.
    pub fn begin_tuple(&mut self) -> Result<&mut Self, TupleError> {
        if self.depth == MAX_DEPTH {
            return Err(TupleError::TooDeep);
        }
        self.depth += 1;
        self.out.push(codes::TUPLE);
        Ok(self)
    }

    /// Ends the nested tuple begun last; does nothing if there is none.
    pub fn end_tuple(&mut self) -> &mut Self {
        if self.depth > 0 {
            self.depth -= 1;
            self.out.push(0);
        }
        self
    }

    /// Any item.
    pub fn element(&mut self, element: &Element) -> Result<&mut Self, TupleError> {
        Ok(match element {
            Element::Null => self.null(),
            Element::Bytes(value) => self.bytes(value),
            Element::String(value) => self.string(value),
            Element::Tuple(items) => self.begin_tuple()?.elements(items)?.end_tuple(),
            Element::Int(value) => self.int(*value),
            Element::BigInt(value) => self.bigint(value)?,
            Element::Float(value) => self.float(*value),
            Element::Double(value) => self.double(*value),
            Element::Bool(value) => self.bool(*value),
            Element::Uuid(value) => self.uuid(value),
            Element::Versionstamp(value) => self.versionstamp(value),
        })
    }

    /// Items one after the other.
    pub fn elements(&mut self, elements: &[Element]) -> Result<&mut Self, TupleError> {
        for (index, element) in elements.iter().enumerate() {
            self.element(element).map_err(|mut error| {
                if let TupleError::IntegerTooLarge { path, .. } = &mut error {
                    path.insert(0, index);
                }
                error
            })?;
        }
        Ok(self)
    }

    /// The bytes. An incomplete versionstamp is an error: FoundationDB would store its placeholder.
    pub fn finish(mut self) -> Result<Vec<u8>, TupleError> {
        while self.depth > 0 {
            self.end_tuple();
        }
        if self.incomplete.is_empty() { Ok(self.out) } else { Err(TupleError::IncompleteVersionstamp) }
    }

    /// The bytes for a versionstamped key or value: with the offset of the one incomplete versionstamp, from the very
    /// first byte, in 4 bytes, little-endian, at the end.
    pub fn finish_with_versionstamp(mut self) -> Result<Vec<u8>, TupleError> {
        while self.depth > 0 {
            self.end_tuple();
        }
        match self.incomplete[..] {
            [offset] => {
                let offset = u32::try_from(offset).map_err(|_| TupleError::TooLong)?;
                self.out.extend_from_slice(&offset.to_le_bytes());
                Ok(self.out)
            }
            [] => Err(TupleError::NoIncompleteVersionstamp),
            _ => Err(TupleError::MultipleIncompleteVersionstamps),
        }
    }
}
