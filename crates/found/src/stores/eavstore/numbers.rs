//! Ranges of numbers, whatever their type.
//!
//! The tuple layer keeps integers, 32-bit and 64-bit floats apart, all of one before all of the next. A range of
//! numbers is therefore one of each: the integers, floats and doubles that lie between the bounds, compared exactly. A
//! NaN lies in no range. 0.0 and -0.0 are different items and the same number.

use crate::tuple::{Element, pack};
use crate::{Error, Result};
use num_bigint::BigInt;
use std::ops::Bound;

/// A range of packed values: from the first up to the second, which is not in it.
pub(super) type Interval = (Vec<u8>, Vec<u8>);

/// The type codes that integers have: from the first up to the second.
const INTEGERS: (u8, u8) = (0x0b, 0x1e);

/// Which end of a range.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Lower,
    Upper,
}

/// A bound: the number, and whether it is in the range.
#[derive(Clone)]
struct At<T>(T, bool);

/// The numbers between two bounds, of which one at least must be there.
pub(super) fn between(lower: Bound<&Element>, upper: Bound<&Element>) -> Result<Vec<Interval>> {
    let (integer_from, integer_to) = (integer(Side::Lower, lower)?, integer(Side::Upper, upper)?);
    let (from, to) = (double(Side::Lower, lower)?, double(Side::Upper, upper)?);
    let (float_from, float_to) = (float(Side::Lower, &from), float(Side::Upper, &to));
    let mut intervals = Vec::new();
    if let (Some(from), Some(to)) = (integer_from, integer_to) {
        intervals.push((from, to));
    }
    let float = |side, At(value, included): At<f32>| edge(side, &Element::Float(value), included);
    intervals.push((float(Side::Lower, float_from)?, float(Side::Upper, float_to)?));
    let double = |side, At(value, included): At<f64>| edge(side, &Element::Double(value), included);
    intervals.push((double(Side::Lower, from)?, double(Side::Upper, to)?));
    intervals.retain(|(begin, end)| begin < end);
    Ok(intervals)
}

/// Where the values that a bound lets in begin or end.
pub(super) fn edge(side: Side, item: &Element, included: bool) -> Result<Vec<u8>> {
    let mut packed = pack(std::slice::from_ref(item))?;
    // What goes on with ff comes after the item and before every other item.
    if included == (side == Side::Upper) {
        packed.push(0xff);
    }
    Ok(packed)
}

fn parts(bound: Bound<&Element>) -> Option<At<&Element>> {
    match bound {
        Bound::Included(item) => Some(At(item, true)),
        Bound::Excluded(item) => Some(At(item, false)),
        Bound::Unbounded => None,
    }
}

fn value(item: &Element) -> Result<f64> {
    let value = match item {
        Element::Float(value) => f64::from(*value),
        Element::Double(value) => *value,
        _ => return Err(Error::argument("bound", "not a number")),
    };
    if value.is_nan() {
        Err(Error::argument("bound", "NaN is neither greater nor less than a number"))
    } else {
        Ok(value)
    }
}

/// Where the integers begin or end; nothing if there are none.
fn integer(side: Side, bound: Bound<&Element>) -> Result<Option<Vec<u8>>> {
    let all = vec![if side == Side::Lower { INTEGERS.0 } else { INTEGERS.1 }];
    let Some(At(item, included)) = parts(bound) else { return Ok(Some(all)) };
    if let Element::Int(_) | Element::BigInt(_) = item {
        return edge(side, item, included).map(Some);
    }
    let value = value(item)?;
    if value.is_infinite() {
        let none = (value > 0.0) == (side == Side::Lower);
        return Ok((!none).then_some(all));
    }
    let nearest = if side == Side::Lower { value.ceil() } else { value.floor() };
    let integer = Element::from_bigint(exact(nearest));
    edge(side, &integer, included || nearest != value).map(Some)
}

/// The bound for doubles.
fn double(side: Side, bound: Bound<&Element>) -> Result<At<f64>> {
    let lower = side == Side::Lower;
    let Some(At(item, included)) = parts(bound) else {
        return Ok(At(if lower { f64::NEG_INFINITY } else { f64::INFINITY }, true));
    };
    let integer = match item {
        Element::Int(value) => BigInt::from(*value),
        Element::BigInt(value) => value.clone(),
        _ => return Ok(zero(side, At(value(item)?, included))),
    };
    // Rounds to nearest, also beyond 64 bits; too large gives an infinity, on the right side of the integer.
    let nearest: f64 = integer.to_string().parse().map_err(|_| Error::argument("bound", "not a number"))?;
    if nearest.is_finite() && exact(nearest) == integer {
        return Ok(zero(side, At(nearest, included)));
    }
    let above = nearest == f64::INFINITY || nearest.is_finite() && exact(nearest) > integer;
    Ok(match (lower, above) {
        (true, true) | (false, false) => At(nearest, true),
        (true, false) => At(nearest.next_up(), true),
        (false, true) => At(nearest.next_down(), true),
    })
}

/// The bound for 32-bit floats that follows from that for doubles.
fn float(side: Side, double: &At<f64>) -> At<f32> {
    let At(value, included) = *double;
    let nearest = value as f32;
    let back = f64::from(nearest);
    if back == value {
        return At(nearest, included);
    }
    let inside = if side == Side::Lower { back > value } else { back < value };
    At(
        if inside {
            nearest
        } else if side == Side::Lower {
            nearest.next_up()
        } else {
            nearest.next_down()
        },
        true,
    )
}

/// Both zeros are on the same side of a bound.
fn zero(side: Side, At(value, included): At<f64>) -> At<f64> {
    if value != 0.0 {
        return At(value, included);
    }
    At(if included == (side == Side::Lower) { -0.0 } else { 0.0 }, included)
}

/// The integer that a finite double without a fraction is.
fn exact(value: f64) -> BigInt {
    let bits = value.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, shift) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let mantissa = BigInt::from(mantissa);
    let magnitude = if shift >= 0 { mantissa << shift as u64 } else { mantissa >> shift.unsigned_abs() };
    if value < 0.0 { -magnitude } else { magnitude }
}
