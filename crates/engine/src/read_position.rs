//! Where a read stands: a segment of the key space in which the transaction's own writes and what is known of the
//! database are each of one kind.
//!
//! What is known of the database is a set of ranges: their rows are read again from the transaction's snapshot, which
//! never changes. FoundationDB keeps the rows themselves (`SnapshotCache`); the segments are the same.

use crate::error::{Error, Result};
use crate::key::{AFTER_ALL, ALL_END, key_after};
use crate::range_set::RangeSet;
use crate::storage::Snapshot;
use crate::write_map::{Segment, SegmentKind, WriteMap, fold_under};
use std::ops::ControlFlow;
use std::sync::Arc;

/// What a segment holds once writes and database are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Merged {
    /// The database must be read first.
    Unknown,
    Empty,
    /// One key that has a value, or had one before own operations removed it.
    Row,
}

/// Where the reads of a transaction come from.
pub(crate) trait Source {
    /// The snapshot for reading what is not known yet. Fetches the read version if there is none; fails where the
    /// version is too old.
    fn fetch(&self) -> Result<Arc<dyn Snapshot>>;
    /// The snapshot for what is known already, which can be read at any age.
    fn kept(&self) -> Result<Arc<dyn Snapshot>>;
}

/// What of the database is known, as a segment.
#[derive(Clone, Debug)]
struct Known {
    begin: Vec<u8>,
    end: Vec<u8>,
    kind: KnownKind,
    /// The end of the known range around it.
    range_end: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum KnownKind {
    Unknown,
    Empty,
    Row(Vec<u8>),
}

/// A segment, and the way to its neighbours.
#[derive(Clone)]
pub(crate) struct Position<'a> {
    write: Segment<'a>,
    known: Known,
}

/// The two maps that a position stands in.
pub(crate) struct Maps<'a> {
    pub(crate) writes: &'a WriteMap,
    pub(crate) known: &'a mut RangeSet,
    pub(crate) source: &'a dyn Source,
}

impl<'a> Maps<'a> {
    /// The segment that holds `key`.
    pub(crate) fn at(&self, key: &[u8]) -> Result<Position<'a>> {
        Ok(Position { write: self.writes.segment(key), known: self.known_at(key)? })
    }

    fn known_at(&self, key: &[u8]) -> Result<Known> {
        if key >= ALL_END {
            let after = AFTER_ALL.to_vec();
            return Ok(Known { begin: ALL_END.to_vec(), end: after.clone(), kind: KnownKind::Empty, range_end: after });
        }
        let Some((range_begin, range_end)) = self.known.range_of(key) else {
            let (begin, end) = self.known.gap_of(key);
            let (begin, end) = (begin.to_vec(), end.unwrap_or(ALL_END).to_vec());
            return Ok(Known { range_end: end.clone(), begin, end, kind: KnownKind::Unknown });
        };
        let snapshot = self.source.kept()?;
        let range_end_owned = range_end.to_vec();
        let next = first_in(&*snapshot, key, range_end)?;
        if let Some((found, value)) = next.as_ref().filter(|(found, _)| found == key) {
            let end = key_after(found);
            return Ok(Known {
                begin: found.clone(),
                end,
                kind: KnownKind::Row(value.clone()),
                range_end: range_end_owned,
            });
        }
        let begin = last_in(&*snapshot, range_begin, key)?.map_or(range_begin.to_vec(), |last| key_after(&last));
        let end = next.map_or(range_end_owned.clone(), |(found, _)| found);
        Ok(Known { begin, end, kind: KnownKind::Empty, range_end: range_end_owned })
    }

    /// The segment after `position`.
    pub(crate) fn next(&self, position: &Position<'a>) -> Result<Position<'a>> {
        self.at(&position.end())
    }

    /// The segment before `position`, which must not be the first.
    pub(crate) fn previous(&self, position: &Position<'a>) -> Result<Position<'a>> {
        let begin = position.begin();
        let write = if *position.write.begin() == *begin { position.write.previous() } else { position.write };
        let known = if position.known.begin == begin { self.known_before(&begin)? } else { position.known.clone() };
        Ok(Position { write, known })
    }

    /// The known segment that ends at `key`.
    fn known_before(&self, key: &[u8]) -> Result<Known> {
        let Some((range_begin, range_end)) = self.known.range_before(key) else {
            // What ends at `key` is not known.
            let begin = self.known.gap_before(key);
            return Ok(Known {
                begin: begin.to_vec(),
                end: key.to_vec(),
                kind: KnownKind::Unknown,
                range_end: key.to_vec(),
            });
        };
        let (range_begin, range_end) = (range_begin.to_vec(), range_end.to_vec());
        let snapshot = self.source.kept()?;
        let last = last_in(&*snapshot, &range_begin, key)?;
        if let Some(last) = &last
            && crate::key::is_key_after(key, last)
        {
            return self.known_at(last);
        }
        let begin = last.map_or(range_begin, |last| key_after(&last));
        Ok(Known { begin, end: key.to_vec(), kind: KnownKind::Empty, range_end })
    }
}

fn first_in(snapshot: &dyn Snapshot, begin: &[u8], end: &[u8]) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
    let mut found = None;
    snapshot.scan(begin, end, false, &mut |key, value| {
        found = Some((key.to_vec(), value.to_vec()));
        ControlFlow::Break(())
    })?;
    Ok(found)
}

fn last_in(snapshot: &dyn Snapshot, begin: &[u8], end: &[u8]) -> Result<Option<Vec<u8>>> {
    let mut found = None;
    snapshot.scan(begin, end, true, &mut |key, _| {
        found = Some(key.to_vec());
        ControlFlow::Break(())
    })?;
    Ok(found)
}

impl<'a> Position<'a> {
    pub(crate) fn begin(&self) -> Vec<u8> {
        let write = self.write.begin();
        if *write >= *self.known.begin { write.into_owned() } else { self.known.begin.clone() }
    }

    pub(crate) fn end(&self) -> Vec<u8> {
        let write = self.write.end();
        if *write <= *self.known.end { write.into_owned() } else { self.known.end.clone() }
    }

    pub(crate) fn is_unreadable(&self) -> bool {
        self.write.is_unreadable()
    }

    /// Whether no own write touches the segment.
    pub(crate) fn is_unmodified(&self) -> bool {
        self.write.kind() == SegmentKind::Unmodified
    }

    /// Up to where rows can be taken as they are in the database, from the segment on.
    pub(crate) fn unmodified_until(&self) -> Vec<u8> {
        let write = self.write.end();
        if *write <= *self.known.range_end { write.into_owned() } else { self.known.range_end.clone() }
    }

    /// From where rows can be taken as they are in the database, up to the segment.
    pub(crate) fn unmodified_from(&self, maps: &Maps<'a>) -> Vec<u8> {
        let write = self.write.begin();
        let known = maps.known.range_of(&self.known.begin).map_or(&self.known.begin[..], |(begin, _)| begin);
        if *write >= *known { write.into_owned() } else { known.to_vec() }
    }

    /// What the segment holds; `accessed_unreadable` (1036) where that is not known before the commit.
    pub(crate) fn merged(&self) -> Result<Merged> {
        if self.is_unreadable() {
            return Err(Error::ACCESSED_UNREADABLE);
        }
        Ok(match (self.write.kind(), &self.known.kind) {
            (SegmentKind::Cleared, _) => Merged::Empty,
            (SegmentKind::Independent, _) => Merged::Row,
            (SegmentKind::Unmodified | SegmentKind::Dependent, KnownKind::Unknown) => Merged::Unknown,
            (SegmentKind::Unmodified, KnownKind::Empty) => Merged::Empty,
            (SegmentKind::Unmodified, KnownKind::Row(_)) | (SegmentKind::Dependent, _) => Merged::Row,
        })
    }

    /// The value of a [`Merged::Row`]; none where own operations removed it.
    pub(crate) fn value(&self) -> Result<Option<Vec<u8>>> {
        let existing = match &self.known.kind {
            KnownKind::Row(value) => Some(value.as_slice()),
            _ => None,
        };
        match self.write.kind() {
            SegmentKind::Unmodified => Ok(existing.map(<[u8]>::to_vec)),
            SegmentKind::Cleared => Ok(None),
            SegmentKind::Independent => fold_under(self.write.operations(), None),
            SegmentKind::Dependent => fold_under(self.write.operations(), existing),
        }
    }

    pub(crate) fn same(&self, other: &Position<'_>) -> bool {
        self.write.same(&other.write) && self.known.begin == other.known.begin && self.known.kind == other.known.kind
    }
}
