//! Reads of a transaction: the database as it was at the read version, with the transaction's own writes over it.
//!
//! A range read walks two positions towards each other, one for each selector, over segments that are known, and reads
//! the database where they are not. Which pieces are read shows in `more`, in the conflict ranges and in the
//! approximate size, so the walk is FoundationDB's (`fdbclient/ReadYourWrites.actor.cpp`), including when it stops early:
//! with a byte limit, a read ends where it has rows and would have to read the database once more.

use crate::database_read::{Limits, Reply, Selector, read_range};
use crate::error::Result;
use crate::key::{ALL_END, is_key_after, key_after};
use crate::limits::REPLY_BYTES;
use crate::read_position::{Maps, Merged, Position};
use crate::rows::Rows;
use std::ops::ControlFlow;

/// The rows of a range read, and whether its selectors ran off the ends of the key space.
#[derive(Debug, Default)]
pub(crate) struct RangeRead {
    pub(crate) rows: Rows,
    pub(crate) read_to_begin: bool,
    pub(crate) read_through_end: bool,
}

/// The ends that a selector met while it was resolved.
#[derive(Clone, Copy, Default)]
struct Ends {
    begin: bool,
    through: bool,
}

impl Ends {
    fn read(self) -> RangeRead {
        RangeRead { rows: Rows::new(), read_to_begin: self.begin, read_through_end: self.through }
    }

    /// Notes where a selector resolved to.
    fn note(&mut self, key: &[u8], max_key: &[u8]) {
        self.begin |= key.is_empty();
        self.through |= key == max_key;
    }
}

/// Reads through the maps of one transaction, below `max_key`.
pub(crate) struct Reader<'m, 'a> {
    pub(crate) maps: &'m mut Maps<'a>,
    pub(crate) max_key: &'a [u8],
}

impl<'a> Reader<'_, 'a> {
    /// The value of `key`.
    pub(crate) fn get(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        let mut position = self.maps.at(key)?;
        if position.merged(self.maps)? == Merged::Unknown {
            let dependent = position.is_dependent();
            let value = self.maps.source.fetch()?.get(key)?;
            self.maps.known.insert(key, &key_after(key));
            if !dependent {
                return Ok(value);
            }
            position = self.maps.at(key)?;
        }
        match position.merged(self.maps)? {
            Merged::Row => position.value(),
            Merged::Empty | Merged::Unknown => Ok(None),
        }
    }

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

    /// Moves a selector over what is known, until it is the first key at or after a key, or stands in what is not
    /// known. `offset` becomes what is left of it, unless there was nothing to move.
    fn resolve(&self, selector: &mut Selector, ends: &mut Ends, offset: &mut i64) -> Result<Position<'a>> {
        let maps = &*self.maps;
        let settled = selector.offset == 1;
        let mut position = maps.at(&selector.key)?;
        if selector.offset <= 0 && position.begin() == selector.key && !selector.key.is_empty() {
            position = maps.previous(&position)?;
        }
        let blocked = |position: &Position<'_>| -> Result<bool> {
            Ok(position.is_unreadable() || position.merged(maps)? == Merged::Unknown)
        };
        // A row in reach whose own operations removed it still counts here, as it does in FoundationDB.
        let is_row = |position: &Position<'_>| -> Result<bool> { Ok(position.merged(maps)? == Merged::Row) };
        let mut key = None;
        while selector.offset > 1 && !blocked(&position)? && *position.end() < *self.max_key {
            if is_row(&position)? {
                selector.offset -= 1;
            }
            position = maps.next(&position)?;
            key = Some(position.begin());
        }
        while selector.offset < 1 && !blocked(&position)? && !position.begin().is_empty() {
            if is_row(&position)? {
                selector.offset += 1;
                if selector.offset == 1 {
                    key = Some(position.begin());
                    break;
                }
            }
            position = maps.previous(&position)?;
            key = Some(position.end());
        }
        if !settled {
            *offset = selector.offset;
        }
        if selector.offset < 1 && !blocked(&position)? {
            ends.begin = true;
            *selector = Selector::first_greater_or_equal(Vec::new());
            return Ok(position);
        }
        if selector.offset > 1 && !blocked(&position)? {
            ends.through = true;
            *selector = Selector::first_greater_or_equal(self.max_key.to_vec());
            return Ok(position);
        }
        while !position.is_unreadable() && position.merged(maps)? == Merged::Empty && *position.end() < *self.max_key {
            position = maps.next(&position)?;
            key = Some(position.begin());
        }
        if let Some(key) = key {
            selector.key = key;
        }
        Ok(position)
    }

    /// Whether the read needs no walk: no own writes, plain bounds, and nothing in between is known.
    fn is_plain(&self, begin: &Selector, end: &Selector) -> bool {
        self.maps.writes.is_empty()
            && begin.is_first_greater_or_equal()
            && end.is_first_greater_or_equal()
            && begin.key < end.key
            && !self.maps.known.intersects_range(&begin.key, &end.key)
    }

    fn read_database(&mut self, begin: &Selector, end: &Selector, limits: Limits, reverse: bool) -> Result<Reply> {
        let snapshot = self.maps.source.fetch()?;
        let reply = read_range(&*snapshot, begin, end, limits, reverse)?;
        let (known_begin, known_end) =
            if reverse { known_range_back(&reply, begin, end) } else { known_range(&reply, begin, end) };
        self.maps.known.insert(&known_begin, &known_end);
        Ok(reply)
    }

    /// Rows from `begin` to `end`, forwards.
    pub(crate) fn get_range(
        &mut self,
        mut begin: Selector,
        mut end: Selector,
        mut limits: Limits,
    ) -> Result<RangeRead> {
        if self.is_plain(&begin, &end) {
            let limits = request_limits(limits, 0, 1, 0);
            let reply = self.read_database(&begin, &end, limits, false)?;
            return Ok(RangeRead { rows: reply.rows, ..RangeRead::default() });
        }
        let mut rows = Rows::new();
        let mut more = false;
        let mut additional_rows = 0;
        let mut items_past_end = 0;
        let mut requests = 0;
        let mut ends = Ends::default();
        let (mut begin_offset, mut end_offset) = (begin.offset, end.offset);
        let max_key = self.max_key;
        let mut it = self.resolve(&mut begin, &mut ends, &mut begin_offset)?;
        let mut it_end = self.resolve(&mut end, &mut ends, &mut end_offset)?;
        if begin_offset >= end_offset && begin.key >= end.key {
            return Ok(RangeRead::default());
        }
        if (begin.is_first_greater_or_equal() && begin.key == max_key)
            || (end.is_first_greater_or_equal() && end.key.is_empty())
        {
            return Ok(ends.read());
        }
        if !end.is_first_greater_or_equal() && begin.key > end.key {
            let resolved = self.get_key(&end)?;
            ends.note(&resolved, max_key);
            if begin.key >= resolved && begin.offset >= 1 {
                return Ok(RangeRead::default());
            }
            if resolved.is_empty() {
                return Ok(ends.read());
            }
            it = self.resolve(&mut begin, &mut ends, &mut begin_offset)?;
            it_end = self.resolve(&mut end, &mut ends, &mut end_offset)?;
        }
        loop {
            if rows.is_empty() && begin_offset >= end_offset && begin.key >= end.key {
                return Ok(RangeRead::default());
            }
            if end.offset <= 1 && end.key.is_empty() {
                return Ok(ends.read());
            }
            if (begin.offset >= end.offset && begin.key >= end.key) || (begin.offset >= 1 && *begin.key >= *max_key) {
                if !end.is_first_greater_or_equal() && !rows.is_empty() {
                    let resolved = self.get_key(&end)?;
                    ends.note(&resolved, max_key);
                    end = Selector::first_greater_or_equal(resolved);
                }
                break;
            }
            let readable = !it.is_unreadable();
            if readable && it.merged(self.maps)? != Merged::Unknown && it.begin() > it_end.begin() {
                if end.is_first_greater_or_equal() {
                    break;
                }
                return Ok(ends.read());
            }
            if limits.is_reached() && items_past_end >= 1 - end.offset {
                break;
            }
            if it.same(&it_end)
                && ((readable && it.merged(self.maps)? != Merged::Unknown)
                    || (begin.offset > 0 && end.is_first_greater_or_equal() && end.key == it.begin()))
            {
                break;
            }
            match it.merged(self.maps)? {
                Merged::Unknown => {
                    if limits.has_satisfied_min_rows() && !rows.is_empty() && items_past_end >= 1 - end.offset {
                        more = true;
                        break;
                    }
                    let clear_limit = clear_limit(requests);
                    let mut gap_end = it.clone();
                    let mut clears = 0;
                    if it.begin() < it_end.begin() {
                        let skipped;
                        (gap_end, skipped) = self.skip_unknown(gap_end, &it_end, clear_limit + 100)?;
                        clears = skipped.min(clear_limit);
                    }
                    let read_end = if !gap_end.same(&it_end) {
                        if end.offset < 1 {
                            additional_rows += 1 - end.offset;
                        }
                        Selector::first_greater_or_equal(gap_end.end())
                    } else if end.offset < 1 {
                        additional_rows += 1 - end.offset;
                        Selector::first_greater_or_equal(end.key.clone())
                    } else {
                        let mut read_end = end.clone();
                        if end.offset > 1 {
                            clears += self.count_clears(gap_end, clear_limit - clears)?;
                            read_end.offset += clears;
                        }
                        read_end
                    };
                    additional_rows += clears;
                    let read_begin = if begin.is_first_greater_or_equal() {
                        begin.key = begin.key.max(it.begin());
                        begin.clone()
                    } else if begin.offset > 1 {
                        additional_rows += begin.offset - 1;
                        Selector::first_greater_or_equal(begin.key.clone())
                    } else {
                        let clears = self.count_clears_back(it.clone(), clear_limit)?;
                        additional_rows += clears;
                        Selector { key: begin.key.clone(), offset: begin.offset - clears }
                    };
                    let read_end = Selector { key: read_end.key.max(read_begin.key.clone()), ..read_end };
                    let request = request_limits(limits, additional_rows, 2 - read_begin.offset, requests);
                    requests += 1;
                    additional_rows = 0;
                    self.read_database(&read_begin, &read_end, request, false)?;
                    it = self.resolve(&mut begin, &mut ends, &mut begin_offset)?;
                    it_end = self.resolve(&mut end, &mut ends, &mut end_offset)?;
                }
                Merged::Row if it.is_unmodified() => {
                    let until = it.unmodified_until();
                    let stop: &[u8] = if end.is_first_greater_or_equal() { &end.key } else { max_key };
                    // The row of `it` is always taken; `stop` bounds what follows it.
                    let until = until.min(stop.to_vec()).max(it.end());
                    let mut last = it.begin();
                    let wanted = 1 - end.offset;
                    self.maps.source.kept()?.scan(&it.begin(), &until, false, &mut |key, value| {
                        if limits.is_reached() {
                            if items_past_end >= wanted {
                                return ControlFlow::Break(());
                            }
                            items_past_end += 1;
                        } else {
                            limits.count(key.len() + value.len());
                            rows.push(key, value);
                        }
                        last.clear();
                        last.extend_from_slice(key);
                        ControlFlow::Continue(())
                    })?;
                    it = self.maps.at(&key_after(&last))?;
                }
                Merged::Row => {
                    if let Some(value) = it.value()? {
                        let key = it.begin();
                        if limits.is_reached() {
                            items_past_end += 1;
                        } else {
                            limits.count(key.len() + value.len());
                            rows.push(&key, &value);
                        }
                    }
                    it = self.maps.next(&it)?;
                }
                Merged::Empty => it = self.maps.next(&it)?,
            }
        }
        more |= limits.is_reached();
        if end.is_first_greater_or_equal() {
            let keep = rows.iter().take_while(|(key, _)| *key < end.key.as_slice()).count();
            if keep < rows.len() {
                more = false;
            }
            rows.truncate(keep);
        }
        rows.set_more(more);
        Ok(RangeRead { rows, read_to_begin: ends.begin, read_through_end: !more && ends.through })
    }

    /// Rows from `end` to `begin`, backwards.
    pub(crate) fn get_range_back(
        &mut self,
        mut begin: Selector,
        mut end: Selector,
        mut limits: Limits,
    ) -> Result<RangeRead> {
        if self.is_plain(&begin, &end) {
            let limits = request_limits(limits, 0, 1, 0);
            let reply = self.read_database(&begin, &end, limits, true)?;
            return Ok(RangeRead { rows: reply.rows, ..RangeRead::default() });
        }
        let mut rows = Rows::new();
        let mut more = false;
        let mut additional_rows = 0;
        let mut items_past_begin = 0;
        let mut requests = 0;
        let mut ends = Ends::default();
        let (mut begin_offset, mut end_offset) = (begin.offset, end.offset);
        let max_key = self.max_key;
        let mut it = self.resolve(&mut end, &mut ends, &mut end_offset)?;
        let mut it_end = self.resolve(&mut begin, &mut ends, &mut begin_offset)?;
        if begin_offset >= end_offset && begin.key >= end.key {
            return Ok(RangeRead::default());
        }
        if (begin.is_first_greater_or_equal() && begin.key == max_key)
            || (end.is_first_greater_or_equal() && end.key.is_empty())
        {
            return Ok(ends.read());
        }
        if !begin.is_first_greater_or_equal() && begin.key > end.key {
            let resolved = self.get_key(&begin)?;
            ends.note(&resolved, max_key);
            if resolved >= end.key && end.offset <= 1 {
                return Ok(RangeRead::default());
            }
            if resolved == max_key {
                return Ok(ends.read());
            }
            it = self.resolve(&mut end, &mut ends, &mut end_offset)?;
            it_end = self.resolve(&mut begin, &mut ends, &mut begin_offset)?;
        }
        loop {
            if rows.is_empty() && begin_offset >= end_offset && begin.key >= end.key {
                return Ok(RangeRead::default());
            }
            if begin.offset >= 1 && *begin.key >= *max_key {
                return Ok(ends.read());
            }
            if (begin.offset >= end.offset && begin.key >= end.key) || (end.offset <= 1 && end.key.is_empty()) {
                if !begin.is_first_greater_or_equal() && !rows.is_empty() {
                    let resolved = self.get_key(&begin)?;
                    ends.note(&resolved, max_key);
                    begin = Selector::first_greater_or_equal(resolved);
                }
                break;
            }
            let wanted = begin.offset - 1;
            if items_past_begin >= wanted
                && !it.is_unreadable()
                && it.merged(self.maps)? != Merged::Unknown
                && it.begin() < it_end.begin()
            {
                if begin.is_first_greater_or_equal() {
                    break;
                }
                return Ok(ends.read());
            }
            if limits.is_reached() && items_past_begin >= wanted {
                break;
            }
            if end.is_first_greater_or_equal() && end.key == it.begin() {
                if items_past_begin >= wanted && it.same(&it_end) {
                    break;
                }
                it = self.maps.previous(&it)?;
            }
            match it.merged(self.maps)? {
                Merged::Unknown => {
                    if limits.bytes.is_some() && !rows.is_empty() && items_past_begin >= wanted {
                        more = true;
                        break;
                    }
                    let clear_limit = clear_limit(requests);
                    let mut gap_begin = it.clone();
                    let mut clears = 0;
                    if it.begin() > it_end.begin() {
                        let skipped;
                        (gap_begin, skipped) = self.skip_unknown_back(gap_begin, &it_end, clear_limit + 100)?;
                        clears = skipped.min(clear_limit);
                    }
                    let read_begin = if !gap_begin.same(&it_end) {
                        if begin.offset > 1 {
                            additional_rows += begin.offset - 1;
                        }
                        Selector::first_greater_or_equal(gap_begin.begin())
                    } else if begin.offset > 1 {
                        additional_rows += begin.offset - 1;
                        Selector::first_greater_or_equal(begin.key.clone())
                    } else {
                        let mut read_begin = begin.clone();
                        if begin.offset < 1 {
                            clears += self.count_clears_back(gap_begin, clear_limit - clears)?;
                            read_begin.offset -= clears;
                        }
                        read_begin
                    };
                    additional_rows += clears;
                    let read_end = if end.is_first_greater_or_equal() {
                        end.key = end.key.min(it.end());
                        end.clone()
                    } else if end.offset < 1 {
                        additional_rows += 1 - end.offset;
                        Selector::first_greater_or_equal(end.key.clone())
                    } else {
                        let clears = self.count_clears(it.clone(), clear_limit)?;
                        additional_rows += clears;
                        Selector { key: end.key.clone(), offset: end.offset + clears }
                    };
                    let read_begin = Selector { key: read_begin.key.min(read_end.key.clone()), ..read_begin };
                    let request = request_limits(limits, additional_rows, read_end.offset, requests);
                    requests += 1;
                    additional_rows = 0;
                    self.read_database(&read_begin, &read_end, request, true)?;
                    it = self.resolve(&mut end, &mut ends, &mut end_offset)?;
                    it_end = self.resolve(&mut begin, &mut ends, &mut begin_offset)?;
                    continue;
                }
                Merged::Row if it.is_unmodified() => {
                    let from = it.unmodified_from(self.maps);
                    let stop: &[u8] = if begin.is_first_greater_or_equal() { &begin.key } else { b"" };
                    let from = from.max(stop.to_vec()).min(it.begin());
                    let mut last = it.begin();
                    self.maps.source.kept()?.scan(&from, &it.end(), true, &mut |key, value| {
                        if limits.is_reached() {
                            if items_past_begin >= wanted {
                                return ControlFlow::Break(());
                            }
                            items_past_begin += 1;
                        } else {
                            limits.count(key.len() + value.len());
                            rows.push(key, value);
                        }
                        last.clear();
                        last.extend_from_slice(key);
                        ControlFlow::Continue(())
                    })?;
                    it = self.maps.at(&last)?;
                }
                Merged::Row => {
                    if let Some(value) = it.value()? {
                        let key = it.begin();
                        if limits.is_reached() {
                            items_past_begin += 1;
                        } else {
                            limits.count(key.len() + value.len());
                            rows.push(&key, &value);
                        }
                    }
                }
                Merged::Empty => {}
            }
            if it.same(&it_end) || it.begin().is_empty() {
                break;
            }
            it = self.maps.previous(&it)?;
        }
        more |= limits.is_reached();
        if begin.is_first_greater_or_equal() {
            let keep = rows.iter().take_while(|(key, _)| *key >= begin.key.as_slice()).count();
            if keep < rows.len() {
                more = false;
            }
            rows.truncate(keep);
        }
        rows.set_more(more);
        Ok(RangeRead { rows, read_to_begin: !more && ends.begin, read_through_end: ends.through })
    }

    /// From an unknown segment to the unknown one before the next range that is known to hold more than the absence of
    /// one key; how many such absences were passed.
    fn skip_unknown(&self, mut it: Position<'a>, end: &Position<'a>, mut most: i64) -> Result<(Position<'a>, i64)> {
        let mut from = it.begin();
        let mut to = it.end();
        let mut clears = 0;
        while !it.same(end) && most > 0 {
            most -= 1;
            if it.is_unreadable() || it.merged(self.maps)? == Merged::Empty {
                if it.is_unreadable() || !is_key_after(&to, &from) {
                    break;
                }
                clears += 1;
            } else {
                from = to;
            }
            it = self.maps.next(&it)?;
            to = it.end();
        }
        while it.is_unreadable() || it.merged(self.maps)? != Merged::Unknown {
            it = self.maps.previous(&it)?;
        }
        Ok((it, clears))
    }

    fn skip_unknown_back(
        &self,
        mut it: Position<'a>,
        end: &Position<'a>,
        mut most: i64,
    ) -> Result<(Position<'a>, i64)> {
        let mut from = it.begin();
        let mut to = it.end();
        let mut clears = 0;
        while !it.same(end) && most > 0 {
            most -= 1;
            if it.is_unreadable() || it.merged(self.maps)? == Merged::Empty {
                if it.is_unreadable() || !is_key_after(&to, &from) {
                    break;
                }
                clears += 1;
            } else {
                to = from;
            }
            it = self.maps.previous(&it)?;
            from = it.begin();
        }
        while it.is_unreadable() || it.merged(self.maps)? != Merged::Unknown {
            it = self.maps.next(&it)?;
        }
        Ok((it, clears))
    }

    /// How many keys known to be absent, each alone, follow an unknown segment; at most `most`.
    fn count_clears(&self, mut it: Position<'a>, most: i64) -> Result<i64> {
        let mut from = it.begin();
        let mut to = it.end();
        let mut clears = 0;
        while clears < most && *to < *self.max_key {
            if it.is_unreadable() || it.merged(self.maps)? == Merged::Empty {
                if it.is_unreadable() || !is_key_after(&to, &from) {
                    break;
                }
                clears += 1;
            } else {
                from = to;
            }
            it = self.maps.next(&it)?;
            to = it.end();
        }
        Ok(clears.max(0))
    }

    fn count_clears_back(&self, mut it: Position<'a>, most: i64) -> Result<i64> {
        let mut from = it.begin();
        let mut to = it.end();
        let mut clears = 0;
        while clears < most && !from.is_empty() {
            if it.is_unreadable() || it.merged(self.maps)? == Merged::Empty {
                if it.is_unreadable() || !is_key_after(&to, &from) {
                    break;
                }
                clears += 1;
            } else {
                to = from;
            }
            it = self.maps.previous(&it)?;
            from = it.begin();
        }
        Ok(clears.max(0))
    }
}

/// How many single absent keys a read may pass: none at first, then twice as many with each request.
fn clear_limit(requests: u32) -> i64 {
    if requests == 0 { 0 } else { 1 << requests.min(20) }
}

/// The limits of one request to the database, which must also cover rows that own clears will take away.
fn request_limits(limits: Limits, additional_rows: i64, offset: i64, requests: u32) -> Limits {
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

/// The keys whose rows a forward reply settles.
fn known_range(reply: &Reply, begin: &Selector, end: &Selector) -> (Vec<u8>, Vec<u8>) {
    let more = reply.rows.more();
    let mut from: &[u8] = if begin.offset <= 1 { &begin.key } else { ALL_END };
    let mut to: Vec<u8> = if !more && end.offset >= 1 { end.key.clone() } else { Vec::new() };
    if reply.read_to_begin {
        from = b"";
    }
    if reply.saw_end && !more {
        to = ALL_END.to_vec();
    }
    if let (Some((first, _)), Some((last, _))) = (reply.rows.get(0), reply.rows.last()) {
        from = from.min(first);
        if more || *last >= *to {
            to = key_after(last);
        }
    }
    (from.to_vec(), to)
}

/// The keys whose rows a backward reply settles.
fn known_range_back(reply: &Reply, begin: &Selector, end: &Selector) -> (Vec<u8>, Vec<u8>) {
    let more = reply.rows.more();
    let mut from: &[u8] = if !more && begin.offset <= 1 { &begin.key } else { ALL_END };
    let mut to: Vec<u8> = if end.offset >= 1 { end.key.clone() } else { Vec::new() };
    if reply.read_to_begin {
        from = b"";
    }
    if reply.saw_end {
        to = ALL_END.to_vec();
    }
    if let (Some((first, _)), Some((last, _))) = (reply.rows.get(0), reply.rows.last()) {
        if more || *last <= *from {
            from = last;
        }
        if *first >= *to {
            to = key_after(first);
        }
    }
    (from.to_vec(), to)
}
