//! Why a tuple could not be packed or unpacked.

use std::fmt;

/// Why a tuple could not be packed or unpacked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TupleError {
    /// The bytes end in the middle of the item that begins at `offset`.
    Truncated {
        /// Where the item begins, in bytes from the start.
        offset: usize,
    },
}

impl fmt::Display for TupleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TupleError::Truncated { offset } => write!(f, "bytes end within an item; offset={offset}"),
        }
    }
}

impl std::error::Error for TupleError {}
