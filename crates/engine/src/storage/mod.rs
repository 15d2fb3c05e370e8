//! Where committed pairs live: an ordered map with snapshots and atomic batches, in memory or in a file.
//!
//! - One writer: the committer. Batches become visible, and for a file durable, as a whole.
//! - A [`Snapshot`] never changes. It keeps what was replaced since, so whoever holds one decides how much of the past
//!   stays. The past that nobody reads yet is in [`Undo`]s, which are smaller.
//! - Storage knows nothing of transactions, conflicts or limits; keys and values are bytes.

mod block_file;
#[cfg(test)]
mod damage;
mod file;
mod known_sums;
mod log;
mod memory_store;
mod open;
#[cfg(test)]
mod power_loss;
mod redb_store;
mod storage_error;
#[cfg(test)]
mod test_support;
#[cfg(test)]
mod tests;
mod undo;

pub(crate) use memory_store::MemoryStore;
pub(crate) use redb_store::RedbStore;
pub(crate) use storage_error::StorageError;
pub(crate) use undo::{Past, PastBytes, UNDO_BYTES, Undo};

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

/// Gets a key and its value, and says whether to go on.
pub(crate) type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'a;

/// The pairs as one batch left them.
pub(crate) trait Snapshot: Send + Sync {
    /// The value of `key`.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StorageError>;

    /// Visits the pairs of `[begin, end)` in order, or in reverse order, until `visit` breaks.
    fn scan(&self, begin: &[u8], end: &[u8], reverse: bool, visit: &mut Visit<'_>) -> Result<(), StorageError>;
}

/// A snapshot that has no pairs and of which nothing may be asked: it stands where there is none.
pub(crate) struct Nothing;

impl Snapshot for Nothing {
    fn get(&self, _: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
        Err(StorageError::closed())
    }

    fn scan(&self, _: &[u8], _: &[u8], _: bool, _: &mut Visit<'_>) -> Result<(), StorageError> {
        Err(StorageError::closed())
    }
}

/// A store of pairs.
pub(crate) trait Storage: Send + Sync {
    /// The pairs as the last batch left them. Cheap: asked twice between two batches, it gives the same snapshot.
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, StorageError>;

    /// Writes what `apply` does as one batch, and notes `version` and the wall time with it. When this returns the
    /// batch is visible to new snapshots and, in a durable file, will be there after a crash. Nothing of it is there
    /// if `apply` fails, and nothing after an error unless the error says that this is not known. It gives what the batch
    /// replaced. A store in memory may change what nobody has a snapshot of as it is, and lets whoever asks for one wait.
    fn write(
        &self,
        version: i64,
        wall: Duration,
        apply: &mut dyn FnMut(&mut dyn Batch) -> Result<(), StorageError>,
    ) -> Result<Undo, StorageError>;

    /// The version of the last batch, 0 before the first, and the wall time noted with it.
    fn last_version(&self) -> (i64, Duration);

    /// Whether batches outlive the process: whether this is a file.
    fn is_durable(&self) -> bool;

    /// Ends it: what a relaxed file still owes the disk is written, the lock on the file goes. Later calls fail.
    fn close(&self) -> Result<(), StorageError>;
}

/// The changes of a batch. They take effect in order and are visible to [`get`](Self::get) at once.
pub(crate) trait Batch {
    /// The value of `key` with the changes so far.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StorageError>;

    /// Sets a key to a value.
    fn set(&mut self, key: &[u8], value: &[u8]) -> Result<(), StorageError>;

    /// Removes a key.
    fn clear(&mut self, key: &[u8]) -> Result<(), StorageError>;

    /// Removes the keys of `[begin, end)`.
    fn clear_range(&mut self, begin: &[u8], end: &[u8]) -> Result<(), StorageError>;
}
