//! What an nstore is: its name, its columns and where its keys are.

use super::indices::{choose, indices};
use super::items::Items;
use crate::stores::{KEY_BYTES_MAX, StoreError, TRANSACTION_BYTES_MAX, VALUE_BYTES_MAX};
use crate::tuple::{Element, Packer};
use crate::{Error, Result};
use std::sync::Arc;

/// The most columns a store can have: 12 have 924 indices, and each tuple is a row in every one.
pub const COLUMNS_MAX: usize = 12;

/// What follows a key with a versionstamp to come, and counts towards its size.
const STAMP_OFFSET_BYTES: usize = 4;

/// A store of tuples; clones are the same. Making one touches no database.
#[derive(Clone, Debug)]
pub struct NStore {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    name: String,
    labels: &'static Labels,
    columns: usize,
    indices: Vec<Index>,
}

/// What a store's errors are called: those of a store inside another one are the other's.
#[derive(Debug)]
pub(crate) struct Labels {
    pub(crate) kind: &'static str,
    pub(crate) limit: &'static str,
    pub(crate) foreign: &'static str,
}

static NSTORE: Labels = Labels { kind: "nstore", limit: "FOUND_NSTORE_LIMIT", foreign: "FOUND_NSTORE_FOREIGN_KEY" };

/// One order of the columns.
#[derive(Debug)]
pub(super) struct Index {
    /// What all its keys begin with: the store's prefix and the number of the index.
    pub(super) prefix: Vec<u8>,
    pub(super) order: Vec<usize>,
}

impl NStore {
    /// A store called `name`, for messages, whose keys begin with the tuple `prefix`, of tuples of `columns` items: 1
    /// to [`COLUMNS_MAX`].
    pub fn make(name: &str, prefix: &[Element], columns: usize) -> Result<NStore> {
        NStore::labelled(&NSTORE, name, prefix, columns)
    }

    pub(crate) fn labelled(labels: &'static Labels, name: &str, prefix: &[Element], columns: usize) -> Result<NStore> {
        if !(1..=COLUMNS_MAX).contains(&columns) {
            let message = format!("expected a number of columns from 1 to {COLUMNS_MAX}, got {columns}");
            return Err(Error::argument("columns", message));
        }
        let mut packer = Packer::new();
        packer.elements(prefix)?;
        let prefix = packer.finish()?;
        let indices = indices(columns).into_iter().enumerate();
        let indices: Vec<Index> = indices
            .map(|(number, order)| {
                let mut packer = Packer::with_prefix(&prefix);
                packer.int(number as i64);
                Index { prefix: packer.as_slice().to_vec(), order }
            })
            .collect();
        // The last index has the longest number.
        let longest = indices.last().map_or(0, |index| index.prefix.len());
        if longest + columns > KEY_BYTES_MAX {
            return Err(Error::argument("prefix", format!("leaves no room for a tuple in a key; bytes={longest}")));
        }
        Ok(NStore { inner: Arc::new(Inner { name: name.to_owned(), labels, columns, indices }) })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// How many items its tuples have.
    pub fn columns(&self) -> usize {
        self.inner.columns
    }

    /// The orders of the columns that it keeps.
    pub fn orders(&self) -> impl ExactSizeIterator<Item = &[usize]> {
        self.inner.indices.iter().map(|index| &index.order[..])
    }

    pub(super) fn indices(&self) -> &[Index] {
        &self.inner.indices
    }

    /// The number of the index to find tuples by the `known` columns.
    pub(super) fn index_for(&self, known: &[usize]) -> usize {
        // There is one for every set of columns.
        choose(self.orders(), known).unwrap_or(0)
    }

    /// What all keys of an index begin with.
    pub(crate) fn prefix_of(&self, index: usize) -> &[u8] {
        &self.inner.indices[index].prefix
    }

    /// Whether a tuple and its value can be written.
    pub(crate) fn check_limits(&self, items: &Items<'_>, value: &[u8]) -> Result<()> {
        let prefix = self.inner.indices.last().map_or(0, |index| index.prefix.len());
        let offset = if items.stamp().is_some() { STAMP_OFFSET_BYTES } else { 0 };
        let key = prefix + items.len() + offset;
        if key > KEY_BYTES_MAX {
            let (index, size) = items.longest();
            return Err(self.refuse(format!(
                "items[{index}] takes {size} bytes of a key of {key} bytes, and a key has at most {KEY_BYTES_MAX}"
            )));
        }
        if value.len() > VALUE_BYTES_MAX {
            let size = value.len();
            return Err(self.refuse(format!("value has {size} bytes, and a value has at most {VALUE_BYTES_MAX}")));
        }
        let count = self.inner.indices.len();
        let written = (key + value.len()) * count;
        if written as i64 > TRANSACTION_BYTES_MAX {
            return Err(self.refuse(format!(
                "value of {} bytes is written to {count} indices, {written} bytes with their keys, and a transaction \
                 has at most {TRANSACTION_BYTES_MAX}",
                value.len()
            )));
        }
        Ok(())
    }

    fn refuse(&self, what: String) -> Error {
        let Inner { name, labels, .. } = &*self.inner;
        StoreError::new(labels.limit, format!("{} {name}: {what}", labels.kind)).into()
    }

    /// The error of a key that no tuple of this store has.
    pub(crate) fn foreign(&self) -> Error {
        let Inner { name, labels, columns, .. } = &*self.inner;
        let message = format!(
            "{} {name}: a key under its prefix is not a tuple of {columns} columns: another store or program writes there",
            labels.kind
        );
        StoreError::new(labels.foreign, message).into()
    }
}
