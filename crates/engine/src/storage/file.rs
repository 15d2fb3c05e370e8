//! The file that a database lives in, for redb: redb's own file, except for what a failed sync means.
//!
//! A write that finds the disk full has changed nothing that counts, and passes. A sync that fails, for whatever
//! reason, leaves unknown what is on the disk: the system may show from memory what it has given up writing. So the
//! error of a sync never looks like a full disk, after which the store would go on.

use redb::backends::FileBackend;
use redb::{BackendError, DatabaseError, StorageBackend};
use std::fs::OpenOptions;
use std::io;
use std::ops::Bound;
use std::path::Path;

/// Which file lies at a path: another one, or none, means that the one that is open is no longer there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileIdentity(u64, u64);

impl FileIdentity {
    #[cfg(unix)]
    pub(super) fn at(path: &Path) -> io::Result<FileIdentity> {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(path).map(|file| FileIdentity(file.dev(), file.ino()))
    }

    /// Where the system does not tell, any file will do.
    #[cfg(not(unix))]
    pub(super) fn at(path: &Path) -> io::Result<FileIdentity> {
        std::fs::metadata(path).map(|_| FileIdentity(0, 0))
    }
}

/// A database file.
#[derive(Debug)]
pub(super) struct DatabaseFile(FileBackend);

impl DatabaseFile {
    /// Opens the file, or makes an empty one.
    pub(super) fn open(path: &Path) -> Result<Self, DatabaseError> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        Ok(DatabaseFile(FileBackend::new(file)?))
    }

    /// Opens the file for reading.
    pub(super) fn open_to_read(path: &Path) -> Result<Self, DatabaseError> {
        Ok(DatabaseFile(FileBackend::new(OpenOptions::new().read(true).open(path)?)?))
    }
}

impl StorageBackend for DatabaseFile {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data().map_err(|error| io::Error::other(format!("the disk did not confirm a write: {error}")))
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.0.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.query_lock_range(start, end)
    }
}
