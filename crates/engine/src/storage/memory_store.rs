//! The store in memory: a persistent B-tree, so a snapshot is a copy of its root.
//!
//! Invariants:
//! - A snapshot never changes and is read without a lock.
//! - A batch works on a copy of the tree, which takes the place of the old one when all of the batch is done: nobody
//!   ever sees a part of it, and a batch that fails is just dropped. Where nobody has a snapshot of the newest tree it
//!   is changed as it is, and whoever asks for one waits: to copy a node is to touch all that it leads to. A batch
//!   that fails there is undone.
//! - Values, and keys that are not short, are shared by all trees that have them.
//! - Who lets go of a snapshot frees no more than [`FREED_HERE`] changes' worth of nodes, as it may be a client's event
//!   loop: what is more is freed on another thread.
//!
//! Measured on two busy cores with a million pairs of 16 + 100 bytes (116 MB), written in random order: 212 MB, a random
//! read 1.3 us, a scan 16 million rows a second, a batch of one key 3 us. The tree of the standard library, which has no
//! snapshots, took 209 MB and 1.4 us a read there.

use super::storage_error::StorageError;
use super::undo::Undo;
use super::{Batch, Snapshot, Storage, Visit};
use crate::key::is_key_after;
use crate::memory_key::MemoryKey;
use crate::reclaim::drop_elsewhere;
use imbl::OrdMap;
use std::collections::BTreeMap;
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many changes' worth of nodes may be freed between two batches by whoever lets go of a snapshot: a millisecond or
/// two, as each is a node of the tree with some dozens of values to let go of.
const FREED_HERE: usize = 1_000;

/// So many rows of a range are compared with its end before that is looked for.
const COMPARED_ROWS: usize = 16;

/// A store in memory.
pub(crate) struct MemoryStore {
    /// Held by the writer for as long as a batch takes.
    writer: Mutex<()>,
    latest: Mutex<Latest>,
    living: Arc<Living>,
}

struct Latest {
    tree: Arc<Tree>,
    version: i64,
    wall: Duration,
    closed: bool,
}

impl MemoryStore {
    /// A new store without pairs.
    pub(crate) fn new() -> MemoryStore {
        let living = Arc::new(Living::default());
        let tree = Arc::new(Tree::new(Pairs::default(), &living));
        let latest = Latest { tree, version: 0, wall: Duration::ZERO, closed: false };
        MemoryStore { writer: Mutex::new(()), latest: Mutex::new(latest), living }
    }

    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> Result<MutexGuard<'_, Latest>, StorageError> {
        let latest = self.latest();
        if latest.closed { Err(StorageError::closed()) } else { Ok(latest) }
    }
}

impl Storage for MemoryStore {
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, StorageError> {
        Ok(self.open()?.tree.clone())
    }

    fn write(
        &self,
        version: i64,
        wall: Duration,
        apply: &mut dyn FnMut(&mut dyn Batch) -> Result<(), StorageError>,
    ) -> Result<Undo, StorageError> {
        let _writing = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut latest = self.open()?;
        if let Some(tree) = Arc::get_mut(&mut latest.tree) {
            let undo = tree.change(apply)?;
            (latest.version, latest.wall) = (version, wall);
            return Ok(undo);
        }
        let before = latest.tree.clone();
        drop(latest);
        let mut changes = Changes { pairs: Pairs(before.pairs.0.clone()), count: 0, undo: Undo::default() };
        apply(&mut changes)?;
        self.living.replace(before.number, changes.count);
        let tree = Arc::new(Tree::new(changes.pairs, &self.living));
        let mut latest = self.open()?;
        (latest.version, latest.wall) = (version, wall);
        let old = std::mem::replace(&mut latest.tree, tree);
        drop(latest);
        // Where nobody has a snapshot of it, it is freed here, with only the writer waiting.
        drop((old, before));
        Ok(changes.undo.finish())
    }

    fn last_version(&self) -> (i64, Duration) {
        let latest = self.latest();
        (latest.version, latest.wall)
    }

    fn is_durable(&self) -> bool {
        false
    }

    fn close(&self) -> Result<(), StorageError> {
        let none = Arc::new(Tree::new(Pairs::default(), &self.living));
        let tree = {
            let mut latest = self.latest();
            latest.closed = true;
            std::mem::replace(&mut latest.tree, none)
        };
        self.living.replace(tree.number, tree.pairs.0.len());
        drop(tree);
        Ok(())
    }
}

/// The trees that are still there, and how much each of them keeps from being freed.
#[derive(Default)]
struct Living(Mutex<Trees>);

#[derive(Default)]
struct Trees {
    made: u64,
    /// By a tree's number, how many changes were made between it and the next living one: no more of its nodes are its
    /// own, times the few that lead to each.
    changes: BTreeMap<u64, usize>,
    /// How many changes' worth of nodes were freed since the last batch by who let go of them.
    freed: usize,
}

impl Living {
    fn lock(&self) -> MutexGuard<'_, Trees> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a new tree, the newest.
    fn begin(&self) -> u64 {
        let mut trees = self.lock();
        trees.made += 1;
        let number = trees.made;
        trees.changes.insert(number, 0);
        number
    }

    /// Notes that a tree, the newest, is to be followed by another one with so many changes.
    fn replace(&self, number: u64, changes: usize) {
        let mut trees = self.lock();
        trees.freed = 0;
        trees.changes.insert(number, changes);
    }

    /// Notes that a tree, the newest, has been changed itself: what it leaves the one before it keeps alone.
    fn change(&self, number: u64, changes: usize) {
        let mut trees = self.lock();
        trees.freed = 0;
        if let Some((_, kept)) = trees.changes.range_mut(..number).next_back() {
            *kept += changes;
        }
    }

    /// Takes a tree out, and says whether its nodes may be freed here.
    fn end(&self, number: u64) -> bool {
        let mut trees = self.lock();
        let own = trees.changes.remove(&number).unwrap_or(0);
        if let Some((_, changes)) = trees.changes.range_mut(..number).next_back() {
            // What both kept, the one before it keeps alone now.
            *changes += own;
        }
        let here = trees.freed + own <= FREED_HERE;
        if here {
            trees.freed += own;
        }
        here
    }
}

/// A snapshot.
struct Tree {
    pairs: Pairs,
    number: u64,
    living: Arc<Living>,
}

impl Tree {
    fn new(pairs: Pairs, living: &Arc<Living>) -> Tree {
        Tree { pairs, number: living.begin(), living: living.clone() }
    }

    /// Makes the changes of a batch, all of them or none, and gives what they have replaced.
    fn change(
        &mut self,
        apply: &mut dyn FnMut(&mut dyn Batch) -> Result<(), StorageError>,
    ) -> Result<Undo, StorageError> {
        let pairs = std::mem::take(&mut self.pairs);
        let changes = Changes { pairs, count: 0, undo: Undo::of_all() };
        let mut changing = Changing { tree: self, changes, done: false };
        apply(&mut changing.changes)?;
        changing.done = true;
        Ok(std::mem::take(&mut changing.changes.undo).finish())
    }
}

/// A tree that is being changed. The changes are taken back at its end unless they are done.
struct Changing<'a> {
    tree: &'a mut Tree,
    changes: Changes,
    done: bool,
}

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        let Changes { pairs, count, undo } = &mut self.changes;
        if !self.done {
            for (key, value) in undo.backwards() {
                match value {
                    Some(value) => pairs.0.insert(MemoryKey::new(key), value.into()),
                    None => pairs.0.remove(&MemoryKey::new(key)),
                };
            }
        }
        self.tree.pairs = std::mem::take(pairs);
        self.tree.living.change(self.tree.number, *count);
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        if !self.living.end(self.number) {
            drop_elsewhere(std::mem::take(&mut self.pairs));
        }
    }
}

impl Snapshot for Tree {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
        Ok(self.pairs.get(key))
    }

    fn scan(&self, begin: &[u8], end: &[u8], reverse: bool, visit: &mut Visit<'_>) -> Result<(), StorageError> {
        if begin >= end {
            return Ok(());
        }
        let pairs = &self.pairs.0;
        let (begin, end) = (MemoryKey::new(begin), MemoryKey::new(end));
        if reverse {
            if let Some(last) = visit_few(range(pairs, (Unbounded, Excluded(&end))).rev(), |key| *key >= begin, visit) {
                visit_all(range(pairs, (Included(&begin), Excluded(last))).rev(), visit);
            }
        } else if let Some(last) = visit_few(range(pairs, (Included(&begin), Unbounded)), |key| *key < end, visit) {
            visit_all(range(pairs, (Excluded(last), Excluded(&end))), visit);
        }
        Ok(())
    }
}

type Map = OrdMap<MemoryKey, Arc<[u8]>>;

type Row<'a> = (&'a MemoryKey, &'a Arc<[u8]>);

fn range<'a>(
    map: &'a Map,
    bounds: (Bound<&MemoryKey>, Bound<&MemoryKey>),
) -> impl DoubleEndedIterator<Item = Row<'a>> + use<'a> {
    map.range::<_, MemoryKey>(bounds)
}

/// Visits the first rows while they are inside, and gives the key of the last if there may be more: to look for the far
/// end costs as much as for the near one, and few ranges have more than a few rows.
fn visit_few<'a>(
    mut rows: impl Iterator<Item = Row<'a>>,
    is_inside: impl Fn(&MemoryKey) -> bool,
    visit: &mut Visit<'_>,
) -> Option<&'a MemoryKey> {
    let mut last = None;
    for _ in 0..COMPARED_ROWS {
        let (key, value) = rows.next()?;
        if !is_inside(key) || visit(key.as_slice(), value).is_break() {
            return None;
        }
        last = Some(key);
    }
    last
}

fn visit_all<'a>(mut rows: impl Iterator<Item = Row<'a>>, visit: &mut Visit<'_>) {
    let _ = rows.try_for_each(|(key, value)| visit(key.as_slice(), value));
}

/// The pairs of a snapshot, or those of a batch so far.
#[derive(Default)]
struct Pairs(Map);

impl Pairs {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.0.get(&MemoryKey::new(key)).map(|value| value.to_vec())
    }
}

/// What a batch has made of the pairs so far, with how many changes, and what they have replaced.
struct Changes {
    pairs: Pairs,
    count: usize,
    undo: Undo,
}

impl Batch for Changes {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
        Ok(self.pairs.get(key))
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> Result<(), StorageError> {
        self.count += 1;
        let old = self.pairs.0.insert(MemoryKey::new(key), value.into());
        self.undo.record(key, old.as_deref());
        Ok(())
    }

    fn clear(&mut self, key: &[u8]) -> Result<(), StorageError> {
        self.count += 1;
        if let Some(old) = self.pairs.0.remove(&MemoryKey::new(key)) {
            self.undo.record(key, Some(&old));
        }
        Ok(())
    }

    fn clear_range(&mut self, begin: &[u8], end: &[u8]) -> Result<(), StorageError> {
        if begin >= end {
            return Ok(());
        }
        if is_key_after(end, begin) {
            return self.clear(begin);
        }
        let pairs = &mut self.pairs.0;
        let (begin, end) = (&MemoryKey::new(begin), &MemoryKey::new(end));
        let inside = || range(pairs, (Included(begin), Excluded(end)));
        let most = pairs.len() / 2;
        if inside().nth(most).is_some() {
            // Less stays than goes: the rest is quicker put together anew.
            self.count += pairs.len();
            let stays = |key: &MemoryKey| key < begin || end <= key;
            let rest = pairs.iter().filter(|(key, _)| stays(key));
            let rest = rest.map(|(key, value)| (key.clone(), value.clone())).collect();
            for (key, value) in inside() {
                self.undo.record(key.as_slice(), Some(value));
            }
            *pairs = rest;
        } else {
            let cleared: Vec<MemoryKey> = inside().map(|(key, _)| key.clone()).collect();
            self.count += cleared.len();
            for key in cleared {
                if let Some(old) = pairs.remove(&key) {
                    self.undo.record(key.as_slice(), Some(&old));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_snapshot_keeps_alone_grows_with_its_neighbours_going() {
        let living = Living::default();
        let numbers: Vec<u64> = (0..4)
            .map(|_| {
                let number = living.begin();
                living.replace(number, FREED_HERE / 2);
                number
            })
            .collect();
        living.begin();
        assert!(living.end(numbers[1]), "half of what may be freed here");
        assert!(living.end(numbers[2]), "the other half");
        assert!(!living.end(numbers[0]), "its own changes, and those of the two that went");
        let next = living.begin();
        living.replace(next, 0);
        assert!(living.end(numbers[3]), "after another batch as much may be freed again");
    }

    #[test]
    fn a_tree_that_is_changed_itself_adds_to_what_the_one_before_keeps() {
        let living = Living::default();
        let (old, newest) = (living.begin(), living.begin());
        living.change(newest, FREED_HERE / 2);
        assert!(living.end(old), "half of what may be freed here");
        let before = living.begin();
        let newest = living.begin();
        living.change(newest, FREED_HERE + 1);
        assert!(!living.end(before), "all that the newest has changed");
    }

    fn all(snapshot: &dyn Snapshot) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut pairs = Vec::new();
        let mut visit = |key: &[u8], value: &[u8]| {
            pairs.push((key.to_vec(), value.to_vec()));
            std::ops::ControlFlow::Continue(())
        };
        snapshot.scan(b"", b"\xff", false, &mut visit).unwrap();
        pairs
    }

    /// Changes a store of `a`, `b` and `c`, more than undo keeps, and then ends in `end`.
    fn change(store: &MemoryStore, end: impl Fn() -> Result<(), StorageError>) -> Result<Undo, StorageError> {
        store.write(2, Duration::ZERO, &mut |batch| {
            batch.set(b"a", b"2")?;
            batch.set(b"a", b"3")?;
            batch.clear(b"b")?;
            batch.set(b"d", b"new")?;
            for _ in 0..20 {
                batch.set(b"large", &vec![1; 1 << 20])?;
            }
            batch.clear_range(b"a", b"c")?;
            end()
        })
    }

    fn of_three() -> MemoryStore {
        let store = MemoryStore::new();
        let set = |batch: &mut dyn Batch| [b"a", b"b", b"c"].iter().try_for_each(|key| batch.set(*key, b"1"));
        store.write(1, Duration::ZERO, &mut { set }).unwrap();
        store
    }

    #[test]
    fn a_batch_that_fails_leaves_nothing_whether_a_snapshot_is_held_or_not() {
        for held in [false, true] {
            let store = of_three();
            let _snapshot = held.then(|| store.snapshot().unwrap());
            let before = all(&*store.snapshot().unwrap());
            assert!(change(&store, || Err(StorageError::closed())).is_err());
            let panics = || std::panic::resume_unwind(Box::new("on purpose"));
            assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| change(&store, panics))).is_err());
            assert_eq!(all(&*store.snapshot().unwrap()), before);
            assert_eq!(store.last_version().0, 1);
        }
    }

    #[test]
    fn a_batch_changes_no_snapshot_that_is_held_and_copies_nothing_where_none_is() {
        let (store, other) = (of_three(), of_three());
        let before = store.snapshot().unwrap();
        let pairs = all(&*before);
        let undo = change(&store, || Ok(())).unwrap();
        assert_eq!(all(&*before), pairs);
        let number = other.latest().tree.number;
        let in_place = change(&other, || Ok(())).unwrap();
        assert_eq!(other.latest().tree.number, number);
        assert!(!undo.is_complete() && !in_place.is_complete());
        assert_eq!(all(&*other.snapshot().unwrap()), all(&*store.snapshot().unwrap()));
    }
}
