//! Which keys decide what a read gave: they become the transaction's read conflicts.

use super::State;
use crate::database_read::Selector;
use crate::key::key_after;
use crate::limits::CONFLICT_RANGE_OVERHEAD;
use crate::read_your_writes::RangeRead;
use std::borrow::Cow;

impl State {
    /// Makes a range that was read a read conflict, but for what own writes alone decide.
    pub(crate) fn note_read(&mut self, begin: &[u8], end: &[u8]) {
        let size = (begin.len() + end.len()) as i64 + CONFLICT_RANGE_OVERHEAD;
        if begin >= end {
            return;
        }
        if self.writes.is_empty() {
            self.approximate_size += size;
            self.reads.note_conflict(begin, end);
            return;
        }
        for segment in self.writes.segments(begin, end) {
            let (from, to) = (segment.begin(), segment.end());
            let (from, to) = ((&*from).max(begin), (&*to).min(end));
            if segment.needs_database() && from < to {
                // FoundationDB counts the whole range for each piece of it.
                self.approximate_size += size;
                self.reads.note_conflict(from, to);
            }
        }
    }
}

/// The keys that decide which key a selector resolves to.
pub(super) fn key_conflict(selector: &Selector, resolved: &[u8]) -> (Vec<u8>, Vec<u8>) {
    if selector.offset <= 0 {
        (resolved.to_vec(), selector.key.clone())
    } else {
        (selector.key.clone(), key_after(resolved))
    }
}

/// The keys that decide what a range read gave: those it went over, and more where a selector had to go further.
pub(super) fn range_conflict<'a>(
    begin: &'a Selector,
    end: &'a Selector,
    read: &'a RangeRead,
    reverse: bool,
    max_key: &'a [u8],
) -> (&'a [u8], Cow<'a, [u8]>) {
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
    let mut to = Cow::Borrowed(to);
    if let (Some((first, _)), Some((last, _))) = (read.rows.get(0), read.rows.last()) {
        if reverse {
            from = from.min(last);
            if end.offset > 0 && *to <= *first {
                to = Cow::Owned(key_after(first));
            }
        } else {
            if begin.offset <= 0 {
                from = from.min(first);
            }
            if *to <= *last {
                to = Cow::Owned(key_after(last));
            }
        }
    }
    (from, to)
}
