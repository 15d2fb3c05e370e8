//! What the stores hold in memory while they read: no more for many rows than for few. One test, as the allocator
//! counts for the whole process.

#![allow(clippy::expect_used)]

mod support;

use found::Result;
use found::client::{Database, Transaction, TransactionOption};
use found::stores::eavstore::{Condition, EavStore};
use found::stores::nstore::{self, NStore, Pattern, QueryOptions, Term};
use found::stores::pstore::{PStore, Ranking};
use found::stores::vnstore::{ReadOptions, VnStore};
use found::tuple::{Element, Uuid, pack};
use peak_alloc::PeakAlloc;
use std::collections::BTreeMap;
use std::ops::Bound;
use support::stores::{Row, tuple, uid, write_rows};
use support::{begin, memory};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// The most that an operation may hold beside what it gives, in bytes.
const BOUND: usize = 1_500_000;

const ROWS: i64 = 50_000;

/// Writes `count` rows to a database of its own.
async fn written(count: i64, row: impl Fn(i64) -> Vec<Row>) -> Database {
    let database = memory().await;
    for start in (0..count).step_by(10_000) {
        write_rows(&database, &(start..count.min(start + 10_000)).flat_map(&row).collect::<Vec<_>>()).await;
    }
    database
}

fn key<const N: usize>(items: [Element; N]) -> Vec<u8> {
    pack(&items).expect("packable")
}

fn part(number: u8) -> Element {
    Element::Tuple(vec!["store".into(), Element::Bytes(vec![number])])
}

/// Runs an operation, and fails if it holds more than the bound. What the transaction itself keeps of each read, its
/// conflicts and what it knows of the database, is left out.
async fn bounded<T>(what: &str, database: &Database, body: impl AsyncFnOnce(&Transaction) -> Result<T>) -> T {
    let tx = begin(database).snapshot();
    tx.set_option(TransactionOption::ReadYourWritesDisable).expect("nothing is read yet");
    tx.read_version().await.expect("a version");
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let result = body(&tx).await.expect("readable");
    let held = ALLOCATOR.peak_usage() - before;
    assert!(held < BOUND, "{what} has held {held} bytes");
    result
}

#[tokio::test]
async fn reading_many_rows_holds_no_more_than_reading_few() {
    nstore_holds_a_page_and_a_block().await;
    eavstore_holds_a_page_of_each_list().await;
    pstore_holds_a_page_of_each_word_and_the_best().await;
    vnstore_holds_what_it_judges().await;
}

/// Also with a variable that is twice in a pattern, which only a look at every row decides.
async fn nstore_holds_a_page_and_a_block() {
    let store = &NStore::make("triples", &tuple(["store".into()]), 3).expect("a good prefix");
    let person = |number: i64| Element::String(format!("person {number:06}"));
    let row = |n: i64| {
        let other = if n % 1000 == 0 { n } else { n + 1 };
        let by_relation = [1.into(), "knows".into(), person(other), person(n)];
        let by_subject = [0.into(), person(n), "knows".into(), person(other)];
        [by_relation, by_subject]
            .map(|items| (pack(&[&["store".into()], &items[..]].concat()).expect("packable"), Vec::new()))
            .into()
    };
    let database = written(ROWS, row).await;
    let knows = |one: &str, other: &str| -> Pattern { vec![Term::var(one), Term::value("knows"), Term::var(other)] };
    for (what, patterns, expected) in [
        ("a scan", vec![knows("x", "y")], 50_000),
        ("a scan for who knows himself", vec![knows("x", "x")], 50),
        ("a join", vec![knows("x", "y"), knows("y", "z")], 49_999),
    ] {
        let patterns: &[Pattern] = &patterns;
        let rows =
            bounded(what, &database, async |tx| nstore::count(tx, store, patterns, QueryOptions::default()).await);
        assert_eq!(rows.await, expected, "{what}");
    }
}

async fn eavstore_holds_a_page_of_each_list() {
    let store = &EavStore::make("records", &tuple(["store".into()])).expect("a good prefix");
    let row = |n: i64| {
        let entry = |name: &str, value: i64| (key([part(2), name.into(), value.into(), n.into()]), Vec::new());
        let data = (key([part(1), n.into(), "n".into()]), key([n.into()]));
        vec![entry("all", 1), entry("half", n % 2), entry("n", n), data]
    };
    let database = written(ROWS, row).await;
    let is = |name: &str, value: i64| (name.to_owned(), Condition::Equals(value.into()));
    let up = |name: &str| (name.to_owned(), Condition::Between(Bound::Included(0.into()), Bound::Unbounded));
    for (what, conditions, expected) in [
        ("two lists", vec![is("all", 1), is("half", 1)], 25_000),
        ("a list and a range", vec![is("all", 1), up("n")], 50_000),
    ] {
        let conditions: &BTreeMap<String, Condition> = &conditions.into_iter().collect();
        let found = bounded(what, &database, async |tx| {
            let mut query = store.query(tx, conditions).await?;
            let mut found = 0;
            while let Some(uids) = query.next_block().await? {
                found += uids.items()?.len();
            }
            Ok(found)
        });
        assert_eq!(found.await, expected, "{what}");
    }
}

async fn pstore_holds_a_page_of_each_word_and_the_best() {
    let store = &PStore::make("search", &tuple(["store".into()])).expect("a good prefix");
    let words = [("all", uid(1)), ("half", uid(2))];
    let row = |n: i64| {
        let mut rows = Vec::new();
        let mut counter = Vec::new();
        for (index, (_, token)) in words.iter().enumerate().filter(|(index, _)| n % (*index as i64 + 1) == 0) {
            let count = Element::Int(1 + n % 7 + index as i64);
            rows.push((key([part(2), (*token).into(), n.into()]), key([count.clone()])));
            counter.push(Element::Tuple(vec![(*token).into(), count]));
        }
        let counter = zstd::bulk::compress(&pack(&counter).expect("packable"), 0).expect("compressed");
        rows.push((key([part(3), n.into()]), counter));
        rows
    };
    let database = written(ROWS, row).await;
    let tokens = words.map(|(word, token)| {
        (key(["store".into(), Element::Bytes(vec![1]), 0.into(), word.into(), token.into()]), Vec::new())
    });
    write_rows(&database, &tokens).await;
    for words in [&["all"][..], &["all", "half"]] {
        let hits = bounded("a search", &database, async |tx| store.search(tx, words, 10, Ranking::Count).await);
        assert_eq!(hits.await.len(), 10);
    }
}

/// Of many changes, each of which is looked up.
async fn vnstore_holds_what_it_judges() {
    let store = &VnStore::make("versions", &tuple(["store".into()]), &["n"]).expect("a good prefix");
    let change = |n: i64| Element::Uuid(Uuid::from_u128(4 << 76 | 2 << 62 | n as u128));
    let significance = |n: i64| Element::Uuid(Uuid::from_u128(7 << 76 | 2 << 62 | n as u128));
    let row = |n: i64| {
        let tuples = |index: i64, rest: [Element; 3]| {
            let [one, two, three] = rest;
            (key(["store".into(), "tuples".into(), index.into(), one, two, three]), Vec::new())
        };
        let order = ["store".into(), "changes".into(), 0.into(), change(n), "significance".into(), significance(n)];
        vec![
            tuples(0, [n.into(), change(n), true.into()]),
            tuples(2, [true.into(), n.into(), change(n)]),
            (key(order), Vec::new()),
        ]
    };
    let database = written(ROWS / 2, row).await;
    let pattern = [vec![Term::var("n")]];
    let rows = bounded("a query of versions", &database, async |tx| {
        store.query(tx, &pattern, ReadOptions { snapshot: true, ..ReadOptions::default() }).await?.count().await
    });
    assert_eq!(rows.await, 25_000);
}
