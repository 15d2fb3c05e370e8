//! A range read from its end to its begin: [`forward`](super::forward) the other way round, except where FoundationDB is
//! not symmetric.

use super::reader::RangeRead;
use super::request::{clear_limit, request_limits};
use super::walk::{Step, Walk};
use crate::database_read::Selector;
use crate::error::Result;
use crate::read_position::Merged;
use std::ops::ControlFlow;

impl Walk<'_, '_, '_> {
    /// Reads until the begin or the limit is reached.
    pub(super) fn run_back(mut self) -> Result<RangeRead> {
        let mut step = self.start_back()?;
        while matches!(step, Step::On) {
            step = self.look_back()?;
            if matches!(step, Step::On) {
                step = self.advance_back()?;
            }
        }
        match step {
            Step::Nothing => Ok(RangeRead::default()),
            Step::NoRows => Ok(self.ends.read()),
            Step::On | Step::Done => Ok(self.finish_back()),
        }
    }

    fn resolve_back(&mut self) -> Result<()> {
        self.near = self.reader.resolve(&mut self.end, &mut self.ends, &mut self.end_offset)?;
        self.far = self.reader.resolve(&mut self.begin, &mut self.ends, &mut self.begin_offset)?;
        Ok(())
    }

    /// The cases that need no walk.
    fn start_back(&mut self) -> Result<Step> {
        let max_key = self.reader.max_key;
        if self.is_crossed() {
            return Ok(Step::Nothing);
        }
        if (self.begin.is_first_greater_or_equal() && self.begin.key == max_key)
            || (self.end.is_first_greater_or_equal() && self.end.key.is_empty())
        {
            return Ok(Step::NoRows);
        }
        if !self.begin.is_first_greater_or_equal() && self.begin.key > self.end.key {
            let resolved = self.reader.get_key(&self.begin)?;
            self.ends.note(&resolved, max_key);
            if resolved >= self.end.key && self.end.offset <= 1 {
                return Ok(Step::Nothing);
            }
            if resolved == max_key {
                return Ok(Step::NoRows);
            }
            self.resolve_back()?;
        }
        Ok(Step::On)
    }

    /// Whether the walk is over.
    fn look_back(&mut self) -> Result<Step> {
        let max_key = self.reader.max_key;
        let (begin, end) = (&self.begin, &self.end);
        if self.rows.is_empty() && self.is_crossed() {
            return Ok(Step::Nothing);
        }
        if begin.offset >= 1 && *begin.key >= *max_key {
            return Ok(Step::NoRows);
        }
        if (begin.offset >= end.offset && begin.key >= end.key) || (end.offset <= 1 && end.key.is_empty()) {
            if !begin.is_first_greater_or_equal() && !self.rows.is_empty() {
                let resolved = self.reader.get_key(begin)?;
                self.ends.note(&resolved, max_key);
                self.begin = Selector::first_greater_or_equal(resolved);
            }
            return Ok(Step::Done);
        }
        if !self.has_passed_enough_back() {
            return Ok(Step::On);
        }
        let known = !self.near.is_unreadable() && self.near.merged()? != Merged::Unknown;
        if known && self.near.begin() < self.far.begin() {
            return Ok(if begin.is_first_greater_or_equal() { Step::Done } else { Step::NoRows });
        }
        if self.limits.is_reached() {
            return Ok(Step::Done);
        }
        Ok(Step::On)
    }

    fn has_passed_enough_back(&self) -> bool {
        self.passed >= self.begin.offset - 1
    }

    fn advance_back(&mut self) -> Result<Step> {
        if self.end.is_first_greater_or_equal() && self.end.key == self.near.begin() {
            if self.has_passed_enough_back() && self.near.same(&self.far) {
                return Ok(Step::Done);
            }
            self.near = self.reader.maps.previous(&self.near)?;
        }
        match self.near.merged()? {
            Merged::Unknown => {
                if self.limits.bytes.is_some() && !self.rows.is_empty() && self.has_passed_enough_back() {
                    self.more = true;
                    return Ok(Step::Done);
                }
                self.read_unknown_back()?;
                return Ok(Step::On);
            }
            Merged::Row if self.near.is_unmodified() => self.take_unmodified_back()?,
            Merged::Row => {
                if let Some(value) = self.near.value()? {
                    self.take(&self.near.begin(), &value);
                }
            }
            Merged::Empty => {}
        }
        if self.near.same(&self.far) || self.near.begin().is_empty() {
            return Ok(Step::Done);
        }
        self.near = self.reader.maps.previous(&self.near)?;
        Ok(Step::On)
    }

    /// Reads the database up to the position.
    fn read_unknown_back(&mut self) -> Result<()> {
        let clear_limit = clear_limit(self.requests);
        let mut gap_begin = self.near.clone();
        let mut clears = 0;
        if self.near.begin() > self.far.begin() {
            let skipped;
            let last = self.last_ahead();
            (gap_begin, skipped) =
                self.reader.skip_unknown_back(gap_begin, &self.far, clear_limit + 100, last.as_deref())?;
            clears = skipped.min(clear_limit);
        }
        let begin = &self.begin;
        let read_begin = if !gap_begin.same(&self.far) {
            if begin.offset > 1 {
                self.additional_rows += begin.offset - 1;
            }
            Selector::first_greater_or_equal(gap_begin.begin())
        } else if begin.offset > 1 {
            self.additional_rows += begin.offset - 1;
            Selector::first_greater_or_equal(begin.key.clone())
        } else {
            let mut read_begin = begin.clone();
            if begin.offset < 1 {
                clears += self.reader.count_clears_back(gap_begin, clear_limit - clears)?;
                read_begin.offset -= clears;
            }
            read_begin
        };
        self.additional_rows += clears;
        let read_end = if self.end.is_first_greater_or_equal() {
            let at = self.near.end();
            if self.end.key > at {
                self.end.key = at;
            }
            self.end.clone()
        } else if self.end.offset < 1 {
            self.additional_rows += 1 - self.end.offset;
            Selector::first_greater_or_equal(self.end.key.clone())
        } else {
            let clears = self.reader.count_clears(self.near.clone(), clear_limit)?;
            self.additional_rows += clears;
            Selector { key: self.end.key.clone(), offset: self.end.offset + clears }
        };
        let read_begin = Selector { key: read_begin.key.min(read_end.key.clone()), ..read_begin };
        let request = request_limits(self.limits, self.additional_rows, read_end.offset, self.requests);
        self.requests += 1;
        self.additional_rows = 0;
        self.read_database(&read_begin, &read_end, request, true)?;
        self.resolve_back()
    }

    /// Takes the rows that are known and that no own write touches, from that of the position down; the position ends
    /// up at the last one.
    fn take_unmodified_back(&mut self) -> Result<()> {
        let stop: &[u8] = if self.begin.is_first_greater_or_equal() { &self.begin.key } else { b"" };
        let from = self.near.unmodified_from(self.reader.maps).max(stop.to_vec()).min(self.near.begin());
        let until = self.near.end();
        let mut last = self.near.begin();
        let snapshot = self.reader.maps.source.kept()?;
        snapshot.scan(&from, &until, true, &mut |key, value| {
            if self.limits.is_reached() && self.has_passed_enough_back() {
                return ControlFlow::Break(());
            }
            self.take(key, value);
            last.clear();
            last.extend_from_slice(key);
            ControlFlow::Continue(())
        })?;
        self.near = self.reader.maps.at(&last)?;
        Ok(())
    }

    fn finish_back(mut self) -> RangeRead {
        let mut more = self.more || self.limits.is_reached();
        if self.begin.is_first_greater_or_equal() {
            let keep = self.rows.iter().take_while(|(key, _)| *key >= self.begin.key.as_slice()).count();
            if keep < self.rows.len() {
                more = false;
            }
            self.rows.truncate(keep);
        }
        self.rows.set_more(more);
        RangeRead { rows: self.rows, read_to_begin: !more && self.ends.begin, read_through_end: self.ends.through }
    }
}
