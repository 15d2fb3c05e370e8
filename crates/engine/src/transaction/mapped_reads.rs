//! Mapped range reads of a transaction: they see no own writes, and refuse to read where there are some.

use super::read_conflicts::range_conflict;
use super::{Inner, State, Transaction};
use crate::KeySelector;
use crate::cost;
use crate::database_read::{Limits, Selector, resolve, resolve_range};
use crate::error::{Error, Result};
use crate::future::Future;
use crate::key::{ALL_END, SPECIAL_END, is_special, prefix_end};
use crate::mapped_range::{MappedRows, bytes_read, read_mapped};
use crate::options::RangeOptions;
use crate::read_your_writes::RangeRead;
use crate::tenant;
use crate::write_map::SegmentKind;
use std::ops::ControlFlow;

impl Transaction {
    /// Reads a range, and for each of its rows what `mapper` makes of it: see [`MappedRows`]. The mapper is a packed
    /// tuple; `{K[i]}` and `{V[i]}` in it are replaced by an element of the row's key or value, and `{...}` at its end
    /// makes the second read one of all keys with the prefix. Adds read conflicts for what is read.
    ///
    /// Errors as [`get_range`](Self::get_range), and: 2043, 2041, 2042 where the mapper, a key or a value is no tuple
    /// (of the types that FoundationDB's servers know), 2030 for an element that does not exist, 2032 where `{...}` is
    /// not last, 2039 where own writes would be read, 2108 for snapshot reads and with read-your-writes off, 2000 for
    /// special keys, 2130 for the keys of tenants.
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
            if let Err(error) = state.check_usable().and_then(|()| state.check_range(begin.key, end.key, &limits)) {
                return Future::ready(Err(error));
            }
            let (begin, end) = (Selector::new(&begin), Selector::new(&end));
            if limits.is_reached() || begin.offset >= end.offset && begin.key >= end.key {
                return Future::ready(Ok(MappedRows::default()));
            }
            if options.snapshot || state.options.ryw_disabled {
                return Future::ready(Err(Error::UNSUPPORTED_OPERATION));
            }
            state.has_read = true;
            state.settle_watches();
            let reverse = options.reverse;
            if let Some(wait) = self.inner.version_wait(state) {
                let mapper = mapper.to_vec();
                return self.inner.read_later(state, wait, move |inner, state| {
                    inner.get_mapped_range(state, &begin, end, &mapper, limits, reverse)
                });
            }
            // FoundationDB does not record these reads: a failed one does not fail the commit.
            Future::ready(self.inner.get_mapped_range(state, &begin, end, mapper, limits, reverse))
        })
    }
}

impl Inner {
    fn get_mapped_range(
        &self,
        state: &mut State,
        begin: &Selector,
        end: Selector,
        mapper: &[u8],
        limits: Limits,
        reverse: bool,
    ) -> Result<MappedRows> {
        let max_key = state.max_read_key();
        let (end, span) = self.read_through(state, |database| {
            let mut end = end;
            if reverse && end.offset > 1 {
                let key = resolve(database, &end)?;
                end = Selector::first_greater_or_equal(if *key > *max_key { max_key.to_vec() } else { key });
            }
            let span = resolve_range(database, begin, &end, limits, reverse)?;
            Ok((end, span))
        })?;
        if self.tenant().is_none() && self.holds_tenant(state, &span.from, &span.to)? {
            return Err(Error::TENANT_NAME_REQUIRED);
        }
        let read = self.read_through(state, |database| read_mapped(database, span, mapper, reverse))?;
        state.cost += cost::of_read(bytes_read(&read.rows));
        let primary = RangeRead { rows: read.primary, read_to_begin: read.read_to_begin, read_through_end: false };
        let (from, to) = range_conflict(begin, &end, &primary, reverse, max_key);
        state.note_read_of_unmodified(from, &to)?;
        for row in &read.rows.rows {
            // A second read that was cut off has seen its keys up to the last one only.
            let second = RangeRead { rows: row.rows.clone(), ..RangeRead::default() };
            let bound = |key: &[u8]| Selector::first_greater_or_equal(key.to_vec());
            let (begin, end) = (bound(&row.begin), bound(&row.end));
            let (from, to) = range_conflict(&begin, &end, &second, false, max_key);
            state.note_read_of_unmodified(from, &to)?;
        }
        Ok(read.rows)
    }

    /// Whether the keys of a tenant lie in `[begin, end)`.
    fn holds_tenant(&self, state: &mut State, begin: &[u8], end: &[u8]) -> Result<bool> {
        let mut found = false;
        self.snapshot_for(state)?.scan(tenant::MAP, tenant::MAP_END, false, &mut |key, _| {
            let prefix = key.get(tenant::MAP.len()..).unwrap_or_default();
            let is_before_end = prefix < end;
            found = is_before_end && prefix_end(prefix).is_none_or(|prefix_end| begin < prefix_end.as_slice());
            if found || !is_before_end { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(found)
    }
}

impl State {
    /// Makes a range a read conflict, unless own writes touch it (2039).
    fn note_read_of_unmodified(&mut self, begin: &[u8], end: &[u8]) -> Result<()> {
        if self.writes.segments(begin, end).any(|segment| segment.kind() != SegmentKind::Unmodified) {
            return Err(Error::GET_MAPPED_RANGE_READS_YOUR_WRITES);
        }
        self.note_read(begin, end);
        Ok(())
    }
}
