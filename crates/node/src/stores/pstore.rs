//! The inverted index.
//!
//! Hits cross in one piece of memory: their number (32 bits), their scores (64-bit floats, little-endian both) and then
//! their docuids, packed.

use super::arguments::{Flag, item, items, place, wrong};
use crate::call::{Call, Export};
use crate::failure::Result;
use crate::handle::{Handle, Held};
use crate::js::Value;
use crate::reply::{Bytes, Plain};
use found::stores::pstore::{Hit, PStore, Ranking};
use found::tuple::{Element, Packer};
use std::rc::Rc;

/// An operation under way may outlast the handle, so the store is shared with it.
type Shared = Rc<PStore>;

impl Held for Shared {}

/// What this module gives the facade.
pub const EXPORTS: &[Export] = &[
    Export { name: c"pstoreMake", run: make },
    Export { name: c"pstoreIndex", run: index },
    Export { name: c"pstoreCounter", run: counter },
    Export { name: c"pstoreRemove", run: remove },
    Export { name: c"pstoreSearch", run: search },
];

/// `pstoreMake(name, prefix, statistics)`: `prefix` is a packed tuple.
fn make<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let store = PStore::make(call.text(0, "name")?, &items(call, 1, "prefix")?)?;
    let store = if call.boolean(2, "statistics")? { store.with_statistics() } else { store };
    Handle::make(call.js(), Rc::new(store))
}

/// `pstoreIndex(tx, store, docuid, counter)`: `counter` is a packed tuple of word and count by turns.
fn index<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), docuid) = (place::<PStore>(call)?, item(call, 2, "docuid")?);
    let mut counter = Vec::new();
    let mut items = items(call, 3, "counter")?.into_iter();
    while let Some(word) = items.next() {
        match (word, items.next()) {
            (Element::String(word), Some(Element::Int(count))) => counter.push((word, count)),
            _ => return Err(wrong("counter")),
        }
    }
    call.environment().executor.run(call, Box::pin(async move { store.index(&tx, &docuid, &counter).await }))
}

/// `pstoreCounter(tx, store, docuid)`: a packed tuple of word and count by turns.
fn counter<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), docuid) = (place::<PStore>(call)?, item(call, 2, "docuid")?);
    let work = Box::pin(async move {
        let Some(counter) = store.counter(&tx, &docuid).await? else { return Ok(None) };
        let mut packer = Packer::new();
        for (word, count) in &counter {
            packer.string(word).int(*count);
        }
        Ok(Some(packer.finish()?))
    });
    call.environment().executor.run_mapped(call, work, |counter| counter.map(Bytes))
}

/// `pstoreRemove(tx, store, docuid)`: whether there was one.
fn remove<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), docuid) = (place::<PStore>(call)?, item(call, 2, "docuid")?);
    let work = Box::pin(async move { store.remove(&tx, &docuid).await });
    call.environment().executor.run_mapped(call, work, |existed| Plain(Flag(existed)))
}

/// `pstoreSearch(tx, store, words, limit, bm25, snapshot)`: `words` is a packed tuple.
fn search<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (tx, store) = place::<PStore>(call)?;
    let tx = if call.boolean(5, "snapshot")? { tx.snapshot() } else { tx };
    let word = |item| match item {
        Element::String(word) => Ok(word),
        _ => Err(wrong("keywords")),
    };
    let words = items(call, 2, "keywords")?.into_iter().map(word).collect::<Result<Vec<String>>>()?;
    let limit = call.integer(3, "limit", 0, i32::MAX.into())? as usize;
    let ranking = if call.boolean(4, "ranking")? { Ranking::Bm25 } else { Ranking::Count };
    let work = Box::pin(async move {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        store.search(&tx, &words, limit, ranking).await
    });
    call.environment().executor.run_mapped(call, work, |hits| Bytes(flat(&hits)))
}

fn flat(hits: &[Hit]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4 + hits.iter().map(|hit| 8 + hit.docuid_packed().len()).sum::<usize>());
    bytes.extend_from_slice(&(hits.len() as u32).to_le_bytes());
    for hit in hits {
        bytes.extend_from_slice(&hit.score.to_le_bytes());
    }
    for hit in hits {
        bytes.extend_from_slice(hit.docuid_packed());
    }
    bytes
}
