//! `fdb_transaction_*`: writing, committing, life cycle. Reads are in `transaction_read`.

use crate::backend::Backend::{Cluster, Embedded};
use crate::backend::{backend, bytes, number, option_value};
use crate::constants::*;
use crate::embedded_future::Answer;
use crate::error::{self, Failure};
use crate::future::returned;
use crate::handle;
use crate::types::*;
use engine::ConflictRangeType;
use std::ffi::c_int;

/// Ends the use of a transaction. What is outstanding of it fails with 1025; a commit under way may still apply.
pub unsafe extern "C" fn fdb_transaction_destroy(tr: *mut FDBTransaction) {
    // SAFETY: the contract of the C API: a transaction is destroyed once, and not while it is in use.
    error::quiet(|| unsafe {
        match backend(tr)? {
            Embedded(_) => drop(handle::take(tr)),
            Cluster(library) => library.fdb_transaction_destroy()?(tr),
        }
        Ok(())
    });
}

/// Makes the transaction as new.
pub unsafe extern "C" fn fdb_transaction_reset(tr: *mut FDBTransaction) {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::quiet(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => transaction.0.reset(),
            Cluster(library) => library.fdb_transaction_reset()?(tr),
        }
        Ok(())
    });
}

/// Fails what is outstanding and what follows, until a reset, with 1025.
pub unsafe extern "C" fn fdb_transaction_cancel(tr: *mut FDBTransaction) {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::quiet(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => transaction.0.cancel(),
            Cluster(library) => library.fdb_transaction_cancel()?(tr),
        }
        Ok(())
    });
}

/// Sets an option: 2007 at once if there is none of that number, other errors with the next future.
pub unsafe extern "C" fn fdb_transaction_set_option(
    tr: *mut FDBTransaction,
    option: FDBTransactionOption,
    value: *const u8,
    value_length: c_int,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => {
                let value = option_value(value, value_length);
                Ok(transaction.0.set_option(number(option), value)?)
            }
            Cluster(library) => returned(library.fdb_transaction_set_option()?(tr, option, value, value_length)),
        }
    })
}

/// Sets a key's value.
pub unsafe extern "C" fn fdb_transaction_set(
    tr: *mut FDBTransaction,
    key: *const u8,
    key_length: c_int,
    value: *const u8,
    value_length: c_int,
) {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::quiet(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => transaction.0.set(bytes(key, key_length), bytes(value, value_length)),
            Cluster(library) => library.fdb_transaction_set()?(tr, key, key_length, value, value_length),
        }
        Ok(())
    });
}

/// Applies an atomic operation to a key's value.
pub unsafe extern "C" fn fdb_transaction_atomic_op(
    tr: *mut FDBTransaction,
    key: *const u8,
    key_length: c_int,
    param: *const u8,
    param_length: c_int,
    operation_type: FDBMutationType,
) {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::quiet(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => {
                transaction.0.atomic_op(bytes(key, key_length), bytes(param, param_length), number(operation_type))
            }
            Cluster(library) => {
                library.fdb_transaction_atomic_op()?(tr, key, key_length, param, param_length, operation_type)
            }
        }
        Ok(())
    });
}

/// Clears a key.
pub unsafe extern "C" fn fdb_transaction_clear(tr: *mut FDBTransaction, key: *const u8, key_length: c_int) {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::quiet(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => transaction.0.clear(bytes(key, key_length)),
            Cluster(library) => library.fdb_transaction_clear()?(tr, key, key_length),
        }
        Ok(())
    });
}

/// Clears a range of keys.
pub unsafe extern "C" fn fdb_transaction_clear_range(
    tr: *mut FDBTransaction,
    begin: *const u8,
    begin_length: c_int,
    end: *const u8,
    end_length: c_int,
) {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::quiet(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => transaction.0.clear_range(bytes(begin, begin_length), bytes(end, end_length)),
            Cluster(library) => library.fdb_transaction_clear_range()?(tr, begin, begin_length, end, end_length),
        }
        Ok(())
    });
}

/// Adds a conflict range: 2005 at once if it is inverted, 2000 if its type does not exist.
pub unsafe extern "C" fn fdb_transaction_add_conflict_range(
    tr: *mut FDBTransaction,
    begin: *const u8,
    begin_length: c_int,
    end: *const u8,
    end_length: c_int,
    kind: FDBConflictRangeType,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => {
                let (begin, end) = (bytes(begin, begin_length), bytes(end, end_length));
                if begin > end {
                    // libfdb_c looks at the range before the type.
                    return Err(engine::Error::INVERTED_RANGE.into());
                }
                Ok(transaction.0.add_conflict_range(begin, end, conflict_range_type(kind)?)?)
            }
            Cluster(library) => {
                returned(library.fdb_transaction_add_conflict_range()?(tr, begin, begin_length, end, end_length, kind))
            }
        }
    })
}

/// Commits.
pub unsafe extern "C" fn fdb_transaction_commit(tr: *mut FDBTransaction) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => Ok(Answer::Void(transaction.0.commit()).into_raw()),
            Cluster(library) => Ok(library.fdb_transaction_commit()?(tr)),
        }
    })
}

/// Ready when a retry after `error` may begin; in error if it may not.
pub unsafe extern "C" fn fdb_transaction_on_error(tr: *mut FDBTransaction, error: fdb_error_t) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => Ok(Answer::Void(transaction.0.on_error(error)).into_raw()),
            Cluster(library) => Ok(library.fdb_transaction_on_error()?(tr, error)),
        }
    })
}

/// The version of the last commit, -1 if there is none or it had nothing to write.
pub unsafe extern "C" fn fdb_transaction_get_committed_version(
    tr: *mut FDBTransaction,
    out_version: *mut i64,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => {
                *out_version = transaction.0.committed_version();
                Ok(())
            }
            Cluster(library) => returned(library.fdb_transaction_get_committed_version()?(tr, out_version)),
        }
    })
}

/// The versionstamp of the commit, which is to follow.
pub unsafe extern "C" fn fdb_transaction_get_versionstamp(tr: *mut FDBTransaction) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => Ok(Answer::Stamp(transaction.0.versionstamp()).into_raw()),
            Cluster(library) => Ok(library.fdb_transaction_get_versionstamp()?(tr)),
        }
    })
}

/// About how many bytes a commit would send.
pub unsafe extern "C" fn fdb_transaction_get_approximate_size(tr: *mut FDBTransaction) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => Ok(Answer::Int64(transaction.0.approximate_size()).into_raw()),
            Cluster(library) => Ok(library.fdb_transaction_get_approximate_size()?(tr)),
        }
    })
}

/// For how many seconds the transaction was held up by its tags.
pub unsafe extern "C" fn fdb_transaction_get_tag_throttled_duration(tr: *mut FDBTransaction) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => Ok(Answer::Double(transaction.0.tag_throttled_duration()).into_raw()),
            Cluster(library) => Ok(library.fdb_transaction_get_tag_throttled_duration()?(tr)),
        }
    })
}

/// What the transaction has cost so far, in bytes rounded to pages.
pub unsafe extern "C" fn fdb_transaction_get_total_cost(tr: *mut FDBTransaction) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(tr)? {
            Embedded(transaction) => Ok(Answer::Int64(transaction.0.total_cost()).into_raw()),
            Cluster(library) => Ok(library.fdb_transaction_get_total_cost()?(tr)),
        }
    })
}

#[allow(non_upper_case_globals)] // These are bindgen's names.
fn conflict_range_type(code: FDBConflictRangeType) -> Result<ConflictRangeType, Failure> {
    match code {
        FDBConflictRangeType_FDB_CONFLICT_RANGE_TYPE_READ => Ok(ConflictRangeType::Read),
        FDBConflictRangeType_FDB_CONFLICT_RANGE_TYPE_WRITE => Ok(ConflictRangeType::Write),
        _ => Err(Failure::CLIENT_INVALID_OPERATION),
    }
}
