//! The special key space `[\xff\xff, \xff\xff\xff)`: keys that are computed when they are read.
//!
//! It is divided into modules. A read must stay within one (2112 where it does not, 2113 where it meets none) unless the
//! transaction relaxed that. Writes are kept by the transaction and carried out when it commits. Reads and writes here
//! add no conflicts by themselves and are allowed after a commit. (`fdbclient/SpecialKeySpace.actor.cpp`)

mod modules;
mod tenants;

use crate::KeySelector;
use crate::database_read::{Limits, Selector};
use crate::error::{Error, Result};
use crate::future::Future;
use crate::key::{ALL_END, SPECIAL_END, key_after};
use crate::rows::Rows;
use crate::transaction::{Inner, State};
use std::collections::BTreeMap;

/// Reads as why the database could not be opened: this engine's own key.
pub(crate) const OPEN_ERROR: &[u8] = b"\xff\xff/found/open_error";

/// Reads as why the storage last failed a commit, which the commit's number alone does not tell; absent if it never did.
/// This engine's own key.
const STORAGE_ERROR: &[u8] = b"\xff\xff/found/storage_error";

/// Writes to special keys that wait for the commit: the new value, or none for a clear. A clear of a range is kept as
/// its bounds.
#[derive(Default)]
pub(crate) struct SpecialWrites {
    keys: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    cleared: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Keeps a write for the commit.
pub(crate) fn set(state: &mut State, key: &[u8], value: &[u8]) -> Result<()> {
    if !state.options.special_key_writes {
        return Err(Error::SPECIAL_KEYS_WRITE_DISABLED);
    }
    if !modules::is_writable(key) {
        return Err(Error::SPECIAL_KEYS_NO_WRITE_MODULE_FOUND);
    }
    state.special_writes.keys.insert(key.to_vec(), Some(value.to_vec()));
    Ok(())
}

/// Keeps a clear for the commit.
pub(crate) fn clear(state: &mut State, begin: &[u8], end: &[u8]) -> Result<()> {
    if begin >= end {
        return Ok(());
    }
    if !state.options.special_key_writes {
        return Err(Error::SPECIAL_KEYS_WRITE_DISABLED);
    }
    if !modules::is_writable(begin) {
        return Err(Error::SPECIAL_KEYS_NO_WRITE_MODULE_FOUND);
    }
    if !modules::is_one_writable(begin, end) {
        return Err(Error::SPECIAL_KEYS_CROSS_MODULE_CLEAR);
    }
    state.special_writes.keys.retain(|key, _| !(begin..end).contains(&key.as_slice()));
    if *end == *key_after(begin) {
        state.special_writes.keys.insert(begin.to_vec(), None);
    } else {
        state.special_writes.cleared.push((begin.to_vec(), end.to_vec()));
    }
    Ok(())
}

/// Carries the writes out, as part of the transaction.
pub(crate) fn commit(inner: &Inner, state: &mut State) -> Result<()> {
    if state.special_writes.keys.is_empty() && state.special_writes.cleared.is_empty() {
        return Ok(());
    }
    let writes = std::mem::take(&mut state.special_writes);
    tenants::commit(inner, state, &writes)
}

/// The value of a special key.
pub(crate) fn get(inner: &Inner, key: &[u8]) -> Future<Option<Vec<u8>>> {
    if key == OPEN_ERROR {
        let message = inner.database().open_error().map(|failure| failure.message.clone().into_bytes());
        return Future::ready(Ok(message));
    }
    if key == STORAGE_ERROR {
        let message = inner.database().core().ok().and_then(|core| core.storage_failure());
        return Future::ready(Ok(message.map(String::into_bytes)));
    }
    let end = key_after(key);
    let (begin, end) = (KeySelector::first_greater_or_equal(key), KeySelector::first_greater_or_equal(&end));
    let read = inner.with(|state| read(inner, state, begin, end, Limits::ONE_ROW, false));
    Future::ready(read.map(|rows| rows.get(0).map(|(_, value)| value.to_vec())))
}

/// Rows of the special key space.
pub(crate) fn get_range(
    inner: &Inner,
    begin: KeySelector<'_>,
    end: KeySelector<'_>,
    limits: Limits,
    reverse: bool,
) -> Future<Rows> {
    Future::ready(inner.with(|state| read(inner, state, begin, end, limits, reverse)))
}

fn read(
    inner: &Inner,
    state: &mut State,
    begin: KeySelector<'_>,
    end: KeySelector<'_>,
    mut limits: Limits,
    reverse: bool,
) -> Result<Rows> {
    if let Some(error) = state.deferred {
        return Err(error);
    }
    if limits.is_reached() {
        return Ok(Rows::new());
    }
    if !limits.is_valid() {
        return Err(Error::RANGE_LIMITS_INVALID);
    }
    let (begin, end) = (Selector::new(&begin), Selector::new(&end));
    if begin.offset >= end.offset && begin.key >= end.key {
        return Ok(Rows::new());
    }
    let (from, to) = if state.options.special_keys_relaxed {
        (ALL_END.to_vec(), SPECIAL_END.to_vec())
    } else {
        modules::around(&begin.key, &end.key)?
    };
    let rows = modules::rows(inner, state, &from, &to)?;
    let (first, last) = (position(&rows, &begin), position(&rows, &end));
    let mut found = Rows::new();
    let mut chosen: Vec<_> = rows.get(first..last.max(first)).unwrap_or_default().iter().collect();
    if reverse {
        chosen.reverse();
    }
    for (key, value) in chosen {
        if limits.is_reached() {
            break;
        }
        limits.count(key.len() + value.len());
        found.push(key, value);
    }
    found.set_more(limits.is_reached());
    Ok(found)
}

/// Where a selector stands among sorted rows, clamped to them.
fn position(rows: &[(Vec<u8>, Vec<u8>)], selector: &Selector) -> usize {
    let base = rows.partition_point(|(key, _)| *key < selector.key) as i64;
    (base + selector.offset - 1).clamp(0, rows.len() as i64) as usize
}
