//! What a value is asked to be.

use super::numbers::{self, Interval, Side, edge};
use crate::tuple::{Element, pack};
use crate::{Error, Result};
use std::ops::Bound;

/// What the value of an attribute is asked to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// This very item. Items of different types are different: 1 is not 1.0.
    Equals(Element),
    /// Between two bounds, of which one at least is given, both of one type. Numbers of all types count as one type and
    /// are compared by what they are.
    Between(Bound<Element>, Bound<Element>),
    /// Anything: the record has the attribute.
    Exists,
}

/// A condition on packed values: they lie in one of some intervals. It holds for a packed value as for keys that begin
/// with it.
#[derive(Clone, Debug)]
pub(super) struct Intervals(pub(super) Vec<Interval>);

impl Intervals {
    /// Whether a packed value lies in one of them.
    pub(super) fn contain(&self, value: &[u8]) -> bool {
        self.0.iter().any(|(begin, end)| value >= &begin[..] && value < &end[..])
    }
}

impl Condition {
    pub(super) fn intervals(&self) -> Result<Intervals> {
        let (lower, upper) = match self {
            Condition::Exists => return Ok(Intervals(vec![(vec![0x00], vec![0xff])])),
            Condition::Equals(item) => {
                let packed = pack(std::slice::from_ref(item))?;
                let end = [&packed[..], &[0xff]].concat();
                return Ok(Intervals(vec![(packed, end)]));
            }
            Condition::Between(lower, upper) => (lower.as_ref(), upper.as_ref()),
        };
        let given = |bound: Bound<&Element>| match bound {
            Bound::Included(item) | Bound::Excluded(item) => Some(kind(item)),
            Bound::Unbounded => None,
        };
        let (begins, ends) = match (given(lower), given(upper)) {
            (Some(one), Some(other)) if one != other => {
                return Err(Error::argument("bound", "the bounds of a range are of different types"));
            }
            (Some(kind), _) | (None, Some(kind)) => kind,
            (None, None) => return Err(Error::argument("bound", "a range has one bound at least")),
        };
        if begins == NUMBERS {
            return Ok(Intervals(numbers::between(lower, upper)?));
        }
        let begin = match lower {
            Bound::Included(item) => edge(Side::Lower, item, true)?,
            Bound::Excluded(item) => edge(Side::Lower, item, false)?,
            Bound::Unbounded => vec![begins],
        };
        let end = match upper {
            Bound::Included(item) => edge(Side::Upper, item, true)?,
            Bound::Excluded(item) => edge(Side::Upper, item, false)?,
            Bound::Unbounded => vec![ends],
        };
        Ok(Intervals(if begin < end { vec![(begin, end)] } else { Vec::new() }))
    }
}

const NUMBERS: u8 = 0x0b;

/// The type codes of a type: from the first up to the second.
fn kind(item: &Element) -> (u8, u8) {
    match item {
        Element::Null => (0x00, 0x01),
        Element::Bytes(_) => (0x01, 0x02),
        Element::String(_) => (0x02, 0x03),
        Element::Tuple(_) => (0x05, 0x06),
        Element::Bool(_) => (0x26, 0x28),
        Element::Uuid(_) => (0x30, 0x31),
        Element::Versionstamp(_) => (0x33, 0x34),
        Element::Int(_) | Element::BigInt(_) | Element::Float(_) | Element::Double(_) => (NUMBERS, 0x22),
    }
}
