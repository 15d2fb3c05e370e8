//! The FoundationDB 7.3 C API as a Rust crate.

mod api_version;
mod constants;
mod function_list;
mod types;

pub use api_version::FDB_API_VERSION;
pub use constants::*;
pub use types::*;

use std::ffi::{c_char, c_int, c_void};

macro_rules! stubs {
    ($(fn $name:ident($($arg:ident: $type:ty),*) $(-> $ret:ty)?;)*) => {
        $(
            /// Stub.
            ///
            /// # Safety
            /// Stub.
            pub unsafe extern "C" fn $name($(_: $type),*) $(-> $ret)? {
                $(let _: fn($ret) = |_| ();)?
                let _ = stringify!($($arg)*);
                std::process::abort()
            }
        )*
    };
}
with_fdb_functions!(stubs);
