//! The functions of a loaded libfdb_c.

use crate::constants::*;
use crate::error::Failure;
use crate::types::*;
use std::ffi::{c_char, c_int, c_void};

/// Makes the table: a field for each function, none where the library lacks it; a method that gives it, or error 2204.
macro_rules! table {
    ($(fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {
        /// Functions by name.
        pub(crate) struct Library { $($name: Option<unsafe extern "C" fn($($type),*) $(-> $result)?>,)* }
        #[allow(dead_code)] // Functions removed long ago are never asked for.
        impl Library {
            unsafe fn table(library: &libloading::Library) -> Self {
                // SAFETY: the caller's promise that these are libfdb_c's functions.
                Library { $($name: unsafe { library.get(stringify!($name)) }.ok().map(|symbol| *symbol),)* }
            }
            $(pub(crate) fn $name(&self) -> Result<unsafe extern "C" fn($($type),*) $(-> $result)?, Failure> {
                self.$name.ok_or(Failure::API_FUNCTION_MISSING)
            })*
        }
    };
}
with_fdb_functions!(table);

/// What no database can do without. Anything else that a library lacks fails when it is called.
const REQUIRED: [&str; 40] = [
    "fdb_get_max_api_version",
    "fdb_get_client_version",
    "fdb_select_api_version_impl",
    "fdb_get_error",
    "fdb_network_set_option",
    "fdb_setup_network",
    "fdb_run_network",
    "fdb_stop_network",
    "fdb_add_network_thread_completion_hook",
    "fdb_future_cancel",
    "fdb_future_release_memory",
    "fdb_future_destroy",
    "fdb_future_block_until_ready",
    "fdb_future_is_ready",
    "fdb_future_set_callback",
    "fdb_future_get_error",
    "fdb_future_get_int64",
    "fdb_future_get_key",
    "fdb_future_get_value",
    "fdb_future_get_keyvalue_array",
    "fdb_create_database",
    "fdb_database_destroy",
    "fdb_database_set_option",
    "fdb_database_create_transaction",
    "fdb_transaction_destroy",
    "fdb_transaction_cancel",
    "fdb_transaction_set_option",
    "fdb_transaction_get_read_version",
    "fdb_transaction_get",
    "fdb_transaction_get_key",
    "fdb_transaction_get_range",
    "fdb_transaction_set",
    "fdb_transaction_atomic_op",
    "fdb_transaction_clear",
    "fdb_transaction_clear_range",
    "fdb_transaction_watch",
    "fdb_transaction_commit",
    "fdb_transaction_get_committed_version",
    "fdb_transaction_on_error",
    "fdb_transaction_reset",
];

impl Library {
    /// Looks all functions up; the name of a required one if it is not there. The library must never be unloaded.
    ///
    /// # Safety
    /// What `library` exports under the names of the C API are functions with the signatures of the C API.
    pub(crate) unsafe fn look_up(library: &libloading::Library) -> Result<Self, &'static str> {
        for name in REQUIRED {
            // SAFETY: the symbol is only looked for, not used.
            if unsafe { library.get::<*const c_void>(name) }.is_err() {
                return Err(name);
            }
        }
        // SAFETY: the caller's promise.
        Ok(unsafe { Self::table(library) })
    }
}
