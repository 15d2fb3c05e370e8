//! The reads through the maps of one transaction.

use super::request::{Settled, known_range, known_range_back, request_limits};
use super::walk::Walk;
use crate::cost;
use crate::database_read::{Limits, Reply, Selector, read_range};
use crate::error::Result;
use crate::read_position::Maps;
use crate::rows::Rows;

/// The rows of a range read, and whether its selectors ran off the ends of the key space.
#[derive(Debug, Default)]
pub(crate) struct RangeRead {
    pub(crate) rows: Rows,
    pub(crate) read_to_begin: bool,
    pub(crate) read_through_end: bool,
}

/// Reads through the maps of one transaction, below `max_key`.
pub(crate) struct Reader<'m, 'a> {
    pub(crate) maps: &'m mut Maps<'a>,
    pub(crate) max_key: &'a [u8],
    /// What the requests to the database have cost.
    pub(crate) cost: i64,
}

impl Reader<'_, '_> {
    /// The key that a selector resolves to: the empty key off the left end, `max_key` off the right end.
    pub(crate) fn get_key(&mut self, selector: &Selector) -> Result<Vec<u8>> {
        if selector.offset > 0 {
            let end = Selector::first_greater_or_equal(self.max_key.to_vec());
            let read = self.get_range(selector, &end, Limits::ONE_ROW)?;
            Ok(match read.rows.get(0) {
                _ if read.read_to_begin => Vec::new(),
                Some((key, _)) if !read.read_through_end => key.to_vec(),
                _ => self.max_key.to_vec(),
            })
        } else {
            let end = Selector { key: selector.key.clone(), offset: selector.offset + 1 };
            let begin = Selector::first_greater_or_equal(Vec::new());
            let read = self.get_range_back(&begin, &end, Limits::ONE_ROW)?;
            Ok(match read.rows.get(0) {
                _ if read.read_through_end => self.max_key.to_vec(),
                Some((key, _)) if !read.read_to_begin => key.to_vec(),
                _ => Vec::new(),
            })
        }
    }

    /// Rows from `begin` to `end`, forwards.
    pub(crate) fn get_range(&mut self, begin: &Selector, end: &Selector, limits: Limits) -> Result<RangeRead> {
        match self.read_ahead(begin, end, limits, false)? {
            Ahead::All(read) => Ok(read),
            Ahead::Reply(reply) => Walk::forwards(self, begin.clone(), end.clone(), limits, reply)?.run(),
        }
    }

    /// Rows from `end` to `begin`, backwards.
    pub(crate) fn get_range_back(&mut self, begin: &Selector, end: &Selector, limits: Limits) -> Result<RangeRead> {
        match self.read_ahead(begin, end, limits, true)? {
            Ahead::All(read) => Ok(read),
            Ahead::Reply(reply) => Walk::backwards(self, begin.clone(), end.clone(), limits, reply)?.run_back(),
        }
    }

    /// Asks the database before anything else, where a walk would begin with that: without own writes, with plain bounds,
    /// and where nothing is known at the side where the rows begin. What comes is all if nothing is known as far as it
    /// goes; else a walk can tell from it how far it has to look.
    fn read_ahead(&mut self, begin: &Selector, end: &Selector, limits: Limits, reverse: bool) -> Result<Ahead> {
        let known = &*self.maps.known;
        let asks_first = self.maps.writes.is_empty()
            && begin.is_first_greater_or_equal()
            && end.is_first_greater_or_equal()
            && begin.key < end.key
            && if reverse { known.range_before(&end.key).is_none() } else { !known.contains(&begin.key) };
        if !asks_first {
            return Ok(Ahead::Reply(None));
        }
        let reply = self.ask(begin, end, request_limits(limits, 0, 1, 0), reverse)?;
        let (from, to) = settled(&reply, begin, end, reverse);
        // Where a limit has cut it, something not known must follow: else it may have cut nothing off, which a walk
        // finds out.
        let goes_on = if reverse {
            begin.key[..] < *from && known.range_before(from).is_none()
        } else {
            *to < end.key[..] && !known.contains(&to)
        };
        let is_cut_at_an_end = reply.rows.more() && !goes_on;
        if is_cut_at_an_end || known.intersects_range(from, &to) {
            return Ok(Ahead::Reply(Some(reply)));
        }
        self.note(&reply, from, &to);
        Ok(Ahead::All(RangeRead { rows: reply.rows, ..RangeRead::default() }))
    }

    /// Asks the database.
    pub(super) fn ask(&self, begin: &Selector, end: &Selector, limits: Limits, reverse: bool) -> Result<Reply> {
        let snapshot = self.maps.source.fetch()?;
        read_range(&*snapshot, begin, end, limits, reverse)
    }

    /// Notes what the database has answered, which [settles](settled) what is between two keys: it is known from then on.
    pub(super) fn note(&mut self, reply: &Reply, from: &[u8], to: &[u8]) {
        self.cost += cost::of_rows(&reply.rows);
        self.maps.known.insert(from, to);
    }
}

/// What there is of a read before a walk.
enum Ahead {
    All(RangeRead),
    /// What the database has between the bounds, if it was asked.
    Reply(Option<Reply>),
}

/// The keys whose rows are known by a reply.
pub(super) fn settled<'a>(reply: &'a Reply, begin: &'a Selector, end: &'a Selector, reverse: bool) -> Settled<'a> {
    if reverse { known_range_back(reply, begin, end) } else { known_range(reply, begin, end) }
}
