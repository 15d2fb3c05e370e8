//! An embedded, ordered, transactional key-value store with the semantics of FoundationDB 7.3.
//!
//! The promise: a program that runs on a FoundationDB 7.3 cluster through its client at API version 730 sees the same
//! here, in one process, in memory or in one durable file. Transactions are serializable; each reads one moment, sees its
//! own writes over it, and commits as a whole or fails with the error that FoundationDB gives. What makes no sense in one
//! process (blob granules, other datacenters) fails as where the feature is off; it never answers wrongly.
//! `tests/oracle` holds the engine to what a cluster has answered.
//!
//! ```
//! use engine::{Database, KeySelector, OpenOptions, RangeOptions};
//!
//! let database = Database::open("memory:", OpenOptions::default())?;
//! let transaction = database.create_transaction();
//! let stock = loop {
//!     let attempt = || {
//!         let stock = transaction.get(b"stock/apples", false).wait().clone()?.map_or(10, |value| value[0]);
//!         transaction.set(b"stock/apples", &[stock - 1]);
//!         transaction.commit().wait().clone()?;
//!         Ok::<u8, engine::Error>(stock - 1)
//!     };
//!     match attempt() {
//!         Ok(stock) => break stock,
//!         // Ready again after a delay, unless no retry helps.
//!         Err(error) => transaction.on_error(error.code()).wait().clone()?,
//!     }
//! };
//! assert_eq!(stock, 9);
//!
//! let (begin, end) = (KeySelector::first_greater_or_equal(b"stock/"), KeySelector::first_greater_or_equal(b"stock0"));
//! let rows = database.create_transaction().get_range(begin, end, RangeOptions::default()).wait().clone()?;
//! assert_eq!(rows.iter().next(), Some((&b"stock/apples"[..], &[9][..])));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The modules
//!
//! - What clients hold: `database`, `tenant`, `transaction`, `future`, `rows`, with `error` and `options`.
//! - Inside a transaction: `write_map` has its writes and `read_set` what it has read; `read_your_writes` merges both
//!   with the database, standing at a `read_position` in the two. `database_read` reads the database alone,
//!   `mapped_range` makes a read for each row of another, `special_keys` are computed.
//! - Behind all handles of a database: `core` ties together the `version`s, the `commit` pipeline with its
//!   `conflict_set` (its single keys are in `written_keys`), the `watch`es, and `storage`, which knows nothing of
//!   transactions. `registry` finds what is open.
//! - Leaves: `key`, `limits`, `mutation`, `versionstamp`, `range_set`, `metrics`, `cost`, `clock`, `timer`.

#![forbid(unsafe_code)]

mod buggify;
mod clock;
mod commit;
mod conflict_set;
mod core;
mod cost;
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
mod memory_key;
mod metrics;
mod mutation;
mod option_codes;
mod options;
mod range_set;
mod read_position;
mod read_set;
mod read_your_writes;
mod readers;
mod reclaim;
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
mod written_keys;

pub use buggify::{set_client_buggify, set_client_buggify_activated, set_client_buggify_fired};
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
