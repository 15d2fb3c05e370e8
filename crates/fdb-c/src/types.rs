//! The types of `fdb_c.h` 7.3: opaque handles, structs whose memory layout callers rely on, function pointers.
//!
//! Invariant: sizes, alignments and field offsets are those of the header; the assertions below hold the build to it.
//! The header packs most structs to 4 bytes, and the library hands out arrays of them, so the stride counts.

#![allow(non_camel_case_types, non_snake_case)]

use std::ffi::{c_char, c_int, c_uchar, c_void};
use std::mem::{align_of, offset_of, size_of};

/// An error code; 0 is success.
pub type fdb_error_t = c_int;
/// A C truth value.
pub type fdb_bool_t = c_int;

/// Called once, when the future is ready.
pub type FDBCallback = Option<unsafe extern "C" fn(future: *mut FDBFuture, callback_parameter: *mut c_void)>;
/// Called when the network's event loop ends.
pub type FDBHook = Option<unsafe extern "C" fn(hook_parameter: *mut c_void)>;
/// A placeholder of the C API: clusters have no options.
pub type FDBClusterOption = i32;

/// An answer that may still be awaited.
#[repr(C)]
pub struct FDB_future([u8; 0]);
/// An answer that is there at once.
#[repr(C)]
pub struct FDB_result([u8; 0]);
/// A cluster; the functions that take one were removed at API version 610.
#[repr(C)]
pub struct FDB_cluster([u8; 0]);
/// A database.
#[repr(C)]
pub struct FDB_database([u8; 0]);
/// A tenant.
#[repr(C)]
pub struct FDB_tenant([u8; 0]);
/// A transaction.
#[repr(C)]
pub struct FDB_transaction([u8; 0]);
/// What two client libraries share about one database.
#[repr(C)]
pub struct DatabaseSharedState([u8; 0]);

/// See [`FDB_future`].
pub type FDBFuture = FDB_future;
/// See [`FDB_result`].
pub type FDBResult = FDB_result;
/// See [`FDB_cluster`].
pub type FDBCluster = FDB_cluster;
/// See [`FDB_database`].
pub type FDBDatabase = FDB_database;
/// See [`FDB_tenant`].
pub type FDBTenant = FDB_tenant;
/// See [`FDB_transaction`].
pub type FDBTransaction = FDB_transaction;

/// A key: 12 bytes.
#[repr(C, packed(4))]
#[derive(Clone, Copy, Debug)]
pub struct FDBKey {
    /// The bytes.
    pub key: *const u8,
    /// How many there are.
    pub key_length: c_int,
}

/// A key and its value: 24 bytes.
#[repr(C, packed(4))]
#[derive(Clone, Copy, Debug)]
pub struct FDBKeyValue {
    /// The key's bytes.
    pub key: *const u8,
    /// How many there are.
    pub key_length: c_int,
    /// The value's bytes.
    pub value: *const u8,
    /// How many there are.
    pub value_length: c_int,
}

/// A range of keys, the end not included: 24 bytes.
#[repr(C, packed(4))]
#[derive(Clone, Copy, Debug)]
pub struct FDBKeyRange {
    /// The first key's bytes.
    pub begin_key: *const u8,
    /// How many there are.
    pub begin_key_length: c_int,
    /// The end key's bytes.
    pub end_key: *const u8,
    /// How many there are.
    pub end_key_length: c_int,
}

/// What is known of one blob granule: 56 bytes.
#[repr(C, packed(4))]
#[derive(Clone, Copy, Debug)]
pub struct FDBGranuleSummary {
    /// The keys it covers.
    pub key_range: FDBKeyRange,
    /// The version of its snapshot.
    pub snapshot_version: i64,
    /// The snapshot's bytes.
    pub snapshot_size: i64,
    /// The version of its deltas.
    pub delta_version: i64,
    /// The deltas' bytes.
    pub delta_size: i64,
}

/// A key selector: 20 bytes.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FDBKeySelector {
    /// The key it is relative to.
    pub key: FDBKey,
    /// Whether that key itself counts.
    pub orEqual: fdb_bool_t,
    /// How many keys to move.
    pub offset: c_int,
}

/// One range read and its rows: 56 bytes.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FDBGetRangeReqAndResult {
    /// Where the read began.
    pub begin: FDBKeySelector,
    /// Where it ended.
    pub end: FDBKeySelector,
    /// The rows.
    pub data: *mut FDBKeyValue,
    /// How many there are.
    pub m_size: c_int,
    /// How many there is room for.
    pub m_capacity: c_int,
}

/// A row of a mapped range read: 112 bytes.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FDBMappedKeyValue {
    /// The primary key.
    pub key: FDBKey,
    /// The primary value.
    pub value: FDBKey,
    /// The secondary read.
    pub getRange: FDBGetRangeReqAndResult,
    /// Of no meaning to callers.
    pub buffer: [c_uchar; 32],
}

/// How the caller loads the files of a blob granule.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FDBReadBlobGranuleContext {
    /// Passed to the functions below.
    pub userContext: *mut c_void,
    /// Starts a load and gives its id.
    pub start_load_f: Option<
        unsafe extern "C" fn(
            filename: *const c_char,
            filename_length: c_int,
            offset: i64,
            length: i64,
            full_file_length: i64,
            context: *mut c_void,
        ) -> i64,
    >,
    /// The bytes of a load.
    pub get_load_f: Option<unsafe extern "C" fn(load_id: i64, context: *mut c_void) -> *mut u8>,
    /// Frees a load.
    pub free_load_f: Option<unsafe extern "C" fn(load_id: i64, context: *mut c_void)>,
    /// Only ask, do not read files.
    pub debugNoMaterialize: fdb_bool_t,
    /// How many granules to load at once.
    pub granuleParallelism: c_int,
}

/// The prefix of a tenant, if there is one: 16 bytes.
#[repr(C, packed(4))]
#[derive(Clone, Copy, Debug)]
pub struct FDBBGTenantPrefix {
    /// Whether there is one.
    pub present: fdb_bool_t,
    /// The prefix.
    pub prefix: FDBKey,
}

/// A key of blob granule encryption: 40 bytes.
#[repr(C, packed(4))]
#[derive(Clone, Copy, Debug)]
pub struct FDBBGEncryptionKey {
    /// The domain it belongs to.
    pub domain_id: i64,
    /// The id of the base key.
    pub base_key_id: u64,
    /// The check value of the base key.
    pub base_kcv: u32,
    /// The salt.
    pub random_salt: u64,
    /// The base key.
    pub base_key: FDBKey,
}

/// How a blob granule file is encrypted: 104 bytes.
#[repr(C, packed(4))]
#[derive(Clone, Copy, Debug)]
pub struct FDBBGEncryptionCtx {
    /// Whether it is.
    pub present: fdb_bool_t,
    /// The key of the text.
    pub textKey: FDBBGEncryptionKey,
    /// The check value of the text key.
    pub textKCV: u32,
    /// The key of the header.
    pub headerKey: FDBBGEncryptionKey,
    /// The check value of the header key.
    pub headerKCV: u32,
    /// The initialization vector.
    pub iv: FDBKey,
}

/// Where a blob granule file is: 148 bytes.
#[repr(C, packed(4))]
#[derive(Clone, Copy, Debug)]
pub struct FDBBGFilePointer {
    /// Its name's bytes.
    pub filename_ptr: *const u8,
    /// How many there are.
    pub filename_length: c_int,
    /// Where in the file to begin.
    pub file_offset: i64,
    /// How many bytes to read.
    pub file_length: i64,
    /// How many the file has.
    pub full_file_length: i64,
    /// The version of the file.
    pub file_version: i64,
    /// How it is encrypted.
    pub encryption_ctx: FDBBGEncryptionCtx,
}

/// One change within a blob granule: 36 bytes.
#[repr(C, packed(4))]
#[derive(Clone, Copy, Debug)]
pub struct FDBBGMutation {
    /// 0 sets a value, 1 clears a range.
    pub type_: u8,
    /// The version it was made at.
    pub version: i64,
    /// The key, or the begin of the range.
    pub param1_ptr: *const u8,
    /// How many bytes it has.
    pub param1_length: c_int,
    /// The value, or the end of the range.
    pub param2_ptr: *const u8,
    /// How many bytes it has.
    pub param2_length: c_int,
}

/// The files of one blob granule: 216 bytes.
#[repr(C, packed(4))]
#[derive(Clone, Copy, Debug)]
pub struct FDBBGFileDescription {
    /// The keys it covers.
    pub key_range: FDBKeyRange,
    /// Whether there is a snapshot.
    pub snapshot_present: fdb_bool_t,
    /// The snapshot's file.
    pub snapshot_file_pointer: FDBBGFilePointer,
    /// How many delta files there are.
    pub delta_file_count: c_int,
    /// The delta files.
    pub delta_files: *mut FDBBGFilePointer,
    /// How many changes are not in a file yet.
    pub memory_mutation_count: c_int,
    /// Those changes.
    pub memory_mutations: *mut FDBBGMutation,
    /// The tenant's prefix.
    pub tenant_prefix: FDBBGTenantPrefix,
}

#[cfg(target_pointer_width = "64")]
const _: () = {
    assert!(size_of::<FDBKey>() == 12 && align_of::<FDBKey>() == 4);
    assert!(size_of::<FDBKeyValue>() == 24 && align_of::<FDBKeyValue>() == 4);
    assert!(offset_of!(FDBKeyValue, value) == 12 && offset_of!(FDBKeyValue, value_length) == 20);
    assert!(size_of::<FDBKeyRange>() == 24 && align_of::<FDBKeyRange>() == 4);
    assert!(size_of::<FDBGranuleSummary>() == 56 && align_of::<FDBGranuleSummary>() == 4);
    assert!(size_of::<FDBKeySelector>() == 20 && offset_of!(FDBKeySelector, offset) == 16);
    assert!(size_of::<FDBGetRangeReqAndResult>() == 56 && offset_of!(FDBGetRangeReqAndResult, data) == 40);
    assert!(size_of::<FDBMappedKeyValue>() == 112 && align_of::<FDBMappedKeyValue>() == 8);
    assert!(offset_of!(FDBMappedKeyValue, getRange) == 24 && offset_of!(FDBMappedKeyValue, buffer) == 80);
    assert!(size_of::<FDBReadBlobGranuleContext>() == 40);
    assert!(size_of::<FDBBGTenantPrefix>() == 16);
    assert!(size_of::<FDBBGEncryptionKey>() == 40);
    assert!(size_of::<FDBBGEncryptionCtx>() == 104);
    assert!(size_of::<FDBBGFilePointer>() == 148);
    assert!(size_of::<FDBBGMutation>() == 36 && offset_of!(FDBBGMutation, version) == 4);
    assert!(size_of::<FDBBGFileDescription>() == 216);
};
