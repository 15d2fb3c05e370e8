//! Blobs written over several transactions.

#![allow(clippy::expect_used, clippy::panic)]

mod support;

use found::client::Database;
use found::stores::bstore::{BStore, Upload};
use found::tuple::Uuid;
use std::time::Duration;
use support::memory;
use support::stores::{refusal, rows, run, tuple};

const NOW: Duration = Duration::ZERO;

fn store() -> BStore {
    BStore::make("blobs", &tuple(["blobs".into()])).expect("a good prefix")
}

/// Bytes of which no two chunks are the same.
fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index % 251) as u8 ^ (index >> 16) as u8).collect()
}

async fn upload(database: &Database, store: &BStore, blob: &[u8], piece: usize) -> Uuid {
    let mut upload = store.upload(database);
    for piece in blob.chunks(piece) {
        upload.write(piece).await.expect("written");
    }
    upload.finish().await.expect("whole")
}

async fn get(database: &Database, store: &BStore, uid: Uuid) -> Option<Vec<u8>> {
    run(database, |tx| async move { store.get(&tx, uid).await }).await
}

/// An upload of which two parts are written.
async fn begun(database: &Database, store: &BStore) -> Upload {
    let mut upload = store.upload(database);
    upload.write(&bytes(5_000_000)).await.expect("written");
    assert_eq!(rows(database).await.len(), 41, "two parts and their mark");
    upload
}

#[tokio::test]
async fn any_size_is_written_whole_and_removed_without_a_trace() {
    let (database, store) = (memory().await, store());
    for (length, piece) in
        [(0, 1), (1, 1), (100_001, 7_919), (2_000_000, 2_000_000), (4_000_000, 65_537), (12_345_678, 999_983)]
    {
        let blob = bytes(length);
        let uid = upload(&database, &store, &blob, piece).await;
        assert!(get(&database, &store, uid).await.as_ref() == Some(&blob), "length={length}");
        let again = upload(&database, &store, &blob, 1_000_003).await;
        assert_eq!(again, uid, "the same bytes are the same blob");
        let stored = run(&database, |tx| {
            let (store, blob) = (&store, &blob[..blob.len().min(9_000_000)]);
            async move { store.get_or_create(&tx, blob).await }
        })
        .await;
        assert_eq!(stored == uid, length <= 9_000_000);
        for uid in [uid, stored] {
            run(&database, |tx| {
                let store = &store;
                async move { store.remove(&tx, uid).await }
            })
            .await;
        }
        assert_eq!(rows(&database).await, [], "length={length}");
    }
}

#[tokio::test]
async fn nothing_is_visible_of_a_blob_that_is_not_whole() {
    let (database, store) = (memory().await, store());
    let mut upload = begun(&database, &store).await;
    let half_written = found::tuple::unpack(&rows(&database).await[0].0).expect("a key")[1].clone();
    let found::tuple::Element::Uuid(uid) = half_written else { panic!("the key of a chunk has the uid") };
    {
        let store = &store;
        run(&database, |tx| async move {
            assert!(!store.has(&tx, uid).await?);
            assert_eq!(store.size(&tx, uid).await?, None);
            assert_eq!(store.get(&tx, uid).await?, None);
            assert!(!store.remove(&tx, uid).await?);
            Ok(())
        })
        .await;
    }
    assert_eq!(upload.finish().await, Ok(uid));
    assert!(get(&database, &store, uid).await.as_ref() == Some(&bytes(5_000_000)));
}

#[tokio::test]
async fn what_an_interrupted_upload_leaves_is_swept_and_nothing_else() {
    let (database, store) = (memory().await, store());
    let whole = upload(&database, &store, &bytes(2_500_000), 2_500_000).await;
    let before = rows(&database).await;
    let mut abandoned = store.upload(&database);
    abandoned.write(&vec![1; 4_100_000]).await.expect("written");
    drop(abandoned);

    assert_eq!(store.sweep(&database, Duration::from_secs(3600)).await, Ok(0), "it may go on");
    assert!(rows(&database).await.len() > before.len());
    assert_eq!(store.sweep(&database, NOW).await, Ok(1));
    assert_eq!(rows(&database).await, before);
    assert_eq!(store.sweep(&database, NOW).await, Ok(0));
    assert!(get(&database, &store, whole).await.is_some());
}

#[tokio::test]
async fn an_upload_given_up_clears_what_it_has_written() {
    let (database, store) = (memory().await, store());
    let upload = begun(&database, &store).await;
    assert_eq!(upload.abort().await, Ok(()));
    assert_eq!(rows(&database).await, []);
}

#[tokio::test]
async fn an_upload_that_was_swept_is_told_so() {
    let (database, store) = (memory().await, store());
    let mut upload = begun(&database, &store).await;
    assert_eq!(store.sweep(&database, NOW).await, Ok(1));
    assert_eq!(refusal(upload.write(&bytes(3_000_000)).await).0, "FOUND_BSTORE_SWEPT");
    assert_eq!(upload.abort().await, Ok(()));

    let mut upload = begun(&database, &store).await;
    assert_eq!(store.sweep(&database, NOW).await, Ok(1));
    assert_eq!(refusal(upload.finish().await).0, "FOUND_BSTORE_SWEPT");
    assert_eq!(rows(&database).await, []);
}

#[tokio::test]
async fn uploads_of_the_same_bytes_at_a_time_leave_one_blob() {
    let (database, store) = (memory().await, store());
    let blob = bytes(4_500_000);
    let uploads = (0..4).map(|number| {
        let (database, store, blob) = (database.clone(), store.clone(), blob.clone());
        tokio::spawn(async move { upload(&database, &store, &blob, 300_000 + number).await })
    });
    let mut uids = Vec::new();
    for upload in uploads.collect::<Vec<_>>() {
        uids.push(upload.await.expect("no panic"));
    }
    assert!(uids.iter().all(|uid| *uid == uids[0]));
    assert!(get(&database, &store, uids[0]).await.as_ref() == Some(&blob));
    assert_eq!(rows(&database).await.len(), 45 + 2);
}

#[tokio::test]
async fn finishing_twice_gives_the_same_blob() {
    // What a retry after a lost answer does.
    let (database, store) = (memory().await, store());
    let mut upload = begun(&database, &store).await;
    let uid = upload.finish().await.expect("whole");
    assert_eq!(upload.finish().await, Ok(uid));
    assert_eq!(upload.abort().await, Ok(()));
    assert!(get(&database, &store, uid).await.as_ref() == Some(&bytes(5_000_000)));
}
