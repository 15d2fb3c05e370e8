//! An embedded, ordered, transactional key-value store with the semantics of FoundationDB 7.3.
//!

#![forbid(unsafe_code)]

mod clock;
mod commit;
mod conflict_set;
mod core;
mod database;
mod database_read;
mod error;
mod error_texts;
mod future;
mod key;
mod key_selector;
mod limits;
mod mapped_range;
mod mapper;
mod metrics;
mod mutation;
mod option_codes;
mod options;
mod range_set;
mod read_position;
mod read_set;
mod read_your_writes;
mod registry;
mod rows;
mod special_keys;
mod status;
mod storage;
mod tenant;
mod timer;
mod transaction;
mod tuple_elements;
mod version;
mod versionstamp;
mod watch;
mod write_map;

pub use clock::{Clock, ManualClock, SystemClock};
pub use database::{Database, OpenError, OpenOptions, PROTOCOL_VERSION};
pub use error::{Error, Result, error_text};
pub use future::{Future, Promise};
pub use key_selector::KeySelector;
pub use mapped_range::{MappedRow, MappedRows};
pub use options::{ConflictRangeType, RangeOptions, StreamingMode};
pub use rows::Rows;
pub use tenant::Tenant;
pub use transaction::Transaction;
