//! The reads through the maps of one transaction.

use super::request::{known_range, known_range_back, request_limits};
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
            let read = self.get_range(selector.clone(), end, Limits::ONE_ROW)?;
            Ok(match read.rows.get(0) {
                _ if read.read_to_begin => Vec::new(),
                Some((key, _)) if !read.read_through_end => key.to_vec(),
                _ => self.max_key.to_vec(),
            })
        } else {
            let end = Selector { key: selector.key.clone(), offset: selector.offset + 1 };
            let begin = Selector::first_greater_or_equal(Vec::new());
            let read = self.get_range_back(begin, end, Limits::ONE_ROW)?;
            Ok(match read.rows.get(0) {
                _ if read.read_through_end => self.max_key.to_vec(),
                Some((key, _)) if !read.read_to_begin => key.to_vec(),
                _ => Vec::new(),
            })
        }
    }

    /// Rows from `begin` to `end`, forwards.
    pub(crate) fn get_range(&mut self, begin: Selector, end: Selector, limits: Limits) -> Result<RangeRead> {
        match self.read_plain(&begin, &end, limits, false)? {
            Some(read) => Ok(read),
            None => Walk::forwards(self, begin, end, limits)?.run(),
        }
    }

    /// Rows from `end` to `begin`, backwards.
    pub(crate) fn get_range_back(&mut self, begin: Selector, end: Selector, limits: Limits) -> Result<RangeRead> {
        match self.read_plain(&begin, &end, limits, true)? {
            Some(read) => Ok(read),
            None => Walk::backwards(self, begin, end, limits)?.run_back(),
        }
    }

    /// A read that needs no walk: no own writes, plain bounds, and nothing in between is known.
    fn read_plain(
        &mut self,
        begin: &Selector,
        end: &Selector,
        limits: Limits,
        reverse: bool,
    ) -> Result<Option<RangeRead>> {
        let is_plain = self.maps.writes.is_empty()
            && begin.is_first_greater_or_equal()
            && end.is_first_greater_or_equal()
            && begin.key < end.key
            && !self.maps.known.intersects_range(&begin.key, &end.key);
        if !is_plain {
            return Ok(None);
        }
        let reply = self.read_database(begin, end, request_limits(limits, 0, 1, 0), reverse)?;
        Ok(Some(RangeRead { rows: reply.rows, ..RangeRead::default() }))
    }

    /// Reads the database, whose rows are known from then on.
    pub(super) fn read_database(
        &mut self,
        begin: &Selector,
        end: &Selector,
        limits: Limits,
        reverse: bool,
    ) -> Result<Reply> {
        let snapshot = self.maps.source.fetch()?;
        let reply = read_range(&*snapshot, begin, end, limits, reverse)?;
        self.cost += cost::of_rows(&reply.rows);
        let (known_begin, known_end) =
            if reverse { known_range_back(&reply, begin, end) } else { known_range(&reply, begin, end) };
        self.maps.known.insert(&known_begin, &known_end);
        Ok(reply)
    }
}
