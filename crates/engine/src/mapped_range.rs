//! Mapped range reads.
use crate::Rows;

/// One row of a mapped range read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedRow {
    /// The primary key (empty except in the first and the last row).
    pub key: Vec<u8>,
    /// The primary value (empty except in the first and the last row).
    pub value: Vec<u8>,
    /// The begin of the secondary read.
    pub begin: Vec<u8>,
    /// The end of the secondary read.
    pub end: Vec<u8>,
    /// What the secondary read gave.
    pub rows: Rows,
}

/// The rows of a mapped range read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappedRows {
    /// One for each primary row.
    pub rows: Vec<MappedRow>,
    /// Whether a limit ended the read.
    pub more: bool,
}

/// Placeholder until the mapper is written.
pub(crate) fn map(_snapshot: &dyn crate::storage::Snapshot, _rows: &Rows, _mapper: &[u8]) -> crate::Result<MappedRows> {
    Err(crate::Error::UNSUPPORTED_OPERATION)
}
