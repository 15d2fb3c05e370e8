//! The FoundationDB 7.3 C API as a Rust crate, under the name `foundationdb-sys` so that the crate `foundationdb` is
//! built on it unchanged.
//!
//! A program that uses it opens embedded databases (`memory:`, `memory:NAME`, `file:PATH`), answered by the crate
//! `engine` in this process, and cluster databases, answered by the system's libfdb_c, which is looked up at run time
//! when the first cluster is opened. Neither needs anything at build time.
//!
//! How it is laid out:
//! - `types`, `constants`, `api_version`, `function_list`: the declarations, as the C headers have them;
//! - `future`, `database`, `tenant`, `transaction`, `blob`, `removed`, `network`: the functions, by their first argument;
//! - `handle`, `backend`: a pointer is either ours or libfdb_c's, one test a call tells which;
//! - `embedded_future`, `arrays`: the future of an embedded database and the C arrays its answer is read through;
//! - `library`, `loader`, `cluster`: libfdb_c's functions, where it is found, its network thread;
//! - `open`, `network_options`: what a target string means, what a network option may be.
//!
//! # Safety
//!
//! All functions are unsafe and keep the contract of `fdb_c.h`, which is the caller's to keep too:
//! - a handle comes from the function of this API that makes it, has its type, and is not used after its `destroy`;
//! - a pointer and a length describe that many readable bytes (a length of 0 goes with any pointer); an `out` pointer
//!   may be written to; a string ends with a zero byte. Arguments are copied before a call returns;
//! - what a getter of a future points to lives until the future is destroyed or its memory released;
//! - a callback and its parameter may be used from any thread and do not unwind.
//!
//! Unlike libfdb_c, nothing here aborts the process: a panic of the engine becomes error 4100.

// The contract is the same for all functions and stated above, once.
#![allow(clippy::missing_safety_doc)]

#[macro_use]
mod function_list;

mod api_version;
mod arrays;
mod backend;
mod blob;
mod cluster;
mod constants;
mod database;
mod embedded_future;
mod error;
mod future;
mod handle;
mod library;
mod loader;
mod network;
mod network_options;
mod open;
mod removed;
mod tenant;
mod transaction;
mod transaction_read;
mod types;

pub use api_version::*;
pub use blob::*;
pub use constants::*;
pub use database::*;
pub use error::{fdb_error_predicate, fdb_get_error};
pub use future::*;
pub use network::*;
pub use open::{fdb_create_database, fdb_create_database_from_connection_string};
pub use removed::*;
pub use tenant::*;
pub use transaction::*;
pub use transaction_read::*;
pub use types::*;
