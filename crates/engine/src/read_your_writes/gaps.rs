//! How far what is not known reaches, in both directions: a request to the database may pass over keys that are known to
//! be absent, if each of them stands alone.

use super::Reader;
use crate::error::Result;
use crate::key::is_key_after;
use crate::read_position::{Merged, Position};

impl<'a> Reader<'_, 'a> {
    /// From an unknown segment to the unknown one before the next range that is known to hold more than the absence of
    /// one key; how many such absences were passed. What comes after `last`, if that is given, makes no difference.
    pub(super) fn skip_unknown(
        &self,
        mut it: Position<'a>,
        end: &Position<'a>,
        mut most: i64,
        last: Option<&[u8]>,
    ) -> Result<(Position<'a>, i64)> {
        let mut from = it.begin();
        let mut to = it.end();
        let mut clears = 0;
        while !it.same(end) && most > 0 {
            most -= 1;
            if it.is_unreadable() || it.merged()? == Merged::Empty {
                if it.is_unreadable() || !is_key_after(&to, &from) {
                    break;
                }
                clears += 1;
            } else {
                if last.is_some_and(|last| last < &*to) && it.merged()? == Merged::Unknown {
                    return Ok((it, clears));
                }
                from = to;
            }
            it = self.maps.next(&it)?;
            to = it.end();
        }
        while it.is_unreadable() || it.merged()? != Merged::Unknown {
            it = self.maps.previous(&it)?;
        }
        Ok((it, clears))
    }

    pub(super) fn skip_unknown_back(
        &self,
        mut it: Position<'a>,
        end: &Position<'a>,
        mut most: i64,
        last: Option<&[u8]>,
    ) -> Result<(Position<'a>, i64)> {
        let mut from = it.begin();
        let mut to = it.end();
        let mut clears = 0;
        while !it.same(end) && most > 0 {
            most -= 1;
            if it.is_unreadable() || it.merged()? == Merged::Empty {
                if it.is_unreadable() || !is_key_after(&to, &from) {
                    break;
                }
                clears += 1;
            } else {
                if last.is_some_and(|last| &*from <= last) && it.merged()? == Merged::Unknown {
                    return Ok((it, clears));
                }
                to = from;
            }
            it = self.maps.previous(&it)?;
            from = it.begin();
        }
        while it.is_unreadable() || it.merged()? != Merged::Unknown {
            it = self.maps.next(&it)?;
        }
        Ok((it, clears))
    }

    /// How many keys known to be absent, each alone, follow an unknown segment; at most `most`.
    pub(super) fn count_clears(&self, mut it: Position<'a>, most: i64) -> Result<i64> {
        let mut from = it.begin();
        let mut to = it.end();
        let mut clears = 0;
        while clears < most && *to < *self.max_key {
            if it.is_unreadable() || it.merged()? == Merged::Empty {
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

    pub(super) fn count_clears_back(&self, mut it: Position<'a>, most: i64) -> Result<i64> {
        let mut from = it.begin();
        let mut to = it.end();
        let mut clears = 0;
        while clears < most && !from.is_empty() {
            if it.is_unreadable() || it.merged()? == Merged::Empty {
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
