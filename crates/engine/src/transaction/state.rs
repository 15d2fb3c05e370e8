//! What a transaction remembers between calls.
//!
//! - `failed` is why every operation fails until the next reset; `deferred` is the first error of a call that could
//!   report none. The first of each stays.
//! - What waits is registered in `pending`, `stamps` or `watches`, so that a cancel, a timeout or a reset can end it.
//! - Nothing is completed under the lock: completions go to `later`.

use super::watches::OwnWatch;
use crate::commit::{KeyRange, Mutation};
use crate::database::Database;
use crate::error::{Error, Result};
use crate::future::{Future, Promise};
use crate::key::{ALL_END, SYSTEM_BEGIN};
use crate::limits::{BACKOFF_FIRST_S, BACKOFF_MAX_S, TRANSACTION_SIZE};
use crate::option_codes::TransactionOption;
use crate::range_set::RangeSet;
use crate::read_set::ReadSet;
use crate::readers::ReaderPlace;
use crate::special_keys::SpecialWrites;
use crate::storage::Snapshot;
use crate::timer::TimerHandle;
use crate::write_map::WriteMap;
use std::sync::Arc;
use std::time::Duration;

/// A read version, and what the database was at it once that has been looked up.
pub(crate) struct ReadVersion {
    pub(crate) version: i64,
    /// Whether the client has set it.
    pub(crate) given: bool,
    pub(crate) snapshot: Option<Arc<dyn Snapshot>>,
    /// The transaction's place among those that read from the snapshot; none where it is a copy of its own.
    pub(super) place: Option<ReaderPlace>,
}

/// Options of the current attempt.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) ryw_disabled: bool,
    pub(crate) read_system_keys: bool,
    pub(crate) write_system_keys: bool,
    pub(crate) raw_access: bool,
    pub(crate) next_write_no_conflict: bool,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry_limit: i64,
    pub(crate) max_backoff_s: f64,
    pub(crate) size_limit: i64,
    pub(crate) snapshot_ryw: i32,
    pub(crate) lock_aware: bool,
    pub(crate) read_only: bool,
    pub(crate) used_during_commit_allowed: bool,
    pub(crate) special_keys_relaxed: bool,
    pub(crate) special_key_writes: bool,
    pub(crate) bypass_unreadable: bool,
    pub(crate) report_conflicting_keys: bool,
    pub(crate) causal_write_risky: bool,
    pub(crate) identifier: Option<Vec<u8>>,
    pub(crate) tags: usize,
}

impl Options {
    fn new(snapshot_ryw: i32) -> Options {
        Options {
            ryw_disabled: false,
            read_system_keys: false,
            write_system_keys: false,
            raw_access: false,
            next_write_no_conflict: false,
            timeout: None,
            retry_limit: -1,
            max_backoff_s: BACKOFF_MAX_S,
            size_limit: TRANSACTION_SIZE,
            snapshot_ryw,
            lock_aware: false,
            read_only: false,
            used_during_commit_allowed: false,
            special_keys_relaxed: false,
            special_key_writes: false,
            bypass_unreadable: false,
            report_conflicting_keys: false,
            causal_write_risky: false,
            identifier: None,
            tags: 0,
        }
    }
}

/// Mutations and conflict ranges in the order the client made them: those made with read-your-writes off, and those
/// that a versionstamped key has hidden from reads.
#[derive(Default)]
pub(crate) struct Ordered {
    pub(crate) mutations: Vec<Mutation>,
    pub(crate) write_ranges: Vec<KeyRange>,
    pub(crate) read_ranges: Vec<KeyRange>,
    /// Of reads with read-your-writes off: they show as read conflicts but do not count in the size.
    pub(crate) extra_read_ranges: Vec<KeyRange>,
}

/// A promise of whatever type.
trait Pending: Send + Sync {
    fn is_over(&self) -> bool;
    fn fail(&self, error: Error);
}

impl<T: Send + Sync> Pending for Promise<T> {
    fn is_over(&self) -> bool {
        self.is_complete()
    }

    fn fail(&self, error: Error) {
        self.complete(Err(error));
    }
}

pub(crate) type Later = Box<dyn FnOnce() + Send>;

/// The state of a transaction, behind its lock.
pub(crate) struct State {
    /// Counts resets: what was begun before one has no effect after it.
    pub(crate) generation: u64,
    /// Why every operation fails until the next reset: cancelled, timed out, used during commit.
    pub(crate) failed: Option<Error>,
    /// The first error of a call that reports none itself.
    pub(crate) deferred: Option<Error>,
    pub(crate) commit_started: bool,
    pub(crate) read_version: Option<ReadVersion>,
    pub(crate) writes: WriteMap,
    pub(crate) ordered: Ordered,
    pub(crate) reads: ReadSet,
    pub(crate) has_read: bool,
    pub(crate) pending_reads: usize,
    /// The first error of a read: the commit fails with it.
    pub(crate) read_error: Option<Error>,
    /// What goes on once no read is pending.
    pub(crate) after_reads: Option<Later>,
    pub(crate) stamped_keys: Vec<Vec<u8>>,
    pub(crate) approximate_size: i64,
    pub(crate) cost: i64,
    pub(crate) options: Options,
    pub(crate) persistent: Vec<(TransactionOption, Option<Vec<u8>>)>,
    pub(crate) retries: i64,
    pub(crate) backoff_s: f64,
    pub(crate) created: Duration,
    pub(crate) committed_version: i64,
    pub(crate) committed_stamp: Option<[u8; 10]>,
    pub(crate) stamps: Vec<Arc<Promise<[u8; 10]>>>,
    pub(crate) watches: Vec<OwnWatch>,
    /// Watches that an own write has fired, before anything was waited for.
    pub(super) triggered: Vec<Arc<Promise<()>>>,
    pub(crate) conflicting: Option<RangeSet>,
    pub(crate) special_writes: SpecialWrites,
    pub(crate) special_error: Option<String>,
    pending: Vec<Arc<dyn Pending>>,
    /// When the timer will fail what waits.
    pub(super) timeout_timer: Option<(Duration, TimerHandle)>,
    /// Runs when the lock is released: callbacks must not be called under it.
    pub(crate) later: Vec<Later>,
}

impl State {
    pub(crate) fn new(database: &Database, now: Duration) -> State {
        let defaults = database.options();
        let mut state = State {
            generation: 0,
            failed: None,
            deferred: defaults.deferred,
            commit_started: false,
            read_version: None,
            writes: WriteMap::default(),
            ordered: Ordered::default(),
            reads: ReadSet::default(),
            has_read: false,
            pending_reads: 0,
            read_error: None,
            after_reads: None,
            stamped_keys: Vec::new(),
            approximate_size: 0,
            cost: 0,
            options: Options::new(defaults.snapshot_ryw),
            persistent: Vec::new(),
            retries: 0,
            backoff_s: BACKOFF_FIRST_S,
            created: now,
            committed_version: -1,
            committed_stamp: None,
            stamps: Vec::new(),
            watches: Vec::new(),
            triggered: Vec::new(),
            conflicting: None,
            special_writes: SpecialWrites::default(),
            special_error: None,
            pending: Vec::new(),
            timeout_timer: None,
            later: Vec::new(),
        };
        state.persistent = defaults.transaction_defaults;
        state.apply_persistent();
        state
    }

    /// A future that waits; it fails when the transaction is cancelled, times out or is reset.
    pub(crate) fn pending<T: Send + Sync + 'static>(&mut self) -> (Arc<Promise<T>>, Future<T>) {
        self.pending.retain(|pending| !pending.is_over());
        let (promise, future) = Promise::new();
        let promise = Arc::new(promise);
        self.pending.push(promise.clone());
        (promise, future)
    }

    /// Completes a promise once the lock is released.
    pub(crate) fn complete<T: Send + Sync + 'static>(&mut self, promise: &Arc<Promise<T>>, result: Result<T>) {
        let promise = promise.clone();
        self.later.push(Box::new(move || {
            promise.complete(result);
        }));
    }

    /// Makes every operation fail until the next reset, those that wait included. The first error stays.
    pub(crate) fn fail(&mut self, error: Error) {
        if self.failed.is_some() {
            return;
        }
        self.failed = Some(error);
        self.fail_pending(error);
        self.fail_stamps(error);
        let unsettled: Vec<OwnWatch> = self.watches.extract_if(.., |watch| !watch.settled).collect();
        for watch in unsettled {
            self.complete(&watch.promise, Err(error));
        }
        self.fail_triggered(error);
    }

    fn fail_pending(&mut self, error: Error) {
        for pending in std::mem::take(&mut self.pending) {
            self.later.push(Box::new(move || pending.fail(error)));
        }
    }

    pub(crate) fn fail_stamps(&mut self, error: Error) {
        for stamp in std::mem::take(&mut self.stamps) {
            self.complete(&stamp, Err(error));
        }
    }

    /// The end of the transaction object: whatever still waits is told.
    pub(crate) fn destroy(&mut self) {
        self.fail(Error::TRANSACTION_CANCELLED);
        self.fail_watches(Error::TRANSACTION_CANCELLED);
    }

    /// Forgets the attempt. Retries, backoff, creation time, the committed version and the report of conflicting keys
    /// stay; options go back to the persistent ones.
    pub(crate) fn begin_attempt(&mut self, database: &Database) {
        self.generation += 1;
        self.fail_pending(Error::TRANSACTION_CANCELLED);
        self.fail_stamps(Error::TRANSACTION_CANCELLED);
        self.fail_watches(Error::TRANSACTION_CANCELLED);
        self.failed = None;
        self.deferred = database.deferred_error();
        self.commit_started = false;
        self.read_version = None;
        self.writes = WriteMap::default();
        self.ordered = Ordered::default();
        self.reads.clear();
        self.has_read = false;
        self.pending_reads = 0;
        self.read_error = None;
        self.after_reads = None;
        self.stamped_keys.clear();
        self.committed_stamp = None;
        self.approximate_size = 0;
        self.cost = 0;
        self.special_writes = SpecialWrites::default();
        self.special_error = None;
        self.options = Options::new(database.options().snapshot_ryw);
        self.apply_persistent();
    }

    /// Forgets everything but the committed version and the report of conflicting keys.
    pub(crate) fn reset(&mut self, database: &Database, now: Duration) {
        self.retries = 0;
        self.backoff_s = BACKOFF_FIRST_S;
        self.created = now;
        self.persistent = database.options().transaction_defaults;
        self.begin_attempt(database);
    }

    fn apply_persistent(&mut self) {
        let persistent = std::mem::take(&mut self.persistent);
        for (option, value) in &persistent {
            // Each was accepted once.
            if let Err(error) = self.apply_option(*option, value.as_deref(), false) {
                self.deferred = self.deferred.or(Some(error));
            }
        }
        self.persistent = persistent;
    }

    pub(crate) fn max_read_key(&self) -> &'static [u8] {
        if self.options.read_system_keys { ALL_END } else { SYSTEM_BEGIN }
    }

    pub(crate) fn max_write_key(&self) -> &'static [u8] {
        if self.options.write_system_keys { ALL_END } else { SYSTEM_BEGIN }
    }

    /// When the transaction times out.
    pub(super) fn deadline(&self) -> Option<Duration> {
        Some(self.created.saturating_add(self.options.timeout?))
    }

    /// Fails the transaction if its time is up.
    pub(super) fn check_timeout(&mut self, now: Duration) {
        if self.deadline().is_some_and(|deadline| now >= deadline) {
            self.fail(Error::TRANSACTION_TIMED_OUT);
        }
    }

    /// Whether something waits that the timeout must end.
    pub(super) fn awaits_timeout(&self) -> bool {
        self.options.timeout.is_some()
            && self.failed.is_none()
            && (!self.stamps.is_empty() || self.pending.iter().any(|pending| !pending.is_over()))
    }

    /// Refuses what may not be done once `commit` was called, and then fails the whole transaction (unless told not to).
    pub(crate) fn check_used_during_commit(&mut self) -> Result<()> {
        if !self.commit_started {
            return Ok(());
        }
        if !self.options.used_during_commit_allowed {
            self.fail(Error::USED_DURING_COMMIT);
        }
        Err(Error::USED_DURING_COMMIT)
    }

    /// The checks that nearly every operation with a future begins with.
    pub(crate) fn check_usable(&mut self) -> Result<()> {
        self.check_used_during_commit()?;
        self.failed.map_or(Ok(()), Err)
    }

    /// Keeps the first error of the calls that report none.
    pub(crate) fn defer(&mut self, result: Result<()>) {
        if let Err(error) = result {
            self.deferred = self.deferred.or(Some(error));
        }
    }

    /// Whether the next write adds a write conflict; asking uses the option up.
    pub(crate) fn take_write_conflict(&mut self) -> bool {
        !std::mem::take(&mut self.options.next_write_no_conflict)
    }
}
