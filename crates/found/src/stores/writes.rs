//! The writes of one operation of a store: collected, checked, then written all together.
//!
//! - FoundationDB would report a key or a value that is too large, or a transaction that is, at the commit, without
//!   saying which. Here each is refused when it is added, with the name of the item it belongs to.
//! - Nothing is written before everything was checked.

use super::StoreError;
use crate::Result;
use crate::client::{MutationType, Transaction};
use std::borrow::Cow;
use std::fmt::Display;

/// The longest key.
pub const KEY_BYTES_MAX: usize = 10_000;
/// The longest value.
pub const VALUE_BYTES_MAX: usize = 100_000;
/// The largest transaction.
pub const TRANSACTION_BYTES_MAX: i64 = 10_000_000;

/// What FoundationDB counts for a mutation and its conflict range beside their keys and the value.
const MUTATION_OVERHEAD: usize = 44 + 24 + 1;

enum Write<'a> {
    Set(Vec<u8>, Cow<'a, [u8]>),
    Clear(Vec<u8>),
    ClearRange(Vec<u8>, Vec<u8>),
    Atomic(Vec<u8>, Vec<u8>, MutationType),
}

/// Writes to come.
pub(crate) struct Writes<'a> {
    /// The store's name, for messages.
    store: &'a str,
    /// The code of what is refused.
    code: &'static str,
    writes: Vec<Write<'a>>,
    bytes: usize,
}

impl<'a> Writes<'a> {
    /// No writes yet, of a store with that name; refusals have that code.
    pub(crate) fn new(store: &'a str, code: &'static str) -> Self {
        Writes { store, code, writes: Vec::new(), bytes: 0 }
    }

    /// Sets `key`; `item` says what it is of.
    pub(crate) fn set(&mut self, key: Vec<u8>, value: impl Into<Cow<'a, [u8]>>, item: impl Display) -> Result<()> {
        let value = value.into();
        self.fits("key", key.len(), KEY_BYTES_MAX, &item)?;
        self.fits("value", value.len(), VALUE_BYTES_MAX, &item)?;
        self.bytes += 3 * key.len() + value.len() + MUTATION_OVERHEAD;
        self.writes.push(Write::Set(key, value));
        Ok(())
    }

    /// Clears `key`. One that is too long cannot be there.
    pub(crate) fn clear(&mut self, key: Vec<u8>) {
        if key.len() <= KEY_BYTES_MAX {
            self.bytes += 4 * key.len() + MUTATION_OVERHEAD;
            self.writes.push(Write::Clear(key));
        }
    }

    /// Clears the keys from `begin` up to `end`.
    pub(crate) fn clear_range(&mut self, begin: Vec<u8>, end: Vec<u8>) {
        self.bytes += 2 * (begin.len() + end.len()) + MUTATION_OVERHEAD;
        self.writes.push(Write::ClearRange(begin, end));
    }

    /// Changes the value of `key` by an atomic operation.
    pub(crate) fn atomic(
        &mut self,
        key: Vec<u8>,
        param: &[u8],
        operation: MutationType,
        item: impl Display,
    ) -> Result<()> {
        self.fits("key", key.len(), KEY_BYTES_MAX, &item)?;
        self.bytes += 3 * key.len() + param.len() + MUTATION_OVERHEAD;
        self.writes.push(Write::Atomic(key, param.to_vec(), operation));
        Ok(())
    }

    /// Writes all, unless the transaction would become too large; `item` says what all of it is.
    pub(crate) async fn apply(self, tx: &Transaction, item: impl Display) -> Result<()> {
        if self.writes.is_empty() {
            return Ok(());
        }
        let before = if tx.is_snapshot() { 0 } else { tx.approximate_size().await? };
        let bytes = before.saturating_add(i64::try_from(self.bytes).unwrap_or(i64::MAX));
        if bytes > TRANSACTION_BYTES_MAX {
            return Err(self
                .refused(format!("{item} does not fit into the transaction"), bytes, TRANSACTION_BYTES_MAX)
                .into());
        }
        for write in self.writes {
            match write {
                Write::Set(key, value) => tx.set(&key, &value)?,
                Write::Clear(key) => tx.clear(&key)?,
                Write::ClearRange(begin, end) => tx.clear_range(&begin, &end)?,
                Write::Atomic(key, param, operation) => tx.atomic_op(&key, &param, operation)?,
            }
        }
        Ok(())
    }

    fn fits(&self, what: &str, bytes: usize, limit: usize, item: &impl Display) -> Result<()> {
        if bytes <= limit {
            return Ok(());
        }
        Err(self.refused(format!("the {what} of {item} is too large"), bytes, limit).into())
    }

    fn refused(&self, what: String, bytes: impl Display, limit: impl Display) -> StoreError {
        StoreError::new(self.code, format!("{}: {what}; bytes={bytes} limit={limit}", self.store))
    }
}
