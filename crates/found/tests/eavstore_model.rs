//! The entity-attribute-value store against records in memory.

#![allow(clippy::expect_used)]

mod support;

use found::Result;
use found::client::{Database, Transaction};
use found::stores::eavstore::{Condition, EavStore, Record, Verified};
use found::tuple::{Element, pack};
use num_bigint::BigInt;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Bound;
use support::memory;
use support::stores::{run, tuple};

fn store() -> EavStore {
    EavStore::make("records", &tuple(["records".into()])).expect("a good prefix")
}

type Model = BTreeMap<i64, Record>;
type Conditions = BTreeMap<String, Condition>;

fn numbers() -> impl Strategy<Value = Element> {
    let edges = [0.0, -0.0, 0.5, -0.5, 1.0, 2.0, -1.0, 1e300, -1e300, 1e-310, f64::INFINITY, f64::NEG_INFINITY];
    let near = 1_i64 << 53;
    prop_oneof![
        (-3_i64..4).prop_map(Element::Int),
        (near - 2..near + 3).prop_map(Element::Int),
        (-near - 2..3 - near).prop_map(Element::Int),
        (60_u32..70, -1_i64..2).prop_map(|(bits, more)| Element::from_bigint((BigInt::from(1) << bits) + more)),
        Just(Element::from_bigint(BigInt::from(1) << 1100)),
        Just(Element::from_bigint(BigInt::from(-1) << 1100)),
        proptest::sample::select(edges.to_vec()).prop_map(Element::Double),
        proptest::sample::select(edges.to_vec()).prop_map(|value| Element::Float(value as f32)),
        (near - 2..near + 3).prop_map(|value| Element::Double(value as f64)),
        (-8_i32..9).prop_map(|quarters| Element::Double(f64::from(quarters) / 4.0)),
        any::<f32>().prop_filter("a number", |value| !value.is_nan()).prop_map(Element::Float),
        any::<f64>().prop_filter("a number", |value| !value.is_nan()).prop_map(Element::Double),
    ]
}

fn texts() -> impl Strategy<Value = Element> {
    let texts = ["", "a", "a\0", "a\0b", "ab", "b", "\u{e000}", "\u{10000}"];
    proptest::sample::select(texts.to_vec()).prop_map(Element::from)
}

fn values() -> impl Strategy<Value = Element> {
    prop_oneof![
        numbers(),
        texts(),
        any::<bool>().prop_map(Element::Bool),
        Just(Element::Null),
        proptest::collection::vec(0_u8..2, 0..3).prop_map(Element::Bytes),
        proptest::collection::vec((0_i64..3).prop_map(Element::Int), 0..3).prop_map(Element::Tuple),
    ]
}

fn attributes() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["a", "b", "a\0", "c"]).prop_map(str::to_owned)
}

fn records() -> impl Strategy<Value = Record> {
    proptest::collection::btree_map(attributes(), values(), 0..4)
}

fn bounds(of: impl Strategy<Value = Element>) -> impl Strategy<Value = Bound<Element>> {
    (of, 0..3).prop_map(|(item, kind)| match kind {
        0 => Bound::Included(item),
        1 => Bound::Excluded(item),
        _ => Bound::Unbounded,
    })
}

fn ranges() -> impl Strategy<Value = Condition> {
    let pair = prop_oneof![(bounds(numbers()), bounds(numbers())), (bounds(texts()), bounds(texts()))];
    pair.prop_filter("one bound at least", |pair| *pair != (Bound::Unbounded, Bound::Unbounded))
        .prop_map(|(lower, upper)| Condition::Between(lower, upper))
}

fn conditions() -> impl Strategy<Value = Conditions> {
    let one = prop_oneof![values().prop_map(Condition::Equals), ranges(), Just(Condition::Exists)];
    proptest::collection::btree_map(attributes(), one, 1..4)
}

/// How two items are ordered where a range is asked for; nothing if they are of different types.
fn compare(one: &Element, other: &Element) -> Option<Ordering> {
    fn exact(item: &Element) -> Option<(Option<BigInt>, f64)> {
        match item {
            Element::Int(value) => Some((Some((*value).into()), 0.0)),
            Element::BigInt(value) => Some((Some(value.clone()), 0.0)),
            Element::Double(value) => Some((None, *value)),
            Element::Float(value) => Some((None, (*value).into())),
            _ => None,
        }
    }
    /// Compares an integer with a float, by their values times 2^1074, which are integers both.
    fn mixed(integer: &BigInt, float: f64) -> Ordering {
        if float.is_infinite() {
            return if float > 0.0 { Ordering::Less } else { Ordering::Greater };
        }
        let bits = float.abs().to_bits();
        let (exponent, fraction) = ((bits >> 52) as u32, bits & ((1 << 52) - 1));
        let scaled = if exponent == 0 { fraction.into() } else { BigInt::from(fraction | 1 << 52) << (exponent - 1) };
        let scaled = if float < 0.0 { -scaled } else { scaled };
        (integer.clone() << 1074_u32).cmp(&scaled)
    }
    match (exact(one), exact(other)) {
        (Some((Some(a), _)), Some((Some(b), _))) => Some(a.cmp(&b)),
        (Some((None, a)), Some((None, b))) => a.partial_cmp(&b),
        (Some((Some(a), _)), Some((None, b))) => Some(mixed(&a, b)),
        (Some((None, a)), Some((Some(b), _))) => Some(mixed(&b, a).reverse()),
        (None, None) if std::mem::discriminant(one) == std::mem::discriminant(other) => Some(one.cmp(other)),
        _ => None,
    }
}

fn holds(condition: &Condition, value: &Element) -> bool {
    match condition {
        Condition::Exists => true,
        Condition::Equals(item) => item == value,
        Condition::Between(lower, upper) => {
            let within = |bound: &Bound<Element>, ordering: Ordering| match bound {
                Bound::Unbounded => None,
                Bound::Included(item) => {
                    Some(compare(value, item).is_some_and(|order| order == ordering || order.is_eq()))
                }
                Bound::Excluded(item) => Some(compare(value, item) == Some(ordering)),
            };
            // Of one bound, the other is of the same type and lets everything in.
            within(lower, Ordering::Greater).unwrap_or(true) && within(upper, Ordering::Less).unwrap_or(true)
        }
    }
}

async fn find(tx: &Transaction, store: &EavStore, conditions: &Conditions) -> Result<Vec<Element>> {
    let mut query = store.query(tx, conditions).await?;
    let mut found = Vec::new();
    while let Some(uids) = query.next_block().await? {
        found.extend(uids.items()?);
    }
    Ok(found)
}

async fn check(database: &Database, store: &EavStore, model: &Model, conditions: &Conditions) {
    let mut found = run(database, |tx| async move { find(&tx, store, conditions).await }).await;
    let fits = |record: &Record| {
        conditions.iter().all(|(name, condition)| record.get(name).is_some_and(|value| holds(condition, value)))
    };
    let expected = model.iter().filter(|(_, record)| fits(record)).map(|(uid, _)| Element::Int(*uid));
    if conditions.values().any(|condition| matches!(condition, Condition::Equals(_))) {
        assert!(found.is_sorted(), "by uid: {conditions:?}");
    }
    found.sort();
    assert_eq!(found, expected.collect::<Vec<_>>(), "conditions={conditions:?}");
}

#[derive(Clone, Debug)]
enum Step {
    Create(Record),
    Update(usize, Record),
    Change(usize, BTreeMap<String, Option<Element>>),
    Remove(usize),
    Find(Conditions),
}

fn steps() -> impl Strategy<Value = Step> {
    let change = proptest::collection::btree_map(attributes(), proptest::option::of(values()), 0..3);
    prop_oneof![
        4 => records().prop_map(Step::Create),
        2 => (any::<usize>(), records()).prop_map(|(which, record)| Step::Update(which, record)),
        2 => (any::<usize>(), change).prop_map(|(which, change)| Step::Change(which, change)),
        1 => any::<usize>().prop_map(Step::Remove),
        4 => conditions().prop_map(Step::Find),
    ]
}

#[test]
fn random_operations_do_what_they_do_to_records_in_memory() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut runner = TestRunner::new_with_rng(
        ProptestConfig { cases: 60, failure_persistence: None, ..Config::default() },
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let sequences = proptest::collection::vec(steps(), 1..80);
    runner
        .run(&sequences, |sequence| {
            runtime.block_on(follow(&sequence));
            Ok(())
        })
        .expect("as in memory");
}

async fn follow(sequence: &[Step]) {
    let (database, store) = (memory().await, &store());
    let mut model = Model::new();
    for (number, step) in sequence.iter().enumerate() {
        let pick = |which: &usize| model.keys().nth(which % model.len().max(1)).copied().unwrap_or(-1);
        match step {
            Step::Create(record) => {
                let uid = number as i64;
                run(&database, |tx| async move { store.create(&tx, record, Some(uid.into())).await }).await;
                model.insert(uid, record.clone());
            }
            Step::Update(which, record) => {
                let uid = pick(which);
                run(&database, |tx| async move { store.update(&tx, &uid.into(), record).await }).await;
                model.insert(uid, record.clone());
            }
            Step::Change(which, change) => {
                let uid = pick(which);
                run(&database, |tx| async move { store.change(&tx, &uid.into(), change).await }).await;
                let record = model.entry(uid).or_default();
                for (name, value) in change {
                    match value {
                        Some(value) => record.insert(name.clone(), value.clone()),
                        None => record.remove(name),
                    };
                }
            }
            Step::Remove(which) => {
                let uid = pick(which);
                let removed = run(&database, |tx| async move { store.remove(&tx, &uid.into()).await }).await;
                assert_eq!(model.remove(&uid).is_some(), removed);
            }
            Step::Find(conditions) => check(&database, store, &model, conditions).await,
        }
        // A record without attributes is not there.
        model.retain(|_, record| !record.is_empty());
    }
    for (uid, record) in &model {
        let read = run(&database, |tx| async move { store.get(&tx, &(*uid).into()).await }).await;
        assert_eq!(read.as_ref(), Some(record));
    }
    let attributes = model.values().map(|record| record.len() as u64).sum();
    let exact = Verified { attributes, entries: attributes, stale: 0, missing: 0 };
    assert_eq!(store.verify(&database, false).await, Ok(exact));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_index_is_exact_after_writers_at_a_time() {
    let (database, store) = (memory().await, store());
    let writers = (0..4_u64).map(|writer| {
        let (database, store) = (database.clone(), store.clone());
        tokio::spawn(async move {
            let mut random = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(writer + 1);
            for _ in 0..2_500 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let (uid, value, kind) =
                    (Element::Int((random >> 33) as i64 % 20), (random >> 40) % 5, (random >> 50) % 8);
                let record = Record::from([
                    ("value".to_owned(), Element::Int(value as i64)),
                    (format!("attribute {value}"), Element::Int(writer as i64)),
                ]);
                let (store, uid, record) = (&store, &uid, &record);
                run(&database, |tx| async move {
                    if kind == 0 {
                        store.remove(&tx, uid).await?;
                    } else {
                        store.update(&tx, uid, record).await?;
                    }
                    Ok(())
                })
                .await;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("no panic");
    }
    let verified = store.verify(&database, false).await.expect("readable");
    assert!(verified.attributes > 0);
    assert_eq!(verified, Verified { entries: verified.attributes, stale: 0, missing: 0, ..verified });
}

#[tokio::test]
async fn several_conditions_are_met_by_long_lists_and_short_ones() {
    let (database, store) = (memory().await, &store());
    let mut model = Model::new();
    for start in (0..30_000_i64).step_by(2000) {
        let records = (start..start + 2000).map(|uid| {
            let mut record = Record::from([("all".to_owned(), Element::Int(1)), ("n".to_owned(), Element::Int(uid))]);
            record.insert("half".to_owned(), Element::Int(uid % 2));
            // Many neighbours far away, so that pages are skipped, and a few scattered over all.
            record.insert("far".to_owned(), Element::Bool(uid > 28_000));
            record.insert("few".to_owned(), Element::Bool(uid % 3_001 == 0));
            (uid, record)
        });
        model.extend(records);
        let some = &model;
        run(&database, |tx| async move {
            for uid in start..start + 2000 {
                store.create(&tx, &some[&uid], Some(uid.into())).await?;
            }
            Ok(())
        })
        .await;
    }
    let is = |name: &str, value: Element| (name.to_owned(), Condition::Equals(value));
    let below =
        |name: &str, value: i64| (name.to_owned(), Condition::Between(Bound::Unbounded, Bound::Excluded(value.into())));
    for conditions in [
        vec![is("all", 1.into())],
        vec![is("all", 1.into()), is("half", 1.into())],
        vec![is("all", 1.into()), is("far", true.into())],
        vec![is("half", 0.into()), is("far", true.into()), is("all", 1.into())],
        vec![is("few", true.into()), is("all", 1.into()), is("half", 1.into())],
        vec![is("few", true.into()), is("far", true.into())],
        vec![is("half", 0.into()), below("n", 17)],
        vec![below("n", 17), below("all", 2)],
        vec![is("all", 2.into()), is("half", 0.into())],
    ] {
        check(&database, store, &model, &conditions.into_iter().collect()).await;
    }
}

#[tokio::test]
async fn a_range_of_one_type_is_in_order_of_its_values() {
    let (database, store) = (memory().await, &store());
    for (uid, value) in [(1, 30), (2, 10), (3, 20), (4, 10)] {
        let record = &Record::from([("n".to_owned(), value.into())]);
        run(&database, |tx| async move { store.create(&tx, record, Some(uid.into())).await }).await;
    }
    let conditions =
        &Conditions::from([("n".to_owned(), Condition::Between(Bound::Included(10.into()), Bound::Unbounded))]);
    let found = run(&database, |tx| async move { find(&tx, store, conditions).await }).await;
    assert_eq!(found, [2, 4, 3, 1].map(Element::from));
    assert!(pack(&found).is_ok());
}

#[tokio::test]
async fn a_range_that_makes_no_sense_is_refused() {
    let (database, store) = (memory().await, &store());
    let tx = support::begin(&database);
    for condition in [
        Condition::Between(Bound::Unbounded, Bound::Unbounded),
        Condition::Between(Bound::Included(1.into()), Bound::Included("x".into())),
        Condition::Between(Bound::Included(f64::NAN.into()), Bound::Unbounded),
    ] {
        let refused = find(&tx, store, &Conditions::from([("n".to_owned(), condition)])).await;
        assert!(matches!(refused, Err(found::Error::InvalidArgument { .. })), "{refused:?}");
    }
    assert!(find(&tx, store, &Conditions::new()).await.is_err());
}
