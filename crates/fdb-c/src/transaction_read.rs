//! `fdb_transaction_*`: reading.

use crate::backend::Backend::{Cluster, Embedded};
use crate::backend::{backend, bytes};
use crate::constants::FDBStreamingMode;
use crate::embedded_future::Answer;
use crate::error::{self, Failure};
use crate::types::*;
use engine::{KeySelector, RangeOptions, StreamingMode};
use std::ffi::c_int;
use std::sync::OnceLock;

/// Sets the version that the transaction reads at.
pub unsafe extern "C" fn fdb_transaction_set_read_version(tr: *mut FDBTransaction, version: i64) {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::quiet(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => transaction.0.set_read_version(version),
            Cluster(library) => library.fdb_transaction_set_read_version()?(tr, version),
        }
        Ok(())
    });
}

/// The version that the transaction reads at.
pub unsafe extern "C" fn fdb_transaction_get_read_version(tr: *mut FDBTransaction) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => Ok(Answer::Int64(transaction.0.read_version()).into_raw()),
            Cluster(library) => Ok(library.fdb_transaction_get_read_version()?(tr)),
        }
    })
}

/// Reads a key's value.
pub unsafe extern "C" fn fdb_transaction_get(
    tr: *mut FDBTransaction,
    key: *const u8,
    key_length: c_int,
    snapshot: fdb_bool_t,
) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => {
                Ok(Answer::Value(transaction.0.get(bytes(key, key_length), snapshot != 0)).into_raw())
            }
            Cluster(library) => Ok(library.fdb_transaction_get()?(tr, key, key_length, snapshot)),
        }
    })
}

/// Resolves a key selector.
pub unsafe extern "C" fn fdb_transaction_get_key(
    tr: *mut FDBTransaction,
    key: *const u8,
    key_length: c_int,
    or_equal: fdb_bool_t,
    offset: c_int,
    snapshot: fdb_bool_t,
) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => {
                let selector = selector(bytes(key, key_length), or_equal, offset);
                Ok(Answer::Key(transaction.0.get_key(selector, snapshot != 0)).into_raw())
            }
            Cluster(library) => Ok(library.fdb_transaction_get_key()?(tr, key, key_length, or_equal, offset, snapshot)),
        }
    })
}

/// Reads a range of rows, a piece of it at a time. Error 2000 for a streaming mode that does not exist.
pub unsafe extern "C" fn fdb_transaction_get_range(
    tr: *mut FDBTransaction,
    begin: *const u8,
    begin_length: c_int,
    begin_or_equal: fdb_bool_t,
    begin_offset: c_int,
    end: *const u8,
    end_length: c_int,
    end_or_equal: fdb_bool_t,
    end_offset: c_int,
    limit: c_int,
    target_bytes: c_int,
    mode: FDBStreamingMode,
    iteration: c_int,
    snapshot: fdb_bool_t,
    reverse: fdb_bool_t,
) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => {
                let begin = selector(bytes(begin, begin_length), begin_or_equal, begin_offset);
                let end = selector(bytes(end, end_length), end_or_equal, end_offset);
                let options = RangeOptions {
                    limit,
                    target_bytes,
                    mode: streaming_mode(mode)?,
                    iteration,
                    snapshot: snapshot != 0,
                    reverse: reverse != 0,
                };
                Ok(Answer::Rows(transaction.0.get_range(begin, end, options), OnceLock::new()).into_raw())
            }
            Cluster(library) => Ok(library.fdb_transaction_get_range()?(
                tr,
                begin,
                begin_length,
                begin_or_equal,
                begin_offset,
                end,
                end_length,
                end_or_equal,
                end_offset,
                limit,
                target_bytes,
                mode,
                iteration,
                snapshot,
                reverse,
            )),
        }
    })
}

/// Reads a range of rows and, for each, the rows that `mapper` makes of it.
pub unsafe extern "C" fn fdb_transaction_get_mapped_range(
    tr: *mut FDBTransaction,
    begin: *const u8,
    begin_length: c_int,
    begin_or_equal: fdb_bool_t,
    begin_offset: c_int,
    end: *const u8,
    end_length: c_int,
    end_or_equal: fdb_bool_t,
    end_offset: c_int,
    mapper_name: *const u8,
    mapper_name_length: c_int,
    limit: c_int,
    target_bytes: c_int,
    mode: FDBStreamingMode,
    iteration: c_int,
    snapshot: fdb_bool_t,
    reverse: fdb_bool_t,
) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => {
                let begin = selector(bytes(begin, begin_length), begin_or_equal, begin_offset);
                let end = selector(bytes(end, end_length), end_or_equal, end_offset);
                let options = RangeOptions {
                    limit,
                    target_bytes,
                    mode: streaming_mode(mode)?,
                    iteration,
                    snapshot: snapshot != 0,
                    reverse: reverse != 0,
                };
                let mapper = bytes(mapper_name, mapper_name_length);
                let rows = transaction.0.get_mapped_range(begin, end, mapper, options);
                Ok(Answer::MappedRows(rows, OnceLock::new()).into_raw())
            }
            Cluster(library) => Ok(library.fdb_transaction_get_mapped_range()?(
                tr,
                begin,
                begin_length,
                begin_or_equal,
                begin_offset,
                end,
                end_length,
                end_or_equal,
                end_offset,
                mapper_name,
                mapper_name_length,
                limit,
                target_bytes,
                mode,
                iteration,
                snapshot,
                reverse,
            )),
        }
    })
}

/// Ready when the value of a key is another than this transaction sees.
pub unsafe extern "C" fn fdb_transaction_watch(
    tr: *mut FDBTransaction,
    key: *const u8,
    key_length: c_int,
) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => Ok(Answer::Void(transaction.0.watch(bytes(key, key_length))).into_raw()),
            Cluster(library) => Ok(library.fdb_transaction_watch()?(tr, key, key_length)),
        }
    })
}

/// The addresses of the servers that hold a key.
pub unsafe extern "C" fn fdb_transaction_get_addresses_for_key(
    tr: *mut FDBTransaction,
    key: *const u8,
    key_length: c_int,
) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => {
                let addresses = transaction.0.get_addresses_for_key(bytes(key, key_length));
                Ok(Answer::Strings(addresses, OnceLock::new()).into_raw())
            }
            Cluster(library) => Ok(library.fdb_transaction_get_addresses_for_key()?(tr, key, key_length)),
        }
    })
}

/// About how many bytes a range has.
pub unsafe extern "C" fn fdb_transaction_get_estimated_range_size_bytes(
    tr: *mut FDBTransaction,
    begin: *const u8,
    begin_length: c_int,
    end: *const u8,
    end_length: c_int,
) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => {
                let size =
                    transaction.0.get_estimated_range_size_bytes(bytes(begin, begin_length), bytes(end, end_length));
                Ok(Answer::Int64(size).into_raw())
            }
            Cluster(library) => {
                Ok(library.fdb_transaction_get_estimated_range_size_bytes()?(tr, begin, begin_length, end, end_length))
            }
        }
    })
}

/// Keys that cut a range into pieces of about `chunk_size` bytes.
pub unsafe extern "C" fn fdb_transaction_get_range_split_points(
    tr: *mut FDBTransaction,
    begin: *const u8,
    begin_length: c_int,
    end: *const u8,
    end_length: c_int,
    chunk_size: i64,
) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => {
                let points = transaction.0.get_range_split_points(
                    bytes(begin, begin_length),
                    bytes(end, end_length),
                    chunk_size,
                );
                Ok(Answer::Keys(points, OnceLock::new()).into_raw())
            }
            Cluster(library) => Ok(library.fdb_transaction_get_range_split_points()?(
                tr,
                begin,
                begin_length,
                end,
                end_length,
                chunk_size,
            )),
        }
    })
}

fn selector(key: &[u8], or_equal: fdb_bool_t, offset: c_int) -> KeySelector<'_> {
    KeySelector { key, or_equal: or_equal != 0, offset }
}

fn streaming_mode(code: FDBStreamingMode) -> Result<StreamingMode, Failure> {
    StreamingMode::from_code(code).ok_or(Failure::CLIENT_INVALID_OPERATION)
}
