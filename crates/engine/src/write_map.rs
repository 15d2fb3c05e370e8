//! A transaction's own uncommitted writes, as segments of the key space.
//!
//! Invariants:
//! - every key belongs to exactly one segment: a key with operations, or a range that is unmodified or cleared;
//! - every segment also says whether it is a write conflict and whether it is unreadable (its content depends on a
//!   versionstamp that is not known yet);
//! - the operations of a key, applied in order over the database's value, give what a read must see. Operations that
//!   can be folded without knowing the database are.
//!
//! The model is FoundationDB's `WriteMap`: an entry holds what is known of its key and of the keys that follow it, up to
//! the next entry.

use crate::error::{Error, Result};
use crate::key::{AFTER_ALL, ALL_END, key_after};
use crate::mutation::{self, MutationType};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;

/// One operation on a key. `Set` with no value is a key known to be absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Set(Option<Vec<u8>>),
    Atomic(MutationType, Vec<u8>),
}

#[derive(Clone, Debug, Default)]
struct Entry {
    /// Empty where the entry only begins a range.
    operations: Vec<Operation>,
    conflict: bool,
    unreadable: bool,
    following_cleared: bool,
    following_conflict: bool,
    following_unreadable: bool,
}

impl Entry {
    fn range(cleared: bool, conflict: bool, unreadable: bool) -> Entry {
        Entry {
            operations: Vec::new(),
            conflict,
            unreadable,
            following_cleared: cleared,
            following_conflict: conflict,
            following_unreadable: unreadable,
        }
    }

    fn all_conflict(&self) -> bool {
        self.conflict && self.following_conflict
    }
}

static UNMODIFIED: Entry = Entry {
    operations: Vec::new(),
    conflict: false,
    unreadable: false,
    following_cleared: false,
    following_conflict: false,
    following_unreadable: false,
};

/// The kinds of segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SegmentKind {
    Unmodified,
    Cleared,
    /// A key whose value is known without the database.
    Independent,
    /// A key whose operations need the database's value.
    Dependent,
}

/// The write map; see the module's text.
#[derive(Clone, Debug, Default)]
pub(crate) struct WriteMap {
    /// An entry at the empty key that says "unmodified" is left out.
    entries: BTreeMap<Vec<u8>, Entry>,
}

impl WriteMap {
    /// A map without writes.
    pub(crate) const EMPTY: WriteMap = WriteMap { entries: BTreeMap::new() };

    /// Whether nothing was ever written.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The empty key has ways of its own here and below: a comparison with no bytes, which have no address, is slow
    /// (0.1 us), and every commit begins with that key.
    fn floor(&self, key: &[u8]) -> (&[u8], &Entry) {
        if key.is_empty() {
            let first = self.entries.first_key_value().filter(|(first, _)| first.is_empty());
            return (b"", first.map_or(&UNMODIFIED, |(_, entry)| entry));
        }
        if key >= ALL_END {
            return (ALL_END, &UNMODIFIED);
        }
        match self.entries.range::<[u8], _>((Bound::Unbounded, Bound::Included(key))).next_back() {
            Some((key, entry)) => (key, entry),
            None => (b"", &UNMODIFIED),
        }
    }

    fn next_key(&self, key: &[u8]) -> &[u8] {
        let next = if key.is_empty() {
            self.entries.keys().find(|next| !next.is_empty())
        } else if key >= ALL_END {
            return AFTER_ALL;
        } else {
            self.entries.range::<[u8], _>((Bound::Excluded(key), Bound::Unbounded)).next().map(|(next, _)| next)
        };
        next.map(Vec::as_slice).filter(|next| *next < ALL_END).unwrap_or(ALL_END)
    }

    /// The segment that holds `key`.
    pub(crate) fn segment(&self, key: &[u8]) -> Segment<'_> {
        let (entry_key, entry) = self.floor(key);
        let following = entry.operations.is_empty() || entry_key != key;
        Segment { map: self, key: entry_key, entry, next: self.next_key(entry_key), following }
    }

    /// Adds an operation on `key`. Without `add_conflict` the key becomes no write conflict, but stays one if it was.
    pub(crate) fn mutate(&mut self, key: &[u8], operation: Operation, add_conflict: bool) -> Result<()> {
        let stamps = matches!(
            operation,
            Operation::Atomic(MutationType::SetVersionstampedKey | MutationType::SetVersionstampedValue, _)
        );
        let independent = stamps || matches!(operation, Operation::Set(_));
        let replaces =
            matches!(operation, Operation::Set(_) | Operation::Atomic(MutationType::SetVersionstampedValue, _));
        // Entries that exist are changed in place; the flags come from the segment that holds the key.
        let segment = self.segment(key);
        let at_entry = segment.key == key && self.entries.contains_key(key);
        let was_unreadable = segment.is_unreadable();
        let conflict = add_conflict || segment.is_conflict();
        let unreadable = was_unreadable || stamps;
        let cleared = segment.kind() == SegmentKind::Cleared;
        let over_absent = |operation| -> Result<Vec<Operation>> {
            let mut operations = vec![Operation::Set(None)];
            fold_over(&mut operations, operation)?;
            Ok(operations)
        };
        if !at_entry {
            let (following_cleared, following_conflict, following_unreadable) =
                (segment.entry.following_cleared, segment.entry.following_conflict, segment.entry.following_unreadable);
            let operations = if cleared && !independent { over_absent(operation)? } else { vec![operation] };
            self.entries.insert(
                key.to_vec(),
                Entry { operations, conflict, unreadable, following_cleared, following_conflict, following_unreadable },
            );
            return Ok(());
        }
        let Some(entry) = self.entries.get_mut(key) else { return Err(Error::INTERNAL_ERROR) };
        if !was_unreadable && replaces {
            entry.operations = vec![operation];
        } else if entry.operations.is_empty() && cleared && !independent {
            entry.operations = over_absent(operation)?;
        } else if !unreadable && !entry.operations.is_empty() {
            fold_over(&mut entry.operations, operation)?;
        } else {
            entry.operations.push(operation);
        }
        entry.conflict = conflict;
        entry.unreadable = unreadable;
        Ok(())
    }

    /// Clears `[begin, end)`, which makes it readable again. What was a write conflict stays one.
    pub(crate) fn clear(&mut self, begin: &[u8], end: &[u8], add_conflict: bool) {
        if add_conflict {
            self.replace(begin, end, &Entry::range(true, true, false));
        } else {
            self.clear_without_conflict(begin, end);
        }
    }

    /// The cleared range is cut where it goes from a write conflict to none and back.
    fn clear_without_conflict(&mut self, begin: &[u8], end: &[u8]) {
        let mut it = self.segment(begin);
        let inserts_begin = !it.is_cleared_range() || it.is_unreadable();
        let mut conflict = it.is_conflict();
        let mut pieces: Vec<(Vec<u8>, bool)> = Vec::new();
        if inserts_begin {
            pieces.push((begin.to_vec(), conflict));
        }
        while *it.end() < *end {
            it = it.next();
            if it.is_conflict() != conflict {
                conflict = !conflict;
                pieces.push((it.begin().into_owned(), conflict));
            }
        }
        if *it.end() == *end {
            it = it.next();
        }
        let only_key_conflicts = it.entry.conflict && !it.entry.following_conflict;
        let inserts_end = (it.is_unmodified_range() || it.is_unreadable()) && !it.is_entry_at(end)
            || only_key_conflicts && *it.begin() == *end && !it.is_at_entry();
        let joins_end =
            it.is_cleared_range() && *it.begin() == *end && it.is_conflict() == conflict && !it.is_unreadable();
        let at_end = inserts_end.then(|| it.as_range());
        self.remove(begin, end, !inserts_begin, joins_end);
        for (from, conflict) in pieces {
            self.entries.insert(from, Entry::range(true, conflict, false));
        }
        if let Some(at_end) = at_end {
            self.entries.insert(end.to_vec(), at_end);
        }
    }

    /// Makes `[begin, end)` unmodified and unreadable, and no write conflict.
    pub(crate) fn make_unreadable(&mut self, begin: &[u8], end: &[u8]) {
        self.replace(begin, end, &Entry::range(false, false, true));
    }

    /// Makes `[begin, end)` one range that is described by `range`. It is not cut off from the range it begins in, nor
    /// from the one that follows, where that is the same already. What follows `end` stays as it is.
    fn replace(&mut self, begin: &[u8], end: &[u8], range: &Entry) {
        let mut it = self.segment(begin);
        let inserts_begin = !it.is_range_like(range);
        if *it.end() == *end {
            it = it.next();
        } else if *it.end() < *end {
            it = self.segment(end);
        }
        let inserts_end = !it.is_operation() && !it.is_range_like(range) && !it.is_entry_at(end);
        let joins_end = it.is_range_like(range) && *it.begin() == *end;
        let at_end = inserts_end.then(|| it.as_range());
        self.remove(begin, end, !inserts_begin, joins_end);
        if inserts_begin {
            self.entries.insert(begin.to_vec(), range.clone());
        }
        if let Some(at_end) = at_end {
            self.entries.insert(end.to_vec(), at_end);
        }
    }

    /// Takes the entries of `[begin, end)` away, except one at `begin` if it is kept, and one at `end` if it joins them.
    fn remove(&mut self, begin: &[u8], end: &[u8], keeps_begin: bool, joins_end: bool) {
        let from = if keeps_begin { Bound::Excluded(begin) } else { Bound::Included(begin) };
        let to = if joins_end { Bound::Included(end) } else { Bound::Excluded(end) };
        let inside: Vec<Vec<u8>> = self.entries.range::<[u8], _>((from, to)).map(|(key, _)| key.clone()).collect();
        for key in inside {
            self.entries.remove(&key);
        }
    }

    /// Marks `[begin, end)` as a write conflict; what can be read stays as it is. A range is cut at `begin` and `end`
    /// only where it is no write conflict yet: the pieces of a range that is read count in the transaction's size.
    pub(crate) fn add_conflict_range(&mut self, begin: &[u8], end: &[u8]) {
        let mut changed: Vec<(Vec<u8>, Entry)> = Vec::new();
        let mut it = self.segment(begin);
        if !it.entry.all_conflict() {
            let operations = it.operations().to_vec();
            changed.push((begin.to_vec(), Entry { operations, ..it.entry.clone() }));
        }
        while *it.end() < *end {
            it = it.next();
            if it.is_at_entry() && !it.entry.all_conflict() {
                changed.push((it.key.to_vec(), it.entry.clone()));
            }
        }
        for (_, entry) in &mut changed {
            entry.conflict = true;
            entry.following_conflict = true;
        }
        if !it.entry.all_conflict() {
            let rest = Entry { operations: Vec::new(), conflict: false, following_conflict: false, ..it.entry.clone() };
            if !it.next().is_entry_at(end) {
                changed.push((end.to_vec(), rest));
            }
        }
        self.entries.extend(changed);
    }

    /// The segments from the one that holds `begin` to the last that begins before `end`.
    pub(crate) fn segments<'a>(&'a self, begin: &[u8], end: &'a [u8]) -> impl Iterator<Item = Segment<'a>> {
        // Nothing comes after the end of all keys.
        let end_of_all = end.min(AFTER_ALL);
        let mut next = Some(self.segment(begin)).filter(|segment| segment.begins_before(end));
        std::iter::from_fn(move || {
            let segment = next.take()?;
            next = segment.ends_before(end_of_all).then(|| segment.next());
            Some(segment)
        })
    }
}

/// A segment of a [`WriteMap`], which can go to its neighbours.
#[derive(Clone, Copy)]
pub(crate) struct Segment<'a> {
    map: &'a WriteMap,
    key: &'a [u8],
    entry: &'a Entry,
    next: &'a [u8],
    /// The range that follows the entry's key, not the key itself.
    following: bool,
}

impl<'a> Segment<'a> {
    pub(crate) fn kind(&self) -> SegmentKind {
        if self.following {
            if self.entry.following_cleared { SegmentKind::Cleared } else { SegmentKind::Unmodified }
        } else if self.entry.following_cleared || !is_dependent(&self.entry.operations) {
            SegmentKind::Independent
        } else {
            SegmentKind::Dependent
        }
    }

    pub(crate) fn is_conflict(&self) -> bool {
        if self.following { self.entry.following_conflict } else { self.entry.conflict }
    }

    pub(crate) fn is_unreadable(&self) -> bool {
        if self.following { self.entry.following_unreadable } else { self.entry.unreadable }
    }

    fn is_operation(&self) -> bool {
        !self.following
    }

    fn is_cleared_range(&self) -> bool {
        self.following && self.entry.following_cleared
    }

    fn is_unmodified_range(&self) -> bool {
        self.following && !self.entry.following_cleared
    }

    /// Whether it is a range with the flags of `range`.
    fn is_range_like(&self, range: &Entry) -> bool {
        self.following
            && self.entry.following_cleared == range.following_cleared
            && self.entry.following_conflict == range.following_conflict
            && self.entry.following_unreadable == range.following_unreadable
    }

    /// The flags of the segment, as an entry that begins a range.
    fn as_range(&self) -> Entry {
        Entry::range(self.is_cleared_range(), self.is_conflict(), self.is_unreadable())
    }

    /// Whether it begins where its entry does.
    fn is_at_entry(&self) -> bool {
        !self.following || self.entry.operations.is_empty()
    }

    /// Whether it begins at `key`, with an entry there.
    fn is_entry_at(&self, key: &[u8]) -> bool {
        self.is_at_entry() && self.key == key
    }

    /// Whether a read of the segment depends on the database.
    pub(crate) fn needs_database(&self) -> bool {
        matches!(self.kind(), SegmentKind::Unmodified | SegmentKind::Dependent)
    }

    /// The operations of a key; none for a range.
    pub(crate) fn operations(&self) -> &'a [Operation] {
        if self.following { &[] } else { &self.entry.operations }
    }

    pub(crate) fn begin(&self) -> Cow<'a, [u8]> {
        if self.following && !self.entry.operations.is_empty() {
            Cow::Owned(key_after(self.key))
        } else {
            Cow::Borrowed(self.key)
        }
    }

    pub(crate) fn end(&self) -> Cow<'a, [u8]> {
        if self.following { Cow::Borrowed(self.next) } else { Cow::Owned(key_after(self.key)) }
    }

    /// What comparing [`begin`](Self::begin) gives, without making that.
    fn begins_before(&self, key: &[u8]) -> bool {
        let after_operations = self.following && !self.entry.operations.is_empty();
        (self.key.is_empty() || self.key < key)
            && !key.is_empty()
            && !(after_operations && crate::key::is_key_after(key, self.key))
    }

    /// What comparing [`end`](Self::end) gives, without making that.
    fn ends_before(&self, key: &[u8]) -> bool {
        if self.following { self.next < key } else { self.key < key && !crate::key::is_key_after(key, self.key) }
    }

    pub(crate) fn next(&self) -> Segment<'a> {
        if !self.following && !crate::key::is_key_after(self.next, self.key) {
            return Segment { following: true, ..*self };
        }
        self.map.segment(self.next)
    }

    pub(crate) fn previous(&self) -> Segment<'a> {
        if self.following && !self.entry.operations.is_empty() {
            return Segment { following: false, ..*self };
        }
        let before = if self.key >= ALL_END {
            self.map.entries.range::<[u8], _>((Bound::Unbounded, Bound::Excluded(ALL_END))).next_back()
        } else {
            self.map.entries.range::<[u8], _>((Bound::Unbounded, Bound::Excluded(self.key))).next_back()
        };
        let (key, entry) = before.map_or((&b""[..], &UNMODIFIED), |(key, entry)| (key.as_slice(), entry));
        let following = entry.operations.is_empty() || !crate::key::is_key_after(self.key, key);
        Segment { map: self.map, key, entry, next: self.key, following }
    }

    /// Whether both are the same segment of the same map.
    pub(crate) fn same(&self, other: &Segment<'_>) -> bool {
        self.key == other.key && self.following == other.following
    }
}

fn is_dependent(operations: &[Operation]) -> bool {
    match operations.first() {
        None | Some(Operation::Set(_)) => false,
        Some(Operation::Atomic(kind, _)) => {
            !matches!(kind, MutationType::SetVersionstampedKey | MutationType::SetVersionstampedValue)
        }
    }
}

/// The value that the operations give over `existing`.
pub(crate) fn fold_under(operations: &[Operation], existing: Option<&[u8]>) -> Result<Option<Vec<u8>>> {
    if let [only] = operations {
        match only {
            Operation::Set(value) => return Ok(value.clone()),
            // What `bypass_unreadable` shows: the operand with its placeholder and its offset.
            Operation::Atomic(MutationType::SetVersionstampedKey | MutationType::SetVersionstampedValue, operand) => {
                return Ok(Some(operand.clone()));
            }
            Operation::Atomic(..) => {}
        }
    }
    let mut current = Operation::Set(existing.map(<[u8]>::to_vec));
    for operation in operations {
        current = merge(current, operation.clone())?;
    }
    match current {
        Operation::Set(value) => Ok(value),
        Operation::Atomic(_, operand) => Ok(Some(operand)),
    }
}

/// Adds an operation to a stack that is not empty, merging it with the last one where that loses nothing.
fn fold_over(operations: &mut Vec<Operation>, operation: Operation) -> Result<()> {
    let Some(last) = operations.pop() else {
        operations.push(operation);
        return Ok(());
    };
    let apart = match (&last, &operation) {
        (Operation::Atomic(last, first), Operation::Atomic(kind, second)) if last == kind => {
            // Operands of different lengths cut the value to different lengths.
            let by_length = matches!(
                kind,
                MutationType::Add | MutationType::Or | MutationType::Xor | MutationType::Max | MutationType::Min
            );
            *kind == MutationType::CompareAndClear || by_length && first.len() != second.len()
        }
        (Operation::Atomic(..), Operation::Atomic(..)) => true,
        _ => false,
    };
    if apart {
        operations.extend([last, operation]);
    } else {
        operations.push(merge(last, operation)?);
    }
    Ok(())
}

fn merge(existing: Operation, operation: Operation) -> Result<Operation> {
    match (existing, operation) {
        (_, set @ Operation::Set(_)) => Ok(set),
        (_, stamped @ Operation::Atomic(MutationType::SetVersionstampedValue, _)) => Ok(stamped),
        (Operation::Set(value), Operation::Atomic(kind, operand)) if kind != MutationType::SetVersionstampedKey => {
            Ok(Operation::Set(mutation::apply(kind, value.as_deref(), &operand)))
        }
        (Operation::Atomic(last, value), Operation::Atomic(kind, operand))
            if last == kind && kind != MutationType::CompareAndClear && kind != MutationType::SetVersionstampedKey =>
        {
            let merged = mutation::apply(kind, Some(&value), &operand).unwrap_or_default();
            Ok(Operation::Atomic(kind, merged))
        }
        // FoundationDB: operation_failed. Reached only by reading what is unreadable, with `bypass_unreadable`.
        _ => Err(Error::from_code(1000)),
    }
}

#[cfg(test)]
mod tests;
