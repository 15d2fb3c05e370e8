//! An embedded, ordered, transactional key-value store with the semantics of FoundationDB 7.3.
//!
//! Contract skeleton: signatures are stable, bodies are being written.
#![forbid(unsafe_code)]

mod clock;
mod conflict_set;
mod database;
mod error;
mod error_texts;
mod future;
mod key_selector;
mod mapped_range;
mod mutation;
mod options;
mod range_set;
mod rows;
mod storage;
mod tenant;
mod timer;
mod transaction;
mod versionstamp;

pub use clock::{Clock, ManualClock, SystemClock};
pub use database::{Database, OpenError, OpenOptions};
pub use error::{Error, Result, error_text};
pub use future::{Future, Promise};
pub use key_selector::KeySelector;
pub use mapped_range::{MappedRow, MappedRows};
pub use options::{ConflictRangeType, RangeOptions, StreamingMode};
pub use rows::Rows;
pub use tenant::Tenant;
pub use transaction::Transaction;
