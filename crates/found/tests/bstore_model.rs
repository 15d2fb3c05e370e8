//! The blob store against blobs in memory: random operations, and writers at a time.

#![allow(clippy::expect_used)]

mod support;

use found::Result;
use found::client::Database;
use found::stores::bstore::BStore;
use found::tuple::{Element, Uuid, unpack};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use support::memory;
use support::stores::{rows, run, tuple};

fn store() -> BStore {
    BStore::make("blobs", &tuple(["blobs".into()])).expect("a good prefix")
}

/// One of a few blobs, by its number: of no bytes, of one chunk, of several, and so large that it takes two transactions.
fn blob(number: u8) -> Vec<u8> {
    let length = [0, 1, 99_999, 100_000, 100_001, 250_000, 2_000_000, 2_100_000][usize::from(number % 8)];
    vec![number; length]
}

#[derive(Clone, Debug)]
enum Step {
    Put(u8),
    /// Written in pieces.
    Write(u8),
    /// Begun and left, or given up.
    Interrupt(bool),
    Remove(u8),
    Read(u8, u64, u64),
    Sweep,
}

fn steps() -> impl Strategy<Value = Step> {
    let number = || 0_u8..8;
    prop_oneof![
        3 => number().prop_map(Step::Put),
        2 => number().prop_map(Step::Write),
        1 => any::<bool>().prop_map(Step::Interrupt),
        2 => number().prop_map(Step::Remove),
        4 => (number(), 0_u64..260_000, 0_u64..2_200_000).prop_map(|(number, start, end)| Step::Read(number, start, end)),
        1 => Just(Step::Sweep),
    ]
}

#[test]
fn random_operations_do_what_they_do_to_blobs_in_memory() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut runner = TestRunner::new_with_rng(
        ProptestConfig { cases: 20, failure_persistence: None, ..Config::default() },
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    runner
        .run(&proptest::collection::vec(steps(), 1..25), |sequence| {
            runtime.block_on(follow(&sequence));
            Ok(())
        })
        .expect("as in memory");
}

async fn follow(sequence: &[Step]) {
    let (database, store) = (memory().await, &store());
    let mut model: BTreeMap<u8, Uuid> = BTreeMap::new();
    // A uid whose blob was removed, or was never whole.
    let mut gone: BTreeSet<Uuid> = BTreeSet::new();
    let mut left = 0;
    for step in sequence {
        match step {
            Step::Put(number) => {
                let blob = &blob(*number);
                let uid = run(&database, |tx| async move { store.get_or_create(&tx, blob).await }).await;
                assert_eq!(*model.entry(*number).or_insert(uid), uid, "equal bytes are one blob");
            }
            Step::Write(number) => {
                let mut upload = store.upload(&database);
                for piece in blob(*number).chunks(70_001) {
                    upload.write(piece).await.expect("written");
                }
                let uid = upload.finish().await.expect("whole");
                assert_eq!(*model.entry(*number).or_insert(uid), uid, "equal bytes are one blob");
            }
            Step::Interrupt(gives_up) => {
                let mut upload = store.upload(&database);
                upload.write(&vec![0xff; 2_000_001]).await.expect("written");
                if *gives_up {
                    upload.abort().await.expect("cleared");
                } else {
                    left += 1;
                }
            }
            Step::Remove(number) => {
                let Some(uid) = model.remove(number) else { continue };
                assert!(run(&database, |tx| async move { store.remove(&tx, uid).await }).await);
                gone.insert(uid);
            }
            Step::Read(number, start, end) => check(&database, store, &model, *number, *start, *end).await,
            Step::Sweep => {
                assert_eq!(store.sweep(&database, Duration::ZERO).await, Ok(left));
                left = 0;
            }
        }
    }
    for uid in gone.difference(&model.values().copied().collect()).copied() {
        let found = run(&database, |tx| async move { Ok((store.has(&tx, uid).await?, store.get(&tx, uid).await?)) });
        assert_eq!(found.await, (false, None));
    }
    store.sweep(&database, Duration::ZERO).await.expect("swept");
    for uid in model.into_values() {
        assert!(run(&database, |tx| async move { store.remove(&tx, uid).await }).await);
    }
    assert_eq!(rows(&database).await, [], "nothing is left of what was removed");
}

async fn check(database: &Database, store: &BStore, model: &BTreeMap<u8, Uuid>, number: u8, start: u64, end: u64) {
    let Some(uid) = model.get(&number).copied() else { return };
    let (size, part) = run(database, |tx| async move {
        let size = store.size(&tx, uid).await?;
        Ok((size, store.read(&tx, uid, start, end).await?))
    })
    .await;
    let blob = blob(number);
    assert_eq!(size, Some(blob.len() as u64));
    let end = (end as usize).min(blob.len());
    assert!(part.as_deref() == Some(&blob[(start as usize).min(end)..end]), "blob {number} from {start} to {end}");
}

/// The uids that hashes lead to, and those that have chunks.
async fn uids(database: &Database) -> (Vec<Uuid>, Vec<Uuid>) {
    let (mut of_hashes, mut of_chunks) = (Vec::new(), Vec::new());
    for (key, value) in rows(database).await {
        match &unpack(&key).expect("a key of the store")[..] {
            [Element::Tuple(part), Element::Uuid(uid), ..] if part[1] == Element::Bytes(vec![2]) => {
                of_chunks.push(*uid)
            }
            [Element::Tuple(part), _] if part[1] == Element::Bytes(vec![1]) => {
                of_hashes.push(Uuid::from_slice(&value).expect("16 bytes"));
            }
            _ => {}
        }
    }
    of_chunks.dedup();
    of_hashes.sort();
    (of_hashes, of_chunks)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_and_removers_at_a_time_leave_hashes_and_chunks_that_belong_together() {
    let (database, store) = (memory().await, store());
    let writers = (0..4_u64).map(|writer| {
        let (database, store) = (database.clone(), store.clone());
        tokio::spawn(async move {
            let mut random = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(writer + 1);
            for _ in 0..100 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let (store, blob, removes) =
                    (&store, &vec![(random >> 40) as u8 % 4; 150_000], (random >> 50).is_multiple_of(2));
                run(&database, |tx| async move {
                    // Found or made, it is there: until this transaction has removed it.
                    let uid = store.get_or_create(&tx, blob).await?;
                    assert!(store.get(&tx, uid).await?.as_ref() == Some(blob));
                    if removes {
                        assert!(store.remove(&tx, uid).await?);
                    }
                    Result::Ok(())
                })
                .await;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("no panic");
    }
    // Each writer's own, at last: nothing of what was written is lost.
    let store = &store;
    for number in 0..4 {
        let blob = &vec![number; 150_000];
        run(&database, |tx| async move { store.get_or_create(&tx, blob).await }).await;
    }
    let (of_hashes, of_chunks) = uids(&database).await;
    assert_eq!(of_hashes.len(), 4);
    assert_eq!(of_hashes, of_chunks);
    assert_eq!(rows(&database).await.len(), 4 * 3);
}
