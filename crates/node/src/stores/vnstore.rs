//! The tuple store with a history.
//!
//! A state to read is undefined for the newest, else a packed tuple: a UUID for a change or a significance, an integer for a time
//! in milliseconds, the text `beginning` for before all.

use super::blocks::{self, Blocks};
use crate::call::{Call, Export, Room};
use crate::failure::{Failure, Result};
use crate::handle::{Handle, Held};
use crate::js::{Js, Kind, Value};
use crate::reply::{Bytes, Plain, ToValue};
use crate::transaction::Slot;
use found::client::Transaction;
use found::stores::nstore::Block;
use found::stores::vnstore::{ApplyOptions, AsOf, Event, OnConflict, Point, ReadOptions, VnStore};
use found::tuple::{Element, Uuid, pack, unpack};

impl Held for VnStore {}

/// What this module gives the facade.
pub const EXPORTS: &[Export] = &[
    Export { name: c"vnstoreMake", run: make },
    Export { name: c"vnstoreCreate", run: create },
    Export { name: c"vnstoreChange", run: change },
    Export { name: c"vnstoreList", run: list },
    Export { name: c"vnstoreContent", run: content },
    Export { name: c"vnstoreMessage", run: message },
    Export { name: c"vnstoreApply", run: apply },
    Export { name: c"vnstoreAdd", run: add },
    Export { name: c"vnstoreRemove", run: remove },
    Export { name: c"vnstoreGet", run: get },
    Export { name: c"vnstoreQuery", run: query },
    Export { name: c"vnstoreHistory", run: history },
    Export { name: c"vnstoreDiff", run: diff },
];

/// Whether something was so.
struct Flag(bool);

impl ToValue for Flag {
    fn to_value<'call>(self, js: Js) -> Result<Value<'call>> {
        js.boolean(self.0)
    }
}

/// The transaction and the store of the first two arguments.
fn place(call: &Call<'_>) -> Result<(Transaction, VnStore)> {
    let store = call.handle::<VnStore>(1, "store")?.clone();
    Ok((Slot::argument(call)?.with(|tx| Ok(tx.clone()))?, store))
}

fn uuid(call: &Call<'_>, index: usize, name: &str) -> Result<Uuid> {
    let mut room = Room::new();
    let bytes = call.bytes(index, name, &mut room)?.try_into();
    Ok(Uuid::from_bytes(bytes.map_err(|_| Failure::Range(format!("{name}: expected 16 bytes")))?))
}

fn point(call: &Call<'_>, index: usize, name: &str) -> Result<Point> {
    if call.js().kind(call.value(index))? == Kind::Undefined {
        return Ok(Point::Head);
    }
    let mut room = Room::new();
    let mut items = unpack(call.bytes(index, name, &mut room)?).map_err(found::Error::from)?;
    match items.pop() {
        Some(Element::Uuid(id)) => Ok(Point::AsOf(AsOf::Id(id))),
        Some(Element::Int(time)) => {
            Ok(u64::try_from(time).map_or(Point::Beginning, |time| Point::AsOf(AsOf::Time(time))))
        }
        Some(Element::String(word)) if word == "beginning" => Ok(Point::Beginning),
        Some(_) | None => Err(Failure::Type(format!("{name}: not packed as a state is"))),
    }
}

/// The options of a read, from three arguments: state, pending change or undefined, snapshot.
fn options(call: &Call<'_>, index: usize) -> Result<ReadOptions> {
    let as_of = match point(call, index, "asOf")? {
        Point::Head => None,
        Point::AsOf(as_of) => Some(as_of),
        Point::Beginning => Some(AsOf::Time(0)),
    };
    let pending = match call.js().kind(call.value(index + 1))? {
        Kind::Undefined => None,
        _ => Some(uuid(call, index + 1, "pending")?),
    };
    Ok(ReadOptions { as_of, pending, snapshot: call.boolean(index + 2, "snapshot")?, values: false })
}

fn optional<T: Into<Element>>(value: Option<T>) -> Element {
    value.map_or(Element::Null, Into::into)
}

/// `vnstoreMake(name, prefix, items)`: packed tuples.
fn make<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let prefix = unpack(call.bytes(1, "prefix", &mut Room::new())?).map_err(found::Error::from)?;
    let items = blocks::names(call.bytes(2, "items", &mut Room::new())?)?;
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    Handle::make(call.js(), VnStore::make(&call.text(0, "name")?, &prefix, &items)?)
}

/// `vnstoreCreate(tx, store)`: the 16 bytes of the change's id.
fn create<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (tx, store) = place(call)?;
    let work = Box::pin(async move { store.create(&tx).await });
    call.environment().executor.run_mapped(call, work, |change| Bytes(change.into_bytes()))
}

/// `vnstoreChange(tx, store, change)`: a packed tuple of significance and message, or undefined.
fn change<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), change) = (place(call)?, uuid(call, 2, "change")?);
    let work = Box::pin(async move {
        let change = store.change(&tx, change).await?;
        let packed = change.map(|change| pack(&[optional(change.significance), optional(change.message)]));
        Ok(packed.transpose()?)
    });
    call.environment().executor.run_mapped(call, work, |change| change.map(Bytes))
}

/// `vnstoreList(tx, store)`: the first block; a row has id, significance and message.
fn list<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (tx, store) = place(call)?;
    blocks::read(call, Blocks::Query(store.list(&tx)?))
}

/// `vnstoreContent(tx, store, change)`: the first block; a row has a tuple's items and whether it is added.
fn content<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), change) = (place(call)?, uuid(call, 2, "change")?);
    blocks::read(call, Blocks::Query(store.content(&tx, change)?))
}

/// `vnstoreMessage(tx, store, change, message?)`
fn message<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), change) = (place(call)?, uuid(call, 2, "change")?);
    let message = call.text_optional(3, "message")?;
    let work = Box::pin(async move { store.set_message(&tx, change, message.as_deref()).await });
    call.environment().executor.run(call, work)
}

/// `vnstoreApply(tx, store, change, refuse)`: the 16 bytes of the significance. `refuse` is what to do about conflicts.
fn apply<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), change) = (place(call)?, uuid(call, 2, "change")?);
    let on_conflict = if call.boolean(3, "refuse")? { OnConflict::Error } else { OnConflict::Overwrite };
    let work = Box::pin(async move { store.apply(&tx, change, ApplyOptions { on_conflict }).await });
    call.environment().executor.run_mapped(call, work, |significance| Bytes(significance.into_bytes()))
}

/// `vnstoreAdd(tx, store, change, items, value)`
fn add<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), change) = (place(call)?, uuid(call, 2, "change")?);
    let items = call.bytes(3, "items", &mut Room::new())?.to_vec();
    let value = call.bytes(4, "value", &mut Room::new())?.to_vec();
    let work = Box::pin(async move { store.add_packed(&tx, change, &items, &value).await });
    call.environment().executor.run(call, work)
}

/// `vnstoreRemove(tx, store, change, items)`: whether it was alive.
fn remove<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), change) = (place(call)?, uuid(call, 2, "change")?);
    let items = call.bytes(3, "items", &mut Room::new())?.to_vec();
    let work = Box::pin(async move { store.remove_packed(&tx, change, &items).await });
    call.environment().executor.run_mapped(call, work, |alive| Plain(Flag(alive)))
}

/// `vnstoreGet(tx, store, items, asOf, pending?, snapshot)`: the value, undefined if it is not alive.
fn get<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), options) = (place(call)?, options(call, 3)?);
    let items = call.bytes(2, "items", &mut Room::new())?.to_vec();
    let work = Box::pin(async move { store.get_packed(&tx, &items, options).await });
    call.environment().executor.run_mapped(call, work, |value| value.map(Bytes))
}

/// `vnstoreQuery(tx, store, patterns, names, rows, seed, values, asOf, pending?, snapshot)`: the first block.
fn query<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let patterns = blocks::patterns(call.bytes(2, "patterns", &mut Room::new())?)?;
    let names = blocks::names(call.bytes(3, "names", &mut Room::new())?)?;
    let rows = call.integer(4, "rows", 0, u32::MAX.into())? as usize;
    let seed = Block::from_packed(names.len(), rows, call.bytes(5, "seed", &mut Room::new())?)?;
    let options = ReadOptions { values: call.boolean(6, "values")?, ..options(call, 7)? };
    let (tx, store) = place(call)?;
    blocks::begin(
        call,
        async move { Ok(Blocks::Query(store.query_from(&tx, &names, seed, &patterns, options).await?)) },
    )
}

/// `vnstoreHistory(tx, store, items, asOf, pending?, snapshot)`: a packed tuple of a nested one for each change: id,
/// significance, message, whether it added, value.
fn history<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), options) = (place(call)?, options(call, 3)?);
    let items = call.bytes(2, "items", &mut Room::new())?.to_vec();
    let event = |event: Event| {
        Element::Tuple(vec![
            event.change.into(),
            optional(event.significance),
            optional(event.message),
            event.alive.into(),
            event.value.into(),
        ])
    };
    let work = Box::pin(async move {
        let events = store.history_packed(&tx, &items, options).await?;
        Ok(pack(&events.into_iter().map(event).collect::<Vec<_>>())?)
    });
    call.environment().executor.run_mapped(call, work, Bytes)
}

/// `vnstoreDiff(tx, store, from, to)`: the first block; a row has a tuple's items and whether it is alive in `to`.
fn diff<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), from, to) = (place(call)?, point(call, 2, "from")?, point(call, 3, "to")?);
    blocks::begin(call, async move { Ok(Blocks::Diff(Box::new(store.diff(&tx, from, to).await?))) })
}
