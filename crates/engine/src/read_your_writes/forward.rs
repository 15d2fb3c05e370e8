//! A range read from its begin to its end.
//!
//! The position moves right over segments: known rows are taken, what is not known is read from the database first,
//! and then both selectors are moved again over what is known now.

use super::reader::RangeRead;
use super::request::{clear_limit, request_limits};
use super::walk::{Step, Walk};
use crate::database_read::Selector;
use crate::error::Result;
use crate::key::key_after;
use crate::read_position::Merged;
use std::ops::ControlFlow;

impl Walk<'_, '_, '_> {
    /// Reads until the end or the limit is reached.
    pub(super) fn run(mut self) -> Result<RangeRead> {
        let mut step = self.start()?;
        while matches!(step, Step::On) {
            step = self.look()?;
            if matches!(step, Step::On) {
                step = self.advance()?;
            }
        }
        match step {
            Step::Nothing => Ok(RangeRead::default()),
            Step::NoRows => Ok(self.ends.read()),
            Step::On | Step::Done => Ok(self.finish()),
        }
    }

    fn resolve(&mut self) -> Result<()> {
        self.near = self.reader.resolve(&mut self.begin, &mut self.ends, &mut self.begin_offset)?;
        self.far = self.reader.resolve(&mut self.end, &mut self.ends, &mut self.end_offset)?;
        Ok(())
    }

    /// The cases that need no walk.
    fn start(&mut self) -> Result<Step> {
        let max_key = self.reader.max_key;
        if self.is_crossed() {
            return Ok(Step::Nothing);
        }
        if (self.begin.is_first_greater_or_equal() && self.begin.key == max_key)
            || (self.end.is_first_greater_or_equal() && self.end.key.is_empty())
        {
            return Ok(Step::NoRows);
        }
        if !self.end.is_first_greater_or_equal() && self.begin.key > self.end.key {
            let resolved = self.reader.get_key(&self.end)?;
            self.ends.note(&resolved, max_key);
            if self.begin.key >= resolved && self.begin.offset >= 1 {
                return Ok(Step::Nothing);
            }
            if resolved.is_empty() {
                return Ok(Step::NoRows);
            }
            self.resolve()?;
        }
        Ok(Step::On)
    }

    /// Whether the walk is over.
    fn look(&mut self) -> Result<Step> {
        let max_key = self.reader.max_key;
        let (begin, end) = (&self.begin, &self.end);
        if self.rows.is_empty() && self.is_crossed() {
            return Ok(Step::Nothing);
        }
        if end.offset <= 1 && end.key.is_empty() {
            return Ok(Step::NoRows);
        }
        if (begin.offset >= end.offset && begin.key >= end.key) || (begin.offset >= 1 && *begin.key >= *max_key) {
            if !end.is_first_greater_or_equal() && !self.rows.is_empty() {
                let resolved = self.reader.get_key(end)?;
                self.ends.note(&resolved, max_key);
                self.end = Selector::first_greater_or_equal(resolved);
            }
            return Ok(Step::Done);
        }
        let known = !self.near.is_unreadable() && self.near.merged()? != Merged::Unknown;
        if known && self.near.begin() > self.far.begin() {
            return Ok(if end.is_first_greater_or_equal() { Step::Done } else { Step::NoRows });
        }
        let at_end = begin.offset > 0 && end.is_first_greater_or_equal() && end.key == self.near.begin();
        if self.limits.is_reached() && self.has_passed_enough() || self.near.same(&self.far) && (known || at_end) {
            return Ok(Step::Done);
        }
        Ok(Step::On)
    }

    fn has_passed_enough(&self) -> bool {
        self.passed >= 1 - self.end.offset
    }

    fn advance(&mut self) -> Result<Step> {
        match self.near.merged()? {
            Merged::Unknown => {
                if self.limits.has_satisfied_min_rows() && !self.rows.is_empty() && self.has_passed_enough() {
                    self.more = true;
                    return Ok(Step::Done);
                }
                self.read_unknown()?;
            }
            Merged::Row if self.near.is_unmodified() => self.take_unmodified()?,
            Merged::Row => {
                if let Some(value) = self.near.value()? {
                    self.take(&self.near.begin(), &value);
                }
                self.near = self.reader.maps.next(&self.near)?;
            }
            Merged::Empty => self.near = self.reader.maps.next(&self.near)?,
        }
        Ok(Step::On)
    }

    /// Reads the database from the position on.
    fn read_unknown(&mut self) -> Result<()> {
        let clear_limit = clear_limit(self.requests);
        let mut gap_end = self.near.clone();
        let mut clears = 0;
        if self.near.begin() < self.far.begin() {
            let skipped;
            let last = self.last_ahead();
            (gap_end, skipped) = self.reader.skip_unknown(gap_end, &self.far, clear_limit + 100, last.as_deref())?;
            clears = skipped.min(clear_limit);
        }
        let end = &self.end;
        let read_end = if !gap_end.same(&self.far) {
            if end.offset < 1 {
                self.additional_rows += 1 - end.offset;
            }
            Selector::first_greater_or_equal(gap_end.end())
        } else if end.offset < 1 {
            self.additional_rows += 1 - end.offset;
            Selector::first_greater_or_equal(end.key.clone())
        } else {
            let mut read_end = end.clone();
            if end.offset > 1 {
                clears += self.reader.count_clears(gap_end, clear_limit - clears)?;
                read_end.offset += clears;
            }
            read_end
        };
        self.additional_rows += clears;
        let read_begin = if self.begin.is_first_greater_or_equal() {
            let at = self.near.begin();
            if self.begin.key < at {
                self.begin.key = at;
            }
            self.begin.clone()
        } else if self.begin.offset > 1 {
            self.additional_rows += self.begin.offset - 1;
            Selector::first_greater_or_equal(self.begin.key.clone())
        } else {
            let clears = self.reader.count_clears_back(self.near.clone(), clear_limit)?;
            self.additional_rows += clears;
            Selector { key: self.begin.key.clone(), offset: self.begin.offset - clears }
        };
        let read_end = Selector { key: read_end.key.max(read_begin.key.clone()), ..read_end };
        let request = request_limits(self.limits, self.additional_rows, 2 - read_begin.offset, self.requests);
        self.requests += 1;
        self.additional_rows = 0;
        self.read_database(&read_begin, &read_end, request, false)?;
        self.resolve()
    }

    /// Takes the rows that are known and that no own write touches, from that of the position on.
    fn take_unmodified(&mut self) -> Result<()> {
        let stop: &[u8] = if self.end.is_first_greater_or_equal() { &self.end.key } else { self.reader.max_key };
        // The row of the position is always taken; `stop` bounds what follows it.
        let until = self.near.unmodified_until().min(stop.to_vec()).max(self.near.end());
        let from = self.near.begin();
        let mut last = from.clone();
        let snapshot = self.reader.maps.source.kept()?;
        snapshot.scan(&from, &until, false, &mut |key, value| {
            if self.limits.is_reached() && self.has_passed_enough() {
                return ControlFlow::Break(());
            }
            self.take(key, value);
            last.clear();
            last.extend_from_slice(key);
            ControlFlow::Continue(())
        })?;
        self.near = self.reader.maps.at(&key_after(&last))?;
        Ok(())
    }

    fn finish(mut self) -> RangeRead {
        let mut more = self.more || self.limits.is_reached();
        if self.end.is_first_greater_or_equal() {
            let keep = self.rows.iter().take_while(|(key, _)| *key < self.end.key.as_slice()).count();
            if keep < self.rows.len() {
                more = false;
            }
            self.rows.truncate(keep);
        }
        self.rows.set_more(more);
        RangeRead { rows: self.rows, read_to_begin: self.ends.begin, read_through_end: !more && self.ends.through }
    }
}
