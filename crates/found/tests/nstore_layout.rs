//! nstore writes the bytes that the reference writes.

#[path = "support/reference.rs"]
mod reference;
mod support;

use found::stores::nstore::{self, NStore};
use found::tuple::Element;
use reference::{expected, item, rows, scenes};
use serde_json::Value;
use support::{begin, memory};

/// The argument of a step such as `add(["tuple", [...]], value=b'v0')`.
fn tuple(step: &str) -> Vec<Element> {
    let json = step.split_once('(').expect("an argument").1;
    let json = json.split(", value=").next().expect("an argument").trim_end_matches(')');
    match item(&serde_json::from_str::<Value>(json).expect("JSON")) {
        Element::Tuple(items) => items,
        other => panic!("{other:?} is not a tuple"),
    }
}

#[tokio::test]
async fn the_rows_are_those_of_the_reference() {
    let scenes = scenes("nstore");
    assert_eq!(scenes.len(), 5);
    for (number, scene) in scenes.iter().enumerate() {
        let columns = number + 1;
        let prefix = [Element::from("tuples"), Element::from(columns as i64)];
        let store = NStore::make("tuples", &prefix, columns).unwrap();
        let db = memory().await;
        for step in scene["steps"].as_array().unwrap() {
            let step = step["do"].as_str().unwrap();
            let tx = begin(&db);
            if step.starts_with("add") {
                let value = step.rsplit_once("value=b'").unwrap().1.trim_end_matches("')");
                nstore::add(&tx, &store, &tuple(step), value.as_bytes()).unwrap();
            } else {
                assert!(step.starts_with("remove"), "{step}");
                nstore::remove(&tx, &store, &tuple(step)).unwrap();
            }
            tx.commit().await.unwrap();
        }
        assert_eq!(rows(&db).await, expected(scene), "{}", scene["scene"]);
    }
}

#[tokio::test]
async fn a_tuple_is_in_each_index_once_and_gone_from_all() {
    let db = memory().await;
    let counts = [1, 2, 3, 6, 10, 20, 35, 70, 126, 252, 462, 924];
    for columns in 1..=nstore::COLUMNS_MAX {
        let store = NStore::make("wide", &["wide".into()], columns).unwrap();
        let items: Vec<Element> = (0..columns as i64).map(Element::from).collect();
        let tx = begin(&db);
        nstore::add(&tx, &store, &items, b"").unwrap();
        tx.commit().await.unwrap();
        assert_eq!(rows(&db).await.len(), counts[columns - 1]);
        let tx = begin(&db);
        nstore::remove(&tx, &store, &items).unwrap();
        tx.commit().await.unwrap();
        assert!(rows(&db).await.is_empty());
    }
}
