//! Joins give what nested loops over all tuples give, in the same order, whatever the patterns.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use found::stores::nstore::{self, Block, NStore, Pattern, QueryOptions, Term};
use found::tuple::Element;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::{begin, memory};

type Bindings = BTreeMap<String, Element>;

/// Values that are close to each other in the ways that matter to prefixes.
fn value() -> impl Strategy<Value = Element> {
    prop_oneof![
        Just(Element::from("a")),
        Just(Element::from("a\0b")),
        Just(Element::Tuple(vec![1i64.into()])),
        Just(Element::Tuple(vec![1i64.into(), Element::Null])),
        Just(Element::Null),
        (0i64..3).prop_map(Element::from),
    ]
}

fn term() -> impl Strategy<Value = Term> {
    prop_oneof![2 => value().prop_map(Term::Value), 3 => (0..4).prop_map(|n| Term::var(format!("v{n}")))]
}

/// Nested loops: for each binding, for each tuple in the order of the index that the pattern is answered by.
fn nested_loops(store: &NStore, tuples: &[Vec<Element>], patterns: &[Pattern]) -> Vec<Bindings> {
    let mut all = vec![Bindings::new()];
    for pattern in patterns {
        let mut next = Vec::new();
        for bindings in &all {
            let known = |term: &Term| match term {
                Term::Value(_) => true,
                Term::Var(name) => bindings.contains_key(name),
            };
            let columns: Vec<usize> = (0..pattern.len()).filter(|&column| known(&pattern[column])).collect();
            let orders: Vec<Vec<usize>> = store.orders().map(<[usize]>::to_vec).collect();
            let order =
                orders.iter().find(|order| order[..columns.len()].iter().all(|column| columns.contains(column)));
            let order = order.expect("an index");
            let mut sorted: Vec<&Vec<Element>> = tuples.iter().collect();
            sorted.sort_by_key(|tuple| order.iter().map(|&column| &tuple[column]).collect::<Vec<_>>());
            sorted.dedup();
            next.extend(sorted.into_iter().filter_map(|tuple| bind(bindings, pattern, tuple)));
        }
        all = next;
    }
    all
}

fn bind(bindings: &Bindings, pattern: &Pattern, tuple: &[Element]) -> Option<Bindings> {
    let mut bound = bindings.clone();
    for (term, item) in pattern.iter().zip(tuple) {
        let agrees = match term {
            Term::Value(value) => value == item,
            Term::Var(name) => bound.entry(name.clone()).or_insert_with(|| item.clone()) == item,
        };
        if !agrees {
            return None;
        }
    }
    Some(bound)
}

fn named(names: &[Option<String>], block: &Block) -> Vec<Bindings> {
    let bindings = |items: Vec<Element>| names.iter().flatten().cloned().zip(items).collect();
    block.rows().map(|row| bindings(row.elements().unwrap())).collect()
}

async fn run(tx: &found::client::Transaction, store: &NStore, patterns: &[Pattern]) -> Vec<Bindings> {
    let mut query = nstore::query(tx, store, patterns, QueryOptions::default()).unwrap();
    let names = query.slots().to_vec();
    let mut all = Vec::new();
    while let Some(block) = query.next_block().await.unwrap() {
        all.extend(named(&names, &block));
    }
    all
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn joins_equal_nested_loops(
        tuples in vec(vec(value(), 3), 0..40),
        patterns in vec(vec(term(), 3), 1..5),
        turn in 0usize..4,
    ) {
        block_on(async {
            let db = memory().await;
            let tx = begin(&db);
            let store = NStore::make("triples", &["triples".into()], 3).unwrap();
            for tuple in &tuples {
                nstore::add(&tx, &store, tuple, b"").unwrap();
            }
            let expected = nested_loops(&store, &tuples, &patterns);
            let got = run(&tx, &store, &patterns).await;
            prop_assert_eq!(&got, &expected);
            let counted = nstore::count(&tx, &store, &patterns, QueryOptions::default()).await.unwrap();
            prop_assert_eq!(counted, expected.len() as u64);

            // The same set in any order of the patterns, the order of the planner's included.
            let sorted = |mut all: Vec<Bindings>| {
                all.sort();
                all
            };
            let mut turned = patterns.clone();
            turned.rotate_left(turn % patterns.len());
            prop_assert_eq!(sorted(run(&tx, &store, &turned).await), sorted(expected.clone()));
            let order = nstore::reorder(&tx, &store, &patterns).await.unwrap();
            let reordered: Vec<Pattern> = order.iter().map(|&number| patterns[number].clone()).collect();
            prop_assert_eq!(sorted(run(&tx, &store, &reordered).await), sorted(expected));
            Ok(())
        })?;
    }

    #[test]
    fn four_columns_are_found_by_any_of_them(
        tuples in vec(vec(value(), 4), 0..40),
        pattern in vec(term(), 4),
    ) {
        block_on(async {
            let db = memory().await;
            let tx = begin(&db);
            let store = NStore::make("four", &[], 4).unwrap();
            for tuple in &tuples {
                nstore::add(&tx, &store, tuple, b"").unwrap();
            }
            let patterns = [pattern];
            prop_assert_eq!(run(&tx, &store, &patterns).await, nested_loops(&store, &tuples, &patterns));
            Ok(())
        })?;
    }
}
