//! The items of a tuple, as values of their own.

use super::{TupleError, Versionstamp, codes};
use num_bigint::BigInt;
use std::cmp::Ordering;
use uuid::Uuid;

/// An item of a tuple.
///
/// The order of items is that of their packed bytes: first by type, then by value; text by its UTF-8 bytes, integers
/// numerically whatever their size, floats from negative NaNs over -0.0 and 0.0 to positive NaNs. Integers and floats
/// are different types and do not mix: every integer comes before every float.
#[derive(Clone, Debug)]
pub enum Element {
    /// Null.
    Null,
    /// A byte string.
    Bytes(Vec<u8>),
    /// Text.
    String(String),
    /// A nested tuple.
    Tuple(Vec<Element>),
    /// An integer. Unpacking gives this for all that fit.
    Int(i64),
    /// An integer, of at most 255 bytes.
    BigInt(BigInt),
    /// A float of 32 bits; every bit of a NaN is kept.
    Float(f32),
    /// A float of 64 bits; every bit of a NaN is kept.
    Double(f64),
    /// A truth value.
    Bool(bool),
    /// A UUID.
    Uuid(Uuid),
    /// A versionstamp.
    Versionstamp(Versionstamp),
}

impl Element {
    /// The element of an integer of any size: [`Int`](Self::Int) if it fits.
    pub fn from_bigint(value: BigInt) -> Element {
        match i64::try_from(&value) {
            Ok(small) => Element::Int(small),
            Err(_) => Element::BigInt(value),
        }
    }

    /// The text of UTF-16, as JavaScript has it. A surrogate without a partner is an error: no key could hold it.
    pub fn text_from_utf16(units: &[u16]) -> Result<String, TupleError> {
        let mut text = String::with_capacity(units.len());
        let mut index = 0;
        for unit in char::decode_utf16(units.iter().copied()) {
            let unit = unit.map_err(|_| TupleError::LoneSurrogate { index })?;
            index += unit.len_utf16();
            text.push(unit);
        }
        Ok(text)
    }

    /// Whether this is an incomplete versionstamp or holds one.
    pub fn has_incomplete_versionstamp(&self) -> bool {
        match self {
            Element::Versionstamp(stamp) => !stamp.is_complete(),
            Element::Tuple(items) => items.iter().any(Element::has_incomplete_versionstamp),
            _ => false,
        }
    }

    /// The place of the type in the order. All integers share one.
    fn rank(&self) -> u8 {
        match self {
            Element::Null => codes::NULL,
            Element::Bytes(_) => codes::BYTES,
            Element::String(_) => codes::STRING,
            Element::Tuple(_) => codes::TUPLE,
            Element::Int(_) | Element::BigInt(_) => codes::ZERO,
            Element::Float(_) => codes::FLOAT,
            Element::Double(_) => codes::DOUBLE,
            Element::Bool(_) => codes::FALSE,
            Element::Uuid(_) => codes::UUID,
            Element::Versionstamp(_) => codes::VERSIONSTAMP,
        }
    }
}

/// The bits of a float in an order that unsigned integers have too.
pub(super) fn ordered_float(value: f32) -> u32 {
    let bits = value.to_bits();
    if bits >> 31 == 1 { !bits } else { bits ^ (1 << 31) }
}

/// The bits of a double in an order that unsigned integers have too.
pub(super) fn ordered_double(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits ^ (1 << 63) }
}

impl Ord for Element {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Element::Bytes(a), Element::Bytes(b)) => a.cmp(b),
            (Element::String(a), Element::String(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Element::Tuple(a), Element::Tuple(b)) => a.cmp(b),
            (Element::Int(a), Element::Int(b)) => a.cmp(b),
            (Element::BigInt(a), Element::BigInt(b)) => a.cmp(b),
            (Element::Int(a), Element::BigInt(b)) => BigInt::from(*a).cmp(b),
            (Element::BigInt(a), Element::Int(b)) => a.cmp(&BigInt::from(*b)),
            (Element::Float(a), Element::Float(b)) => ordered_float(*a).cmp(&ordered_float(*b)),
            (Element::Double(a), Element::Double(b)) => ordered_double(*a).cmp(&ordered_double(*b)),
            (Element::Bool(a), Element::Bool(b)) => a.cmp(b),
            (Element::Uuid(a), Element::Uuid(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Element::Versionstamp(a), Element::Versionstamp(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Element {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Element {}

macro_rules! from {
    ($($type:ty => $convert:expr),* $(,)?) => {
        $(impl From<$type> for Element {
            fn from(value: $type) -> Element {
                $convert(value)
            }
        })*
    };
}

from! {
    &[u8] => |value: &[u8]| Element::Bytes(value.to_vec()),
    Vec<u8> => Element::Bytes,
    &str => |value: &str| Element::String(value.to_owned()),
    String => Element::String,
    Vec<Element> => Element::Tuple,
    i32 => |value: i32| Element::Int(value.into()),
    i64 => Element::Int,
    u64 => |value: u64| Element::from_bigint(value.into()),
    BigInt => Element::from_bigint,
    f32 => Element::Float,
    f64 => Element::Double,
    bool => Element::Bool,
    Uuid => Element::Uuid,
    Versionstamp => Element::Versionstamp,
}
