//! What the tests of the stores share: what asyncio-foundationdb has written, uids that are known, keys as they lie in
//! the database.

#![allow(dead_code, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use found::client::{Database, KeySelector, RangeOptions, RunOptions, Transaction};
use found::tuple::{Element, Uuid};
use found::{Error, Result};
use serde_json::Value as Json;
use std::sync::atomic::{AtomicU64, Ordering};

/// A key and its value.
pub type Row = (Vec<u8>, Vec<u8>);

/// Runs `body` in a transaction and gives its value.
pub async fn run<T, F: Future<Output = Result<T>>>(database: &Database, body: impl FnMut(Transaction) -> F) -> T {
    try_run(database, body).await.expect("it succeeds")
}

/// Runs `body` in a transaction.
pub async fn try_run<T, F: Future<Output = Result<T>>>(
    database: &Database,
    body: impl FnMut(Transaction) -> F,
) -> Result<T> {
    database.transactional::<_, Error, _>(&RunOptions::default(), body).await
}

/// Every row of a database.
pub async fn rows(database: &Database) -> Vec<Row> {
    run(database, |tx| async move {
        let all = (KeySelector::first_greater_or_equal(b""), KeySelector::first_greater_or_equal(b"\xff"));
        tx.range(all.0, all.1, RangeOptions::default()).collect().await
    })
    .await
}

/// Writes rows as they are.
pub async fn write_rows(database: &Database, rows: &[Row]) {
    run(database, |tx| async move {
        for (key, value) in rows {
            tx.set(key, value)?;
        }
        Ok(())
    })
    .await;
}

/// The uuid4 of a scene: the n-th call gives the UUID of the integer n.
pub fn counted() -> impl Fn() -> Uuid + Send + Sync + 'static {
    let next = AtomicU64::new(1);
    move || uid(next.fetch_add(1, Ordering::Relaxed))
}

/// The UUID of an integer.
pub fn uid(number: u64) -> Uuid {
    Uuid::from_u128(number.into())
}

/// A tuple.
pub fn tuple<const N: usize>(items: [Element; N]) -> Vec<Element> {
    items.into()
}

/// What asyncio-foundationdb has written in the scene whose name begins so. Values too long to be written out are
/// told by their length and hash.
pub fn scene(name: &str) -> Vec<(Vec<u8>, String)> {
    let scenes: Json = serde_json::from_str(include_str!("../data/reference.json")).expect("it is JSON");
    let scene = scenes
        .as_array()
        .expect("a list")
        .iter()
        .find(|scene| scene["scene"].as_str().expect("a name").starts_with(name));
    let rows = scene.expect("the scene is there")["rows"].as_array().expect("a list");
    rows.iter().map(|row| (hex(row[0].as_str().expect("text")), row[1].as_str().expect("text").to_owned())).collect()
}

/// What was done in a scene, step by step.
pub fn steps(name: &str) -> Vec<String> {
    let scenes: Json = serde_json::from_str(include_str!("../data/reference.json")).expect("it is JSON");
    let mut scenes = scenes.as_array().expect("a list").iter();
    let scene = scenes.find(|scene| scene["scene"].as_str().expect("a name").starts_with(name));
    let steps = scene.expect("the scene is there")["steps"].as_array().expect("a list");
    steps.iter().map(|step| step["do"].as_str().expect("text").to_owned()).collect()
}

/// The rows of a scene none of whose values is too long.
pub fn scene_rows(name: &str) -> Vec<Row> {
    scene(name).into_iter().map(|(key, value)| (key, hex(&value))).collect()
}

/// Bytes from hex.
pub fn hex(text: &str) -> Vec<u8> {
    assert_eq!(text.len() % 2, 0);
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

/// Bytes as hex.
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The code of a store's refusal, and its words.
pub fn refusal<T>(result: Result<T>) -> (&'static str, String) {
    match result {
        Err(Error::Store(error)) => (error.code, error.message),
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("it is not refused"),
    }
}
