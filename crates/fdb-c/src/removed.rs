//! Functions that newer API versions removed. They are still symbols of the library, so they are here; where libfdb_c
//! aborts the process, these say so on stderr and give error 2000.
//!
//! Only `fdb_future_get_version` still works below the version that removed it (620). Cluster objects, removed at 610,
//! do not: `fdb_create_database` does what they did at every version.

use crate::api_version;
use crate::backend::Backend::{Cluster, Embedded};
use crate::backend::backend;
use crate::error::{self, Failure};
use crate::future::{int64, returned};
use crate::types::*;
use std::ffi::{c_char, c_int};

fn removed(name: &str) -> Failure {
    eprintln!("REMOVED FDB API FUNCTION: {name}");
    Failure::CLIENT_INVALID_OPERATION
}

/// Reads a version. Removed at API version 620.
pub unsafe extern "C" fn fdb_future_get_version(f: *mut FDBFuture, out_version: *mut i64) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        if api_version::selected()? >= 620 {
            return Err(removed("fdb_future_get_version"));
        }
        match backend(f)? {
            Embedded(future) => *out_version = future.read(int64)?,
            Cluster(library) => returned(library.fdb_future_get_version()?(f, out_version))?,
        }
        Ok(())
    })
}

/// Removed at API version 23.
pub unsafe extern "C" fn fdb_future_is_error(_f: *mut FDBFuture) -> fdb_bool_t {
    error::value(|_| 1, || Err(removed("fdb_future_is_error")))
}

/// Removed at API version 610.
pub unsafe extern "C" fn fdb_future_get_cluster(_f: *mut FDBFuture, _out_cluster: *mut *mut FDBCluster) -> fdb_error_t {
    error::code(|| Err(removed("fdb_future_get_cluster")))
}

/// Removed at API version 610.
pub unsafe extern "C" fn fdb_future_get_database(
    _f: *mut FDBFuture,
    _out_database: *mut *mut FDBDatabase,
) -> fdb_error_t {
    error::code(|| Err(removed("fdb_future_get_database")))
}

/// Removed at API version 610.
pub unsafe extern "C" fn fdb_create_cluster(_path: *const c_char) -> *mut FDBFuture {
    error::future(|| Err(removed("fdb_create_cluster")))
}

/// Removed at API version 610.
pub unsafe extern "C" fn fdb_cluster_create_database(
    _c: *mut FDBCluster,
    _db_name: *const u8,
    _db_name_length: c_int,
) -> *mut FDBFuture {
    error::future(|| Err(removed("fdb_cluster_create_database")))
}

/// Removed at API version 610.
pub unsafe extern "C" fn fdb_cluster_set_option(
    _c: *mut FDBCluster,
    _option: FDBClusterOption,
    _value: *const u8,
    _value_length: c_int,
) -> fdb_error_t {
    error::code(|| Err(removed("fdb_cluster_set_option")))
}

/// Removed at API version 610.
pub unsafe extern "C" fn fdb_cluster_destroy(_c: *mut FDBCluster) {
    error::quiet(|| Err(removed("fdb_cluster_destroy")));
}

/// Removed at API version 14.
pub unsafe extern "C" fn fdb_transaction_get_range_selector(
    _tr: *mut FDBTransaction,
    _begin: *const u8,
    _begin_length: c_int,
    _begin_or_equal: fdb_bool_t,
    _begin_offset: c_int,
    _end: *const u8,
    _end_length: c_int,
    _end_or_equal: fdb_bool_t,
    _end_offset: c_int,
    _limit: c_int,
) -> *mut FDBFuture {
    error::future(|| Err(removed("fdb_transaction_get_range_selector")))
}
