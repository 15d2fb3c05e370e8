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
