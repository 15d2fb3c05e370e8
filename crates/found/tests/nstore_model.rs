//! Under random additions and removals, over several transactions, nstore is what a map is, in every index.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use found::stores::nstore::{self, NStore};
use found::tuple::{Element, unpack};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::stores::rows;
use support::{begin, memory};

#[derive(Clone, Debug)]
enum Step {
    Add(Vec<Element>, Vec<u8>),
    Remove(Vec<Element>),
    Commit,
    Abandon,
}

fn item() -> impl Strategy<Value = Element> {
    prop_oneof![
        (0i64..3).prop_map(Element::from),
        Just(Element::from("a")),
        Just(Element::from("a\0")),
        Just(Element::Bytes(vec![0, 0xff])),
        Just(Element::Null),
        Just(Element::Tuple(vec![Element::Null, 1.5.into()])),
    ]
}

fn step(columns: usize) -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (vec(item(), columns), vec(any::<u8>(), 0..3)).prop_map(|(items, value)| Step::Add(items, value)),
        3 => vec(item(), columns).prop_map(Step::Remove),
        1 => Just(Step::Commit),
        1 => Just(Step::Abandon),
    ]
}

fn case() -> impl Strategy<Value = (usize, Vec<Step>)> {
    (1usize..6).prop_flat_map(|columns| (Just(columns), vec(step(columns), 1..60)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_index_is_the_map((columns, steps) in case()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let db = memory().await;
            let store = NStore::make("model", &["model".into()], columns).unwrap();
            let mut committed: BTreeMap<Vec<Element>, Vec<u8>> = BTreeMap::new();
            let mut model = committed.clone();
            let mut tx = begin(&db);
            for step in steps {
                match step {
                    Step::Add(items, value) => {
                        nstore::add(&tx, &store, &items, &value).unwrap();
                        model.insert(items, value);
                    }
                    Step::Remove(items) => {
                        nstore::remove(&tx, &store, &items).unwrap();
                        model.remove(&items);
                        prop_assert!(nstore::get(&tx, &store, &items).await.unwrap().is_none());
                    }
                    Step::Commit => {
                        tx.commit().await.unwrap();
                        tx = begin(&db);
                        committed = model.clone();
                    }
                    Step::Abandon => {
                        tx = begin(&db);
                        model = committed.clone();
                    }
                }
                for (items, value) in &model {
                    let got = nstore::get(&tx, &store, items).await.unwrap();
                    prop_assert_eq!(got.as_deref(), Some(&value[..]));
                }
            }
            let mut expected = Vec::new();
            for (number, order) in store.orders().enumerate() {
                for (items, value) in &committed {
                    let ordered = order.iter().map(|&column| items[column].clone());
                    let key: Vec<Element> =
                        [Element::from("model"), Element::from(number as i64)].into_iter().chain(ordered).collect();
                    expected.push((key, value.clone()));
                }
            }
            expected.sort();
            let written: Vec<_> =
                rows(&db).await.into_iter().map(|(key, value)| (unpack(&key).unwrap(), value)).collect();
            prop_assert_eq!(written, expected);
            Ok(())
        })?;
    }
}
