//! Options: what they do, how long they hold, and which values they take.
#![allow(clippy::unwrap_used)]

mod common;

use common::{code, int, memory, option, put, wait, with_clock};
use engine::{Database, Transaction};
use std::time::Duration;

fn set(transaction: &Transaction, option: i32, value: i64) {
    transaction.set_option(option, Some(&int(value))).unwrap();
}

/// The next thing after setting an option: a read shows a wrong value.
fn code_after(database: &Database, option: i32, value: Option<&[u8]>) -> i32 {
    let transaction = database.create_transaction();
    transaction.set_option(option, value).unwrap();
    code(&transaction.get(b"k", false))
}

#[test]
fn an_option_that_does_not_exist_is_refused_at_once() {
    let database = memory();
    for unknown in [0, 1, 22, 299, 506, 999, 5000, -1, i32::MAX] {
        assert_eq!(database.create_transaction().set_option(unknown, None).unwrap_err().code(), 2007, "{unknown}");
    }
    for unknown in [0, 1, 30, 499, 507, 703, 2000, -1] {
        assert_eq!(database.set_option(unknown, None).unwrap_err().code(), 2007, "{unknown}");
    }
    assert_eq!(code(&database.create_transaction().get(b"k", false)), 0);
}

#[test]
fn a_wrong_value_shows_at_the_next_operation() {
    let database = memory();
    let integers = [
        (option::TIMEOUT, -1, 0, i64::from(i32::MAX)),
        (option::RETRY_LIMIT, -2, -1, i64::from(i32::MAX)),
        (option::MAX_RETRY_DELAY, -1, 0, i64::from(i32::MAX)),
        (option::SIZE_LIMIT, 31, 32, 10_000_000),
    ];
    for (option, below, least, most) in integers {
        assert_eq!(code_after(&database, option, None), 2006, "{option}");
        assert_eq!(code_after(&database, option, Some(b"")), 2006, "{option}");
        assert_eq!(code_after(&database, option, Some(&[1, 0, 0, 0])), 2006, "{option}");
        assert_eq!(code_after(&database, option, Some(&int(below))), 2006, "{option}");
        assert_eq!(code_after(&database, option, Some(&int(most + 1))), 2006, "{option}");
        assert_eq!(code_after(&database, option, Some(&int(least))), 0, "{option}");
        assert_eq!(code_after(&database, option, Some(&int(most))), 0, "{option}");
    }
    for flag in [10, 20, 30, 51, 301, 302, 600, 601, 700, 701, 702, 712, 713, 714, 1100] {
        assert_eq!(code_after(&database, flag, Some(b"1")), 2006, "{flag}");
        assert_eq!(code_after(&database, flag, Some(b"")), 0, "{flag}");
        assert_eq!(code_after(&database, flag, None), 0, "{flag}");
    }
    let identifier = |length| Some(vec![b'i'; length]);
    for (option, value, wanted) in [
        (403, identifier(1), 0),
        (403, identifier(100), 0),
        (403, identifier(101), 2006),
        (403, None, 2006),
        (404, None, 2000),
        (504, identifier(15), 2007),
        (504, identifier(16), 0),
        (504, identifier(256), 2007),
        (800, identifier(255), 0),
        (800, identifier(256), 2110),
        (900, identifier(33), 0),
        (900, identifier(16), 2006),
        (1101, None, 2007),
        (300, None, 2000),
    ] {
        assert_eq!(code_after(&database, option, value.as_deref()), wanted, "{option} {value:?}");
    }
    let tagged = database.create_transaction();
    for tag in 0..6u8 {
        assert_eq!(code(&tagged.approximate_size()), 0);
        tagged.set_option(800, Some(&[tag])).unwrap();
    }
    assert_eq!(code(&tagged.get(b"k", false)), 2109);
}

#[test]
fn the_first_wrong_value_stays_until_a_reset() {
    let database = memory();
    let transaction = database.create_transaction();
    transaction.set_option(option::TIMEOUT, Some(b"1")).unwrap();
    transaction.set(b"", &[0; 100_001]);
    transaction.set(b"k", b"");
    assert_eq!(code(&transaction.commit()), 2006);
    assert_eq!(code(&transaction.read_version()), 2006);
    assert_eq!(code(&transaction.approximate_size()), 2006);
    transaction.reset();
    assert_eq!(wait(&transaction.get(b"k", false)), Ok(None));
}

#[test]
fn read_your_writes_can_be_disabled_only_before_the_first_operation() {
    let database = memory();
    let after = |first: &dyn Fn(&Transaction)| {
        let transaction = database.create_transaction();
        first(&transaction);
        transaction.set_option(option::READ_YOUR_WRITES_DISABLE, None).unwrap();
        code(&transaction.get(b"k", false))
    };
    assert_eq!(after(&|_| ()), 0);
    assert_eq!(after(&|transaction| drop(transaction.get(b"k", false))), 2000);
    assert_eq!(after(&|transaction| transaction.set(b"k", b"")), 2000);
    let transaction = database.create_transaction();
    transaction.set_option(option::READ_YOUR_WRITES_DISABLE, None).unwrap();
    transaction.set(b"k", b"1");
    assert_eq!(wait(&transaction.get(b"k", false)), Ok(None));
}

#[test]
fn a_timeout_ends_what_comes_after_it() {
    let (database, clock) = with_clock();
    let transaction = database.create_transaction();
    set(&transaction, option::TIMEOUT, 100);
    assert_eq!(code(&transaction.get(b"k", false)), 0);
    clock.advance(Duration::from_millis(99));
    assert_eq!(code(&transaction.get(b"k", false)), 0);
    clock.advance(Duration::from_millis(1));
    assert_eq!(code(&transaction.get(b"k", false)), 1031);
    assert_eq!(code(&transaction.commit()), 1031);
    assert_eq!(code(&transaction.on_error(1020)), 1031);
    // It counts from the reset, and needs to be set again.
    transaction.reset();
    clock.advance(Duration::from_secs(4));
    assert_eq!(code(&transaction.get(b"k", false)), 0);
    set(&transaction, option::TIMEOUT, 1_000);
    assert_eq!(code(&transaction.get(b"k", false)), 1031);
}

#[test]
fn a_timeout_goes_on_over_a_retry_and_can_be_taken_back() {
    let (database, clock) = with_clock();
    let transaction = database.create_transaction();
    set(&transaction, option::TIMEOUT, 5_000);
    clock.advance(Duration::from_secs(3));
    wait(&transaction.on_error(1020)).unwrap();
    clock.advance(Duration::from_secs(1));
    assert_eq!(code(&transaction.get(b"k", false)), 0);
    set(&transaction, option::TIMEOUT, 0);
    clock.advance(Duration::from_secs(100));
    assert_eq!(code(&transaction.read_version()), 0);
    set(&transaction, option::TIMEOUT, 200_000);
    assert_eq!(code(&transaction.read_version()), 0);
}

#[test]
fn a_timeout_ends_what_waits_although_nobody_calls() {
    let database = memory();
    let begin = || {
        let transaction = database.create_transaction();
        set(&transaction, option::TIMEOUT, 30);
        transaction
    };
    // A read of the future waits for a second.
    let transaction = begin();
    let now = wait(&transaction.read_version()).unwrap();
    let transaction = begin();
    transaction.set_read_version(now + 1_000_000_000);
    let read = transaction.get(b"k", false);
    let range = transaction.get_range(common::at(b""), common::at(b"\xff"), Default::default());
    transaction.set(b"mine", b"");
    let commit = transaction.commit();
    assert_eq!((code(&read), code(&range), code(&commit)), (1031, 1031, 1031));

    // A retry delay after many attempts.
    let transaction = database.create_transaction();
    set(&transaction, option::MAX_RETRY_DELAY, 1_000_000_000);
    for _ in 0..4 {
        wait(&transaction.on_error(1020)).unwrap();
    }
    let mut delayed = 0;
    while delayed != 1031 {
        // The base doubles each time: in the end the delay is far over the timeout.
        set(&transaction, option::TIMEOUT, 300);
        delayed = code(&transaction.on_error(1020));
    }

    // A versionstamp of a transaction that is never committed.
    let transaction = begin();
    let stamp = transaction.versionstamp();
    assert_eq!(code(&stamp), 1031);
}

#[test]
fn the_retry_limit_counts_calls_until_a_reset() {
    let database = memory();
    let transaction = database.create_transaction();
    set(&transaction, option::RETRY_LIMIT, 2);
    set(&transaction, option::MAX_RETRY_DELAY, 0);
    assert_eq!((code(&transaction.on_error(1020)), code(&transaction.on_error(1007))), (0, 0));
    assert_eq!(code(&transaction.on_error(1020)), 1020);
    // What follows a failed on_error is a cancelled transaction.
    assert_eq!(code(&transaction.get(b"k", false)), 1025);
    transaction.reset();
    for _ in 0..3 {
        assert_eq!(code(&transaction.on_error(1020)), 0);
    }
    transaction.reset();
    set(&transaction, option::RETRY_LIMIT, 0);
    assert_eq!(code(&transaction.on_error(1021)), 1021);
}

#[test]
fn errors_that_no_retry_helps_come_back() {
    let database = memory();
    for (given, wanted) in
        [(0, 2000), (1025, 1025), (1031, 1031), (1100, 1025), (2017, 2017), (5000, 5000), (1039, 1039)]
    {
        let transaction = database.create_transaction();
        assert_eq!(code(&transaction.on_error(given)), wanted);
        assert_eq!(code(&transaction.get(b"k", false)), 1025);
    }
    for retried in [1007, 1009, 1020, 1021, 1037, 1038, 1042, 1051, 1078, 1079, 1213, 1223] {
        assert_eq!(code(&database.create_transaction().on_error(retried)), 0, "{retried}");
    }
}

#[test]
fn a_size_limit_shows_at_the_commit() {
    let database = memory();
    let commit = |limit: i64| {
        let transaction = database.create_transaction();
        set(&transaction, option::SIZE_LIMIT, limit);
        // 44 and key and value for the set, 24 and both ends for its conflict range.
        transaction.set(b"key", &[0; 100]);
        code(&transaction.commit())
    };
    let size = 44 + 3 + 100 + 24 + 3 + 4;
    assert_eq!((commit(size - 1), commit(size)), (2101, 0));
    // It is for one attempt only.
    let transaction = database.create_transaction();
    set(&transaction, option::SIZE_LIMIT, 32);
    wait(&transaction.on_error(1020)).unwrap();
    transaction.set(b"key", &[0; 100]);
    assert_eq!(code(&transaction.commit()), 0);
}

#[test]
fn defaults_of_a_database_are_for_new_and_reset_transactions() {
    let (database, clock) = with_clock();
    let before = database.create_transaction();
    database.set_option(500, Some(&int(1_000))).unwrap();
    let after = database.create_transaction();
    clock.advance(Duration::from_secs(1));
    assert_eq!((code(&before.get(b"k", false)), code(&after.get(b"k", false))), (0, 1031));
    before.reset();
    clock.advance(Duration::from_secs(1));
    assert_eq!(code(&before.get(b"k", false)), 1031);
    // A transaction's own value comes first, and the latest default counts.
    database.set_option(500, Some(&int(0))).unwrap();
    let transaction = database.create_transaction();
    clock.advance(Duration::from_secs(2));
    assert_eq!(code(&transaction.read_version()), 0);

    database.set_option(501, Some(&int(1))).unwrap();
    let transaction = database.create_transaction();
    assert_eq!((code(&transaction.on_error(1020)), code(&transaction.on_error(1020))), (0, 1020));
    database.set_option(503, Some(&int(32))).unwrap();
    let transaction = database.create_transaction();
    transaction.set(b"key", b"value");
    assert_eq!(code(&transaction.commit()), 2101);
    // What concerns only a cluster is taken and has no effect.
    for option in [504, 505, 506, 800] {
        database.set_option(option, None).unwrap();
    }
    for (option, value) in [(10, int(5)), (900, int(50))] {
        database.set_option(option, Some(&value)).unwrap();
    }
    assert_eq!(code(&database.create_transaction().get(b"k", false)), 0);
}

#[test]
fn snapshot_reads_see_own_writes_as_often_as_enabled() {
    let database = memory();
    let sees = |transaction: &Transaction| wait(&transaction.get(b"k", true)).unwrap().is_some();
    let transaction = database.create_transaction();
    transaction.set(b"k", b"mine");
    assert!(sees(&transaction));
    transaction.set_option(601, None).unwrap();
    assert!(!sees(&transaction));
    transaction.set_option(601, None).unwrap();
    transaction.set_option(600, None).unwrap();
    assert!(!sees(&transaction));
    transaction.set_option(600, None).unwrap();
    assert!(sees(&transaction));

    database.set_option(27, None).unwrap();
    let transaction = database.create_transaction();
    transaction.set(b"k", b"mine");
    assert!(!sees(&transaction));
    database.set_option(26, None).unwrap();
    assert!(!sees(&transaction));
    transaction.reset();
    transaction.set(b"k", b"mine");
    assert!(sees(&transaction));
}

#[test]
fn a_wrong_default_poisons_the_database() {
    let database = memory();
    database.set_option(500, Some(b"1")).unwrap();
    assert_eq!(code(&database.create_transaction().get(b"k", false)), 2006);
    database.set_option(500, Some(&int(1))).unwrap();
    assert_eq!(code(&database.create_transaction().read_version()), 2006);
    for (option, value) in [(10, int(-1)), (20, int(1_000_001)), (504, int(1)), (900, int(101))] {
        let database = memory();
        database.set_option(option, Some(&value)).unwrap();
        assert_eq!(code(&database.create_transaction().read_version()), 2006, "{option}");
    }
}

#[test]
fn a_locked_database_lets_only_those_in_who_know() {
    let database = memory();
    let lock = database.create_transaction();
    lock.set_option(option::ACCESS_SYSTEM_KEYS, None).unwrap();
    lock.set(b"\xff/dbLocked", b"by me");
    wait(&lock.commit()).unwrap();
    let with = |option: Option<i32>| {
        let transaction = database.create_transaction();
        if let Some(option) = option {
            transaction.set_option(option, None).unwrap();
        }
        let read = code(&transaction.get(b"k", false));
        transaction.reset();
        if let Some(option) = option {
            transaction.set_option(option, None).unwrap();
        }
        transaction.set(b"k", b"");
        (read, code(&transaction.commit()))
    };
    assert_eq!(with(None), (1038, 1038));
    assert_eq!(with(Some(option::READ_LOCK_AWARE)), (0, 2023));
    assert_eq!(with(Some(option::LOCK_AWARE)), (0, 0));
    let unlock = database.create_transaction();
    unlock.set_option(option::ACCESS_SYSTEM_KEYS, None).unwrap();
    unlock.set_option(option::LOCK_AWARE, None).unwrap();
    unlock.clear_range(b"\xff/dbLocked", b"\xff/dbLockee");
    wait(&unlock.commit()).unwrap();
    assert_eq!(with(None), (0, 0));
    put(&database, &[(b"k", b"")]);
}
