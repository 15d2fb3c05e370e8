//! Reads with read-your-writes off: what the database holds at the read version, without the transaction's own writes.

use super::read_conflicts::key_conflict;
use super::read_version::Fetching;
use super::{Inner, State};
use crate::cost;
use crate::database_read::{Limits, Reply, Selector, read_range, resolve};
use crate::error::Result;
use crate::key::key_after;
use crate::read_position::Source;
use crate::rows::Rows;
use crate::storage::Snapshot;

impl Inner {
    /// Reads the database's own state at the read version.
    pub(super) fn read_through<R>(
        &self,
        state: &mut State,
        read: impl FnOnce(&dyn Snapshot) -> Result<R>,
    ) -> Result<R> {
        let lock_aware = state.options.lock_aware || state.options.read_only;
        let snapshot = Fetching::new(self, &mut state.read_version, lock_aware).fetch()?;
        read(&*snapshot)
    }

    pub(super) fn get_through(&self, state: &mut State, key: &[u8], snapshot: bool) -> Result<Option<Vec<u8>>> {
        if !snapshot {
            state.ordered.extra_read_ranges.push((key.to_vec(), key_after(key)));
        }
        let value = self.read_through(state, |database| Ok(database.get(key)?))?;
        state.cost += cost::of_read(key.len() + value.as_ref().map_or(0, Vec::len));
        Ok(value)
    }

    /// The key that a selector resolves to, any key of the system among them.
    pub(super) fn get_key_through(&self, state: &mut State, selector: &Selector, snapshot: bool) -> Result<Vec<u8>> {
        let key = self.read_through(state, |database| resolve(database, selector))?;
        if !snapshot {
            state.ordered.extra_read_ranges.push(key_conflict(selector, &key));
        }
        Ok(key)
    }

    pub(super) fn get_range_through(
        &self,
        state: &mut State,
        begin: &Selector,
        end: &Selector,
        limits: Limits,
        snapshot: bool,
        reverse: bool,
    ) -> Result<Rows> {
        let max_key = state.max_read_key();
        let resolved_end;
        let end = if reverse && end.offset > 1 {
            // A read of its own, which conflicts with what can change the key, also if then no rows are read.
            let key = self.get_key_through(state, end, snapshot)?;
            resolved_end = Selector::first_greater_or_equal(key.min(max_key.to_vec()));
            if begin.offset >= resolved_end.offset && begin.key >= resolved_end.key {
                return Ok(Rows::new());
            }
            &resolved_end
        } else {
            end
        };
        let reply = self.read_through(state, |database| read_range(database, begin, end, limits, reverse))?;
        state.cost += cost::of_rows(&reply.rows);
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

/// The keys that decide what a range read gave.
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
