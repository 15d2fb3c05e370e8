//! What asyncio-foundationdb wrote into a cluster, scene by scene, to hold ours against.

#![allow(dead_code, missing_docs, clippy::expect_used, clippy::panic)]

use found::client::{Database, KeySelector, RangeOptions, TransactionOptions};
use found::tuple::Element;
use serde_json::Value;
use std::str::FromStr;

/// All rows of a database.
pub async fn rows(db: &Database) -> Vec<(Vec<u8>, Vec<u8>)> {
    let (begin_key, end) = (KeySelector::first_greater_or_equal(""), KeySelector::first_greater_or_equal([0xff]));
    let tx = db.transaction(TransactionOptions::default()).expect("open");
    tx.range(begin_key, end, RangeOptions::default()).collect().await.expect("all rows")
}

/// The scenes of the reference whose title begins with `store`.
pub fn scenes(store: &str) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(include_str!("../data/reference.json")).expect("reference.json");
    all.into_iter().filter(|scene| scene["scene"].as_str().is_some_and(|title| title.starts_with(store))).collect()
}

/// The rows that a scene ends with.
pub fn expected(scene: &Value) -> Vec<(Vec<u8>, Vec<u8>)> {
    let text = |value: &Value| hex(value.as_str().expect("hex"));
    scene["rows"].as_array().expect("rows").iter().map(|row| (text(&row[0]), text(&row[1]))).collect()
}

/// An item as the traces write it: its type, and its text.
pub fn item(value: &Value) -> Element {
    let text = || value[1].as_str().expect("text");
    match value[0].as_str().expect("a type") {
        "null" => Element::Null,
        "str" => Element::String(text().to_owned()),
        "bytes" => Element::Bytes(hex(text())),
        "int" => Element::Int(text().parse().expect("an integer")),
        "double" => Element::Double(f64::from_bits(u64::from_str_radix(text(), 16).expect("bits"))),
        "bool" => Element::Bool(value[1].as_bool().expect("a boolean")),
        "uuid" => Element::Uuid(uuid::Uuid::from_str(text()).expect("a UUID")),
        "tuple" => Element::Tuple(value[1].as_array().expect("items").iter().map(item).collect()),
        other => panic!("an item of type {other}"),
    }
}

pub fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}
