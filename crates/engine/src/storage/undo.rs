//! What batches replaced: enough to see the pairs as they were before any of them.
//!
//! The past that nobody reads yet is kept so, and not as snapshots: redb uses no page again that was freed since the
//! oldest snapshot, so one that is kept for five seconds makes a file grow by all that is written in them. What
//! batches replaced is small and in memory. A [`Past`] is made of it when somebody asks.

use super::{Snapshot, StorageError, Visit};
use crate::Error;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many bytes of what was replaced are kept at most, of one batch as of all: what is older cannot be looked behind.
pub(crate) const UNDO_BYTES: usize = 16 << 20;
/// All that [`Past`]s hold beside the store.
const PAST_BYTES: usize = 64 << 20;
/// What finding an entry takes beside its bytes.
const PLACE_BYTES: usize = size_of::<u32>();

/// In place of the length of a value: there was none.
const ABSENT: u32 = u32::MAX;

/// What the keys of one batch had before it.
#[derive(Debug, Default)]
pub(crate) struct Undo {
    /// [Entries](Entry) in the order of the changes.
    bytes: Vec<u8>,
    entries: usize,
    /// Whether it was too much to be kept.
    over: bool,
    /// Whether all of it is kept until the batch is done, however much that is.
    takes_all: bool,
}

impl Undo {
    /// Of a batch that may have to be taken back.
    pub(super) fn of_all() -> Undo {
        Undo { takes_all: true, ..Undo::default() }
    }

    /// Notes what a key had before a change.
    pub(super) fn record(&mut self, key: &[u8], value: Option<&[u8]>) {
        if self.over {
            return;
        }
        if !self.takes_all && self.bytes.len() + key.len() + value.map_or(0, <[u8]>::len) > UNDO_BYTES {
            *self = Undo { over: true, ..Undo::default() };
            return;
        }
        Entry { key, value }.write(&mut self.bytes);
        self.entries += 1;
    }

    /// Gives back what it has taken and does not need.
    pub(super) fn finish(mut self) -> Undo {
        if self.bytes.len() > UNDO_BYTES {
            return Undo { over: true, ..Undo::default() };
        }
        self.bytes.shrink_to_fit();
        self
    }

    /// Whether it tells all that the batch replaced.
    pub(crate) fn is_complete(&self) -> bool {
        !self.over
    }

    /// How many changes it undoes.
    pub(crate) fn changes(&self) -> usize {
        self.entries
    }

    /// The bytes it holds.
    pub(crate) fn size(&self) -> usize {
        self.bytes.capacity()
    }

    fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        Entry::all_of(&self.bytes)
    }

    /// Each key that was changed and what it had before that, the last change first.
    pub(super) fn backwards(&self) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
        let entries: Vec<Entry<'_>> = self.iter().collect();
        entries.into_iter().rev().map(|entry| (entry.key, entry.value))
    }
}

/// A key, and the value that it had, if it had one.
#[derive(Clone, Copy)]
struct Entry<'a> {
    key: &'a [u8],
    value: Option<&'a [u8]>,
}

impl<'a> Entry<'a> {
    /// How it is written: the length of the key, the length of the value or [`ABSENT`], u32s, the key, the value.
    fn write(self, bytes: &mut Vec<u8>) {
        let length = |bytes: &[u8]| bytes.len() as u32;
        bytes.extend_from_slice(&length(self.key).to_le_bytes());
        bytes.extend_from_slice(&self.value.map_or(ABSENT, length).to_le_bytes());
        bytes.extend_from_slice(self.key);
        bytes.extend_from_slice(self.value.unwrap_or_default());
    }

    /// Those that are written one after the other.
    fn all_of(bytes: &'a [u8]) -> impl Iterator<Item = Entry<'a>> {
        let mut rest = bytes;
        std::iter::from_fn(move || {
            let (entry, after) = Entry::first_of(rest)?;
            rest = after;
            Some(entry)
        })
    }

    /// The first of those that are written one after the other, and the others.
    fn first_of(bytes: &[u8]) -> Option<(Entry<'_>, &[u8])> {
        let (key_length, rest) = bytes.split_first_chunk()?;
        let (value_length, rest) = rest.split_first_chunk()?;
        let (key, rest) = rest.split_at_checked(u32::from_le_bytes(*key_length) as usize)?;
        match u32::from_le_bytes(*value_length) {
            ABSENT => Some((Entry { key, value: None }, rest)),
            length => {
                let (value, rest) = rest.split_at_checked(length as usize)?;
                Some((Entry { key, value: Some(value) }, rest))
            }
        }
    }
}

/// What all [`Past`]s of a database hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct PastBytes(Arc<AtomicUsize>);

impl PastBytes {
    fn take(&self, bytes: usize) -> Result<TakenBytes, StorageError> {
        // It counts from here, and is given back by its drop if it is too much.
        let taken = TakenBytes { total: self.clone(), bytes };
        if self.0.fetch_add(bytes, Ordering::Relaxed) + bytes > PAST_BYTES {
            return Err(StorageError::new(Error::TRANSACTION_TOO_OLD, "too many old versions are read"));
        }
        Ok(taken)
    }
}

struct TakenBytes {
    total: PastBytes,
    bytes: usize,
}

impl TakenBytes {
    fn give_back_but(&mut self, bytes: usize) {
        self.total.0.fetch_sub(self.bytes.saturating_sub(bytes), Ordering::Relaxed);
        self.bytes = self.bytes.min(bytes);
    }
}

impl Drop for TakenBytes {
    fn drop(&mut self) {
        self.total.0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// The pairs as they were before some batches: a snapshot of after them, and what they replaced.
pub(crate) struct Past {
    after: Arc<dyn Snapshot>,
    /// [Entries](Entry) of the keys that are not as in `after`.
    before: Vec<u8>,
    /// Where they begin, in the order of the keys.
    places: Vec<u32>,
    bytes: TakenBytes,
}

impl Past {
    /// The pairs before the batches of `undone`, which are in their order all that lie between them and `after`. Or the
    /// pairs of `older`, if those batches lie between the snapshot that it was made of and `after`. `transaction_too_old`
    /// where that would be too much to hold beside what `bytes` counts.
    pub(crate) fn new(
        after: Arc<dyn Snapshot>,
        older: Option<&Past>,
        undone: &[Arc<Undo>],
        bytes: &PastBytes,
    ) -> Result<Past, StorageError> {
        let known: &[u8] = older.map_or(&[], |older| &older.before);
        let most: usize = undone.iter().map(|undo| undo.bytes.len() + undo.entries * PLACE_BYTES).sum();
        let taken = bytes.take(most + older.map_or(0, Past::size))?;
        let undos = undone.iter().flat_map(|undo| undo.iter());
        let mut entries: Vec<Entry<'_>> = Entry::all_of(known).chain(undos).collect();
        // The first of the changes of a key replaced what it had before all of them.
        entries.sort_by(|one, other| one.key.cmp(other.key));
        entries.dedup_by(|later, first| later.key == first.key);
        let (mut before, mut places) = (Vec::new(), Vec::with_capacity(entries.len()));
        for entry in entries {
            // All undos together are bounded, so that it fits.
            places.push(before.len() as u32);
            entry.write(&mut before);
        }
        before.shrink_to_fit();
        let mut past = Past { after, before, places, bytes: taken };
        past.bytes.give_back_but(past.size());
        Ok(past)
    }

    /// How many keys have another value than in the snapshot that it was made of.
    pub(crate) fn changes(&self) -> usize {
        self.places.len()
    }

    fn size(&self) -> usize {
        self.before.len() + self.places.len() * PLACE_BYTES
    }

    fn entry(&self, place: u32) -> Option<Entry<'_>> {
        Entry::first_of(self.before.get(place as usize..)?).map(|(entry, _)| entry)
    }

    /// How many of the entries are of keys before `key`.
    fn index_of(&self, key: &[u8]) -> usize {
        self.places.partition_point(|&place| self.entry(place).is_some_and(|entry| entry.key < key))
    }
}

impl Snapshot for Past {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
        let entry = self.places.get(self.index_of(key)).and_then(|&place| self.entry(place));
        match entry.filter(|entry| entry.key == key) {
            Some(entry) => Ok(entry.value.map(<[u8]>::to_vec)),
            None => self.after.get(key),
        }
    }

    fn scan(&self, begin: &[u8], end: &[u8], reverse: bool, visit: &mut Visit<'_>) -> Result<(), StorageError> {
        if begin >= end {
            return Ok(());
        }
        let mut places = self.places[self.index_of(begin)..self.index_of(end)].iter();
        let mut next = || if reverse { places.next_back() } else { places.next() }.and_then(|&place| self.entry(place));
        let mut changed = next();
        let mut flow = ControlFlow::Continue(());
        self.after.scan(begin, end, reverse, &mut |key, value| {
            // First what was there before up to this key, then its own pair, unless that is of later.
            let mut is_changed = false;
            while let Some(old) = changed
                && (if reverse { old.key >= key } else { old.key <= key })
            {
                is_changed = old.key == key;
                changed = next();
                if let Some(value) = old.value {
                    flow = visit(old.key, value);
                    if flow.is_break() {
                        return flow;
                    }
                }
            }
            if !is_changed {
                flow = visit(key, value);
            }
            flow
        })?;
        while flow.is_continue()
            && let Some(old) = changed
        {
            changed = next();
            if let Some(value) = old.value {
                flow = visit(old.key, value);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{Model, Random, random_batch};
    use super::super::{MemoryStore, RedbStore, Storage};
    use super::*;
    use std::ops::Bound::{Excluded, Included};
    use std::time::Duration;

    type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

    fn scan(snapshot: &dyn Snapshot, (begin, end): (&[u8], &[u8]), reverse: bool, most: usize) -> Pairs {
        let mut pairs = Pairs::new();
        let mut visit = |key: &[u8], value: &[u8]| {
            pairs.push((key.to_vec(), value.to_vec()));
            if pairs.len() == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        snapshot.scan(begin, end, reverse, &mut visit).unwrap();
        pairs
    }

    fn expected(model: &Model, (begin, end): (&[u8], &[u8]), reverse: bool, most: usize) -> Pairs {
        let inside = model.range::<[u8], _>((Included(begin), Excluded(end)));
        let pairs = inside.map(|(key, value)| (key.clone(), value.clone()));
        if reverse { pairs.rev().take(most).collect() } else { pairs.take(most).collect() }
    }

    fn past_is_as_it_was(store: &dyn Storage) {
        let mut random = Random(5);
        let mut model = Model::new();
        let (mut models, mut snapshots, mut undos) = (vec![], vec![], vec![]);
        for version in 1..60 {
            models.push(model.clone());
            snapshots.push(store.snapshot().unwrap());
            let write = |batch: &mut dyn super::super::Batch| random_batch(&mut random, batch, &mut model);
            let mut write = write;
            undos.push(Arc::new(store.write(version, Duration::ZERO, &mut write).unwrap()));
        }
        let total = PastBytes::default();
        for (index, model) in models.iter().enumerate() {
            // At once, or by way of a snapshot between.
            let between = index + random.below((undos.len() - index) as u64) as usize;
            let older = Past::new(snapshots[between].clone(), None, &undos[index..between], &total).unwrap();
            let (older, from) = if random.one_in(2) { (Some(&older), between) } else { (None, index) };
            let past = Past::new(store.snapshot().unwrap(), older, &undos[from..], &total).unwrap();
            assert!(total.0.load(Ordering::Relaxed) > 0);
            assert!(
                scan(&past, (b"", b"\xff"), false, usize::MAX) == expected(model, (b"", b"\xff"), false, usize::MAX)
            );
            for _ in 0..30 {
                let mut key = || format!("k{:04}", random.below(400)).into_bytes();
                let (one, other) = (key(), key());
                assert!(past.get(&one).unwrap() == model.get(&one).cloned());
                let range = (one.as_slice().min(&other), one.as_slice().max(&other));
                let (reverse, most) = (random.one_in(2), 1 + random.below(40) as usize);
                assert!(scan(&past, range, reverse, most) == expected(model, range, reverse, most));
            }
        }
        assert_eq!(total.0.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn the_past_is_as_it_was() {
        let directory = tempfile::tempdir().unwrap();
        past_is_as_it_was(&MemoryStore::new());
        past_is_as_it_was(&RedbStore::file(&directory.path().join("database"), true).unwrap());
    }

    #[test]
    fn what_is_too_much_is_not_kept() {
        let mut undo = Undo::default();
        let value = vec![0; 100_000];
        for key in 0..UNDO_BYTES as u32 / 100_000 {
            undo.record(&key.to_be_bytes(), Some(&value));
        }
        assert!(undo.is_complete() && undo.size() > UNDO_BYTES / 2);
        undo.record(b"one more", Some(&value));
        undo.record(b"small", None);
        let undo = undo.finish();
        assert!(!undo.is_complete());
        assert_eq!((undo.size(), undo.iter().count()), (0, 0));
    }

    #[test]
    fn all_pasts_together_have_a_bound() {
        let mut undo = Undo::default();
        let value = vec![0; 100_000];
        for key in 0..100u32 {
            undo.record(&key.to_be_bytes(), Some(&value));
        }
        let undone = [Arc::new(undo)];
        let (total, store) = (PastBytes::default(), MemoryStore::new());
        let past = || Past::new(store.snapshot().unwrap(), None, &undone, &total);
        let mut held: Vec<Past> = (0..PAST_BYTES / 10_100_000).map(|_| past().unwrap()).collect();
        assert_eq!(past().err().unwrap().error, Error::TRANSACTION_TOO_OLD);
        held.pop();
        past().unwrap();
    }
}
