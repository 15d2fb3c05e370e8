//! The inverted index: its rows, replacing and removing, what it shares with the reference.

#![allow(clippy::expect_used)]

mod support;

use found::Result;
use found::client::{Database, Transaction};
use found::stores::pstore::{PStore, Ranking};
use found::tuple::{Element, Subspace, pack};
use support::stores::{Row, counted, refusal, rows, run, scene_rows, try_run, tuple, write_rows};
use support::{begin, memory};

fn store() -> PStore {
    PStore::make("search", &tuple(["search".into()])).expect("a good prefix").with_uids(counted())
}

fn counter<const N: usize>(words: [(&str, i64); N]) -> Vec<(String, i64)> {
    words.into_iter().map(|(word, count)| (word.to_owned(), count)).collect()
}

async fn index(database: &Database, store: &PStore, docuid: impl Into<Element>, words: &[(String, i64)]) {
    let docuid = &docuid.into();
    run(database, |tx| async move { store.index(&tx, docuid, words).await }).await;
}

async fn hits(tx: &Transaction, store: &PStore, words: &[&str], limit: usize) -> Result<Vec<(Element, f64)>> {
    let hits = store.search(tx, words, limit, Ranking::Count).await?;
    hits.iter().map(|hit| Ok((hit.docuid()?, hit.score))).collect()
}

async fn search(database: &Database, store: &PStore, words: &[&str]) -> Vec<(Element, f64)> {
    run(database, |tx| async move { hits(&tx, store, words, 100).await }).await
}

async fn remove(database: &Database, store: &PStore, docuid: impl Into<Element>) -> bool {
    let docuid = &docuid.into();
    run(database, |tx| async move { store.remove(&tx, docuid).await }).await
}

fn part(number: u8) -> Subspace {
    Subspace::from_tuple(&[Element::Tuple(vec!["search".into(), Element::Bytes(vec![number])])]).expect("packable")
}

/// Rows with what is in the counters instead of their bytes, which are zstd's to choose.
fn opened(rows: Vec<Row>) -> Vec<Row> {
    let open = |(key, value): Row| match part(3).contains(&key) {
        true => {
            let value = zstd::bulk::decompress(&value, 1 << 20).expect("a frame that tells its size");
            (key, value)
        }
        false => (key, value),
    };
    rows.into_iter().map(open).collect()
}

/// As the reference has it: its postings have no value.
fn without_counts(rows: Vec<Row>) -> Vec<Row> {
    let strip = |(key, value): Row| if part(2).contains(&key) { (key, Vec::new()) } else { (key, value) };
    rows.into_iter().map(strip).collect()
}

async fn index_the_scene(database: &Database, store: &PStore) {
    index(database, store, "doc1", &counter([("foundation", 2), ("database", 1)])).await;
    index(database, store, 2, &counter([("database", 3), ("node", 1)])).await;
}

#[tokio::test]
async fn writes_what_the_reference_writes_and_the_count_beside() {
    let (database, store) = (memory().await, store());
    index_the_scene(&database, &store).await;
    let written = rows(&database).await;
    let counts: Vec<_> =
        written.iter().filter(|(key, _)| part(2).contains(key)).map(|(_, value)| value.clone()).collect();
    assert_eq!(counts, [2, 1, 3, 1].map(|count| pack(&[Element::Int(count)]).expect("packable")));
    assert_eq!(opened(without_counts(written)), opened(scene_rows("pstore")));
    assert_eq!(search(&database, &store, &["database"]).await, [(2.into(), 3.0), ("doc1".into(), 1.0)]);
}

#[tokio::test]
async fn searches_and_replaces_what_the_reference_has_indexed() {
    let (database, store) = (memory().await, store());
    write_rows(&database, &scene_rows("pstore")).await;
    let store = store.with_uids(found::tuple::Uuid::new_v4);
    assert_eq!(search(&database, &store, &["database"]).await, [(2.into(), 3.0), ("doc1".into(), 1.0)]);
    assert_eq!(search(&database, &store, &["node", "database"]).await, [(2.into(), 4.0)]);

    index(&database, &store, "doc1", &counter([("database", 7)])).await;
    assert_eq!(search(&database, &store, &["foundation"]).await, []);
    assert_eq!(search(&database, &store, &["database"]).await, [("doc1".into(), 7.0), (2.into(), 3.0)]);
    assert!(remove(&database, &store, 2).await);
    assert!(remove(&database, &store, "doc1").await);
    assert_eq!(rows(&database).await, []);
}

#[tokio::test]
async fn what_the_reference_leaves_behind_at_indexing_again_is_no_hit() {
    let (database, store) = (memory().await, store());
    write_rows(&database, &scene_rows("pstore")).await;
    // Its `index` of an existing document writes the new counter and leaves the old words' postings.
    let stale = opened(scene_rows("pstore")).into_iter().find(|(key, _)| part(2).contains(key)).expect("a posting");
    let (key, counter) =
        (part(3).pack(&["doc1".into()]).expect("packable"), scene_rows("pstore").pop().expect("one").1);
    write_rows(&database, &[(key, counter)]).await;
    assert!(rows(&database).await.contains(&(stale.0, Vec::new())));
    assert_eq!(search(&database, &store, &["foundation"]).await, []);
    assert_eq!(search(&database, &store, &["database"]).await, [("doc1".into(), 3.0), (2.into(), 3.0)]);
}

/// Its `index` of a document that was indexed here leaves postings with counts behind, of words that are gone.
#[tokio::test]
async fn what_the_reference_leaves_behind_of_what_was_indexed_here_is_no_hit() {
    let (database, store) = (memory().await, store().with_statistics());
    for docuid in 0..100_i64 {
        index(&database, &store, docuid, &counter([("old", 1000 - docuid), ("kept", 1)])).await;
    }
    // What a document has that was only ever indexed with one word stands for what the reference writes.
    index(&database, &store, "model", &counter([("kept", 1)])).await;
    let of_model = part(3).pack(&["model".into()]).expect("packable");
    let model = rows(&database).await.into_iter().find(|(key, _)| *key == of_model).expect("its counter").1;
    assert!(remove(&database, &store, "model").await);
    let again = |docuid: i64| (part(3).pack(&[docuid.into()]).expect("packable"), model.clone());
    let changed: Vec<Row> = (0..100).filter(|docuid| docuid % 10 != 9).map(again).collect();
    write_rows(&database, &changed).await;

    let expected: Vec<(Element, f64)> = (0..10).map(|n| ((10 * n + 9).into(), (991 - 10 * n) as f64)).collect();
    for ranking in [Ranking::Count, Ranking::Bm25] {
        for limit in [1, 5, 10, 11, 1000] {
            let store = &store;
            let hits = run(&database, |tx| async move { store.search(&tx, &["old"], limit, ranking).await }).await;
            let docuids: Vec<Element> = hits.iter().map(|hit| hit.docuid().expect("an item")).collect();
            let best: Vec<Element> = expected.iter().take(limit).map(|(docuid, _)| docuid.clone()).collect();
            assert_eq!(docuids, best, "limit={limit} {ranking:?}");
        }
    }
    assert_eq!(search(&database, &store, &["old"]).await, expected);
    assert_eq!(search(&database, &store, &["kept"]).await.len(), 100);
    assert_eq!(search(&database, &store, &["kept", "old"]).await.len(), 10);
    // A document that is gone altogether is no hit either.
    run(&database, |tx| async move { tx.clear(&part(3).pack(&[9.into()])?) }).await;
    assert_eq!(search(&database, &store, &["old"]).await, expected[1..]);
}

#[tokio::test]
async fn a_document_indexed_again_loses_its_old_words_and_one_removed_loses_all() {
    for store in [store(), store().with_statistics()] {
        let database = memory().await;
        index(&database, &store, "d", &counter([("bees", 1), ("the", 2)])).await;
        let once = rows(&database).await;
        index(&database, &store, "d", &counter([("bees", 1), ("the", 2)])).await;
        assert_eq!(rows(&database).await, once, "the same again changes nothing");
        assert_eq!(search(&database, &store, &["bees"]).await, [("d".into(), 1.0)]);

        index(&database, &store, "d", &counter([("beex", 1), ("the", 2)])).await;
        assert_eq!(search(&database, &store, &["bees"]).await, []);
        assert_eq!(search(&database, &store, &["beex", "the"]).await, [("d".into(), 3.0)]);

        index(&database, &store, "e", &counter([("the", 1)])).await;
        let words = run(&database, |tx| {
            let store = &store;
            async move { store.counter(&tx, &"d".into()).await }
        });
        assert_eq!(words.await, Some(counter([("beex", 1), ("the", 2)])));
        assert!(remove(&database, &store, "d").await);
        assert!(!remove(&database, &store, "d").await);
        assert_eq!(search(&database, &store, &["the"]).await, [("e".into(), 1.0)]);
        assert!(remove(&database, &store, "e").await);
        assert_eq!(rows(&database).await, []);
    }
}

#[tokio::test]
async fn words_are_found_exactly() {
    let (database, store) = (memory().await, store());
    for (number, word) in ["a", "a\0", "a\0b", "ab", ""].into_iter().enumerate() {
        index(&database, &store, number as i64, &counter([(word, 1)])).await;
    }
    for (number, word) in ["a", "a\0", "a\0b", "ab", ""].into_iter().enumerate() {
        assert_eq!(search(&database, &store, &[word]).await, [((number as i64).into(), 1.0)], "word={word:?}");
    }
    // A word that goes on is indexed, this one is not: the reference finds the other.
    let (database, store) = (memory().await, self::store());
    index(&database, &store, 1, &counter([("alice\0bob", 1)])).await;
    assert_eq!(search(&database, &store, &["alice"]).await, []);
}

#[tokio::test]
async fn every_word_must_occur_and_no_words_find_nothing() {
    let (database, store) = (memory().await, store());
    index(&database, &store, 1, &counter([("a", 1), ("b", 1)])).await;
    index(&database, &store, 2, &counter([("a", 1)])).await;
    assert_eq!(search(&database, &store, &["a", "b"]).await, [(1.into(), 2.0)]);
    assert_eq!(search(&database, &store, &["b", "a", "b"]).await, [(1.into(), 2.0)]);
    assert_eq!(search(&database, &store, &["a", "c"]).await, []);
    assert_eq!(search(&database, &store, &[]).await, []);
    let store = &store;
    assert_eq!(run(&database, |tx| async move { hits(&tx, store, &["a"], 0).await }).await, []);
}

#[tokio::test]
async fn what_is_too_large_is_refused_by_name_before_anything_is_written() {
    let (database, store) = (memory().await, store());
    let store = &store;
    let long = counter([("short", 1), (&"x".repeat(10_000)[..], 1)]);
    let docuid = &Element::String("y".repeat(10_000));
    let many: &Vec<(String, i64)> = &(0..60_000).map(|number| (number.to_string(), 1)).collect();
    let refused = |docuid: Element, words: Vec<(String, i64)>| {
        let database = &database;
        async move {
            let (docuid, words) = (&docuid, &words);
            refusal(try_run(database, |tx| async move { store.index(&tx, docuid, words).await }).await)
        }
    };
    for (code, words) in [
        refused(1.into(), long).await,
        refused(docuid.clone(), counter([("a", 1)])).await,
        refused("the document".into(), many.clone()).await,
    ] {
        assert_eq!(code, "FOUND_PSTORE_LIMIT");
        assert!(
            ["word \"xxx", "document String(\"yyy", "document String(\"the document"]
                .iter()
                .any(|name| words.contains(name)),
            "{words}"
        );
        assert!(words.contains("limit="), "{words}");
    }
    assert_eq!(rows(&database).await, []);
    let tx = begin(&database);
    assert!(store.index(&tx, &1.into(), &counter([("a", 0)])).await.is_err());
    assert!(store.index(&tx, &1.into(), &counter([("a", 1), ("a", 2)])).await.is_err());
    assert!(!tx.has_written());
}

#[tokio::test]
async fn documents_indexed_at_a_time_in_one_transaction_share_their_words() {
    let (database, store) = (memory().await, store());
    let tx = begin(&database);
    let words = counter([("same", 1)]);
    let (one, two) = (1.into(), 2.into());
    let (one, two) = tokio::join!(store.index(&tx, &one, &words), store.index(&tx, &two, &words));
    assert_eq!((one, two), (Ok(()), Ok(())));
    tx.commit().await.expect("nothing else writes");
    assert_eq!(search(&database, &store, &["same"]).await, [(1.into(), 1.0), (2.into(), 1.0)]);
}

#[tokio::test]
async fn a_counter_that_is_none_is_told() {
    let (database, store) = (memory().await, store());
    for value in
        [&b"no frame"[..], &zstd::bulk::compress(&pack(&[1.into()]).expect("packable"), 0).expect("compressed")]
    {
        write_rows(&database, &[(part(3).pack(&[1.into()]).expect("packable"), value.to_vec())]).await;
        let store = &store;
        let removed = try_run(&database, |tx| async move { store.remove(&tx, &1.into()).await }).await;
        assert_eq!(refusal(removed).0, "FOUND_PSTORE_DAMAGED");
    }
}
