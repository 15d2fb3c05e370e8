//! What storage promises, in memory and in a file.

use super::block_file::Layout;
use super::file::DatabaseFile;
use super::open::Opener;
use super::test_support::make_plain_file;
use super::*;
use crate::{Error, OpenOptions};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

const NOON: Duration = Duration::from_secs(1_700_000_000);

type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

fn set(store: &dyn Storage, version: i64, pairs: &[(&str, &str)]) {
    store
        .write(version, NOON + Duration::from_secs(version as u64), &mut |batch| {
            pairs.iter().try_for_each(|(key, value)| batch.set(key.as_bytes(), value.as_bytes()))
        })
        .unwrap();
}

fn scan(snapshot: &dyn Snapshot, begin: &[u8], end: &[u8], reverse: bool, most: usize) -> Pairs {
    let mut pairs = vec![];
    snapshot
        .scan(begin, end, reverse, &mut |key, value| {
            pairs.push((key.to_vec(), value.to_vec()));
            if pairs.len() == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
    pairs
}

fn keys(snapshot: &dyn Snapshot, begin: &str, end: &str, reverse: bool, most: usize) -> String {
    let pairs = scan(snapshot, begin.as_bytes(), end.as_bytes(), reverse, most);
    pairs.iter().map(|(key, _)| String::from_utf8(key.clone()).unwrap()).collect::<Vec<_>>().join(" ")
}

/// Runs a test on a store of each kind.
fn on_each_kind(test: impl Fn(&dyn Storage)) {
    let directory = tempfile::tempdir().unwrap();
    test(&MemoryStore::new());
    test(&RedbStore::file(&directory.path().join("durable"), true).unwrap());
    test(&RedbStore::file(&directory.path().join("relaxed"), false).unwrap());
}

#[test]
fn scans_go_both_ways_and_keep_to_their_bounds() {
    on_each_kind(|store| {
        set(store, 1, &[("", "0"), ("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]);
        let snapshot = store.snapshot().unwrap();
        let cases = [
            ("a", "c", false, 9, "a b"),
            ("a", "c", true, 9, "b a"),
            ("a\0", "c\0", false, 9, "b c"),
            ("", "~", false, 3, " a b"),
            ("", "~", true, 3, "d c b"),
            ("b", "b", false, 9, ""),
            ("c", "a", false, 9, ""),
            ("c", "a", true, 9, ""),
            ("e", "~", false, 9, ""),
        ];
        for (begin, end, reverse, most, wanted) in cases {
            assert_eq!(keys(&*snapshot, begin, end, reverse, most), wanted, "{begin:?}..{end:?} reverse={reverse}");
        }
        assert_eq!(snapshot.get(b"").unwrap(), Some(b"0".to_vec()));
        assert_eq!(snapshot.get(b"b\0").unwrap(), None);
    });
}

#[test]
fn a_snapshot_does_not_change() {
    on_each_kind(|store| {
        set(store, 1, &[("a", "old"), ("b", "old")]);
        let before = store.snapshot().unwrap();
        store
            .write(2, NOON, &mut |batch| {
                batch.set(b"a", b"new")?;
                batch.clear(b"b")?;
                batch.set(b"c", b"new")
            })
            .unwrap();
        assert_eq!(keys(&*before, "", "~", false, 9), "a b");
        assert_eq!(before.get(b"a").unwrap(), Some(b"old".to_vec()));
        let after = store.snapshot().unwrap();
        assert_eq!(keys(&*after, "", "~", false, 9), "a c");
        assert_eq!(after.get(b"a").unwrap(), Some(b"new".to_vec()));
    });
}

#[test]
fn the_snapshot_of_a_batch_is_made_once() {
    on_each_kind(|store| {
        let first = store.snapshot().unwrap();
        assert!(Arc::ptr_eq(&first, &store.snapshot().unwrap()));
        set(store, 1, &[("a", "1")]);
        assert!(!Arc::ptr_eq(&first, &store.snapshot().unwrap()));
    });
}

#[test]
fn a_closed_store_is_of_no_use() {
    on_each_kind(|store| {
        set(store, 1, &[("a", "1")]);
        store.close().unwrap();
        assert_eq!(store.snapshot().err().unwrap().error, Error::SHUTDOWN_IN_PROGRESS);
        assert!(store.write(2, NOON, &mut |_| Ok(())).is_err());
        assert_eq!(store.last_version().0, 1);
    });
}

#[test]
fn a_batch_sees_itself_and_applies_in_order() {
    on_each_kind(|store| {
        set(store, 1, &[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")]);
        store
            .write(2, NOON, &mut |batch| {
                batch.set(b"b", b"2")?;
                assert_eq!(batch.get(b"b")?, Some(b"2".to_vec()));
                batch.clear_range(b"b", b"d")?;
                assert_eq!(batch.get(b"b")?, None);
                batch.set(b"c", b"2")?;
                batch.clear_range(b"d", b"d")?;
                batch.clear_range(b"d", b"a")
            })
            .unwrap();
        assert_eq!(keys(&*store.snapshot().unwrap(), "", "~", false, 9), "a c d");
    });
}

#[test]
fn a_batch_that_fails_leaves_nothing() {
    on_each_kind(|store| {
        set(store, 1, &[("a", "1")]);
        let failed = store.write(2, NOON, &mut |batch| {
            batch.set(b"a", b"2")?;
            batch.set(b"b", b"2")?;
            Err(StorageError::new(Error::INTERNAL_ERROR, "on purpose"))
        });
        assert_eq!(failed.unwrap_err().message, "on purpose");
        assert_eq!(store.last_version().0, 1);
        set(store, 3, &[("c", "3")]);
        let snapshot = store.snapshot().unwrap();
        assert_eq!(keys(&*snapshot, "", "~", false, 9), "a c");
        assert_eq!(snapshot.get(b"a").unwrap(), Some(b"1".to_vec()));
    });
}

#[test]
fn many_batches_give_what_a_map_gives() {
    on_each_kind(|store| {
        let mut model = BTreeMap::new();
        let mut random = 88_172_645_463_325_252_u64;
        let mut next = |below: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random % below
        };
        for version in 1..60 {
            let steps: Vec<_> = (0..40).map(|_| (next(8), next(3000), next(400))).collect();
            store
                .write(version, NOON, &mut |batch| {
                    for (kind, a, b) in &steps {
                        let (key, end) = (a.to_be_bytes(), (a + b).to_be_bytes());
                        match kind {
                            0 => batch.clear_range(&key, &end)?,
                            1 => batch.clear(&key)?,
                            _ => batch.set(&key, &b.to_be_bytes())?,
                        }
                    }
                    Ok(())
                })
                .unwrap();
            for (kind, a, b) in steps {
                match kind {
                    0 => model.retain(|key, _| !(a..a + b).contains(key)),
                    1 => drop(model.remove(&a)),
                    _ => drop(model.insert(a, b)),
                }
            }
        }
        let snapshot = store.snapshot().unwrap();
        let pair = |(key, value): (&u64, &u64)| (key.to_be_bytes().to_vec(), value.to_be_bytes().to_vec());
        assert_eq!(scan(&*snapshot, b"", b"\xff", false, usize::MAX), model.iter().map(pair).collect::<Pairs>());
        for _ in 0..200 {
            let (begin, length, most) = (next(3000), next(600), 1 + next(60) as usize);
            let inside = || model.range(begin..begin + length).map(pair);
            let (from, to) = (begin.to_be_bytes(), (begin + length).to_be_bytes());
            assert_eq!(scan(&*snapshot, &from, &to, false, most), inside().take(most).collect::<Pairs>());
            assert_eq!(scan(&*snapshot, &from, &to, true, most), inside().rev().take(most).collect::<Pairs>());
        }
    });
}

#[test]
fn a_file_is_there_again_with_its_version() {
    for durable in [true, false] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("database");
        let store = RedbStore::file(&path, durable).unwrap();
        assert_eq!(store.last_version(), (0, Duration::ZERO));
        for version in 1..=20 {
            set(&store, version, &[("a", "1"), (&format!("k{version}"), "v")]);
        }
        store.close().unwrap();
        assert_eq!(store.snapshot().err().unwrap().error, Error::SHUTDOWN_IN_PROGRESS);
        assert!(store.write(21, NOON, &mut |_| Ok(())).is_err());
        store.close().unwrap();

        let again = RedbStore::file(&path, durable).unwrap();
        assert_eq!(again.last_version(), (20, NOON + Duration::from_secs(20)));
        assert_eq!(scan(&*again.snapshot().unwrap(), b"", b"\xff", false, 99).len(), 21);
    }
}

/// What a crash leaves is what is in the file while it is open: a copy of it stands for a crash.
#[test]
fn what_was_written_survives_a_crash() {
    let directory = tempfile::tempdir().unwrap();
    let (path, copy) = (directory.path().join("database"), directory.path().join("copy"));
    let store = RedbStore::file(&path, true).unwrap();
    for version in 1..=5 {
        set(&store, version, &[(&format!("k{version}"), "v")]);
        fs::copy(&path, &copy).unwrap();
        let recovered = RedbStore::file(&copy, true).unwrap();
        assert_eq!(recovered.last_version().0, version);
        assert_eq!(scan(&*recovered.snapshot().unwrap(), b"", b"\xff", false, 99).len(), version as usize);
    }
}

#[test]
fn one_store_at_a_time_has_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("database");
    let store = RedbStore::file(&path, true).unwrap();
    let refused = RedbStore::file(&path, true).err().unwrap();
    assert_eq!(refused.error, Error::LOCK_FILE_FAILURE);
    assert!(refused.message.contains("open in another process"), "{}", refused.message);
    set(&store, 1, &[("a", "1")]);
    store.close().unwrap();
    assert_eq!(RedbStore::file(&path, true).unwrap().last_version().0, 1);
}

/// A file that has no name any more would take writes, and lose them when it is closed.
#[cfg(unix)]
#[test]
fn a_file_that_is_gone_takes_no_writes_until_it_is_back() {
    let directory = tempfile::tempdir().unwrap();
    let (path, away) = (directory.path().join("database"), directory.path().join("away"));
    let store = RedbStore::file(&path, true).unwrap();
    set(&store, 1, &[("a", "1")]);
    fs::rename(&path, &away).unwrap();
    for replaced in [false, true] {
        if replaced {
            fs::copy(&away, &path).unwrap();
        }
        let failed = store.write(2, NOON, &mut |batch| batch.set(b"b", b"2")).unwrap_err();
        assert_eq!(failed.error, Error::FILE_NOT_FOUND);
        assert!(failed.message.contains("removed or replaced"), "{failed}");
        assert_eq!(keys(&*store.snapshot().unwrap(), "", "~", false, 9), "a");
    }
    fs::rename(&away, &path).unwrap();
    set(&store, 3, &[("c", "3")]);
    store.close().unwrap();
    assert_eq!(keys(&*RedbStore::file(&path, true).unwrap().snapshot().unwrap(), "", "~", false, 9), "a c");
}

/// Opens what must not open: the error is as wanted, and the file is as before.
fn refused(path: &Path, error: Error, words: &str) {
    let before = fs::read(path).ok();
    let refused = RedbStore::file(path, true).err().expect(words);
    assert_eq!(refused.error, error, "{}", refused.message);
    assert!(refused.message.contains(words), "{:?} is not in: {}", words, refused.message);
    assert!(fs::read(path).ok() == before, "{words}: the file was changed");
}

#[test]
fn foreign_files_are_refused_and_not_changed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file");
    for content in ["a letter to a friend, which is no database at all", "x"] {
        fs::write(&path, content).unwrap();
        refused(&path, Error::FILE_CORRUPT, "is not a found-db file");
    }
    fs::write(&path, vec![0; 72 << 10]).unwrap();
    refused(&path, Error::FILE_CORRUPT, "delete it");
    fs::write(&path, [b"found-db".as_slice(), &[0; 72 << 10]].concat()).unwrap();
    refused(&path, Error::FILE_CORRUPT, "delete it");
    fs::write(&path, [b"found-db".as_slice(), &[1; 72 << 10]].concat()).unwrap();
    refused(&path, Error::FILE_CORRUPT, "it has no header");
    refused(directory.path(), Error::FILE_NOT_READABLE, "is a directory");
    refused(&directory.path().join("none/database"), Error::FILE_NOT_FOUND, "make the directory");

    fs::remove_file(&path).unwrap();
    let other = redb::Database::create(&path).unwrap();
    let transaction = other.begin_write().unwrap();
    transaction.open_table(redb::TableDefinition::<u64, u64>::new("theirs")).unwrap();
    transaction.commit().unwrap();
    drop(other);
    refused(&path, Error::FILE_CORRUPT, "redb database of another program");
}

#[test]
fn a_file_from_before_there_were_checksums_is_used_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("database");
    make_plain_file(&path);
    for version in 1..4 {
        let store = RedbStore::file(&path, true).unwrap();
        assert_eq!(store.last_version().0, version - 1);
        set(&store, version, &[(&format!("k{version}"), "v")]);
        store.close().unwrap();
    }
    assert!(fs::read(&path).unwrap().starts_with(b"redb"));
    let store = RedbStore::file(&path, true).unwrap();
    assert_eq!(keys(&*store.snapshot().unwrap(), "", "~", false, 9), "k1 k2 k3");
}

#[test]
fn a_newer_format_is_refused_and_not_changed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("database");
    make_plain_file(&path);
    let database = redb::Database::open(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(super::open::META).unwrap().insert("format", &2i64.to_le_bytes()[..]).unwrap();
    transaction.commit().unwrap();
    drop(database);
    refused(&path, Error::FILE_NOT_READABLE, "a newer found-db (format 2)");
}

#[test]
fn a_panic_while_visiting_is_passed_on_and_does_no_harm() {
    on_each_kind(|store| {
        set(store, 1, &[("a", "1"), ("b", "2")]);
        let snapshot = store.snapshot().unwrap();
        for reverse in [false, true] {
            let scan = AssertUnwindSafe(|| snapshot.scan(b"", b"~", reverse, &mut |_, _| resume_unwind(Box::new(7))));
            assert_eq!(catch_unwind(scan).unwrap_err().downcast_ref(), Some(&7));
            assert_eq!(keys(&*snapshot, "", "~", reverse, 9).len(), 3);
        }
    });
}

/// redb trusts a file that was closed, and panics over some of what it then finds: whatever part is missing or
/// overwritten, to us it is an error.
#[test]
fn damaged_files_do_not_panic() {
    let directory = tempfile::tempdir().unwrap();
    let (path, damaged) = (directory.path().join("database"), directory.path().join("damaged"));
    let store = RedbStore::file(&path, true).unwrap();
    let value = "v".repeat(100);
    for version in 1..20 {
        let keys: Vec<String> = (0..20).map(|index| format!("k{index:03}{version:03}")).collect();
        set(&store, version, &keys.iter().map(|key| (key.as_str(), value.as_str())).collect::<Vec<_>>());
    }
    store.close().unwrap();
    let whole = fs::read(&path).unwrap();
    let try_all = |content: &[u8]| -> Result<(), StorageError> {
        fs::write(&damaged, content).unwrap();
        let store = RedbStore::file(&damaged, true)?;
        store.snapshot()?.scan(b"", b"\xff", false, &mut |_, _| ControlFlow::Continue(()))?;
        store.write(99, NOON, &mut |batch| batch.clear_range(b"", b"\xff"))?;
        store.close()
    };
    let header = Layout::NEW.header() as usize;
    for length in [9, 4096, 5000, header, header + 64, header + 320, header + 4100, header + 10_000, whole.len() - 1] {
        let error = try_all(&whole[..length]).unwrap_err();
        assert!(error.message.contains("damaged"), "cut to {length}: {error}");
    }
    let mut header_only = whole.clone();
    header_only[header + 9..header + 320].fill(0xa5);
    let error = try_all(&header_only).unwrap_err();
    assert!(error.message.contains("damaged"), "{error}");
    for page in (1..3).chain(header / 4096 - 2..whole.len() / 4096) {
        let mut content = whole.clone();
        content[page * 4096..(page + 1) * 4096].fill(0xa5);
        if let Err(error) = try_all(&content) {
            assert!(error.message.contains("damaged"), "page {page}: {error}");
        }
    }
}

/// A sector that went astray is the worst where it makes one kind of file look like another.
#[test]
fn a_file_whose_head_became_the_header_of_redb_is_refused() {
    for new_layout in [Layout::Log, Layout::Sums] {
        let directory = tempfile::tempdir().unwrap();
        let (path, copy) = (directory.path().join("database"), directory.path().join("copy"));
        let store = RedbStore::file_by(&path, true, Opener { new_layout, ..Opener::default() }).unwrap();
        set(&store, 1, &[("a", "1")]);
        let header = new_layout.header() as usize;
        for length in [9, 320, 512, 4096] {
            let mut content = fs::read(&path).unwrap();
            content.copy_within(header..header + length, 0);
            fs::write(&copy, &content).unwrap();
            refused(&copy, Error::FILE_CORRUPT, "it has two headers");
        }
    }
}

/// A file on a disk that is full when told so.
#[derive(Debug)]
struct FullableFile {
    file: DatabaseFile,
    layout: Layout,
    full: Arc<AtomicBool>,
}

impl redb::StorageBackend for FullableFile {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        // What is allocated already can be overwritten, the header above all, and the checksums before it.
        let header = self.layout.header();
        let is_there = [0, header - 4096, header].contains(&(offset / 4096 * 4096));
        if self.full.load(Ordering::Relaxed) && !is_there {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.file.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }
}

fn on_a_fullable_disk(path: &Path, durable: bool, new_layout: Layout, full: &Arc<AtomicBool>) -> RedbStore {
    let full = full.clone();
    let open = move |path: &Path| {
        let file = DatabaseFile::open(path)?;
        Ok(Box::new(FullableFile { file, layout: new_layout, full: full.clone() }) as Box<dyn redb::StorageBackend>)
    };
    RedbStore::file_by(path, durable, Opener { open: Box::new(open), new_layout, ..Opener::default() }).unwrap()
}

/// Whether the batch that meets the full disk would be in the log, or in redb's tree, with or without a log before it.
#[test]
fn a_full_disk_passes() {
    let (short, long) = ("3".to_owned(), "3".repeat(200_000));
    for (layout, value) in [(Layout::Log, &short), (Layout::Log, &long), (Layout::Sums, &short)] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("database");
        let full = Arc::new(AtomicBool::new(false));
        let store = on_a_fullable_disk(&path, true, layout, &full);
        set(&store, 1, &[("a", "1")]);
        let older = store.snapshot().unwrap();
        set(&store, 2, &[("b", "2")]);
        let newest = store.snapshot().unwrap();

        full.store(true, Ordering::Relaxed);
        for _ in 0..2 {
            let failed = store.write(3, NOON, &mut |batch| batch.set(b"c", value.as_bytes())).unwrap_err();
            assert_eq!(failed.error, Error::IO_ERROR);
            assert!(failed.message.starts_with("the disk is full"), "{failed}");
            assert_eq!(keys(&*newest, "", "~", false, 9), "a b");
            assert_eq!(keys(&*store.snapshot().unwrap(), "", "~", false, 9), "a b");
            assert_eq!(store.last_version().0, 2);
        }
        // What was in memory of an older snapshot can still be read; what was not is gone.
        let read = older.get(b"a");
        assert!(matches!(&read, Ok(Some(_))) || read.is_err_and(|error| error.error == Error::TRANSACTION_TOO_OLD));
        // What a crash leaves now is opened without any more of the disk.
        let copy = directory.path().join("copy");
        fs::copy(&path, &copy).unwrap();
        let recovered = on_a_fullable_disk(&copy, true, layout, &full);
        assert_eq!(keys(&*recovered.snapshot().unwrap(), "", "~", false, 9), "a b");

        full.store(false, Ordering::Relaxed);
        set(&store, 4, &[("d", "4")]);
        assert_eq!(keys(&*newest, "", "~", false, 9), "a b");
        assert_eq!(keys(&*store.snapshot().unwrap(), "", "~", false, 9), "a b d");
        store.close().unwrap();
        assert_eq!(keys(&*RedbStore::file(&path, true).unwrap().snapshot().unwrap(), "", "~", false, 9), "a b d");
    }
}

#[test]
fn a_new_file_that_the_disk_has_no_room_for_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let (path, full) = (directory.path().join("database"), Arc::new(AtomicBool::new(false)));
    let store = on_a_fullable_disk(&path, true, Layout::NEW, &full);
    full.store(true, Ordering::Relaxed);
    let failed = crate::registry::open_file(&path, store, &OpenOptions::default(), "file:database").err().unwrap();
    assert_eq!(failed.error, Error::IO_ERROR);
    assert!(failed.message.starts_with(&format!("{}: the disk is full: make room", path.display())), "{failed}");
}

#[test]
fn a_relaxed_file_must_be_opened_again_after_a_full_disk() {
    let directory = tempfile::tempdir().unwrap();
    let full = Arc::new(AtomicBool::new(false));
    let store = on_a_fullable_disk(&directory.path().join("database"), false, Layout::NEW, &full);
    set(&store, 1, &[("a", "1")]);
    full.store(true, Ordering::Relaxed);
    // A later second, so that it is synced.
    let failed = store.write(2, NOON + Duration::from_secs(9), &mut |batch| batch.set(b"b", b"2")).unwrap_err();
    assert!(failed.message.contains("disk is full"), "{failed}");
    full.store(false, Ordering::Relaxed);
    let refused = store.write(3, NOON, &mut |batch| batch.set(b"c", b"3")).unwrap_err();
    assert!(refused.message.contains("open the database again"), "{refused}");
}
