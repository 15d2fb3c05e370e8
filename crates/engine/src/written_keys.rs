//! The keys that were written by themselves of late, and the newest version of each.
//!
//! Few of them are ever asked for, and after five seconds none is. So they are kept for being written, and small: what a
//! large commit has written is sorted already and becomes a [`Run`] of bytes, one key after the other; what small ones
//! write comes into a tree, and that becomes a run when it is large. Runs are in the order of their versions: who asks
//! looks into those that are newer than its read version, and a run is forgotten as a whole when its newest key is old.
//!
//! Short runs become one while they are shorter than [`MERGED_KEYS`] together, so that there are few; a longer one stays
//! as it is, so that no commit waits for the merging of much.

use crate::memory_key::MemoryKey;
use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::ops::Range;

/// So many keys make a run, if nobody says otherwise.
const RUN_KEYS: usize = 512;
/// So many bytes of keys make one too, however few they are.
const RUN_BYTES: usize = 64 << 10;
/// Runs of no more keys than this, and no more than [`MERGED_BYTES`], are made by merging.
const MERGED_KEYS: usize = 16_384;
const MERGED_BYTES: usize = 1 << 20;

/// See the module's text.
pub(crate) struct WrittenKeys {
    /// So many keys make a run.
    run_keys: usize,
    recent: BTreeMap<MemoryKey, i64>,
    /// The bytes of the keys in `recent`.
    recent_bytes: usize,
    runs: VecDeque<Run>,
}

/// Keys in their order, with their versions.
struct Run {
    bytes: Vec<u8>,
    /// Where each key ends. A run has far less than 4 GiB: a transaction's keys, or what may be merged.
    ends: Vec<u32>,
    newest: i64,
    /// The version of each key; none where all have the newest.
    versions: Vec<i64>,
}

impl Default for WrittenKeys {
    fn default() -> Self {
        WrittenKeys::with_runs_of(RUN_KEYS)
    }
}

impl WrittenKeys {
    /// None yet. Of so many keys a run is made.
    pub(crate) fn with_runs_of(run_keys: usize) -> Self {
        WrittenKeys { run_keys, recent: BTreeMap::new(), recent_bytes: 0, runs: VecDeque::new() }
    }

    /// Notes a key that was written at `version`, which is not below that of an earlier call.
    pub(crate) fn insert(&mut self, key: &[u8], version: i64) {
        if self.recent.insert(MemoryKey::new(key), version).is_none() {
            self.recent_bytes += key.len();
            if self.recent.len() >= self.run_keys || self.recent_bytes >= RUN_BYTES {
                self.end_recent();
            }
        }
    }

    /// Notes many keys that were written at `version`, which is not below that of an earlier call.
    pub(crate) fn insert_many(&mut self, mut keys: Vec<&[u8]>, version: i64) {
        if keys.len() < self.run_keys {
            return keys.into_iter().for_each(|key| self.insert(key, version));
        }
        if !keys.is_sorted() {
            keys.sort_unstable();
        }
        keys.dedup();
        self.end_recent();
        let mut run = Run::with_capacity(keys.len(), keys.iter().map(|key| key.len()).sum());
        for key in keys {
            run.push(key, version);
        }
        self.push(run);
    }

    /// Whether `key` was written at a version above `read_version`.
    pub(crate) fn has_newer(&self, key: &[u8], read_version: i64) -> bool {
        self.recent_version(key).is_some_and(|version| version > read_version)
            || self.newer_runs(read_version).any(|run| run.has_newer(run.place(key), read_version))
    }

    fn recent_version(&self, key: &[u8]) -> Option<i64> {
        if self.recent.is_empty() { None } else { self.recent.get(&MemoryKey::new(key)).copied() }
    }

    /// Whether a key of `[begin, end)` was written at a version above `read_version`.
    pub(crate) fn has_newer_in(&self, begin: &[u8], end: &[u8], read_version: i64) -> bool {
        let range = MemoryKey::new(begin)..MemoryKey::new(end);
        self.recent.range(range).any(|(_, version)| *version > read_version)
            || self
                .newer_runs(read_version)
                .any(|run| run.has_newer(run.index_of(begin)..run.index_of(end), read_version))
    }

    /// The runs that have a version above `read_version`.
    fn newer_runs(&self, read_version: i64) -> impl Iterator<Item = &Run> {
        self.runs.iter().rev().take_while(move |run| run.newest > read_version)
    }

    /// Lets what was written below `version` be forgotten.
    pub(crate) fn forget_before(&mut self, version: i64) {
        while self.runs.front().is_some_and(|run| run.newest < version) {
            self.runs.pop_front();
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        *self = WrittenKeys::with_runs_of(self.run_keys);
    }

    fn end_recent(&mut self) {
        let recent = mem::take(&mut self.recent);
        let mut run = Run::with_capacity(recent.len(), mem::take(&mut self.recent_bytes));
        for (key, version) in &recent {
            run.push(key.as_slice(), *version);
        }
        self.push(run);
    }

    fn push(&mut self, mut run: Run) {
        if run.ends.is_empty() {
            return;
        }
        while let Some(last) = self.runs.pop_back() {
            if !last.should_merge(&run) {
                self.runs.push_back(last);
                break;
            }
            run = Run::merged(&last, &run);
        }
        self.runs.push_back(run);
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.recent.len() + self.runs.iter().map(|run| run.ends.len()).sum::<usize>()
    }
}

impl Run {
    fn with_capacity(keys: usize, bytes: usize) -> Run {
        Run { bytes: Vec::with_capacity(bytes), ends: Vec::with_capacity(keys), newest: i64::MIN, versions: Vec::new() }
    }

    /// Adds a key that comes after all others.
    fn push(&mut self, key: &[u8], version: i64) {
        let count = self.ends.len();
        if count > 0 && version != self.newest && self.versions.is_empty() {
            self.versions = Vec::with_capacity(self.ends.capacity());
            self.versions.resize(count, self.newest);
        }
        if count > 0 && (version != self.newest || !self.versions.is_empty()) {
            self.versions.push(version);
        }
        self.newest = self.newest.max(version);
        self.bytes.extend_from_slice(key);
        self.ends.push(self.bytes.len() as u32);
    }

    fn key(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start as usize..self.ends[index] as usize]
    }

    fn version(&self, index: usize) -> i64 {
        self.versions.get(index).copied().unwrap_or(self.newest)
    }

    /// How many keys come before `key`.
    fn index_of(&self, key: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.key(middle) < key { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// The places of `key`: one, or none.
    fn place(&self, key: &[u8]) -> Range<usize> {
        let index = self.index_of(key);
        index..index + usize::from(index < self.ends.len() && self.key(index) == key)
    }

    /// Whether a key of these places has a version above `read_version`. To be asked only of a run that has any.
    fn has_newer(&self, places: Range<usize>, read_version: i64) -> bool {
        if self.versions.is_empty() {
            return !places.is_empty();
        }
        self.versions.get(places).is_some_and(|versions| versions.iter().any(|version| *version > read_version))
    }

    /// Whether a run is to become one with the next.
    fn should_merge(&self, next: &Run) -> bool {
        self.ends.len() < 2 * next.ends.len()
            && self.ends.len() + next.ends.len() <= MERGED_KEYS
            && self.bytes.len() + next.bytes.len() <= MERGED_BYTES
    }

    /// Two runs as one; a key of both has the version of the later.
    fn merged(earlier: &Run, later: &Run) -> Run {
        let mut run =
            Run::with_capacity(earlier.ends.len() + later.ends.len(), earlier.bytes.len() + later.bytes.len());
        let (mut one, mut other) = (0, 0);
        while one < earlier.ends.len() && other < later.ends.len() {
            let order = earlier.key(one).cmp(later.key(other));
            if order == Ordering::Less {
                run.push(earlier.key(one), earlier.version(one));
            } else {
                run.push(later.key(other), later.version(other));
            }
            one += usize::from(order.is_le());
            other += usize::from(order.is_ge());
        }
        (one..earlier.ends.len()).for_each(|index| run.push(earlier.key(index), earlier.version(index)));
        (other..later.ends.len()).for_each(|index| run.push(later.key(index), later.version(index)));
        run
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(index: u32) -> [u8; 4] {
        index.to_be_bytes()
    }

    fn many(written: &mut WrittenKeys, indices: impl Iterator<Item = u32>, version: i64) {
        let keys: Vec<[u8; 4]> = indices.map(key).collect();
        written.insert_many(keys.iter().map(|key| &key[..]).collect(), version);
    }

    #[test]
    fn keys_have_the_newest_version_that_they_were_written_at() {
        let mut written = WrittenKeys::default();
        // 3,000 keys one by one in a mixed order, each at two versions, and every third once more in large commits.
        for round in 0..2 {
            for at in 0..3_000u32 {
                written.insert(&key(at * 1_009 % 3_000), i64::from(round * 3_000 + at));
            }
        }
        many(&mut written, (0..3_000).rev().filter(|index| index % 3 == 0), 6_000);
        many(&mut written, (0..3_000).filter(|index| index % 6 == 0), 6_001);
        written.insert(&key(1), 6_002);
        let mut expected = vec![0; 3_000];
        (0..3_000).for_each(|at| expected[at * 1_009 % 3_000] = 3_000 + at as i64);
        (0..3_000).step_by(3).for_each(|index| expected[index] = 6_000);
        (0..3_000).step_by(6).for_each(|index| expected[index] = 6_001);
        expected[1] = 6_002;
        for (index, version) in expected.iter().enumerate() {
            let key = key(index as u32);
            assert!(written.has_newer(&key, version - 1), "{index}");
            assert!(!written.has_newer(&key, *version), "{index}");
            assert!(!written.has_newer(&[&key[..], b"\0"].concat(), 0), "{index}");
        }
        for begin in (0..2_990).step_by(7) {
            let newest = expected[begin..begin + 10].iter().max().unwrap();
            let (from, to) = (key(begin as u32), key(begin as u32 + 10));
            assert!(written.has_newer_in(&from, &to, newest - 1));
            assert!(!written.has_newer_in(&from, &to, *newest));
            assert!(!written.has_newer_in(&from, &from, 0));
        }
    }

    #[test]
    fn runs_are_few_and_what_is_old_goes() {
        let mut written = WrittenKeys::default();
        for at in 0..100_000u32 {
            written.insert(&key(at.wrapping_mul(2_654_435_761)), i64::from(at));
        }
        assert_eq!(written.len(), 100_000);
        assert!(written.runs.iter().all(|run| run.ends.len() <= MERGED_KEYS));
        assert!(written.runs.len() < 20, "{} runs", written.runs.len());
        written.forget_before(90_000);
        assert!((10_000..10_000 + MERGED_KEYS).contains(&written.len()), "{} keys", written.len());
        assert!(!written.has_newer_in(b"", b"\xff\xff\xff\xff\xff", 99_999));
        assert!(written.has_newer_in(b"", b"\xff\xff\xff\xff\xff", 99_998));
    }

    #[test]
    fn long_keys_make_short_runs() {
        let mut written = WrittenKeys::default();
        for at in 0..1_000 {
            written.insert(&[&key(at)[..], &[0; 10_000]].concat(), i64::from(at));
        }
        assert!(written.recent_bytes < RUN_BYTES);
        assert!(written.runs.iter().all(|run| run.bytes.len() <= MERGED_BYTES));
    }
}
