//! Comparing the index with the data, and mending it.

use super::{EavStore, LIMIT};
use crate::client::{Database, Page, RunOptions, ScanOptions, Transaction, Value};
use crate::stores::intersection::READS_IN_FLIGHT;
use crate::stores::writes::Writes;
use crate::tuple::Reader;
use crate::{Error, Result};
use std::pin::Pin;

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Attributes of records.
    pub attributes: u64,
    /// Entries of the index.
    pub entries: u64,
    /// Entries of the index that no record has: a query would find what is gone.
    pub stale: u64,
    /// Attributes of records that the index does not have: a query would not find them.
    pub missing: u64,
}

/// A row to be checked: its key, the key of its counterpart, and the value that one must have.
struct Check {
    key: Vec<u8>,
    value: Vec<u8>,
    other_key: Vec<u8>,
    other_value: Vec<u8>,
}

impl EavStore {
    /// Compares the index with the data and, with `repair`, removes entries that are stale and adds those that are
    /// missing. What asyncio-foundationdb leaves behind at updates and removals are stale entries.
    ///
    /// It takes as many transactions as it needs, and may run while others write: each row is judged as it is in one
    /// transaction, and mended in the same.
    pub async fn verify(&self, database: &Database, repair: bool) -> Result<Verified> {
        let mut verified = Verified::default();
        for index in [true, false] {
            let (begin, end) = if index { self.index.range() } else { self.data.range() };
            let mut scan = database.scan(&begin, &end, ScanOptions::default());
            while let Some(page) = scan.next_page().await? {
                let checks = &self.checks(&page, index)?;
                let body = |tx: Transaction| async move { self.verify_rows(&tx, checks, index, repair).await };
                let wrong = database.transactional::<_, Error, _>(&RunOptions::default(), body).await?;
                let (rows, bad) = if index {
                    (&mut verified.entries, &mut verified.stale)
                } else {
                    (&mut verified.attributes, &mut verified.missing)
                };
                *rows += checks.len() as u64;
                *bad += wrong;
            }
        }
        Ok(verified)
    }

    fn checks(&self, page: &Page, index: bool) -> Result<Vec<Check>> {
        let prefix = if index { self.index.prefix() } else { self.data.prefix() };
        let check = |(key, value): (&[u8], &[u8])| {
            let mut items = Reader::new(&key[prefix.len()..]);
            let mut item = || -> Result<&[u8]> {
                let item = items.raw().transpose()?;
                item.ok_or_else(|| self.damaged(format!("a key has too few items; key={key:02x?}")))
            };
            let (other_key, other_value) = if index {
                let (attribute, of, uid) = (item()?, item()?, item()?);
                (self.data_key(uid, attribute), of.to_vec())
            } else {
                let (uid, attribute) = (item()?, item()?);
                (self.index_key(attribute, value, uid), Vec::new())
            };
            Ok(Check { key: key.to_vec(), value: value.to_vec(), other_key, other_value })
        };
        page.iter().map(check).collect()
    }

    /// How many of the rows have no counterpart.
    async fn verify_rows(&self, tx: &Transaction, checks: &[Check], index: bool, repair: bool) -> Result<u64> {
        let mut wrong = 0;
        let mut writes = Writes::new(&self.name, LIMIT);
        for some in checks.chunks(READS_IN_FLIGHT) {
            let get = |check: &Check| -> Get { Box::pin(tx.get(&check.other_key, true)) };
            let gets: Vec<Get> = some.iter().map(get).collect();
            for (check, get) in some.iter().zip(gets) {
                let fits = |value: Option<Value>| value.is_some_and(|value| *value == check.other_value[..]);
                if fits(get.await?) {
                    continue;
                }
                // Read again, both, so that nobody changes them before this is mended; and the row may be gone by now.
                let (this, other) = (tx.get(&check.key, !repair), tx.get(&check.other_key, !repair));
                if this.await?.is_none_or(|value| *value != check.value[..]) || fits(other.await?) {
                    continue;
                }
                wrong += 1;
                if index {
                    writes.clear(check.key.clone());
                } else {
                    writes.set(check.other_key.clone(), &b""[..], "an entry of the index")?;
                }
            }
        }
        if repair {
            writes.apply(tx, "mending the index").await?;
        }
        Ok(wrong)
    }
}

type Get = Pin<Box<dyn Future<Output = Result<Option<Value>>> + Send>>;
