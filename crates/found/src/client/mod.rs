//! The client: databases, transactions, the retry loop, ranges and watches.
//!
//! Everything goes through the `foundationdb` crate, whose C API is answered by an embedded database or by a
//! cluster's client library; nothing here knows which. Futures are the caller's to poll, on any executor: a call is
//! issued when it is made, not at the first poll, and what is ready at once is ready at the first poll.

mod block;
mod database;
mod ended;
mod hooks;
mod idempotency;
mod key_selector;
pub mod network;
mod option_tables;
mod options;
mod range;
mod read;
mod registry;
mod run;
mod scan;
mod state;
mod transaction;
mod transactional;
mod watch;
mod watch_loop;

pub use database::{Database, settle_closings};
pub use hooks::{Hooks, TransactionStats};
pub use idempotency::Idempotency;
pub use key_selector::KeySelector;
pub use option_tables::{DATABASE_OPTIONS, NETWORK_OPTIONS, TRANSACTION_OPTIONS};
pub use options::{OptionInfo, OptionKind, OptionValue};
pub use range::{Page, Range, RangeOptions};
pub use run::{Run, RunOptions};
pub use scan::{Scan, ScanOptions};
pub use state::{KeyRange, Settle};
pub use transaction::{Transaction, TransactionOptions, Value};
pub use transactional::TransactionalError;
pub use watch::{Watch, WatchCancel};
pub use watch_loop::WatchLoop;

pub use foundationdb::options::{ConflictRangeType, MutationType, StreamingMode, TransactionOption};
