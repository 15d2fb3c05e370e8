//! The tuple store.

use super::blocks::{self, Blocks};
use crate::call::{Call, Export, Room};
use crate::failure::Result;
use crate::handle::{Handle, Held};
use crate::js::Value;
use crate::reply::{Bytes, Plain, Size};
use crate::transaction::Slot;
use found::client::Transaction;
use found::stores::nstore::{self, Block, Explained, NStore, QueryOptions};
use found::tuple::{Element, pack, unpack};

impl Held for NStore {}

/// What this module gives the facade.
pub const EXPORTS: &[Export] = &[
    Export { name: c"nstoreMake", run: make },
    Export { name: c"nstoreAdd", run: add },
    Export { name: c"nstoreRemove", run: remove },
    Export { name: c"nstoreGet", run: get },
    Export { name: c"nstoreQuery", run: query },
    Export { name: c"nstoreCount", run: count },
    Export { name: c"nstoreOrder", run: order },
    Export { name: c"nstoreExplain", run: explain },
    Export { name: c"nextBlock", run: blocks::next_block },
    Export { name: c"endQuery", run: blocks::end_query },
];

fn store<'call>(call: &Call<'call>) -> Result<&'call NStore> {
    call.handle(1, "store")
}

fn transaction(call: &Call<'_>) -> Result<Transaction> {
    Slot::argument(call)?.with(|tx| Ok(tx.clone()))
}

/// `nstoreMake(name, prefix, columns)`: `prefix` is a packed tuple.
fn make<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let mut room = Room::new();
    let prefix = unpack(call.bytes(1, "prefix", &mut room)?).map_err(found::Error::from)?;
    let columns = call.integer(2, "columns", 1, nstore::COLUMNS_MAX as i64)? as usize;
    Handle::make(call.js(), NStore::make(&call.text(0, "name")?, &prefix, columns)?)
}

/// `nstoreAdd(tx, store, items, value)`: `items` is a packed tuple, here as everywhere.
fn add<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (mut room, mut value_room) = (Room::new(), Room::new());
    let items = call.bytes(2, "items", &mut room)?;
    let value = call.bytes(3, "value", &mut value_room)?;
    let store = store(call)?;
    Slot::argument(call)?.with(|tx| Ok(nstore::add_packed(tx, store, items, value)?))?;
    call.js().undefined()
}

/// `nstoreRemove(tx, store, items)`
fn remove<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let mut room = Room::new();
    let items = call.bytes(2, "items", &mut room)?;
    let store = store(call)?;
    Slot::argument(call)?.with(|tx| Ok(nstore::remove_packed(tx, store, items)?))?;
    call.js().undefined()
}

/// `nstoreGet(tx, store, items)`
fn get<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let mut room = Room::new();
    let items = call.bytes(2, "items", &mut room)?;
    let store = store(call)?;
    let read = Slot::argument(call)?.with(|tx| Ok(nstore::get_packed(tx, store, items)?))?;
    call.environment().executor.run_mapped(call, read, |value| value.map(Bytes))
}

/// `nstoreQuery(tx, store, patterns, names, rows, seed, values, snapshot)`: the first block. `seed` has `rows` rows of
/// what the variables called `names` stand for.
fn query<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let patterns = blocks::patterns(call.bytes(2, "patterns", &mut Room::new())?)?;
    let names = blocks::names(call.bytes(3, "names", &mut Room::new())?)?;
    let rows = call.integer(4, "rows", 0, u32::MAX.into())? as usize;
    let seed = Block::from_packed(names.len(), rows, call.bytes(5, "seed", &mut Room::new())?)?;
    let options = QueryOptions { values: call.boolean(6, "values")?, snapshot: call.boolean(7, "snapshot")? };
    let store = store(call)?;
    let query =
        Slot::argument(call)?.with(|tx| Ok(nstore::query_from(tx, store, &names, seed, &patterns, options)?))?;
    blocks::read(call, Blocks::Query(query))
}

/// `nstoreCount(tx, store, patterns, snapshot)`
fn count<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let patterns = blocks::patterns(call.bytes(2, "patterns", &mut Room::new())?)?;
    let options = QueryOptions { values: false, snapshot: call.boolean(3, "snapshot")? };
    let (tx, store) = (transaction(call)?, store(call)?.clone());
    let counting = Box::pin(async move { nstore::count(&tx, &store, &patterns, options).await });
    call.environment().executor.run_mapped(call, counting, |rows| Plain(Size(rows as i64)))
}

/// `nstoreOrder(tx, store, patterns)`: the numbers of the patterns in the order that is cheapest, as a packed tuple.
fn order<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let patterns = blocks::patterns(call.bytes(2, "patterns", &mut Room::new())?)?;
    let (tx, store) = (transaction(call)?, store(call)?.clone());
    let planning = Box::pin(async move {
        let order = nstore::reorder(&tx, &store, &patterns).await?;
        Ok(pack(&numbers(order.into_iter().map(|number| number as u64)))?)
    });
    call.environment().executor.run_mapped(call, planning, Bytes)
}

/// `nstoreExplain(tx, store, patterns, reorder, run)`: a packed tuple of a nested one for each step: pattern, index,
/// columns, known, estimated, and, if it was run, rows and reads.
fn explain<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let patterns = blocks::patterns(call.bytes(2, "patterns", &mut Room::new())?)?;
    let (reorder, run) = (call.boolean(3, "reorder")?, call.boolean(4, "run")?);
    let (tx, store) = (transaction(call)?, store(call)?.clone());
    let explaining = Box::pin(async move {
        let Explained { steps } = nstore::explain(&tx, &store, &patterns, reorder, run).await?;
        let step = |step: nstore::ExplainedStep| {
            let actual = step.actual.into_iter().flat_map(|(rows, reads)| [rows, reads]);
            let mut items = numbers([step.pattern as u64, step.index as u64].into_iter());
            items.push(Element::Tuple(numbers(step.columns.into_iter().map(|column| column as u64))));
            items.extend(numbers([step.known as u64, step.estimated].into_iter().chain(actual)));
            Element::Tuple(items)
        };
        Ok(pack(&steps.into_iter().map(step).collect::<Vec<_>>())?)
    });
    call.environment().executor.run_mapped(call, explaining, Bytes)
}

fn numbers(numbers: impl Iterator<Item = u64>) -> Vec<Element> {
    numbers.map(Element::from).collect()
}
