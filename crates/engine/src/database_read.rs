//! Range reads of the database itself, without the transaction's own writes: what one storage server would answer,
//! and the client's loop around it.
//!
//! The whole key space counts as one shard, so a reply ends only at a limit or at the end of the range. How rows are cut
//! into replies shows in `more` and in the conflict ranges of a read, so the cuts are FoundationDB's
//! (`fdbclient/NativeAPI.actor.cpp`, `fdbserver/storageserver.actor.cpp`).

use crate::error::{Error, Result};
use crate::key::{ALL_END, key_after};
use crate::limits::REPLY_BYTES;
use crate::options::{RangeOptions, StreamingMode};
use crate::rows::Rows;
use crate::storage::Snapshot;
use std::ops::ControlFlow;

/// A key selector that owns its key and has no `or_equal`: `or_equal` on a key is the next key without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selector {
    pub(crate) key: Vec<u8>,
    pub(crate) offset: i64,
}

impl Selector {
    pub(crate) fn new(selector: &crate::KeySelector<'_>) -> Selector {
        let key = crate::limits::truncate_key(selector.key);
        let key = if selector.or_equal { key_after(key) } else { key.to_vec() };
        Selector { key, offset: i64::from(selector.offset) }
    }

    pub(crate) fn first_greater_or_equal(key: Vec<u8>) -> Selector {
        Selector { key, offset: 1 }
    }

    pub(crate) fn is_first_greater_or_equal(&self) -> bool {
        self.offset == 1
    }
}

/// How much a range read may still return. `None` is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) rows: Option<i64>,
    pub(crate) min_rows: i64,
    pub(crate) bytes: Option<i64>,
}

/// Bytes of the n-th read of an iteration, from the first.
const ITERATOR_BYTES: [i64; 10] = [4096, 6144, 9216, 13824, 20736, 31104, 46656, 69984, 80000, 120_000];

impl Limits {
    pub(crate) const ONE_ROW: Limits = Limits { rows: Some(1), min_rows: 1, bytes: None };

    /// The limits that a client asked for: checks them, and adds the byte limit of the streaming mode.
    pub(crate) fn of(options: &RangeOptions) -> Result<Limits> {
        // 0 is how the C API writes "unlimited"; -1 is how its inside does.
        let limit = |number: i32| (number != 0 && number != -1).then_some(i64::from(number));
        let rows = limit(options.limit);
        let target = limit(options.target_bytes);
        let mode = match options.mode {
            StreamingMode::Exact if rows.is_none() && target.is_none() => {
                return Err(Error::EXACT_MODE_WITHOUT_LIMITS);
            }
            StreamingMode::Exact => None,
            StreamingMode::Iterator if options.iteration <= 0 => return Err(Error::CLIENT_INVALID_OPERATION),
            StreamingMode::Iterator => {
                let index = (options.iteration as usize - 1).min(ITERATOR_BYTES.len() - 1);
                Some(ITERATOR_BYTES[index])
            }
            StreamingMode::Small => Some(256),
            StreamingMode::Medium => Some(1000),
            StreamingMode::Large => Some(4096),
            StreamingMode::WantAll | StreamingMode::Serial => Some(80_000),
        };
        let bytes = match (target, mode) {
            (Some(target), Some(mode)) => Some(target.min(mode)),
            (target, mode) => target.or(mode),
        };
        Ok(Limits { rows, min_rows: 1, bytes })
    }

    pub(crate) fn is_valid(&self) -> bool {
        self.rows.is_none_or(|rows| rows >= 0)
            && self.bytes.is_none_or(|bytes| bytes >= 0)
            && self.rows.is_none_or(|rows| self.min_rows <= rows)
    }

    pub(crate) fn is_reached(&self) -> bool {
        self.rows == Some(0) || (self.bytes == Some(0) && self.min_rows == 0)
    }

    pub(crate) fn has_satisfied_min_rows(&self) -> bool {
        self.bytes.is_some() && self.min_rows == 0
    }

    /// Counts one row of so many bytes, key and value together.
    pub(crate) fn count(&mut self, bytes: usize) {
        self.count_all(1, bytes);
    }

    pub(crate) fn count_all(&mut self, rows: usize, bytes: usize) {
        self.min_rows = (self.min_rows - rows as i64).max(0);
        self.rows = self.rows.map(|limit| (limit - rows as i64).max(0));
        self.bytes = self.bytes.map(|limit| (limit - (8 * rows + bytes) as i64).max(0));
    }
}

/// What a read of the database gave.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) rows: Rows,
    /// A selector ran off the left end of the key space.
    pub(crate) read_to_begin: bool,
    /// The read went beyond the application's keys: there a cluster has system keys, and never few, so to the client
    /// this is no end of the key space; but all of the application's keys up to it have been seen. Those system keys
    /// count in the limits of a backward read, which comes upon them first.
    pub(crate) saw_end: bool,
}

/// Where a selector leads.
enum Found {
    Key(Vec<u8>),
    BeforeFirst,
    /// Off the right end, so many keys further.
    BeyondLast(i64),
}

/// Where a bound of a range leads: a plain one may be any key, present or not.
fn find_bound(snapshot: &dyn Snapshot, selector: &Selector) -> Result<Found> {
    if selector.is_first_greater_or_equal() { Ok(Found::Key(selector.key.clone())) } else { find(snapshot, selector) }
}

fn find(snapshot: &dyn Snapshot, selector: &Selector) -> Result<Found> {
    let (begin, end, reverse) = if selector.offset > 0 {
        (selector.key.as_slice(), ALL_END, false)
    } else {
        (&b""[..], selector.key.as_slice(), true)
    };
    let mut left = if reverse { 1 - selector.offset } else { selector.offset };
    let mut found = None;
    if begin < end {
        snapshot.scan(begin, end, reverse, &mut |key, _| {
            left -= 1;
            if left == 0 {
                found = Some(key.to_vec());
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
    }
    Ok(match found {
        Some(key) => Found::Key(key),
        None if reverse => Found::BeforeFirst,
        None => Found::BeyondLast(left),
    })
}

impl Found {
    /// The key, clamped to the key space.
    fn key(self) -> Vec<u8> {
        match self {
            Found::Key(key) => key,
            Found::BeforeFirst => Vec::new(),
            Found::BeyondLast(_) => ALL_END.to_vec(),
        }
    }
}

/// Resolves a selector in the database: the empty key off the left end, [`ALL_END`] off the right end.
pub(crate) fn resolve(snapshot: &dyn Snapshot, selector: &Selector) -> Result<Vec<u8>> {
    Ok(find(snapshot, selector)?.key())
}

/// Reads a range of the database.
pub(crate) fn read_range(
    snapshot: &dyn Snapshot,
    begin: &Selector,
    end: &Selector,
    limits: Limits,
    reverse: bool,
) -> Result<Reply> {
    if begin.is_first_greater_or_equal() && end.is_first_greater_or_equal() {
        // Nothing to resolve, as most often.
        let rows = if begin.key < end.key {
            read_exact(snapshot, &begin.key, &end.key, limits, reverse)?
        } else {
            Rows::new()
        };
        return Ok(Reply { rows, ..Reply::default() });
    }
    let span = resolve_range(snapshot, begin, end, limits, reverse)?;
    let mut reply = Reply { read_to_begin: span.read_to_begin, saw_end: span.saw_end, ..Reply::default() };
    if span.from < span.to {
        reply.rows = read_exact(snapshot, &span.from, &span.to, span.limits, reverse)?;
        if span.anew {
            reply.read_to_begin = span.from.is_empty() && !(reverse && reply.rows.more());
        }
    }
    Ok(reply)
}

/// Where the selectors of a range lead, and what is left of its limits.
pub(crate) struct Span {
    pub(crate) from: Vec<u8>,
    pub(crate) to: Vec<u8>,
    pub(crate) limits: Limits,
    pub(crate) read_to_begin: bool,
    saw_end: bool,
    /// A selector off the left end of its shard makes FoundationDB resolve both anew, over all shards.
    anew: bool,
}

/// Resolves the selectors of a range.
pub(crate) fn resolve_range(
    snapshot: &dyn Snapshot,
    begin: &Selector,
    end: &Selector,
    mut limits: Limits,
    reverse: bool,
) -> Result<Span> {
    let off_left = begin.key.is_empty() && begin.offset < 1;
    if end.key.is_empty() && end.offset <= 1 {
        let (from, to) = (Vec::new(), Vec::new());
        return Ok(Span { from, to, limits, read_to_begin: off_left, saw_end: false, anew: false });
    }
    let from = if off_left { Found::Key(Vec::new()) } else { find_bound(snapshot, begin)? };
    let to = find_bound(snapshot, end)?;
    let beyond = match to {
        Found::BeyondLast(keys) => keys - 1,
        _ => 0,
    };
    let saw_end = beyond > 0;
    if reverse && saw_end {
        limits.count_all(beyond as usize, 0);
    }
    let anew = matches!(from, Found::BeforeFirst) || matches!(to, Found::BeforeFirst);
    Ok(Span { from: from.key(), to: to.key(), limits, read_to_begin: off_left && !anew, saw_end, anew })
}

/// A storage server counts the two references of a row as well.
const ROW_OVERHEAD: i64 = 24;

/// Memory for rows is taken when there are none, so many, and so many: most reads are short, and what is longer is often as
/// long as the limits allow.
const FEW_ROWS: usize = 8;
const MANY_ROWS: usize = 64;

/// How many rows to take memory for when there are `rows`, and `most` may follow in this reply.
fn rows_to_come(rows: usize, most: i64) -> usize {
    let most = usize::try_from(most).unwrap_or(0).max(1);
    match rows {
        0 => most.min(FEW_ROWS),
        FEW_ROWS => most.min(MANY_ROWS - FEW_ROWS),
        _ => most,
    }
}

/// Reads `[begin, end)` in storage replies until a limit is reached or the range is exhausted.
fn read_exact(snapshot: &dyn Snapshot, begin: &[u8], end: &[u8], mut limits: Limits, reverse: bool) -> Result<Rows> {
    let mut rows = Rows::new();
    let mut reply_rows = 0;
    let mut reply_bytes: usize = 0;
    let (mut row_limit, mut byte_limit) = reply_limits(&limits);
    let mut stopped = false;
    snapshot.scan(begin, end, reverse, &mut |key, value| {
        if let 0 | FEW_ROWS | MANY_ROWS = rows.len() {
            let bytes = key.len() + value.len();
            let most = byte_limit.min(i64::from(REPLY_BYTES)) / (ROW_OVERHEAD + bytes as i64) + 1;
            rows.reserve(rows_to_come(rows.len(), most.min(row_limit) - reply_rows), bytes);
        }
        rows.push(key, value);
        reply_rows += 1;
        reply_bytes += key.len() + value.len();
        if reply_rows < row_limit && ROW_OVERHEAD * reply_rows + (reply_bytes as i64) < byte_limit {
            return ControlFlow::Continue(());
        }
        limits.count_all(reply_rows as usize, reply_bytes);
        if limits.is_reached() || limits.has_satisfied_min_rows() {
            stopped = true;
            return ControlFlow::Break(());
        }
        (reply_rows, reply_bytes) = (0, 0);
        (row_limit, byte_limit) = reply_limits(&limits);
        ControlFlow::Continue(())
    })?;
    if !stopped {
        limits.count_all(reply_rows as usize, reply_bytes);
    }
    rows.set_more(stopped || limits.is_reached());
    Ok(rows)
}

/// Rows and bytes of one storage reply.
pub(crate) fn reply_limits(limits: &Limits) -> (i64, i64) {
    let most = i64::from(REPLY_BYTES);
    match limits.bytes {
        // The bytes are used up, the least number of rows is not.
        Some(0) => (limits.min_rows, i64::from(i32::MAX)),
        bytes => (limits.rows.map_or(most, |rows| rows.min(most)), bytes.map_or(most, |bytes| bytes.min(most))),
    }
}
