//! Ranges: all rows, whatever the mode, limit, direction and size of pages.

#![allow(clippy::expect_used, clippy::panic)]

mod support;

use found::client::{Database, KeySelector, Page, Range, RangeOptions, StreamingMode, Transaction};
use futures_util::TryStreamExt;
use support::*;

type Rows = Vec<(Vec<u8>, Vec<u8>)>;

const MODES: [StreamingMode; 6] = [
    StreamingMode::WantAll,
    StreamingMode::Iterator,
    StreamingMode::Small,
    StreamingMode::Medium,
    StreamingMode::Large,
    StreamingMode::Serial,
];

fn key(number: usize) -> Vec<u8> {
    format!("key{number:04}").into_bytes()
}

/// Even numbers are in the database, the transaction has written every third and cleared every tenth; the model says
/// what there is.
async fn overlay(database: &Database) -> (Transaction, Rows) {
    let tx = begin(database);
    for number in (0..120).step_by(2) {
        tx.set(&key(number), &vec![b'd'; number % 50]).expect("active");
    }
    tx.commit().await.expect("commits");
    let tx = begin(database);
    let mut rows = Rows::new();
    for number in 0..120 {
        let own = number % 3 == 0;
        if own {
            tx.set(&key(number), b"own").expect("active");
        }
        if number % 10 == 0 {
            tx.clear(&key(number)).expect("active");
        } else if own {
            rows.push((key(number), b"own".to_vec()));
        } else if number % 2 == 0 {
            rows.push((key(number), vec![b'd'; number % 50]));
        }
    }
    (tx, rows)
}

/// Which row a selector comes to, as FoundationDB defines it.
fn place(rows: &Rows, selector: &KeySelector) -> usize {
    let before =
        rows.iter().filter(|(key, _)| *key < selector.key || selector.or_equal && *key == selector.key).count();
    (before as i64 - 1 + i64::from(selector.offset)).clamp(0, rows.len() as i64) as usize
}

/// Beginnings and ends: of everything, between rows, on own writes and on cleared keys, far from their key and beyond
/// the ends.
fn bounds() -> Vec<(KeySelector, KeySelector)> {
    let at = |number: usize, or_equal, offset| KeySelector { key: key(number), or_equal, offset };
    vec![
        (KeySelector::first_greater_or_equal(*b""), KeySelector::first_greater_or_equal(*b"\xff")),
        (at(30, false, 1), at(95, true, 1)),
        (at(35, true, 0), at(100, false, 0)),
        (at(60, false, -20), at(60, true, 20)),
        (at(5, false, -20), at(118, true, 30)),
        (at(100, true, 1), at(30, true, 1)),
    ]
}

#[tokio::test]
async fn every_way_of_reading_gives_the_same_rows() {
    let database = memory().await;
    let (tx, all) = overlay(&database).await;
    for (begin, end) in bounds() {
        let (from, to) = (place(&all, &begin), place(&all, &end));
        let rows = if from < to { &all[from..to] } else { &[] };
        for mode in MODES {
            for limit in [0, 7, rows.len(), rows.len() + 1] {
                for reverse in [false, true] {
                    for target_bytes in [0, 1, 100] {
                        for snapshot in [false, true] {
                            let options = RangeOptions { limit, target_bytes, mode, reverse, snapshot };
                            let mut expected = rows.to_vec();
                            if reverse {
                                expected.reverse();
                            }
                            if limit > 0 {
                                expected.truncate(limit);
                            }
                            let range = tx.range(begin.clone(), end.clone(), options);
                            let pages: Vec<_> = range.pages().try_collect().await.expect("pages");
                            if target_bytes == 1 {
                                assert!(pages.iter().all(|page| page.len() <= 1), "{options:?}: not row by row");
                            }
                            let read = pages.iter().flat_map(Page::iter);
                            let read: Rows = read.map(|(key, value)| (key.to_vec(), value.to_vec())).collect();
                            assert!(read == expected, "{begin:?} {end:?} {options:?}");
                        }
                    }
                }
            }
        }
    }
    let (rows, (begin, end)) = (all, bounds().swap_remove(0));
    let options = RangeOptions { mode: StreamingMode::Exact, limit: 10, ..RangeOptions::default() };
    assert_eq!(tx.range(begin.clone(), end.clone(), options).collect().await.expect("rows"), rows[..10]);
    let options = RangeOptions { mode: StreamingMode::Exact, ..RangeOptions::default() };
    assert_eq!(code(tx.range(begin, end, options).collect().await), Some(2210));
}

#[tokio::test]
async fn selectors_with_offsets_begin_and_end_a_range() {
    let database = memory().await;
    let (tx, rows) = overlay(&database).await;
    let all = rows.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    for (from, to) in [(5, 20), (0, all.len()), (17, 18), (30, 30), (30, 12)] {
        for offset in [-3i32, 0, 4] {
            let position = |index: usize| (index as i32 + offset).clamp(0, all.len() as i32) as usize;
            let selector = |index: usize| {
                let key = all.get(index).cloned().unwrap_or_else(|| b"\xff".to_vec());
                KeySelector { offset: 1 + offset, ..KeySelector::first_greater_or_equal(key) }
            };
            let expected: &[_] = if position(from) < position(to) { &rows[position(from)..position(to)] } else { &[] };
            let options = RangeOptions { mode: StreamingMode::Small, ..RangeOptions::default() };
            let read = tx.range(selector(from), selector(to), options).collect().await.expect("rows");
            assert!(read == expected, "{from} {to} {offset}: {} {}", read.len(), expected.len());
        }
    }
}

#[tokio::test]
async fn a_query_goes_the_way_its_keys_go() {
    let database = memory().await;
    write(&database, &[(b"a", b""), (b"b", b""), (b"c", b""), (b"d", b""), (b"e", b"")]).await;
    let tx = begin(&database);
    let query = async |key: KeySelector, other: KeySelector, reverse, limit| {
        let (begin, end, reverse) = KeySelector::between(key, other, reverse);
        let options = RangeOptions { reverse, limit, ..RangeOptions::default() };
        let rows = tx.range(begin, end, options).collect().await.expect("rows");
        String::from_utf8(rows.into_iter().flat_map(|(key, _)| key).collect()).expect("letters")
    };
    let at = |key: &str| KeySelector::first_greater_or_equal(key);
    assert_eq!(query(at("b"), at("d"), None, 0).await, "bc");
    assert_eq!(query(at("d"), at("b"), None, 0).await, "dcb");
    assert_eq!(query(at("d"), at("d"), None, 0).await, "d");
    assert_eq!(query(at("b"), at("d"), Some(true), 0).await, "cb");
    assert_eq!(query(at("b"), at("d"), Some(false), 0).await, "bc");
    assert_eq!(query(at("d"), at("b"), Some(false), 0).await, "");
    assert_eq!(query(KeySelector::first_greater_than("b"), KeySelector::first_greater_than("d"), None, 0).await, "cd");
    assert_eq!(query(at("d"), at("b"), None, 2).await, "dc");
    assert_eq!(query(at("b"), at("d"), None, 1).await, "b");
    assert_eq!(query(at("a"), at("e"), Some(true), 2).await, "dc");
}

#[tokio::test]
async fn pages_and_rows_come_as_streams_too() {
    let database = memory().await;
    let (tx, rows) = overlay(&database).await;
    let range = || -> Range {
        let options = RangeOptions { mode: StreamingMode::Small, ..RangeOptions::default() };
        tx.range(KeySelector::first_greater_or_equal(*b""), KeySelector::first_greater_or_equal(*b"\xff"), options)
    };
    assert_eq!(range().rows().try_collect::<Rows>().await.expect("rows"), rows);
    let pages: Vec<_> = range().pages().try_collect().await.expect("pages");
    assert!(pages.len() > 1);
    assert_eq!(pages.iter().map(|page| page.len()).sum::<usize>(), rows.len());
}

#[tokio::test]
async fn a_range_that_goes_on_after_the_commit_is_an_error_and_not_short() {
    let database = memory().await;
    let (tx, _) = overlay(&database).await;
    let options = RangeOptions { mode: StreamingMode::Small, ..RangeOptions::default() };
    let mut range =
        tx.range(KeySelector::first_greater_or_equal(*b""), KeySelector::first_greater_or_equal(*b"\xff"), options);
    range.next_page().await.expect("rows");
    tx.commit().await.expect("commits");
    assert_eq!(code(range.next_page().await), Some(2017));
}
