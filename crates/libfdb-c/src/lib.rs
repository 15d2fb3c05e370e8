//! libfdb_c: the FoundationDB 7.3 C API as a library of its own, so that any FoundationDB binding (Python, Java, Go, the
//! npm package `foundationdb`) runs on an embedded database, or through it on a cluster.
//!
//! It exports exactly the functions that FoundationDB's libfdb_c exports and hands each on to the crate
//! `foundationdb-sys` of this repository, where they are described and the caller's duties stated. That crate must not
//! export them itself: within the Node addon their names could be taken for those of a libfdb_c loaded beside it.

use foundationdb_sys::*;
use std::ffi::{c_char, c_int, c_void};

/// Memory of the engine is asked for and given back by several threads in small pieces, which the systems' own
/// allocators are slow at. What the C API hands out is freed by the C API, so callers see nothing of it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

macro_rules! export {
    ($(fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {$(
        #[doc = concat!("See [`foundationdb_sys::", stringify!($name), "`].")]
        ///
        /// # Safety
        /// As there.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $type),*) $(-> $result)? {
            // SAFETY: the caller keeps the contract, which is the same.
            unsafe { foundationdb_sys::$name($($argument),*) }
        }
    )*};
}
foundationdb_sys::with_fdb_functions!(export);
