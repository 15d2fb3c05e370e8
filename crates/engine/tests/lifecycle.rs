//! The ends of transactions: what waits when one is dropped, reset or cancelled is told, and nothing is kept for it.
#![allow(clippy::unwrap_used)]

mod common;

use common::{code, memory, put, value_of, wait};
use engine::{Database, Error, Transaction};

/// What waits in a transaction: a read of the future, a commit behind it, a retry delay, a versionstamp, a watch.
struct Waiting {
    transaction: Transaction,
    codes: Vec<Box<dyn Fn() -> i32>>,
}

fn waiting(database: &Database) -> Waiting {
    let transaction = database.create_transaction();
    let now = wait(&database.create_transaction().read_version()).unwrap();
    transaction.set_read_version(now + 1_000_000_000);
    let watch = {
        transaction.set(b"watched", b"");
        transaction.watch(b"watched")
    };
    let stamp = transaction.versionstamp();
    let read = transaction.get(b"k", false);
    let commit = transaction.commit();
    assert!(!read.is_ready() && !commit.is_ready() && !stamp.is_ready() && !watch.is_ready());
    let codes: Vec<Box<dyn Fn() -> i32>> = vec![
        Box::new(move || code(&read)),
        Box::new(move || code(&commit)),
        Box::new(move || code(&stamp)),
        Box::new(move || code(&watch)),
    ];
    Waiting { transaction, codes }
}

#[test]
fn what_waits_is_told_when_its_transaction_ends() {
    let database = memory();
    type End = fn(Transaction) -> Option<Transaction>;
    let ends: &[End] = &[
        |transaction| {
            drop(transaction);
            None
        },
        |transaction| {
            transaction.reset();
            Some(transaction)
        },
        |transaction| {
            transaction.cancel();
            drop(transaction);
            None
        },
    ];
    for end in ends {
        let Waiting { transaction, codes } = waiting(&database);
        let left = end(transaction);
        for told in &codes {
            assert_eq!(told(), 1025);
        }
        if let Some(transaction) = left {
            assert_eq!(wait(&transaction.get(b"k", false)), Ok(None));
            transaction.set(b"k2", b"");
            assert_eq!(code(&transaction.commit()), 0);
        }
    }
    assert_eq!(value_of(&database, b"watched"), None);
}

#[test]
fn a_retry_delay_ends_with_its_transaction() {
    let database = memory();
    for end in [Transaction::reset, Transaction::cancel] {
        let transaction = database.create_transaction();
        let ended = loop {
            let delay = transaction.on_error(1020);
            end(&transaction);
            match code(&delay) {
                // It was over before.
                0 => transaction.reset(),
                ended => break ended,
            }
        };
        assert_eq!(ended, 1025);
    }
}

#[test]
fn an_attempt_after_on_error_is_a_new_one() {
    let database = memory();
    put(&database, &[(b"k", b"1")]);
    let transaction = database.create_transaction();
    assert_eq!(wait(&transaction.get(b"k", false)).unwrap().unwrap(), b"1");
    transaction.set(b"mine", b"");
    put(&database, &[(b"k", b"2")]);
    assert_eq!(code(&transaction.commit()), 1020);
    wait(&transaction.on_error(1020)).unwrap();
    assert_eq!(wait(&transaction.get(b"k", false)).unwrap().unwrap(), b"2");
    assert_eq!(wait(&transaction.get(b"mine", false)), Ok(None));
    assert_eq!(code(&transaction.commit()), 0);
}

#[test]
fn a_commit_goes_on_without_its_transaction() {
    let directory = tempfile::tempdir().unwrap();
    let target = format!("file:{}", directory.path().join("database").display());
    let open = || Database::open(&target, Default::default()).unwrap();
    for number in 0..20u8 {
        let database = open();
        let transaction = database.create_transaction();
        transaction.set(&[number], b"");
        let commit = transaction.commit();
        drop(transaction);
        // It was told of the end or of the commit, whichever came first.
        assert!([0, 1025].contains(&code(&commit)));
        drop(database);
        // A commit after it has it before itself, whether the file was still open or is opened anew.
        let database = open();
        put(&database, &[(b"later", b"")]);
        assert_eq!(value_of(&database, &[number]), Some(Vec::new()));
    }
}

#[test]
fn futures_outlive_everything() {
    let database = memory();
    put(&database, &[(b"k", b"value")]);
    let transaction = database.create_transaction();
    let value = transaction.get(b"k", false);
    let rows = transaction.get_range(common::at(b""), common::at(b"\xff"), Default::default());
    let commit = transaction.commit();
    drop(transaction);
    drop(database);
    assert_eq!(value.peek(), Some(&Ok(Some(b"value".to_vec()))));
    assert_eq!(rows.wait().as_ref().unwrap().get(0), Some((&b"k"[..], &b"value"[..])));
    assert_eq!(commit.wait(), &Ok(()));
}

#[test]
fn a_second_use_fails_the_commit_that_is_under_way_or_done() {
    let database = memory();
    let transaction = database.create_transaction();
    transaction.set(b"k", b"");
    wait(&transaction.commit()).unwrap();
    assert_eq!(code(&transaction.commit()), 2017);
    // That was one use too many for the rest as well.
    assert_eq!(wait(&transaction.on_error(1020)), Err(Error::USED_DURING_COMMIT));
    transaction.reset();
    assert_eq!(code(&transaction.commit()), 0);

    let transaction = database.create_transaction();
    transaction.set_option(701, None).unwrap();
    wait(&transaction.commit()).unwrap();
    assert_eq!(code(&transaction.get(b"k", false)), 2017);
    assert_eq!(code(&transaction.on_error(1020)), 0);
}
