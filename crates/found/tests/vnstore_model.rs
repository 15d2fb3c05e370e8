//! Under random changes, prepared side by side and applied in any order, every state is what sets of tuples are.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use found::client::{Database, Transaction};
use found::stores::nstore::Term;
use found::stores::vnstore::{ApplyOptions, AsOf, OnConflict, Point, ReadOptions, VnStore};
use found::tuple::{Element, Uuid};
use found::{Error, Result};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use support::memory;
use support::stores::{run, try_run};

/// The tuples are small numbers, the changes numbered as they are created.
#[derive(Clone, Debug)]
enum Step {
    Create,
    Add(usize, i64),
    Remove(usize, i64),
    Apply(usize, bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Create),
        4 => (0usize..5, 0i64..5).prop_map(|(change, tuple)| Step::Add(change, tuple)),
        4 => (0usize..5, 0i64..5).prop_map(|(change, tuple)| Step::Remove(change, tuple)),
        2 => (0usize..5, any::<bool>()).prop_map(|(change, refuse)| Step::Apply(change, refuse)),
    ]
}

type Alive = BTreeSet<i64>;

/// A change of the model: what it does, and how many changes had been applied when it was created.
#[derive(Clone, Debug, Default)]
struct Change {
    does: BTreeMap<i64, bool>,
    created: usize,
    applied: bool,
}

fn after(alive: &Alive, change: &Change) -> Alive {
    let mut alive = alive.clone();
    for (tuple, adds) in &change.does {
        if *adds {
            alive.insert(*tuple)
        } else {
            alive.remove(tuple)
        };
    }
    alive
}

fn items(tuple: i64) -> Vec<Element> {
    // Two tuples of which one begins like the other.
    vec![Element::from(if tuple == 0 { "t\0" } else { "t" }), tuple.into()]
}

async fn read(tx: &Transaction, store: &VnStore, options: ReadOptions) -> Result<Alive> {
    let mut query = store.query(tx, &[vec![Term::var("name"), Term::var("tuple")]], options).await?;
    let mut alive = Vec::new();
    while let Some(block) = query.next_block().await? {
        alive.extend(block.rows().map(|row| number(&row.elements().unwrap()[1])));
    }
    let set: Alive = alive.iter().copied().collect();
    assert_eq!(set.len(), alive.len(), "each tuple comes once");
    Ok(set)
}

fn number(item: &Element) -> i64 {
    match item {
        Element::Int(number) => *number,
        other => panic!("{other:?}"),
    }
}

async fn alive(db: &Database, store: &VnStore, options: ReadOptions) -> Alive {
    run(db, |tx| async move { read(&tx, store, options).await }).await
}

async fn difference(db: &Database, store: &VnStore, from: Point, to: Point) -> BTreeMap<i64, bool> {
    run(db, |tx| async move {
        let mut diff = store.diff(&tx, from, to).await?;
        let mut rows = BTreeMap::new();
        while let Some(block) = diff.next_block().await? {
            for row in block.rows() {
                let items = row.elements()?;
                let before = rows.insert(number(&items[1]), items[2] == Element::Bool(true));
                assert!(before.is_none(), "each tuple comes once");
            }
        }
        Ok(rows)
    })
    .await
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_state_is_a_set(steps in vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let db = memory().await;
            let store = &VnStore::make("model", &["model".into()], &["name", "tuple"]).unwrap();
            let mut changes: Vec<(Uuid, Change)> = Vec::new();
            // What was applied, and the state after it.
            let mut states: Vec<(Uuid, Alive, Change)> = Vec::new();
            let head = |states: &Vec<(Uuid, Alive, Change)>| states.last().map_or_else(Alive::new, |state| state.1.clone());
            for step in steps {
                match step {
                    Step::Create => {
                        let uid = run(&db, |tx| async move { store.create(&tx).await }).await;
                        changes.push((uid, Change { created: states.len(), ..Change::default() }));
                    }
                    Step::Add(at, tuple) => {
                        let Some((uid, change)) = changes.get_mut(at) else { continue };
                        let uid = *uid;
                        let added =
                            try_run(&db, |tx| async move { store.add(&tx, uid, &items(tuple), b"").await }).await;
                        prop_assert_eq!(added.is_ok(), !change.applied);
                        if !change.applied {
                            change.does.insert(tuple, true);
                        }
                    }
                    Step::Remove(at, tuple) => {
                        let before = head(&states);
                        let Some((uid, change)) = changes.get_mut(at) else { continue };
                        let uid = *uid;
                        let removed =
                            try_run(&db, |tx| async move { store.remove(&tx, uid, &items(tuple)).await }).await;
                        prop_assert_eq!(removed.is_ok(), !change.applied);
                        if let Ok(removed) = removed {
                            let alive = after(&before, change).contains(&tuple);
                            prop_assert_eq!(removed, alive);
                            if before.contains(&tuple) && alive {
                                change.does.insert(tuple, false);
                            } else if alive {
                                change.does.remove(&tuple);
                            }
                        }
                    }
                    Step::Apply(at, refuse) => {
                        let before = head(&states);
                        let Some((uid, change)) = changes.get_mut(at) else { continue };
                        let uid = *uid;
                        let on_conflict = if refuse { OnConflict::Error } else { OnConflict::Overwrite };
                        let outcome = try_run(&db, |tx| async move {
                            store.apply(&tx, uid, ApplyOptions { on_conflict }).await
                        })
                        .await;
                        let since = &states[change.created..];
                        let conflicts = since.iter().any(|(_, _, other)| {
                            other.does.keys().any(|tuple| change.does.contains_key(tuple))
                        });
                        let code = match &outcome {
                            Ok(_) => "",
                            Err(Error::Store(error)) => error.code,
                            Err(other) => panic!("{other}"),
                        };
                        let expected = match () {
                            () if change.applied => "FOUND_VNSTORE_APPLIED",
                            () if refuse && conflicts => "FOUND_VNSTORE_CONFLICT",
                            () => "",
                        };
                        prop_assert_eq!(code, expected);
                        if outcome.is_ok() {
                            change.applied = true;
                            let state = after(&before, change);
                            let change = change.clone();
                            states.push((uid, state, change));
                        }
                    }
                }
            }
            let now = head(&states);
            prop_assert_eq!(&alive(&db, store, ReadOptions::default()).await, &now);
            for (uid, state, _) in &states {
                let options = ReadOptions { as_of: Some(AsOf::Id(*uid)), ..ReadOptions::default() };
                prop_assert_eq!(&alive(&db, store, options).await, state);
                for tuple in 0..5 {
                    let asked = run(&db, |tx| async move { store.ask(&tx, &items(tuple), options).await }).await;
                    prop_assert_eq!(asked, state.contains(&tuple));
                }
                let difference = difference(&db, store, Point::AsOf(AsOf::Id(*uid)), Point::Head).await;
                let expected: BTreeMap<i64, bool> =
                    state.symmetric_difference(&now).map(|tuple| (*tuple, now.contains(tuple))).collect();
                prop_assert_eq!(difference, expected);
            }
            for (uid, change) in changes.iter().filter(|(_, change)| !change.applied) {
                let options = ReadOptions { pending: Some(*uid), ..ReadOptions::default() };
                prop_assert_eq!(alive(&db, store, options).await, after(&now, change));
            }
            Ok(())
        })?;
    }
}
