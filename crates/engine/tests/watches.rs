//! Watches: what fires them, what fails them, and how many there may be.
#![allow(clippy::unwrap_used)]

mod common;

use common::{code, int, memory, option, put, wait};
use engine::{Database, Error, Future};
use std::sync::mpsc;
use std::thread;

const MAX_WATCHES: i32 = 20;

/// A watch that is armed: its transaction has committed.
fn armed(database: &Database, key: &[u8]) -> Future<()> {
    let transaction = database.create_transaction();
    let watch = transaction.watch(key);
    wait(&transaction.commit()).unwrap();
    assert!(!watch.is_ready());
    watch
}

#[test]
fn a_change_fires_and_the_same_value_does_not() {
    let database = memory();
    put(&database, &[(b"k", b"1")]);
    let watch = armed(&database, b"k");
    put(&database, &[(b"k", b"1"), (b"other", b"1")]);
    assert!(!watch.is_ready());
    put(&database, &[(b"k", b"2")]);
    assert_eq!(wait(&watch), Ok(()));
}

#[test]
fn a_clear_an_atomic_operation_and_a_versionstamp_fire() {
    type Write = fn(&engine::Transaction);
    let writes: &[Write] = &[
        |transaction| transaction.clear(b"k"),
        |transaction| transaction.clear_range(b"", b"\xff"),
        |transaction| transaction.atomic_op(b"k", b"\x01", 2),
        |transaction| transaction.atomic_op(b"k", &[0; 14], 15),
        |transaction| transaction.atomic_op(b"k", b"1", 20),
    ];
    for write in writes {
        let database = memory();
        put(&database, &[(b"k", b"1")]);
        let watch = armed(&database, b"k");
        let transaction = database.create_transaction();
        write(&transaction);
        wait(&transaction.commit()).unwrap();
        assert_eq!(wait(&watch), Ok(()));
    }
}

/// On which thread a commit is made shows in where its watches fire.
#[test]
fn the_commit_of_a_memory_database_is_made_here_unless_it_clears_very_many_rows() {
    for (rows, here) in [(100, true), (10_000, false)] {
        let database = memory();
        let transaction = database.create_transaction();
        for row in 0..rows {
            transaction.set(format!("row {row}").as_bytes(), b"");
        }
        wait(&transaction.commit()).unwrap();
        let watch = armed(&database, b"row 7");
        let (sender, receiver) = mpsc::channel();
        watch.on_ready(move || sender.send(thread::current().id()).unwrap());
        let transaction = database.create_transaction();
        transaction.clear_range(b"row", b"rox");
        let commit = transaction.commit();
        assert!(!here || commit.is_ready());
        assert_eq!(wait(&commit), Ok(()));
        assert_eq!(receiver.recv().unwrap() == thread::current().id(), here, "{rows} rows");
    }
}

#[test]
fn all_watches_of_a_key_fire_and_none_of_another() {
    let database = memory();
    let watches: Vec<Future<()>> = (0..10).map(|_| armed(&database, b"k")).collect();
    let other = armed(&database, b"k\0");
    put(&database, &[(b"k", b"")]);
    assert!(watches.iter().all(|watch| wait(watch) == Ok(())));
    assert!(!other.is_ready());
}

#[test]
fn what_changed_between_the_read_and_the_commit_fires_at_once() {
    let database = memory();
    let transaction = database.create_transaction();
    let watch = transaction.watch(b"k");
    put(&database, &[(b"k", b"new")]);
    assert!(!watch.is_ready());
    wait(&transaction.commit()).unwrap();
    assert_eq!(wait(&watch), Ok(()));
}

#[test]
fn own_writes_before_it_are_what_it_sees_and_own_writes_after_it_fire_it() {
    let database = memory();
    let transaction = database.create_transaction();
    transaction.set(b"k", b"mine");
    let seen = transaction.watch(b"k");
    transaction.set(b"k", b"mine");
    assert!(!seen.is_ready());
    wait(&transaction.commit()).unwrap();
    assert!(!seen.is_ready());
    put(&database, &[(b"k", b"theirs")]);
    assert_eq!(wait(&seen), Ok(()));

    let transaction = database.create_transaction();
    let overwritten = transaction.watch(b"k");
    transaction.atomic_op(b"k", b"", 9);
    assert_eq!(wait(&overwritten), Ok(()));
}

#[test]
fn a_transaction_that_ends_before_its_commit_fails_it() {
    let database = memory();
    let transaction = database.create_transaction();
    let reset = transaction.watch(b"k");
    transaction.reset();
    assert_eq!(code(&reset), 1025);
    let retried = transaction.watch(b"k");
    wait(&transaction.on_error(1020)).unwrap();
    assert_eq!(code(&retried), 1025);
    let dropped = transaction.watch(b"k");
    drop(transaction);
    assert_eq!(code(&dropped), 1025);

    let transaction = database.create_transaction();
    wait(&transaction.get(b"k", false)).unwrap();
    let conflicting = transaction.watch(b"k");
    put(&database, &[(b"k", b"1")]);
    transaction.set(b"mine", b"");
    assert_eq!(code(&transaction.commit()), 1020);
    assert_eq!(code(&conflicting), 1020);
}

#[test]
fn an_armed_watch_outlives_its_transaction() {
    let database = memory();
    let transaction = database.create_transaction();
    let watch = transaction.watch(b"k");
    wait(&transaction.commit()).unwrap();
    transaction.reset();
    transaction.cancel();
    drop(transaction);
    assert!(!watch.is_ready());
    put(&database, &[(b"k", b"")]);
    assert_eq!(wait(&watch), Ok(()));
}

#[test]
fn it_adds_a_read_conflict() {
    let database = memory();
    let transaction = database.create_transaction();
    let _watch = transaction.watch(b"k");
    assert_eq!(common::read_conflicts(&transaction), [(b"k".to_vec(), b"k\0".to_vec())]);
}

#[test]
fn places_are_limited_and_come_back() {
    let database = memory();
    database.set_option(MAX_WATCHES, Some(&int(3))).unwrap();
    let mut watches: Vec<Future<()>> = (0..3).map(|_| armed(&database, b"k")).collect();
    let transaction = database.create_transaction();
    assert_eq!(code(&transaction.watch(b"k")), 1032);
    // The transaction goes on without it.
    transaction.set(b"mine", b"");
    assert_eq!(code(&transaction.commit()), 0);

    watches.pop().unwrap().cancel();
    watches.push(armed(&database, b"k"));
    put(&database, &[(b"k", b"1")]);
    assert!(watches.iter().all(|watch| wait(watch) == Ok(())));
    // A watch of a transaction that never commits takes a place until that ends.
    let transaction = database.create_transaction();
    let waiting: Vec<Future<()>> = (0..3).map(|_| transaction.watch(b"k")).collect();
    assert_eq!(code(&database.create_transaction().watch(b"k")), 1032);
    drop(transaction);
    assert!(waiting.iter().all(|watch| code(watch) == 1025));
    armed(&database, b"k");
}

#[test]
fn a_cancelled_watch_does_not_fire() {
    let database = memory();
    let watch = armed(&database, b"k");
    watch.cancel();
    put(&database, &[(b"k", b"1")]);
    assert_eq!(watch.peek(), Some(&Err(Error::OPERATION_CANCELLED)));
}

#[test]
fn keys_and_options_that_do_not_go_with_watches() {
    let database = memory();
    let transaction = database.create_transaction();
    assert_eq!(code(&transaction.watch(b"\xff")), 2004);
    assert_eq!(code(&transaction.watch(b"\xff\xff/status/json")), 2004);
    assert_eq!(code(&transaction.watch(&[b'k'; 10_001])), 2102);
    transaction.reset();
    transaction.set_option(option::READ_YOUR_WRITES_DISABLE, None).unwrap();
    assert_eq!(code(&transaction.watch(b"k")), 1034);
    transaction.reset();
    wait(&transaction.commit()).unwrap();
    assert_eq!(code(&transaction.watch(b"k")), 2017);
}

#[test]
fn a_database_that_goes_cancels_its_watches() {
    let database = memory();
    let watch = armed(&database, b"k");
    let protocol = database.server_protocol(engine::PROTOCOL_VERSION);
    let copy = database.clone();
    drop(database);
    assert!(!watch.is_ready() && !protocol.is_ready());
    drop(copy);
    assert_eq!(code(&watch), 1101);
    assert_eq!(code(&protocol), 1101);
}
