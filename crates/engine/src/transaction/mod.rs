//! A transaction: reads at one version, writes that nobody else sees, one commit.
//!
//! Invariants:
//! - all methods take `&self`, may be called from any thread, and take effect in the order of the calls;
//! - a read sees the writes made before the call, never those made after it;
//! - a call without a result reports no error: the first one shows at the next call that gives a future, and the calls
//!   without a result that come after it do nothing;
//! - no callback runs while the lock of the transaction is held.

mod client_commit;
mod let_go;
mod mapped_reads;
mod measures;
mod options;
mod read_conflicts;
mod read_through;
mod read_version;
mod reads;
mod retry;
mod state;
mod watches;
mod writes;

use crate::clock::Clock;
use crate::database::Database;
use crate::error::Result;
use crate::timer;
use state::Later;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

pub(crate) use state::State;

/// A transaction on a [`Database`] or in a [`Tenant`](crate::Tenant).
///
/// Errors are FoundationDB's, raised at the call that raises them there. Every future may fail with
/// `transaction_cancelled` (1025), `transaction_timed_out` (1031), `used_during_commit` (2017), or the deferred error of
/// an earlier call.
pub struct Transaction {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    /// Itself, for what happens later.
    this: Weak<Inner>,
    database: Database,
    /// The tenant's id, or why it has none.
    tenant: Option<Result<i64>>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

impl Transaction {
    pub(crate) fn new(database: Database, tenant: Option<Result<i64>>) -> Transaction {
        let clock = match database.core() {
            Ok(core) => core.clock.clone(),
            Err(_) => Arc::new(crate::SystemClock) as Arc<dyn Clock>,
        };
        let state = Mutex::new(State::new(&database, clock.monotonic()));
        let inner = Arc::new_cyclic(|this| Inner { this: this.clone(), database, tenant, clock, state });
        Transaction { inner }
    }
}

impl Inner {
    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    pub(crate) fn tenant(&self) -> Option<Result<i64>> {
        self.tenant
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `action` on the state; what it leaves to do later is done when the lock is free again.
    pub(crate) fn with<R>(&self, action: impl FnOnce(&mut State) -> R) -> R {
        let (result, left) = self.with_left(action);
        for action in left.later {
            action();
        }
        if left.awaits_timeout {
            self.arm_timeout();
        }
        result
    }

    /// [`with`](Self::with) for a thread that holds the transaction for nothing else. Whoever tells a client that
    /// something is done lets go of the transaction first: the client may close the database then.
    fn finish_with(self: Arc<Self>, action: impl FnOnce(&Inner, &mut State)) {
        let ((), left) = self.with_left(|state| action(&self, state));
        if left.awaits_timeout {
            self.arm_timeout();
        }
        drop(self);
        for action in left.later {
            action();
        }
    }

    fn with_left<R>(&self, action: impl FnOnce(&mut State) -> R) -> (R, Left) {
        let mut state = self.lock();
        if state.options.timeout.is_some() {
            let now = self.clock.monotonic();
            state.check_timeout(now);
        }
        let result = action(&mut state);
        let awaits_timeout = state.awaits_timeout();
        (result, Left { later: std::mem::take(&mut state.later), awaits_timeout })
    }

    /// Has a timer fail what waits when the timeout is over: nobody may call again before.
    fn arm_timeout(&self) {
        let mut state = self.lock();
        let Some(deadline) = state.deadline().filter(|_| state.awaits_timeout()) else { return };
        if state.timeout_timer.as_ref().is_some_and(|(armed_for, _)| *armed_for == deadline) {
            return;
        }
        let left = deadline.saturating_sub(self.clock.monotonic());
        let this = self.this.clone();
        let timer = timer::schedule(left, move || {
            if let Some(inner) = this.upgrade() {
                // The look at the time that every action begins with does it. A clock that is behind the timer's, as
                // one moved by hand can be, arms it anew.
                inner.finish_with(|_, state| state.timeout_timer = None);
            }
        });
        state.timeout_timer = Some((deadline, timer));
    }

    /// A call without a result: skipped after an error, its own error is kept for later.
    fn deferring(&self, action: impl FnOnce(&mut State) -> Result<()>) {
        self.with(|state| {
            if state.deferred.is_none() {
                let result = action(state);
                state.defer(result);
            }
        });
    }
}

/// What is left to do once the lock is free.
struct Left {
    later: Vec<Later>,
    /// Whether something waits that a timeout must end.
    awaits_timeout: bool,
}

impl Drop for Transaction {
    fn drop(&mut self) {
        self.inner.with(State::destroy);
    }
}

impl std::fmt::Debug for Transaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transaction").field("database", &self.inner.database).finish_non_exhaustive()
    }
}
