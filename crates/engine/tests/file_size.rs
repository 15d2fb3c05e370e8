//! How long a file gets for what is in it.
#![allow(clippy::unwrap_used)]

mod common;

use common::{open_with_clock, put, wait};
use engine::{Database, ManualClock};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// So many times its data a file may be long, of rows of a quarter of a page: pages that are not full, those that the
/// commits in the log have replaced, and a file that is made twice as long when it is full.
const TIMES: u64 = 5;

/// The same while a transaction reads: with what it keeps until it is moved to a newer snapshot.
const TIMES_READ: u64 = 16;

const ROWS: u32 = 2_000;
const DATA: u64 = ROWS as u64 * 1_008;

/// What a commit makes of a row. The rows are written in an order that is none.
fn row(number: u32, commit: u32) -> (Vec<u8>, Vec<u8>) {
    (format!("{:08x}", number.wrapping_mul(0x9e37_79b1).rotate_left(7)).into_bytes(), vec![commit as u8; 1_000])
}

/// A database in a file that is overwritten again and again, and how long its file is. All of it happens within five
/// seconds, of which every version can be asked for.
struct Overwritten {
    directory: tempfile::TempDir,
    database: Database,
    clock: Arc<ManualClock>,
}

impl Overwritten {
    fn new() -> Overwritten {
        let directory = tempfile::tempdir().unwrap();
        let (database, clock) = open_with_clock(&format!("file:{}", directory.path().join("database").display()));
        Overwritten { directory, database, clock }
    }

    fn write(&self, commits: Range<u32>) {
        for commit in commits {
            let rows: Vec<_> = (0..50).map(|number| row((commit * 50 + number) % ROWS, commit)).collect();
            let pairs: Vec<(&[u8], &[u8])> =
                rows.iter().map(|(key, value)| (key.as_slice(), value.as_slice())).collect();
            put(&self.database, &pairs);
            self.clock.advance(Duration::from_millis(4));
        }
    }

    fn length(&self) -> u64 {
        std::fs::metadata(self.directory.path().join("database")).unwrap().len()
    }
}

#[test]
fn what_is_overwritten_is_used_again_at_once_where_nobody_reads_it() {
    let file = Overwritten::new();
    file.write(0..400);
    assert!(file.length() < TIMES * DATA, "{} bytes for {DATA}", file.length());
    let Overwritten { directory, database, .. } = file;
    drop(database);
    let closed = std::fs::metadata(directory.path().join("database")).unwrap().len();
    assert!(closed < TIMES * DATA, "{closed} bytes for {DATA}");
}

#[test]
fn what_is_overwritten_is_used_again_before_long_where_somebody_reads_on() {
    let file = Overwritten::new();
    file.write(0..40);
    let reader = file.database.create_transaction();
    let expected = |number: u32| Ok(Some(row(number, number / 50).1));
    assert_eq!(wait(&reader.get(&row(7, 0).0, true)), expected(7));
    for round in 1..16 {
        file.write(40 * round..40 * (round + 1));
        // What it has not read before.
        assert_eq!(wait(&reader.get(&row(77 * round, 0).0, true)), expected(77 * round));
    }
    for number in 0..ROWS {
        assert_eq!(wait(&reader.get(&row(number, 0).0, true)), expected(number), "{number}");
    }
    assert!(file.length() < TIMES_READ * DATA, "{} bytes for {DATA}", file.length());
}
