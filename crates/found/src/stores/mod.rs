//! The five data stores, in the layouts of asyncio-foundationdb.
//!
//! A store is a plain description made by `make`, which touches no database; what it does happens inside the caller's
//! transaction. What would exceed a limit of FoundationDB's is refused before anything is written.

pub mod bstore;
pub mod eavstore;
mod error;
mod intersection;
pub mod nstore;
mod pace;
pub mod pstore;
mod uids;
pub mod vnstore;
mod writes;

pub use error::StoreError;
pub use writes::{KEY_BYTES_MAX, TRANSACTION_BYTES_MAX, VALUE_BYTES_MAX};
