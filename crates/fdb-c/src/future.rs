//! `fdb_future_*` and `fdb_result_*`.

use crate::arrays;
use crate::backend::Backend::{Cluster, Embedded};
use crate::backend::backend;
use crate::embedded_future::{Answer, Callback, EmbeddedFuture};
use crate::error::{self, Failure};
use crate::handle;
use crate::types::*;
use std::ffi::{c_char, c_int, c_void};

/// Completes a future that is not ready with error 1101; its callback runs.
pub unsafe extern "C" fn fdb_future_cancel(f: *mut FDBFuture) {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::quiet(|| unsafe {
        match backend(f)? {
            // The callback may destroy the future, so it must not be borrowed here.
            Embedded(_) => handle::share(f).cancel(),
            Cluster(library) => library.fdb_future_cancel()?(f),
        }
        Ok(())
    });
}

/// Gives the memory of one successful getter call back; with the last one the future turns into error 1102.
pub unsafe extern "C" fn fdb_future_release_memory(f: *mut FDBFuture) {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::quiet(|| unsafe {
        match backend(f)? {
            Embedded(future) => future.release_memory(),
            Cluster(library) => library.fdb_future_release_memory()?(f),
        }
        Ok(())
    });
}

/// Ends the use of a future, and cancels it if it is not ready; its callback runs then.
pub unsafe extern "C" fn fdb_future_destroy(f: *mut FDBFuture) {
    // SAFETY: the contract of the C API: a future is destroyed once, and not while it is in use.
    error::quiet(|| unsafe {
        match backend(f)? {
            Embedded(_) => handle::take(f).cancel(),
            Cluster(library) => library.fdb_future_destroy()?(f),
        }
        Ok(())
    });
}

/// Waits until the future is ready, with a value or an error. Error 2026 within a callback if it is not ready.
pub unsafe extern "C" fn fdb_future_block_until_ready(f: *mut FDBFuture) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => future.block_until_ready(),
            Cluster(library) => returned(library.fdb_future_block_until_ready()?(f)),
        }
    })
}

/// Whether the future has its value or error.
pub unsafe extern "C" fn fdb_future_is_ready(f: *mut FDBFuture) -> fdb_bool_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::value(
        |_| 1,
        || unsafe {
            match backend(f)? {
                Embedded(future) => Ok(fdb_bool_t::from(future.is_ready())),
                Cluster(library) => Ok(library.fdb_future_is_ready()?(f)),
            }
        },
    )
}

/// Has `callback` called once when the future is ready: now, if it is.
pub unsafe extern "C" fn fdb_future_set_callback(
    f: *mut FDBFuture,
    callback: FDBCallback,
    callback_parameter: *mut c_void,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(_) => {
                // The callback may destroy the future, so it must not be borrowed here.
                EmbeddedFuture::set_callback(&handle::share(f), Callback::new(callback, callback_parameter));
                Ok(())
            }
            Cluster(library) => returned(library.fdb_future_set_callback()?(f, callback, callback_parameter)),
        }
    })
}

/// The future's error, 0 if it holds a value, 2015 if it is not ready.
pub unsafe extern "C" fn fdb_future_get_error(f: *mut FDBFuture) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => future.check(),
            Cluster(library) => returned(library.fdb_future_get_error()?(f)),
        }
    })
}

/// Reads a truth value.
pub unsafe extern "C" fn fdb_future_get_bool(f: *mut FDBFuture, out: *mut fdb_bool_t) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => none_such(future),
            Cluster(library) => returned(library.fdb_future_get_bool()?(f, out)),
        }
    })
}

/// Reads a number: a version, a size, an id.
pub unsafe extern "C" fn fdb_future_get_int64(f: *mut FDBFuture, out: *mut i64) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => *out = future.read(int64)?,
            Cluster(library) => returned(library.fdb_future_get_int64()?(f, out))?,
        }
        Ok(())
    })
}

/// Reads an unsigned number: a protocol version.
pub unsafe extern "C" fn fdb_future_get_uint64(f: *mut FDBFuture, out: *mut u64) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => {
                *out = future.read(|answer| match answer {
                    Answer::Uint64(future) => value(future).copied(),
                    _ => None,
                })?;
            }
            Cluster(library) => returned(library.fdb_future_get_uint64()?(f, out))?,
        }
        Ok(())
    })
}

/// Reads a floating point number: a duration.
pub unsafe extern "C" fn fdb_future_get_double(f: *mut FDBFuture, out: *mut f64) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => {
                *out = future.read(|answer| match answer {
                    Answer::Double(future) => value(future).copied(),
                    _ => None,
                })?;
            }
            Cluster(library) => returned(library.fdb_future_get_double()?(f, out))?,
        }
        Ok(())
    })
}

/// Reads a key: of `get_key`, a versionstamp, a client status.
pub unsafe extern "C" fn fdb_future_get_key(
    f: *mut FDBFuture,
    out_key: *mut *const u8,
    out_length: *mut c_int,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => {
                (*out_key, *out_length) = future.read(|answer| {
                    let key: &[u8] = match answer {
                        Answer::Key(future) => value(future)?,
                        Answer::Stamp(future) => value(future)?,
                        _ => return None,
                    };
                    Some((key.as_ptr(), arrays::c_length(key.len())))
                })?;
            }
            Cluster(library) => returned(library.fdb_future_get_key()?(f, out_key, out_length))?,
        }
        Ok(())
    })
}

/// Reads the value of a key. Where there is none, only `out_present` is written.
pub unsafe extern "C" fn fdb_future_get_value(
    f: *mut FDBFuture,
    out_present: *mut fdb_bool_t,
    out_value: *mut *const u8,
    out_length: *mut c_int,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => {
                let found = future.read(|answer| match answer {
                    Answer::Value(future) => {
                        Some(value(future)?.as_ref().map(|bytes| (bytes.as_ptr(), arrays::c_length(bytes.len()))))
                    }
                    _ => None,
                })?;
                *out_present = fdb_bool_t::from(found.is_some());
                if let Some(bytes) = found {
                    (*out_value, *out_length) = bytes;
                }
            }
            Cluster(library) => {
                returned(library.fdb_future_get_value()?(f, out_present, out_value, out_length))?;
            }
        }
        Ok(())
    })
}

/// Reads the rows of a range read and whether more may follow.
pub unsafe extern "C" fn fdb_future_get_keyvalue_array(
    f: *mut FDBFuture,
    out_kv: *mut *const FDBKeyValue,
    out_count: *mut c_int,
    out_more: *mut fdb_bool_t,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => {
                let (array, more) = future.read(|answer| match answer {
                    Answer::Rows(future, array) => {
                        let rows = value(future)?;
                        Some((array.get_or_init(|| arrays::of_rows(rows)).parts(), rows.more()))
                    }
                    _ => None,
                })?;
                (*out_kv, *out_count) = array;
                *out_more = fdb_bool_t::from(more);
            }
            Cluster(library) => {
                returned(library.fdb_future_get_keyvalue_array()?(f, out_kv, out_count, out_more))?;
            }
        }
        Ok(())
    })
}

/// Reads the rows of a mapped range read and whether more may follow.
pub unsafe extern "C" fn fdb_future_get_mappedkeyvalue_array(
    f: *mut FDBFuture,
    out_kv: *mut *const FDBMappedKeyValue,
    out_count: *mut c_int,
    out_more: *mut fdb_bool_t,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => {
                let (array, more) = future.read(|answer| match answer {
                    Answer::MappedRows(future, array) => {
                        let mapped = value(future)?;
                        let array = array.get_or_init(|| arrays::MappedArray::new(mapped));
                        Some((array.parts(), mapped.more))
                    }
                    _ => None,
                })?;
                (*out_kv, *out_count) = array;
                *out_more = fdb_bool_t::from(more);
            }
            Cluster(library) => {
                returned(library.fdb_future_get_mappedkeyvalue_array()?(f, out_kv, out_count, out_more))?;
            }
        }
        Ok(())
    })
}

/// Reads a list of keys: split points.
pub unsafe extern "C" fn fdb_future_get_key_array(
    f: *mut FDBFuture,
    out_key_array: *mut *const FDBKey,
    out_count: *mut c_int,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => {
                (*out_key_array, *out_count) = future.read(|answer| match answer {
                    Answer::Keys(future, array) => {
                        let keys = value(future)?;
                        Some(array.get_or_init(|| arrays::of_keys(keys)).parts())
                    }
                    _ => None,
                })?;
            }
            Cluster(library) => returned(library.fdb_future_get_key_array()?(f, out_key_array, out_count))?,
        }
        Ok(())
    })
}

/// Reads a list of strings: addresses.
pub unsafe extern "C" fn fdb_future_get_string_array(
    f: *mut FDBFuture,
    out_strings: *mut *mut *const c_char,
    out_count: *mut c_int,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => {
                let (strings, count) = future.read(|answer| match answer {
                    Answer::Strings(future, array) => {
                        let strings = value(future)?;
                        Some(array.get_or_init(|| arrays::StringArray::new(strings)).parts())
                    }
                    _ => None,
                })?;
                (*out_strings, *out_count) = (strings.cast_mut(), count);
            }
            Cluster(library) => returned(library.fdb_future_get_string_array()?(f, out_strings, out_count))?,
        }
        Ok(())
    })
}

/// Reads what a client library shares of a database. Embedded databases share nothing.
pub unsafe extern "C" fn fdb_future_get_shared_state(
    f: *mut FDBFuture,
    out: *mut *mut DatabaseSharedState,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(f)? {
            Embedded(future) => none_such(future),
            Cluster(library) => returned(library.fdb_future_get_shared_state()?(f, out)),
        }
    })
}

/// A number, whichever future holds it.
pub(crate) fn int64(answer: &Answer) -> Option<i64> {
    match answer {
        Answer::Int64(future) => value(future).copied(),
        _ => None,
    }
}

fn value<T>(future: &engine::Future<T>) -> Option<&T> {
    future.peek()?.as_ref().ok()
}

/// A code that a function of libfdb_c returned.
pub(crate) fn returned(code: fdb_error_t) -> Result<(), Failure> {
    if code == 0 { Ok(()) } else { Err(Failure(code)) }
}

/// For a getter of a type that no embedded future has a value of: the future's error, otherwise that of a wrong call.
pub(crate) fn none_such(future: &EmbeddedFuture) -> Result<(), Failure> {
    future.check()?;
    Err(Failure::CLIENT_INVALID_OPERATION)
}
