//! Opening and closing.

#![allow(clippy::expect_used, clippy::panic)]

mod support;

use found::Error;
use found::client::{Database, OptionValue, RunOptions, TransactionOptions, network, settle_closings};
use std::process::Command;
use std::task::Poll;
use support::*;

#[tokio::test]
async fn databases_in_memory_are_their_own_unless_they_have_a_name() {
    let (first, second) = (memory().await, memory().await);
    write(&first, &[(b"a", b"1")]).await;
    assert_eq!(read(&second, b"a").await, None);
    let named = Database::open(Some("memory:shared by two")).await.expect("opens");
    let same = Database::open(Some("memory:shared by two")).await.expect("opens");
    write(&named, &[(b"a", b"1")]).await;
    assert_eq!(read(&same, b"a").await.as_deref(), Some(&b"1"[..]));
}

#[tokio::test]
async fn a_hundred_databases_can_be_opened_one_after_the_other() {
    let directory = Directory::new("cycles");
    for cycle in 0..100u8 {
        let database = if cycle % 2 == 0 {
            memory().await
        } else {
            Database::open(Some(&directory.target("db"))).await.expect("opens")
        };
        write(&database, &[(&[cycle], b"")]).await;
        assert_eq!(read(&database, &[cycle]).await.as_deref(), Some(&b""[..]));
        database.close();
    }
    let database = Database::open(Some(&directory.target("db"))).await.expect("opens");
    let rows = begin(&database).range(gte(b""), gte(b"\xff"), Default::default()).collect().await.expect("rows");
    assert_eq!(rows.len(), 50);
}

fn gte(key: &[u8]) -> found::client::KeySelector {
    found::client::KeySelector::first_greater_or_equal(key)
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let directory = Directory::new("unopenable");
    let missing = directory.path("no.cluster");
    let error = Database::open(Some(&missing.to_string_lossy())).await.err().expect("no such file");
    assert_eq!(error.errno(), Some(1515));
    assert_eq!(error.name(), "no_cluster_file_found");
    assert!(error.to_string().contains("no.cluster"), "{error}");

    std::fs::write(directory.path("foreign"), b"this is the text of somebody else, and long enough to be read")
        .expect("written");
    let error = Database::open(Some(&directory.target("foreign"))).await.err().expect("not a database");
    assert!(matches!(&error, Error::Open { message, .. } if message.contains("foreign")), "{error:?}");

    let error = Database::open(Some(&directory.target("no/such/directory"))).await.err().expect("no directory");
    assert!(matches!(error, Error::Open { .. }), "{error:?}");

    let error = Database::open(Some("memory:a\0b")).await.err().expect("a NUL");
    assert!(matches!(error, Error::InvalidArgument { argument: "target", .. }));
}

#[tokio::test]
async fn a_closed_database_refuses_everything() {
    let database = memory().await;
    let tx = begin(&database);
    let other = database.clone();
    database.close();
    database.close();
    assert!(other.is_closed());
    let options = TransactionOptions::default();
    assert_eq!(other.transaction(options).err(), Some(Error::Closed));
    assert_eq!(other.set_option_by_name("max_watches", &OptionValue::Int(1)), Err(Error::Closed));
    assert_eq!(other.client_status().err(), Some(Error::Closed));
    let run = other.transactional::<(), Error, _>(&RunOptions::default(), |_| async { Ok(()) }).await;
    assert_eq!(run, Err(Error::Closed));
    assert_eq!(tx.set(b"a", b"1"), Err(Error::Closed));
    assert_eq!(tx.get(b"a", false).await.err(), Some(Error::Closed));
    assert_eq!(tx.commit().await, Err(Error::Closed));
    assert_eq!(tx.on_error(1020).await, Err(Error::Closed));
    assert_eq!(tx.reset(), Err(Error::Closed));
    assert_eq!(tx.watch(b"a").err(), Some(Error::Closed));
    assert_eq!(tx.read_version().await, Err(Error::Closed));
    tx.cancel();
    assert_eq!(tx.reset(), Err(Error::Closed));
    assert_eq!(other.open_handles(), 0);
}

#[tokio::test]
async fn closing_ends_what_waits() {
    let database = memory().await;
    write(&database, &[(b"a", b"1")]).await;
    let tx = begin(&database);
    let watch = tx.watch(b"a").expect("active");
    tx.commit().await.expect("nothing to conflict with");
    let uncommitted = begin(&database);
    let pending_watch = uncommitted.watch(b"a").expect("active");
    let stamp = uncommitted.versionstamp().expect("active");
    let waiting = tokio::spawn(async move { (watch.await, pending_watch.await, stamp.await) });
    tokio::task::yield_now().await;
    database.close();
    let (watch, pending_watch, stamp) = waiting.await.expect("no panic");
    assert_eq!(code(watch), Some(1025));
    assert_eq!(code(pending_watch), Some(1025));
    assert_eq!(code(stamp), Some(1025));
}

#[tokio::test]
async fn closing_lets_commits_under_way_finish() {
    let directory = Directory::new("finishes");
    for round in 0..20u8 {
        let database = Database::open(Some(&directory.target("db"))).await.expect("opens");
        let commits: Vec<_> = (0..5u8)
            .map(|number| {
                let tx = begin(&database);
                tx.set(&[round, number], b"").expect("active");
                tx.commit()
            })
            .collect();
        database.close();
        for commit in commits {
            commit.await.expect("nothing in the way");
        }
    }
    let database = Database::open(Some(&directory.target("db"))).await.expect("opens");
    let rows = begin(&database).range(gte(b""), gte(b"\xff"), Default::default()).collect().await.expect("rows");
    assert_eq!(rows.len(), 100);
}

/// Run by the test below in a process of its own: opens the file that an environment variable names.
#[tokio::test]
async fn open_in_another_process() {
    if let Ok(target) = std::env::var("FOUND_TEST_OPEN") {
        let database = Database::open(Some(&target)).await.expect("free to open");
        assert_eq!(read(&database, b"a").await.as_deref(), Some(&b"1"[..]));
    }
}

fn opens_in_another_process(target: &str) -> bool {
    let mut child = Command::new(std::env::current_exe().expect("this test"));
    child.args(["--exact", "open_in_another_process"]).env("FOUND_TEST_OPEN", target);
    child.output().expect("runs").status.success()
}

#[tokio::test]
async fn a_file_is_for_one_process_at_a_time_and_free_when_close_returns() {
    let directory = Directory::new("released");
    let target = directory.target("db");
    let opens = || opens_in_another_process(&target);
    let database = Database::open(Some(&target)).await.expect("opens");
    write(&database, &[(b"a", b"1")]).await;
    let again = Database::open(Some(&target)).await.expect("the same process may open it again");
    assert_eq!(read(&again, b"a").await.as_deref(), Some(&b"1"[..]));
    assert!(!opens());
    // What is still held of the database does not hold its file.
    let tx = begin(&database);
    let watch = tx.watch(b"a").expect("active");
    let read = tx.get(b"a", false).await.expect("readable");
    let committing = begin(&database);
    committing.set(b"b", b"2").expect("active");
    let commit = committing.commit();
    again.close();
    assert!(!opens());
    database.close();
    assert!(opens());
    commit.await.expect("nothing in the way");
    drop((tx, watch, read));
}

#[tokio::test]
async fn closing_aside_blocks_nobody_and_a_commit_under_way_keeps_its_result() {
    let directory = Directory::new("aside");
    for round in 0..20u8 {
        let database = Database::open(Some(&directory.target("db"))).await.expect("free, as it was closed");
        let tx = begin(&database);
        tx.set(&[round], b"").expect("active");
        let mut commit = std::pin::pin!(tx.commit());
        let closing = database.close_aside();
        assert!(database.is_closed());
        assert_eq!(tx.set(b"late", b""), Err(Error::Closed));
        assert_eq!(tx.reset(), Err(Error::Closed));
        tx.cancel();
        // Asked while it is under way, it does not say that it was given up.
        if let Poll::Ready(result) = first_poll(commit.as_mut()) {
            result.expect("nothing in the way");
            closing.await;
        } else {
            let ((), result) = tokio::join!(closing, commit);
            result.expect("nothing in the way");
        }
    }
    let database = Database::open(Some(&directory.target("db"))).await.expect("opens");
    let rows = begin(&database).range(gte(b""), gte(b"\xff"), Default::default()).collect().await.expect("rows");
    assert_eq!(rows.len(), 20);
    let tx = begin(&database);
    tx.set(b"left", b"").expect("active");
    let commit = tx.commit();
    drop(database.close_aside());
    assert_eq!(code(commit.await), Some(1025), "nobody waited for it");
}

/// Tells the name of the thread that wakes it.
struct Named(std::sync::mpsc::Sender<Option<String>>);

impl std::task::Wake for Named {
    fn wake(self: std::sync::Arc<Self>) {
        let _ = self.0.send(std::thread::current().name().map(str::to_owned));
    }
}

#[tokio::test]
async fn the_last_handle_to_be_dropped_closes_the_database_on_a_thread_of_its_own() {
    let directory = Directory::new("dropped");
    for target in ["memory:dropped".to_owned(), directory.target("db")] {
        let last: [fn(Database) -> Box<dyn std::any::Any>; 3] = [
            |database| Box::new(database),
            |database| Box::new(begin(&database)),
            |database| Box::new(database.scan(b"", b"\xff", Default::default())),
        ];
        for make in last {
            let database = Database::open(Some(&target)).await.expect("opens");
            write(&database, &[(b"a", b"1")]).await;
            // A watch made past the client, which keeps nothing open: it ends where the database does.
            let mut watch = {
                let beside = foundationdb::Database::new(Some(&target)).expect("opens");
                let tx = beside.create_trx().expect("a transaction");
                let watch = Box::pin(tx.watch(b"a"));
                tx.commit().await.expect("nothing to conflict with");
                watch
            };
            let (told, telling) = std::sync::mpsc::channel();
            let waker = std::task::Waker::from(std::sync::Arc::new(Named(told)));
            assert!(watch.as_mut().poll(&mut std::task::Context::from_waker(&waker)).is_pending());
            drop(make(database));
            assert_eq!(telling.recv().expect("it ends"), Some("found-aside".to_owned()), "{target}");
        }
        // Whoever opens it meanwhile waits until it is closed; what was in memory is gone then.
        let again = Database::open(Some(&target)).await.expect("opens");
        let kept = read(&again, b"a").await.is_some();
        assert_eq!(kept, target.starts_with("file:"));
        drop(again);
    }
    settle_closings(std::time::Duration::from_secs(60));
    assert!(opens_in_another_process(&directory.target("db")));
}

#[tokio::test]
async fn a_file_is_opened_aside_whatever_there_is_to_wait_for() {
    let directory = Directory::new("opened");
    let target = directory.target("db");
    let mut pending = 0;
    for round in 0..20u8 {
        // The one before is being closed.
        let mut opening = Box::pin(Database::open(Some(&target)));
        let first = first_poll(opening.as_mut());
        pending += usize::from(first.is_pending());
        let database = match first {
            Poll::Ready(opened) => opened,
            Poll::Pending => opening.await,
        };
        write(&database.expect("opens"), &[(&[round], b"")]).await;
    }
    // The other thread may be quicker than the first look, now and then.
    assert!(pending > 0, "it was opened on the thread that asked for it");
    // Nobody waits for it any more: it is closed again.
    let mut given_up = Box::pin(Database::open(Some(&target)));
    drop(first_poll(given_up.as_mut()));
    drop(given_up);
    settle_closings(std::time::Duration::from_secs(60));
    let database = Database::open(Some(&target)).await.expect("opens");
    let rows = begin(&database).range(gte(b""), gte(b"\xff"), Default::default()).collect().await.expect("rows");
    assert_eq!(rows.len(), 20);
}

#[tokio::test]
async fn network_options_come_before_the_first_open_or_not_at_all() {
    memory().await;
    let late = network::set_option("trace_log_group", &OptionValue::Text("x".into()));
    assert_eq!(late.as_ref().err().and_then(Error::errno), Some(2009));
    assert!(late.expect_err("late").to_string().contains("trace_log_group"));
    assert_eq!(code(network::set_option_by_code(424_242, None)), Some(2007));
    let unknown = network::set_option("no_such_option", &OptionValue::Empty);
    assert!(matches!(unknown, Err(Error::InvalidArgument { argument: "option", .. })));
    assert_eq!(code(network::set_option("trace_roll_size", &OptionValue::Text("9".into()))), Some(2006));
}
