//! Writes: they change the transaction's own state only, until it commits.
//!
//! With read-your-writes on they go to the write map; with it off, and where a versionstamped key hides them, to the
//! list of mutations in the order of the calls. Which check comes first shows in the error, so it is FoundationDB's order.

use super::{Inner, State, Transaction};
use crate::commit::{KeyRange, Mutation};
use crate::error::{Error, Result};
use crate::key::{ALL_END, METADATA_VERSION, METADATA_VERSION_END, is_special, key_after};
use crate::limits::{
    CONFLICT_RANGE_OVERHEAD, MUTATION_OVERHEAD, VALUE_SIZE, readable_key_size, truncate_key, writable_key_size,
};
use crate::mutation::MutationType;
use crate::options::ConflictRangeType;
use crate::special_keys;
use crate::versionstamp;
use crate::write_map::{Operation, SegmentKind};

impl Transaction {
    /// Sets `key` to `value`. Deferred errors: 2004 outside the writable keys, 2102 a key over 10,000 bytes, 2103 a
    /// value over 100,000 bytes, 2000 for the metadata version key.
    pub fn set(&self, key: &[u8], value: &[u8]) {
        self.inner.deferring(|state| {
            if key == METADATA_VERSION {
                return Err(Error::CLIENT_INVALID_OPERATION);
            }
            if is_special(key) {
                return special_keys::set(state, key, value);
            }
            let conflict = state.take_write_conflict();
            state.check_used_during_commit()?;
            if key >= state.max_write_key() {
                return Err(Error::KEY_OUTSIDE_LEGAL_RANGE);
            }
            state.add_mutation_size(key, value, key, conflict);
            if key.len() > writable_key_size(key, state.options.raw_access) {
                return Err(Error::KEY_TOO_LARGE);
            }
            if value.len() > VALUE_SIZE {
                return Err(Error::VALUE_TOO_LARGE);
            }
            if state.options.ryw_disabled {
                state.ordered.mutations.push(Mutation::Set(key.to_vec(), value.to_vec()));
                state.add_ordered_conflict(key, &key_after(key), conflict);
                return Ok(());
            }
            state.writes.mutate(key, Operation::Set(Some(value.to_vec())), conflict)?;
            state.trigger_watches_of_key(key, Some(Some(value)));
            Ok(())
        });
    }

    /// Clears `key`. Deferred error: 2004 outside the writable keys. A key longer than any can be is ignored.
    pub fn clear(&self, key: &[u8]) {
        self.inner.deferring(|state| {
            let conflict = state.take_write_conflict();
            state.check_used_during_commit()?;
            if is_special(key) {
                return special_keys::clear(state, key, &key_after(key));
            }
            if key >= state.max_write_key() {
                return Err(Error::KEY_OUTSIDE_LEGAL_RANGE);
            }
            if key.len() > readable_key_size(key) {
                return Ok(());
            }
            let end = key_after(key);
            if state.options.ryw_disabled {
                state.add_ordered_conflict(key, &end, conflict);
                state.ordered.mutations.push(Mutation::ClearRange(key.to_vec(), end));
                return Ok(());
            }
            let size = (key.len() + end.len()) as i64 + CONFLICT_RANGE_OVERHEAD;
            state.approximate_size += if conflict { 2 * size } else { size };
            state.writes.clear(key, &end, conflict);
            state.trigger_watches(key, &end, Some(None));
            Ok(())
        });
    }

    /// Clears all keys of `[begin, end)`. Deferred errors: 2005 if `begin > end`, 2004 outside the writable keys.
    pub fn clear_range(&self, begin: &[u8], end: &[u8]) {
        self.inner.deferring(|state| {
            if begin > end {
                return Err(Error::INVERTED_RANGE);
            }
            let conflict = state.take_write_conflict();
            state.check_used_during_commit()?;
            if begin >= ALL_END && end <= crate::key::SPECIAL_END {
                return special_keys::clear(state, begin, end);
            }
            let max_key = state.max_write_key();
            if begin > max_key || end > max_key {
                return Err(Error::KEY_OUTSIDE_LEGAL_RANGE);
            }
            let size = (begin.len() + end.len()) as i64;
            state.approximate_size += size + MUTATION_OVERHEAD;
            if conflict {
                state.approximate_size += size + CONFLICT_RANGE_OVERHEAD;
            }
            let (begin, end) = (truncate_key(begin), truncate_key(end));
            if begin >= end {
                return Ok(());
            }
            if state.options.ryw_disabled {
                state.ordered.mutations.push(Mutation::ClearRange(begin.to_vec(), end.to_vec()));
                state.add_ordered_conflict(begin, end, conflict);
                return Ok(());
            }
            state.writes.clear(begin, end, conflict);
            state.trigger_watches(begin, end, Some(None));
            Ok(())
        });
    }

    /// Applies an atomic operation to `key`; `code` is the number of the mutation type (`FDBMutationType`). Deferred
    /// errors: 2004, 2102, 2103 as [`set`](Self::set), 2018 for a number that is no atomic operation, 2000 for a
    /// versionstamp operation whose offset does not fit.
    pub fn atomic_op(&self, key: &[u8], operand: &[u8], code: i32) {
        self.inner.deferring(|state| state.atomic_op(key, operand, code));
    }

    /// Makes `[begin, end)` a conflict range of this transaction. `inverted_range` (2005) at once if `begin > end`;
    /// outside the legal keys 2004, deferred.
    pub fn add_conflict_range(&self, begin: &[u8], end: &[u8], kind: ConflictRangeType) -> Result<()> {
        if begin > end {
            return Err(Error::INVERTED_RANGE);
        }
        self.inner.deferring(|state| {
            state.check_used_during_commit()?;
            match kind {
                ConflictRangeType::Read => state.add_read_conflict_range(begin, end),
                ConflictRangeType::Write => state.add_write_conflict_range(begin, end),
            }
        });
        Ok(())
    }

    /// Cancels the transaction: what waits and what follows fails with 1025 until [`reset`](Self::reset). A commit that
    /// is under way may still be applied.
    pub fn cancel(&self) {
        self.inner.with(|state| state.fail(Error::TRANSACTION_CANCELLED));
    }

    /// Makes it as a new transaction. Options go back to the defaults of the database; what waits fails with 1025.
    pub fn reset(&self) {
        let Inner { database, clock, .. } = &*self.inner;
        self.inner.with(|state| state.reset(database, clock.monotonic()));
    }
}

impl State {
    fn add_mutation_size(&mut self, key: &[u8], value: &[u8], conflict_key: &[u8], conflict: bool) {
        self.approximate_size += (key.len() + value.len()) as i64 + MUTATION_OVERHEAD;
        if conflict {
            self.approximate_size += CONFLICT_RANGE_OVERHEAD + 2 * conflict_key.len() as i64 + 1;
        }
    }

    fn add_ordered_conflict(&mut self, begin: &[u8], end: &[u8], conflict: bool) {
        if conflict {
            self.ordered.write_ranges.push((begin.to_vec(), end.to_vec()));
        }
    }

    fn atomic_op(&mut self, key: &[u8], operand: &[u8], code: i32) -> Result<()> {
        let mut conflict = self.take_write_conflict();
        self.check_used_during_commit()?;
        let kind = MutationType::from_code(code);
        if key == METADATA_VERSION {
            if kind != Some(MutationType::SetVersionstampedValue) || operand != [0; 14] {
                return Err(Error::CLIENT_INVALID_OPERATION);
            }
        } else if key >= self.max_write_key() {
            return Err(Error::KEY_OUTSIDE_LEGAL_RANGE);
        }
        let kind = kind.ok_or(Error::INVALID_MUTATION_TYPE)?;
        if key.len() > writable_key_size(key, self.options.raw_access) {
            return Err(Error::KEY_TOO_LARGE);
        }
        if operand.len() > VALUE_SIZE {
            return Err(Error::VALUE_TOO_LARGE);
        }
        let mut stored_key = key.to_vec();
        if kind == MutationType::SetVersionstampedKey {
            let offset = versionstamp::check_operand(key)?;
            let read_version = self.read_version.as_ref().map(|read| read.version);
            self.stamped_keys.push(key.to_vec());
            conflict = false;
            if !self.options.ryw_disabled {
                let (begin, end) = versionstamp::key_range(key, read_version, self.max_read_key());
                if begin < end {
                    self.hide(&begin, &end);
                }
            }
            // The least stamp stands in for the one that is not known.
            let least = versionstamp::stamp(read_version.unwrap_or(0), 0);
            stored_key[offset..offset + least.len()].copy_from_slice(&least);
        }
        if kind == MutationType::SetVersionstampedValue {
            versionstamp::check_operand(operand)?;
        }
        self.add_mutation_size(key, operand, key, conflict);
        if self.options.ryw_disabled {
            self.add_ordered_conflict(key, &key_after(key), conflict);
            self.ordered.mutations.push(Mutation::Atomic(kind, stored_key, operand.to_vec()));
            return Ok(());
        }
        self.writes.mutate(&stored_key, Operation::Atomic(kind, operand.to_vec()), conflict)?;
        self.trigger_watches_of_key(&stored_key, None);
        Ok(())
    }

    /// Makes `[begin, end)` unreadable. What was written there stays, but only the commit sees it.
    fn hide(&mut self, begin: &[u8], end: &[u8]) {
        let (mutations, write_ranges) = self.collect_writes(begin, end);
        self.ordered.mutations.extend(mutations);
        self.ordered.write_ranges.extend(write_ranges);
        self.writes.make_unreadable(begin, end);
    }

    /// The mutations and write conflict ranges of the write map in `[begin, end)`: all clears first, then each key's
    /// operations, which gives what the order of the calls gives.
    pub(crate) fn collect_writes(&self, begin: &[u8], end: &[u8]) -> (Vec<Mutation>, Vec<KeyRange>) {
        let mut clears: Vec<KeyRange> = Vec::new();
        let mut conflicts: Vec<KeyRange> = Vec::new();
        let mut operations = Vec::new();
        if self.writes.is_empty() {
            return (operations, conflicts);
        }
        let extend = |ranges: &mut Vec<KeyRange>, from: &[u8], to: &[u8]| match ranges.last_mut() {
            Some((_, last)) if last == from => *last = to.to_vec(),
            _ => ranges.push((from.to_vec(), to.to_vec())),
        };
        for segment in self.writes.segments(begin, end) {
            let (is_cleared, is_conflict) = (segment.kind() == SegmentKind::Cleared, segment.is_conflict());
            if !is_cleared && !is_conflict && segment.operations().is_empty() {
                continue;
            }
            let from = segment.begin();
            // As slow as a comparison with no bytes is, mostly there are none to begin with.
            let from = if begin.is_empty() { &*from } else { (&*from).max(begin) };
            if is_cleared || is_conflict {
                let to = segment.end();
                let to = (&*to).min(end);
                if is_cleared {
                    extend(&mut clears, from, to);
                }
                if is_conflict {
                    extend(&mut conflicts, from, to);
                }
            }
            for operation in segment.operations() {
                let key = from.to_vec();
                operations.push(match operation {
                    Operation::Set(Some(value)) => Mutation::Set(key, value.clone()),
                    Operation::Set(None) => {
                        let end = key_after(&key);
                        Mutation::ClearRange(key, end)
                    }
                    Operation::Atomic(kind, operand) => Mutation::Atomic(*kind, key, operand.clone()),
                });
            }
        }
        if clears.is_empty() {
            return (operations, conflicts);
        }
        let mut mutations: Vec<Mutation> =
            clears.into_iter().map(|(begin, end)| Mutation::ClearRange(begin, end)).collect();
        mutations.append(&mut operations);
        (mutations, conflicts)
    }

    fn add_read_conflict_range(&mut self, begin: &[u8], end: &[u8]) -> Result<()> {
        let max_key = self.max_read_key();
        if (begin > max_key || end > max_key) && !(begin == METADATA_VERSION && end == METADATA_VERSION_END) {
            return Err(Error::KEY_OUTSIDE_LEGAL_RANGE);
        }
        let (begin, end) = (truncate_key(begin), truncate_key(end));
        if begin >= end {
            return Ok(());
        }
        if self.options.ryw_disabled {
            self.approximate_size += (begin.len() + end.len()) as i64 + CONFLICT_RANGE_OVERHEAD;
            self.ordered.read_ranges.push((begin.to_vec(), end.to_vec()));
        } else {
            self.note_read(begin, end);
        }
        Ok(())
    }

    fn add_write_conflict_range(&mut self, begin: &[u8], end: &[u8]) -> Result<()> {
        let max_key = self.max_write_key();
        if begin > max_key || end > max_key {
            return Err(Error::KEY_OUTSIDE_LEGAL_RANGE);
        }
        let (begin, end) = (truncate_key(begin), truncate_key(end));
        if begin >= end {
            return Ok(());
        }
        self.approximate_size += (begin.len() + end.len()) as i64 + CONFLICT_RANGE_OVERHEAD;
        if self.options.ryw_disabled {
            self.ordered.write_ranges.push((begin.to_vec(), end.to_vec()));
        } else {
            self.writes.add_conflict_range(begin, end);
        }
        Ok(())
    }
}
