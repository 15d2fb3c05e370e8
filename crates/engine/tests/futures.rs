//! Futures and promises: one answer, callbacks that run once, and who waits is woken.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use engine::{Database, Error, Future, OpenOptions, Promise};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};

/// A callback that writes down that it ran.
fn noting(log: &Arc<Mutex<Vec<u32>>>, number: u32) -> impl FnOnce() + Send + 'static {
    let log = log.clone();
    move || log.lock().unwrap().push(number)
}

#[test]
fn a_ready_future_runs_callbacks_at_once() {
    let log = Arc::default();
    let future = Future::ready(Ok(7));
    future.on_ready(noting(&log, 1));
    future.on_ready(noting(&log, 2));
    assert_eq!(*log.lock().unwrap(), [1, 2]);
    future.cancel();
    assert_eq!((future.is_ready(), future.peek(), future.wait()), (true, Some(&Ok(7)), &Ok(7)));
}

#[test]
fn a_promise_runs_callbacks_once_the_last_one_first() {
    let log = Arc::default();
    let (promise, future) = Promise::new();
    future.on_ready(noting(&log, 1));
    future.on_ready(noting(&log, 2));
    assert!(!future.is_ready() && log.lock().unwrap().is_empty());
    assert!(promise.complete(Ok(5)));
    assert_eq!(*log.lock().unwrap(), [2, 1]);
    future.on_ready(noting(&log, 3));
    assert!(!promise.complete(Ok(6)));
    drop(promise);
    future.cancel();
    assert_eq!(*log.lock().unwrap(), [2, 1, 3]);
    assert_eq!(future.peek(), Some(&Ok(5)));
}

#[test]
fn a_cancelled_future_stays_cancelled_and_frees_what_it_held() {
    let log = Arc::default();
    let (promise, future) = Promise::<u8>::new();
    promise.on_complete(noting(&log, 1));
    future.on_ready(noting(&log, 2));
    future.cancel();
    assert_eq!(future.peek(), Some(&Err(Error::OPERATION_CANCELLED)));
    assert!(promise.is_complete() && !promise.complete(Ok(1)));
    promise.on_complete(noting(&log, 3));
    assert_eq!(*log.lock().unwrap(), [1, 2, 3]);
}

#[test]
fn a_dropped_promise_breaks() {
    let (promise, future) = Promise::<u8>::new();
    drop(promise);
    assert_eq!(future.peek(), Some(&Err(Error::BROKEN_PROMISE)));
}

#[test]
fn an_answer_for_whoever_looks_can_be_overtaken_until_then() {
    let (promise, future) = Promise::new();
    promise.complete_when_observed(Ok(1));
    assert!(promise.complete(Err(Error::TRANSACTION_CANCELLED)));
    assert_eq!(future.peek(), Some(&Err(Error::TRANSACTION_CANCELLED)));

    let looks: &[fn(&Future<i32>)] = &[
        |future| assert!(future.is_ready()),
        |future| assert_eq!(future.wait(), &Ok(1)),
        |future| {
            let log = Arc::default();
            future.on_ready(noting(&log, 1));
            assert_eq!(*log.lock().unwrap(), [1]);
        },
    ];
    for look in looks {
        let (promise, future) = Promise::new();
        promise.complete_when_observed(Ok(1));
        assert!(!promise.is_complete());
        look(&future);
        assert!(promise.is_complete());
        assert_eq!(future.peek(), Some(&Ok(1)));
    }

    // Somebody looks already.
    let log = Arc::default();
    let (promise, future) = Promise::new();
    future.on_ready(noting(&log, 1));
    promise.complete_when_observed(Ok(1));
    assert_eq!(*log.lock().unwrap(), [1]);
}

#[test]
fn a_callback_that_panics_keeps_no_other_from_running_nor_a_commit_from_its_end() {
    let log = Arc::default();
    let (promise, future) = Promise::new();
    promise.on_complete(|| resume_unwind(Box::new("on purpose")));
    promise.on_complete(noting(&log, 1));
    future.on_ready(noting(&log, 3));
    future.on_ready(|| resume_unwind(Box::new("on purpose")));
    future.on_ready(noting(&log, 2));
    assert!(promise.complete(Ok(1)));
    assert_eq!(*log.lock().unwrap(), [1, 2, 3]);

    // Of a file they run on the thread that commits.
    let folder = tempfile::tempdir().unwrap();
    let target = format!("file:{}", folder.path().join("a.db").display());
    let database = Database::open(&target, OpenOptions::default()).unwrap();
    for round in 0..3u8 {
        let commits: Vec<_> = (0..4u8)
            .map(|number| {
                let transaction = database.create_transaction();
                transaction.set(&[round, number], b"");
                let commit = transaction.commit();
                let panics = || commit.on_ready(|| resume_unwind(Box::new("on purpose")));
                // One that is ready by now panics here.
                let _ = catch_unwind(AssertUnwindSafe(panics));
                (transaction, commit)
            })
            .collect();
        assert!(commits.iter().all(|(_, commit)| wait(commit).is_ok()));
    }
}

#[test]
fn a_thread_that_waits_is_woken() {
    type Answer = fn(&Promise<i32>);
    let answers: [Answer; 2] =
        [|promise| assert!(promise.complete(Ok(3))), |promise| promise.complete_when_observed(Ok(3))];
    for answer in answers {
        let (promise, future) = Promise::new();
        let (sender, started) = mpsc::channel();
        let waiter = std::thread::spawn(move || {
            sender.send(()).unwrap();
            *future.wait()
        });
        started.recv().unwrap();
        answer(&promise);
        assert_eq!(waiter.join().unwrap(), Ok(3));
    }
}

#[test]
fn a_race_of_completions_has_one_winner() {
    for _ in 0..200 {
        let (promise, future) = Promise::new();
        let ran = Arc::new(AtomicUsize::new(0));
        let counted = ran.clone();
        future.on_ready(move || {
            counted.fetch_add(1, Ordering::SeqCst);
        });
        let wins = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..3)
                .map(|number| {
                    scope.spawn({
                        let promise = &promise;
                        move || promise.complete(Ok(number))
                    })
                })
                .collect();
            future.cancel();
            threads.into_iter().map(|thread| usize::from(thread.join().unwrap())).sum::<usize>()
        });
        assert!(wins <= 1);
        assert_eq!(wins == 0, future.peek() == Some(&Err(Error::OPERATION_CANCELLED)));
        assert_eq!(ran.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn it_can_be_awaited() {
    struct Woken(AtomicUsize);
    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let woken = Arc::new(Woken(AtomicUsize::new(0)));
    let waker = Waker::from(woken.clone());
    let mut context = Context::from_waker(&waker);
    let (promise, future) = Promise::new();
    let mut future = pin!(future);
    assert_eq!(future.as_mut().poll(&mut context), Poll::Pending);
    promise.complete(Ok(9));
    assert_eq!(woken.0.load(Ordering::SeqCst), 1);
    assert_eq!(future.poll(&mut context), Poll::Ready(Ok(9)));
}
