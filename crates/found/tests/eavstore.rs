//! The entity-attribute-value store: its rows, its limits, its index.

#![allow(clippy::expect_used)]

mod support;

use found::Result;
use found::client::{Database, Transaction};
use found::stores::eavstore::{Condition, EavStore, Record, Verified};
use found::tuple::Element;
use std::collections::BTreeMap;
use support::stores::{counted, refusal, rows, run, scene_rows, try_run, tuple, uid, write_rows};
use support::{begin, code, memory};

fn store() -> EavStore {
    EavStore::make("records", &tuple(["records".into()])).expect("a good prefix").with_uids(counted())
}

fn record<const N: usize>(attributes: [(&str, Element); N]) -> Record {
    attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

async fn create(database: &Database, store: &EavStore, record: &Record) -> Element {
    run(database, |tx| async move { store.create(&tx, record, None).await }).await
}

async fn find(tx: &Transaction, store: &EavStore, conditions: &BTreeMap<String, Condition>) -> Result<Vec<Element>> {
    let mut query = store.query(tx, conditions).await?;
    let mut found = Vec::new();
    while let Some(uids) = query.next_block().await? {
        found.extend(uids.items()?);
    }
    Ok(found)
}

async fn equal(database: &Database, store: &EavStore, attribute: &str, value: impl Into<Element>) -> Vec<Element> {
    let conditions = &BTreeMap::from([(attribute.to_owned(), Condition::Equals(value.into()))]);
    run(database, |tx| async move { find(&tx, store, conditions).await }).await
}

#[tokio::test]
async fn writes_what_the_reference_writes() {
    let (database, store) = (memory().await, store());
    let alice = record([
        ("name", "Alice".into()),
        ("age", 42.into()),
        ("score", 1.5.into()),
        ("ok", true.into()),
        ("none", Element::Null),
        ("raw", vec![0_u8].into()),
        ("id", uid(9).into()),
        ("tags", Element::Tuple(tuple(["a".into(), "b".into()]))),
    ]);
    assert_eq!(create(&database, &store, &alice).await, uid(1).into());
    let bob = &record([("name", "Bob".into())]);
    let store = &store;
    run(&database, |tx| async move { store.create(&tx, bob, Some(uid(77).into())).await }).await;
    assert_eq!(rows(&database).await, scene_rows("eavstore, prefix"));
    let read = run(&database, |tx| async move { store.get(&tx, &uid(1).into()).await }).await;
    assert_eq!(read, Some(alice));
}

#[tokio::test]
async fn an_update_and_a_removal_leave_nothing_behind() {
    // The reference clears the wrong key of the index: what was updated or removed is still found there.
    let (database, store) = (memory().await, store());
    let alice = create(&database, &store, &record([("name", "Alice".into()), ("age", 42.into())])).await;
    let bob = create(&database, &store, &record([("name", "Bob".into())])).await;
    {
        let (store, alice, bob) = (&store, &alice, &bob);
        run(&database, |tx| async move {
            store.update(&tx, alice, &record([("name", "Alicia".into())])).await?;
            assert!(store.remove(&tx, bob).await?);
            assert!(!store.remove(&tx, bob).await?);
            Ok(())
        })
        .await;
    }
    assert_eq!(equal(&database, &store, "name", "Alice").await, []);
    assert_eq!(equal(&database, &store, "age", 42).await, []);
    assert_eq!(equal(&database, &store, "name", "Bob").await, []);
    assert_eq!(equal(&database, &store, "name", "Alicia").await, [alice]);
    assert_eq!(rows(&database).await.len(), 2);
}

#[tokio::test]
async fn what_the_reference_left_behind_is_found_and_cleaned() {
    let (database, store) = (memory().await, store());
    write_rows(&database, &scene_rows("eavstore: what")).await;
    assert_eq!(equal(&database, &store, "name", "Bob").await, [uid(2).into()], "as the reference finds it");
    let found = Verified { attributes: 1, entries: 4, stale: 3, missing: 0 };
    assert_eq!(store.verify(&database, false).await, Ok(found));
    assert_eq!(store.verify(&database, true).await, Ok(found));
    assert_eq!(store.verify(&database, true).await, Ok(Verified { entries: 1, stale: 0, ..found }));
    assert_eq!(equal(&database, &store, "name", "Bob").await, []);
    assert_eq!(equal(&database, &store, "name", "Alicia").await, [uid(1).into()]);

    let index = rows(&database).await.pop().expect("the entry").0;
    run(&database, |tx| {
        let index = index.clone();
        async move { tx.clear(&index) }
    })
    .await;
    let found = Verified { attributes: 1, entries: 0, stale: 0, missing: 1 };
    assert_eq!(store.verify(&database, true).await, Ok(found));
    assert_eq!(equal(&database, &store, "name", "Alicia").await, [uid(1).into()]);
}

#[tokio::test]
async fn equality_is_exact() {
    let (database, store) = (memory().await, store());
    let nested = |items: &[Element]| Element::Tuple(items.to_vec());
    let values: Vec<Element> = vec![
        "a".into(),
        "a\0".into(),
        "a\0b".into(),
        "ab".into(),
        Vec::<u8>::new().into(),
        vec![0x61].into(),
        vec![0x61, 0].into(),
        vec![0x61, 0, 0xff].into(),
        nested(&[]),
        nested(&[1.into()]),
        nested(&[1.into(), Element::Null]),
        nested(&[1.into(), Element::Null, 2.into()]),
        1.into(),
        1.0.into(),
        1.0_f32.into(),
        Element::Null,
        false.into(),
    ];
    let mut uids = Vec::new();
    for value in &values {
        uids.push(create(&database, &store, &record([("v", value.clone())])).await);
        // An attribute whose name goes on is another one as well.
        create(&database, &store, &record([("v\0", value.clone())])).await;
    }
    for (value, uid) in values.iter().zip(uids) {
        assert_eq!(equal(&database, &store, "v", value.clone()).await, [uid], "value={value:?}");
    }
}

#[tokio::test]
async fn a_value_too_large_is_refused_by_its_attribute_before_anything_is_written() {
    let (database, store) = (memory().await, store());
    let cases = [
        (Element::String("x".repeat(9_930)), true),
        (Element::String("x".repeat(10_050)), false),
        (Element::Bytes(vec![0; 6_000]), false),
        (Element::Bytes(vec![0; 4_900]), true),
    ];
    for (value, fits) in cases {
        let bio = &record([("age", 1.into()), ("bio", value)]);
        let store = &store;
        let created = try_run(&database, |tx| async move { store.create(&tx, bio, None).await }).await;
        if fits {
            let uid = &created.expect("it fits");
            run(&database, |tx| async move { store.remove(&tx, uid).await }).await;
        } else {
            let (code, words) = refusal(created);
            assert_eq!(code, "FOUND_EAVSTORE_LIMIT");
            assert!(words.contains("attribute \"bio\" in the index"), "{words}");
            assert!(words.contains("limit=10000"), "{words}");
        }
        assert_eq!(rows(&database).await, []);
    }
    let tx = begin(&database);
    let many: Record = (0..1100).map(|n| (n.to_string(), Element::String("x".repeat(9_000)))).collect();
    let (code, _) = refusal(store.create(&tx, &many, None).await);
    assert_eq!(code, "FOUND_EAVSTORE_LIMIT");
    assert!(!tx.has_written());
}

#[tokio::test]
async fn only_what_changes_is_written() {
    let (database, store) = (memory().await, store());
    let before = record([("a", 1.into()), ("b", 2.into()), ("c", 3.into())]);
    let uid = create(&database, &store, &before).await;
    let tx = begin(&database);
    store.update(&tx, &uid, &before).await.expect("readable");
    assert!(!tx.has_written(), "nothing changes");

    // Who writes another attribute of the index at the same time is not in conflict: it is not touched.
    let (one, two) = (begin(&database), begin(&database));
    let change = |name: &str, value: Option<i32>| BTreeMap::from([(name.to_owned(), value.map(Element::from))]);
    store.change(&one, &uid, &change("a", Some(10))).await.expect("readable");
    store.change(&two, &uid, &change("b", None)).await.expect("readable");
    assert_eq!(one.commit().await, Ok(()));
    assert_eq!(code(two.commit().await), Some(1020), "it has read what the other wrote");
    let store = &store;
    let uid = &uid;
    run(&database, |tx| async move {
        store.change(&tx, uid, &BTreeMap::from([("b".into(), None), ("d".into(), Some(4.into()))])).await?;
        let after = record([("a", 10.into()), ("c", 3.into()), ("d", 4.into())]);
        assert_eq!(store.get(&tx, uid).await?, Some(after));
        Ok(())
    })
    .await;
    assert_eq!(store.verify(&database, false).await, Ok(Verified { attributes: 3, entries: 3, stale: 0, missing: 0 }));
}

#[tokio::test]
async fn a_uid_is_given_to_one_record_only() {
    let (database, store) = (memory().await, store());
    let (store, bob) = (&store, &record([("name", "Bob".into())]));
    let create = |tx: Transaction| async move { store.create(&tx, bob, Some("bob".into())).await };
    assert_eq!(run(&database, create).await, "bob".into());
    assert_eq!(refusal(try_run(&database, create).await).0, "FOUND_EAVSTORE_EXISTS");
    assert_eq!(equal(&database, store, "name", "Bob").await, ["bob".into()]);
}

#[tokio::test]
async fn updates_at_a_time_in_one_transaction_are_one_after_the_other() {
    let (database, store) = (memory().await, store());
    let uid = create(&database, &store, &record([("name", "Alice".into())])).await;
    let tx = begin(&database);
    let (one, two) = (record([("name", "Bea".into())]), record([("name", "Cleo".into())]));
    let (one, two) = tokio::join!(store.update(&tx, &uid, &one), store.update(&tx, &uid, &two));
    assert_eq!((one, two), (Ok(()), Ok(())));
    tx.commit().await.expect("nothing else writes");
    assert_eq!(rows(&database).await.len(), 2);
    assert_eq!(store.verify(&database, false).await, Ok(Verified { attributes: 1, entries: 1, stale: 0, missing: 0 }));
}
