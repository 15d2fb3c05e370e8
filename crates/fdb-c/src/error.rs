//! Error codes on their way to C, and the barrier that no panic passes.
//!
//! Every function of the API runs its body inside one of [`code`], [`result`], [`future`], [`quiet`] and [`value`]: they turn an
//! error into what the function can return, and a panic into `internal_error` (4100).

use crate::embedded_future::Answer;
use crate::types::{FDBFuture, fdb_bool_t, fdb_error_t};
use std::collections::BTreeMap;
use std::ffi::{CString, c_char, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

/// An error code that a call ends with; never 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failure(pub(crate) fdb_error_t);

impl Failure {
    pub(crate) const SHUTDOWN_IN_PROGRESS: Failure = Failure(1043);
    pub(crate) const FUTURE_RELEASED: Failure = Failure(1102);
    pub(crate) const PLATFORM_ERROR: Failure = Failure(1500);
    pub(crate) const FILE_NOT_FOUND: Failure = Failure(1511);
    pub(crate) const NO_CLUSTER_FILE_FOUND: Failure = Failure(1515);
    pub(crate) const CLIENT_INVALID_OPERATION: Failure = Failure(2000);
    pub(crate) const INVALID_OPTION_VALUE: Failure = Failure(2006);
    pub(crate) const INVALID_OPTION: Failure = Failure(2007);
    pub(crate) const NETWORK_NOT_SETUP: Failure = Failure(2008);
    pub(crate) const NETWORK_ALREADY_SETUP: Failure = Failure(2009);
    pub(crate) const FUTURE_NOT_SET: Failure = Failure(2015);
    pub(crate) const ENVIRONMENT_VARIABLE_NETWORK_OPTION_FAILED: Failure = Failure(2022);
    pub(crate) const NETWORK_CANNOT_BE_RESTARTED: Failure = Failure(2025);
    pub(crate) const BLOCKED_FROM_NETWORK_THREAD: Failure = Failure(2026);
    pub(crate) const UNSUPPORTED_OPERATION: Failure = Failure(2108);
    pub(crate) const NO_EXTERNAL_CLIENT_PROVIDED: Failure = Failure(2123);
    pub(crate) const API_VERSION_UNSET: Failure = Failure(2200);
    pub(crate) const API_VERSION_ALREADY_SET: Failure = Failure(2201);
    pub(crate) const API_VERSION_INVALID: Failure = Failure(2202);
    pub(crate) const API_VERSION_NOT_SUPPORTED: Failure = Failure(2203);
    pub(crate) const API_FUNCTION_MISSING: Failure = Failure(2204);
    pub(crate) const SNAP_INVALID_UID_STRING: Failure = Failure(2509);
    pub(crate) const INTERNAL_ERROR: Failure = Failure(4100);
}

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        Failure(error.code())
    }
}

fn guarded<T>(body: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    // What the body touches is shared only through locks and atomics, which stay sound when it is left halfway.
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(Err(Failure::INTERNAL_ERROR))
}

/// For a function that returns an error code.
pub(crate) fn code(body: impl FnOnce() -> Result<(), Failure>) -> fdb_error_t {
    result(body).err().unwrap_or(0)
}

/// For a function of Rust, which returns the code as an error.
pub(crate) fn result(body: impl FnOnce() -> Result<(), Failure>) -> Result<(), fdb_error_t> {
    guarded(body).map_err(|failure| failure.0)
}

/// For a function that returns a future: a failure becomes a future that holds it.
pub(crate) fn future(body: impl FnOnce() -> Result<*mut FDBFuture, Failure>) -> *mut FDBFuture {
    guarded(body).unwrap_or_else(|failure| Answer::Failed(failure).into_raw())
}

/// For a function that returns nothing.
pub(crate) fn quiet(body: impl FnOnce() -> Result<(), Failure>) {
    let _ = guarded(body);
}

/// For a function that returns something else, with what it gives on failure.
pub(crate) fn value<T>(otherwise: impl FnOnce(Failure) -> T, body: impl FnOnce() -> Result<T, Failure>) -> T {
    guarded(body).unwrap_or_else(otherwise)
}

/// The text of an error code, as a static string.
pub unsafe extern "C" fn fdb_get_error(code: fdb_error_t) -> *const c_char {
    // C wants a zero byte at the end, which Rust's static texts lack. Each text that is asked for is copied once and
    // kept: there are a few hundred at most.
    static TEXTS: Mutex<BTreeMap<&'static str, CString>> = Mutex::new(BTreeMap::new());
    value(
        |_| c"UNKNOWN_ERROR".as_ptr(),
        || {
            let text = engine::error_text(code);
            let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(texts.entry(text).or_insert_with(|| CString::new(text).unwrap_or_default()).as_ptr())
        },
    )
}

/// Whether a code is retryable (test 50000), may have committed (50001), or is retryable and has not committed (50002);
/// 0 for any other test.
pub unsafe extern "C" fn fdb_error_predicate(predicate_test: c_int, code: fdb_error_t) -> fdb_bool_t {
    // from_code takes what is not positive for an unknown error, which has none of the predicates: so has success.
    let error = engine::Error::from_code(code);
    let holds = match predicate_test {
        50000 => error.is_retryable(),
        50001 => error.is_maybe_committed(),
        50002 => error.is_retryable_not_committed(),
        _ => false,
    };
    fdb_bool_t::from(holds)
}
