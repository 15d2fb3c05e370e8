//! nstore writes the bytes that the reference writes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use found::stores::nstore::{self, NStore};
use found::tuple::Element;
use serde_json::Value;
use support::stores::{hex, rows, scene_rows, steps};
use support::{begin, memory};

/// An item as the scenes write it: its type, and its text.
fn item(value: &Value) -> Element {
    let text = || value[1].as_str().unwrap();
    match value[0].as_str().unwrap() {
        "null" => Element::Null,
        "str" => Element::String(text().to_owned()),
        "bytes" => Element::Bytes(hex(text())),
        "int" => Element::Int(text().parse().unwrap()),
        "double" => Element::Double(f64::from_bits(u64::from_str_radix(text(), 16).unwrap())),
        "bool" => Element::Bool(value[1].as_bool().unwrap()),
        "uuid" => Element::Uuid(text().parse().unwrap()),
        "tuple" => Element::Tuple(value[1].as_array().unwrap().iter().map(item).collect()),
        other => panic!("an item of type {other}"),
    }
}

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
    for columns in 1..=5 {
        let scene = format!("nstore, prefix ('tuples', {columns})");
        let prefix = [Element::from("tuples"), Element::from(columns as i64)];
        let store = NStore::make("tuples", &prefix, columns).unwrap();
        let db = memory().await;
        for step in steps(&scene) {
            let tx = begin(&db);
            if step.starts_with("add") {
                let value = step.rsplit_once("value=b'").unwrap().1.trim_end_matches("')");
                nstore::add(&tx, &store, &tuple(&step), value.as_bytes()).unwrap();
            } else {
                assert!(step.starts_with("remove"), "{step}");
                nstore::remove(&tx, &store, &tuple(&step)).unwrap();
            }
            tx.commit().await.unwrap();
        }
        assert_eq!(rows(&db).await, scene_rows(&scene), "{scene}");
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
