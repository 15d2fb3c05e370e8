//! Blob granules. An embedded database has none: what reads or manages them gives error 2108.

use crate::backend::Backend::{Cluster, Embedded};
use crate::backend::backend;
use crate::error::{self, Failure};
use crate::future::{none_such, returned};
use crate::handle::{self, EmbeddedResult};
use crate::loader;
use crate::types::*;
use std::ffi::c_int;

/// A function that gives a future: error 2108 on an embedded database.
macro_rules! granules {
    ($(#[$doc:meta])* fn $name:ident($handle:ident: $kind:ty, $($argument:ident: $type:ty),*)) => {
        $(#[$doc])*
        pub unsafe extern "C" fn $name($handle: $kind, $($argument: $type),*) -> *mut FDBFuture {
            // SAFETY: the contract of the C API, which the caller keeps (see the crate).
            error::future(|| unsafe {
                match backend($handle)? {
                    Embedded(_) => Err(Failure::UNSUPPORTED_OPERATION),
                    Cluster(library) => Ok(library.$name()?($handle, $($argument),*)),
                }
            })
        }
    };
}

granules! {
    /// Deletes the granules of a range.
    fn fdb_database_purge_blob_granules(
        d: *mut FDBDatabase, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int,
        purge_version: i64, force: fdb_bool_t
    )
}

granules! {
    /// Waits until a purge is done.
    fn fdb_database_wait_purge_granules_complete(d: *mut FDBDatabase, purge_key: *const u8, purge_length: c_int)
}

granules! {
    /// Keeps a range in granules.
    fn fdb_database_blobbify_range(
        d: *mut FDBDatabase, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int
    )
}

granules! {
    /// Keeps a range in granules, and waits until it is.
    fn fdb_database_blobbify_range_blocking(
        d: *mut FDBDatabase, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int
    )
}

granules! {
    /// Keeps a range in granules no longer.
    fn fdb_database_unblobbify_range(
        d: *mut FDBDatabase, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int
    )
}

granules! {
    /// The ranges kept in granules.
    fn fdb_database_list_blobbified_ranges(
        d: *mut FDBDatabase, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int, limit: c_int
    )
}

granules! {
    /// The version up to which a range can be read from granules.
    fn fdb_database_verify_blob_range(
        d: *mut FDBDatabase, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int, version: i64
    )
}

granules! {
    /// Writes what granules have in memory to their files.
    fn fdb_database_flush_blob_range(
        d: *mut FDBDatabase, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int,
        compact: fdb_bool_t, version: i64
    )
}

granules! {
    /// Deletes the granules of a range.
    fn fdb_tenant_purge_blob_granules(
        t: *mut FDBTenant, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int,
        purge_version: i64, force: fdb_bool_t
    )
}

granules! {
    /// Waits until a purge is done.
    fn fdb_tenant_wait_purge_granules_complete(t: *mut FDBTenant, purge_key: *const u8, purge_length: c_int)
}

granules! {
    /// Keeps a range in granules.
    fn fdb_tenant_blobbify_range(
        t: *mut FDBTenant, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int
    )
}

granules! {
    /// Keeps a range in granules, and waits until it is.
    fn fdb_tenant_blobbify_range_blocking(
        t: *mut FDBTenant, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int
    )
}

granules! {
    /// Keeps a range in granules no longer.
    fn fdb_tenant_unblobbify_range(
        t: *mut FDBTenant, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int
    )
}

granules! {
    /// The ranges kept in granules.
    fn fdb_tenant_list_blobbified_ranges(
        t: *mut FDBTenant, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int, limit: c_int
    )
}

granules! {
    /// The version up to which a range can be read from granules.
    fn fdb_tenant_verify_blob_range(
        t: *mut FDBTenant, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int, version: i64
    )
}

granules! {
    /// Writes what granules have in memory to their files.
    fn fdb_tenant_flush_blob_range(
        t: *mut FDBTenant, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int,
        compact: fdb_bool_t, version: i64
    )
}

granules! {
    /// The granules of a range.
    fn fdb_transaction_get_blob_granule_ranges(
        tr: *mut FDBTransaction, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int,
        limit: c_int
    )
}

granules! {
    /// What is known of the granules of a range.
    fn fdb_transaction_summarize_blob_granules(
        tr: *mut FDBTransaction, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int,
        summary_version: i64, limit: c_int
    )
}

granules! {
    /// The files of the granules of a range.
    fn fdb_transaction_read_blob_granules_description(
        tr: *mut FDBTransaction, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int,
        begin_version: i64, read_version: i64, read_version_out: *mut i64
    )
}

granules! {
    /// The first half of a granule read, for a client library that loads another.
    fn fdb_transaction_read_blob_granules_start(
        tr: *mut FDBTransaction, begin: *const u8, begin_length: c_int, end: *const u8, end_length: c_int,
        begin_version: i64, read_version: i64, read_version_out: *mut i64
    )
}

/// Reads a range from its granules.
pub unsafe extern "C" fn fdb_transaction_read_blob_granules(
    tr: *mut FDBTransaction,
    begin: *const u8,
    begin_length: c_int,
    end: *const u8,
    end_length: c_int,
    begin_version: i64,
    read_version: i64,
    context: FDBReadBlobGranuleContext,
) -> *mut FDBResult {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::value(failed, || unsafe {
        match backend(tr)? {
            Embedded(_) => Err(Failure::UNSUPPORTED_OPERATION),
            Cluster(library) => Ok(library.fdb_transaction_read_blob_granules()?(
                tr,
                begin,
                begin_length,
                end,
                end_length,
                begin_version,
                read_version,
                context,
            )),
        }
    })
}

/// The second half of a granule read, for a client library that loads another.
pub unsafe extern "C" fn fdb_transaction_read_blob_granules_finish(
    tr: *mut FDBTransaction,
    f: *mut FDBFuture,
    begin: *const u8,
    begin_length: c_int,
    end: *const u8,
    end_length: c_int,
    begin_version: i64,
    read_version: i64,
    context: *mut FDBReadBlobGranuleContext,
) -> *mut FDBResult {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::value(failed, || unsafe {
        match backend(tr)? {
            Embedded(_) => Err(Failure::UNSUPPORTED_OPERATION),
            Cluster(library) => Ok(library.fdb_transaction_read_blob_granules_finish()?(
                tr,
                f,
                begin,
                begin_length,
                end,
                end_length,
                begin_version,
                read_version,
                context,
            )),
        }
    })
}

/// Reads the rows of a granule's snapshot file. Only libfdb_c can: error 2108 while no cluster has been opened.
pub unsafe extern "C" fn fdb_readbg_parse_snapshot_file(
    file_data: *const u8,
    file_len: c_int,
    tenant_prefix: *const FDBBGTenantPrefix,
    encryption_ctx: *const FDBBGEncryptionCtx,
) -> *mut FDBResult {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::value(failed, || unsafe {
        let library = loader::loaded().ok_or(Failure::UNSUPPORTED_OPERATION)?;
        Ok(library.fdb_readbg_parse_snapshot_file()?(file_data, file_len, tenant_prefix, encryption_ctx))
    })
}

/// Reads the changes of a granule's delta file. Only libfdb_c can: error 2108 while no cluster has been opened.
pub unsafe extern "C" fn fdb_readbg_parse_delta_file(
    file_data: *const u8,
    file_len: c_int,
    tenant_prefix: *const FDBBGTenantPrefix,
    encryption_ctx: *const FDBBGEncryptionCtx,
) -> *mut FDBResult {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::value(failed, || unsafe {
        let library = loader::loaded().ok_or(Failure::UNSUPPORTED_OPERATION)?;
        Ok(library.fdb_readbg_parse_delta_file()?(file_data, file_len, tenant_prefix, encryption_ctx))
    })
}

/// Reads a list of ranges.
pub unsafe extern "C" fn fdb_future_get_keyrange_array(
    f: *mut FDBFuture,
    out_ranges: *mut *const FDBKeyRange,
    out_count: *mut c_int,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => none_such(future),
            Cluster(library) => returned(library.fdb_future_get_keyrange_array()?(f, out_ranges, out_count)),
        }
    })
}

/// Reads a list of granule summaries.
pub unsafe extern "C" fn fdb_future_get_granule_summary_array(
    f: *mut FDBFuture,
    out_summaries: *mut *const FDBGranuleSummary,
    out_count: *mut c_int,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => none_such(future),
            Cluster(library) => returned(library.fdb_future_get_granule_summary_array()?(f, out_summaries, out_count)),
        }
    })
}

/// Reads a list of granule files.
pub unsafe extern "C" fn fdb_future_readbg_get_descriptions(
    f: *mut FDBFuture,
    out: *mut *mut FDBBGFileDescription,
    desc_count: *mut c_int,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => none_such(future),
            Cluster(library) => returned(library.fdb_future_readbg_get_descriptions()?(f, out, desc_count)),
        }
    })
}

/// Reads the rows of a result.
pub unsafe extern "C" fn fdb_result_get_keyvalue_array(
    r: *mut FDBResult,
    out_kv: *mut *const FDBKeyValue,
    out_count: *mut c_int,
    out_more: *mut fdb_bool_t,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(r)? {
            Embedded(result) => Err(result.0),
            Cluster(library) => returned(library.fdb_result_get_keyvalue_array()?(r, out_kv, out_count, out_more)),
        }
    })
}

/// Reads the changes of a result.
pub unsafe extern "C" fn fdb_result_get_bg_mutations_array(
    r: *mut FDBResult,
    out_mutations: *mut *const FDBBGMutation,
    out_count: *mut c_int,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(r)? {
            Embedded(result) => Err(result.0),
            Cluster(library) => returned(library.fdb_result_get_bg_mutations_array()?(r, out_mutations, out_count)),
        }
    })
}

/// Ends the use of a result.
pub unsafe extern "C" fn fdb_result_destroy(r: *mut FDBResult) {
    // SAFETY: the contract of the C API: a result is destroyed once, and not while it is in use.
    error::quiet(|| unsafe {
        match backend(r)? {
            Embedded(_) => drop(handle::take(r)),
            Cluster(library) => library.fdb_result_destroy()?(r),
        }
        Ok(())
    });
}

/// A result in error.
fn failed(failure: Failure) -> *mut FDBResult {
    handle::give(EmbeddedResult(failure))
}
