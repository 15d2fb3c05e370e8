//! The store itself: its keys, and writing and reading records.

use super::{DAMAGED, EXISTS, LIMIT};
use crate::client::{KeySelector, RangeOptions, StreamingMode, Transaction};
use crate::stores::StoreError;
use crate::stores::uids::Uids;
use crate::stores::writes::{KEY_BYTES_MAX, Writes};
use crate::tuple::{Element, Subspace, Uuid, equal_range, pack, unpack};
use crate::{Error, Result};
use std::collections::BTreeMap;

/// The attributes of a record and their values.
pub type Record = BTreeMap<String, Element>;

/// An entity-attribute-value store: a description, which holds no data and touches no database.
#[derive(Clone, Debug)]
pub struct EavStore {
    pub(super) name: String,
    pub(super) data: Subspace,
    pub(super) index: Subspace,
    uids: Uids,
}

/// Packed values by packed attribute.
type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// What a key has behind the prefix at least.
const KEY_REST_BYTES: usize = 100;

impl EavStore {
    /// The store of that prefix. The name is for messages.
    pub fn make(name: impl Into<String>, prefix: &[Element]) -> Result<EavStore> {
        let part = |number: u8| {
            let mut nested = prefix.to_vec();
            nested.push(Element::Bytes(vec![number]));
            Subspace::from_tuple(&[Element::Tuple(nested)])
        };
        let store = EavStore { name: name.into(), data: part(1)?, index: part(2)?, uids: Uids::default() };
        let bytes = store.data.prefix().len() + KEY_REST_BYTES;
        if bytes > KEY_BYTES_MAX {
            return Err(Error::argument("prefix", format!("too long for keys; bytes={bytes} limit={KEY_BYTES_MAX}")));
        }
        Ok(store)
    }

    /// The same store, with uids of the caller's making: for tests, which must know them.
    pub fn with_uids(self, make: impl Fn() -> Uuid + Send + Sync + 'static) -> EavStore {
        EavStore { uids: Uids::from_fn(make), ..self }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Stores a new record and gives its uid: `uid`, which may be any item, or a new random UUID.
    ///
    /// `FOUND_EAVSTORE_EXISTS` if there is a record of that uid; `FOUND_EAVSTORE_LIMIT`, naming the attribute, if a
    /// value is too large to be stored or to be indexed. Nothing is written then.
    pub async fn create(&self, tx: &Transaction, record: &Record, uid: Option<Element>) -> Result<Element> {
        let _turn = tx.turn().await;
        let given = uid.is_some();
        let uid = uid.unwrap_or_else(|| self.uids.next().into());
        let packed = pack(std::slice::from_ref(&uid))?;
        if given && !self.rows(tx, &packed).await?.is_empty() {
            let what = format!("{}: there is a record of that uid; uid={uid:?}", self.name);
            return Err(StoreError::new(EXISTS, what).into());
        }
        self.replace(tx, &packed, Rows::new(), &packed_record(record)?).await?;
        Ok(uid)
    }

    /// The record of that uid; nothing if there is none.
    pub async fn get(&self, tx: &Transaction, uid: &Element) -> Result<Option<Record>> {
        let rows = self.rows(tx, &pack(std::slice::from_ref(uid))?).await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let mut record = Record::new();
        for (attribute, value) in rows {
            match (&mut unpack(&attribute)?[..], &mut unpack(&value)?[..]) {
                ([Element::String(name)], [value]) => {
                    record.insert(std::mem::take(name), std::mem::replace(value, Element::Null));
                }
                _ => return Err(self.damaged(format!("a row is not an attribute and a value; uid={uid:?}"))),
            }
        }
        Ok(Some(record))
    }

    /// The record of that uid as one packed tuple, attribute and value by turns.
    pub async fn get_packed(&self, tx: &Transaction, uid: &Element) -> Result<Option<Vec<u8>>> {
        let rows = self.rows(tx, &pack(std::slice::from_ref(uid))?).await?;
        let flat = || rows.iter().flat_map(|(attribute, value)| [&attribute[..], value]).collect::<Vec<_>>().concat();
        Ok((!rows.is_empty()).then(flat))
    }

    /// Makes the record of that uid into `record`, or stores it if there is none. Only what differs is written.
    pub async fn update(&self, tx: &Transaction, uid: &Element, record: &Record) -> Result<()> {
        let _turn = tx.turn().await;
        let packed = pack(std::slice::from_ref(uid))?;
        let before = self.rows(tx, &packed).await?;
        self.replace(tx, &packed, before, &packed_record(record)?).await
    }

    /// Changes some attributes of the record of that uid, and leaves the others: each gets its value, or is removed if
    /// it has none here. Only what differs is written.
    pub async fn change(
        &self,
        tx: &Transaction,
        uid: &Element,
        changes: &BTreeMap<String, Option<Element>>,
    ) -> Result<()> {
        let _turn = tx.turn().await;
        let packed = pack(std::slice::from_ref(uid))?;
        let all = self.rows(tx, &packed).await?;
        let (mut before, mut after) = (Rows::new(), Rows::new());
        for (attribute, value) in changes {
            let attribute = pack(&[Element::String(attribute.clone())])?;
            if let Some(value) = all.get(&attribute) {
                before.insert(attribute.clone(), value.clone());
            }
            if let Some(value) = value {
                after.insert(attribute, pack(std::slice::from_ref(value))?);
            }
        }
        self.replace(tx, &packed, before, &after).await
    }

    /// Removes the record of that uid; says whether there was one.
    pub async fn remove(&self, tx: &Transaction, uid: &Element) -> Result<bool> {
        let _turn = tx.turn().await;
        let packed = pack(std::slice::from_ref(uid))?;
        let before = self.rows(tx, &packed).await?;
        let existed = !before.is_empty();
        self.replace(tx, &packed, before, &Rows::new()).await?;
        Ok(existed)
    }

    /// Writes what differs between two states of some or all attributes of a record.
    async fn replace(&self, tx: &Transaction, uid: &[u8], before: Rows, after: &Rows) -> Result<()> {
        let mut writes = Writes::new(&self.name, LIMIT);
        for (attribute, value) in &before {
            if after.get(attribute) != Some(value) {
                writes.clear(self.index_key(attribute, value, uid));
            }
            if !after.contains_key(attribute) {
                writes.clear(self.data_key(uid, attribute));
            }
        }
        for (attribute, value) in after {
            if before.get(attribute) != Some(value) {
                let name = attribute_name(attribute);
                writes.set(self.index_key(attribute, value, uid), &b""[..], format_args!("{name} in the index"))?;
                writes.set(self.data_key(uid, attribute), value.clone(), name)?;
            }
        }
        writes.apply(tx, "a record").await
    }

    /// The rows of a record.
    async fn rows(&self, tx: &Transaction, uid: &[u8]) -> Result<Rows> {
        let prefix = [self.data.prefix(), uid].concat();
        let (begin, end) = equal_range(&prefix);
        let options = RangeOptions { mode: StreamingMode::WantAll, ..RangeOptions::default() };
        let (begin, end) = (KeySelector::first_greater_or_equal(begin), KeySelector::first_greater_or_equal(end));
        let mut range = tx.range(begin, end, options);
        let mut rows = Rows::new();
        while let Some(page) = range.next_page().await? {
            for (key, value) in page.iter() {
                rows.insert(key[prefix.len()..].to_vec(), value.to_vec());
            }
        }
        Ok(rows)
    }

    pub(super) fn data_key(&self, uid: &[u8], attribute: &[u8]) -> Vec<u8> {
        [self.data.prefix(), uid, attribute].concat()
    }

    pub(super) fn index_key(&self, attribute: &[u8], value: &[u8], uid: &[u8]) -> Vec<u8> {
        [self.index.prefix(), attribute, value, uid].concat()
    }

    pub(super) fn damaged(&self, what: String) -> Error {
        StoreError::new(DAMAGED, format!("{}: {what}", self.name)).into()
    }
}

fn packed_record(record: &Record) -> Result<Rows> {
    let mut rows = Rows::new();
    for (attribute, value) in record {
        rows.insert(pack(&[Element::String(attribute.clone())])?, pack(std::slice::from_ref(value))?);
    }
    Ok(rows)
}

/// An attribute's name, for messages.
fn attribute_name(packed: &[u8]) -> String {
    match unpack(packed).ok().and_then(|mut items| items.pop()) {
        Some(Element::String(name)) => format!("attribute {name:?}"),
        other => format!("attribute {other:?}"),
    }
}
