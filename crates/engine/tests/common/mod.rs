//! What the tests of the public face share.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use engine::{Database, Error, Future, KeySelector, ManualClock, OpenOptions, Transaction};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// How long a future that must get an answer may take before it counts as hanging: far longer than anything takes.
const HANGS_AFTER: Duration = Duration::from_secs(60);

/// A new database in memory.
pub fn memory() -> Database {
    Database::open("memory:", OpenOptions::default()).unwrap()
}

/// A new database in memory, with the clock it goes by.
pub fn with_clock() -> (Database, Arc<ManualClock>) {
    open_with_clock("memory:")
}

/// A database with a clock of its own.
pub fn open_with_clock(target: &str) -> (Database, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(Duration::from_secs(1_800_000_000)));
    let options = OpenOptions { clock: clock.clone(), ..OpenOptions::default() };
    (Database::open(target, options).unwrap_or_else(|error| panic!("{}", error.message)), clock)
}

/// The answer of a future; a future that hangs fails the test.
pub fn wait<T: Clone>(future: &Future<T>) -> Result<T, Error> {
    if !future.is_ready() {
        let (sender, receiver) = mpsc::channel();
        future.on_ready(move || {
            // Nobody listens any more if it comes too late.
            let _ = sender.send(());
        });
        receiver.recv_timeout(HANGS_AFTER).expect("the future hangs");
    }
    future.peek().unwrap().clone()
}

/// The code of the error that a future ends with.
pub fn code<T: Clone>(future: &Future<T>) -> i32 {
    wait(future).err().map_or(0, Error::code)
}

/// Writes pairs and commits.
pub fn put(database: &Database, pairs: &[(&[u8], &[u8])]) -> i64 {
    let transaction = database.create_transaction();
    for (key, value) in pairs {
        transaction.set(key, value);
    }
    wait(&transaction.commit()).unwrap();
    transaction.committed_version()
}

/// The value of a key in a new transaction.
pub fn value_of(database: &Database, key: &[u8]) -> Option<Vec<u8>> {
    wait(&database.create_transaction().get(key, false)).unwrap()
}

/// The first key at or after `key`.
pub fn at(key: &[u8]) -> KeySelector<'_> {
    KeySelector::first_greater_or_equal(key)
}

/// A transaction's read conflict ranges, as its special keys tell them.
pub fn read_conflicts(transaction: &Transaction) -> Vec<(Vec<u8>, Vec<u8>)> {
    conflict_ranges(transaction, b"\xff\xff/transaction/read_conflict_range/")
}

/// A transaction's write conflict ranges.
pub fn write_conflicts(transaction: &Transaction) -> Vec<(Vec<u8>, Vec<u8>)> {
    conflict_ranges(transaction, b"\xff\xff/transaction/write_conflict_range/")
}

/// The read conflict ranges that the last commit failed for.
pub fn conflicting(transaction: &Transaction) -> Vec<(Vec<u8>, Vec<u8>)> {
    conflict_ranges(transaction, b"\xff\xff/transaction/conflicting_keys/")
}

fn conflict_ranges(transaction: &Transaction, prefix: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let end = [prefix, b"\xff\xff"].concat();
    let rows = wait(&transaction.get_range(at(prefix), at(&end), Default::default())).unwrap();
    let keys: Vec<Vec<u8>> = rows.iter().map(|(key, _)| key[prefix.len()..].to_vec()).collect();
    let marks: Vec<u8> = rows.iter().flat_map(|(_, mark)| mark.to_vec()).collect();
    assert!(marks.chunks(2).all(|pair| pair == b"10"), "{marks:?}");
    keys.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
}

/// The eight bytes of an integer option.
pub fn int(number: i64) -> [u8; 8] {
    number.to_le_bytes()
}

/// The numbers of the options that tests set.
pub mod option {
    pub const CAUSAL_WRITE_RISKY: i32 = 10;
    pub const NEXT_WRITE_NO_WRITE_CONFLICT_RANGE: i32 = 30;
    pub const READ_YOUR_WRITES_DISABLE: i32 = 51;
    pub const ACCESS_SYSTEM_KEYS: i32 = 301;
    pub const READ_SYSTEM_KEYS: i32 = 302;
    pub const RAW_ACCESS: i32 = 303;
    pub const TIMEOUT: i32 = 500;
    pub const RETRY_LIMIT: i32 = 501;
    pub const MAX_RETRY_DELAY: i32 = 502;
    pub const SIZE_LIMIT: i32 = 503;
    pub const SNAPSHOT_RYW_DISABLE: i32 = 601;
    pub const LOCK_AWARE: i32 = 700;
    pub const READ_LOCK_AWARE: i32 = 702;
    pub const REPORT_CONFLICTING_KEYS: i32 = 712;
    pub const SPECIAL_KEY_SPACE_RELAXED: i32 = 713;
    pub const SPECIAL_KEY_SPACE_ENABLE_WRITES: i32 = 714;
}
