//! Key selectors: a position in the key space, described relative to a key that need not exist.

/// A key selector. It resolves to a key that is present: start at the last key that is `< key` (or `<= key` with
/// `or_equal`) and go `offset` present keys to the right, or to the left if it is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeySelector<'a> {
    /// The key the selector is relative to.
    pub key: &'a [u8],
    /// Whether `key` itself may be the start.
    pub or_equal: bool,
    /// How many present keys to move, to the right if positive.
    pub offset: i32,
}

impl<'a> KeySelector<'a> {
    /// The first present key `>= key`.
    pub fn first_greater_or_equal(key: &'a [u8]) -> Self {
        KeySelector { key, or_equal: false, offset: 1 }
    }

    /// The first present key `> key`.
    pub fn first_greater_than(key: &'a [u8]) -> Self {
        KeySelector { key, or_equal: true, offset: 1 }
    }

    /// The last present key `<= key`.
    pub fn last_less_or_equal(key: &'a [u8]) -> Self {
        KeySelector { key, or_equal: true, offset: 0 }
    }

    /// The last present key `< key`.
    pub fn last_less_than(key: &'a [u8]) -> Self {
        KeySelector { key, or_equal: false, offset: 0 }
    }
}
