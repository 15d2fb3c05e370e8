//! The inverted index against documents in memory, with many writers, and with many documents.

#![allow(clippy::expect_used)]

mod support;

use found::client::Database;
use found::stores::pstore::{PStore, Ranking};
use found::tuple::{Element, pack};
use proptest::prelude::{ProptestConfig, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;
use support::memory;
use support::stores::{Row, refusal, rows, run, try_run, tuple, write_rows};

type Words = BTreeMap<String, i64>;
type Model = BTreeMap<i64, Words>;

fn store() -> PStore {
    PStore::make("search", &tuple(["search".into()])).expect("a good prefix")
}

async fn index(database: &Database, store: &PStore, docuid: i64, words: &Words) {
    let counter: &Vec<(String, i64)> = &words.clone().into_iter().collect();
    run(database, |tx| async move { store.index(&tx, &docuid.into(), counter).await }).await;
}

async fn search(
    database: &Database,
    store: &PStore,
    words: &[&str],
    limit: usize,
    ranking: Ranking,
) -> Vec<(Element, f64)> {
    let hits = run(database, |tx| async move { store.search(&tx, words, limit, ranking).await }).await;
    hits.iter().map(|hit| (hit.docuid().expect("an item"), hit.score)).collect()
}

/// The hits of a search by looking at every document.
fn expected(model: &Model, words: &[&str], ranking: Ranking) -> Vec<(Element, f64)> {
    let mut words = words.to_vec();
    words.sort_unstable();
    words.dedup();
    let length = |document: &Words| document.values().sum::<i64>() as f64;
    let average = (model.values().map(length).sum::<f64>() / model.len() as f64).max(1.0);
    let score = |document: &Words| {
        let mut score = 0.0;
        for word in &words {
            let count = *document.get(*word)? as f64;
            let having = model.values().filter(|document| document.contains_key(*word)).count() as f64;
            score += match ranking {
                Ranking::Count => count,
                Ranking::Bm25 => {
                    let weight = (1.0 + (model.len() as f64 - having + 0.5) / (having + 0.5)).ln();
                    weight * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length(document) / average))
                }
            };
        }
        Some(score)
    };
    let mut hits: Vec<_> =
        model.iter().filter_map(|(docuid, document)| Some((Element::Int(*docuid), score(document)?))).collect();
    hits.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    hits
}

/// Whether the hits are the same and the scores as good as the same.
fn same(found: &[(Element, f64)], expected: &[(Element, f64)]) -> bool {
    let near =
        |(one, other): (&(Element, f64), &(Element, f64))| (one.1 - other.1).abs() <= 1e-9 * other.1.abs().max(1.0);
    found.len() == expected.len() && found.iter().zip(expected).all(|pair| pair.0.0 == pair.1.0 && near(pair))
}

#[derive(Clone, Debug)]
enum Step {
    Index(i64, Words),
    Remove(i64),
    Search(Vec<&'static str>, usize),
}

const WORDS: [&str; 6] = ["a", "b", "a\0", "c", "", "zebra"];

fn steps() -> impl Strategy<Value = Step> {
    let word = || proptest::sample::select(WORDS.to_vec());
    let words = proptest::collection::btree_map(word().prop_map(str::to_owned), 1_i64..5, 0..5);
    prop_oneof![
        4 => (0_i64..12, words).prop_map(|(docuid, words)| Step::Index(docuid, words)),
        1 => (0_i64..12).prop_map(Step::Remove),
        3 => (proptest::collection::vec(word(), 1..4), 1_usize..20)
            .prop_map(|(words, limit)| Step::Search(words, limit)),
    ]
}

#[test]
fn random_operations_find_what_looking_at_every_document_finds() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut runner = TestRunner::new_with_rng(
        ProptestConfig { cases: 60, failure_persistence: None, ..Config::default() },
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let sequences = (proptest::collection::vec(steps(), 1..60), any::<bool>());
    runner
        .run(&sequences, |(sequence, statistics)| {
            runtime.block_on(follow(&sequence, statistics));
            Ok(())
        })
        .expect("as in memory");
}

async fn follow(sequence: &[Step], statistics: bool) {
    let database = memory().await;
    let store = &if statistics { store().with_statistics() } else { store() };
    let mut model = Model::new();
    for step in sequence {
        match step {
            Step::Index(docuid, words) => {
                index(&database, store, *docuid, words).await;
                model.insert(*docuid, words.clone());
            }
            Step::Remove(docuid) => {
                let removed = run(&database, |tx| async move { store.remove(&tx, &(*docuid).into()).await }).await;
                assert_eq!(removed, model.remove(docuid).is_some());
            }
            Step::Search(words, limit) => {
                for ranking in [Ranking::Count, Ranking::Bm25] {
                    if ranking == Ranking::Bm25 && (!statistics || model.is_empty()) {
                        continue;
                    }
                    let mut hits = expected(&model, words, ranking);
                    hits.truncate(*limit);
                    let found = search(&database, store, words, *limit, ranking).await;
                    assert!(same(&found, &hits), "words={words:?}\nfound={found:?}\nexpected={hits:?}");
                }
            }
        }
    }
    for docuid in model.keys() {
        run(&database, |tx| async move { store.remove(&tx, &(*docuid).into()).await }).await;
    }
    assert_eq!(rows(&database).await, [], "nothing is left of what was removed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_at_a_time_lose_nothing_and_leave_nothing() {
    let (database, store) = (memory().await, store().with_statistics());
    let writers = (0..4_i64).map(|writer| {
        let (database, store) = (database.clone(), store.clone());
        tokio::spawn(async move {
            for round in 0..30 {
                for docuid in 0..5 {
                    let words = Words::from([
                        ("all".to_owned(), 1),
                        (format!("round {}", round % 3), 1),
                        (format!("writer {writer}"), round + 1),
                    ]);
                    index(&database, &store, writer * 100 + docuid, &words).await;
                }
                let docuid = writer * 100 + round % 5;
                let store = &store;
                run(&database, |tx| async move { store.remove(&tx, &docuid.into()).await }).await;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("no panic");
    }
    let hits = search(&database, &store, &["all"], 100, Ranking::Count).await;
    assert_eq!(hits.len(), 4 * 4);
    let ranked = search(&database, &store, &["all", "round 2"], 100, Ranking::Bm25).await;
    assert_eq!(ranked.len(), 4 * 4);
    assert!(ranked.iter().all(|(_, score)| *score == ranked[0].1), "equal documents, equal scores");
    let store = &store;
    for (docuid, _) in &hits {
        run(&database, |tx| async move { store.remove(&tx, docuid).await }).await;
    }
    assert_eq!(rows(&database).await, []);
}

#[tokio::test]
async fn scores_of_others_do_not_move_when_a_document_is_replaced_by_itself() {
    let (database, store) = (memory().await, store().with_statistics());
    for docuid in 0..50 {
        let words = Words::from([("all".into(), 1 + docuid % 7), (format!("mod {}", docuid % 3), 2)]);
        index(&database, &store, docuid, &words).await;
    }
    let words = ["all", "mod 1"];
    let before = search(&database, &store, &words, 100, Ranking::Bm25).await;
    index(&database, &store, 7, &Words::from([("all".into(), 1), ("mod 1".into(), 2)])).await;
    assert_eq!(search(&database, &store, &words, 100, Ranking::Bm25).await, before);
    assert_eq!(search(&database, &store, &["mod 1", "all"], 100, Ranking::Bm25).await, before);
    assert_eq!(search(&database, &store, &words, 1, Ranking::Bm25).await, before[..1]);

    let plain = self::store();
    let error = try_run(&memory().await, |tx| {
        let plain = &plain;
        async move {
            plain.index(&tx, &1.into(), &[("all".into(), 1)]).await?;
            plain.search(&tx, &["all"], 1, Ranking::Bm25).await
        }
    })
    .await;
    assert_eq!(refusal(error).0, "FOUND_PSTORE_STATISTICS");
}

/// Whether the document has the word of that number: all have the first, half the second, a few the third, and the
/// fourth, of which there are many before there are few.
fn has(docuid: i64, number: u64) -> bool {
    match number {
        1 => true,
        2 => docuid % 2 == 0,
        3 => docuid % 5000 == 0,
        _ => docuid < 2000 || docuid % 100 == 0,
    }
}

/// So many documents as the store writes them.
fn many(documents: i64, with_counts: bool) -> Vec<Row> {
    let nested = |number: u8| Element::Tuple(vec!["search".into(), Element::Bytes(vec![number])]);
    let token = |number: u64| Element::Uuid(support::stores::uid(number));
    let mut rows = Vec::new();
    for (number, word) in [(1, "all"), (2, "half"), (3, "few"), (4, "first")] {
        let part = [Element::from("search"), Element::Bytes(vec![1])];
        let row = |order: [Element; 3]| pack(&[&part[..], &order].concat()).expect("packable");
        rows.push((row([0.into(), word.into(), token(number)]), Vec::new()));
        rows.push((row([1.into(), token(number), word.into()]), Vec::new()));
    }
    for docuid in 0..documents {
        let mut counter = Vec::new();
        for number in 1..=4 {
            let count = 1 + (docuid * 7919) % 13;
            if has(docuid, number) {
                let key = pack(&[nested(2), token(number), docuid.into()]).expect("packable");
                let value = if with_counts { pack(&[count.into()]).expect("packable") } else { Vec::new() };
                rows.push((key, value));
                counter.push(Element::Tuple(vec![token(number), count.into()]));
            }
        }
        let counter = zstd::bulk::compress(&pack(&counter).expect("packable"), 0).expect("compressed");
        rows.push((pack(&[nested(3), docuid.into()]).expect("packable"), counter));
    }
    rows
}

#[tokio::test]
async fn a_hundred_thousand_documents_are_searched_in_one_transaction_the_same_every_time() {
    for (documents, with_counts) in [(100_000, true), (10_000, false)] {
        let (database, store) = (memory().await, store());
        for some in many(documents, with_counts).chunks(20_000) {
            write_rows(&database, some).await;
        }
        let score = |docuid: i64, words: i64| ((1 + (docuid * 7919) % 13) * words) as f64;
        for (words, numbers) in [
            (vec!["all"], &[1][..]),
            (vec!["all", "half"], &[1, 2]),
            (vec!["half", "few", "all"], &[1, 2, 3]),
            (vec!["first", "all"], &[1, 4]),
        ] {
            let count = words.len() as i64;
            let docuids = (0..documents).filter(|docuid| numbers.iter().all(|number| has(*docuid, *number)));
            let mut hits: Vec<_> = docuids.map(|docuid| (Element::Int(docuid), score(docuid, count))).collect();
            hits.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            let all = hits.len();
            for limit in [1, 10, 100, all] {
                let found = search(&database, &store, &words, limit, Ranking::Count).await;
                assert!(found == hits[..limit.min(all)], "words={words:?} limit={limit}");
            }
            for _ in 0..5 {
                assert!(search(&database, &store, &words, 100, Ranking::Count).await == hits[..100.min(all)]);
            }
        }
    }
}
