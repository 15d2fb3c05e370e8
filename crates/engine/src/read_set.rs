//! What a transaction has read: the keys of the database that it knows, and those that are its read conflicts.
//!
//! Reads of single keys are only written down, one after the other, and go into the two sets when one of those is asked
//! for: a transaction that reads nothing but keys and writes nothing never asks.

use crate::range_set::RangeSet;

/// So many keys, or bytes of keys, are written down at most: a key that is read again and again must not take more and
/// more memory.
const NOTED_KEYS_MAX: usize = 16_384;
const NOTED_BYTES_MAX: usize = 1 << 20;

/// See the module's text.
#[derive(Default)]
pub(crate) struct ReadSet {
    known: RangeSet,
    conflicts: RangeSet,
    /// The keys that are not in the sets yet, each followed by a zero byte.
    noted_bytes: Vec<u8>,
    noted: Vec<Noted>,
}

struct Noted {
    start: u32,
    length: u32,
    is_conflict: bool,
}

impl ReadSet {
    /// Whether nothing was read.
    pub(crate) fn is_empty(&self) -> bool {
        self.noted.is_empty() && self.known.is_empty() && self.conflicts.is_empty()
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        *self = ReadSet::default();
    }

    /// Notes that `key` is known, and whether it is a read conflict.
    pub(crate) fn note_key(&mut self, key: &[u8], is_conflict: bool) {
        if self.noted.len() == NOTED_KEYS_MAX || self.noted_bytes.len() >= NOTED_BYTES_MAX {
            self.sort_in();
        }
        // Both fit: a key is far below 4 GiB (limits.rs), and the bytes before it are bounded.
        self.noted.push(Noted { start: self.noted_bytes.len() as u32, length: key.len() as u32, is_conflict });
        self.noted_bytes.extend_from_slice(key);
        self.noted_bytes.push(0);
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

    fn sort_in(&mut self) {
        if self.noted.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.noted_bytes);
        let mut noted = std::mem::take(&mut self.noted);
        // In order, neighbours are inserted where the last one was.
        noted.sort_unstable_by_key(|noted| &bytes[noted.start as usize..][..noted.length as usize]);
        for Noted { start, length, is_conflict } in noted {
            let end = &bytes[start as usize..][..length as usize + 1];
            let (key, _) = end.split_at(length as usize);
            self.known.insert(key, end);
            if is_conflict {
                self.conflicts.insert(key, end);
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
    fn a_key_read_without_end_takes_no_more_memory() {
        let mut reads = ReadSet::default();
        for _ in 0..10 * NOTED_KEYS_MAX {
            reads.note_key(b"again", true);
        }
        assert!(reads.noted.len() <= NOTED_KEYS_MAX);
        assert_eq!(reads.conflicts().iter().count(), 1);
    }
}
