//! The blob store within a transaction.

#![allow(clippy::expect_used)]

mod support;

use blake2::{Blake2b512, Digest};
use found::client::Database;
use found::stores::bstore::BStore;
use found::tuple::Uuid;
use support::stores::{counted, refusal, rows, run, scene, to_hex, try_run, tuple, uid, write_rows};
use support::{begin, code, memory};

fn store() -> BStore {
    BStore::make("blobs", &tuple(["blobs".into(), 1.into()])).expect("a good prefix").with_uids(counted())
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index % 251) as u8).collect()
}

async fn put(database: &Database, store: &BStore, blob: &[u8]) -> Uuid {
    run(database, |tx| async move { store.get_or_create(&tx, blob).await }).await
}

async fn get(database: &Database, store: &BStore, uid: Uuid) -> Option<Vec<u8>> {
    run(database, |tx| async move { store.get(&tx, uid).await }).await
}

async fn remove(database: &Database, store: &BStore, uid: Uuid) -> bool {
    run(database, |tx| async move { store.remove(&tx, uid).await }).await
}

/// A value as the file of the reference's rows tells it.
fn told(value: &[u8]) -> String {
    if value.len() < 1000 {
        return to_hex(value);
    }
    format!("{} bytes, blake2b-512 {}", value.len(), to_hex(&Blake2b512::digest(value)))
}

#[tokio::test]
async fn writes_what_the_reference_writes_and_a_chunk_for_the_empty_blob() {
    let (database, store) = (memory().await, store());
    for (blob, expected) in [(b"hello".to_vec(), 1), (Vec::new(), 2), (bytes(250_000), 3), (b"hello".to_vec(), 1)] {
        assert_eq!(put(&database, &store, &blob).await, uid(expected));
    }
    let mut written: Vec<_> = rows(&database).await.into_iter().map(|(key, value)| (key, told(&value))).collect();
    let empty = scene("bstore")[3].0.len();
    let ours = written.iter().position(|(key, value)| key.len() == empty && value.is_empty()).expect("the empty chunk");
    written.remove(ours);
    assert_eq!(written, scene("bstore"));
}

#[tokio::test]
async fn reads_the_empty_blob_of_the_reference_which_has_no_chunk() {
    let (database, store) = (memory().await, store());
    let hash = scene("bstore").swap_remove(1);
    write_rows(&database, &[(hash.0, uid(2).as_bytes().to_vec())]).await;

    assert_eq!(get(&database, &store, uid(2)).await, Some(Vec::new()));
    assert_eq!(put(&database, &store, b"").await, uid(2));
    let store = &store;
    run(&database, |tx| async move {
        assert_eq!(store.size(&tx, uid(2)).await?, Some(0));
        assert!(store.has(&tx, uid(2)).await?);
        assert!(!store.has(&tx, uid(1)).await?);
        Ok(())
    })
    .await;
    assert!(remove(&database, store, uid(2)).await);
    assert_eq!(rows(&database).await, []);
}

#[tokio::test]
async fn every_size_comes_back_whole_and_in_pieces_and_is_removed_without_a_trace() {
    let (database, store) = (memory().await, store());
    for length in [0, 1, 99_999, 100_000, 100_001, 200_000, 3_500_000, 9_900_000] {
        let blob = bytes(length);
        let uid = put(&database, &store, &blob).await;
        assert_eq!(get(&database, &store, uid).await.as_deref(), Some(&blob[..]), "length={length}");
        let (store, blob) = (&store, &blob);
        run(&database, |tx| async move {
            assert_eq!(store.size(&tx, uid).await?, Some(length as u64));
            let edges = [0, 1, 99_999, 100_000, 100_001, length / 2, length.saturating_sub(1), length, length + 7];
            for start in edges {
                for end in edges {
                    let expected = blob.get(start..end.min(length)).unwrap_or_default();
                    let read = store.read(&tx, uid, start as u64, end as u64).await?;
                    assert_eq!(read.as_deref(), Some(expected), "length={length} start={start} end={end}");
                }
            }
            Ok(())
        })
        .await;
        assert!(remove(&database, store, uid).await);
        assert!(!remove(&database, store, uid).await);
        assert_eq!(rows(&database).await, [], "length={length}");
        assert_eq!(get(&database, store, uid).await, None);
    }
}

#[tokio::test]
async fn a_blob_too_large_for_a_transaction_is_refused_before_anything_is_written() {
    let (database, store) = (memory().await, store());
    let (store, blob) = (&store, &bytes(10_000_000));
    let refused = try_run(&database, |tx| async move { store.get_or_create(&tx, blob).await }).await;
    let (code, words) = refusal(refused);
    assert_eq!(code, "FOUND_BSTORE_LIMIT");
    assert!(words.starts_with("blobs: a blob of 10000000 bytes"), "{words}");

    let tx = begin(&database);
    tx.set(b"other", &[0; 90_000]).expect("active");
    let before = tx.approximate_size().await.expect("active");
    assert!(store.get_or_create(&tx, &bytes(9_900_000)).await.is_err(), "what the transaction has counts");
    let added = tx.approximate_size().await.expect("active") - before;
    assert!(added < 1000, "the conflict range of a read, not a blob; added={added}");
}

#[tokio::test]
async fn equal_blobs_at_a_time_in_one_transaction_are_one() {
    let (database, store) = (memory().await, store());
    let tx = begin(&database);
    let (one, two) = tokio::join!(store.get_or_create(&tx, b"same"), store.get_or_create(&tx, b"same"));
    assert_eq!(one.expect("stored"), two.expect("stored"));
    tx.commit().await.expect("nothing else writes");
    assert_eq!(rows(&database).await.len(), 2);
}

#[tokio::test]
async fn a_uid_that_is_kept_is_one_that_can_be_read_whatever_is_removed_meanwhile() {
    // In every order of the two transactions' steps: whoever keeps a uid has found or made a blob that stays.
    for remover_commits_first in [true, false] {
        for remover_begins_first in [true, false] {
            let (database, store) = (memory().await, store());
            let before = put(&database, &store, b"shared").await;
            let (keeper, remover) = (begin(&database), begin(&database));
            let kept = if remover_begins_first {
                assert!(store.remove(&remover, before).await.expect("readable"));
                store.get_or_create(&keeper, b"shared").await.expect("readable")
            } else {
                let kept = store.get_or_create(&keeper, b"shared").await.expect("readable");
                assert!(store.remove(&remover, before).await.expect("readable"));
                kept
            };
            keeper.set(b"kept", kept.as_bytes()).expect("active");
            let (keeping, removing) = if remover_commits_first {
                let removing = remover.commit().await;
                (keeper.commit().await, removing)
            } else {
                let keeping = keeper.commit().await;
                (keeping, remover.commit().await)
            };
            if remover_commits_first {
                assert_eq!(removing, Ok(()));
                assert_eq!(code(keeping), Some(1020), "it would keep what was removed");
                assert_eq!(get(&database, &store, before).await, None);
            } else {
                assert_eq!((keeping, removing), (Ok(()), Ok(())), "one after the other, each was right");
            }
        }
    }
}

#[tokio::test]
async fn writers_of_the_same_bytes_at_a_time_get_one_uid() {
    let (database, store) = (memory().await, store());
    let writers = (0..8).map(|number| {
        let (database, store) = (database.clone(), store.clone());
        tokio::spawn(async move {
            let mut uids = Vec::new();
            for index in 0..20_u8 {
                let blob = vec![index; 1000 + usize::from(index)];
                uids.push(put(&database, &store, &blob).await);
                if index % 4 == 0 {
                    put(&database, &store, &[number, index]).await;
                }
            }
            uids
        })
    });
    let mut found = Vec::new();
    for writer in writers.collect::<Vec<_>>() {
        found.push(writer.await.expect("no panic"));
    }
    assert!(found.iter().all(|uids| *uids == found[0]));
    assert_eq!(rows(&database).await.len(), 2 * (20 + 8 * 5));
}

#[tokio::test]
async fn a_missing_chunk_is_told_and_not_left_out() {
    let (database, store) = (memory().await, store());
    let uid = put(&database, &store, &bytes(350_000)).await;
    let rows = rows(&database).await;
    let (key, _) = rows.iter().filter(|(_, value)| value.len() == 100_000).nth(1).expect("a chunk");
    let store = &store;
    run(&database, |tx| async move { tx.clear(key) }).await;
    let (code, words) = refusal(try_run(&database, |tx| async move { store.get(&tx, uid).await }).await);
    assert_eq!(code, "FOUND_BSTORE_DAMAGED");
    assert!(words.contains("chunk=1"), "{words}");
}

#[test]
fn a_prefix_that_leaves_no_room_for_keys_is_refused() {
    let error = BStore::make("blobs", &tuple([vec![7_u8; 9_900].into()])).expect_err("too long");
    assert!(error.to_string().starts_with("prefix:"), "{error}");
}
