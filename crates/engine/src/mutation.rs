//! Atomic operations: how an operand and the value of a key make the key's new value.
//!
//! - [`apply`] is a pure function; the same one folds a transaction's own operations and runs at commit, so a read of
//!   an own write and the committed value cannot differ.
//! - Numbers are little-endian and as long as the operand: a longer existing value is cut, a shorter one is extended
//!   with zeros.
//! - An absent key and an empty value are different things to some operations (`fdbclient/Atomic.h`).
//!
//! It does not stamp: the two versionstamp operations are resolved by [`versionstamp`](crate::versionstamp).

/// The longest value that [`MutationType::AppendIfFits`] makes; one that would be longer leaves the value as it is.
const VALUE_LENGTH_MAX: usize = 100_000;

/// The kinds of atomic operation at API version 510 and above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum MutationType {
    Add,
    And,
    Or,
    Xor,
    AppendIfFits,
    Max,
    Min,
    SetVersionstampedKey,
    SetVersionstampedValue,
    ByteMin,
    ByteMax,
    CompareAndClear,
}

impl MutationType {
    /// The operation of a number of the C API, or nothing if the number is not one of an atomic operation.
    ///
    /// 18 and 19 are what FoundationDB itself turns 13 and 6 into; it takes them from callers too.
    pub(crate) fn from_code(code: i32) -> Option<Self> {
        Some(match code {
            2 => Self::Add,
            6 | 19 => Self::And,
            7 => Self::Or,
            8 => Self::Xor,
            9 => Self::AppendIfFits,
            12 => Self::Max,
            13 | 18 => Self::Min,
            14 => Self::SetVersionstampedKey,
            15 => Self::SetVersionstampedValue,
            16 => Self::ByteMin,
            17 => Self::ByteMax,
            20 => Self::CompareAndClear,
            _ => return None,
        })
    }
}

/// The value of a key after an operation, from its value before; nothing where the key is absent.
///
/// A versionstamp operation gives its operand as it is: it must have been stamped before.
pub(crate) fn apply(kind: MutationType, existing: Option<&[u8]>, operand: &[u8]) -> Option<Vec<u8>> {
    let Some(existing) = existing else {
        return (kind != MutationType::CompareAndClear).then(|| operand.to_vec());
    };
    Some(match kind {
        MutationType::Add => add(existing, operand),
        MutationType::And => combine(existing, operand, |a, b| a & b),
        MutationType::Or => combine(existing, operand, |a, b| a | b),
        MutationType::Xor => combine(existing, operand, |a, b| a ^ b),
        MutationType::AppendIfFits if existing.len() + operand.len() > VALUE_LENGTH_MAX && !existing.is_empty() => {
            existing.to_vec()
        }
        MutationType::AppendIfFits => [existing, operand].concat(),
        MutationType::Max => pick(existing, operand, std::cmp::Ordering::Less),
        MutationType::Min => pick(existing, operand, std::cmp::Ordering::Greater),
        MutationType::ByteMin => existing.min(operand).to_vec(),
        MutationType::ByteMax => existing.max(operand).to_vec(),
        MutationType::CompareAndClear if existing == operand => return None,
        MutationType::CompareAndClear => existing.to_vec(),
        MutationType::SetVersionstampedKey | MutationType::SetVersionstampedValue => operand.to_vec(),
    })
}

/// The bytes of `existing`, cut or extended with zeros to `length`.
fn resized(existing: &[u8], length: usize) -> impl DoubleEndedIterator<Item = u8> + ExactSizeIterator {
    (0..length).map(|index| existing.get(index).copied().unwrap_or(0))
}

fn combine(existing: &[u8], operand: &[u8], op: fn(u8, u8) -> u8) -> Vec<u8> {
    resized(existing, operand.len()).zip(operand).map(|(a, b)| op(a, *b)).collect()
}

fn add(existing: &[u8], operand: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let digits = resized(existing, operand.len()).zip(operand);
    digits
        .map(|(a, b)| {
            let sum = u16::from(a) + u16::from(*b) + carry;
            carry = sum >> 8;
            // The low byte; the rest is the carry.
            sum as u8
        })
        .collect()
}

/// The operand where `existing` compares to it as `operand_wins`, as little-endian numbers; else `existing`, resized.
fn pick(existing: &[u8], operand: &[u8], operand_wins: std::cmp::Ordering) -> Vec<u8> {
    let order = resized(existing, operand.len()).rev().cmp(operand.iter().rev().copied());
    if order == operand_wins { operand.to_vec() } else { resized(existing, operand.len()).collect() }
}

#[cfg(test)]
mod tests {
    use super::{MutationType::*, *};

    type Case = (&'static str, MutationType, Option<&'static [u8]>, &'static [u8], Option<&'static [u8]>);

    const CASES: &[Case] = &[
        ("add to absent", Add, None, &[1, 2], Some(&[1, 2])),
        ("add to empty", Add, Some(&[]), &[1, 2], Some(&[1, 2])),
        ("add nothing", Add, Some(&[7]), &[], Some(&[])),
        ("add nothing to absent makes an empty value", Add, None, &[], Some(&[])),
        ("add carries", Add, Some(&[0xff, 0]), &[1, 0], Some(&[0, 1])),
        ("add drops the last carry", Add, Some(&[0xff, 0xff]), &[1, 0], Some(&[0, 0])),
        ("add cuts the longer value", Add, Some(&[1, 1, 9]), &[1, 1], Some(&[2, 2])),
        ("add extends the shorter value", Add, Some(&[0xff]), &[1, 1, 1], Some(&[0, 2, 1])),
        ("and with absent", And, None, &[5, 6], Some(&[5, 6])),
        ("and with empty", And, Some(&[]), &[5, 6], Some(&[0, 0])),
        ("and nothing", And, Some(&[5]), &[], Some(&[])),
        ("and", And, Some(&[0b1100]), &[0b1010], Some(&[0b1000])),
        ("and cuts", And, Some(&[0xff, 0xff]), &[0x0f], Some(&[0x0f])),
        ("and extends", And, Some(&[0xff]), &[0x0f, 0xff], Some(&[0x0f, 0])),
        ("or with absent", Or, None, &[5, 6], Some(&[5, 6])),
        ("or with empty", Or, Some(&[]), &[5, 6], Some(&[5, 6])),
        ("or nothing", Or, Some(&[5]), &[], Some(&[])),
        ("or", Or, Some(&[0b1100]), &[0b1010], Some(&[0b1110])),
        ("or extends", Or, Some(&[1]), &[2, 3], Some(&[3, 3])),
        ("xor with absent", Xor, None, &[5, 6], Some(&[5, 6])),
        ("xor with empty", Xor, Some(&[]), &[5, 6], Some(&[5, 6])),
        ("xor nothing", Xor, Some(&[5]), &[], Some(&[])),
        ("xor", Xor, Some(&[0b1100, 9]), &[0b1010], Some(&[0b0110])),
        ("append to absent", AppendIfFits, None, b"ab", Some(b"ab")),
        ("append to empty", AppendIfFits, Some(b""), b"ab", Some(b"ab")),
        ("append nothing", AppendIfFits, Some(b"ab"), b"", Some(b"ab")),
        ("append nothing to absent", AppendIfFits, None, b"", Some(b"")),
        ("append", AppendIfFits, Some(b"ab"), b"cd", Some(b"abcd")),
        ("max with absent", Max, None, &[5], Some(&[5])),
        ("max with empty", Max, Some(&[]), &[5, 0], Some(&[5, 0])),
        ("max with nothing", Max, Some(&[5]), &[], Some(&[])),
        ("max compares the last byte first", Max, Some(&[0, 1]), &[0xff, 0], Some(&[0, 1])),
        ("max takes the operand", Max, Some(&[0xff, 0]), &[0, 1], Some(&[0, 1])),
        ("max ignores bytes beyond the operand", Max, Some(&[1, 0xff]), &[2], Some(&[2])),
        ("max cuts what it keeps", Max, Some(&[3, 0xff]), &[2], Some(&[3])),
        ("max extends what it keeps", Max, Some(&[3]), &[2, 0], Some(&[3, 0])),
        ("min with absent", Min, None, &[5], Some(&[5])),
        ("min with empty", Min, Some(&[]), &[5, 1], Some(&[0, 0])),
        ("min with nothing", Min, Some(&[5]), &[], Some(&[])),
        ("min compares the last byte first", Min, Some(&[0, 1]), &[0xff, 0], Some(&[0xff, 0])),
        ("min keeps", Min, Some(&[1]), &[2], Some(&[1])),
        ("min extends what it keeps", Min, Some(&[9]), &[0, 1], Some(&[9, 0])),
        ("min cuts what it keeps", Min, Some(&[1, 0xff]), &[2], Some(&[1])),
        ("byte_min with absent", ByteMin, None, b"b", Some(b"b")),
        ("byte_min with empty", ByteMin, Some(b""), b"b", Some(b"")),
        ("byte_min of nothing", ByteMin, Some(b"b"), b"", Some(b"")),
        ("byte_min compares whole strings", ByteMin, Some(b"abc"), b"ab", Some(b"ab")),
        ("byte_min keeps", ByteMin, Some(b"a"), b"b", Some(b"a")),
        ("byte_max with absent", ByteMax, None, b"", Some(b"")),
        ("byte_max with empty", ByteMax, Some(b""), b"b", Some(b"b")),
        ("byte_max of nothing", ByteMax, Some(b"b"), b"", Some(b"b")),
        ("byte_max compares whole strings", ByteMax, Some(b"abc"), b"ab", Some(b"abc")),
        ("compare_and_clear of absent", CompareAndClear, None, b"", None),
        ("compare_and_clear of absent with an operand", CompareAndClear, None, b"a", None),
        ("compare_and_clear of empty", CompareAndClear, Some(b""), b"", None),
        ("compare_and_clear of the same", CompareAndClear, Some(b"a"), b"a", None),
        ("compare_and_clear of another", CompareAndClear, Some(b"a"), b"b", Some(b"a")),
        ("compare_and_clear does not resize", CompareAndClear, Some(&[1]), &[1, 0], Some(&[1])),
    ];

    #[test]
    fn operations_follow_the_table() {
        for (name, kind, existing, operand, wanted) in CASES {
            assert_eq!(apply(*kind, *existing, operand).as_deref(), *wanted, "{name}");
        }
    }

    #[test]
    fn append_stops_at_the_limit() {
        let longest = vec![1; VALUE_LENGTH_MAX];
        assert_eq!(apply(AppendIfFits, Some(&longest[1..]), &[1]), Some(longest.clone()));
        assert_eq!(apply(AppendIfFits, Some(&longest), &[1]), Some(longest));
    }

    #[test]
    fn codes_are_those_of_the_c_api() {
        let known = [(2, Add), (6, And), (7, Or), (8, Xor), (9, AppendIfFits), (12, Max), (13, Min)];
        let newer = [(14, SetVersionstampedKey), (15, SetVersionstampedValue), (16, ByteMin), (17, ByteMax)];
        let rest = [(18, Min), (19, And), (20, CompareAndClear)];
        for code in -1..300 {
            let wanted = known.iter().chain(&newer).chain(&rest).find(|entry| entry.0 == code).map(|entry| entry.1);
            assert_eq!(MutationType::from_code(code), wanted, "code {code}");
        }
    }
}
