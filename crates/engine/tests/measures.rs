//! Estimated sizes, split points, approximate sizes and costs.
#![allow(clippy::unwrap_used)]

mod common;

use common::{at, code, memory, put, wait};
use engine::{ConflictRangeType, Database, RangeOptions};

/// Ten megabytes in ten thousand pairs.
fn large() -> Database {
    let database = memory();
    for part in 0..10u32 {
        let transaction = database.create_transaction();
        for number in part * 1000..(part + 1) * 1000 {
            transaction.set(&number.to_be_bytes(), &[7; 1_000]);
        }
        wait(&transaction.commit()).unwrap();
    }
    database
}

#[test]
fn estimates_come_close_for_large_data() {
    let database = large();
    let transaction = database.create_transaction();
    let estimate = |begin: &[u8], end: &[u8]| wait(&transaction.get_estimated_range_size_bytes(begin, end)).unwrap();
    let size = 10_000.0 * 1_004.0;
    let all = estimate(b"", b"\xff");
    assert!((all as f64 / size - 1.0).abs() < 0.3, "{all}");
    let half = estimate(b"", &5_000u32.to_be_bytes());
    assert!(half < all && half + estimate(&5_000u32.to_be_bytes(), b"\xff") == all);
    assert_eq!(estimate(b"a", b"a"), 0);
    // Own writes do not count, and the state is the newest whatever the read version.
    wait(&transaction.read_version()).unwrap();
    transaction.clear_range(b"", b"\xff");
    assert_eq!(estimate(b"", b"\xff"), all);
    let clear = database.create_transaction();
    clear.clear_range(b"", b"\xff");
    wait(&clear.commit()).unwrap();
    assert_eq!(estimate(b"", b"\xff"), 0);
    assert!(common::read_conflicts(&transaction).is_empty());
}

#[test]
fn split_points_cut_into_pieces_of_about_a_size() {
    let database = large();
    let transaction = database.create_transaction();
    let split = |begin: &[u8], end: &[u8], chunk| wait(&transaction.get_range_split_points(begin, end, chunk)).unwrap();
    let points = split(b"", b"\xff", 1_000_000);
    assert!((8..=14).contains(&points.len()), "{}", points.len());
    assert!(points.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!((points.first().unwrap().as_slice(), points.last().unwrap().as_slice()), (&b""[..], &b"\xff"[..]));
    for pair in points.windows(2) {
        let size = wait(&transaction.get_estimated_range_size_bytes(&pair[0], &pair[1])).unwrap();
        assert!(size <= 1_300_000, "{size}");
    }
    assert_eq!(split(b"x", b"y", 1_000_000), [b"x", b"y"]);
    assert_eq!(split(b"x", b"x", 1), [b"x", b"x"]);
    assert_eq!(split(b"", b"\xff", i64::MAX).len(), 2);
}

#[test]
fn small_data_is_one_piece() {
    let database = memory();
    put(&database, &[(b"a", b"1"), (b"b", b"2")]);
    let transaction = database.create_transaction();
    assert_eq!(wait(&transaction.get_range_split_points(b"", b"\xff", 10_000_000)).unwrap(), [&b""[..], b"\xff"]);
    assert_eq!(wait(&transaction.get_addresses_for_key(b"a")).unwrap(), ["127.0.0.1:4500"]);
    assert_eq!(wait(&transaction.get_addresses_for_key(b"\xff\xff")).unwrap(), Vec::<String>::new());
    assert_eq!(wait(&transaction.tag_throttled_duration()), Ok(0.0));
    wait(&transaction.commit()).unwrap();
    assert_eq!(code(&transaction.get_range_split_points(b"", b"\xff", 1)), 2017);
    assert_eq!(code(&transaction.get_estimated_range_size_bytes(b"", b"\xff")), 2017);
}

#[test]
fn the_approximate_size_grows_with_every_call() {
    let database = memory();
    let transaction = database.create_transaction();
    let mut last = 0;
    let mut grown = |wanted: i64| {
        let size = wait(&transaction.approximate_size()).unwrap();
        assert_eq!(size - last, wanted);
        last = size;
    };
    grown(0);
    let set = 3 + 5 + 44 + 24 + 7;
    transaction.set(b"key", b"value");
    grown(set);
    transaction.set(b"key", b"value");
    grown(set);
    transaction.set_option(30, None).unwrap();
    transaction.set(b"key", b"value");
    grown(3 + 5 + 44);
    transaction.clear(b"key");
    grown(2 * (7 + 24));
    transaction.clear_range(b"a", b"bc");
    grown(3 + 44 + 3 + 24);
    wait(&transaction.get(b"other", false)).unwrap();
    grown(11 + 24);
    wait(&transaction.get(b"other", true)).unwrap();
    grown(0);
    transaction.reset();
    assert_eq!(wait(&transaction.approximate_size()), Ok(0));
}

#[test]
fn reads_and_writes_cost_whole_pages() {
    const PAGE: i64 = 4096;
    let database = memory();
    put(&database, &[(b"k", &[0; 5_000]), (b"l", b"")]);
    let transaction = database.create_transaction();
    let mut last = 0;
    let mut grown = |pages: i64| {
        let cost = wait(&transaction.total_cost()).unwrap();
        assert_eq!((cost - last) as f64 / PAGE as f64, pages as f64);
        last = cost;
    };
    grown(0);
    wait(&transaction.get(b"none", false)).unwrap();
    grown(1);
    wait(&transaction.get(b"k", false)).unwrap();
    grown(2);
    wait(&transaction.get_range(common::at(b"a"), common::at(b"z"), Default::default())).unwrap();
    grown(2);
    // What is written counts when it is sent: four times its pages, and one for a clear.
    transaction.set(b"small", b"");
    transaction.set(b"large", &[0; 5_000]);
    transaction.atomic_op(b"atomic", &[0; 5_000], 9);
    transaction.clear_range(b"a", b"b");
    wait(&transaction.get(b"small", false)).unwrap();
    grown(0);
    wait(&transaction.commit()).unwrap();
    // The atomic operation was cleared.
    grown(4 + 8 + 1);
    transaction.reset();
    assert_eq!(wait(&transaction.total_cost()), Ok(0));
    transaction.set_option(common::option::READ_YOUR_WRITES_DISABLE, None).unwrap();
    transaction.set(b"small", b"");
    assert_eq!(wait(&transaction.total_cost()), Ok(4 * PAGE));
}

#[test]
fn a_range_that_is_read_counts_for_each_piece_that_own_writes_cut_it_into() {
    let size_of_read = |conflicts: &[(&[u8], &[u8])]| {
        let transaction = memory().create_transaction();
        for (begin, end) in conflicts {
            transaction.add_conflict_range(begin, end, ConflictRangeType::Write).unwrap();
        }
        let before = wait(&transaction.approximate_size()).unwrap();
        wait(&transaction.get_range(at(b"a"), at(b"z"), RangeOptions::default())).unwrap();
        wait(&transaction.approximate_size()).unwrap() - before
    };
    assert_eq!(size_of_read(&[]), 2 + 24);
    assert_eq!(size_of_read(&[(b"c", b"d")]), 3 * (2 + 24));
    // A write conflict within another cuts nothing.
    assert_eq!(size_of_read(&[(b"a", b"z"), (b"c", b"d"), (b"a", b"e")]), 2 + 24);
}
