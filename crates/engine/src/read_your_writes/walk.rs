//! What both directions of a range read have in common.

use super::Reader;
use super::reader::{RangeRead, settled};
use crate::database_read::{Limits, Reply, Selector};
use crate::error::Result;
use crate::read_position::Position;
use crate::rows::Rows;

/// The ends of the key space that a selector met while it was resolved.
#[derive(Clone, Copy, Default)]
pub(super) struct Ends {
    pub(super) begin: bool,
    pub(super) through: bool,
}

impl Ends {
    /// A read without rows.
    pub(super) fn read(self) -> RangeRead {
        RangeRead { rows: Rows::new(), read_to_begin: self.begin, read_through_end: self.through }
    }

    /// Notes where a selector resolved to.
    pub(super) fn note(&mut self, key: &[u8], max_key: &[u8]) {
        self.begin |= key.is_empty();
        self.through |= key == max_key;
    }
}

/// What a look at the position of a walk leads to.
pub(super) enum Step {
    On,
    /// The rows so far are the answer.
    Done,
    /// There is nothing between the selectors, whatever was read.
    Nothing,
    /// There are no rows, but the ends of the key space that were met count.
    NoRows,
}

/// A range read under way. `near` is the position that moves, from the side where the rows begin; `far` is where it
/// will end.
pub(super) struct Walk<'r, 'm, 'a> {
    pub(super) reader: &'r mut Reader<'m, 'a>,
    pub(super) begin: Selector,
    pub(super) end: Selector,
    /// What was left of the selectors' offsets when they were last moved.
    pub(super) begin_offset: i64,
    pub(super) end_offset: i64,
    pub(super) near: Position<'a>,
    pub(super) far: Position<'a>,
    pub(super) ends: Ends,
    pub(super) limits: Limits,
    pub(super) rows: Rows,
    pub(super) more: bool,
    /// Rows beyond the limit that the selector on the far side still needed to pass.
    pub(super) passed: i64,
    /// How many more rows the next request must ask for than are wanted.
    pub(super) additional_rows: i64,
    pub(super) requests: u32,
    /// What the database has between the bounds, if it was asked before the walk.
    ahead: Option<Reply>,
}

impl<'r, 'm, 'a> Walk<'r, 'm, 'a> {
    /// A walk from `begin` to `end`.
    pub(super) fn forwards(
        reader: &'r mut Reader<'m, 'a>,
        mut begin: Selector,
        mut end: Selector,
        limits: Limits,
        ahead: Option<Reply>,
    ) -> Result<Self> {
        let mut ends = Ends::default();
        let (mut begin_offset, mut end_offset) = (begin.offset, end.offset);
        let near = reader.resolve(&mut begin, &mut ends, &mut begin_offset)?;
        let far = reader.resolve(&mut end, &mut ends, &mut end_offset)?;
        let walk = Walk::new(reader, (begin, begin_offset), (end, end_offset), (near, far), ends, limits);
        Ok(Walk { ahead, ..walk })
    }

    /// A walk from `end` to `begin`.
    pub(super) fn backwards(
        reader: &'r mut Reader<'m, 'a>,
        mut begin: Selector,
        mut end: Selector,
        limits: Limits,
        ahead: Option<Reply>,
    ) -> Result<Self> {
        let mut ends = Ends::default();
        let (mut begin_offset, mut end_offset) = (begin.offset, end.offset);
        let near = reader.resolve(&mut end, &mut ends, &mut end_offset)?;
        let far = reader.resolve(&mut begin, &mut ends, &mut begin_offset)?;
        let walk = Walk::new(reader, (begin, begin_offset), (end, end_offset), (near, far), ends, limits);
        Ok(Walk { ahead, ..walk })
    }

    fn new(
        reader: &'r mut Reader<'m, 'a>,
        (begin, begin_offset): (Selector, i64),
        (end, end_offset): (Selector, i64),
        (near, far): (Position<'a>, Position<'a>),
        ends: Ends,
        limits: Limits,
    ) -> Self {
        Walk {
            reader,
            begin,
            end,
            begin_offset,
            end_offset,
            near,
            far,
            ends,
            limits,
            rows: Rows::new(),
            more: false,
            passed: 0,
            additional_rows: 0,
            requests: 0,
            ahead: None,
        }
    }

    /// The last row of what the database has between the bounds, where a limit cut it there: what comes after it makes
    /// no difference to the next request.
    pub(super) fn last_ahead(&self) -> Option<Vec<u8>> {
        let rows = &self.ahead.as_ref()?.rows;
        if rows.more() { rows.last().map(|(key, _)| key.to_vec()) } else { None }
    }

    /// Reads the database, whose rows are known from then on. What it has between the bounds of the walk serves if a
    /// limit cut it before the end of this read.
    pub(super) fn read_database(
        &mut self,
        begin: &Selector,
        end: &Selector,
        limits: Limits,
        reverse: bool,
    ) -> Result<()> {
        let last = self.last_ahead();
        let serves = begin.is_first_greater_or_equal()
            && end.is_first_greater_or_equal()
            && last.is_some_and(|last| if reverse { begin.key <= last } else { last < end.key });
        let reply = match self.ahead.take() {
            Some(reply) if serves => reply,
            _ => self.reader.ask(begin, end, limits, reverse)?,
        };
        let (from, to) = settled(&reply, begin, end, reverse);
        self.reader.note(&reply, from, &to);
        Ok(())
    }

    /// Whether the selectors leave nothing between them, as far as they have been moved.
    pub(super) fn is_crossed(&self) -> bool {
        self.begin_offset >= self.end_offset && self.begin.key >= self.end.key
    }

    /// Takes a row, or counts it as passed where no more are wanted.
    pub(super) fn take(&mut self, key: &[u8], value: &[u8]) {
        if self.limits.is_reached() {
            self.passed += 1;
        } else {
            self.limits.count(key.len() + value.len());
            self.rows.push(key, value);
        }
    }
}
