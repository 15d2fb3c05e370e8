//! What a transaction has read: the keys of the database that it knows, and those that are its read conflicts.
//!
//! Reads of single keys are only written down, one after the other, and go into the two sets when one of those is asked
//! for: a transaction that reads nothing but keys and writes nothing never asks. So are ranges that are read conflicts, a
//! bounded number of them.
//!
//! What is written down is bounded by the keys that differ, however often they are read: once it is long it is sorted
//! into a run without repetitions, and runs of about one length become one. Sorting and merging go through memory in
//! order, where inserting into a set jumps about in it.

use crate::commit::KeyRange;
use crate::range_set::RangeSet;
use std::cmp::Ordering;

/// So many keys, or bytes of keys, are written down before they are sorted.
const NOTED_KEYS_MAX: usize = 16_384;
const NOTED_BYTES_MAX: usize = 1 << 20;

/// So many ranges, or bytes of them, are written down before they go into the set.
const NOTED_RANGES_MAX: usize = 1_024;
const NOTED_RANGE_BYTES_MAX: usize = 1 << 16;

/// See the module's text.
#[derive(Default)]
pub(crate) struct ReadSet {
    known: RangeSet,
    conflicts: RangeSet,
    /// The ranges of conflicts that are not in the set.
    noted_conflicts: NotedRanges,
    /// The keys that are neither in the sets nor in a run.
    noted: Noted,
    /// Sorted, without repetitions; each at least twice as long as the next.
    runs: Vec<Noted>,
}

/// Keys, and whether each is a read conflict.
#[derive(Default)]
struct Noted {
    /// Each followed by a zero byte: the end of its range.
    bytes: Vec<u8>,
    keys: Vec<Key>,
}

/// Ranges, one after the other.
#[derive(Default)]
struct NotedRanges {
    /// The begin and the end of each.
    bytes: Vec<u8>,
    /// How long those are.
    lengths: Vec<(u32, u32)>,
}

#[derive(Clone, Copy)]
struct Key {
    start: usize,
    /// A key is far below 4 GiB (limits.rs).
    length: u32,
    is_conflict: bool,
}

impl ReadSet {
    /// Whether nothing was read.
    pub(crate) fn is_empty(&self) -> bool {
        self.noted.keys.is_empty()
            && self.runs.is_empty()
            && self.noted_conflicts.lengths.is_empty()
            && self.known.is_empty()
            && self.conflicts.is_empty()
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        *self = ReadSet::default();
    }

    /// Notes that `key` is known, and whether it is a read conflict.
    pub(crate) fn note_key(&mut self, key: &[u8], is_conflict: bool) {
        if self.noted.keys.len() == NOTED_KEYS_MAX || self.noted.bytes.len() >= NOTED_BYTES_MAX {
            let noted = std::mem::take(&mut self.noted);
            self.add_run(noted.sorted());
        }
        self.noted.push(key, is_conflict);
    }

    /// Notes that all keys of `[begin, end)` are read conflicts.
    pub(crate) fn note_conflict(&mut self, begin: &[u8], end: &[u8]) {
        let NotedRanges { bytes, lengths } = &mut self.noted_conflicts;
        lengths.push((begin.len() as u32, end.len() as u32));
        bytes.extend_from_slice(begin);
        bytes.extend_from_slice(end);
        if lengths.len() == NOTED_RANGES_MAX || bytes.len() >= NOTED_RANGE_BYTES_MAX {
            self.put_in_conflicts();
        }
    }

    /// What of the database is known.
    pub(crate) fn known(&mut self) -> &mut RangeSet {
        self.sort_in();
        &mut self.known
    }

    /// The read conflicts.
    pub(crate) fn conflicts(&mut self) -> &RangeSet {
        self.sort_in();
        self.put_in_conflicts();
        &self.conflicts
    }

    /// Keeps a run; those before it that it makes up to half of become one with it.
    fn add_run(&mut self, mut run: Noted) {
        while let Some(last) = self.runs.pop_if(|last| last.keys.len() < 2 * run.keys.len()) {
            run = Noted::merged(&last, &run);
        }
        self.runs.push(run);
    }

    /// The read conflicts, in order, as what a commit sends.
    pub(crate) fn conflict_ranges(&mut self) -> Vec<KeyRange> {
        if self.runs.is_empty() && self.noted_conflicts.lengths.is_empty() && self.conflicts.is_empty() {
            // Nothing but some keys: they need not go into the sets for this.
            self.noted = std::mem::take(&mut self.noted).sorted();
            return self.noted.conflict_ranges();
        }
        self.conflicts().iter().map(|(begin, end)| (begin.to_vec(), end.to_vec())).collect()
    }

    fn put_in_conflicts(&mut self) {
        let NotedRanges { bytes, lengths } = &mut self.noted_conflicts;
        let mut rest = &bytes[..];
        for (begin, end) in lengths.drain(..) {
            let (range, others) = rest.split_at((begin + end) as usize);
            let (begin, end) = range.split_at(begin as usize);
            self.conflicts.insert(begin, end);
            rest = others;
        }
        bytes.clear();
    }

    fn sort_in(&mut self) {
        if self.noted.keys.is_empty() && self.runs.is_empty() {
            return;
        }
        let mut all = std::mem::take(&mut self.noted).sorted();
        while let Some(run) = self.runs.pop() {
            all = Noted::merged(&run, &all);
        }
        // In order, neighbours are inserted where the last one was.
        for key in &all.keys {
            let end = all.end(*key);
            self.known.insert(all.key(*key), end);
            if key.is_conflict {
                self.conflicts.insert(all.key(*key), end);
            }
        }
    }
}

impl Noted {
    fn push(&mut self, key: &[u8], is_conflict: bool) {
        self.keys.push(Key { start: self.bytes.len(), length: key.len() as u32, is_conflict });
        self.bytes.extend_from_slice(key);
        self.bytes.push(0);
    }

    fn key(&self, key: Key) -> &[u8] {
        &self.bytes[key.start..][..key.length as usize]
    }

    fn end(&self, key: Key) -> &[u8] {
        &self.bytes[key.start..][..key.length as usize + 1]
    }

    /// The ranges of the keys that are conflicts, of keys in order.
    fn conflict_ranges(&self) -> Vec<KeyRange> {
        let mut ranges: Vec<KeyRange> = Vec::new();
        for key in self.keys.iter().filter(|key| key.is_conflict) {
            let (begin, end) = (self.key(*key), self.end(*key));
            match ranges.last_mut() {
                Some((_, last)) if begin <= &last[..] => *last = end.to_vec(),
                _ => ranges.push((begin.to_vec(), end.to_vec())),
            }
        }
        ranges
    }

    /// Takes over a key that is not less than the last one.
    fn take_over(&mut self, of: &Noted, key: Key) {
        let bytes = of.key(key);
        match self.keys.pop() {
            Some(last) if self.key(last) == bytes => {
                self.keys.push(Key { is_conflict: last.is_conflict || key.is_conflict, ..last });
            }
            last => {
                self.keys.extend(last);
                self.push(bytes, key.is_conflict);
            }
        }
    }

    /// In order, each key once.
    fn sorted(mut self) -> Noted {
        if self.keys.len() < 2 {
            return self;
        }
        let mut keys = std::mem::take(&mut self.keys);
        keys.sort_unstable_by_key(|key| self.key(*key));
        let mut sorted = Noted { bytes: Vec::with_capacity(self.bytes.len()), keys: Vec::with_capacity(keys.len()) };
        for key in keys {
            sorted.take_over(&self, key);
        }
        sorted
    }

    /// Of two in order, one in order.
    fn merged(a: &Noted, b: &Noted) -> Noted {
        let mut merged = Noted {
            bytes: Vec::with_capacity(a.bytes.len() + b.bytes.len()),
            keys: Vec::with_capacity(a.keys.len() + b.keys.len()),
        };
        let (mut of_a, mut of_b) = (a.keys.iter().copied().peekable(), b.keys.iter().copied().peekable());
        loop {
            let order = match (of_a.peek(), of_b.peek()) {
                (Some(one), Some(other)) => a.key(*one).cmp(b.key(*other)),
                (Some(_), None) => Ordering::Less,
                (None, _) => Ordering::Greater,
            };
            let (of, next) = if order.is_le() { (a, of_a.next()) } else { (b, of_b.next()) };
            match next {
                Some(key) => merged.take_over(of, key),
                None => return merged,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_the_sets_when_those_are_asked_for() {
        let mut reads = ReadSet::default();
        assert!(reads.is_empty());
        for (key, is_conflict) in [(&b"b"[..], true), (b"", false), (b"a", true), (b"a", false), (b"a\0", true)] {
            reads.note_key(key, is_conflict);
        }
        assert!(!reads.is_empty());
        let of_keys = reads.conflict_ranges();
        assert!(reads.conflicts.is_empty(), "they are not in the set yet");
        let known: Vec<_> = reads.known().iter().map(|(begin, end)| (begin.to_vec(), end.to_vec())).collect();
        let range = |begin: &[u8], end: &[u8]| (begin.to_vec(), end.to_vec());
        assert_eq!(known, [range(b"", b"\0"), range(b"a", b"a\0\0"), range(b"b", b"b\0")]);
        let conflicts: Vec<_> = reads.conflicts().iter().map(|(begin, end)| (begin.to_vec(), end.to_vec())).collect();
        assert_eq!(conflicts, [range(b"a", b"a\0\0"), range(b"b", b"b\0")]);
        assert_eq!((of_keys, reads.conflict_ranges()), (conflicts.clone(), conflicts));
        reads.clear();
        assert!(reads.is_empty() && reads.known().is_empty());
    }

    #[test]
    fn ranges_are_in_the_set_of_conflicts_when_it_is_asked_for() {
        let mut reads = ReadSet::default();
        let key = |number: u32| number.wrapping_mul(2_654_435_761).to_be_bytes();
        let count = 5 * NOTED_RANGES_MAX as u32 / 2;
        for number in 0..count {
            let begin = key(number);
            reads.note_conflict(&begin, &[&begin[..], b"\0\0"].concat());
            assert!(!reads.is_empty() && reads.noted_conflicts.lengths.len() < NOTED_RANGES_MAX);
        }
        reads.note_key(b"key", true);
        assert!(reads.known().contains(b"key") && !reads.known().contains(&key(7)));
        assert!((0..count).all(|number| reads.conflicts().contains(&key(number))));
        assert!(reads.conflicts().contains(b"key"));
        assert_eq!(reads.conflicts().iter().count(), count as usize + 1);
        let long = vec![b'l'; NOTED_RANGE_BYTES_MAX];
        reads.note_conflict(b"l", &long);
        assert!(reads.noted_conflicts.bytes.is_empty(), "what is long is not kept twice");
        assert!(reads.conflicts().contains(b"la"));
        reads.clear();
        assert!(reads.is_empty());
    }

    #[test]
    fn many_keys_in_any_order_are_in_the_sets() {
        let key = |number: u32| number.wrapping_mul(2_654_435_761).to_be_bytes();
        let count = 5 * NOTED_KEYS_MAX as u32;
        let mut reads = ReadSet::default();
        // Each once; then every third again, as a conflict.
        for (number, is_conflict) in
            (0..count).map(|number| (number, false)).chain((0..count).step_by(3).map(|n| (n, true)))
        {
            reads.note_key(&key(number), is_conflict);
        }
        assert!(reads.runs.windows(2).all(|two| two[0].keys.len() >= 2 * two[1].keys.len()));
        for number in 0..count {
            assert!(reads.known().contains(&key(number)));
            assert_eq!(reads.conflicts().contains(&key(number)), number % 3 == 0, "{number}");
        }
        assert_eq!(reads.known().iter().count(), count as usize);
    }

    #[test]
    fn a_key_read_without_end_takes_no_more_memory() {
        let mut reads = ReadSet::default();
        for _ in 0..10 * NOTED_KEYS_MAX {
            reads.note_key(b"again", true);
        }
        assert!(reads.noted.keys.len() <= NOTED_KEYS_MAX);
        assert_eq!(reads.runs.iter().map(|run| run.keys.len()).sum::<usize>(), 1);
        assert_eq!(reads.conflicts().iter().count(), 1);
    }
}
