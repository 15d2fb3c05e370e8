//! A set of keys, kept as ranges: conflict ranges, cleared ranges.
//!
//! - Ranges are half-open, `[begin, end)`, not empty, disjoint and not adjacent: what overlaps or touches is one range.
//! - A range is one allocation. That of a single key `[k, k 00)`, which every point read adds, is as long as the key
//!   and one byte: the end is stored and the begin is a prefix of it.
//! - Inserting what is covered already allocates nothing.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::{BTreeSet, btree_set};
use std::ops::Bound::{Excluded, Included, Unbounded};

/// A set of disjoint, coalesced ranges of keys.
#[derive(Clone, Default)]
pub(crate) struct RangeSet {
    ranges: BTreeSet<Range>,
}

impl RangeSet {
    /// Adds all keys of `[begin, end)`.
    pub(crate) fn insert(&mut self, begin: &[u8], end: &[u8]) {
        if begin >= end {
            return;
        }
        // The last of those that start at or before `end` decides how far to the right it goes: most often that is all there
        // is to look at...
        let right = self.at_or_before(end).filter(|range| range.end() >= begin);
        match right {
            None => {
                self.ranges.insert(Range::new(begin, end));
                return;
            }
            Some(range) if range.begin() <= begin && range.end() >= end => return,
            Some(_) => {}
        }
        // ... and the one that starts at or before `begin` whether there is anything to do on the left.
        let left = self.at_or_before(begin).filter(|range| range.end() >= begin);
        let merged = Range::new(left.map_or(begin, Range::begin), right.map_or(end, |range| range.end()).max(end));
        while let Some(absorbed) = self.after_until(begin, end).next() {
            let absorbed = absorbed.clone();
            self.ranges.remove(&absorbed);
        }
        self.ranges.replace(merged);
    }

    /// Whether there is no key in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether `key` is in it.
    pub(crate) fn contains(&self, key: &[u8]) -> bool {
        self.at_or_before(key).is_some_and(|range| key < range.end())
    }

    /// The range that holds `key`.
    pub(crate) fn range_of(&self, key: &[u8]) -> Option<(&[u8], &[u8])> {
        let range = self.at_or_before(key).filter(|range| key < range.end())?;
        Some((range.begin(), range.end()))
    }

    /// The range that holds what comes just before `key`.
    pub(crate) fn range_before(&self, key: &[u8]) -> Option<(&[u8], &[u8])> {
        let range = self.before(key).filter(|range| key <= range.end())?;
        Some((range.begin(), range.end()))
    }

    /// The gap that holds `key`, which is in no range: from the end of the range before it, or the empty key, to the
    /// begin of the next, if there is one.
    pub(crate) fn gap_of(&self, key: &[u8]) -> (&[u8], Option<&[u8]>) {
        let next = self.ranges.range::<[u8], _>((Excluded(key), Unbounded)).next();
        (self.at_or_before(key).map_or(&[], Range::end), next.map(Range::begin))
    }

    /// Where the gap before `key` begins; no range holds what comes just before `key`.
    pub(crate) fn gap_before(&self, key: &[u8]) -> &[u8] {
        self.before(key).map_or(&[], Range::end)
    }

    /// Whether a key of `[begin, end)` is in it.
    pub(crate) fn intersects_range(&self, begin: &[u8], end: &[u8]) -> bool {
        begin < end
            && self
                .ranges
                .range::<[u8], _>((Unbounded, Excluded(end)))
                .next_back()
                .is_some_and(|last| begin < last.end())
    }

    /// The ranges, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.ranges.iter().map(|range| (range.begin(), range.end()))
    }

    fn at_or_before(&self, key: &[u8]) -> Option<&Range> {
        self.ranges.range::<[u8], _>((Unbounded, Included(key))).next_back()
    }

    fn before(&self, key: &[u8]) -> Option<&Range> {
        self.ranges.range::<[u8], _>((Unbounded, Excluded(key))).next_back()
    }

    fn after_until(&self, begin: &[u8], end: &[u8]) -> btree_set::Range<'_, Range> {
        self.ranges.range::<[u8], _>((Excluded(begin), Included(end)))
    }
}

impl std::fmt::Debug for RangeSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let escaped = self.iter().map(|(begin, end)| format!("{}..{}", begin.escape_ascii(), end.escape_ascii()));
        f.debug_set().entries(escaped).finish()
    }
}

/// One range: `begin` is the first `begin_length` of `bytes`, `end` what starts at `end_start`. The two overlap where
/// the end is the begin and a zero byte.
///
/// It is ordered, and found in the set, by its begin alone: no two ranges of a set begin at the same key.
#[derive(Clone)]
struct Range {
    bytes: Box<[u8]>,
    // Keys are far below 4 GiB (limits.rs).
    begin_length: u32,
    end_start: u32,
}

impl Range {
    fn new(begin: &[u8], end: &[u8]) -> Self {
        let begin_length = begin.len() as u32;
        match end.split_last() {
            Some((0, key)) if key == begin => Range { bytes: end.into(), begin_length, end_start: 0 },
            _ => Range { bytes: [begin, end].concat().into(), begin_length, end_start: begin_length },
        }
    }

    fn begin(&self) -> &[u8] {
        &self.bytes[..self.begin_length as usize]
    }

    fn end(&self) -> &[u8] {
        &self.bytes[self.end_start as usize..]
    }
}

impl Borrow<[u8]> for Range {
    fn borrow(&self) -> &[u8] {
        self.begin()
    }
}

impl PartialEq for Range {
    fn eq(&self, other: &Self) -> bool {
        self.begin() == other.begin()
    }
}

impl Eq for Range {}

impl PartialOrd for Range {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Range {
    fn cmp(&self, other: &Self) -> Ordering {
        self.begin().cmp(other.begin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every key of up to three bytes over a small alphabet, in order: between two neighbours lies no other key that
    /// the ranges of a test can tell apart.
    fn universe() -> Vec<Vec<u8>> {
        let mut keys = vec![vec![]];
        for length in 0..3 {
            let longer: Vec<Vec<u8>> = keys.iter().filter(|key| key.len() == length).cloned().collect();
            keys.extend(longer.iter().flat_map(|key| [0u8, 1, 0xff].map(|byte| [&key[..], &[byte]].concat())));
        }
        keys.sort();
        keys
    }

    fn key() -> impl Strategy<Value = Vec<u8>> {
        prop::sample::select(universe())
    }

    proptest! {
        #[test]
        fn is_the_set_of_keys_put_in(
            steps in prop::collection::vec((key(), key()), 1..40),
            asked in (key(), key()),
        ) {
            let universe = universe();
            let mut set = RangeSet::default();
            let mut model = vec![false; universe.len()];
            for (a, b) in &steps {
                let (begin, end) = (a.min(b), a.max(b));
                set.insert(begin, end);
                for (key, present) in universe.iter().zip(&mut model) {
                    if begin <= key && key < end {
                        *present = true;
                    }
                }
            }
            let inside = |begin: &[u8], end: &[u8]| {
                universe.iter().zip(&model).filter(|(key, _)| begin <= &key[..] && &key[..] < end).map(|(_, p)| *p)
                    .collect::<Vec<bool>>()
            };
            for (key, present) in universe.iter().zip(&model) {
                prop_assert_eq!(set.contains(key), *present);
            }
            let (begin, end) = (asked.0.clone().min(asked.1.clone()), asked.0.max(asked.1));
            prop_assert_eq!(set.intersects_range(&begin, &end), inside(&begin, &end).iter().any(|p| *p));

            // The neighbourhood of a key, by what lies around it.
            for (index, key) in universe.iter().enumerate() {
                if model[index] {
                    let (begin, end) = set.range_of(key).unwrap();
                    prop_assert!(begin <= &key[..] && &key[..] < end && inside(begin, end).iter().all(|p| *p));
                } else {
                    prop_assert_eq!(set.range_of(key), None);
                    let (begin, end) = set.gap_of(key);
                    let end = end.unwrap_or(&[0xff; 4]);
                    prop_assert!(begin <= &key[..] && &key[..] < end && !inside(begin, end).iter().any(|p| *p));
                }
                match set.range_before(key) {
                    Some((begin, end)) => prop_assert!(begin < &key[..] && &key[..] <= end),
                    None => prop_assert!(!inside(set.gap_before(key), key).iter().any(|p| *p)),
                }
            }

            let ranges: Vec<_> = set.iter().collect();
            prop_assert!(ranges.iter().all(|(begin, end)| begin < end), "an empty range");
            prop_assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0), "not coalesced");
            prop_assert_eq!(set.is_empty(), ranges.is_empty());
        }
    }

    #[test]
    fn a_point_is_stored_once() {
        let point = Range::new(b"key", b"key\0");
        assert_eq!((point.begin(), point.end()), (&b"key"[..], &b"key\0"[..]));
        assert_eq!(point.bytes.len(), 4);
        assert_eq!(Range::new(b"", b"\0").begin(), b"");
    }

    #[test]
    fn neighbours_become_one() {
        let mut set = RangeSet::default();
        set.insert(b"a", b"b");
        set.insert(b"c", b"d");
        set.insert(b"b", b"c");
        assert_eq!(set.iter().collect::<Vec<_>>(), [(&b"a"[..], &b"d"[..])]);
    }
}
