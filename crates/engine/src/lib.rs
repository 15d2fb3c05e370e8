//! An embedded, ordered, transactional key-value store with the semantics of FoundationDB 7.3.
//!
//! Contract skeleton: signatures are stable, bodies are being written.
#![forbid(unsafe_code)]

mod database;
mod error;
mod error_texts;
mod future;
mod key_selector;
mod mapped_range;
mod options;
mod rows;
mod tenant;
mod transaction;

pub use database::{Database, OpenError, OpenOptions};
pub use error::{Error, Result, error_text};
pub use future::{Future, Promise};
pub use key_selector::KeySelector;
pub use mapped_range::{MappedRow, MappedRows};
pub use options::{ConflictRangeType, RangeOptions, StreamingMode};
pub use rows::Rows;
pub use tenant::Tenant;
pub use transaction::Transaction;
