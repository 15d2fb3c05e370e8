//! Watches.

#![allow(clippy::expect_used, clippy::panic)]

mod support;

use found::Error;
use found::client::{Database, OptionValue, Watch};
use std::task::Poll;
use support::*;

async fn watch(database: &Database, key: &[u8]) -> Watch {
    let tx = begin(database);
    let watch = tx.watch(key).expect("active");
    tx.commit().await.expect("nothing in the way");
    watch
}

#[tokio::test]
async fn a_watch_fires_when_another_transaction_changes_the_value() {
    let database = memory().await;
    write(&database, &[(b"a", b"1"), (b"b", b"1")]).await;
    let mut fired = watch(&database, b"a").await;
    assert!(matches!(first_poll(&mut fired), Poll::Pending));
    write(&database, &[(b"b", b"2")]).await;
    write(&database, &[(b"a", b"1")]).await;
    assert!(matches!(first_poll(&mut fired), Poll::Pending));
    write(&database, &[(b"a", b"2")]).await;
    fired.await.expect("fires");
}

#[tokio::test]
async fn a_watch_outlives_every_other_handle() {
    let other = Database::open(Some("memory:watched by a watch alone")).await.expect("opens");
    let fired = {
        let database = Database::open(Some("memory:watched by a watch alone")).await.expect("opens");
        watch(&database, b"a").await
    };
    let waiting = tokio::spawn(fired);
    tokio::task::yield_now().await;
    write(&other, &[(b"a", b"2")]).await;
    waiting.await.expect("no panic").expect("fires");
}

#[tokio::test]
async fn a_transaction_that_does_not_commit_fails_its_watches() {
    let database = memory().await;
    write(&database, &[(b"a", b"1")]).await;
    let tx = begin(&database);
    let dropped = tx.watch(b"a").expect("active");
    drop(tx);
    assert_eq!(code(dropped.await), Some(1025));
    let tx = begin(&database);
    let retried = tx.watch(b"a").expect("active");
    tx.on_error(1020).await.expect("may be tried again");
    assert_eq!(code(retried.await), Some(1025));
    let tx = begin(&database);
    tx.get(b"b", false).await.expect("read");
    let conflicted = tx.watch(b"a").expect("active");
    tx.set(b"c", b"").expect("active");
    write(&database, &[(b"b", b"")]).await;
    assert_eq!(code(tx.commit().await), Some(1020));
    assert_eq!(code(conflicted.await), Some(1020));
}

#[tokio::test]
async fn a_watch_can_be_cancelled_from_elsewhere() {
    let database = memory().await;
    let pending = watch(&database, b"a").await;
    let canceller = pending.canceller();
    let waiting = tokio::spawn(pending);
    tokio::task::yield_now().await;
    canceller.cancel();
    assert_eq!(code(waiting.await.expect("no panic")), Some(1101));
    canceller.cancel();
    let mut fired = watch(&database, b"a").await;
    write(&database, &[(b"a", b"1")]).await;
    (&mut fired).await.expect("fires");
    fired.canceller().cancel();
}

#[tokio::test]
async fn a_database_has_so_many_watches_and_no_more() {
    let database = memory().await;
    let mut watches = Vec::new();
    for _ in 0..10_000 {
        watches.push(watch(&database, b"a").await);
    }
    let tx = begin(&database);
    let refused = tx.watch(b"a").expect("active");
    tx.commit().await.expect("the watch fails, not the commit");
    assert_eq!(code(refused.await), Some(1032));
    drop(tx);
    watches.pop().expect("many").canceller().cancel();
    let mut another = watch(&database, b"a").await;
    assert!(matches!(first_poll(&mut another), Poll::Pending));
    drop(watches.pop());
    let mut another_one = watch(&database, b"a").await;
    assert!(matches!(first_poll(&mut another_one), Poll::Pending));
    write(&database, &[(b"a", b"1")]).await;
    for fired in watches.drain(..).chain([another, another_one]) {
        fired.await.expect("fires");
    }
    assert_eq!(database.open_handles(), 0);

    let database = memory().await;
    database.set_option_by_name("max_watches", &OptionValue::Int(1)).expect("an option");
    let _first = watch(&database, b"a").await;
    assert_eq!(code(watch(&database, b"a").await.await), Some(1032));
}

#[tokio::test]
async fn a_watch_loop_gives_each_value_it_sees() {
    let database = memory().await;
    let mut values = database.watch_loop(b"a");
    assert_eq!(values.next().await, Ok(None));
    write(&database, &[(b"a", b"1")]).await;
    assert_eq!(values.next().await, Ok(Some(b"1".to_vec())));
    let writer = tokio::spawn({
        let database = database.clone();
        async move {
            for value in 2..50u8 {
                write(&database, &[(b"a", &[value])]).await;
                tokio::task::yield_now().await;
            }
        }
    });
    let mut last = 1;
    while last < 49 {
        let value = values.next().await.expect("a value").expect("present")[0];
        assert!(value > last || last == 1);
        last = value;
    }
    writer.await.expect("no panic");
    // Given up while it waits, it goes on where it was.
    assert!(matches!(first_poll(values.next()), Poll::Pending));
    write(&database, &[(b"a", b"end")]).await;
    assert_eq!(values.next().await, Ok(Some(b"end".to_vec())));
    database.close();
    assert!(matches!(values.next().await, Err(Error::Closed | Error::Fdb { code: 1025, .. })));
}
