//! What a transaction has read: the keys of the database that it knows, and those that are its read conflicts.
//!
//! Reads of single keys are only written down, one after the other, and go into the two sets when one of those is asked
//! for: a transaction that reads nothing but keys and writes nothing never asks.
//!
//! What is written down is bounded by the keys that differ, however often they are read: once it is long it is sorted
//! into a run without repetitions, and runs of about one length become one. Sorting and merging go through memory in
//! order, where inserting into a set jumps about in it.

use crate::range_set::RangeSet;
use std::cmp::Ordering;

/// So many keys, or bytes of keys, are written down before they are sorted.
const NOTED_KEYS_MAX: usize = 16_384;
const NOTED_BYTES_MAX: usize = 1 << 20;

/// See the module's text.
#[derive(Default)]
pub(crate) struct ReadSet {
    known: RangeSet,
    conflicts: RangeSet,
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
        self.noted.keys.is_empty() && self.runs.is_empty() && self.known.is_empty() && self.conflicts.is_empty()
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

    /// What of the database is known.
    pub(crate) fn known(&mut self) -> &mut RangeSet {
        self.sort_in();
        &mut self.known
    }

    /// The read conflicts.
    pub(crate) fn conflicts(&mut self) -> &mut RangeSet {
        self.sort_in();
        &mut self.conflicts
    }

    /// Keeps a run; those before it that it makes up to half of become one with it.
    fn add_run(&mut self, mut run: Noted) {
        while let Some(last) = self.runs.pop_if(|last| last.keys.len() < 2 * run.keys.len()) {
            run = Noted::merged(&last, &run);
        }
        self.runs.push(run);
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
        let known: Vec<_> = reads.known().iter().map(|(begin, end)| (begin.to_vec(), end.to_vec())).collect();
        let range = |begin: &[u8], end: &[u8]| (begin.to_vec(), end.to_vec());
        assert_eq!(known, [range(b"", b"\0"), range(b"a", b"a\0\0"), range(b"b", b"b\0")]);
        let conflicts: Vec<_> = reads.conflicts().iter().map(|(begin, end)| (begin.to_vec(), end.to_vec())).collect();
        assert_eq!(conflicts, [range(b"a", b"a\0\0"), range(b"b", b"b\0")]);
        reads.clear();
        assert!(reads.is_empty() && reads.known().is_empty());
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
