//! Asking the database ahead of a walk saves steps, and changes nothing else.

use super::reader::{RangeRead, Reader};
use super::walk::Walk;
use crate::database_read::{Limits, Selector};
use crate::error::Result;
use crate::key::key_after;
use crate::mutation::MutationType;
use crate::range_set::RangeSet;
use crate::read_position::{Maps, Source};
use crate::storage::{MemoryStore, Snapshot, Storage, StorageError, Visit};
use crate::write_map::{Operation, WriteMap};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A snapshot that counts how often it is asked.
struct Counting {
    inner: Arc<dyn Snapshot>,
    asked: Arc<AtomicUsize>,
}

impl Snapshot for Counting {
    fn get(&self, key: &[u8]) -> std::result::Result<Option<Vec<u8>>, StorageError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.inner.get(key)
    }

    fn scan(
        &self,
        begin: &[u8],
        end: &[u8],
        reverse: bool,
        visit: &mut Visit<'_>,
    ) -> std::result::Result<(), StorageError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.inner.scan(begin, end, reverse, visit)
    }
}

/// A database, and how often it was asked.
struct Database(Arc<dyn Snapshot>, Arc<AtomicUsize>);

impl Source for Database {
    fn fetch(&self) -> Result<Arc<dyn Snapshot>> {
        self.kept()
    }

    fn kept(&self) -> Result<Arc<dyn Snapshot>> {
        Ok(self.0.clone())
    }
}

fn database(keys: impl IntoIterator<Item = Vec<u8>>) -> Database {
    let store = MemoryStore::new();
    let keys: Vec<_> = keys.into_iter().collect();
    store.write(1, Duration::ZERO, &mut |batch| keys.iter().try_for_each(|key| batch.set(key, b"value"))).unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    Database(Arc::new(Counting { inner: store.snapshot().unwrap(), asked: asked.clone() }), asked)
}

/// What a read gave and left behind.
type Outcome = (std::result::Result<(Vec<Vec<u8>>, bool, bool, bool), i32>, Vec<(Vec<u8>, Vec<u8>)>, i64);

fn outcome(
    (database, writes): (&Database, &WriteMap),
    mut known: RangeSet,
    read: impl FnOnce(&mut Reader<'_, '_>) -> Result<RangeRead>,
) -> Outcome {
    let mut maps = Maps { writes, known: &mut known, source: database };
    let mut reader = Reader { maps: &mut maps, max_key: b"\xff", cost: 0 };
    let result = read(&mut reader).map_err(|error| error.code()).map(|read| {
        let keys = read.rows.iter().map(|(key, _)| key.to_vec()).collect();
        (keys, read.rows.more(), read.read_to_begin, read.read_through_end)
    });
    let cost = reader.cost;
    (result, known.iter().map(|(begin, end)| (begin.to_vec(), end.to_vec())).collect(), cost)
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    (0u8..60).prop_map(|number| vec![number])
}

fn keys(most: usize) -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(key(), 0..most)
}

#[derive(Clone, Debug)]
enum Write {
    Set(Vec<u8>),
    Add(Vec<u8>),
    Clear(Vec<u8>, Vec<u8>),
    Hide(Vec<u8>, Vec<u8>),
}

fn write() -> impl Strategy<Value = Write> {
    prop_oneof![
        key().prop_map(Write::Set),
        key().prop_map(Write::Add),
        key().prop_map(|key| Write::Clear(key.clone(), key_after(&key))),
        (key(), key()).prop_map(|(a, b)| Write::Clear(a.clone().min(b.clone()), a.max(b))),
        key().prop_map(|key| Write::Hide(key.clone(), key_after(&key))),
    ]
}

fn limits() -> impl Strategy<Value = Limits> {
    let rows = prop::option::of(1i64..20);
    let bytes = prop::option::of(prop::sample::select(vec![20i64, 40, 100, 300, 4096]));
    (rows, bytes).prop_map(|(rows, bytes)| Limits { rows, min_rows: 1, bytes })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
    #[test]
    fn a_read_gives_and_leaves_what_a_walk_alone_does(
        rows in keys(60),
        points in keys(40),
        ranges in prop::collection::vec((key(), key()), 0..3),
        own in prop::collection::vec(write(), 0..4),
        bounds in (key(), key()),
        limits in limits(),
        reverse: bool,
    ) {
        let database = database(rows);
        let mut known = RangeSet::default();
        for key in &points {
            known.insert(key, &key_after(key));
        }
        for (a, b) in &ranges {
            known.insert(a.min(b), a.max(b));
        }
        let mut writes = WriteMap::default();
        for write in own {
            match write {
                Write::Set(key) => writes.mutate(&key, Operation::Set(Some(b"own".to_vec())), true).unwrap(),
                Write::Add(key) => {
                    writes.mutate(&key, Operation::Atomic(MutationType::Add, vec![1]), true).unwrap();
                }
                Write::Clear(begin, end) if begin < end => writes.clear(&begin, &end, true),
                Write::Clear(..) => {}
                Write::Hide(begin, end) => writes.make_unreadable(&begin, &end),
            }
        }
        let (begin, end) = (bounds.0.clone().min(bounds.1.clone()), bounds.0.max(bounds.1));
        let selectors = || {
            let bound = |key: &Vec<u8>| Selector::first_greater_or_equal(key.clone());
            (bound(&begin), bound(&end))
        };
        let walked = outcome((&database, &writes), known.clone(), |reader| {
            let (begin, end) = selectors();
            if reverse {
                Walk::backwards(reader, begin, end, limits, None)?.run_back()
            } else {
                Walk::forwards(reader, begin, end, limits, None)?.run()
            }
        });
        let read = outcome((&database, &writes), known, |reader| {
            let (begin, end) = selectors();
            if reverse { reader.get_range_back(&begin, &end, limits) } else { reader.get_range(&begin, &end, limits) }
        });
        prop_assert_eq!(read, walked);
    }
}

/// Each known key costs a walk a look at the database, and there may be very many.
#[test]
fn a_short_read_among_many_known_keys_asks_little() {
    let number = |number: u32| number.to_be_bytes().to_vec();
    let database = database((0..20_000).map(number));
    let mut known = RangeSet::default();
    for known_key in (0..20_000).step_by(8).map(number) {
        known.insert(&known_key, &key_after(&known_key));
    }
    let limits = Limits { rows: Some(5), min_rows: 1, bytes: Some(4096) };
    let bound = |key: Vec<u8>| Selector::first_greater_or_equal(key);
    for (reverse, first) in [(false, 10_001), (true, 9_991), (false, 10_006), (true, 9_986)] {
        database.1.store(0, Ordering::Relaxed);
        let (result, ..) = outcome((&database, &WriteMap::default()), known.clone(), |reader| {
            if reverse {
                reader.get_range_back(&bound(vec![]), &bound(number(first + 5)), limits)
            } else {
                reader.get_range(&bound(number(first)), &bound(b"\xff".to_vec()), limits)
            }
        });
        let (keys, more, ..) = result.unwrap();
        let mut wanted: Vec<_> = (first..first + 5).map(number).collect();
        if reverse {
            wanted.reverse();
        }
        assert_eq!((keys, more), (wanted, true));
        let asked = database.1.load(Ordering::Relaxed);
        assert!(asked <= 30, "asked {asked} times");
    }
}
