//! Key selectors: a position in the key space, relative to a key that need not exist.

/// A key selector: start at the last key present that is `< key` (or `<= key` with `or_equal`) and go `offset` present
/// keys to the right, or to the left if it is negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySelector {
    /// The key the selector is relative to.
    pub key: Vec<u8>,
    /// Whether `key` itself may be the start.
    pub or_equal: bool,
    /// How many present keys to move.
    pub offset: i32,
}

impl KeySelector {
    /// The last key `< key`.
    pub fn last_less_than(key: impl Into<Vec<u8>>) -> Self {
        KeySelector { key: key.into(), or_equal: false, offset: 0 }
    }

    /// The last key `<= key`.
    pub fn last_less_or_equal(key: impl Into<Vec<u8>>) -> Self {
        KeySelector { key: key.into(), or_equal: true, offset: 0 }
    }

    /// The first key `> key`.
    pub fn first_greater_than(key: impl Into<Vec<u8>>) -> Self {
        KeySelector { key: key.into(), or_equal: true, offset: 1 }
    }

    /// The first key `>= key`.
    pub fn first_greater_or_equal(key: impl Into<Vec<u8>>) -> Self {
        KeySelector { key: key.into(), or_equal: false, offset: 1 }
    }

    pub(super) fn borrow(&self) -> foundationdb::KeySelector<'_> {
        foundationdb::KeySelector::new((&self.key).into(), self.or_equal, self.offset)
    }

    /// What asyncio-foundationdb's `query(key, other)` reads: begin, end, and whether backwards.
    ///
    /// With `reverse` given, the two are begin and end as they stand. Left out, the direction is that of the keys;
    /// backwards (also if the keys are equal) the smaller key begins the range and the greater one ends it, both ends
    /// in, whatever the selectors' `or_equal` said, and offsets are kept.
    pub fn between(key: KeySelector, other: KeySelector, reverse: Option<bool>) -> (KeySelector, KeySelector, bool) {
        match reverse {
            Some(reverse) => (key, other, reverse),
            None if key.key < other.key => (key, other, false),
            None => (KeySelector { or_equal: false, ..other }, KeySelector { or_equal: true, ..key }, true),
        }
    }
}
