//! What the tests of the client share.

#![allow(dead_code, clippy::expect_used)]

pub mod stores;
pub mod versions;

use found::client::{Database, RunOptions, Transaction, TransactionOptions};
use found::{Error, Result};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// A new database in memory.
pub async fn memory() -> Database {
    Database::open(Some("memory:")).await.expect("memory can be had")
}

/// A new transaction.
pub fn begin(database: &Database) -> Transaction {
    database.transaction(TransactionOptions::default()).expect("open")
}

/// Writes rows, in one transaction.
pub async fn write(database: &Database, rows: &[(&[u8], &[u8])]) {
    let tx = begin(database);
    for (key, value) in rows {
        tx.set(key, value).expect("active");
    }
    tx.commit().await.expect("nothing else writes");
}

/// The value of a key.
pub async fn read(database: &Database, key: &[u8]) -> Option<Vec<u8>> {
    let key = key.to_vec();
    database
        .transactional::<_, Error, _>(&RunOptions::default(), |tx| {
            let read = tx.get(&key, false);
            async move { Ok(read.await?.map(|value| value.to_vec())) }
        })
        .await
        .expect("readable")
}

/// FoundationDB's number of the error.
pub fn code<T>(result: Result<T>) -> Option<i32> {
    result.err().and_then(|error| error.errno())
}

/// What a future gives at its first poll.
pub fn first_poll<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// A directory that is removed again.
pub struct Directory(std::path::PathBuf);

impl Directory {
    /// A new one.
    pub fn new(name: &str) -> Directory {
        let path = std::env::temp_dir().join(format!("found-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("temporary directory");
        Directory(path)
    }

    /// The target of a database in it.
    pub fn target(&self, name: &str) -> String {
        format!("file:{}", self.0.join(name).display())
    }

    /// The path of a file in it.
    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.join(name)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
