//! Adding, removing and getting one tuple.

use super::items::Items;
use super::store::NStore;
use crate::client::{MutationType, Transaction, Value};
use crate::tuple::{Element, Packer, TupleError};
use crate::{Error, Result};

/// Adds a tuple with a value, which replaces the value it had. A tuple with one incomplete versionstamp is added with
/// the stamp of the commit; until then it cannot be read.
///
/// Errors: `FOUND_NSTORE_LIMIT` where a key or the value would be too large. Nothing is written then.
pub fn add(tx: &Transaction, store: &NStore, items: &[Element], value: &[u8]) -> Result<()> {
    add_packed(tx, store, &packed(items)?, value)
}

/// [`add`] for a packed tuple.
pub fn add_packed(tx: &Transaction, store: &NStore, items: &[u8], value: &[u8]) -> Result<()> {
    let items = Items::split(items, store.columns())?;
    store.check_limits(&items, value)?;
    let stamp = items.stamp();
    let mut key = Vec::new();
    for index in store.indices() {
        key.clear();
        key.extend_from_slice(&index.prefix);
        let mut offset = 0;
        for &column in &index.order {
            if let Some((item, at)) = stamp
                && item == column
            {
                offset = key.len() + at;
            }
            key.extend_from_slice(items.get(column));
        }
        if stamp.is_none() {
            tx.set(&key, value)?;
        } else {
            key.extend_from_slice(&(offset as u32).to_le_bytes());
            tx.atomic_op(&key, value, MutationType::SetVersionstampedKey)?;
        }
    }
    Ok(())
}

/// Removes a tuple and its value, if it is there.
pub fn remove(tx: &Transaction, store: &NStore, items: &[Element]) -> Result<()> {
    remove_packed(tx, store, &packed(items)?)
}

/// [`remove`] for a packed tuple.
pub fn remove_packed(tx: &Transaction, store: &NStore, items: &[u8]) -> Result<()> {
    let items = complete(items, store)?;
    if store.check_limits(&items, b"").is_err() {
        return Ok(()); // What could not be added is not there.
    }
    let mut key = Vec::new();
    for index in store.indices() {
        key.clear();
        key.extend_from_slice(&index.prefix);
        for &column in &index.order {
            key.extend_from_slice(items.get(column));
        }
        tx.clear(&key)?;
    }
    Ok(())
}

/// The value of a tuple; nothing if it is not in the store.
pub async fn get(tx: &Transaction, store: &NStore, items: &[Element]) -> Result<Option<Value>> {
    get_packed(tx, store, &packed(items)?)?.await
}

/// [`get`] for a packed tuple; the read is issued at once.
pub fn get_packed(
    tx: &Transaction,
    store: &NStore,
    items: &[u8],
) -> Result<impl Future<Output = Result<Option<Value>>> + Send + Sync + Unpin + use<>> {
    complete(items, store)?;
    Ok(tx.get(&[store.prefix_of(0), items].concat(), false))
}

fn complete<'a>(items: &'a [u8], store: &NStore) -> Result<Items<'a>> {
    let items = Items::split(items, store.columns())?;
    if items.stamp().is_some() { Err(TupleError::IncompleteVersionstamp.into()) } else { Ok(items) }
}

/// The bytes of a tuple that may have incomplete versionstamps.
fn packed(items: &[Element]) -> Result<Vec<u8>, Error> {
    let mut packer = Packer::new();
    packer.elements(items)?;
    Ok(packer.as_slice().to_vec())
}
