//! Scans, and what is too old for one transaction.

#![allow(clippy::expect_used, clippy::panic)]

mod support;

use found::client::{Database, KeySelector, RangeOptions, Scan, ScanOptions, StreamingMode, Transaction};
use std::collections::BTreeSet;
use std::time::Duration;
use support::*;

async fn fill(database: &Database, rows: u32) {
    let tx = begin(database);
    for row in 0..rows {
        tx.set(&key(row), b"some value").expect("active");
    }
    tx.commit().await.expect("commits");
}

fn key(row: u32) -> Vec<u8> {
    [b"row/", &row.to_be_bytes()[..]].concat()
}

async fn rest(mut scan: Scan) -> Vec<Vec<u8>> {
    let mut keys = Vec::new();
    while let Some(page) = scan.next_page().await.expect("a page") {
        keys.extend(page.iter().map(|(key, _)| key.to_vec()));
    }
    keys
}

#[tokio::test]
async fn a_scan_gives_every_row_once_in_both_directions_and_up_to_a_limit() {
    let database = memory().await;
    fill(&database, 3_000).await;
    let all: Vec<_> = (0..3_000).map(key).collect();
    for mode in [StreamingMode::WantAll, StreamingMode::Small, StreamingMode::Iterator] {
        let options = ScanOptions { mode, ..ScanOptions::default() };
        assert!(rest(database.scan(b"row/", b"row0", options.clone())).await == all);
        let reverse = ScanOptions { reverse: true, limit: 100, ..options };
        let expected: Vec<_> = all.iter().rev().take(100).cloned().collect();
        assert!(rest(database.scan(b"row/", b"row0", reverse)).await == expected);
    }
    assert!(rest(database.scan(b"none/", b"none0", ScanOptions::default())).await.is_empty());
}

#[tokio::test]
async fn a_scan_goes_on_where_another_one_stopped() {
    let database = memory().await;
    fill(&database, 1_000).await;
    for reverse in [false, true] {
        let options = ScanOptions { mode: StreamingMode::Small, reverse, ..ScanOptions::default() };
        let mut first = database.scan(b"row/", b"row0", options.clone());
        let mut keys = Vec::new();
        while keys.len() < 500 {
            let page = first.next_page().await.expect("a page").expect("more");
            keys.extend(page.iter().map(|(key, _)| key.to_vec()));
        }
        let after = first.position().map(<[u8]>::to_vec);
        keys.extend(rest(database.scan(b"row/", b"row0", ScanOptions { after, ..options })).await);
        assert_eq!(keys.len(), 1_000);
        assert_eq!(keys.into_iter().collect::<BTreeSet<_>>().len(), 1_000);
    }
}

#[tokio::test]
async fn a_slow_reader_gets_each_row_once_while_others_write() {
    let database = memory().await;
    fill(&database, 1_000).await;
    let transaction_timeout = Duration::from_millis(200);
    let options = ScanOptions { mode: StreamingMode::Large, transaction_timeout, ..ScanOptions::default() };
    let mut scan = database.scan(b"row/", b"row0", options);
    let mut keys = Vec::new();
    let mut pages = 0;
    while let Some(page) = scan.next_page().await.expect("a page") {
        keys.extend(page.iter().map(|(key, _)| key.to_vec()));
        pages += 1;
        write(&database, &[(format!("other/{pages}").as_bytes(), b"")]).await;
        if pages <= 3 {
            // It is the passing of time itself that the scan has to cope with.
            tokio::time::sleep(transaction_timeout).await;
        }
    }
    assert!(pages > 3);
    assert!(keys == (0..1_000).map(key).collect::<Vec<_>>());
}

#[tokio::test]
async fn within_one_transaction_a_version_that_is_too_old_is_an_error() {
    let database = memory().await;
    fill(&database, 10).await;
    let tx = begin(&database);
    let options = RangeOptions { limit: 8, mode: StreamingMode::Small, ..RangeOptions::default() };
    let range = |tx: &Transaction| {
        tx.range(KeySelector::first_greater_or_equal(*b""), KeySelector::first_greater_or_equal(*b"\xff"), options)
    };
    let mut begun = range(&tx);
    let first = begun.next_page().await.expect("young enough").expect("rows");
    assert!(first.more());
    let version = tx.read_version().await.expect("known");
    // Versions grow by a million a second and are good for five million.
    tokio::time::sleep(Duration::from_millis(5_200)).await;
    assert_eq!(code(begun.next_page().await), Some(1007));
    assert_eq!(code(tx.get(&key(9), false).await), Some(1007));
    let late = begin(&database);
    late.set_read_version(version).expect("active");
    assert_eq!(code(range(&late).collect().await), Some(1007));
    let writer = begin(&database);
    writer.set_read_version(version).expect("active");
    writer.set(b"a", b"1").expect("active");
    assert_eq!(code(writer.commit().await), Some(1007));
}

#[tokio::test]
async fn an_error_that_nothing_mends_ends_a_scan() {
    let database = memory().await;
    let mut scan = database.scan(b"a", b"\xff\xff\xff", ScanOptions::default());
    assert_eq!(code(scan.next_page().await), Some(2004));
    let mut scan = database.scan(b"a", b"b", ScanOptions::default());
    database.close();
    assert_eq!(scan.next_page().await.err(), Some(found::Error::Closed));
}
