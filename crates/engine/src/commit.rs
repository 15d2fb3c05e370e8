//! The commit pipeline: gather, take a version, resolve conflicts, write, publish, wake.
//!
//! Transactions that wait are taken as one batch, in the order they came, and share one version and one sync. A
//! transaction commits if nothing that it read was written at a version after its read version, by an earlier batch or
//! earlier in its own.
//!
//! Whoever commits again and again comes back soon after being told. So where a batch ends with a sync, the next one waits
//! for all who were in the last or came meanwhile, an eighth of what that took at most: else the first to come back would
//! have a sync of their own, and the others wait for two. Who is alone waits for nobody.
//!
//! One thread at a time runs batches. For a database in memory it is the thread that calls, if no other is at it: only
//! a sync, or clearing very many rows, is worth a hand-over. What comes meanwhile is left to the committer's own thread.

use crate::conflict_set::ConflictSet;
use crate::core::Core;
use crate::error::Error;
use crate::key::key_after;
use crate::limits::{BATCH_TRANSACTIONS, LIFETIME_VERSIONS};
use crate::mutation::{self, MutationType};
use crate::storage::{Batch, StorageError};
use crate::versionstamp;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A change of the database, in the order the transaction makes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mutation {
    Set(Vec<u8>, Vec<u8>),
    ClearRange(Vec<u8>, Vec<u8>),
    Atomic(MutationType, Vec<u8>, Vec<u8>),
}

/// A range of keys, half-open.
pub(crate) type KeyRange = (Vec<u8>, Vec<u8>);

/// What a transaction asks to commit.
#[derive(Debug, Default)]
pub(crate) struct CommitRequest {
    pub(crate) read_version: i64,
    pub(crate) read_ranges: Vec<KeyRange>,
    pub(crate) write_ranges: Vec<KeyRange>,
    pub(crate) mutations: Vec<Mutation>,
    /// Whether an old read version fails the commit although nothing was read.
    pub(crate) checks_age: bool,
    /// Whether a locked database takes the commit.
    pub(crate) lock_aware: bool,
    /// The key that must exist for the commit to be allowed, and the error if it does not: a tenant's entry.
    pub(crate) requires: Option<(Vec<u8>, Error)>,
}

/// How a commit ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    Committed {
        version: i64,
        index: u16,
    },
    /// The read conflict ranges that were written by others.
    Conflict(Vec<KeyRange>),
    Failed(Error),
}

type Completion = Box<dyn FnOnce(Outcome) + Send>;

struct Waiting {
    core: Arc<Core>,
    request: CommitRequest,
    complete: Completion,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    /// A thread is running a batch, or has been told to.
    busy: bool,
    thread: bool,
    closed: bool,
    /// A batch broke off: what of it was written is not known, so nothing more is.
    broken: bool,
    /// How many transactions the next batch waits for, and how long.
    gather: (usize, Duration),
    /// It is waiting.
    gathering: bool,
}

/// The longest that a batch waits for more transactions.
const GATHER: Duration = Duration::from_millis(1);

/// What is said of commits after a batch that broke off.
const BROKEN: &str = "a defect has broken a commit off, and what of it was written is not known: nothing more is written \
    until the database is closed; open it again, and please report it";

/// The queue of commits, and the thread that serves it when no caller does.
#[derive(Default)]
pub(crate) struct Committer {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    work: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for those who are likely to come back: see the module's text.
    fn gather<'queue>(&self, mut queue: MutexGuard<'queue, Queue>) -> MutexGuard<'queue, Queue> {
        let (count, most) = queue.gather;
        queue.gathering = true;
        let are_missing = |queue: &mut Queue| queue.waiting.len() < count && !queue.closed;
        let waited = self.work.wait_timeout_while(queue, most, are_missing);
        let (mut queue, _) = waited.unwrap_or_else(PoisonError::into_inner);
        queue.gathering = false;
        queue.gather = (0, Duration::ZERO);
        queue
    }

    /// Runs one batch, with the queue marked busy by the caller, and marks it free unless more has come.
    fn run_batch(&self) {
        let mut queue = self.lock();
        let count = queue.waiting.len().min(BATCH_TRANSACTIONS);
        let Some(core) = queue.waiting.front().map(|first| first.core.clone()) else { return };
        let mut requests = Vec::with_capacity(count);
        let mut completions = Vec::with_capacity(count);
        for waiting in queue.waiting.drain(..count) {
            requests.push(waiting.request);
            completions.push(waiting.complete);
        }
        drop(queue);
        let begun = core.is_durable().then(Instant::now);
        // A panic is a defect of ours. It must not leave the clients of the batch waiting, nor let another batch build
        // on a state that nobody knows.
        let (outcomes, wakers) = if self.lock().broken {
            (failed(count, Error::INTERNAL_ERROR), Vec::new())
        } else {
            catch_unwind(AssertUnwindSafe(|| core.commit_batch(requests))).unwrap_or_else(|_| {
                self.lock().broken = true;
                core.note_failure(BROKEN.to_owned());
                (failed(count, Error::COMMIT_UNKNOWN_RESULT), Vec::new())
            })
        };
        // Whoever is told that a commit is done may close the database: no reference may outlive the telling.
        drop(core);
        {
            let mut queue = self.lock();
            if let Some(begun) = begun {
                queue.gather = (count + queue.waiting.len(), GATHER.min(begun.elapsed() / 8));
            }
            queue.busy = !queue.waiting.is_empty();
            if queue.busy {
                self.work.notify_one();
            }
        }
        for (complete, outcome) in completions.into_iter().zip(outcomes) {
            complete(outcome);
        }
        for wake in wakers {
            wake();
        }
    }
}

fn failed(count: usize, error: Error) -> Vec<Outcome> {
    (0..count).map(|_| Outcome::Failed(error)).collect()
}

impl Committer {
    /// Hands a transaction in. `complete` runs once, on whichever thread runs the batch.
    pub(crate) fn submit(&self, core: &Arc<Core>, request: CommitRequest, complete: Completion) {
        let takes_long = core.takes_long(&request);
        let on_this_thread = {
            let mut queue = self.shared.lock();
            queue.waiting.push_back(Waiting { core: core.clone(), request, complete });
            let idle = !queue.busy;
            queue.busy = true;
            // Without a thread to leave it to (the system refused one), the caller does the work.
            let here = idle && !takes_long || !self.ensure_thread(&mut queue);
            // Of those it gathers, the thread need not hear before all are there.
            let are_missing = queue.gathering && queue.waiting.len() < queue.gather.0;
            if !(here || are_missing) {
                self.shared.work.notify_one();
            }
            here
        };
        if on_this_thread {
            self.shared.run_batch();
            let more = {
                let mut queue = self.shared.lock();
                queue.busy && !self.ensure_thread(&mut queue)
            };
            if more {
                self.shared.run_batch();
            }
        }
    }

    /// Whether there is a thread that serves the queue; starts it if not.
    fn ensure_thread(&self, queue: &mut Queue) -> bool {
        if queue.thread {
            return true;
        }
        let shared = self.shared.clone();
        let spawned = std::thread::Builder::new().name("found-commit".into()).spawn(move || {
            loop {
                let mut queue = shared.lock();
                while queue.waiting.is_empty() {
                    if queue.closed {
                        return;
                    }
                    queue = shared.work.wait(queue).unwrap_or_else(PoisonError::into_inner);
                }
                drop(shared.gather(queue));
                shared.run_batch();
            }
        });
        queue.thread = spawned.is_ok();
        queue.thread
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.work.notify_all();
    }
}

/// Hears of a key that may have changed, or of a range with its end.
pub(crate) type Changed<'a> = dyn FnMut(&[u8], Option<&[u8]>) + 'a;

/// Applies a transaction's mutations; `changed` hears of every key and range that may have changed.
pub(crate) fn apply(
    batch: &mut dyn Batch,
    mutations: &[Mutation],
    stamp: &[u8; 10],
    changed: &mut Changed<'_>,
) -> Result<(), StorageError> {
    for mutation in mutations {
        match mutation {
            Mutation::Set(key, value) => {
                batch.set(key, value)?;
                changed(key, None);
            }
            Mutation::ClearRange(begin, end) => {
                batch.clear_range(begin, end)?;
                changed(begin, Some(end));
            }
            Mutation::Atomic(MutationType::SetVersionstampedKey, key, value) => {
                let key = versionstamp::place(key, stamp);
                batch.set(&key, value)?;
                changed(&key, None);
            }
            Mutation::Atomic(MutationType::SetVersionstampedValue, key, value) => {
                batch.set(key, &versionstamp::place(value, stamp))?;
                changed(key, None);
            }
            Mutation::Atomic(kind, key, operand) => {
                let existing = batch.get(key)?;
                match mutation::apply(*kind, existing.as_deref(), operand) {
                    Some(value) => batch.set(key, &value)?,
                    None => batch.clear(key)?,
                }
                changed(key, None);
            }
        }
    }
    Ok(())
}

/// Notes what a committed transaction wrote: what it says itself, and its stamped keys.
pub(crate) fn note_written(request: &CommitRequest, stamp: &[u8; 10], version: i64, conflicts: &mut ConflictSet) {
    conflicts.insert_all(&request.write_ranges, version);
    for mutation in &request.mutations {
        if let Mutation::Atomic(MutationType::SetVersionstampedKey, key, _) = mutation {
            let key = versionstamp::place(key, stamp);
            conflicts.insert(&key, &key_after(&key), version);
        }
    }
}

/// Whether a request is too old to be checked: what was written after its read version may be forgotten.
pub(crate) fn is_too_old(request: &CommitRequest, version: i64) -> bool {
    (request.checks_age || !request.read_ranges.is_empty()) && request.read_version < version - LIFETIME_VERSIONS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use crate::storage::{MemoryStore, Snapshot, Storage, Undo};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc::channel;
    use std::time::Duration;

    /// A store in memory, of which a batch breaks off when it is told to.
    struct Fragile {
        store: MemoryStore,
        breaks: Arc<AtomicBool>,
        durable: bool,
    }

    impl Storage for Fragile {
        fn snapshot(&self) -> Result<Arc<dyn Snapshot>, StorageError> {
            self.store.snapshot()
        }

        fn write(
            &self,
            version: i64,
            wall: Duration,
            apply: &mut dyn FnMut(&mut dyn Batch) -> Result<(), StorageError>,
        ) -> Result<Undo, StorageError> {
            self.store.write(version, wall, &mut |batch| {
                apply(batch)?;
                if self.breaks.swap(false, Ordering::Relaxed) {
                    std::panic::resume_unwind(Box::new("on purpose"));
                }
                Ok(())
            })
        }

        fn last_version(&self) -> (i64, Duration) {
            self.store.last_version()
        }

        fn is_durable(&self) -> bool {
            self.durable
        }

        fn close(&self) -> Result<(), StorageError> {
            self.store.close()
        }
    }

    fn outcome_of_setting(core: &Arc<Core>, key: &[u8]) -> Outcome {
        let mutations = vec![Mutation::Set(key.to_vec(), b"1".to_vec())];
        let request = CommitRequest { mutations, ..CommitRequest::default() };
        let (sender, receiver) = channel();
        core.committer.submit(core, request, Box::new(move |outcome| sender.send(outcome).unwrap()));
        receiver.recv().unwrap()
    }

    #[test]
    fn a_batch_that_panics_is_unknown_and_nothing_is_written_after_it_but_reads_go_on() {
        for durable in [false, true] {
            let breaks = Arc::new(AtomicBool::new(false));
            let storage = Fragile { store: MemoryStore::new(), breaks: breaks.clone(), durable };
            let clock = Arc::new(ManualClock::new(Duration::from_secs(1)));
            let core = Arc::new(Core::new(Box::new(storage), clock, "fragile".to_owned()).unwrap());
            assert!(matches!(outcome_of_setting(&core, b"before"), Outcome::Committed { .. }));
            breaks.store(true, Ordering::Relaxed);
            let Outcome::Failed(error) = outcome_of_setting(&core, b"lost") else { panic!("it was committed") };
            assert_eq!(error, Error::COMMIT_UNKNOWN_RESULT);
            for _ in 0..2 {
                let Outcome::Failed(error) = outcome_of_setting(&core, b"after") else { panic!("it was committed") };
                assert_eq!(error, Error::INTERNAL_ERROR);
            }
            let message = core.storage_failure().unwrap();
            assert!(message.contains("open it again"), "{message}");
            let snapshot = core.read_point().snapshot;
            let there = [&b"before"[..], b"lost", b"after"].map(|key| snapshot.get(key).unwrap().is_some());
            assert_eq!(there, [true, false, false]);
        }
    }
}
