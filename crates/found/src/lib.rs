//! FoundationDB for Rust programs and for the Node binding above: a client, the tuple layer and five data stores.
//!
//! - [`client`]: databases, transactions, the retry loop, ranges and watches. It speaks to FoundationDB through the
//!   `foundationdb` crate alone, so a cluster and an embedded database run the same code.
//! - [`mod@tuple`]: the encoding of tuples as keys, byte for byte that of the official bindings.
//! - [`stores`]: the data stores.
//! - [`Error`]: the one error of all of it.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), found::Error> {
//! use found::client::{Database, RunOptions};
//!
//! let db = Database::open(Some("memory:")).await?;
//! db.transactional(&RunOptions::default(), |tx| async move { tx.set(b"hello", b"world") }).await?;
//! let world = db.transactional(&RunOptions::default(), |tx| async move { tx.get(b"hello", false).await }).await?;
//! assert_eq!(world.as_deref(), Some(&b"world"[..]));
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

pub mod client;
mod error;
mod error_names;
pub mod stores;
pub mod tuple;

pub use error::{Error, Result, code_of_name, name_of_code, text_of_code};
