//! What BM25 needs to know of all documents.
//!
//! ```text
//!   T(S, "documents")          how many documents are counted
//!   T(S, "length")             the sum of their lengths, in words
//!   T(S, "token", token)       how many of them have the token
//!   T(S, "document", docuid) = T(length)
//! ```
//!
//! - The counts are 8 bytes, little-endian, and change by atomic additions in the transaction that indexes or removes:
//!   no two of these conflict for them. A count of 0 is cleared.
//! - A document is counted when it is indexed by a store that keeps statistics, and from then on by every one, until it
//!   is removed. What asyncio-foundationdb indexes or changes is not counted.

use super::counter::length_of;
use super::index::by_token;
use super::store::Packed;
use super::{PStore, STATISTICS};
use crate::client::{MutationType, Transaction};
use crate::stores::StoreError;
use crate::stores::writes::Writes;
use crate::tuple::{Element, pack, unpack};
use crate::{Error, Result};
use std::collections::HashMap;

/// What happens to a document.
pub(super) struct Change<'a> {
    /// Its counter before; none if it was not indexed.
    pub(super) before: Option<&'a [(Packed, i64)]>,
    /// Its counter afterwards; none if it is removed.
    pub(super) after: Option<&'a [(Packed, i64)]>,
}

impl Change<'_> {
    /// Adds what it changes in the statistics.
    pub(super) async fn write(
        self,
        store: &PStore,
        tx: &Transaction,
        docuid: &[u8],
        writes: &mut Writes<'_>,
    ) -> Result<()> {
        let key = store.length_key(docuid)?;
        let counted = tx.get(&key, false).await?.map(|value| store.length_in(&value)).transpose()?;
        if counted.is_none() && !store.keeps_statistics {
            return Ok(());
        }
        let before = if counted.is_some() { self.before.unwrap_or_default() } else { &[] };
        let mut tokens: HashMap<&[u8], i64> = HashMap::new();
        for token in by_token(before).into_keys() {
            *tokens.entry(token).or_default() -= 1;
        }
        for token in by_token(self.after.unwrap_or_default()).into_keys() {
            *tokens.entry(token).or_default() += 1;
        }
        for (token, by) in tokens {
            add(writes, store.frequency_key(token)?, by)?;
        }
        let length = self.after.map(length_of);
        add(writes, store.total_key("length")?, length.unwrap_or(0).saturating_sub(counted.unwrap_or(0)))?;
        add(writes, store.total_key("documents")?, i64::from(length.is_some()) - i64::from(counted.is_some()))?;
        match length {
            Some(length) => writes.set(key, pack(&[length.into()])?, "the length of a document")?,
            None => writes.clear(key),
        }
        Ok(())
    }
}

fn add(writes: &mut Writes<'_>, key: Vec<u8>, by: i64) -> Result<()> {
    if by != 0 {
        writes.atomic(key.clone(), &by.to_le_bytes(), MutationType::Add, "a count")?;
    }
    if by < 0 {
        writes.atomic(key, &0_i64.to_le_bytes(), MutationType::CompareAndClear, "a count")?;
    }
    Ok(())
}

/// The counts of all documents.
pub(super) struct Totals {
    pub(super) documents: f64,
    pub(super) length: f64,
    /// How many documents have each of the tokens that were asked for.
    pub(super) frequencies: Vec<f64>,
}

impl PStore {
    /// The counts that concern some tokens.
    pub(super) async fn totals(&self, tx: &Transaction, tokens: &[Packed]) -> Result<Totals> {
        let (documents, length) = (self.total_key("documents")?, self.total_key("length")?);
        let (documents, length) = (tx.get(&documents, false), tx.get(&length, false));
        let mut frequencies = Vec::with_capacity(tokens.len());
        for token in tokens {
            frequencies.push(tx.get(&self.frequency_key(token)?, false));
        }
        let number = |value: Option<crate::client::Value>| match value {
            None => Ok(0.0),
            Some(value) => match <[u8; 8]>::try_from(&value[..]) {
                Ok(bytes) => Ok(i64::from_le_bytes(bytes) as f64),
                Err(_) => Err(self.damaged("a count is not of 8 bytes".to_owned())),
            },
        };
        let documents = number(documents.await?)?;
        if documents <= 0.0 {
            let what = "no statistics are kept: index with a store that keeps them";
            return Err(StoreError::new(STATISTICS, format!("{}: {what}", self.name)).into());
        }
        let length = number(length.await?)?;
        let mut totals = Totals { documents, length, frequencies: Vec::with_capacity(tokens.len()) };
        for frequency in frequencies {
            totals.frequencies.push(number(frequency.await?)?);
        }
        Ok(totals)
    }

    pub(super) fn length_key(&self, docuid: &[u8]) -> Result<Vec<u8>> {
        Ok([&self.statistics.pack(&["document".into()])?, docuid].concat())
    }

    pub(super) fn length_in(&self, value: &[u8]) -> Result<i64> {
        match unpack(value)?[..] {
            [Element::Int(length)] => Ok(length),
            _ => Err(Error::from(StoreError::new(super::DAMAGED, format!("{}: a length is no number", self.name)))),
        }
    }

    fn frequency_key(&self, token: &[u8]) -> Result<Vec<u8>> {
        Ok([&self.statistics.pack(&["token".into()])?, token].concat())
    }

    fn total_key(&self, name: &str) -> Result<Vec<u8>> {
        Ok(self.statistics.pack(&[name.into()])?)
    }
}
