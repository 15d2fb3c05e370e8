//! Moving a selector over what is known: until it counts nothing more, or stands in what is not known.

use super::Reader;
use super::walk::Ends;
use crate::database_read::Selector;
use crate::error::Result;
use crate::read_position::{Merged, Position};

impl<'a> Reader<'_, 'a> {
    /// Moves a selector over what is known, until it is the first key at or after a key, or stands in what is not
    /// known. `offset` becomes what is left of it, unless there was nothing to move.
    pub(super) fn resolve(&self, selector: &mut Selector, ends: &mut Ends, offset: &mut i64) -> Result<Position<'a>> {
        let maps = &*self.maps;
        let settled = selector.offset == 1;
        let mut position = maps.at(&selector.key)?;
        if selector.offset <= 0 && position.begin() == selector.key && !selector.key.is_empty() {
            position = maps.previous(&position)?;
        }
        let blocked = |position: &Position<'_>| -> Result<bool> {
            Ok(position.is_unreadable() || position.merged()? == Merged::Unknown)
        };
        // A row in reach whose own operations removed it still counts here, as it does in FoundationDB.
        let is_row = |position: &Position<'_>| -> Result<bool> { Ok(position.merged()? == Merged::Row) };
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
        while !position.is_unreadable() && position.merged()? == Merged::Empty && *position.end() < *self.max_key {
            position = maps.next(&position)?;
            key = Some(position.begin());
        }
        if let Some(key) = key {
            selector.key = key;
        }
        Ok(position)
    }
}
