//! The version that a transaction reads at, and the database as it was then.
//!
//! The version is fetched when the first read needs the database. One that the client has set may lie in the future:
//! reads wait for it, up to a second.

use super::state::ReadVersion;
use super::{Inner, State, Transaction};
use crate::buggify;
use crate::cost;
use crate::error::{Error, Result};
use crate::future::Future;
use crate::limits::{FUTURE_VERSION_DELAY_MS, LIFETIME_VERSIONS};
use crate::read_position::Source;
use crate::storage::Snapshot;
use crate::tenant::{self, TenantSnapshot};
use crate::timer;
use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

/// The [`Source`] of a transaction.
pub(super) struct Fetching<'a> {
    inner: &'a Inner,
    read_version: RefCell<&'a mut Option<ReadVersion>>,
    lock_aware: bool,
}

impl<'a> Fetching<'a> {
    pub(super) fn new(inner: &'a Inner, read_version: &'a mut Option<ReadVersion>, lock_aware: bool) -> Fetching<'a> {
        Fetching { inner, read_version: RefCell::new(read_version), lock_aware }
    }
}

impl Source for Fetching<'_> {
    fn fetch(&self) -> Result<Arc<dyn Snapshot>> {
        // One that is fetched here is new.
        let version = self.read_version.borrow().as_ref().map(|read| read.version);
        let snapshot = self.kept()?;
        version.map_or(Ok(()), |version| self.inner.check_age(version))?;
        Ok(snapshot)
    }

    fn kept(&self) -> Result<Arc<dyn Snapshot>> {
        let mut read_version = self.read_version.borrow_mut();
        Ok(self.inner.read_version(&mut read_version, self.lock_aware)?.1.clone())
    }
}

impl Inner {
    /// The read version and its snapshot; fetches them first if there are none.
    fn read_version<'a>(
        &self,
        read_version: &'a mut Option<ReadVersion>,
        lock_aware: bool,
    ) -> Result<(i64, &'a Arc<dyn Snapshot>)> {
        if !matches!(read_version, Some(ReadVersion { snapshot: Some(_), .. })) {
            let core = self.database.core()?;
            let (version, given, (snapshot, readers)) = match read_version {
                Some(read) => (read.version, true, core.snapshot_at(read.version)?),
                None => {
                    if let Some(error) = buggify::failure(buggify::Place::ReadVersion) {
                        return Err(error);
                    }
                    let point = core.read_point();
                    if point.locked && !lock_aware {
                        return Err(Error::DATABASE_LOCKED);
                    }
                    (point.version, false, (point.snapshot, point.readers))
                }
            };
            let snapshot = Some(self.confined(snapshot)?);
            let place = Some(readers.enter(self.this.clone()));
            *read_version = Some(ReadVersion { version, given, snapshot, place });
        }
        match read_version {
            Some(ReadVersion { version, snapshot: Some(snapshot), .. }) => Ok((*version, snapshot)),
            _ => Err(Error::INTERNAL_ERROR),
        }
    }

    /// What the transaction may see of a snapshot.
    fn confined(&self, snapshot: Arc<dyn Snapshot>) -> Result<Arc<dyn Snapshot>> {
        let Some(id) = self.tenant else { return Ok(snapshot) };
        let id = id?;
        if snapshot.get(&tenant::map_key(id))?.is_none() {
            return Err(Error::TENANT_NOT_FOUND);
        }
        Ok(Arc::new(TenantSnapshot::new(snapshot, id)))
    }

    /// Whether what is not known yet may still be read at `version`.
    fn check_age(&self, version: i64) -> Result<()> {
        let newest = self.database.core()?.newest_version();
        if version < newest - LIFETIME_VERSIONS {
            return Err(Error::TRANSACTION_TOO_OLD);
        }
        if version > newest { Err(Error::FUTURE_VERSION) } else { Ok(()) }
    }

    /// The database's own value of `key` at the read version. One that is known may be read at any age.
    pub(super) fn value_at_read_version(&self, state: &mut State, key: &[u8]) -> Result<Option<Vec<u8>>> {
        let lock_aware = state.options.lock_aware || state.options.read_only;
        let is_new = state.read_version.is_none();
        let (version, snapshot) = self.read_version(&mut state.read_version, lock_aware)?;
        if !is_new
            && let Err(error) = self.check_age(version)
            && !state.reads.known().contains(key)
        {
            return Err(error);
        }
        let value = snapshot.get(key)?;
        state.cost += cost::of_read(key.len() + value.as_ref().map_or(0, Vec::len));
        Ok(value)
    }

    /// The database's own state at the read version, which is fetched if need be.
    pub(crate) fn snapshot_for(&self, state: &mut State) -> Result<Arc<dyn Snapshot>> {
        let lock_aware = state.options.lock_aware || state.options.read_only;
        Fetching::new(self, &mut state.read_version, lock_aware).fetch()
    }

    pub(super) fn ensure_read_version(&self, state: &mut State) -> Result<i64> {
        if let Some(read) = &state.read_version {
            return Ok(read.version);
        }
        let lock_aware = state.options.lock_aware || state.options.read_only;
        Ok(self.read_version(&mut state.read_version, lock_aware)?.0)
    }

    /// How long a read must wait for its version, if that lies in the future.
    pub(super) fn version_wait(&self, state: &State) -> Option<Duration> {
        let version = state.read_version.as_ref().filter(|read| read.given)?.version;
        let newest = self.database.core().ok()?.newest_version();
        let ahead = u64::try_from(version.checked_sub(newest)?).ok().filter(|&ahead| ahead > 0)?;
        // Versions grow by one a microsecond.
        Some(Duration::from_micros(ahead).min(Duration::from_millis(FUTURE_VERSION_DELAY_MS)))
    }

    pub(super) fn read_later<T: Send + Sync + 'static>(
        &self,
        state: &mut State,
        wait: Duration,
        read: impl FnOnce(&Inner, &mut State) -> Result<T> + Send + 'static,
    ) -> Future<T> {
        let (promise, future) = state.pending();
        let generation = state.generation;
        state.pending_reads += 1;
        let this = self.this.clone();
        timer::schedule(wait, move || {
            let Some(inner) = this.upgrade() else { return };
            inner.finish_with(|inner, state| {
                if state.generation != generation {
                    return;
                }
                let result =
                    if state.failed.is_none() { read(inner, state) } else { Err(Error::TRANSACTION_CANCELLED) };
                state.note_read_error(&result);
                state.complete(&promise, result);
                state.pending_reads -= 1;
                if state.pending_reads == 0
                    && let Some(action) = state.after_reads.take()
                {
                    state.later.push(action);
                }
            });
        })
        .detach();
        future
    }
}

impl State {
    pub(super) fn note_read_error<T>(&mut self, result: &Result<T>) {
        if let Err(error) = result {
            self.read_error = self.read_error.or(Some(*error));
        }
    }
}

impl Transaction {
    /// The version the transaction reads at: fetched now if there is none yet, the same until the next reset. It may be
    /// asked for during and after the commit. 1038 where the database is locked.
    pub fn read_version(&self) -> Future<i64> {
        self.inner.with(|state| {
            state.settle_watches();
            let result = state
                .deferred
                .or(state.failed)
                .map_or(Ok(()), Err)
                .and_then(|()| self.inner.ensure_read_version(state));
            Future::ready(result)
        })
    }

    /// Reads at `version` from now on. Deferred errors: 2010 if there is a read version already, 2011 if `version` is
    /// not positive. A version over 5 s old shows at the read.
    pub fn set_read_version(&self, version: i64) {
        self.inner.deferring(|state| {
            if state.read_version.is_some() {
                return Err(Error::READ_VERSION_ALREADY_SET);
            }
            if version <= 0 {
                return Err(Error::VERSION_INVALID);
            }
            state.read_version = Some(ReadVersion { version, given: true, snapshot: None, place: None });
            Ok(())
        });
    }
}
