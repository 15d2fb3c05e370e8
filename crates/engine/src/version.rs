//! Versions: which one a reader gets, which one a commit gets, and the snapshots that old versions are read from.
//!
//! Invariants:
//! - versions grow by about a million a second, idle or not, and never go back;
//! - a read version handed out is at least every commit version published before, and below that of a commit in flight;
//! - a version is read from the snapshot of the last commit at or before it;
//! - who reads from a snapshot is known, and is told to let go of it when all of its versions are too old to be read.

use crate::error::{Error, Result};
use crate::limits::LIFETIME_VERSIONS;
use crate::readers::{Reader, Readers};
use crate::storage::Snapshot;
use std::collections::VecDeque;
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

/// At most so many snapshots are kept for `set_read_version` beside those of living transactions...
const KEPT_SNAPSHOTS: usize = 64;
/// ... and none that more commits than this have followed: a snapshot keeps every page that was replaced since.
const KEPT_COMMITS: u64 = 2_048;

/// The state of the database from one commit to the next.
struct Epoch {
    from: i64,
    /// The version of the next commit.
    until: i64,
    /// Counts commits.
    number: u64,
    snapshot: Kept,
    readers: Arc<Readers>,
}

enum Kept {
    Strong(Arc<dyn Snapshot>),
    /// For as long as a transaction reads from it.
    Weak(Weak<dyn Snapshot>),
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
    current: Arc<dyn Snapshot>,
    readers: Arc<Readers>,
    locked: bool,
    commits: u64,
    history: VecDeque<Epoch>,
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
            readers: Arc::default(),
            locked,
            commits: 0,
            history: VecDeque::new(),
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

    /// What the database was at `version`, and who reads it; `transaction_too_old` where no snapshot of it is kept any
    /// more.
    pub(crate) fn snapshot_at(&self, version: i64, now: Duration) -> Result<(Arc<dyn Snapshot>, Arc<Readers>)> {
        if version < self.newest(now) - LIFETIME_VERSIONS {
            return Err(Error::TRANSACTION_TOO_OLD);
        }
        if version >= self.current_from {
            return Ok((self.current.clone(), self.readers.clone()));
        }
        let index = self.history.partition_point(|epoch| epoch.until <= version);
        let epoch = self.history.get(index).filter(|epoch| epoch.from <= version);
        let kept = epoch.and_then(|epoch| Some((epoch.snapshot.get()?, epoch.readers.clone())));
        kept.ok_or(Error::TRANSACTION_TOO_OLD)
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

    /// The commit is part of the database, which is now as in `snapshot`, and locked or not.
    pub(crate) fn publish(&mut self, version: i64, snapshot: Arc<dyn Snapshot>, locked: bool) {
        let old = std::mem::replace(&mut self.current, snapshot);
        self.history.push_back(Epoch {
            from: self.current_from,
            until: version,
            number: self.commits,
            snapshot: Kept::Strong(old),
            readers: std::mem::take(&mut self.readers),
        });
        self.locked = locked;
        self.commits += 1;
        self.current_from = version;
        self.last = version;
        self.in_flight = None;
        self.thin(version - LIFETIME_VERSIONS);
    }

    /// Lets go of snapshots that nobody can ask for, or that would keep too much.
    fn thin(&mut self, oldest: i64) {
        while self.history.front().is_some_and(|epoch| epoch.until <= oldest) {
            self.outdated.extend(self.history.pop_front().into_iter().flat_map(|epoch| epoch.readers.list()));
        }
        let commits = self.commits;
        for epoch in &mut self.history {
            if commits - epoch.number <= KEPT_COMMITS {
                break;
            }
            epoch.snapshot.weaken();
        }
        if self.history.len() > KEPT_SNAPSHOTS {
            // Every other one of the older half: what is kept gets sparser with age.
            let half = self.history.len() / 2;
            for epoch in self.history.iter_mut().take(half).step_by(2) {
                epoch.snapshot.weaken();
            }
            self.history.retain(|epoch| match &epoch.snapshot {
                Kept::Strong(_) => true,
                Kept::Weak(snapshot) => snapshot.strong_count() > 0,
            });
        }
    }
}

impl Kept {
    fn get(&self) -> Option<Arc<dyn Snapshot>> {
        match self {
            Kept::Strong(snapshot) => Some(snapshot.clone()),
            Kept::Weak(snapshot) => snapshot.upgrade(),
        }
    }

    fn weaken(&mut self) {
        if let Kept::Strong(snapshot) = self {
            *self = Kept::Weak(Arc::downgrade(snapshot));
        }
    }
}
