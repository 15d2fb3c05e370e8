//! The limit that the layers above are measured against: the same work on the engine itself, called from Rust, and the
//! nearest of it on redb alone.
//!
//! `cargo bench --package engine`; bench/run.mjs runs it once a round and reads criterion's estimates. The number of
//! pairs is that of the environment's BENCH_PAIRS, 1,000,000 if there is none; files are made in BENCH_SCRATCH. With
//! BENCH_CLOCK=processor, what waits for nothing is measured in processor time, as bench/lib/measure.mjs has it.

// A benchmark has nobody to tell of a failure: it ends.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use engine::{Database, KeySelector, OpenOptions, RangeOptions, StreamingMode};
use redb::{ReadableDatabase, TableDefinition};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const ROWS: i32 = 10_000;
const PER_TRANSACTION: u32 = 20_000;
const TABLE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("pairs");

/// The mixing of numbers, the keys and the values are those of bench/lib/data.mjs.
fn mix(number: u32) -> u32 {
    let mut h = number;
    h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
    h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

fn key(index: u32) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&(mix(4 * index + 1) >> 1).to_be_bytes());
    for word in 1..4 {
        bytes[4 * word..][..4].copy_from_slice(&mix(4 * index + word as u32 + 1).to_be_bytes());
    }
    bytes
}

fn value(index: u32) -> [u8; 100] {
    let mut bytes = [0; 100];
    for (at, four) in bytes.chunks_exact_mut(4).enumerate() {
        four.copy_from_slice(&mix(index.wrapping_add(28 * at as u32 + 3)).to_le_bytes());
    }
    bytes
}

fn pairs() -> u32 {
    std::env::var("BENCH_PAIRS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000)
}

fn some_keys(pairs: u32) -> Vec<[u8; 16]> {
    (0..200_000).map(|n| key(mix(n + 12345) % pairs)).collect()
}

/// Where the files are, and a folder that is removed with it unless BENCH_SCRATCH names one that stays.
fn scratch() -> (PathBuf, Option<tempfile::TempDir>) {
    match std::env::var_os("BENCH_SCRATCH") {
        Some(path) => (path.into(), None),
        None => {
            let folder = tempfile::tempdir().expect("a temporary folder");
            (folder.path().to_owned(), Some(folder))
        }
    }
}

fn open_engine(target: &str, pairs: u32) -> Database {
    let database = Database::open(target, OpenOptions::default()).expect("the database opens");
    let transaction = database.create_transaction();
    if transaction.get(&key(pairs - 1), true).wait().as_ref().expect("a read").is_some() {
        return database;
    }
    for from in (0..pairs).step_by(PER_TRANSACTION as usize) {
        let transaction = database.create_transaction();
        for index in from..pairs.min(from + PER_TRANSACTION) {
            transaction.set(&key(index), &value(index));
        }
        transaction.commit().wait().as_ref().expect("the commit");
    }
    database
}

fn bench_engine(criterion: &mut Criterion, name: &str, target: &str, pairs: u32) {
    let database = open_engine(target, pairs);
    let keys = some_keys(pairs);
    // Each once, so that what is measured is in memory, as for the other peers.
    let transaction = database.create_transaction();
    for key in &keys {
        transaction.get(key, true).wait().as_ref().expect("a read");
    }
    drop(transaction);
    criterion.bench_function(&format!("engine {name} get"), |bencher| {
        bencher.iter_custom(|count| {
            let transaction = database.create_transaction();
            timed(count, |index| {
                let read = transaction.get(&keys[index as usize % keys.len()], false);
                assert!(black_box(read.wait()).as_ref().expect("a read").is_some());
            })
        });
    });
    criterion.bench_function(&format!("engine {name} range"), |bencher| {
        bencher.iter_custom(|count| {
            let transaction = database.create_transaction();
            timed(count, |index| {
                let begin = (mix(index as u32 + 777) >> 2).to_be_bytes();
                assert_eq!(read_range(&transaction, &begin), ROWS);
            })
        });
    });
    let mut written = pairs;
    let small = value(1);
    criterion.bench_function(&format!("engine {name} commit"), |bencher| {
        bencher.iter_custom(|count| {
            let timed = if name == "file" { waited } else { timed };
            timed(count, |_| {
                written += 1;
                let transaction = database.create_transaction();
                transaction.get(&key(written), false).wait().as_ref().expect("a read");
                transaction.set(&key(written), &small);
                transaction.commit().wait().as_ref().expect("the commit");
            })
        });
    });
}

/// Reads rows from `begin` on, page after page, as a client does; gives how many came.
fn read_range(transaction: &engine::Transaction, begin: &[u8]) -> i32 {
    let mut begin = begin.to_vec();
    let mut read = 0;
    for iteration in 1.. {
        let options =
            RangeOptions { limit: ROWS - read, mode: StreamingMode::WantAll, iteration, ..Default::default() };
        let future = transaction.get_range(
            KeySelector { key: &begin, or_equal: read > 0, offset: 1 },
            KeySelector { key: b"\xff", or_equal: false, offset: 1 },
            options,
        );
        let rows = black_box(future.wait()).as_ref().expect("a page");
        read += rows.len() as i32;
        match rows.last() {
            Some((last, _)) if read < ROWS && rows.more() => begin = last.to_vec(),
            _ => break,
        }
    }
    read
}

fn bench_redb(criterion: &mut Criterion, name: &str, database: &redb::Database, pairs: u32) {
    fill_redb(database, pairs);
    let keys = some_keys(pairs);
    let transaction = database.begin_read().expect("a transaction");
    let table = transaction.open_table(TABLE).expect("the table");
    for key in &keys {
        black_box(table.get(&key[..]).expect("a read"));
    }
    drop((table, transaction));
    criterion.bench_function(&format!("redb {name} get"), |bencher| {
        bencher.iter_custom(|count| {
            let transaction = database.begin_read().expect("a transaction");
            let table = transaction.open_table(TABLE).expect("the table");
            timed(count, |index| {
                let read = table.get(&keys[index as usize % keys.len()][..]).expect("a read");
                black_box(read.expect("the key").value().to_vec());
            })
        });
    });
    let mut written = pairs;
    criterion.bench_function(&format!("redb {name} commit"), |bencher| {
        bencher.iter_custom(|count| {
            let timed = if name == "file" { waited } else { timed };
            timed(count, |_| {
                written += 1;
                let transaction = database.begin_write().expect("a transaction");
                transaction
                    .open_table(TABLE)
                    .expect("the table")
                    .insert(&key(written)[..], &value(1)[..])
                    .expect("set");
                transaction.commit().expect("the commit");
            })
        });
    });
}

fn fill_redb(database: &redb::Database, pairs: u32) {
    for from in (0..pairs).step_by(PER_TRANSACTION as usize) {
        let transaction = database.begin_write().expect("a transaction");
        {
            let mut table = transaction.open_table(TABLE).expect("the table");
            if table.insert(&key(pairs - 1)[..], &value(pairs - 1)[..]).expect("set").is_some() {
                return;
            }
            for index in from..pairs.min(from + PER_TRANSACTION) {
                table.insert(&key(index)[..], &value(index)[..]).expect("set");
            }
            if from + PER_TRANSACTION < pairs {
                // Present only in the last transaction, so that a file that was half filled is filled again.
                table.remove(&key(pairs - 1)[..]).expect("remove");
            }
        }
        transaction.commit().expect("the commit");
    }
}

/// Does work that waits for nothing.
fn timed(count: u64, work: impl FnMut(u64)) -> Duration {
    let before = processor_time();
    let elapsed = waited(count, work);
    match (before, processor_time()) {
        (Some(before), Some(after)) => after - before,
        _ => elapsed,
    }
}

/// Does work that may wait.
fn waited(count: u64, mut work: impl FnMut(u64)) -> Duration {
    let start = Instant::now();
    for index in 0..count {
        work(index);
    }
    start.elapsed()
}

/// The time that this thread has had a processor, if it is asked for and the system tells.
fn processor_time() -> Option<Duration> {
    if std::env::var("BENCH_CLOCK").ok()? != "processor" {
        return None;
    }
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(told.split(' ').next()?.parse().ok()?))
}

fn file(folder: &Path, name: &str) -> String {
    format!("file:{}", folder.join(name).display())
}

fn limit(criterion: &mut Criterion) {
    let (folder, _removed) = scratch();
    let pairs = pairs();
    bench_engine(criterion, "memory", "memory:", pairs);
    bench_engine(criterion, "file", &file(&folder, "engine"), pairs);
    let memory = redb::Database::builder().create_with_backend(redb::backends::InMemoryBackend::new());
    bench_redb(criterion, "memory", &memory.expect("a database in memory"), pairs);
    let on_disk = redb::Database::create(folder.join("redb")).expect("a database in a file");
    bench_redb(criterion, "file", &on_disk, pairs);
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_millis(800));
    targets = limit
}
criterion_main!(benches);
