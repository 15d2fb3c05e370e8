//! What a store refuses.

use std::fmt;

/// Why a store refused. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    /// What happened, for programs: `FOUND_`, the kind of store and the reason, such as `FOUND_NSTORE_LIMIT`.
    pub code: &'static str,
    /// What happened, for people; it names the store and the item.
    pub message: String,
    /// What it is about, for programs: a packed tuple of what the code says; empty if there is nothing.
    pub detail: Vec<u8>,
}

impl StoreError {
    /// An error without detail.
    pub fn new(code: &'static str, message: impl Into<String>) -> StoreError {
        StoreError { code, message: message.into(), detail: Vec::new() }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {}

impl From<StoreError> for crate::Error {
    fn from(error: StoreError) -> crate::Error {
        crate::Error::Store(Box::new(error))
    }
}
