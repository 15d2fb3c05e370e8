//! What the tests of vnstore share: changes in one call, states as text.

#![allow(dead_code, clippy::panic, clippy::unwrap_used)]

use super::stores::run;
use found::client::Database;
use found::stores::nstore::Term;
use found::stores::vnstore::{ApplyOptions, AsOf, Diff, Point, ReadOptions, VnStore};
use found::tuple::{Element, Uuid};

/// The store of these tests.
pub fn make() -> VnStore {
    VnStore::make("versions", &["versions".into()], &["uid", "key", "value"]).unwrap()
}

/// A tuple of texts.
pub fn text(items: [&str; 3]) -> Vec<Element> {
    items.into_iter().map(Element::from).collect()
}

/// A change that adds some tuples and removes others, not applied.
pub async fn change(db: &Database, store: &VnStore, add: &[[&str; 3]], remove: &[[&str; 3]]) -> Uuid {
    run(db, |tx| async move {
        let change = store.create(&tx).await?;
        for items in add {
            store.add(&tx, change, &text(*items), b"").await?;
        }
        for items in remove {
            store.remove(&tx, change, &text(*items)).await?;
        }
        Ok(change)
    })
    .await
}

/// Applies a change.
pub async fn apply(db: &Database, store: &VnStore, change: Uuid) -> Uuid {
    run(db, |tx| async move { store.apply(&tx, change, ApplyOptions::default()).await }).await
}

/// A change that is applied at once.
pub async fn applied(db: &Database, store: &VnStore, add: &[[&str; 3]], remove: &[[&str; 3]]) -> Uuid {
    let change = change(db, store, add, remove).await;
    apply(db, store, change).await;
    change
}

/// All living tuples, as text.
pub async fn alive(db: &Database, store: &VnStore, options: ReadOptions) -> Vec<String> {
    let all = [vec![Term::var("a"), Term::var("b"), Term::var("c")]];
    let all = &all;
    let mut alive = run(db, |tx| async move {
        let mut query = store.query(&tx, all, options).await?;
        let mut found = Vec::new();
        while let Some(block) = query.next_block().await? {
            found.extend(block.rows().map(|row| joined(&row.elements().unwrap())));
        }
        Ok(found)
    })
    .await;
    alive.sort();
    alive
}

/// A tuple as text.
pub fn joined(items: &[Element]) -> String {
    let item = |item: &Element| match item {
        Element::String(text) => text.clone(),
        other => format!("{other:?}"),
    };
    items.iter().map(item).collect::<Vec<_>>().join(" ")
}

/// Reads a state of the past.
pub fn as_of(change: Uuid) -> ReadOptions {
    ReadOptions { as_of: Some(AsOf::Id(change)), ..ReadOptions::default() }
}

/// Reads with a pending change.
pub fn with_pending(change: Uuid) -> ReadOptions {
    ReadOptions { pending: Some(change), ..ReadOptions::default() }
}

/// Whether a tuple is alive.
pub async fn ask(db: &Database, store: &VnStore, items: [&str; 3], options: ReadOptions) -> bool {
    run(db, |tx| async move { store.ask(&tx, &text(items), options).await }).await
}

/// What is different in `to`, as text.
pub async fn difference(db: &Database, store: &VnStore, from: Point, to: Point) -> Vec<String> {
    run(db, |tx| async move {
        let mut diff: Diff = store.diff(&tx, from, to).await?;
        let mut found = Vec::new();
        while let Some(block) = diff.next_block().await? {
            found.extend(block.rows().map(|row| {
                let items = row.elements().unwrap();
                let alive = items[3] == Element::Bool(true);
                format!("{} {}", if alive { '+' } else { '-' }, joined(&items[..3]))
            }));
        }
        Ok(found)
    })
    .await
}

/// The state as of a change.
pub fn at(change: Uuid) -> Point {
    Point::AsOf(AsOf::Id(change))
}
