//! What goes wrong with storage, as a FoundationDB error and a text that says what to do.

use crate::Error;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// An error of the storage.
#[derive(Clone, Debug)]
pub(crate) struct StorageError {
    /// The FoundationDB error closest to it.
    pub error: Error,
    /// What is wrong and what to do about it.
    pub message: String,
    /// Whether it is that the disk is full, which passes.
    pub(super) full: bool,
}

impl StorageError {
    pub(super) fn new(error: Error, message: impl Into<String>) -> Self {
        StorageError { error, message: message.into(), full: false }
    }

    pub(super) fn closed() -> Self {
        StorageError::new(Error::SHUTDOWN_IN_PROGRESS, "the database is closed")
    }

    /// Of a database that is open.
    pub(super) fn from_redb(error: redb::Error) -> Self {
        match error {
            redb::Error::Io(error) if is_full(&error) => StorageError {
                full: true,
                ..StorageError::new(Error::IO_ERROR, format!("the disk is full: make room ({error})"))
            },
            redb::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
                StorageError::damaged(&error.to_string())
            }
            redb::Error::Io(error) => StorageError::new(
                Error::IO_ERROR,
                format!("the database file could not be read or written: open the database again ({error})"),
            ),
            redb::Error::PreviousIo => StorageError::new(
                Error::IO_ERROR,
                "the database file could not be read or written before: open the database again",
            ),
            redb::Error::DatabaseClosed => StorageError::closed(),
            redb::Error::Corrupted(detail) => StorageError::damaged(&detail),
            other => StorageError::new(Error::INTERNAL_ERROR, format!("unexpected storage failure ({other})")),
        }
    }

    /// The same, with the file named.
    pub(crate) fn of(self, path: &Path) -> Self {
        let name = path.display().to_string();
        if self.message.contains(&name) {
            return self;
        }
        StorageError { message: format!("{name}: {}", self.message), ..self }
    }

    pub(super) fn damaged(detail: &str) -> Self {
        StorageError::new(
            Error::FILE_CORRUPT,
            format!("the database file is damaged: put a backup copy in its place ({detail})"),
        )
    }
}

impl std::fmt::Display for StorageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StorageError {}

impl From<StorageError> for Error {
    fn from(failure: StorageError) -> Self {
        failure.error
    }
}

/// Whether there was no room to write.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

/// Runs a call of redb, which may panic where a file was changed by something else: that is an error like any other.
pub(super) fn guard<T, E: Into<redb::Error>>(call: impl FnOnce() -> Result<T, E>) -> Result<T, StorageError> {
    // Nothing of ours is left half-changed: what redb may have left so, it refuses to use afterwards.
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(|error| StorageError::from_redb(error.into())),
        Err(panic) => Err(StorageError::damaged(&panic_text(&*panic))),
    }
}

pub(super) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no detail").to_owned()
}
