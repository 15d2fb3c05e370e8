//! Reads, and the versions they happen at.

use super::state::ReadVersion;
use super::{Inner, State, Transaction};
use crate::database_read::{Limits, Reply, Selector, read_range, resolve};
use crate::error::{Error, Result};
use crate::future::Future;
use crate::key::{ALL_END, METADATA_VERSION, SPECIAL_END, is_special, key_after};
use crate::limits::{FUTURE_VERSION_DELAY_MS, LIFETIME_VERSIONS, readable_key_size, writable_key_size};
use crate::mapped_range::{self, MappedRows};
use crate::options::RangeOptions;
use crate::read_position::{Maps, Source};
use crate::read_your_writes::{RangeRead, Reader};
use crate::rows::Rows;
use crate::storage::Snapshot;
use crate::tenant::{self, TenantSnapshot};
use crate::write_map::WriteMap;
use crate::{KeySelector, metrics, special_keys, timer};
use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

/// What snapshot reads look through where they must not see own writes.
static NO_WRITES: WriteMap = WriteMap::EMPTY;

/// The [`Source`] of a transaction: fetches the read version when the first read needs the database.
struct Fetching<'a> {
    inner: &'a Inner,
    read_version: RefCell<&'a mut Option<ReadVersion>>,
    lock_aware: bool,
}

impl Source for Fetching<'_> {
    fn fetch(&self) -> Result<Arc<dyn Snapshot>> {
        let snapshot = self.kept()?;
        let version = self.read_version.borrow().as_ref().map_or(0, |read| read.version);
        let newest = self.inner.database.core()?.newest_version();
        if version < newest - LIFETIME_VERSIONS {
            return Err(Error::TRANSACTION_TOO_OLD);
        }
        if version > newest {
            return Err(Error::FUTURE_VERSION);
        }
        Ok(snapshot)
    }

    fn kept(&self) -> Result<Arc<dyn Snapshot>> {
        self.inner.snapshot(&mut self.read_version.borrow_mut(), self.lock_aware)
    }
}

impl Inner {
    /// The snapshot of the read version; fetches the version first if there is none.
    fn snapshot(&self, read_version: &mut Option<ReadVersion>, lock_aware: bool) -> Result<Arc<dyn Snapshot>> {
        if let Some(ReadVersion { snapshot: Some(snapshot), .. }) = read_version {
            return Ok(snapshot.clone());
        }
        let core = self.database.core()?;
        let (version, snapshot) = match read_version {
            Some(read) => (read.version, core.snapshot_at(read.version)?),
            None => {
                let point = core.read_point();
                if !lock_aware {
                    core.check_lock(&*point.snapshot)?;
                }
                (point.version, point.snapshot)
            }
        };
        let snapshot = match self.tenant {
            None => snapshot,
            Some(id) => {
                let id = id?;
                if snapshot.get(&tenant::map_key(id))?.is_none() {
                    return Err(Error::TENANT_NOT_FOUND);
                }
                Arc::new(TenantSnapshot::new(snapshot, id)) as Arc<dyn Snapshot>
            }
        };
        *read_version = Some(ReadVersion { version, snapshot: Some(snapshot.clone()) });
        Ok(snapshot)
    }

    /// The database's own state at the read version, which is fetched if need be.
    pub(crate) fn snapshot_for(&self, state: &mut State) -> Result<Arc<dyn Snapshot>> {
        let lock_aware = state.options.lock_aware || state.options.read_only;
        self.snapshot(&mut state.read_version, lock_aware)
    }

    pub(super) fn ensure_read_version(&self, state: &mut State) -> Result<i64> {
        if let Some(read) = &state.read_version {
            return Ok(read.version);
        }
        self.snapshot_for(state)?;
        Ok(state.read_version.as_ref().map_or(0, |read| read.version))
    }

    /// Gives `read` the maps to read through. A snapshot read may have to leave own writes out. Only the read of one key
    /// ever bypasses what is unreadable.
    fn read<R>(
        &self,
        state: &mut State,
        snapshot: bool,
        bypass_unreadable: bool,
        read: impl FnOnce(&mut Reader<'_, '_>) -> Result<R>,
    ) -> Result<R> {
        let sees_writes = !snapshot || state.options.snapshot_ryw > 0;
        let max_key = state.max_read_key();
        let source = Fetching {
            inner: self,
            read_version: RefCell::new(&mut state.read_version),
            lock_aware: state.options.lock_aware || state.options.read_only,
        };
        let mut maps = Maps {
            writes: if sees_writes { &state.writes } else { &NO_WRITES },
            known: &mut state.known,
            source: &source,
            bypass_unreadable,
        };
        read(&mut Reader { maps: &mut maps, max_key })
    }

    /// The database's own state at the read version, for reads with read-your-writes off.
    fn read_through<R>(&self, state: &mut State, read: impl FnOnce(&dyn Snapshot) -> Result<R>) -> Result<R> {
        let lock_aware = state.options.lock_aware || state.options.read_only;
        let source = Fetching { inner: self, read_version: RefCell::new(&mut state.read_version), lock_aware };
        let snapshot = source.fetch()?;
        read(&*snapshot)
    }

    /// How long a read must wait for its version, if that lies in the future.
    fn version_wait(&self, state: &State) -> Option<Duration> {
        let version = state.read_version.as_ref()?.version;
        let newest = self.database.core().ok()?.newest_version();
        let ahead = u64::try_from(version.checked_sub(newest)?).ok().filter(|&ahead| ahead > 0)?;
        // Versions grow by one a microsecond.
        Some(Duration::from_micros(ahead).min(Duration::from_millis(FUTURE_VERSION_DELAY_MS)))
    }

    fn read_later<T: Send + Sync + 'static>(
        self: &Arc<Self>,
        state: &mut State,
        wait: Duration,
        read: impl FnOnce(&Inner, &mut State) -> Result<T> + Send + 'static,
    ) -> Future<T> {
        let (promise, future) = state.pending();
        let generation = state.generation;
        state.pending_reads += 1;
        let inner = Arc::downgrade(self);
        timer::schedule(wait, move || {
            let Some(inner) = inner.upgrade() else { return };
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
    fn note_read_error<T>(&mut self, result: &Result<T>) {
        if let Err(error) = result {
            self.read_error = self.read_error.or(Some(*error));
        }
    }
}

impl Transaction {
    /// The checks of a read, then the read, now or once its version is reached.
    fn start_read<T: Send + Sync + 'static>(
        &self,
        state: &mut State,
        check: impl FnOnce(&mut State) -> Result<()>,
        now: impl FnOnce(&Inner, &mut State) -> Result<T>,
        later: impl FnOnce() -> Box<dyn FnOnce(&Inner, &mut State) -> Result<T> + Send>,
    ) -> Future<T> {
        if let Err(error) = state.check_usable().and_then(|()| check(state)) {
            return Future::ready(Err(error));
        }
        state.has_read = true;
        state.settle_watches();
        if let Some(wait) = self.inner.version_wait(state) {
            return self.inner.read_later(state, wait, later());
        }
        let result = now(&self.inner, state);
        state.note_read_error(&result);
        Future::ready(result)
    }

    /// The value of `key`, or none. `snapshot` adds no read conflict. Errors: 2004 outside the readable keys, 1007 where
    /// the read version is over 5 s old, 1009 where it is not reached within a second, 1036 where the value depends on
    /// an own versionstamp. A key longer than any can be is absent.
    pub fn get(&self, key: &[u8], snapshot: bool) -> Future<Option<Vec<u8>>> {
        if is_special(key) {
            return special_keys::get(&self.inner, key);
        }
        self.inner.with(|state| {
            if let Some(error) = state.deferred {
                return Future::ready(Err(error));
            }
            if key.len() > readable_key_size(key)
                && state.check_usable().is_ok()
                && (key < state.max_read_key() || key == METADATA_VERSION)
            {
                return Future::ready(Ok(None));
            }
            self.start_read(
                state,
                |state| check_key(state, key),
                |inner, state| inner.get(state, key, snapshot),
                || {
                    let key = key.to_vec();
                    Box::new(move |inner, state| inner.get(state, &key, snapshot))
                },
            )
        })
    }

    /// The key that a selector resolves to; the empty key where it runs off the left end, `\xff` (with access to system
    /// keys `\xff\xff`) off the right end. Errors as [`get`](Self::get).
    pub fn get_key(&self, selector: KeySelector<'_>, snapshot: bool) -> Future<Vec<u8>> {
        self.inner.with(|state| {
            if let Some(error) = state.deferred {
                return Future::ready(Err(error));
            }
            let selector_key = selector.key;
            let selector = Selector::new(&selector);
            self.start_read(
                state,
                |state| {
                    if crate::limits::truncate_key(selector_key) > state.max_read_key() {
                        return Err(Error::KEY_OUTSIDE_LEGAL_RANGE);
                    }
                    Ok(())
                },
                |inner, state| inner.get_key(state, &selector, snapshot),
                || {
                    let selector = selector.clone();
                    Box::new(move |inner, state| inner.get_key(state, &selector, snapshot))
                },
            )
        })
    }

    /// Rows from `begin` to `end` (exclusive), as many as the limits let one call return: see [`Rows::more`]. Errors as
    /// [`get`](Self::get), and 2210 for [`StreamingMode::Exact`](crate::StreamingMode::Exact) without a limit, 2000 for
    /// an iteration below 1, 2012 for negative limits.
    pub fn get_range(&self, begin: KeySelector<'_>, end: KeySelector<'_>, options: RangeOptions) -> Future<Rows> {
        let limits = match Limits::of(&options) {
            Ok(limits) => limits,
            Err(error) => return Future::ready(Err(error)),
        };
        if is_special(begin.key) && (ALL_END..=SPECIAL_END).contains(&end.key) {
            return special_keys::get_range(&self.inner, begin, end, limits, options.reverse);
        }
        self.inner.with(|state| {
            if let Some(error) = state.deferred {
                return Future::ready(Err(error));
            }
            let (begin_key, end_key) = (begin.key, end.key);
            let (begin, end) = (Selector::new(&begin), Selector::new(&end));
            if let Err(error) = state.check_usable().and_then(|()| check_range(state, begin_key, end_key, &limits)) {
                return Future::ready(Err(error));
            }
            if limits.is_reached() || begin.offset >= end.offset && begin.key >= end.key {
                return Future::ready(Ok(Rows::new()));
            }
            let RangeOptions { snapshot, reverse, .. } = options;
            self.start_read(
                state,
                |_| Ok(()),
                |inner, state| inner.get_range(state, &begin, &end, limits, snapshot, reverse),
                || {
                    let (begin, end) = (begin.clone(), end.clone());
                    Box::new(move |inner, state| inner.get_range(state, &begin, &end, limits, snapshot, reverse))
                },
            )
        })
    }

    /// Reads a range, and for each of its rows what `mapper` makes of it: see [`MappedRows`].
    pub fn get_mapped_range(
        &self,
        begin: KeySelector<'_>,
        end: KeySelector<'_>,
        mapper: &[u8],
        options: RangeOptions,
    ) -> Future<MappedRows> {
        let limits = match Limits::of(&options) {
            Ok(limits) => limits,
            Err(error) => return Future::ready(Err(error)),
        };
        self.inner.with(|state| {
            if let Some(error) = state.deferred {
                return Future::ready(Err(error));
            }
            if is_special(begin.key) && (ALL_END..=SPECIAL_END).contains(&end.key) {
                return Future::ready(Err(Error::CLIENT_INVALID_OPERATION));
            }
            let checked = state.check_usable().and_then(|()| check_range(state, begin.key, end.key, &limits));
            let (begin, end) = (Selector::new(&begin), Selector::new(&end));
            Future::ready(checked.and_then(|()| {
                if limits.is_reached() || begin.offset >= end.offset && begin.key >= end.key {
                    return Ok(MappedRows::default());
                }
                if options.snapshot || state.options.ryw_disabled {
                    return Err(Error::UNSUPPORTED_OPERATION);
                }
                let (rows, primary) = self.inner.read_through(state, |snapshot| {
                    let reply = read_range(snapshot, &begin, &end, limits, options.reverse)?;
                    let rows = mapped_range::map(snapshot, &reply.rows, mapper)?;
                    Ok((rows, reply))
                })?;
                let primary =
                    RangeRead { rows: primary.rows, read_to_begin: primary.read_to_begin, read_through_end: false };
                let conflict = range_conflict(&begin, &end, &primary, options.reverse, state.max_read_key());
                let mut ranges = vec![conflict];
                ranges.extend(rows.rows.iter().map(|row| (row.begin.clone(), row.end.clone())));
                for (from, to) in &ranges {
                    let own = |segment: crate::write_map::Segment<'_>| {
                        segment.kind() != crate::write_map::SegmentKind::Unmodified
                    };
                    if state.writes.segments(from, to).any(own) {
                        return Err(Error::GET_MAPPED_RANGE_READS_YOUR_WRITES);
                    }
                }
                for (from, to) in ranges {
                    state.note_read(&from, &to);
                }
                Ok(rows)
            }))
        })
    }

    /// Addresses of the servers that hold `key`: one, that of nobody, for an embedded database; none above all keys.
    pub fn get_addresses_for_key(&self, key: &[u8]) -> Future<Vec<String>> {
        self.inner.with(|state| {
            if let Some(error) = state.deferred {
                return Future::ready(Err(error));
            }
            let result = state.check_usable().and_then(|()| self.inner.ensure_read_version(state));
            state.has_read = true;
            Future::ready(result.map(
                |_| {
                    if key >= ALL_END { Vec::new() } else { vec![crate::status::ADDRESS.to_owned()] }
                },
            ))
        })
    }

    /// About how many bytes the pairs of `[begin, end)` hold, in the newest state. 2005 if `begin > end`.
    pub fn get_estimated_range_size_bytes(&self, begin: &[u8], end: &[u8]) -> Future<i64> {
        self.with_range(begin, end, |snapshot| metrics::estimate(snapshot, begin, end))
    }

    /// Keys that cut `[begin, end)` into pieces of about `chunk_size` bytes, both ends among them. Errors: 2004 outside
    /// the readable keys, 2005 if `begin > end`.
    pub fn get_range_split_points(&self, begin: &[u8], end: &[u8], chunk_size: i64) -> Future<Vec<Vec<u8>>> {
        let legal = self.inner.with(|state| {
            state.deferred.map_or(Ok(()), Err)?;
            state.check_usable()?;
            let max_key = state.max_read_key();
            if begin > max_key || end > max_key { Err(Error::KEY_OUTSIDE_LEGAL_RANGE) } else { Ok(()) }
        });
        match legal {
            Ok(()) => self.with_range(begin, end, |snapshot| metrics::split_points(snapshot, begin, end, chunk_size)),
            Err(error) => Future::ready(Err(error)),
        }
    }

    fn with_range<T>(&self, begin: &[u8], end: &[u8], measure: impl FnOnce(&dyn Snapshot) -> Result<T>) -> Future<T> {
        let snapshot = self.inner.with(|state| {
            state.deferred.map_or(Ok(()), Err)?;
            state.check_usable()?;
            if begin > end {
                return Err(Error::INVERTED_RANGE);
            }
            let newest = self.inner.database.core()?.newest_snapshot();
            Ok(match self.inner.tenant {
                None => newest,
                Some(id) => Arc::new(TenantSnapshot::new(newest, id?)) as Arc<dyn Snapshot>,
            })
        });
        Future::ready(snapshot.and_then(|snapshot| measure(&*snapshot)))
    }

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
            state.read_version = Some(ReadVersion { version, snapshot: None });
            Ok(())
        });
    }

    /// A future that is ready when the value of `key` is no more what this transaction sees, after it has committed.
    /// Adds a read conflict. Errors: 2004, 2102 as [`set`](Self::set), 1032 where too many watches wait, 1034 with
    /// read-your-writes off.
    pub fn watch(&self, key: &[u8]) -> Future<()> {
        self.inner.with(|state| {
            let checked = state.deferred.map_or(Ok(()), Err).and_then(|()| {
                state.check_usable()?;
                if state.options.ryw_disabled {
                    return Err(Error::WATCHES_DISABLED);
                }
                if key >= ALL_END {
                    return Err(Error::KEY_OUTSIDE_LEGAL_RANGE);
                }
                check_key(state, key)?;
                if key.len() > writable_key_size(key, state.options.raw_access) {
                    return Err(Error::KEY_TOO_LARGE);
                }
                state.has_read = true;
                let settled = state.known.contains(key) || !state.writes.segment(key).needs_database();
                let seen = self.inner.get(state, key, false)?;
                Ok((seen, settled, self.inner.database.take_watch()?))
            });
            match checked {
                Ok((seen, settled, place)) => state.add_watch(key.to_vec(), seen, settled, place),
                Err(error) => Future::ready(Err(error)),
            }
        })
    }
}

fn check_key(state: &State, key: &[u8]) -> Result<()> {
    if key >= state.max_read_key() && key != METADATA_VERSION {
        return Err(Error::KEY_OUTSIDE_LEGAL_RANGE);
    }
    Ok(())
}

fn check_range(state: &State, begin: &[u8], end: &[u8], limits: &Limits) -> Result<()> {
    let max_key = state.max_read_key();
    if begin > max_key || end > max_key {
        return Err(Error::KEY_OUTSIDE_LEGAL_RANGE);
    }
    if limits.is_reached() || limits.is_valid() { Ok(()) } else { Err(Error::RANGE_LIMITS_INVALID) }
}

impl Inner {
    fn get(&self, state: &mut State, key: &[u8], snapshot: bool) -> Result<Option<Vec<u8>>> {
        if state.options.ryw_disabled {
            if !snapshot {
                state.ordered.extra_read_ranges.push((key.to_vec(), key_after(key)));
            }
            return self.read_through(state, |database| Ok(database.get(key)?));
        }
        let value = self.read(state, snapshot, state.options.bypass_unreadable, |reader| reader.get(key))?;
        if !snapshot {
            state.note_read_of_key(key);
        }
        Ok(value)
    }

    fn get_key(&self, state: &mut State, selector: &Selector, snapshot: bool) -> Result<Vec<u8>> {
        let max_key = state.max_read_key();
        let through = state.options.ryw_disabled;
        let result = if through {
            self.read_through(state, |database| resolve(database, selector))?
        } else {
            self.read(state, snapshot, false, |reader| reader.get_key(selector))?
        };
        if !snapshot {
            let (from, to) = if selector.offset <= 0 {
                (result.clone(), selector.key.clone())
            } else {
                (selector.key.clone(), key_after(&result))
            };
            if through {
                state.ordered.extra_read_ranges.push((from, to));
            } else {
                state.note_read(&from, &to);
            }
        }
        Ok(if *result > *max_key { max_key.to_vec() } else { result })
    }

    fn get_range(
        &self,
        state: &mut State,
        begin: &Selector,
        end: &Selector,
        limits: Limits,
        snapshot: bool,
        reverse: bool,
    ) -> Result<Rows> {
        let max_key = state.max_read_key();
        if state.options.ryw_disabled {
            return self.get_range_through(state, begin, end, limits, snapshot, reverse);
        }
        let read = self.read(state, snapshot, false, |reader| {
            let (begin, end) = (begin.clone(), end.clone());
            if reverse { reader.get_range_back(begin, end, limits) } else { reader.get_range(begin, end, limits) }
        })?;
        if !snapshot {
            let (from, to) = range_conflict(begin, end, &read, reverse, max_key);
            state.note_read(&from, &to);
        }
        Ok(read.rows)
    }

    /// A range read with read-your-writes off.
    fn get_range_through(
        &self,
        state: &mut State,
        begin: &Selector,
        end: &Selector,
        limits: Limits,
        snapshot: bool,
        reverse: bool,
    ) -> Result<Rows> {
        let max_key = state.max_read_key();
        let reply = self.read_through(state, |database| {
            if reverse && end.offset > 1 {
                let key = resolve(database, end)?;
                let key = if *key > *max_key { max_key.to_vec() } else { key };
                let end = Selector::first_greater_or_equal(key);
                return read_range(database, begin, &end, limits, reverse);
            }
            read_range(database, begin, end, limits, reverse)
        })?;
        if !snapshot {
            state.ordered.extra_read_ranges.push(through_conflict(begin, end, &reply, reverse));
        }
        let mut rows = reply.rows;
        let legal = rows.iter().take_while(|(key, _)| *key < max_key).count();
        if !reverse && legal < rows.len() {
            rows.truncate(legal);
            rows.set_more(false);
        }
        Ok(rows)
    }
}

/// The keys that decide what a range read gave: those it went over, and more where a selector had to go further.
fn range_conflict(
    begin: &Selector,
    end: &Selector,
    read: &RangeRead,
    reverse: bool,
    max_key: &[u8],
) -> (Vec<u8>, Vec<u8>) {
    let more = read.rows.more();
    let (mut from, mut to): (&[u8], &[u8]) = if begin.key >= end.key {
        (&end.key, &begin.key)
    } else if reverse {
        // What comes before the rows cannot change them, unless the begin is counted from there.
        (if begin.offset <= 1 && more { &end.key } else { &begin.key }, &end.key)
    } else {
        (&begin.key, if end.offset > 0 && more { &begin.key } else { &end.key })
    };
    if read.read_to_begin && begin.offset <= 0 {
        from = b"";
    }
    if read.read_through_end && end.offset > 0 {
        to = max_key;
    }
    let mut to = to.to_vec();
    if let (Some((first, _)), Some((last, _))) = (read.rows.get(0), read.rows.last()) {
        if reverse {
            from = from.min(last);
            if end.offset > 0 && *to <= *first {
                to = key_after(first);
            }
        } else {
            if begin.offset <= 0 {
                from = from.min(first);
            }
            if *to <= *last {
                to = key_after(last);
            }
        }
    }
    (from.to_vec(), to)
}

/// The same for a read with read-your-writes off.
fn through_conflict(begin: &Selector, end: &Selector, reply: &Reply, reverse: bool) -> (Vec<u8>, Vec<u8>) {
    let more = reply.rows.more();
    let ends = reply.rows.get(0).zip(reply.rows.last());
    let mut from = match ends {
        _ if reply.read_to_begin => Vec::new(),
        Some(((first, _), (last, _))) if begin.offset <= 0 || reverse && more && begin.offset <= 1 => {
            if reverse {
                last.to_vec()
            } else {
                first.to_vec()
            }
        }
        _ => begin.key.clone(),
    };
    if end.offset > begin.offset && end.key < from {
        from = end.key.clone();
    }
    let mut to = match ends {
        Some(((first, _), (last, _))) if end.offset > 1 || !reverse && more && end.offset > 0 => {
            key_after(if reverse { first } else { last })
        }
        _ => end.key.clone(),
    };
    if begin.offset < end.offset && begin.key > to {
        to = begin.key.clone();
    }
    (from, to)
}
