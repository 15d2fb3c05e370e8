//! How much a read asks the database for, and what is known after the answer.

use crate::database_read::{Limits, Reply, Selector};
use crate::key::{ALL_END, key_after};
use crate::limits::REPLY_BYTES;
use std::borrow::Cow;

/// How many single absent keys a read may pass: none at first, then twice as many with each request.
pub(super) fn clear_limit(requests: u32) -> i64 {
    if requests == 0 { 0 } else { 1 << requests.min(20) }
}

/// The limits of one request to the database, which must also cover rows that own clears will take away.
pub(super) fn request_limits(limits: Limits, additional_rows: i64, offset: i64, requests: u32) -> Limits {
    let mut request = limits;
    let most = i64::from(i32::MAX);
    let rows = |rows: i64| (rows.max(1) + additional_rows).max(offset).min(most);
    request.min_rows = rows(1);
    request.rows = limits.rows.map(rows);
    match limits.bytes {
        Some(0) => {
            request.bytes = None;
            request.rows = request.rows.or(Some(rows(1)));
        }
        Some(bytes) => request.bytes = Some((bytes << requests.min(20)).min(i64::from(REPLY_BYTES))),
        None => {}
    }
    request
}

/// Where keys begin and end whose rows are settled.
pub(super) type Settled<'a> = (&'a [u8], Cow<'a, [u8]>);

/// The keys whose rows a forward reply settles.
pub(super) fn known_range<'a>(reply: &'a Reply, begin: &'a Selector, end: &'a Selector) -> Settled<'a> {
    let more = reply.rows.more();
    let mut from: &[u8] = if begin.offset <= 1 { &begin.key } else { ALL_END };
    let mut to = Cow::Borrowed(if !more && end.offset >= 1 { &end.key[..] } else { b"" });
    if reply.read_to_begin {
        from = b"";
    }
    if reply.saw_end && !more {
        to = Cow::Borrowed(ALL_END);
    }
    if let (Some((first, _)), Some((last, _))) = (reply.rows.get(0), reply.rows.last()) {
        from = from.min(first);
        if more || *last >= *to {
            to = Cow::Owned(key_after(last));
        }
    }
    (from, to)
}

/// The keys whose rows a backward reply settles.
pub(super) fn known_range_back<'a>(reply: &'a Reply, begin: &'a Selector, end: &'a Selector) -> Settled<'a> {
    let more = reply.rows.more();
    let mut from: &[u8] = if !more && begin.offset <= 1 { &begin.key } else { ALL_END };
    let mut to = Cow::Borrowed(if end.offset >= 1 { &end.key[..] } else { b"" });
    if reply.read_to_begin {
        from = b"";
    }
    if reply.saw_end {
        to = Cow::Borrowed(ALL_END);
    }
    if let (Some((first, _)), Some((last, _))) = (reply.rows.get(0), reply.rows.last()) {
        if more || *last <= *from {
            from = last;
        }
        if *first >= *to {
            to = Cow::Owned(key_after(first));
        }
    }
    (from, to)
}
