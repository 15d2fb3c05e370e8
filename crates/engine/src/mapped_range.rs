//! Mapped range reads: a range is read, and from each of its rows a second read is made.
//!
//! How the rows are cut into replies, and which of them carry their own key and value, is what FoundationDB's storage
//! servers do (`fdbserver/storageserver.actor.cpp`, `mapKeyValues`). Own writes are not seen: the transaction refuses a
//! read that touches them.

use crate::database_read::{Limits, Span, reply_limits};
use crate::error::{Error, Result};
use crate::key::{key_after, prefix_end};
use crate::mapper::Mapper;
use crate::rows::Rows;
use crate::storage::Snapshot;
use std::ops::ControlFlow;

/// One row of a mapped range read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedRow {
    /// The primary key. Where the mapper makes no prefix, only the first and the last row of a reply have one, and it is
    /// empty in those between.
    pub key: Vec<u8>,
    /// The primary value, in the rows that have the key.
    pub value: Vec<u8>,
    /// The begin of the secondary read.
    pub begin: Vec<u8>,
    /// The end of the secondary read. Where the mapper makes no prefix it is the first key after `begin`.
    pub end: Vec<u8>,
    /// What the secondary read gave: at most 2,000 rows or 10 MB.
    pub rows: Rows,
}

/// The rows of a mapped range read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappedRows {
    /// One for each primary row.
    pub rows: Vec<MappedRow>,
    /// Whether a limit ended the read.
    pub more: bool,
}

/// Rows of one secondary read (`QUICK_GET_KEY_VALUES_LIMIT`), and bytes (`QUICK_GET_KEY_VALUES_LIMIT_BYTES`).
const SECONDARY_ROWS: usize = 2_000;
const SECONDARY_BYTES: usize = 10_000_000;
/// So many rows are mapped before the byte limit is looked at again (`MAX_PARALLEL_QUICK_GET_VALUE`).
const BATCH: usize = 10;
/// What part of the byte limit the primary read may use: one in so many (`FRACTION_INDEX_BYTELIMIT_PREFETCH`).
const PRIMARY_PART: i64 = 5;
/// What a row counts beside its key and value (`sizeof(KeyValueRef)`).
const ROW_OVERHEAD: usize = 24;

/// What a mapped read gave, and the primary keys at its ends.
#[derive(Debug, Default)]
pub(crate) struct MappedRead {
    pub(crate) rows: MappedRows,
    /// The first and the last primary row, for the conflict range.
    pub(crate) primary: Rows,
    pub(crate) read_to_begin: bool,
}

/// Reads a mapped range of the database.
pub(crate) fn read_mapped(snapshot: &dyn Snapshot, span: Span, mapper: &[u8], reverse: bool) -> Result<MappedRead> {
    let mut read = MappedRead { read_to_begin: span.read_to_begin, ..MappedRead::default() };
    let (mut from, mut to, mut limits) = (span.from, span.to, span.limits);
    if from >= to {
        return Ok(read);
    }
    let mapper = Mapper::new(mapper)?;
    let mut ends: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    loop {
        let reply = reply(snapshot, &from, &to, &mapper, &limits, reverse)?;
        // Only what the rows carry of the primary counts here.
        let bytes = reply.rows.iter().map(|row| row.key.len() + row.value.len()).sum();
        limits.count_all(reply.rows.len(), bytes);
        if ends.is_empty() {
            ends.extend(reply.rows.first().map(|row| (row.key.clone(), row.value.clone())));
        }
        let last = reply.rows.last().map(|row| (row.key.clone(), row.value.clone()));
        ends.truncate(1);
        ends.extend(last.clone());
        read.rows.rows.extend(reply.rows);
        let is_reached = limits.is_reached();
        read.rows.more = reply.more || is_reached;
        match last {
            Some((last, _)) if reply.more && !is_reached && !limits.has_satisfied_min_rows() => {
                if reverse {
                    to = last;
                } else {
                    from = key_after(&last);
                }
            }
            _ => break,
        }
    }
    ends.iter().for_each(|(key, value)| read.primary.push(key, value));
    read.primary.set_more(read.rows.more);
    Ok(read)
}

/// One reply of a storage server.
fn reply(
    snapshot: &dyn Snapshot,
    from: &[u8],
    to: &[u8],
    mapper: &Mapper,
    limits: &Limits,
    reverse: bool,
) -> Result<MappedRows> {
    let (row_limit, byte_limit) = reply_limits(limits);
    let mut primary = Rows::new();
    let mut primary_bytes = byte_limit / PRIMARY_PART;
    let mut more = false;
    snapshot.scan(from, to, reverse, &mut |key, value| {
        primary.push(key, value);
        primary_bytes -= (ROW_OVERHEAD + key.len() + value.len()) as i64;
        more = primary.len() as i64 >= row_limit || primary_bytes <= 0;
        if more { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    let mut rows: Vec<MappedRow> = Vec::with_capacity(primary.len());
    let mut bytes_left = byte_limit;
    for (index, (key, value)) in primary.iter().enumerate() {
        if index % BATCH == 0 && bytes_left <= 0 {
            break;
        }
        let row = secondary(snapshot, mapper, key, value)?;
        bytes_left -= (ROW_OVERHEAD + key.len() + value.len() + counted(&row, mapper.is_prefix)) as i64;
        rows.push(row);
    }
    // The rows at the ends always carry their keys: a caller goes on from there.
    for index in [0, rows.len().saturating_sub(1)] {
        if let (Some(row), Some((key, value))) = (rows.get_mut(index), primary.get(index)) {
            (row.key, row.value) = (key.to_vec(), value.to_vec());
        }
    }
    let more = more || rows.len() < primary.len();
    Ok(MappedRows { rows, more })
}

/// The secondary read of a row.
fn secondary(snapshot: &dyn Snapshot, mapper: &Mapper, key: &[u8], value: &[u8]) -> Result<MappedRow> {
    let begin = mapper.key(key, value)?;
    let mut rows = Rows::new();
    if !mapper.is_prefix {
        if let Some(value) = snapshot.get(&begin)? {
            rows.push(&begin, &value);
        }
        let end = key_after(&begin);
        return Ok(MappedRow { key: Vec::new(), value: Vec::new(), begin, end, rows });
    }
    // FoundationDB's servers fail on an assertion.
    let end = prefix_end(&begin).ok_or(Error::INTERNAL_ERROR)?;
    let mut bytes = 0;
    let mut more = false;
    snapshot.scan(&begin, &end, false, &mut |key, value| {
        rows.push(key, value);
        bytes += ROW_OVERHEAD + key.len() + value.len();
        more = rows.len() >= SECONDARY_ROWS || bytes >= SECONDARY_BYTES;
        if more { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    rows.set_more(more);
    Ok(MappedRow { key: key.to_vec(), value: value.to_vec(), begin, end, rows })
}

/// What the read counts in the cost of its transaction.
pub(crate) fn bytes_read(rows: &MappedRows) -> usize {
    let of_row = |row: &MappedRow| row.key.len() + row.value.len() + counted(row, row.end != key_after(&row.begin));
    rows.rows.iter().map(of_row).sum()
}

/// The bytes that a secondary result counts.
fn counted(row: &MappedRow, is_prefix: bool) -> usize {
    let rows = row.rows.iter();
    if is_prefix {
        rows.map(|(key, value)| ROW_OVERHEAD + key.len() + value.len()).sum()
    } else {
        row.begin.len() + rows.map(|(_, value)| value.len()).sum::<usize>()
    }
}
