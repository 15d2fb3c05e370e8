//! The retry loop: what it tries again, what it does not, and what it tells.

#![allow(clippy::expect_used, clippy::panic)]

mod support;

use found::client::{Database, Idempotency, KeySelector, RangeOptions, Run, RunOptions, Transaction};
use found::tuple::Subspace;
use found::{Error, Result};
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::*;
use uuid::Uuid;

/// A program's own error, which may hide one of FoundationDB's.
#[derive(Debug)]
enum Mine {
    Wrapped(Box<Mine>),
    Found(Error),
    Own,
}

impl fmt::Display for Mine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("mine")
    }
}

impl std::error::Error for Mine {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Mine::Wrapped(inner) => Some(inner.as_ref()),
            Mine::Found(error) => Some(error),
            Mine::Own => None,
        }
    }
}

impl From<Error> for Mine {
    fn from(error: Error) -> Mine {
        Mine::Found(error)
    }
}

#[tokio::test]
async fn a_retryable_error_is_tried_again_wherever_it_is_wrapped() {
    let database = memory().await;
    for code in [1007, 1009, 1020, 1021, 1037, 1038, 1042, 1051, 1078, 1213, 1223] {
        let mut attempts = 0;
        let result = database
            .transactional(&RunOptions::default(), |tx| {
                attempts += 1;
                let fails = attempts == 1;
                async move {
                    assert_eq!(tx.maybe_committed(), tx.attempt() == 2 && code == 1021);
                    if fails {
                        return Err(Mine::Wrapped(Box::new(Mine::Wrapped(Box::new(Error::fdb(code).into())))));
                    }
                    Ok(tx.attempt())
                }
            })
            .await;
        assert_eq!(result.expect("the second attempt"), 2, "{code}");
    }
}

#[tokio::test]
async fn other_errors_end_the_run_as_they_are_and_nothing_is_written() {
    let database = memory().await;
    let result: Result<(), Mine> = database
        .transactional(&RunOptions::default(), |tx| async move {
            tx.set(b"a", b"1")?;
            Err(Mine::Own)
        })
        .await;
    assert!(matches!(result, Err(Mine::Own)));
    let result: Result<(), Mine> = database
        .transactional(&RunOptions::default(), |_| async { Err(Mine::Wrapped(Box::new(Error::fdb(2101).into()))) })
        .await;
    assert!(matches!(result, Err(Mine::Wrapped(_))));
    assert_eq!(read(&database, b"a").await, None);
}

/// Runs a body whose reads fail at the first attempt: they are of a version that does not come (1009, after a while).
async fn fails_at_first(database: &Database, kind: u32) -> u32 {
    let read_version = begin(database).read_version();
    let future = read_version.await.expect("a version") + 1_000_000_000;
    let mut attempts = 0;
    let options = RunOptions::default();
    let run = database.transactional::<_, Error, _>(&options, |tx| {
        attempts += 1;
        let fails = attempts == 1;
        async move {
            if fails {
                tx.set_read_version(future)?;
            }
            let (begin, end) =
                (KeySelector::first_greater_or_equal(*b""), KeySelector::first_greater_or_equal(*b"\xff"));
            match kind {
                0 => drop(tx.get(b"a", false).await?),
                1 => drop(tx.get_key(&begin, false).await?),
                2 => drop(tx.range(begin, end, RangeOptions::default()).collect().await?),
                // Nobody looks at the read: its error comes back from the commit.
                _ => {
                    drop(tx.get(b"a", false).await);
                    tx.set(b"b", b"1")?;
                }
            }
            Ok(())
        }
    });
    run.await.expect("the second attempt");
    attempts
}

#[tokio::test]
async fn an_error_of_any_read_is_tried_again() {
    let database = memory().await;
    write(&database, &[(b"a", b"1")]).await;
    let run = |kind| fails_at_first(&database, kind);
    assert_eq!(tokio::join!(run(0), run(1), run(2), run(3)), (2, 2, 2, 2));
}

#[tokio::test]
async fn conflicts_end_at_the_limit_of_retries() {
    let database = memory().await;
    let attempts = AtomicU32::new(0);
    let options = RunOptions { retry_limit: Some(3), max_retry_delay: Some(Duration::ZERO), ..RunOptions::default() };
    let result = database
        .transactional::<(), Error, _>(&options, |tx| {
            attempts.store(tx.attempt(), Ordering::Relaxed);
            let database = database.clone();
            async move {
                tx.get(b"a", false).await?;
                write(&database, &[(b"a", b"")]).await;
                tx.set(b"b", b"")
            }
        })
        .await;
    assert_eq!(result, Err(Error::fdb(1020)));
    assert_eq!(attempts.into_inner(), 4);
}

#[tokio::test]
async fn a_timeout_ends_the_run() {
    let database = memory().await;
    let options = RunOptions { timeout: Some(Duration::from_millis(20)), ..RunOptions::default() };
    let result = database
        .transactional::<(), Error, _>(&options, |tx| async move {
            // A version that does not come: a read of it fails after a while (1009) and is tried again.
            tx.set_read_version(i64::MAX / 2)?;
            tx.get(b"a", false).await.map(|_| ())
        })
        .await;
    assert_eq!(code(result), Some(1031));
}

#[tokio::test]
async fn a_snapshot_run_only_reads() {
    let database = memory().await;
    let options = RunOptions { snapshot: true, ..RunOptions::default() };
    let result = database.transactional::<(), Error, _>(&options, |tx| async move { tx.set(b"a", b"1") }).await;
    assert_eq!(result, Err(Error::ReadOnly { operation: "set" }));
}

#[tokio::test]
async fn hooks_run_at_the_beginning_in_the_commit_and_after_it() {
    let database = memory().await;
    let log: Arc<Mutex<Vec<String>>> = Arc::default();
    let note = |what: &'static str| {
        let log = log.clone();
        move |tx: &Transaction| log.lock().expect("log").push(format!("{what} {}", tx.attempt()))
    };
    let (began, committing, committed, body) = (note("begin"), note("commit"), note("post"), note("body"));
    database.hooks().on_begin(move |tx| {
        began(&tx);
        async { Ok(()) }
    });
    database.hooks().on_commit(move |tx| {
        committing(&tx);
        async move { tx.set(b"hook", b"1") }
    });
    let stats = Arc::new(Mutex::new(None));
    let told = stats.clone();
    database.hooks().on_post_commit(move |tx, stats| {
        committed(&tx);
        *told.lock().expect("stats") = Some(stats);
        async { Ok(()) }
    });
    database
        .transactional::<_, Error, _>(&RunOptions::default(), |tx| {
            body(&tx);
            let database = database.clone();
            async move {
                if tx.attempt() == 1 {
                    tx.get(b"a", false).await?;
                    write(&database, &[(b"a", b"1")]).await;
                }
                Ok(())
            }
        })
        .await
        .expect("the second attempt");
    let expected = ["begin 1", "body 1", "commit 1", "begin 2", "body 2", "commit 2", "post 2"];
    assert_eq!(*log.lock().expect("log"), expected);
    let stats = stats.lock().expect("stats").expect("told");
    assert_eq!(stats.retries, 1);
    assert!(stats.commit_bytes.expect("counted") > 0);
    assert_eq!(read(&database, b"hook").await.as_deref(), Some(&b"1"[..]));
}

fn idempotent() -> RunOptions {
    RunOptions { idempotent: Some(Idempotency::default()), ..RunOptions::default() }
}

async fn increment(tx: &Transaction) -> Result<u8> {
    let value = tx.get(b"n", false).await?.and_then(|value| value.first().copied()).unwrap_or(0) + 1;
    tx.set(b"n", &[value])?;
    Ok(value)
}

/// The answer to a commit is lost, after it was applied or without; the next attempt finds out which.
#[tokio::test]
async fn a_commit_with_an_unknown_result_is_applied_once() {
    let database = memory().await;
    for (applied, committed) in [(true, Some(1)), (false, None)] {
        let mut run = Run::begin(&database, &idempotent()).expect("open");
        assert_eq!(run.committed_attempt().await, Ok(None));
        increment(run.transaction()).await.expect("read and written");
        run.prepare(true).await.expect("active");
        if applied {
            run.commit().await.expect("nothing in the way");
        }
        run.retry(&Error::fdb(1021)).await.expect("may be tried again");
        assert!(run.transaction().maybe_committed());
        assert_eq!(run.committed_attempt().await, Ok(committed));
        if !applied {
            assert!(!run.transaction().maybe_committed());
            increment(run.transaction()).await.expect("read and written");
            run.prepare(false).await.expect("active");
            run.commit().await.expect("nothing in the way");
        }
    }
    assert_eq!(read(&database, b"n").await.as_deref(), Some(&[2][..]));
}

#[tokio::test]
async fn the_id_of_a_run_lies_under_its_prefix_and_only_where_something_was_written() {
    let database = memory().await;
    let options =
        RunOptions { idempotent: Some(Idempotency { prefix: b"ids/".to_vec(), ..Default::default() }), ..idempotent() };
    let ids = async || {
        let (begin, end) =
            (KeySelector::first_greater_or_equal(*b"ids/"), KeySelector::first_greater_or_equal(*b"ids0"));
        begin_range(&database, begin, end).await
    };
    database
        .transactional::<_, Error, _>(&options, |tx| async move { tx.get(b"n", false).await.map(|_| ()) })
        .await
        .expect("commits");
    assert_eq!(ids().await, 0);
    database.transactional::<_, Error, _>(&options, |tx| async move { increment(&tx).await }).await.expect("commits");
    assert_eq!(ids().await, 1);
    // Old ids go away along the way, young ones stay.
    let old = Subspace::new(*b"ids/").pack(&[1.into(), Uuid::nil().into()]).expect("packs");
    write(&database, &[(&old, b"")]).await;
    let mut runs = 1;
    while read(&database, &old).await.is_some() {
        assert!(runs < 5_000, "one run in 64 should have cleared it");
        database.transactional::<_, Error, _>(&options, |tx| async move { tx.set(b"m", b"") }).await.expect("commits");
        runs += 1;
    }
    assert_eq!(ids().await, runs);
}

async fn begin_range(database: &Database, from: KeySelector, to: KeySelector) -> usize {
    begin(database).range(from, to, Default::default()).collect().await.expect("rows").len()
}
