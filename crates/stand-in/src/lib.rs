//! A library that stands in for FoundationDB's libfdb_c and for the cluster behind it, so that what is above the C API
//! can be tested as it runs on a cluster where there is none: loaded at run time, given network options, called back
//! from its network thread, stopped at the end.
//!
//! It is a second copy of this repository's own C API. What it does differently, as libfdb_c does it:
//! - `clusters`: databases are opened by cluster files. A file has, in the place of a connection string, the name of an
//!   embedded database: `memory:`, `memory:NAME` or `file:PATH`;
//! - `network`: no future is ready when it is made; each becomes so on the network thread, which runs its callbacks;
//! - `handles`: pointers have no tag, so that the copy that loads this one does not take them for its own.
//!
//! And it can hold answers back, which makes round trips countable: see [`Tides`].
//!
//! # Safety
//!
//! As in `foundationdb_sys`, for all functions.

#![allow(clippy::missing_safety_doc)]

mod clusters;
mod handles;
mod network;
mod tides;

pub use tides::Tides;

use foundationdb_sys::*;
use handles::Handle;
use std::ffi::{c_char, c_int};

/// Exports what is handed on as it is, but for the pointers. What this crate does itself is left out.
macro_rules! export {
    ($(fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {
        $(export_one! { $name ($($argument: $type),*) $(-> $result)? })*
    };
}
macro_rules! export_one {
    (fdb_add_network_thread_completion_hook $($rest:tt)*) => {};
    (fdb_create_database $($rest:tt)*) => {};
    (fdb_create_database_from_connection_string $($rest:tt)*) => {};
    (fdb_database_create_transaction $($rest:tt)*) => {};
    (fdb_database_open_tenant $($rest:tt)*) => {};
    (fdb_future_block_until_ready $($rest:tt)*) => {};
    (fdb_future_destroy $($rest:tt)*) => {};
    (fdb_future_is_ready $($rest:tt)*) => {};
    (fdb_future_set_callback $($rest:tt)*) => {};
    (fdb_get_client_version $($rest:tt)*) => {};
    (fdb_run_network $($rest:tt)*) => {};
    (fdb_stop_network $($rest:tt)*) => {};
    (fdb_tenant_create_transaction $($rest:tt)*) => {};
    ($name:ident ($($argument:ident: $type:ty),*) $(-> $result:ty)?) => {
        #[doc = concat!("See [`foundationdb_sys::", stringify!($name), "`].")]
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $type),*) $(-> $result)? {
            // SAFETY: the caller keeps the contract, which is the same; the pointers are those that we gave.
            unsafe { foundationdb_sys::$name($($argument.inner()),*) }.outer()
        }
    };
}
with_fdb_functions!(export);

/// The version, which no copy of found-db's own library has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdb_get_client_version() -> *const c_char {
    c"7.3.63,0000000000000000000000000000000000000000,fdb00b073000000".as_ptr()
}
