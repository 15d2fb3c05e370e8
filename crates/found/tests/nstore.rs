//! What nstore does beyond joins: equality, values, versionstamps, limits, plans, bounded work, many writers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use found::Error;
use found::client::{RunOptions, Transaction};
use found::stores::nstore::{self, Block, NStore, Pattern, QueryOptions, Term};
use found::tuple::{Element, Versionstamp, unpack};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use support::stores::rows;
use support::{begin, memory};

fn triples() -> NStore {
    NStore::make("triples", &["triples".into()], 3).unwrap()
}

fn add(tx: &Transaction, store: &NStore, items: &[Element]) {
    nstore::add(tx, store, items, b"").unwrap();
}

fn text(items: [&str; 3]) -> Vec<Element> {
    items.into_iter().map(Element::from).collect()
}

fn var(name: &str) -> Term {
    Term::var(name)
}

async fn all(tx: &Transaction, store: &NStore, patterns: &[Pattern], options: QueryOptions) -> Vec<Vec<Element>> {
    let mut query = nstore::query(tx, store, patterns, options).unwrap();
    let mut all = Vec::new();
    while let Some(block) = query.next_block().await.unwrap() {
        all.extend(block.rows().map(|row| row.elements().unwrap()));
    }
    all
}

#[tokio::test]
async fn equality_finds_nothing_longer() {
    let db = memory().await;
    let store = NStore::make("pairs", &["pairs".into()], 2).unwrap();
    let tx = begin(&db);
    let keys: Vec<Element> = vec![
        "a".into(),
        "a\0".into(),
        "a\0b".into(),
        Element::Bytes(vec![0x61, 0x00, 0xff]),
        Element::Bytes(vec![0x61]),
        Element::Tuple(vec![1i64.into()]),
        Element::Tuple(vec![1i64.into(), Element::Null]),
        Element::Tuple(vec![]),
        Element::Null,
    ];
    for (number, key) in keys.iter().enumerate() {
        add(&tx, &store, &[key.clone(), (number as i64).into()]);
    }
    for (number, key) in keys.iter().enumerate() {
        let pattern = vec![Term::Value(key.clone()), var("number")];
        let found = all(&tx, &store, &[pattern], QueryOptions::default()).await;
        assert_eq!(found, [[Element::from(number as i64)]], "{key:?}");
    }
}

#[tokio::test]
async fn a_repeated_variable_agrees_with_itself() {
    let db = memory().await;
    let store = triples();
    let tx = begin(&db);
    for items in [["a", "likes", "a"], ["a", "likes", "b"], ["b", "likes", "b"], ["c", "c", "c"]] {
        add(&tx, &store, &text(items));
    }
    let narcissists = vec![var("x"), Term::value("likes"), var("x")];
    assert_eq!(all(&tx, &store, &[narcissists], QueryOptions::default()).await, [["a".into()], ["b".into()]]);
    let same = vec![var("x"), var("x"), var("x")];
    assert_eq!(all(&tx, &store, &[same], QueryOptions::default()).await, [[Element::from("c")]]);
}

#[tokio::test]
async fn values_come_back_from_get_and_from_queries() {
    let db = memory().await;
    let store = triples();
    let tx = begin(&db);
    nstore::add(&tx, &store, &text(["a", "knows", "b"]), b"since\0 2019").unwrap();
    nstore::add(&tx, &store, &text(["b", "knows", "c"]), b"").unwrap();
    assert_eq!(&nstore::get(&tx, &store, &text(["a", "knows", "b"])).await.unwrap().unwrap()[..], b"since\0 2019");
    assert!(nstore::get(&tx, &store, &text(["a", "knows", "c"])).await.unwrap().is_none());
    let patterns =
        [vec![Term::value("a"), Term::value("knows"), var("x")], vec![var("x"), Term::value("knows"), var("y")]];
    let found = all(&tx, &store, &patterns, QueryOptions { values: true, ..QueryOptions::default() }).await;
    let since = Element::Bytes(b"since\0 2019".to_vec());
    assert_eq!(found, [["b".into(), since, "c".into(), Element::Bytes(vec![])]]);

    nstore::add(&tx, &store, &text(["a", "knows", "b"]), b"replaced").unwrap();
    assert_eq!(&nstore::get(&tx, &store, &text(["a", "knows", "b"])).await.unwrap().unwrap()[..], b"replaced");
}

#[tokio::test]
async fn queries_go_on_from_bindings_that_are_there() {
    let db = memory().await;
    let store = triples();
    let tx = begin(&db);
    for items in [["a", "knows", "b"], ["b", "knows", "c"], ["b", "knows", "d"]] {
        add(&tx, &store, &text(items));
    }
    let seed = Block::from_packed(1, 2, &found::tuple::pack(&["b".into(), "a".into()]).unwrap()).unwrap();
    let pattern = vec![var("x"), Term::value("knows"), var("y")];
    let names = ["x".to_owned()];
    let mut query = nstore::query_from(&tx, &store, &names, seed, &[pattern], QueryOptions::default()).unwrap();
    let block = query.next_block().await.unwrap().unwrap();
    let found = unpack(block.bytes()).unwrap();
    assert_eq!(found, ["b", "c", "b", "d", "a", "b"].map(Element::from));
    assert!(query.next_block().await.unwrap().is_none());
    assert!(query.next_block().await.unwrap().is_none());
}

#[tokio::test]
async fn versionstamps_are_items() {
    let db = memory().await;
    let store = triples();
    let tx = begin(&db);
    for number in 0..3 {
        let stamp = Element::Versionstamp(Versionstamp::incomplete(number));
        add(&tx, &store, &["log".into(), Element::Tuple(vec![stamp]), i64::from(number).into()]);
    }
    let stamp = tx.versionstamp().unwrap();
    tx.commit().await.unwrap();
    let stamp = stamp.await.unwrap();
    let tx = begin(&db);
    let found = all(&tx, &store, &[vec![Term::value("log"), var("at"), var("n")]], QueryOptions::default()).await;
    let expected = (0..3u16).map(|number| {
        let at = Element::Tuple(vec![Element::Versionstamp(Versionstamp::new(stamp, number))]);
        vec![at, i64::from(number).into()]
    });
    assert_eq!(found, expected.collect::<Vec<_>>());

    // All indices have the same stamp: the tuple can be found by it, and removed.
    let at = found[1][0].clone();
    let by_stamp = vec![var("what"), Term::Value(at.clone()), var("n")];
    assert_eq!(all(&tx, &store, &[by_stamp], QueryOptions::default()).await, [["log".into(), Element::from(1i64)]]);
    for row in &found {
        nstore::remove(&tx, &store, &["log".into(), row[0].clone(), row[1].clone()]).unwrap();
    }
    tx.commit().await.unwrap();
    assert!(rows(&db).await.is_empty());

    let tx = begin(&db);
    let stamp = || Element::Versionstamp(Versionstamp::incomplete(0));
    assert!(matches!(nstore::add(&tx, &store, &[stamp(), stamp(), 0i64.into()], b""), Err(Error::Tuple(_))));
    assert!(matches!(nstore::remove(&tx, &store, &[stamp(), 0i64.into(), 0i64.into()]), Err(Error::Tuple(_))));
}

#[tokio::test]
async fn what_is_too_large_is_refused_by_name_and_nothing_is_written() {
    let db = memory().await;
    let store = triples();
    let refused = |result: found::Result<()>| match result {
        Err(Error::Store(error)) => (error.code, error.message),
        other => panic!("{other:?}"),
    };
    let tx = begin(&db);
    // The key has the prefix (9 bytes), the number of the index (2), the items and what ends them.
    let fits = 10_000 - 9 - 2 - 4 * 3 + 4;
    for (size, ok) in [(fits, true), (fits + 1, false)] {
        let items = ["s".into(), "x".repeat(size).into(), "o".into()];
        let result = nstore::add(&tx, &store, &items, b"");
        if ok {
            result.unwrap();
            tx.commit().await.unwrap();
            tx.reset().unwrap();
        } else {
            let (code, message) = refused(result);
            assert_eq!(code, "FOUND_NSTORE_LIMIT");
            assert!(message.contains("triples") && message.contains("items[1]"), "{message}");
        }
    }
    // Each zero takes two bytes in a key.
    refused(nstore::add(&tx, &store, &["s".into(), "\0".repeat(6000).into(), "o".into()], b""));
    let (_, message) = refused(nstore::add(&tx, &store, &text(["s", "p", "o"]), &[0; 100_001]));
    assert!(message.contains("value"), "{message}");
    let wide = NStore::make("wide", &[], 11).unwrap();
    let items: Vec<Element> = (0..11i64).map(Element::from).collect();
    let (_, message) = refused(nstore::add(&tx, &wide, &items, &[0; 50_000]));
    assert!(message.contains("462 indices"), "{message}");
    assert!(!tx.has_written());
}

#[tokio::test]
async fn arguments_are_named() {
    let argument = |error: Error| match error {
        Error::InvalidArgument { argument, .. } => argument,
        other => panic!("{other:?}"),
    };
    assert_eq!(argument(NStore::make("n", &[], 0).unwrap_err()), "columns");
    assert_eq!(argument(NStore::make("n", &[], 13).unwrap_err()), "columns");
    assert_eq!(argument(NStore::make("n", &["x".repeat(10_000).into()], 1).unwrap_err()), "prefix");
    let db = memory().await;
    let tx = begin(&db);
    let store = triples();
    assert_eq!(argument(nstore::add(&tx, &store, &["a".into()], b"").unwrap_err()), "items");
    let short = [vec![var("a")]];
    assert_eq!(argument(nstore::query(&tx, &store, &short, QueryOptions::default()).err().unwrap()), "pattern");
    assert_eq!(argument(nstore::query(&tx, &store, &[], QueryOptions::default()).err().unwrap()), "patterns");
}

#[tokio::test]
async fn a_key_of_another_shape_is_told() {
    let db = memory().await;
    let tx = begin(&db);
    let (pairs, triples) = (NStore::make("pairs", &[], 2).unwrap(), NStore::make("triples", &[], 3).unwrap());
    add(&tx, &pairs, &["a".into(), "b".into()]);
    let mut query =
        nstore::query(&tx, &triples, &[vec![var("x"), var("y"), var("z")]], QueryOptions::default()).unwrap();
    assert_eq!(query.next_block().await.unwrap_err().name(), "FOUND_NSTORE_FOREIGN_KEY");
}

/// What planners of others have lost rows by: a tuple more, and more than one variable in a later pattern.
#[tokio::test]
async fn a_tuple_more_and_several_variables_in_later_patterns_lose_no_solution() {
    let db = memory().await;
    let store = triples();
    let tx = begin(&db);
    for items in [["x", "knows", "y"], ["y", "a", "b"], ["y", "hasID", "1"]] {
        add(&tx, &store, &text(items));
    }
    let value = |text: &str| Term::value(text);
    let patterns = [
        vec![value("x"), value("knows"), var("who")],
        vec![var("who"), value("a"), var("kind")],
        vec![var("who"), var("attribute"), value("1")],
    ];
    let expected = [["y", "b", "hasID"].map(Element::from)];
    assert_eq!(all(&tx, &store, &patterns, QueryOptions::default()).await, expected);
    for items in [["x", "knows", "a"], ["x", "knows", "b"], ["a", "a", "c"], ["b", "hasID", "1"], ["z", "knows", "y"]] {
        add(&tx, &store, &text(items));
        assert_eq!(all(&tx, &store, &patterns, QueryOptions::default()).await, expected, "with {items:?}");
    }
}

/// One person who knows one of very many that all are of one kind: asked in the order written, each of the many is
/// looked up.
#[tokio::test]
async fn the_planner_starts_where_there_is_least() {
    let db = memory().await;
    let store = triples();
    let tx = begin(&db);
    for number in 0..3000i64 {
        add(&tx, &store, &[number.into(), "is".into(), "person".into()]);
    }
    add(&tx, &store, &["me".into(), "knows".into(), 7i64.into()]);
    let patterns = [
        vec![var("who"), Term::value("is"), Term::value("person")],
        vec![Term::value("me"), Term::value("knows"), var("who")],
    ];
    let written = nstore::explain(&tx, &store, &patterns, false, true).await.unwrap().steps;
    let best = nstore::explain(&tx, &store, &patterns, true, true).await.unwrap().steps;
    let numbers = |steps: &[nstore::ExplainedStep]| steps.iter().map(|step| step.pattern).collect::<Vec<_>>();
    let reads = |steps: &[nstore::ExplainedStep]| steps.iter().map(|step| step.actual.unwrap().1).sum::<u64>();
    assert_eq!((numbers(&written), numbers(&best)), (vec![0, 1], vec![1, 0]));
    assert!(reads(&written) > 3000 && reads(&best) <= 3, "{written:?} {best:?}");
    assert_eq!(written.last().unwrap().actual.unwrap().0, 1);
    assert_eq!(best.last().unwrap().actual.unwrap().0, 1);
    assert_eq!((best[0].estimated, best[0].known, &best[0].columns[..]), (1, 2, &[0, 1, 2][..]));
}

struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// An embedded database answers at once, so a long join would never give its thread back by itself.
#[tokio::test]
async fn a_long_join_gives_the_thread_back_and_goes_on() {
    let db = memory().await;
    let store = triples();
    let tx = begin(&db);
    for number in 0..2000i64 {
        add(&tx, &store, &[number.into(), "next".into(), (number + 1).into()]);
    }
    let next = |a: &str, b: &str| vec![var(a), Term::value("next"), var(b)];
    let none = vec![var("c"), Term::value("never"), var("d")];
    let mut query =
        nstore::query(&tx, &store, &[next("a", "b"), next("b", "c"), none], QueryOptions::default()).unwrap();
    let wakes = Arc::new(Wakes(AtomicUsize::new(0)));
    let waker = Waker::from(wakes.clone());
    let mut context = Context::from_waker(&waker);
    let mut pending = 0;
    {
        let mut block = pin!(query.next_block());
        loop {
            match block.as_mut().poll(&mut context) {
                Poll::Ready(block) => break assert!(block.unwrap().is_none()),
                Poll::Pending => pending += 1,
            }
            assert_eq!(wakes.0.load(Ordering::Relaxed), pending, "whoever is told to wait is woken");
        }
    }
    assert!(pending >= 10, "{pending}");
}

#[tokio::test]
async fn writers_at_the_same_time_lose_nothing() {
    let db = memory().await;
    let store = triples();
    let writers = (0..8i64).map(|writer| {
        let (db, store) = (db.clone(), store.clone());
        tokio::spawn(async move {
            for number in 0..50i64 {
                let store = &store;
                db.transactional(&RunOptions::default(), |tx| async move {
                    // Each moves the counter on, which makes all of them conflict.
                    let pattern = [vec![Term::value("counter"), Term::value("is"), Term::var("n")]];
                    let mut query = nstore::query(&tx, store, &pattern, QueryOptions::default())?;
                    let count = match query.next_block().await? {
                        Some(block) => match &block.rows().next().unwrap().elements()?[..] {
                            [Element::Int(count)] => *count,
                            other => panic!("{other:?}"),
                        },
                        None => 0,
                    };
                    nstore::remove(&tx, store, &["counter".into(), "is".into(), count.into()])?;
                    nstore::add(&tx, store, &["counter".into(), "is".into(), (count + 1).into()], b"")?;
                    nstore::add(&tx, store, &[writer.into(), "wrote".into(), number.into()], b"")
                })
                .await
                .unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let tx = begin(&db);
    let counter = [vec![Term::value("counter"), Term::value("is"), var("n")]];
    assert_eq!(all(&tx, &store, &counter, QueryOptions::default()).await, [[Element::from(400i64)]]);
    let wrote = [vec![var("w"), Term::value("wrote"), var("n")]];
    assert_eq!(nstore::count(&tx, &store, &wrote, QueryOptions::default()).await.unwrap(), 400);
    assert_eq!(rows(&db).await.len(), 3 * 401, "every tuple is in every index");
}
