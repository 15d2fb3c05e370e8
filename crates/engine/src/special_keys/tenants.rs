//! Management of tenants through special keys: `\xff\xff/management/tenant/map/` name.
//!
//! Setting one makes the tenant (one that exists stays as it is), clearing it removes the tenant (one that does not
//! exist is no error, one that holds keys is: 2133). The changes are part of the transaction and show after its commit.

use super::SpecialWrites;
use crate::commit::Mutation;
use crate::error::{Error, Result};
use crate::key::{key_after, prefix_end};
use crate::storage::Snapshot;
use crate::tenant::{LAST_ID, MAP as ID_MAP, NAME_INDEX, map_key};
use crate::transaction::{Inner, State};
use std::ops::ControlFlow;
use std::sync::Arc;

pub(super) const MAP: &[u8] = b"\xff\xff/management/tenant/map/";
pub(super) const MAP_END: &[u8] = b"\xff\xff/management/tenant/map0";

fn all(snapshot: &dyn Snapshot) -> Result<Vec<(Vec<u8>, i64)>> {
    let mut tenants = Vec::new();
    let end = prefix_end(NAME_INDEX).unwrap_or_default();
    snapshot.scan(NAME_INDEX, &end, false, &mut |key, value| {
        if let Ok(id) = <[u8; 8]>::try_from(value) {
            tenants.push((key[NAME_INDEX.len()..].to_vec(), i64::from_be_bytes(id)));
        }
        ControlFlow::Continue(())
    })?;
    Ok(tenants)
}

/// The list of tenants, as special keys.
pub(super) fn rows(inner: &Inner, state: &mut State) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
    let snapshot = inner.snapshot_for(state)?;
    Ok(all(&*snapshot)?.into_iter().map(|(name, id)| ([MAP, &name].concat(), entry(&name, id).into_bytes())).collect())
}

fn entry(name: &[u8], id: i64) -> String {
    let text = |bytes: &[u8]| format!(r#"{{"base64":"{}","printable":"{}"}}"#, base64(bytes), printable(bytes));
    format!(r#"{{"id":{id},"lock_state":"unlocked","name":{},"prefix":{}}}"#, text(name), text(&id.to_be_bytes()))
}

/// Bytes as FoundationDB prints them, ready to stand in a JSON string.
fn printable(bytes: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes {
        match byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\\\\\"),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => text.push_str(&format!("\\\\x{byte:02x}")),
        }
    }
    text
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for index in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * index)) as usize & 63];
            text.push(if index <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// Turns the writes into mutations of the transaction.
pub(super) fn commit(inner: &Inner, state: &mut State, writes: &SpecialWrites) -> Result<()> {
    let snapshot = inner.snapshot_for(state)?;
    for (begin, end) in &writes.cleared {
        for (name, id) in all(&*snapshot)? {
            let key = [MAP, &name].concat();
            if *begin <= key && key < *end {
                remove(state, &snapshot, &name, id)?;
            }
        }
    }
    let mut last_id = match snapshot.get(LAST_ID)? {
        Some(id) => id.try_into().map(i64::from_be_bytes).map_err(|_| Error::INTERNAL_ERROR)?,
        None => 0,
    };
    for (key, value) in &writes.keys {
        let name = &key[MAP.len()..];
        let index_key = [NAME_INDEX, name].concat();
        let existing = snapshot.get(&index_key)?;
        state.ordered.read_ranges.push((index_key.clone(), key_after(&index_key)));
        match (value, existing) {
            (Some(_), None) => {
                if name.starts_with(b"\xff") {
                    return Err(Error::INVALID_TENANT_NAME);
                }
                last_id += 1;
                state.ordered.read_ranges.push((LAST_ID.to_vec(), key_after(LAST_ID)));
                put(state, LAST_ID.to_vec(), last_id.to_be_bytes().to_vec());
                put(state, index_key, last_id.to_be_bytes().to_vec());
                put(state, map_key(last_id), name.to_vec());
            }
            (None, Some(id)) => {
                let id = id.try_into().map(i64::from_be_bytes).map_err(|_| Error::INTERNAL_ERROR)?;
                remove(state, &snapshot, name, id)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn put(state: &mut State, key: Vec<u8>, value: Vec<u8>) {
    state.ordered.write_ranges.push((key.clone(), key_after(&key)));
    state.ordered.mutations.push(Mutation::Set(key, value));
}

fn remove(state: &mut State, snapshot: &Arc<dyn Snapshot>, name: &[u8], id: i64) -> Result<()> {
    let prefix = id.to_be_bytes();
    let end = prefix_end(&prefix).unwrap_or_else(|| ID_MAP.to_vec());
    let mut empty = true;
    snapshot.scan(&prefix, &end, false, &mut |_, _| {
        empty = false;
        ControlFlow::Break(())
    })?;
    if !empty {
        return Err(Error::TENANT_NOT_EMPTY);
    }
    state.ordered.read_ranges.push((prefix.to_vec(), end));
    for key in [[NAME_INDEX, name].concat(), map_key(id)] {
        let end = key_after(&key);
        state.ordered.write_ranges.push((key.clone(), end.clone()));
        state.ordered.mutations.push(Mutation::ClearRange(key, end));
    }
    Ok(())
}
