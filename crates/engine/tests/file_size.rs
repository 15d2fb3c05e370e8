//! How long a file gets for what is in it.
#![allow(clippy::unwrap_used)]

mod common;

use common::{open_with_clock, put};
use std::time::Duration;

/// So many times its data a file may be long, of rows of a quarter of a page: pages that are not full, and a file that
/// is made twice as long when it is full.
const TIMES: u64 = 4;

const ROWS: u32 = 2_000;

/// What a row is at a time. The rows are written in an order that is none.
fn row(number: u32) -> (Vec<u8>, Vec<u8>) {
    (format!("{:08x}", number.wrapping_mul(0x9e37_79b1).rotate_left(7)).into_bytes(), vec![number as u8; 1_000])
}

/// All of it happens within five seconds, of which every version can be asked for, and none is.
#[test]
fn what_is_overwritten_is_used_again_at_once_where_nobody_reads_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("database");
    let (database, clock) = open_with_clock(&format!("file:{}", path.display()));
    let length = || std::fs::metadata(&path).unwrap().len();
    for commit in 0..400u32 {
        let rows: Vec<_> = (0..50).map(|number| row((commit * 50 + number) % ROWS)).collect();
        let pairs: Vec<(&[u8], &[u8])> = rows.iter().map(|(key, value)| (key.as_slice(), value.as_slice())).collect();
        put(&database, &pairs);
        clock.advance(Duration::from_millis(10));
    }
    let data = u64::from(ROWS) * 1_008;
    assert!(length() < TIMES * data, "{} bytes for {data}", length());
    drop(database);
    assert!(length() < TIMES * data, "{} bytes for {data}", length());
}
