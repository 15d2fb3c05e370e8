//! Making handles: databases of cluster files, and what is made of them.

use crate::handles::{Handle, untag};
use foundationdb_sys::*;
use std::ffi::{CStr, CString, c_char, c_int};

/// The embedded database that a cluster file names; the path itself if it names none. Without a path the cluster file is
/// that of the environment variable `FDB_CLUSTER_FILE`, as in libfdb_c.
///
/// # Safety
/// Unless null, `path` ends with a zero byte.
unsafe fn target(path: *const c_char) -> CString {
    // SAFETY: the caller's promise; null was looked for.
    let given = if path.is_null() { c"" } else { unsafe { CStr::from_ptr(path) } };
    let variable = std::env::var("FDB_CLUSTER_FILE").ok().filter(|_| given.is_empty());
    let path = variable.and_then(|path| CString::new(path).ok()).unwrap_or_else(|| given.to_owned());
    let file = std::fs::read_to_string(path.to_string_lossy().as_ref()).unwrap_or_default();
    let named = Some(file.trim()).filter(|name| name.starts_with("memory:") || name.starts_with("file:"));
    named.and_then(|name| CString::new(name).ok()).unwrap_or(path)
}

/// See [`foundationdb_sys::fdb_create_database`]: of a cluster file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdb_create_database(path: *const c_char, out: *mut *mut FDBDatabase) -> fdb_error_t {
    // SAFETY: the caller keeps the contract, which is the same.
    unsafe {
        let code = foundationdb_sys::fdb_create_database(target(path).as_ptr(), out);
        if code == 0 {
            untag(out);
        }
        code
    }
}

/// Makes the functions that give a handle through their last argument.
macro_rules! making {
    ($(fn $name:ident($($argument:ident: $type:ty),*; $handle:ty);)*) => {$(
        #[doc = concat!("See [`foundationdb_sys::", stringify!($name), "`].")]
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $type),*, out: *mut *mut $handle) -> fdb_error_t {
            // SAFETY: the caller keeps the contract, which is the same.
            unsafe {
                let code = foundationdb_sys::$name($($argument.inner()),*, out);
                if code == 0 {
                    untag(out);
                }
                code
            }
        }
    )*};
}
making! {
    fn fdb_create_database_from_connection_string(connection_string: *const c_char; FDBDatabase);
    fn fdb_database_create_transaction(d: *mut FDBDatabase; FDBTransaction);
    fn fdb_database_open_tenant(d: *mut FDBDatabase, name: *const u8, name_length: c_int; FDBTenant);
    fn fdb_tenant_create_transaction(tenant: *mut FDBTenant; FDBTransaction);
}
