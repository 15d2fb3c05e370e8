//! The state of a transaction: who may use it, and what a call finds when another one has ended it.
//!
//! The `foundationdb` crate's `commit` and `on_error` take the transaction and give it back when they are done, which
//! is sound but does not fit callers who share one. Here the transaction lives in a slot:
//!
//! ```text
//!            commit                ok                      reset
//!   Active ----------> Busy ----------------> Committed ----------+
//!     ^  ^               |  \                                     |
//!     |  |   on_error    |   \ error                     on_error |
//!     |  +----- Busy <---|----+-----> Failed ---------------------+---> Active
//!     |                  |
//!     |  reset           |  cancel, or on_error gave an error
//!     +------------ Dead <-------- any           close: Closed, or Closing until the commit is done
//! ```
//!
//! - `Active` alone takes reads and writes. They are issued under the lock and then live on their own: what reads are
//!   pending when a commit starts is FoundationDB's to wait for.
//! - `Busy`: a commit or an `on_error` is under way. It holds the transaction, and it lives here, so that `reset`,
//!   `cancel` and `close` can end it: whoever waits for it gets 1025. Anything else gets 2017.
//! - `Committed` and `Failed` wait for `reset` or `on_error`; anything else gets 2017, as in FoundationDB.
//! - `Dead` holds what is left of a transaction (`ended`): it fails everything that is waited for, and writes come to
//!   nothing, until `reset` makes a new transaction.
//! - `close` lets a commit of an embedded database finish (`Closing`), which takes no longer than a sync: its file is not
//!   free before, and whoever waits for the commit gets the answer. Of a cluster, nobody knows when it would.
//! - The lock is never held while a caller's code runs; wakers are woken after it is released.

mod closing;

use super::database::DatabaseInner;
use super::ended::{CANCELLED, Ended, is_lasting};
use crate::{Error, Result};
use foundationdb::{self as fdb, FdbError, TransactionCommitError, TransactionCommitted};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// A range of keys that was in conflict: begin and end.
pub type KeyRange = (Vec<u8>, Vec<u8>);

type Pending = Pin<Box<dyn Future<Output = Outcome> + Send>>;

enum State {
    Active(fdb::Transaction),
    Busy {
        ticket: u64,
        operation: Operation,
        pending: Pending,
        waker: Option<Waker>,
    },
    Committed(TransactionCommitted),
    Failed(TransactionCommitError),
    Dead(Ended),
    /// Closed, but for the commit that is under way; it lives in a [`LastCommit`].
    Closing {
        ticket: u64,
        waker: Option<Waker>,
    },
    Closed,
}

#[derive(Clone, Copy)]
enum Operation {
    Commit,
    OnError { maybe_committed: bool },
}

/// What a commit or an `on_error` came to.
enum Outcome {
    Committed(TransactionCommitted),
    CommitFailed(TransactionCommitError, Details),
    Restarted(fdb::Transaction),
    Stopped(FdbError),
}

/// What there is to know of a failed commit beside its code.
#[derive(Default)]
struct Details {
    /// The ranges that were in conflict.
    conflicts: Vec<KeyRange>,
    /// What the storage of an embedded database says: what is wrong and what to do.
    storage: Option<String>,
}

/// One transaction, shared by its handles and by the reads under way.
pub(super) struct Core {
    state: Mutex<State>,
    pub(super) database: Arc<DatabaseInner>,
    /// The number in the database's list of what is open.
    listed: AtomicU64,
    tickets: AtomicU64,
    pub(super) snapshot: bool,
    pub(super) wrote: AtomicBool,
    /// Whether failed commits should say which ranges were in conflict.
    pub(super) report_conflicts: AtomicBool,
    conflicts: Mutex<Vec<KeyRange>>,
    /// The ticket and the result of the commit that was under way when the database was closed.
    last_commit: Mutex<Option<(u64, Result<()>)>>,
    attempt: AtomicU32,
    maybe_committed: AtomicBool,
    committed_version: AtomicI64,
    /// Taken by operations of the stores that read before they write, so that two at a time in one transaction do not
    /// write what the other has made untrue.
    pub(super) turn: futures_util::lock::Mutex<()>,
    /// The read version, once it was asked for; 0 before. It can still be told after a commit.
    pub(super) read_version: AtomicI64,
}

const NOT_COMMITTED: i32 = 1020;
const USED_DURING_COMMIT: i32 = 2017;
/// FoundationDB's errors of files and disks.
const STORAGE_ERRORS: std::ops::Range<i32> = 1500..1600;
/// A defect of the engine: see what it says of it.
const INTERNAL_ERROR: i32 = 4100;

impl Core {
    pub(super) fn new(transaction: fdb::Transaction, database: Arc<DatabaseInner>, snapshot: bool) -> Arc<Core> {
        let core = Arc::new(Core {
            state: Mutex::new(State::Active(transaction)),
            report_conflicts: AtomicBool::new(database.report_conflicts()),
            database,
            listed: AtomicU64::new(0),
            tickets: AtomicU64::new(0),
            snapshot,
            wrote: AtomicBool::new(false),
            conflicts: Mutex::default(),
            last_commit: Mutex::default(),
            attempt: AtomicU32::new(1),
            maybe_committed: AtomicBool::new(false),
            committed_version: AtomicI64::new(-1),
            turn: futures_util::lock::Mutex::new(()),
            read_version: AtomicI64::new(0),
        });
        let weak: std::sync::Weak<Core> = Arc::downgrade(&core);
        core.listed.store(core.database.live.add(weak), Ordering::Relaxed);
        core
    }

    /// Runs `call`, which gives nothing to wait for, as [`with`](Self::with) does. One that has ended takes it too, as in
    /// FoundationDB: it cannot commit, so nothing is missed.
    pub(super) fn tell<R>(&self, call: impl FnOnce(&fdb::Transaction) -> R) -> Result<R> {
        match &mut *self.lock() {
            State::Active(transaction) => Ok(call(transaction)),
            State::Dead(ended) => ended.stand_in(|| self.database.create()).map(call),
            State::Busy { .. } | State::Committed(_) | State::Failed(_) => Err(Error::fdb(USED_DURING_COMMIT)),
            State::Closing { .. } | State::Closed => Err(Error::Closed),
        }
    }

    /// The size of a transaction that was cancelled.
    pub(super) fn last_size(&self) -> Option<i64> {
        match &*self.lock() {
            State::Dead(ended) => ended.size(),
            _ => None,
        }
    }

    /// Runs `call` on the transaction if it takes calls now.
    pub(super) fn with<R>(&self, call: impl FnOnce(&fdb::Transaction) -> R) -> Result<R> {
        match &*self.lock() {
            State::Active(transaction) => Ok(call(transaction)),
            State::Busy { .. } | State::Committed(_) | State::Failed(_) => Err(Error::fdb(USED_DURING_COMMIT)),
            State::Dead(ended) => Err(Error::fdb(ended.shown())),
            State::Closing { .. } | State::Closed => Err(Error::Closed),
        }
    }

    pub(super) fn attempt(&self) -> u32 {
        self.attempt.load(Ordering::Relaxed)
    }

    pub(super) fn maybe_committed(&self) -> bool {
        self.maybe_committed.load(Ordering::Relaxed)
    }

    /// It has turned out that no earlier attempt has committed.
    pub(super) fn nothing_committed(&self) {
        self.maybe_committed.store(false, Ordering::Relaxed);
    }

    pub(super) fn committed_version(&self) -> i64 {
        self.committed_version.load(Ordering::Relaxed)
    }

    pub(super) fn conflicts(&self) -> Vec<KeyRange> {
        self.conflicts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn commit(self: &Arc<Self>) -> Settle {
        let mut state = self.lock();
        match take(&mut state) {
            State::Active(transaction) => {
                let report = self.report_conflicts.load(Ordering::Relaxed);
                let commit = transaction.commit();
                let database = self.database.clone();
                let pending = async move {
                    match commit.await {
                        Ok(committed) => Outcome::Committed(committed),
                        Err(error) => {
                            let details = details(&error, report, &database).await;
                            Outcome::CommitFailed(error, details)
                        }
                    }
                };
                self.enter(&mut state, Box::pin(pending), Operation::Commit)
            }
            other => self.refuse(&mut state, other),
        }
    }

    pub(super) fn on_error(self: &Arc<Self>, code: i32) -> Settle {
        let error = FdbError::from_code(code);
        let mut state = self.lock();
        let pending: Pending = match take(&mut state) {
            State::Active(transaction) => restart(transaction, error),
            State::Committed(committed) => restart(committed.reset(), error),
            State::Failed(failure) if failure.code() == code || is_lasting(failure.code()) => {
                let on_error = failure.on_error();
                Box::pin(async move {
                    match on_error.await {
                        Ok(transaction) => Outcome::Restarted(transaction),
                        Err(error) => Outcome::Stopped(error),
                    }
                })
            }
            // A failed commit can only be continued with its own error; another one begins from a reset transaction.
            State::Failed(failure) => restart(failure.reset(), error),
            State::Dead(ended) => {
                let refused = Err(Error::fdb(ended.code()));
                *state = State::Dead(ended);
                return Settle { core: self.clone(), stage: Stage::Done(Some(refused)) };
            }
            other => return self.refuse(&mut state, other),
        };
        self.enter(&mut state, pending, Operation::OnError { maybe_committed: error.is_maybe_committed() })
    }

    pub(super) fn reset(&self) -> Result<()> {
        let mut state = self.lock();
        let (next, left) = match take(&mut state) {
            State::Active(mut transaction) => {
                transaction.reset();
                (Ok(transaction), None)
            }
            State::Committed(committed) => (Ok(committed.reset()), None),
            State::Failed(failure) => (Ok(failure.reset()), None),
            closed @ (State::Closing { .. } | State::Closed) => {
                *state = closed;
                return Err(Error::Closed);
            }
            other @ (State::Busy { .. } | State::Dead(_)) => (self.database.create(), Some(other)),
        };
        let result = next.map(|transaction| *state = State::Active(transaction));
        self.attempt.store(1, Ordering::Relaxed);
        self.maybe_committed.store(false, Ordering::Relaxed);
        self.begin_attempt();
        drop(state);
        if let Some(left) = left {
            end(left);
        }
        result
    }

    /// Ends the transaction: everything pending and to come gets 1025, until [`reset`](Self::reset).
    pub(super) fn cancel(&self) {
        let mut state = self.lock();
        let left = match take(&mut state) {
            State::Active(transaction) => {
                *state = State::Dead(Ended::cancel(transaction));
                return;
            }
            unchanged @ (State::Dead(_) | State::Closing { .. } | State::Closed) => {
                *state = unchanged;
                return;
            }
            other => other,
        };
        drop(state);
        end(left);
    }

    fn begin_attempt(&self) {
        self.wrote.store(false, Ordering::Relaxed);
        self.read_version.store(0, Ordering::Relaxed);
        self.report_conflicts.store(self.database.report_conflicts(), Ordering::Relaxed);
    }

    /// Puts the operation into the slot, or its outcome if it is done already: then it costs no wake-up.
    fn enter(self: &Arc<Self>, state: &mut State, mut pending: Pending, operation: Operation) -> Settle {
        let stage = match pending.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => Stage::Done(Some(self.settle(state, outcome, operation))),
            Poll::Pending => {
                self.database.ask();
                let ticket = self.tickets.fetch_add(1, Ordering::Relaxed);
                *state = State::Busy { ticket, operation, pending, waker: None };
                Stage::Waiting(ticket)
            }
        };
        Settle { core: self.clone(), stage }
    }

    fn refuse(self: &Arc<Self>, state: &mut State, was: State) -> Settle {
        let error = match &was {
            State::Dead(ended) => Error::fdb(ended.shown()),
            State::Closing { .. } | State::Closed => Error::Closed,
            _ => Error::fdb(USED_DURING_COMMIT),
        };
        *state = was;
        Settle { core: self.clone(), stage: Stage::Done(Some(Err(error))) }
    }

    fn settle(&self, state: &mut State, outcome: Outcome, operation: Operation) -> Result<()> {
        match outcome {
            Outcome::Committed(committed) => {
                self.database.hear();
                if let Ok(version) = committed.committed_version() {
                    self.committed_version.store(version, Ordering::Relaxed);
                }
                *state = State::Committed(committed);
                Ok(())
            }
            Outcome::CommitFailed(failure, details) => {
                let code = failure.code();
                *self.conflicts.lock().unwrap_or_else(PoisonError::into_inner) = details.conflicts;
                *state = State::Failed(failure);
                let error = self.database.error(code);
                Err(match details.storage {
                    Some(message) => error.with_context(message),
                    None => error,
                })
            }
            Outcome::Restarted(transaction) => {
                self.attempt.fetch_add(1, Ordering::Relaxed);
                let maybe_committed = matches!(operation, Operation::OnError { maybe_committed: true });
                self.maybe_committed.store(maybe_committed, Ordering::Relaxed);
                self.begin_attempt();
                *state = State::Active(transaction);
                Ok(())
            }
            Outcome::Stopped(error) => {
                *state = State::Dead(Ended::after(error.code()));
                Err(self.database.error(error.code()))
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Polls, and a second time if the outcome is not there. The operation was polled with another waker when it was issued:
/// if it is completed between the look at its outcome and the registration of the new waker, only the old one hears of
/// it. From then on the new one is registered, so the second look settles it.
fn poll_again(mut pending: Pin<&mut (dyn Future<Output = Outcome> + Send)>, cx: &mut Context<'_>) -> Poll<Outcome> {
    match pending.as_mut().poll(cx) {
        Poll::Pending => pending.poll(cx),
        ready => ready,
    }
}

fn take(state: &mut State) -> State {
    std::mem::replace(state, State::Dead(Ended::after(CANCELLED)))
}

/// Lets go of what a state held, then wakes whoever waited for it.
fn end(state: State) {
    if let State::Busy { pending, waker, .. } = state {
        drop(pending);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Asks the library for what it has to say of a failed commit.
async fn details(error: &TransactionCommitError, report: bool, database: &DatabaseInner) -> Details {
    let mut details = Details::default();
    if report && error.code() == NOT_COMMITTED {
        let ranges = error.conflicting_keys().await.unwrap_or_default();
        details.conflicts = ranges.iter().map(|range| (range.begin().to_vec(), range.end().to_vec())).collect();
    }
    let told = STORAGE_ERRORS.contains(&error.code()) || error.code() == INTERNAL_ERROR;
    if told && database.is_embedded() {
        details.storage = database.storage_error().await;
    }
    details
}

fn restart(transaction: fdb::Transaction, error: FdbError) -> Pending {
    let on_error = transaction.on_error(error);
    Box::pin(async move {
        match on_error.await {
            Ok(transaction) => Outcome::Restarted(transaction),
            Err(error) => Outcome::Stopped(error),
        }
    })
}

impl Drop for Core {
    fn drop(&mut self) {
        self.database.live.remove(*self.listed.get_mut());
    }
}

/// The future of a commit or an `on_error`. The operation goes on whether or not it is polled, as long as the
/// transaction lives; `reset`, `cancel` and the closing of the database end it with 1025.
#[must_use = "the outcome of a commit is known only to who waits for it"]
pub struct Settle {
    core: Arc<Core>,
    stage: Stage,
}

enum Stage {
    Done(Option<Result<()>>),
    Waiting(u64),
}

impl Future for Settle {
    type Output = Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let this = &mut *self;
        let ticket = match &mut this.stage {
            Stage::Done(result) => return Poll::Ready(result.take().unwrap_or(Err(Error::fdb(CANCELLED)))),
            Stage::Waiting(ticket) => *ticket,
        };
        let mut state = this.core.lock();
        let result = match &mut *state {
            State::Busy { ticket: current, operation, pending, waker } if *current == ticket => {
                match poll_again(pending.as_mut(), cx) {
                    Poll::Pending => {
                        *waker = Some(cx.waker().clone());
                        return Poll::Pending;
                    }
                    Poll::Ready(outcome) => {
                        let operation = *operation;
                        this.core.settle(&mut state, outcome, operation)
                    }
                }
            }
            State::Closing { ticket: current, waker } if *current == ticket => {
                *waker = Some(cx.waker().clone());
                return Poll::Pending;
            }
            _ => this.core.last_commit(ticket).unwrap_or(Err(Error::fdb(CANCELLED))),
        };
        drop(state);
        this.stage = Stage::Done(None);
        Poll::Ready(result)
    }
}
