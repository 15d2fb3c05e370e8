//! Versions: which one a reader gets, which one a commit gets, and what old versions are read from.
//!
//! Invariants:
//! - versions grow by about a million a second, idle or not, and never go back;
//! - a read version handed out is at least every commit version published before, and below that of a commit in flight;
//! - a version is read from the snapshot of the last commit at or before it, or from a later one and what the commits
//!   between have replaced;
//! - only transactions keep snapshots, in a file not for long while much is changed: of a version that none reads, what was
//!   replaced since is kept, up to a bound;
//! - who reads from a snapshot is known, and is told to let go of it when all of its versions are too old to be read.

use crate::error::{Error, Result};
use crate::limits::LIFETIME_VERSIONS;
use crate::readers::{Reader, Readers};
use crate::reclaim::drop_elsewhere;
use crate::storage::{Nothing, Past, PastBytes, Snapshot, UNDO_BYTES, Undo};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// A version and what the database was at it.
#[derive(Clone)]
pub(crate) struct ReadPoint {
    pub(crate) version: i64,
    pub(crate) snapshot: Arc<dyn Snapshot>,
    /// Whether the database is locked in it.
    pub(crate) locked: bool,
    /// Who reads from the snapshot: to be entered by whoever keeps it.
    pub(crate) readers: Arc<Readers>,
}

/// How old the last version may be when it is handed out: an idle cluster gives itself a new one about as often.
const IDLE_VERSIONS: i64 = 250_000;

/// What an epoch takes beside what its commit has replaced, about.
const EPOCH_BYTES: usize = 256;
/// So many epochs that only transactions keep are looked through at least for those that none keeps any more.
const SWEPT_EPOCHS: usize = 64;
/// When so many changes were made, each of which has replaced a page at most of those who read since before them, these are
/// moved to a newer snapshot...
const MOVED_AFTER: usize = 2_048;
/// ... if they are of no more epochs than this, as each takes what was changed since to be put in order.
const MOVED_EPOCHS: usize = 8;
/// So many epochs are freed by who commits; more of them, as after a pause, on another thread.
const FREED_HERE: usize = 1_000;

/// The state of the database from one commit to the next.
struct Epoch {
    from: i64,
    /// The version of the next commit.
    until: i64,
    /// For as long as somebody reads from it.
    snapshot: Weak<dyn Snapshot>,
    /// That snapshot if it was made of a newer one, and the version of that.
    past: Option<(Weak<Past>, i64)>,
    readers: Arc<Readers>,
}

impl Epoch {
    fn is_read(&self) -> bool {
        self.snapshot.strong_count() > 0 || Arc::strong_count(&self.readers) > 1
    }

    /// What it is read from if that was made of a newer snapshot, and the version of the snapshot behind.
    fn behind(&self) -> (Option<Arc<Past>>, i64) {
        let past = self.past.as_ref().and_then(|(past, base)| Some((past.upgrade()?, *base)));
        past.map_or((None, self.from), |(past, base)| (Some(past), base))
    }

    fn set_past(&mut self, past: &Arc<Past>, base: i64) {
        let snapshot: Arc<dyn Snapshot> = past.clone();
        self.snapshot = Arc::downgrade(&snapshot);
        self.past = Some((Arc::downgrade(past), base));
    }
}

/// The epochs of the past, each with what the commit at its end has replaced.
///
/// All commits since the oldest of `undoable` can be undone; what is older is there only while it is read.
#[derive(Default)]
struct History {
    undoable: VecDeque<(Epoch, Arc<Undo>)>,
    /// What `undoable` holds.
    bytes: usize,
    read: VecDeque<Epoch>,
    /// How many of `read` are too many not to look who is still read.
    sweep_at: usize,
}

fn bytes_of(undo: &Undo) -> usize {
    EPOCH_BYTES + undo.size()
}

fn free(undos: Vec<Arc<Undo>>) {
    if undos.len() > FREED_HERE {
        drop_elsewhere(undos);
    }
}

impl History {
    fn push(&mut self, epoch: Epoch, undo: Undo) {
        let most = if undo.is_complete() { UNDO_BYTES } else { 0 };
        self.bytes += bytes_of(&undo);
        self.undoable.push_back((epoch, Arc::new(undo)));
        let mut gone = Vec::new();
        while self.bytes > most
            && let Some((epoch, undo)) = self.undoable.pop_front()
        {
            self.bytes -= bytes_of(&undo);
            if epoch.is_read() {
                self.read.push_back(epoch);
            }
            gone.push(undo);
        }
        free(gone);
        if self.read.len() >= self.sweep_at {
            self.read.retain(Epoch::is_read);
            self.sweep_at = SWEPT_EPOCHS.max(2 * self.read.len());
        }
    }

    /// Forgets the epochs that nobody may read any more, and gives their readers.
    fn forget_before(&mut self, oldest: i64) -> Vec<Weak<dyn Reader>> {
        let mut readers = Vec::new();
        while self.read.front().is_some_and(|epoch| epoch.until <= oldest) {
            readers.extend(self.read.pop_front().into_iter().flat_map(|epoch| epoch.readers.list()));
        }
        let mut gone = Vec::new();
        while self.undoable.front().is_some_and(|(epoch, _)| epoch.until <= oldest) {
            if let Some((epoch, undo)) = self.undoable.pop_front() {
                self.bytes -= bytes_of(&undo);
                readers.extend(epoch.readers.list());
                gone.push(undo);
            }
        }
        free(gone);
        readers
    }

    /// The epoch of a version, and its place among those that can be undone.
    fn epoch_of(&mut self, version: i64) -> Option<(&mut Epoch, Option<usize>)> {
        let index = self.undoable.partition_point(|(epoch, _)| epoch.until <= version);
        let undoable = self.undoable.get_mut(index).filter(|(epoch, _)| epoch.from <= version);
        if let Some((epoch, _)) = undoable {
            return Some((epoch, Some(index)));
        }
        let index = self.read.partition_point(|epoch| epoch.until <= version);
        self.read.get_mut(index).filter(|epoch| epoch.from <= version).map(|epoch| (epoch, None))
    }

    /// The place of the epoch of `version`, if it can be undone.
    fn index_of(&self, version: i64) -> Option<usize> {
        let index = self.undoable.partition_point(|(epoch, _)| epoch.until <= version);
        self.undoable.get(index).filter(|(epoch, _)| epoch.from <= version).map(|_| index)
    }

    /// What was replaced since an epoch that can be undone.
    fn undone_since(&self, index: usize) -> Vec<Arc<Undo>> {
        self.undoable.iter().skip(index).map(|(_, undo)| undo.clone()).collect()
    }
}

/// How a version of the past is read.
pub(crate) enum Old {
    Kept(Arc<dyn Snapshot>, Arc<Readers>),
    /// From a snapshot of `after` with the commits `undone`: make a [`Past`](crate::storage::Past) of it and have it
    /// [kept](Versions::keep_past).
    Undone {
        after: Arc<dyn Snapshot>,
        /// The version of `after`.
        base: i64,
        undone: Vec<Arc<Undo>>,
        bytes: PastBytes,
    },
}

/// Readers of an epoch that are to read from a newer snapshot: make a [`Past`] of it, and have it
/// [take the place](Versions::replace_past) of the older one.
pub(crate) struct Move {
    pub(crate) versions: Range<i64>,
    pub(crate) after: Arc<dyn Snapshot>,
    /// The version of `after`.
    pub(crate) base: i64,
    pub(crate) older: Option<Arc<Past>>,
    pub(crate) undone: Vec<Arc<Undo>>,
    pub(crate) readers: Vec<Weak<dyn Reader>>,
    pub(crate) bytes: PastBytes,
}

/// See the module's text.
pub(crate) struct Versions {
    /// The version at `base_time` of the monotonic clock.
    base: i64,
    base_time: Duration,
    /// The newest version handed out or published.
    last: i64,
    in_flight: Option<i64>,
    current_from: i64,
    /// [`Nothing`] while it is lent.
    current: Arc<dyn Snapshot>,
    is_lent: bool,
    readers: Arc<Readers>,
    locked: bool,
    history: History,
    past_bytes: PastBytes,
    /// How many changes were made since readers were moved last, and the version of then.
    changes: usize,
    moved_at: i64,
    /// How many changes had to be put in order for that: a part of so many must follow before it is done again.
    moved: usize,
    /// Readers of snapshots that are too old.
    outdated: Vec<Weak<dyn Reader>>,
}

impl Versions {
    pub(crate) fn new(base: i64, now: Duration, snapshot: Arc<dyn Snapshot>, locked: bool) -> Versions {
        Versions {
            base,
            base_time: now,
            last: base,
            in_flight: None,
            current_from: 0,
            current: snapshot,
            is_lent: false,
            readers: Arc::default(),
            locked,
            history: History::default(),
            past_bytes: PastBytes::default(),
            changes: 0,
            moved_at: 0,
            moved: 0,
            outdated: Vec::new(),
        }
    }

    fn clock(&self, now: Duration) -> i64 {
        let elapsed = now.saturating_sub(self.base_time).as_micros();
        self.base.saturating_add(i64::try_from(elapsed).unwrap_or(i64::MAX))
    }

    /// The newest version: the clock's, or the last one given if that is ahead.
    pub(crate) fn newest(&self, now: Duration) -> i64 {
        let newest = self.last.max(self.clock(now));
        match self.in_flight {
            // A commit that is not published yet must not be read.
            Some(version) => newest.min(version - 1),
            None => newest,
        }
    }

    /// The state after the last commit, and whether the database is locked in it.
    pub(crate) fn current(&self) -> (Arc<dyn Snapshot>, bool) {
        (self.current.clone(), self.locked)
    }

    /// Lets go of the newest snapshot if nobody but the storage has it beside, so that this may change it as it is, and
    /// says so. Nothing may be read before there is another one: by [`publish`](Self::publish) or [`give_back`](Self::give_back).
    pub(crate) fn lend_current(&mut self) -> bool {
        self.is_lent = Arc::strong_count(&self.current) <= 2;
        if self.is_lent {
            self.current = Arc::new(Nothing);
        }
        self.is_lent
    }

    /// What the newest snapshot is after nothing has come of a change.
    pub(crate) fn give_back(&mut self, snapshot: Arc<dyn Snapshot>) {
        self.current = snapshot;
        self.is_lent = false;
    }

    pub(crate) fn is_lent(&self) -> bool {
        self.is_lent
    }

    /// A read version for a new reader: that of the last commit, as on a cluster, or that of the clock where the last
    /// one is so old that a reader would soon be too late with it.
    pub(crate) fn read_point(&mut self, now: Duration) -> ReadPoint {
        let newest = self.newest(now);
        if newest - self.last > IDLE_VERSIONS {
            self.last = newest;
        }
        let (snapshot, readers) = (self.current.clone(), self.readers.clone());
        ReadPoint { version: self.last, snapshot, locked: self.locked, readers }
    }

    /// How to read what the database was at `version`; `transaction_too_old` where that is not known any more.
    pub(crate) fn snapshot_at(&mut self, version: i64, now: Duration) -> Result<Old> {
        if version < self.newest(now) - LIFETIME_VERSIONS {
            return Err(Error::TRANSACTION_TOO_OLD);
        }
        if version >= self.current_from {
            return Ok(Old::Kept(self.current.clone(), self.readers.clone()));
        }
        let (epoch, index) = self.history.epoch_of(version).ok_or(Error::TRANSACTION_TOO_OLD)?;
        if let Some(snapshot) = epoch.snapshot.upgrade() {
            return Ok(Old::Kept(snapshot, epoch.readers.clone()));
        }
        let undone = self.history.undone_since(index.ok_or(Error::TRANSACTION_TOO_OLD)?);
        let (after, base) = (self.current.clone(), self.current_from);
        Ok(Old::Undone { after, base, undone, bytes: self.past_bytes.clone() })
    }

    /// The readers that have gone on reading from the same snapshot while much was changed, to be moved to the newest.
    pub(crate) fn take_moves(&mut self) -> Vec<Move> {
        if self.changes < MOVED_AFTER.max(self.moved / 4) {
            return Vec::new();
        }
        (self.changes, self.moved) = (0, 0);
        let moved_at = std::mem::replace(&mut self.moved_at, self.current_from);
        let History { read, undoable, .. } = &self.history;
        let epochs = read.iter().chain(undoable.iter().map(|(epoch, _)| epoch));
        let old =
            epochs.take_while(|epoch| epoch.from < moved_at).filter(|epoch| Arc::strong_count(&epoch.readers) > 1);
        let moves = old.filter_map(|epoch| {
            let (older, behind) = epoch.behind();
            let undone = self.history.undone_since(self.history.index_of(behind)?);
            Some(Move {
                versions: epoch.from..epoch.until,
                after: self.current.clone(),
                base: self.current_from,
                older,
                undone,
                readers: epoch.readers.list(),
                bytes: self.past_bytes.clone(),
            })
        });
        let moves: Vec<Move> = moves.take(MOVED_EPOCHS + 1).collect();
        // The oldest that stays is what counts.
        if moves.len() > MOVED_EPOCHS { Vec::new() } else { moves }
    }

    /// Takes a snapshot that was made for an epoch in place of the one that it had.
    pub(crate) fn replace_past(&mut self, versions: &Range<i64>, base: i64, past: &Arc<Past>) {
        if let Some((epoch, _)) = self.history.epoch_of(versions.start) {
            epoch.set_past(past, base);
            self.moved += past.changes();
        }
    }

    /// Takes what was made for `version` as the snapshot that all read there, unless there is one by now; and who reads
    /// it. `transaction_too_old` where the version was given up meanwhile.
    pub(crate) fn keep_past(
        &mut self,
        version: i64,
        base: i64,
        past: Arc<Past>,
    ) -> Result<(Arc<dyn Snapshot>, Arc<Readers>)> {
        let (epoch, _) = self.history.epoch_of(version).ok_or(Error::TRANSACTION_TOO_OLD)?;
        let snapshot = epoch.snapshot.upgrade().unwrap_or_else(|| {
            epoch.set_past(&past, base);
            past
        });
        Ok((snapshot, epoch.readers.clone()))
    }

    /// The oldest version that can be read, and the readers of older ones whose snapshots are to be had back: each is
    /// given once.
    pub(crate) fn take_outdated(&mut self) -> (i64, Vec<Weak<dyn Reader>>) {
        (self.last - LIFETIME_VERSIONS, std::mem::take(&mut self.outdated))
    }

    /// The version for the next commit. Until it is [published](Self::publish) or [abandoned](Self::abandon), readers
    /// get versions below it.
    pub(crate) fn begin_commit(&mut self, now: Duration) -> i64 {
        let version = (self.last + 1).max(self.clock(now));
        self.in_flight = Some(version);
        version
    }

    /// The commit changed nothing: its version is used up all the same.
    pub(crate) fn abandon(&mut self, version: i64) {
        self.last = version;
        self.in_flight = None;
    }

    /// The commit is part of the database, which is now as in `snapshot`, and locked or not. `undo` is what it replaced.
    pub(crate) fn publish(&mut self, version: i64, snapshot: Arc<dyn Snapshot>, locked: bool, undo: Undo) {
        let old = std::mem::replace(&mut self.current, snapshot);
        let was_lent = std::mem::take(&mut self.is_lent);
        let epoch = Epoch {
            from: self.current_from,
            until: version,
            snapshot: if was_lent { Weak::<Nothing>::new() } else { Arc::downgrade(&old) },
            past: None,
            readers: std::mem::take(&mut self.readers),
        };
        self.changes += undo.changes();
        self.history.push(epoch, undo);
        self.locked = locked;
        self.current_from = version;
        self.last = version;
        self.in_flight = None;
        self.outdated.extend(self.history.forget_before(version - LIFETIME_VERSIONS));
    }
}
