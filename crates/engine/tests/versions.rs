//! Versions: they grow with time, never go back, and name a moment that can be read.
#![allow(clippy::unwrap_used)]

mod common;

use common::{code, memory, open_with_clock, put, wait, with_clock};
use engine::Database;
use std::time::Duration;

fn read_version(database: &Database) -> i64 {
    wait(&database.create_transaction().read_version()).unwrap()
}

#[test]
fn versions_grow_by_a_million_a_second() {
    let (database, clock) = with_clock();
    let first = put(&database, &[(b"k", b"")]);
    clock.advance(Duration::from_secs(10));
    let later = read_version(&database);
    assert!((9_900_000..=10_100_000).contains(&(later - first)), "{}", later - first);
    let committed = put(&database, &[(b"k", b"")]);
    assert!(committed > later);
    assert!(read_version(&database) >= committed);
}

#[test]
fn commits_without_a_clock_still_get_versions_of_their_own() {
    let (database, _clock) = with_clock();
    let versions: Vec<i64> = (0..100).map(|_| put(&database, &[(b"k", b"")])).collect();
    assert!(versions.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn a_reader_sees_every_commit_that_was_told_before() {
    let database = memory();
    std::thread::scope(|scope| {
        for thread in 0..3u8 {
            let database = &database;
            scope.spawn(move || {
                for _ in 0..200 {
                    let committed = put(database, &[(&[thread], b"")]);
                    assert!(read_version(database) >= committed);
                }
            });
        }
    });
}

#[test]
fn a_version_can_be_read_again_for_five_seconds() {
    let (database, clock) = with_clock();
    let version = put(&database, &[(b"k", b"old")]);
    clock.advance(Duration::from_secs(1));
    put(&database, &[(b"k", b"new")]);
    let read_at = |version: i64| {
        let transaction = database.create_transaction();
        transaction.set_read_version(version);
        wait(&transaction.get(b"k", false)).map_err(|error| error.code())
    };
    assert_eq!(read_at(version), Ok(Some(b"old".to_vec())));
    clock.advance(Duration::from_millis(3_900));
    assert_eq!(read_at(version), Ok(Some(b"old".to_vec())));
    clock.advance(Duration::from_millis(200));
    assert_eq!(read_at(version), Err(1007));
    // Too old also where nothing was written since.
    let newest = read_version(&database);
    assert_eq!(read_at(newest), Ok(Some(b"new".to_vec())));
    clock.advance(Duration::from_millis(5_100));
    assert_eq!(read_at(newest), Err(1007));
}

#[test]
fn an_old_transaction_can_neither_read_nor_commit_but_keeps_what_it_knows() {
    let (database, clock) = with_clock();
    put(&database, &[(b"k", b"1")]);
    let transaction = database.create_transaction();
    wait(&transaction.get(b"k", false)).unwrap();
    clock.advance(Duration::from_secs(6));
    assert_eq!(wait(&transaction.get(b"k", false)), Ok(Some(b"1".to_vec())));
    transaction.set(b"mine", b"");
    assert_eq!(code(&transaction.commit()), 1007);
    wait(&transaction.on_error(1007)).unwrap();
    assert_eq!(wait(&transaction.get(b"other", false)), Ok(None));
    clock.advance(Duration::from_secs(6));
    assert_eq!(code(&transaction.get(b"another", false)), 1007);
    // A read that failed fails the commit.
    transaction.set(b"mine", b"");
    assert_eq!(code(&transaction.commit()), 1007);

    // One that has read nothing gets its version when it commits.
    let transaction = database.create_transaction();
    clock.advance(Duration::from_secs(60));
    transaction.set(b"mine", b"");
    assert_eq!(code(&transaction.commit()), 0);
}

#[test]
fn a_version_of_the_future_is_waited_for() {
    let database = memory();
    put(&database, &[(b"k", b"1")]);
    let transaction = database.create_transaction();
    transaction.set_read_version(read_version(&database) + 50_000);
    let read = transaction.get(b"k", false);
    // The commit waits for the read.
    transaction.set(b"mine", b"");
    let commit = transaction.commit();
    assert_eq!(wait(&read), Ok(Some(b"1".to_vec())));
    assert_eq!(code(&commit), 0);

    // But not for more than a second.
    let transaction = database.create_transaction();
    transaction.set_read_version(read_version(&database) + 1_000_000_000);
    let read = transaction.get(b"k", false);
    transaction.set(b"mine", b"");
    let commit = transaction.commit();
    assert_eq!((code(&read), code(&commit)), (1009, 1009));
}

#[test]
fn versions_that_cannot_be_set() {
    let database = memory();
    let after = |set: &dyn Fn(&engine::Transaction)| {
        let transaction = database.create_transaction();
        set(&transaction);
        code(&transaction.get(b"k", false))
    };
    assert_eq!(after(&|transaction| transaction.set_read_version(0)), 2011);
    assert_eq!(after(&|transaction| transaction.set_read_version(-1)), 2011);
    let twice = database.create_transaction();
    wait(&twice.read_version()).unwrap();
    twice.set_read_version(5);
    assert_eq!(code(&twice.get(b"k", false)), 2010);
}

#[test]
fn a_file_goes_on_where_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let target = format!("file:{}", directory.path().join("database").display());
    let mut last = 0;
    for _ in 0..3 {
        let (database, clock) = open_with_clock(&target);
        assert!(read_version(&database) > last);
        put(&database, &[(b"k", b"")]);
        clock.advance(Duration::from_secs(3));
        // Handed out, but never written: it must not come twice.
        last = read_version(&database);
    }
}

#[test]
fn a_versionstamp_is_the_version_and_the_place_in_the_batch() {
    let database = memory();
    let transaction = database.create_transaction();
    transaction.atomic_op(b"value", &[b"v".as_slice(), &[0; 10], &1i32.to_le_bytes()].concat(), 15);
    transaction.atomic_op(&[b"key".as_slice(), &[0; 10], &3i32.to_le_bytes()].concat(), b"", 14);
    let stamp = transaction.versionstamp();
    assert!(!stamp.is_ready());
    wait(&transaction.commit()).unwrap();
    let stamp = wait(&stamp).unwrap();
    assert_eq!(stamp[..8], transaction.committed_version().to_be_bytes());
    assert_eq!(common::value_of(&database, b"value").unwrap(), [b"v", &stamp[..]].concat());
    assert!(common::value_of(&database, &[b"key", &stamp[..]].concat()).is_some());

    let read_only = database.create_transaction();
    let stamp = read_only.versionstamp();
    wait(&read_only.commit()).unwrap();
    assert_eq!((code(&stamp), read_only.committed_version()), (2021, -1));
    assert_eq!(code(&read_only.versionstamp()), 2017);
}

fn read_at(database: &Database, version: i64, key: &[u8]) -> Result<Option<Vec<u8>>, i32> {
    let transaction = database.create_transaction();
    transaction.set_read_version(version);
    wait(&transaction.get(key, false)).map_err(|error| error.code())
}

/// However many there are, and whether or not somebody has read them before.
#[test]
fn every_version_of_the_last_five_seconds_can_be_read() {
    let directory = tempfile::tempdir().unwrap();
    for target in ["memory:", &format!("file:{}", directory.path().join("database").display())] {
        let (database, clock) = open_with_clock(target);
        let reader = database.create_transaction();
        let mut versions = Vec::new();
        for number in 0..300u32 {
            versions.push((put(&database, &[(b"k", &number.to_be_bytes()), (&[b'n', number as u8], b"")]), number));
            if number == 100 {
                assert_eq!(wait(&reader.get(b"k", false)), Ok(Some(number.to_be_bytes().to_vec())));
            }
            clock.advance(Duration::from_millis(10));
        }
        for &(version, number) in &versions {
            assert_eq!(read_at(&database, version, b"k"), Ok(Some(number.to_be_bytes().to_vec())), "{target}");
            let unwritten = if number < 255 { Ok(None) } else { Ok(Some(vec![])) };
            assert_eq!(read_at(&database, version, b"n\xff"), unwritten);
        }
        // One that reads keeps its version from being forgotten, and it can be shared.
        let shared = wait(&reader.read_version()).unwrap();
        assert_eq!(read_at(&database, shared, b"k"), Ok(Some(100u32.to_be_bytes().to_vec())));
        clock.advance(Duration::from_millis(2_495));
        put(&database, &[(b"k", b"")]);
        for &(version, number) in &versions {
            let expected = if number < 50 { Err(1007) } else { Ok(Some(number.to_be_bytes().to_vec())) };
            assert_eq!(read_at(&database, version, b"k"), expected, "{target}, {number}");
        }
    }
}

/// What is replaced in five seconds is kept in memory, so there is an end to it. Who reads already goes on.
#[test]
fn versions_that_too_much_was_replaced_since_are_too_old() {
    let (database, _clock) = with_clock();
    let value = |number: u8| vec![number; 90_000];
    let first = put(&database, &[(b"k", b"first")]);
    let reader = database.create_transaction();
    assert_eq!(wait(&reader.get(b"k", false)), Ok(Some(b"first".to_vec())));
    let mut last = 0;
    for number in 0..250 {
        last = put(&database, &[(b"k", &value(number))]);
    }
    put(&database, &[(b"k", b"")]);
    assert_eq!(read_at(&database, last, b"k"), Ok(Some(value(249))));
    assert_eq!(read_at(&database, first + 1, b"k"), Err(1007));
    assert_eq!(wait(&reader.get(b"j", false)), Ok(None));
    let shared = wait(&reader.read_version()).unwrap();
    assert_eq!(read_at(&database, shared, b"k"), Ok(Some(b"first".to_vec())));
    drop(reader);
    assert_eq!(read_at(&database, shared, b"k"), Err(1007));

    // A single commit may be too much, too.
    let before = put(&database, &[(b"k", b"before")]);
    for round in 0..3u8 {
        let many: Vec<_> = (0..100u8).map(|number| ([b'm', round, number], value(number))).collect();
        let pairs: Vec<(&[u8], &[u8])> = many.iter().map(|(key, value)| (key.as_slice(), value.as_slice())).collect();
        put(&database, &pairs);
    }
    assert_eq!(read_at(&database, before, b"k"), Ok(Some(b"before".to_vec())));
    let clear = database.create_transaction();
    clear.clear_range(b"m", b"n");
    assert_eq!(code(&clear.commit()), 0);
    assert_eq!(read_at(&database, before, b"k"), Err(1007));
    assert_eq!(read_at(&database, read_version(&database), b"k"), Ok(Some(b"before".to_vec())));
}
