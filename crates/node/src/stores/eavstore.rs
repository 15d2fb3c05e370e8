//! The entity-attribute-value store.
//!
//! Records cross as a packed tuple of attribute and value by turns. A block of uids is the number to ask for the next
//! one with (32 bits, little-endian; 0 after the last) and then the uids, packed.

use super::arguments::{Flag, item, items, place, wrong};
use crate::call::{Call, Export, Room};
use crate::failure::{Failure, Result};
use crate::handle::{Handle, Held};
use crate::js::{Js, Value};
use crate::reply::{Bytes, Plain, ToValue};
use crate::transaction::Slot;
use found::client::Database;
use found::stores::eavstore::{Condition, EavStore, Query, Record, Uids, Verified};
use found::tuple::{Element, pack, unpack};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::rc::Rc;

/// An operation under way may outlast the handle, so the store is shared with it.
type Shared = Rc<EavStore>;

impl Held for Shared {}

/// What this module gives the facade.
pub const EXPORTS: &[Export] = &[
    Export { name: c"eavstoreMake", run: make },
    Export { name: c"eavstoreCreate", run: create },
    Export { name: c"eavstoreGet", run: get },
    Export { name: c"eavstoreUpdate", run: update },
    Export { name: c"eavstoreChange", run: change },
    Export { name: c"eavstoreRemove", run: remove },
    Export { name: c"eavstoreQuery", run: query },
    Export { name: c"eavstoreNext", run: next },
    Export { name: c"eavstoreEnd", run: end },
    Export { name: c"eavstoreVerify", run: verify },
];

fn text(item: Option<Element>, name: &str) -> Result<String> {
    match item {
        Some(Element::String(text)) => Ok(text),
        _ => Err(wrong(name)),
    }
}

fn record(call: &Call<'_>, index: usize) -> Result<Record> {
    let mut items = items(call, index, "record")?.into_iter();
    let mut record = Record::new();
    while let Some(attribute) = items.next() {
        let value = items.next().ok_or_else(|| wrong("record"))?;
        record.insert(text(Some(attribute), "record")?, value);
    }
    Ok(record)
}

/// `eavstoreMake(name, prefix)`: `prefix` is a packed tuple.
fn make<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let prefix = items(call, 1, "prefix")?;
    Handle::make(call.js(), Rc::new(EavStore::make(call.text(0, "name")?, &prefix)?))
}

/// `eavstoreCreate(tx, store, record, uid?)`: the packed uid.
fn create<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (tx, store) = place::<EavStore>(call)?;
    let record = record(call, 2)?;
    let mut room = Room::new();
    let uid = match call.bytes_optional(3, "uid", &mut room)? {
        Some(packed) => unpack(packed).map_err(found::Error::from)?.pop(),
        None => None,
    };
    let work = Box::pin(async move { Ok(pack(&[store.create(&tx, &record, uid).await?])?) });
    call.environment().executor.run_mapped(call, work, Bytes)
}

/// `eavstoreGet(tx, store, uid)`
fn get<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), uid) = (place::<EavStore>(call)?, item(call, 2, "uid")?);
    let work = Box::pin(async move { store.get_packed(&tx, &uid).await });
    call.environment().executor.run_mapped(call, work, |record| record.map(Bytes))
}

/// `eavstoreUpdate(tx, store, uid, record)`
fn update<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), uid, record) = (place::<EavStore>(call)?, item(call, 2, "uid")?, record(call, 3)?);
    call.environment().executor.run(call, Box::pin(async move { store.update(&tx, &uid, &record).await }))
}

/// `eavstoreChange(tx, store, uid, record, removed)`: `removed` is a packed tuple of attributes.
fn change<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), uid) = (place::<EavStore>(call)?, item(call, 2, "uid")?);
    let mut changes: BTreeMap<String, Option<Element>> =
        record(call, 3)?.into_iter().map(|(attribute, value)| (attribute, Some(value))).collect();
    for attribute in items(call, 4, "removed")? {
        changes.insert(text(Some(attribute), "removed")?, None);
    }
    call.environment().executor.run(call, Box::pin(async move { store.change(&tx, &uid, &changes).await }))
}

/// `eavstoreRemove(tx, store, uid)`: whether there was one.
fn remove<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), uid) = (place::<EavStore>(call)?, item(call, 2, "uid")?);
    let work = Box::pin(async move { store.remove(&tx, &uid).await });
    call.environment().executor.run_mapped(call, work, |existed| Plain(Flag(existed)))
}

/// Conditions from a packed tuple: for each, the attribute, a number of terms, and that many operators and values.
fn conditions(call: &Call<'_>) -> Result<BTreeMap<String, Condition>> {
    let mut items = items(call, 2, "conditions")?.into_iter();
    let mut conditions = BTreeMap::new();
    while let Some(attribute) = items.next() {
        let Some(Element::Int(terms)) = items.next() else { return Err(wrong("conditions")) };
        let mut condition = Condition::Exists;
        let (mut lower, mut upper) = (Bound::Unbounded, Bound::Unbounded);
        for _ in 0..terms {
            let operator = text(items.next(), "conditions")?;
            let value = items.next().ok_or_else(|| wrong("conditions"))?;
            match &operator[..] {
                "eq" => condition = Condition::Equals(value),
                "gt" => lower = Bound::Excluded(value),
                "gte" => lower = Bound::Included(value),
                "lt" => upper = Bound::Excluded(value),
                "lte" => upper = Bound::Included(value),
                _ => return Err(wrong("conditions")),
            }
        }
        if (&lower, &upper) != (&Bound::Unbounded, &Bound::Unbounded) {
            condition = Condition::Between(lower, upper);
        }
        conditions.insert(text(Some(attribute), "conditions")?, condition);
    }
    Ok(conditions)
}

/// `eavstoreQuery(tx, store, conditions, snapshot)`: the first block.
fn query<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), conditions) = (place::<EavStore>(call)?, conditions(call)?);
    let tx = if call.boolean(3, "snapshot")? { tx.snapshot() } else { tx };
    read(call, async move { store.query(&tx, &conditions).await })
}

/// `eavstoreNext(tx, next)`: the block that an earlier one has announced.
fn next<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let number = call.integer(1, "next", 1, u32::MAX.into())? as usize;
    let query = Slot::argument(call)?.finds.take(number);
    let query = query.ok_or_else(|| Failure::Range("next: no query of that number is being read".to_owned()))?;
    read(call, async move { Ok(query) })
}

/// `eavstoreEnd(tx, next)`: no more blocks are wanted.
fn end<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let number = call.integer(1, "next", 1, u32::MAX.into())? as usize;
    drop(Slot::argument(call)?.finds.take(number));
    call.js().undefined()
}

/// Reads the next block. Until it has come the query is in nobody's reach, so that two blocks of one query cannot be
/// asked for at a time.
fn read<'call>(
    call: &Call<'call>,
    query: impl Future<Output = found::Result<Query>> + 'static,
) -> Result<Value<'call>> {
    let slot = Slot::argument(call)?;
    let reading = Box::pin(async move {
        let mut query = query.await?;
        let block = query.next_block().await?;
        Ok((block, query))
    });
    call.environment().executor.run_mapped(call, reading, move |(block, query)| match block {
        Some(uids) => Bytes(headed(slot.keep(&slot.finds, query), uids)),
        None => Bytes(headed(0, Uids::default())),
    })
}

fn headed(next: usize, uids: Uids) -> Vec<u8> {
    [&(next as u32).to_le_bytes()[..], &uids.into_packed()].concat()
}

/// `eavstoreVerify(db, store, repair)`: attributes, entries, stale, missing.
fn verify<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let database = call.handle::<Database>(0, "db")?.clone();
    let store = call.handle::<Shared>(1, "store")?.clone();
    let repair = call.boolean(2, "repair")?;
    let work = Box::pin(async move { store.verify(&database, repair).await });
    call.environment().executor.run_mapped(call, work, |verified| Plain(Counts(verified)))
}

struct Counts(Verified);

impl ToValue for Counts {
    fn to_value<'call>(self, js: Js) -> Result<Value<'call>> {
        let Counts(Verified { attributes, entries, stale, missing }) = self;
        let array = js.array(4)?;
        for (index, count) in [attributes, entries, stale, missing].into_iter().enumerate() {
            js.set_element(array, index as u32, js.number(count as f64)?)?;
        }
        Ok(array)
    }
}
