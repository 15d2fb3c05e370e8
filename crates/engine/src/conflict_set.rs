//! The conflict set: which keys were written at which version in the last five seconds.
//!
//! It answers the one question of conflict resolution: did a write with a version above a read version touch a range
//! that was read? The answer is exact, down to single keys.
//!
//! - `keys` has the keys that were written by themselves, as most are, and the newest version of each: see
//!   [`WrittenKeys`].
//! - `steps` has the ranges that were written: a step function over the key space. The version at a boundary holds from
//!   that key up to the next boundary. Before the first boundary nothing was written. Neighbouring steps never have the
//!   same version.
//! - `log` has every write of a range that is not forgotten, oldest first. A boundary is always the begin or the end of the
//!   newest write of a range on one of its sides, so when that write is forgotten, looking at its two ends is all it takes
//!   to forget the boundaries that only it needed.
//! - Work is bounded: forgetting takes a few writes of ranges per call, in proportion to the recent inserts, or all of them
//!   at once, as after a pause, which are then freed on another thread; a check of a wide range takes the shorter of two
//!   ways, the boundaries inside the range or the writes of ranges since the read version.
//!
//! It does not know the limit of five seconds: the committer says what to forget.

use crate::commit::KeyRange;
use crate::key::is_key_after;
use crate::memory_key::MemoryKey;
use crate::reclaim::drop_elsewhere;
use crate::written_keys::WrittenKeys;
use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::ops::Bound::{Excluded, Included, Unbounded};

/// How many writes of ranges one call of [`ConflictSet::forget_before`] forgets beyond two for each new one.
const FORGET_AT_LEAST: usize = 64;

/// Older than any write.
const NEVER: i64 = i64::MIN;

/// The recent writes of a database.
pub(crate) struct ConflictSet {
    keys: WrittenKeys,
    steps: BTreeMap<MemoryKey, i64>,
    log: VecDeque<Write>,
    newest: i64,
    horizon: i64,
    inserted_since_forgetting: usize,
}

struct Write {
    version: i64,
    begin: MemoryKey,
    end: MemoryKey,
}

impl Write {
    fn touches(&self, begin: &[u8], end: &[u8]) -> bool {
        self.begin.as_slice() < end && begin < self.end.as_slice()
    }
}

impl ConflictSet {
    /// A set without writes.
    pub(crate) fn new() -> Self {
        ConflictSet {
            keys: WrittenKeys::default(),
            steps: BTreeMap::new(),
            log: VecDeque::new(),
            newest: NEVER,
            horizon: NEVER,
            inserted_since_forgetting: 0,
        }
    }

    /// Notes a write of `[begin, end)` at `version`, which must not be below that of an earlier call.
    pub(crate) fn insert(&mut self, begin: &[u8], end: &[u8], version: i64) {
        if begin >= end {
            return;
        }
        self.note_version(version);
        if is_key_after(end, begin) {
            self.keys.insert(begin, version);
            return;
        }
        let (begin, end) = (MemoryKey::new(begin), MemoryKey::new(end));
        self.insert_range(&begin, &end, version);
        self.inserted_since_forgetting += 1;
        self.log.push_back(Write { version, begin, end });
    }

    /// Notes writes of ranges at `version`, as [`insert`](Self::insert) does. Many keys are noted best at once.
    pub(crate) fn insert_all(&mut self, ranges: &[KeyRange], version: i64) {
        let mut keys = Vec::with_capacity(ranges.len());
        for (begin, end) in ranges {
            if is_key_after(end, begin) {
                keys.push(begin.as_slice());
            } else {
                self.insert(begin, end, version);
            }
        }
        if !keys.is_empty() {
            self.note_version(version);
            self.keys.insert_many(keys, version);
        }
    }

    fn note_version(&mut self, version: i64) {
        debug_assert!(version >= self.newest, "versions must not go back");
        self.newest = version;
    }

    fn insert_range(&mut self, begin: &MemoryKey, end: &MemoryKey, version: i64) {
        // What held at the end goes on holding from there.
        let (after, is_at_end) = self.step_at(end).map_or((NEVER, false), |(key, version)| (version, key == end));
        while let Some((inside, _)) = self.steps.range::<MemoryKey, _>((Excluded(begin), Excluded(end))).next() {
            let inside = inside.clone();
            self.steps.remove(&inside);
        }
        if !is_at_end && after != version {
            self.steps.insert(end.clone(), after);
        } else if is_at_end && after == version {
            // The step on the right goes on with the same version.
            self.steps.remove(end);
        }
        if self.version_before(begin) == version {
            self.steps.remove(begin);
        } else {
            self.steps.insert(begin.clone(), version);
        }
    }

    /// Whether a write with a version above `read_version` touched `[begin, end)`.
    ///
    /// For a read version that is too old to know, which [`forget_before`](Self::forget_before) has passed, the answer
    /// is yes.
    pub(crate) fn conflicts(&self, begin: &[u8], end: &[u8], read_version: i64) -> bool {
        if self.newest <= read_version || begin >= end {
            return false;
        }
        if read_version < self.horizon.saturating_sub(1) {
            return true;
        }
        let from = MemoryKey::new(begin);
        if self.step_at(&from).is_some_and(|(_, version)| version > read_version) {
            return true;
        }
        if is_key_after(end, begin) {
            return self.keys.has_newer(begin, read_version);
        }
        let to = MemoryKey::new(end);
        let first_newer = self.log.partition_point(|write| write.version <= read_version);
        let newer = self.log.len() - first_newer;
        let mut steps = self.steps.range::<MemoryKey, _>((Excluded(&from), Excluded(&to)));
        if steps.by_ref().take(newer).any(|(_, version)| *version > read_version) {
            return true;
        }
        (steps.next().is_some() && self.log.range(first_newer..).any(|write| write.touches(begin, end)))
            || self.keys.has_newer_in(begin, end, read_version)
    }

    /// Lets the writes below `version` be forgotten. From now on only read versions from `version - 1` on get exact
    /// answers.
    pub(crate) fn forget_before(&mut self, version: i64) {
        self.horizon = self.horizon.max(version);
        if self.newest < self.horizon && self.log.len() > FORGET_AT_LEAST {
            drop_elsewhere((mem::take(&mut self.steps), mem::take(&mut self.log)));
        }
        if self.newest < self.horizon {
            self.keys.clear();
        } else {
            self.keys.forget_before(self.horizon);
        }
        let most = FORGET_AT_LEAST + 2 * mem::take(&mut self.inserted_since_forgetting);
        for _ in 0..most {
            if self.log.front().is_none_or(|oldest| oldest.version >= self.horizon) {
                return;
            }
            let Some(write) = self.log.pop_front() else { return };
            self.forget_boundary(&write.begin);
            self.forget_boundary(&write.end);
        }
    }

    /// Removes a boundary between two steps that no check can tell apart any more.
    fn forget_boundary(&mut self, key: &MemoryKey) {
        if self.steps.get(key).is_some_and(|version| *version < self.horizon) && self.version_before(key) < self.horizon
        {
            self.steps.remove(key);
        }
    }

    fn step_at(&self, key: &MemoryKey) -> Option<(&MemoryKey, i64)> {
        self.steps.range::<MemoryKey, _>((Unbounded, Included(key))).next_back().map(|(key, version)| (key, *version))
    }

    fn version_before(&self, key: &MemoryKey) -> i64 {
        self.steps.range::<MemoryKey, _>((Unbounded, Excluded(key))).next_back().map_or(NEVER, |(_, version)| *version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::key_after;
    use proptest::prelude::*;

    fn key() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(prop::sample::select(vec![0u8, 1, 0xff]), 0..3)
    }

    #[derive(Clone, Debug)]
    enum Step {
        /// A write at a version that is so much above the last.
        Write(Vec<u8>, Vec<u8>, i64),
        /// The same of several keys by themselves.
        WriteKeys(Vec<Vec<u8>>, i64),
        /// Forget what is so much below the newest.
        Forget(i64),
        /// Check a range at a read version that is so much below the newest.
        Check(Vec<u8>, Vec<u8>, i64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (key(), key(), 0..3i64).prop_map(|(a, b, up)| Step::Write(a, b, up)),
            2 => (prop::collection::vec(key(), 1..6), 0..3i64).prop_map(|(keys, up)| Step::WriteKeys(keys, up)),
            1 => (0..12i64).prop_map(Step::Forget),
            4 => (key(), key(), -1..15i64).prop_map(|(a, b, back)| Step::Check(a, b, back)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn answers_as_a_list_of_all_writes(steps in prop::collection::vec(step(), 1..60), run_keys in 1..6usize) {
            let mut set = ConflictSet::new();
            set.keys = WrittenKeys::with_runs_of(run_keys);
            let mut writes: Vec<(Vec<u8>, Vec<u8>, i64)> = vec![];
            let (mut version, mut horizon) = (100, NEVER);
            for step in steps {
                match step {
                    Step::Write(a, b, up) => {
                        version += up;
                        set.insert(&a, &b, version);
                        writes.push((a, b, version));
                    }
                    Step::WriteKeys(keys, up) => {
                        version += up;
                        let ranges: Vec<KeyRange> = keys.into_iter().map(|key| (key.clone(), key_after(&key))).collect();
                        set.insert_all(&ranges, version);
                        writes.extend(ranges.into_iter().map(|(begin, end)| (begin, end, version)));
                    }
                    Step::Forget(back) => {
                        horizon = horizon.max(version - back);
                        set.forget_before(version - back);
                    }
                    Step::Check(a, b, back) => {
                        let read_version = version - back;
                        let wanted = writes.iter().any(|(begin, end, at)| {
                            *at > read_version && begin < end && a < b && begin < &b && &a < end
                        });
                        let got = set.conflicts(&a, &b, read_version);
                        if read_version >= horizon.saturating_sub(1) {
                            prop_assert_eq!(got, wanted);
                        } else {
                            prop_assert!(got || !wanted);
                        }
                    }
                }
            }
            let versions: Vec<i64> = set.steps.values().copied().collect();
            prop_assert!(versions.windows(2).all(|pair| pair[0] != pair[1]), "neighbours with one version");
            set.forget_before(version + 1);
            prop_assert!(set.keys.len() == 0 && set.steps.is_empty() && set.log.is_empty(), "nothing may be left once all is forgotten");
        }
    }

    #[test]
    fn forgetting_is_done_in_parts() {
        let mut set = ConflictSet::new();
        for index in 0..10_000u32 {
            let key = index.to_be_bytes();
            set.insert(&key, &[&key[..], &[1]].concat(), i64::from(index));
        }
        // Forgets nothing, and uses up what the inserts allow to be forgotten.
        set.forget_before(0);
        set.forget_before(9_000);
        assert_eq!(set.log.len(), 10_000 - FORGET_AT_LEAST);
        assert!(set.conflicts(&9_999u32.to_be_bytes(), b"\xff", 0), "too old to know");
        assert!(set.conflicts(b"", b"\xff", 9_998));
        assert!(!set.conflicts(b"", b"\xff", 9_999));
        // When all is old, all is forgotten.
        set.forget_before(10_000);
        assert!(set.steps.is_empty() && set.log.is_empty());
        assert!(set.conflicts(b"", b"\xff", 0), "too old to know");
        assert!(!set.conflicts(b"", b"\xff", 9_999));
    }

    #[test]
    fn what_is_written_again_and_again_stays_one_key_and_two_boundaries() {
        let mut set = ConflictSet::new();
        for version in 0..1000 {
            set.insert(b"k", b"k\0", version);
            set.insert(b"m", b"n", version);
        }
        assert_eq!((set.keys.len(), set.steps.len()), (1, 2));
        for (begin, end) in [(&b"k"[..], &b"k\0"[..]), (b"", b"l"), (b"l", b"\xff"), (b"m\0", b"m\0\0")] {
            assert!(set.conflicts(begin, end, 998));
            assert!(!set.conflicts(begin, end, 999));
        }
        assert!(!set.conflicts(b"k\0", b"m", 0));
        assert!(!set.conflicts(b"n", b"\xff", 0));
    }
}
