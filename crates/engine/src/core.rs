//! One database, whatever handles there are on it: its storage, its versions, its commits, its watches.
//!
//! Invariants:
//! - one batch is resolved, written and published at a time, in the order of its versions;
//! - a version is published only when its batch is in storage, and watches fire only after that;
//! - it closes when the last handle, transaction and commit under way have let go of it.
//!
//! It keeps no state of its own: each part has its lock, and none is held while a client's callback runs.

use crate::clock::Clock;
use crate::commit::{self, CommitRequest, Committer, Mutation, Outcome};
use crate::conflict_set::ConflictSet;
use crate::error::{Error, Result};
use crate::future::Promise;
use crate::key::is_key_after;
use crate::limits::LIFETIME_VERSIONS;
use crate::readers::{Reader, Readers};
use crate::registry::{self, Place};
use crate::storage::{Batch, Past, Snapshot, Storage, StorageError};
use crate::tenant;
use crate::version::{Move, Old, ReadPoint, Versions};
use crate::versionstamp;
use crate::watch::{Wake, Watches};
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// The key that locks the database while it is set.
const DATABASE_LOCKED: &[u8] = b"\xff/dbLocked";

/// The first keys of the system space that any cluster has, whatever its age. A read that runs off the application's
/// keys meets them: they show in key selectors and in conflict ranges.
const SYSTEM_KEYS: [&[u8]; 2] = [b"\xff\x02/fdbClientInfo/migrated/", b"\xff\x02/serverMetadataChanges"];

/// The version of a new database. No client meets a cluster in its first second, so programs may take it for granted
/// that a version, and so the first half of a versionstamp, is not nearly 0.
const FIRST_VERSION: i64 = 1_000_000;

/// How many rows a range may have for its clearing not to be left to another thread: what takes 5 ms or so.
const ROWS_CLEARED_HERE: usize = 10_000;

/// How far a file's versions jump when it is opened again, beyond the time that has passed: a version handed out just
/// before a crash must not come twice. FoundationDB does the same at a recovery (`MAX_VERSIONS_IN_FLIGHT`).
const REOPEN_VERSIONS: i64 = 100_000_000;

/// A commit in memory of no more changes than this is made in place where nobody reads what it changes: who comes
/// meanwhile waits for it, a third of a millisecond in a tree of a million rows.
const CHANGED_IN_PLACE: usize = 128;

/// So many rows are copied per commit, about, for transactions that have become too old: what is over waits for the next.
const COPIED_ROWS: usize = 4_096;

pub(crate) struct Core {
    /// Declared first: no commit may be under way when the storage goes.
    pub(crate) committer: Committer,
    /// Only the thread that runs a batch holds it, from the version to the publication.
    resolver: Mutex<ConflictSet>,
    versions: Mutex<Versions>,
    /// Readers of snapshots that are too old, which still have to let go of them.
    outdated: Mutex<VecDeque<Weak<dyn Reader>>>,
    pub(crate) watches: Watches,
    storage: Box<dyn Storage>,
    pub(crate) clock: Arc<dyn Clock>,
    /// What the database was opened by, such as `memory:` or `file:/data/app.db`.
    pub(crate) target: String,
    /// What conflicts are judged by: the versions before the first commit of this run are one.
    first_version: i64,
    /// What the storage said when it last failed a commit.
    storage_failure: Mutex<Option<String>>,
    /// Where it is registered, if handles may share it.
    place: Option<Place>,
}

/// The versions, with a snapshot again at the end whatever becomes of a change.
struct LockedVersions<'a> {
    locked: MutexGuard<'a, Versions>,
    storage: &'a dyn Storage,
}

impl Drop for LockedVersions<'_> {
    fn drop(&mut self) {
        if self.locked.is_lent()
            && let Ok(snapshot) = self.storage.snapshot()
        {
            self.locked.give_back(snapshot);
        }
    }
}

impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Core({})", self.target)
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        // What could not be written was never acknowledged as durable; there is nobody left to tell.
        let _ = self.storage.close();
        if let Some(place) = &self.place {
            registry::closed(place);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere must not stop the database: what these locks guard is changed in steps that are each whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_locked(snapshot: &dyn Snapshot) -> Result<bool, StorageError> {
    Ok(snapshot.get(DATABASE_LOCKED)?.is_some())
}

impl Core {
    pub(crate) fn new(storage: Box<dyn Storage>, clock: Arc<dyn Clock>, target: String) -> Result<Core, StorageError> {
        let (stored, written) = storage.last_version();
        let first_version = if stored == 0 {
            let mut seed = |batch: &mut dyn Batch| SYSTEM_KEYS.iter().try_for_each(|key| batch.set(key, b"1"));
            storage.write(FIRST_VERSION, clock.wall(), &mut seed)?;
            FIRST_VERSION
        } else {
            let passed = clock.wall().saturating_sub(written).as_micros();
            stored.saturating_add(REOPEN_VERSIONS).saturating_add(i64::try_from(passed).unwrap_or(0))
        };
        let snapshot = storage.snapshot()?;
        let locked = is_locked(&*snapshot)?;
        let versions = Versions::new(first_version, clock.monotonic(), snapshot, locked);
        Ok(Core {
            committer: Committer::default(),
            resolver: Mutex::new(ConflictSet::new()),
            versions: Mutex::new(versions),
            outdated: Mutex::default(),
            watches: Watches::default(),
            storage,
            clock,
            target,
            first_version,
            storage_failure: Mutex::default(),
            place: None,
        })
    }

    /// The same, to be registered at a place.
    pub(crate) fn at(mut self, place: Place) -> Core {
        self.place = Some(place);
        self
    }

    /// What the storage said when it last failed a commit: why, and what to do.
    pub(crate) fn storage_failure(&self) -> Option<String> {
        lock(&self.storage_failure).clone()
    }

    /// Notes why no commit can be made.
    pub(crate) fn note_failure(&self, message: String) {
        *lock(&self.storage_failure) = Some(message);
    }

    pub(crate) fn is_durable(&self) -> bool {
        self.storage.is_durable()
    }

    /// Whether a commit takes long: it waits for the disk, or clears many rows. Nobody who calls should be kept for it.
    pub(crate) fn takes_long(&self, request: &CommitRequest) -> bool {
        self.is_durable() || request.mutations.iter().any(|mutation| self.clears_many(mutation))
    }

    fn clears_many(&self, mutation: &Mutation) -> bool {
        let Mutation::ClearRange(begin, end) = mutation else { return false };
        if is_key_after(end, begin) {
            return false;
        }
        let mut rows = 0;
        let counted = self.storage.snapshot().and_then(|snapshot| {
            snapshot.scan(begin, end, false, &mut |_, _| {
                rows += 1;
                if rows < ROWS_CLEARED_HERE { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })
        });
        // The commit tells of a storage that fails.
        counted.is_ok() && rows == ROWS_CLEARED_HERE
    }

    /// A read version for a new reader, and what to read at it.
    pub(crate) fn read_point(&self) -> ReadPoint {
        lock(&self.versions).read_point(self.clock.monotonic())
    }

    /// What the database was at a version that a client gave, and who reads that.
    pub(crate) fn snapshot_at(&self, version: i64) -> Result<(Arc<dyn Snapshot>, Arc<Readers>)> {
        let old = lock(&self.versions).snapshot_at(version, self.clock.monotonic())?;
        match old {
            Old::Kept(snapshot, readers) => Ok((snapshot, readers)),
            Old::Undone { after, base, undone, bytes } => {
                let past = Arc::new(Past::new(after, None, &undone, &bytes)?);
                lock(&self.versions).keep_past(version, base, past)
            }
        }
    }

    /// The newest version: readers of the future must wait for theirs.
    pub(crate) fn newest_version(&self) -> i64 {
        lock(&self.versions).newest(self.clock.monotonic())
    }

    /// The newest state, whatever its version.
    pub(crate) fn newest_snapshot(&self) -> Arc<dyn Snapshot> {
        self.read_point().snapshot
    }

    /// Has the snapshots back that are too old to be read, which else would keep ever more. Their readers keep a copy
    /// of what they have read.
    fn take_back_snapshots(&self) {
        let (oldest, outdated) = lock(&self.versions).take_outdated();
        let mut waiting = std::mem::take(&mut *lock(&self.outdated));
        waiting.extend(outdated);
        let (mut copied, mut busy) = (0, Vec::new());
        while copied < COPIED_ROWS
            && let Some(reader) = waiting.pop_front()
        {
            match reader.upgrade().map(|reader| reader.let_go(oldest)) {
                Some(None) => busy.push(reader),
                Some(Some(rows)) => copied += rows,
                None => {}
            }
        }
        waiting.extend(busy);
        *lock(&self.outdated) = waiting;
    }

    /// Has those who have read for a while read from a newer snapshot, and from what was replaced since: what only the
    /// older one keeps is free then. Who is busy is asked again the next time. In memory less is kept, and the time for it
    /// might be that of a client's event loop.
    fn move_readers(&self) {
        if !self.is_durable() {
            return;
        }
        let moves = lock(&self.versions).take_moves();
        for Move { versions, after, base, older, undone, readers, bytes } in moves {
            // Where it would be too much they stay.
            let Ok(past) = Past::new(after, older.as_deref(), &undone, &bytes) else { continue };
            let past = Arc::new(past);
            lock(&self.versions).replace_past(&versions, base, &past);
            let past: Arc<dyn Snapshot> = past;
            for reader in readers.iter().filter_map(Weak::upgrade) {
                reader.read_from(&versions, &past);
            }
        }
    }

    /// Commits a batch: see [`crate::commit`]. What it returns beside the outcomes is to be run when those are told.
    pub(crate) fn commit_batch(&self, requests: Vec<CommitRequest>) -> (Vec<Outcome>, Vec<Wake>) {
        let result = self.commit_and_publish(requests);
        self.take_back_snapshots();
        self.move_readers();
        result
    }

    fn commit_and_publish(&self, requests: Vec<CommitRequest>) -> (Vec<Outcome>, Vec<Wake>) {
        let mut conflicts = lock(&self.resolver);
        let version = lock(&self.versions).begin_commit(self.clock.monotonic());
        conflicts.forget_before(version - LIFETIME_VERSIONS);
        let (before, locked) = lock(&self.versions).current();
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(requests.len());
        let mut accepted: Vec<(&CommitRequest, [u8; 10])> = Vec::with_capacity(requests.len());
        for (index, request) in requests.iter().enumerate() {
            // The batch is bounded so that the place fits (limits.rs).
            let index = index as u16;
            let stamp = versionstamp::stamp(version, index);
            let outcome = self.judge(&conflicts, (&*before, locked), request, version, index);
            if matches!(outcome, Outcome::Committed { .. }) {
                commit::note_written(request, &stamp, version, &mut conflicts);
                accepted.push((request, stamp));
            }
            outcomes.push(outcome);
        }
        drop(before);
        let watched = self.watches.any();
        let mut touched = Vec::new();
        let mut lock_touched = false;
        let mut failed = None;
        if accepted.iter().any(|(request, _)| !request.mutations.is_empty()) {
            let lent = self.lend_current(&accepted);
            let written = self
                .storage
                .write(version, self.clock.wall(), &mut |batch| {
                    touched.clear();
                    for (request, stamp) in &accepted {
                        commit::apply(batch, &request.mutations, stamp, &mut |begin, end| {
                            lock_touched |= end.map_or(begin == DATABASE_LOCKED, |end| {
                                begin <= DATABASE_LOCKED && DATABASE_LOCKED < end
                            });
                            if watched {
                                touched.push((begin.to_vec(), end.map(<[u8]>::to_vec)));
                            }
                        })?;
                    }
                    Ok(())
                })
                .and_then(|undo| {
                    let snapshot = self.storage.snapshot()?;
                    let locked = if lock_touched { is_locked(&*snapshot)? } else { locked };
                    Ok((snapshot, locked, undo))
                });
            let mut versions = lent.unwrap_or_else(|| self.lock_versions());
            match written {
                Ok((snapshot, locked, undo)) => versions.locked.publish(version, snapshot, locked, undo),
                Err(failure) => {
                    versions.locked.abandon(version);
                    failed = Some(failure.error);
                    self.note_failure(failure.message);
                }
            }
        } else {
            lock(&self.versions).abandon(version);
        }
        drop(accepted);
        drop(conflicts);
        if let Some(error) = failed {
            for outcome in &mut outcomes {
                if matches!(outcome, Outcome::Committed { .. }) {
                    *outcome = Outcome::Failed(error);
                }
            }
            return (outcomes, Vec::new());
        }
        let wakers =
            if touched.is_empty() { Vec::new() } else { self.watches.changed(&touched, &*self.newest_snapshot()) };
        (outcomes, wakers)
    }

    fn lock_versions(&self) -> LockedVersions<'_> {
        LockedVersions { locked: lock(&self.versions), storage: &*self.storage }
    }

    /// Leaves the newest snapshot to the storage for changes, if these are few, in memory, and nobody has it: none can be
    /// asked for until the lock is gone.
    fn lend_current(&self, accepted: &[(&CommitRequest, [u8; 10])]) -> Option<LockedVersions<'_>> {
        let count: usize = accepted.iter().map(|(request, _)| request.mutations.len()).sum();
        let clears_range = |mutation: &Mutation| match mutation {
            Mutation::ClearRange(begin, end) => !is_key_after(end, begin),
            _ => false,
        };
        if self.is_durable()
            || count > CHANGED_IN_PLACE
            || accepted.iter().any(|(request, _)| request.mutations.iter().any(clears_range))
        {
            return None;
        }
        let mut versions = self.lock_versions();
        versions.locked.lend_current().then_some(versions)
    }

    fn judge(
        &self,
        conflicts: &ConflictSet,
        (before, locked): (&dyn Snapshot, bool),
        request: &CommitRequest,
        version: i64,
        index: u16,
    ) -> Outcome {
        if locked && !request.lock_aware {
            return Outcome::Failed(Error::DATABASE_LOCKED);
        }
        if let Some((key, error)) = &request.requires {
            match before.get(key) {
                Ok(Some(_)) => {}
                Ok(None) => return Outcome::Failed(*error),
                Err(failure) => return Outcome::Failed(failure.error),
            }
        }
        // Before the first version of this run nothing is known of what was written.
        if commit::is_too_old(request, version)
            || !request.read_ranges.is_empty() && request.read_version < self.first_version
        {
            return Outcome::Failed(Error::TRANSACTION_TOO_OLD);
        }
        let ranges: Vec<_> = request
            .read_ranges
            .iter()
            .filter(|(begin, end)| conflicts.conflicts(begin, end, request.read_version))
            .cloned()
            .collect();
        if ranges.is_empty() { Outcome::Committed { version, index } } else { Outcome::Conflict(ranges) }
    }

    /// Arms a watch, and fires it if the value differs already from what was seen.
    pub(crate) fn arm_watch(
        self: &Arc<Self>,
        key: Vec<u8>,
        seen: Option<Vec<u8>>,
        tenant: Option<i64>,
        promise: Arc<Promise<()>>,
    ) {
        let core = Arc::downgrade(self);
        let watched = key.clone();
        promise.on_complete(move || {
            if let Some(core) = core.upgrade() {
                core.watches.forget_complete(&watched);
            }
        });
        self.watches.arm(key.clone(), seen, tenant, promise);
        let mut touched = vec![(key, None)];
        touched.extend(tenant.map(|id| (tenant::map_key(id), None)));
        for wake in self.watches.changed(&touched, &*self.newest_snapshot()) {
            wake();
        }
    }

    /// The entry of a tenant, by its name, in the newest state.
    pub(crate) fn find_tenant(&self, name: &[u8]) -> Result<i64> {
        tenant::find(&*self.newest_snapshot(), name)
    }
}
