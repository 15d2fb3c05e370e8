//! A transaction's calls, and what they give when another call has ended the transaction.

#![allow(clippy::expect_used, clippy::panic)]

mod support;

use found::client::{
    ConflictRangeType, Database, KeySelector, MutationType, OptionValue, RunOptions, Transaction, TransactionOption,
    TransactionOptions,
};
use found::{Error, Result};
use std::task::Poll;
use support::*;

#[tokio::test]
async fn reads_see_what_was_written() {
    let database = memory().await;
    let tx = begin(&database);
    tx.set(b"a", b"1").expect("active");
    tx.set(b"b", b"2").expect("active");
    tx.atomic_op(b"n", &5u64.to_le_bytes(), MutationType::Add).expect("active");
    assert_eq!(tx.get(b"a", false).await.expect("read").as_deref(), Some(&b"1"[..]));
    tx.commit().await.expect("commits");
    assert!(tx.committed_version() > 0);
    let tx = begin(&database);
    tx.atomic_op(b"n", &2u64.to_le_bytes(), MutationType::Add).expect("active");
    tx.clear(b"a").expect("active");
    tx.clear_range(b"b", b"c").expect("active");
    tx.commit().await.expect("commits");
    assert_eq!(read(&database, b"a").await, None);
    assert_eq!(read(&database, b"b").await, None);
    assert_eq!(read(&database, b"n").await, Some(7u64.to_le_bytes().to_vec()));
    let tx = begin(&database);
    let last = tx.get_key(&KeySelector::last_less_than(*b"\xff"), false).await.expect("read");
    assert_eq!(&last[..], b"n");
    let past = tx.get_key(&KeySelector::first_greater_than(*b"n"), false).await.expect("read");
    assert_eq!(&past[..], b"\xff");
}

#[tokio::test]
async fn what_an_embedded_database_knows_is_there_at_the_first_poll() {
    let database = memory().await;
    write(&database, &[(b"a", b"1")]).await;
    let tx = begin(&database);
    let Poll::Ready(Ok(Some(value))) = first_poll(tx.get(b"a", false)) else { panic!("not ready") };
    assert_eq!(&value[..], b"1");
    assert!(first_poll(tx.get_key(&KeySelector::first_greater_than(*b"a"), false)).is_ready());
    assert!(first_poll(tx.range(gte(b""), gte(b"\xff"), Default::default()).read()).is_ready());
    assert!(first_poll(tx.read_version()).is_ready());
    tx.set(b"b", b"2").expect("active");
    assert!(first_poll(tx.commit()).is_ready());
}

fn gte(key: &[u8]) -> KeySelector {
    KeySelector::first_greater_or_equal(key)
}

#[tokio::test]
async fn a_snapshot_transaction_refuses_every_write() {
    let database = memory().await;
    write(&database, &[(b"a", b"1")]).await;
    let tx = database.transaction(TransactionOptions { snapshot: true }).expect("open");
    let refused = [
        tx.set(b"a", b"2"),
        tx.clear(b"a"),
        tx.clear_range(b"a", b"b"),
        tx.atomic_op(b"a", b"1", MutationType::Add),
        tx.add_conflict_range(b"a", b"b", ConflictRangeType::Write),
    ];
    for refusal in refused {
        assert!(matches!(refusal, Err(Error::ReadOnly { .. })), "{refusal:?}");
    }
    // Its reads conflict with nothing.
    assert!(tx.get(b"a", false).await.expect("read").is_some());
    write(&database, &[(b"a", b"3")]).await;
    tx.commit().await.expect("nothing to commit");
    assert_eq!(tx.committed_version(), -1);
}

#[tokio::test]
async fn a_read_outlives_the_handle_it_came_from() {
    let database = memory().await;
    write(&database, &[(b"a", b"1")]).await;
    let read = {
        let tx = begin(&database);
        tx.get(b"a", false)
    };
    let value = read.await.expect("read").expect("present");
    drop(database);
    assert_eq!(&value[..], b"1");
}

#[tokio::test]
async fn after_a_commit_only_reset_and_on_error_go_on() {
    let database = memory().await;
    let tx = begin(&database);
    let version = tx.read_version().await.expect("read version");
    tx.set(b"a", b"1").expect("active");
    tx.commit().await.expect("commits");
    assert_eq!(code(tx.get(b"a", false).await), Some(2017));
    assert_eq!(code(tx.set(b"a", b"2")), Some(2017));
    assert_eq!(code(tx.commit().await), Some(2017));
    assert_eq!(code(tx.watch(b"a")), Some(2017));
    assert_eq!(code(tx.versionstamp().map(|_| ())), Some(2017));
    assert_eq!(tx.read_version().await, Ok(version));
    let committed = tx.committed_version();
    tx.reset().expect("open");
    assert_eq!(tx.committed_version(), committed);
    assert_eq!(tx.get(b"a", false).await.expect("read").as_deref(), Some(&b"1"[..]));
}

#[tokio::test]
async fn after_a_cancel_everything_is_cancelled_until_a_reset() {
    let database = memory().await;
    let tx = begin(&database);
    let stamp = tx.versionstamp().expect("active");
    tx.set(b"a", b"1").expect("active");
    let size = tx.approximate_size().await;
    tx.cancel();
    assert_eq!(code(stamp.await), Some(1025));
    assert_eq!(code(tx.get(b"a", false).await), Some(1025));
    // What gives nothing to wait for comes to nothing, as in FoundationDB.
    assert_eq!(tx.set(b"a", b"1"), Ok(()));
    assert_eq!(tx.set_option(TransactionOption::Timeout(1)), Ok(()));
    assert_eq!(tx.add_conflict_range(b"a", b"b", ConflictRangeType::Read), Ok(()));
    assert_eq!(code(tx.add_conflict_range(b"b", b"a", ConflictRangeType::Read)), Some(2005));
    assert_eq!(tx.approximate_size().await, size);
    // An error that a call has left comes first.
    assert_eq!(tx.set_read_version(-1), Ok(()));
    assert_eq!(code(tx.get(b"a", false).await), Some(2011));
    assert_eq!(code(tx.approximate_size().await), Some(2011));
    tx.reset().expect("open");
    tx.read_version().await.expect("read version");
    tx.cancel();
    tx.cancel();
    assert_eq!(tx.set_read_version(1), Ok(()));
    assert_eq!(code(tx.get(b"a", false).await), Some(2010));
    tx.reset().expect("open");
    tx.set(&[0; 10_001], b"").expect("shows later");
    tx.cancel();
    assert_eq!(code(tx.get(b"a", false).await), Some(2102));
    tx.reset().expect("open");
    tx.cancel();
    tx.set(b"a", &[0; 100_001]).expect("shows later");
    assert_eq!(code(tx.get(b"a", false).await), Some(2103));
    assert_eq!(code(tx.commit().await), Some(2103));
    assert_eq!(code(tx.on_error(1020).await), Some(1025));
    tx.reset().expect("open");
    tx.cancel();
    assert_eq!(code(tx.commit().await), Some(1025));
    assert_eq!(code(tx.on_error(1020).await), Some(1025));
    tx.reset().expect("open");
    assert!(tx.get(b"a", false).await.expect("read").is_none());
}

#[tokio::test]
async fn on_error_begins_another_attempt_or_ends_the_transaction() {
    let database = memory().await;
    let tx = begin(&database);
    assert_eq!((tx.attempt(), tx.maybe_committed()), (1, false));
    tx.set(b"a", b"1").expect("active");
    tx.on_error(1021).await.expect("may be tried again");
    assert_eq!((tx.attempt(), tx.maybe_committed()), (2, true));
    assert!(!tx.has_written());
    assert!(tx.get(b"a", false).await.expect("read").is_none());
    tx.on_error(1020).await.expect("may be tried again");
    assert_eq!((tx.attempt(), tx.maybe_committed()), (3, false));
    assert_eq!(code(tx.on_error(2101).await), Some(2101));
    assert_eq!(code(tx.get(b"a", false).await), Some(1025));
    tx.reset().expect("open");
    assert_eq!((tx.attempt(), tx.maybe_committed()), (1, false));
}

/// A transaction that loses against another one: what it read was written meanwhile.
async fn conflict(database: &Database, report: bool) -> Transaction {
    let tx = begin(database);
    if report {
        tx.set_option(TransactionOption::ReportConflictingKeys).expect("active");
    }
    for key in [b"a", b"b", b"c"] {
        tx.get(key, false).await.expect("read");
    }
    tx.set(b"z", b"1").expect("active");
    write(database, &[(b"b", b"2")]).await;
    assert_eq!(code(tx.commit().await), Some(1020));
    tx
}

#[tokio::test]
async fn a_failed_commit_can_be_tried_again() {
    let database = memory().await;
    let tx = conflict(&database, false).await;
    assert_eq!(code(tx.set(b"z", b"1")), Some(2017));
    tx.on_error(1020).await.expect("may be tried again");
    tx.set(b"z", b"1").expect("active");
    tx.commit().await.expect("nothing in the way");
    // With another error than its own, a retryable one or not.
    let tx = conflict(&database, false).await;
    tx.on_error(1007).await.expect("may be tried again");
    tx.commit().await.expect("nothing to commit");
    let tx = conflict(&database, false).await;
    assert_eq!(code(tx.on_error(2000).await), Some(2000));
    assert_eq!(code(tx.get(b"z", false).await), Some(1025));
}

#[tokio::test]
async fn a_conflict_names_its_range_if_asked() {
    let database = memory().await;
    let tx = conflict(&database, true).await;
    assert_eq!(tx.conflicting_ranges(), [(b"b".to_vec(), b"b\0".to_vec())]);
    tx.on_error(1020).await.expect("may be tried again");
    assert_eq!(tx.conflicting_ranges().len(), 1);
    assert!(conflict(&database, false).await.conflicting_ranges().is_empty());
    database.set_option_by_name("transaction_report_conflicting_keys", &OptionValue::Empty).expect("an option");
    assert_eq!(conflict(&database, false).await.conflicting_ranges().len(), 1);
}

/// All pairs of calls begun without waiting for the first: each gives a value or a code that is documented, nothing
/// hangs, and the transaction can be used again after a reset.
#[tokio::test]
async fn any_two_calls_may_meet() {
    let directory = Directory::new("pairs");
    let file = Database::open(Some(&directory.target("db"))).await.expect("opens");
    for database in [memory().await, file] {
        for first in 0..7 {
            for second in 0..7 {
                let tx = begin(&database);
                tx.set(b"k", b"v").expect("active");
                let call = |number| {
                    let tx = tx.clone();
                    let running: std::pin::Pin<Box<dyn Future<Output = Result<()>> + Send>> = match number {
                        0 => {
                            let read = tx.get(b"k", false);
                            Box::pin(async move { read.await.map(|_| ()) })
                        }
                        1 => {
                            let done = tx.set(b"k", b"w");
                            Box::pin(async move { done })
                        }
                        2 => Box::pin(tx.commit()),
                        3 => Box::pin(tx.on_error(1020)),
                        4 => {
                            let done = tx.reset();
                            Box::pin(async move { done })
                        }
                        5 => {
                            tx.cancel();
                            Box::pin(async { Ok(()) })
                        }
                        _ => {
                            let watch = tx.watch(b"k").map(|_| ());
                            Box::pin(async move { watch })
                        }
                    };
                    tokio::spawn(running)
                };
                let (one, two) = (call(first), call(second));
                for result in [one.await.expect("no panic"), two.await.expect("no panic")] {
                    let allowed = matches!(code(result.clone()), None | Some(1025 | 2017));
                    assert!(allowed, "{first} {second}: {result:?}");
                }
                tx.reset().expect("open");
                tx.set(b"k", b"x").expect("active again");
                tx.commit().await.expect("nothing in the way");
            }
        }
        assert_eq!(database.open_handles(), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn reads_and_commits_of_many_tasks_may_share_a_transaction() {
    let database = memory().await;
    write(&database, &[(b"a", b"1")]).await;
    for _ in 0..50 {
        let tx = begin(&database);
        tx.set(b"b", b"2").expect("active");
        let readers: Vec<_> = (0..8)
            .map(|_| {
                let tx = tx.clone();
                tokio::spawn(async move {
                    for _ in 0..20 {
                        match tx.get(b"a", false).await {
                            Ok(value) => assert_eq!(value.as_deref(), Some(&b"1"[..])),
                            Err(error) => assert_eq!(error.errno(), Some(2017)),
                        }
                    }
                })
            })
            .collect();
        tx.commit().await.expect("nothing in the way");
        for reader in readers {
            reader.await.expect("no panic");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_transaction_may_be_ended_while_others_use_it() {
    let directory = Directory::new("ended");
    for round in 0..30u32 {
        let target = directory.target(&round.to_string());
        let database = Database::open(Some(if round % 3 == 0 { &target } else { "memory:" })).await.expect("opens");
        let tx = begin(&database);
        let tasks: Vec<_> = (0..6u32)
            .map(|task| {
                let (tx, database) = (tx.clone(), database.clone());
                tokio::spawn(async move {
                    for step in 0..40u32 {
                        let result = match (round + task * 7 + step * 3) % 9 {
                            0 | 1 => tx.get(b"a", false).await.map(|_| ()),
                            2 | 3 => tx.set(b"a", &step.to_be_bytes()),
                            4 | 5 => tx.commit().await,
                            6 => tx.on_error(1020).await,
                            7 => tx.reset(),
                            _ if task == 0 => {
                                tx.cancel();
                                Ok(())
                            }
                            _ => tx.watch(b"a").map(|_| ()),
                        };
                        match result {
                            Ok(()) | Err(Error::Closed) => {}
                            // What another task has done to the transaction, or written meanwhile.
                            Err(error) => assert!(matches!(error.errno(), Some(1020 | 1025 | 2017)), "{error}"),
                        }
                        if task == 5 && step == 30 {
                            database.close();
                        }
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("no panic");
        }
        assert_eq!(tx.reset(), Err(Error::Closed));
    }
}

#[tokio::test]
async fn options_go_by_name_and_by_number() {
    let database = memory().await;
    let tx = begin(&database);
    tx.set_option_by_name("size_limit", &OptionValue::Int(100)).expect("an option");
    tx.set(b"a", &[0; 200]).expect("active");
    assert_eq!(code(tx.commit().await), Some(2101));
    let tx = begin(&database);
    tx.set_option_by_code(503, Some(&100i64.to_le_bytes())).expect("an option");
    tx.set(b"a", &[0; 200]).expect("active");
    assert_eq!(code(tx.commit().await), Some(2101));
    let tx = begin(&database);
    assert_eq!(code(tx.set_option_by_code(99_999, None)), Some(2007));
    assert_eq!(code(tx.set_option_by_code(-1, None)), Some(2007));
    assert_eq!(code(tx.set_option_by_name("timeout", &OptionValue::Text("soon".into()))), Some(2006));
    assert_eq!(code(tx.set_option_by_name("lock_aware", &OptionValue::Int(1))), Some(2006));
    let unknown = tx.set_option_by_name("no_such_option", &OptionValue::Empty);
    assert!(matches!(unknown, Err(Error::InvalidArgument { argument: "option", .. })));
    tx.commit().await.expect("no option was set wrongly");

    assert_eq!(code(database.set_option_by_code(4242, None)), Some(2007));
    assert_eq!(code(database.set_option_by_code(500, Some(b"1234"))), Some(2006));
    assert_eq!(code(database.set_option_by_name("max_watches", &OptionValue::Int(i64::MAX))), Some(2006));
    database.set_option_by_name("transaction_size_limit", &OptionValue::Int(100)).expect("an option");
    let tx = begin(&database);
    tx.set(b"a", &[0; 200]).expect("active");
    assert_eq!(code(tx.commit().await), Some(2101));
}

#[tokio::test]
async fn sizes_are_limited_where_foundationdb_limits_them() {
    let database = memory().await;
    for (key, value, expected) in [
        (9_999, 0, None),
        (10_000, 0, None),
        (10_001, 0, Some(2102)),
        (1, 99_999, None),
        (1, 100_000, None),
        (1, 100_001, Some(2103)),
    ] {
        let tx = begin(&database);
        tx.set(&vec![b'k'; key], &vec![b'v'; value]).expect("shows at the commit");
        assert_eq!(code(tx.commit().await), expected, "{key} {value}");
    }
    // Nothing of a transaction that is too large is written; conflict ranges count as well.
    let tx = begin(&database);
    for row in 0..101u8 {
        tx.set(&[b'r', row], &[0; 100_000]).expect("active");
    }
    assert!(tx.approximate_size().await.expect("size") > 10_000_000);
    assert_eq!(code(tx.commit().await), Some(2101));
    assert_eq!(read(&database, b"r\0").await, None);
    let tx = begin(&database);
    for row in 0..600u16 {
        let key = [&[b'c'; 9_000][..], &row.to_be_bytes()].concat();
        tx.add_conflict_range(&key, &[&key[..], &[0]].concat(), ConflictRangeType::Read).expect("active");
    }
    tx.set(b"a", b"1").expect("active");
    assert_eq!(code(tx.commit().await), Some(2101));
    assert_eq!(code(begin(&database).add_conflict_range(b"b", b"a", ConflictRangeType::Read)), Some(2005));
    let tx = begin(&database);
    tx.set(b"\xff/system", b"").expect("shows at the commit");
    assert_eq!(code(tx.commit().await), Some(2004));
    assert_eq!(code(begin(&database).get(b"\xff/system", false).await), Some(2004));
}

#[tokio::test]
async fn sizes_split_points_and_addresses_can_be_asked_for() {
    let database = memory().await;
    let tx = begin(&database);
    assert!(tx.estimated_range_size(b"", b"\xff").await.expect("a number") >= 0);
    let points = tx.range_split_points(b"a", b"z", 10_000_000).await.expect("keys");
    assert_eq!(points, [b"a", b"z"]);
    assert!(!tx.addresses_for_key(b"a").await.expect("addresses").is_empty());
    let status = database.client_status().expect("open").await.expect("text");
    assert_eq!(status.first(), Some(&b'{'));
}

#[tokio::test]
async fn nothing_is_left_of_many_transactions() {
    let database = memory().await;
    for _ in 0..20_000 {
        let tx = begin(&database);
        tx.get(b"a", false).await.expect("read");
        drop(tx.watch(b"a").expect("active"));
    }
    database
        .transactional::<_, Error, _>(&RunOptions::default(), |tx| async move { tx.set(b"a", b"1") })
        .await
        .expect("commits");
    assert_eq!(database.open_handles(), 0);
}
