//! Reads: the checks of each call, the read through the own writes, and the conflict it adds.
//!
//! Nearly all are done when the call returns. Only one at a version of the future waits.

use super::read_conflicts::{key_conflict, range_conflict};
use super::read_version::Fetching;
use super::{Inner, State, Transaction};
use crate::KeySelector;
use crate::database_read::{Limits, Selector};
use crate::error::{Error, Result};
use crate::future::Future;
use crate::key::{ALL_END, METADATA_VERSION, SPECIAL_END, is_special};
use crate::limits::{CONFLICT_RANGE_OVERHEAD, readable_key_size, truncate_key};
use crate::options::RangeOptions;
use crate::read_position::Maps;
use crate::read_your_writes::Reader;
use crate::rows::Rows;
use crate::special_keys;
use crate::write_map::{SegmentKind, WriteMap, fold_under};

/// What snapshot reads look through where they must not see own writes.
static NO_WRITES: WriteMap = WriteMap::EMPTY;

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
                |state| state.check_readable_key(key),
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
                    if truncate_key(selector_key) > state.max_read_key() {
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
            if let Err(error) = state.check_usable().and_then(|()| state.check_range(begin_key, end_key, &limits)) {
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
}

impl State {
    pub(super) fn check_readable_key(&self, key: &[u8]) -> Result<()> {
        if key >= self.max_read_key() && key != METADATA_VERSION {
            return Err(Error::KEY_OUTSIDE_LEGAL_RANGE);
        }
        Ok(())
    }

    pub(super) fn check_range(&self, begin: &[u8], end: &[u8], limits: &Limits) -> Result<()> {
        let max_key = self.max_read_key();
        if begin > max_key || end > max_key {
            return Err(Error::KEY_OUTSIDE_LEGAL_RANGE);
        }
        if limits.is_reached() || limits.is_valid() { Ok(()) } else { Err(Error::RANGE_LIMITS_INVALID) }
    }
}

impl Inner {
    pub(super) fn get(&self, state: &mut State, key: &[u8], snapshot: bool) -> Result<Option<Vec<u8>>> {
        if state.options.ryw_disabled {
            return self.get_through(state, key, snapshot);
        }
        let sees_writes = !snapshot || state.options.snapshot_ryw > 0;
        let writes = if sees_writes { &state.writes } else { &NO_WRITES };
        if !writes.is_empty() {
            let segment = writes.segment(key);
            if segment.is_unreadable() && !state.options.bypass_unreadable {
                return Err(Error::ACCESSED_UNREADABLE);
            }
            match segment.kind() {
                SegmentKind::Cleared => return Ok(None),
                SegmentKind::Independent => return fold_under(segment.operations(), None),
                SegmentKind::Unmodified | SegmentKind::Dependent => {}
            }
        }
        let mut value = self.value_at_read_version(state, key)?;
        state.reads.note_key(key, !snapshot);
        if !snapshot {
            state.approximate_size += 2 * key.len() as i64 + 1 + CONFLICT_RANGE_OVERHEAD;
        }
        if sees_writes && !state.writes.is_empty() {
            let segment = state.writes.segment(key);
            if segment.kind() == SegmentKind::Dependent {
                value = fold_under(segment.operations(), value.as_deref())?;
            }
        }
        Ok(value)
    }

    /// Gives `read` the maps to read through. A snapshot read may have to leave own writes out.
    fn read<R>(
        &self,
        state: &mut State,
        snapshot: bool,
        read: impl FnOnce(&mut Reader<'_, '_>) -> Result<R>,
    ) -> Result<R> {
        let sees_writes = !snapshot || state.options.snapshot_ryw > 0;
        let max_key = state.max_read_key();
        let lock_aware = state.options.lock_aware || state.options.read_only;
        let source = Fetching::new(self, &mut state.read_version, lock_aware);
        let mut maps = Maps {
            writes: if sees_writes { &state.writes } else { &NO_WRITES },
            known: state.reads.known(),
            source: &source,
        };
        let mut reader = Reader { maps: &mut maps, max_key, cost: 0 };
        let result = read(&mut reader);
        state.cost += reader.cost;
        result
    }

    fn get_key(&self, state: &mut State, selector: &Selector, snapshot: bool) -> Result<Vec<u8>> {
        let max_key = state.max_read_key();
        if state.options.ryw_disabled {
            return Ok(self.get_key_through(state, selector, snapshot)?.min(max_key.to_vec()));
        }
        let key = self.read(state, snapshot, |reader| reader.get_key(selector))?;
        if !snapshot {
            let (from, to) = key_conflict(selector, &key);
            state.note_read(&from, &to);
        }
        Ok(key)
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
        let read = self.read(state, snapshot, |reader| {
            if reverse { reader.get_range_back(begin, end, limits) } else { reader.get_range(begin, end, limits) }
        })?;
        if !snapshot {
            let (from, to) = range_conflict(begin, end, &read, reverse, max_key);
            state.note_read(from, &to);
        }
        Ok(read.rows)
    }
}
