//! API versions: that of the header these declarations follow, and that which the program has selected.
//!
//! Invariant: a version is selected at most once in a process, and everything but `fdb_get_error`,
//! `fdb_error_predicate` and `fdb_get_max_api_version` comes after.

use crate::error::{self, Failure};
use crate::types::fdb_error_t;
use std::ffi::{c_char, c_int};
use std::sync::atomic::{AtomicI32, Ordering};

/// The version of the C header: what `fdb_select_api_version_impl` takes as its second argument.
pub const FDB_API_VERSION: u32 = 730;

const MAX_API_VERSION: i32 = FDB_API_VERSION as i32;
/// The oldest version whose behaviour the engine has.
const MIN_API_VERSION: i32 = 520;

#[cfg(not(feature = "fdb-7_3"))]
compile_error!("this foundationdb-sys declares the C API of 7.3: use the feature fdb-7_3");
#[cfg(any(
    feature = "fdb-5_1",
    feature = "fdb-5_2",
    feature = "fdb-6_0",
    feature = "fdb-6_1",
    feature = "fdb-6_2",
    feature = "fdb-6_3",
    feature = "fdb-7_0",
    feature = "fdb-7_1",
    feature = "fdb-7_4"
))]
compile_error!("this foundationdb-sys declares the C API of 7.3 only: of the version features, use fdb-7_3 alone");

/// Keeps what follows `=>` where 730 is in the range of versions, else what follows `else`. Every `min` that the crate
/// `foundationdb` 0.11 asks for is at most 730, every range with a `max` ends before it. What is kept are items (which begin
/// with `pub` or an attribute) or else an expression or statements, whose value is that of the last.
#[macro_export]
macro_rules! if_cfg_api_versions {
    (min = $min:tt, max = $max:tt => {$($then:tt)*} else {$($else:tt)*}) => {{ $($else)* }};
    (min = $min:tt, max = $max:tt => $($then:tt)*) => {};
    (min = $min:tt => {$($then:tt)*} else {$($else:tt)*}) => {{ $($then)* }};
    (min = $min:tt => pub $($item:tt)*) => { pub $($item)* };
    (min = $min:tt => # $($item:tt)*) => { # $($item)* };
    (min = $min:tt => $($then:tt)*) => {{ $($then)* }};
}

/// 0 until a version is selected.
static SELECTED: AtomicI32 = AtomicI32::new(0);

/// The selected version, or error 2200.
pub(crate) fn selected() -> Result<i32, Failure> {
    match SELECTED.load(Ordering::Acquire) {
        0 => Err(Failure::API_VERSION_UNSET),
        version => Ok(version),
    }
}

/// Selects the version whose behaviour the program wants: 520 to 730, once. Errors: 2201 if one is selected already, 2202
/// if it is newer than the header's, 2203 if the library does not have it.
pub unsafe extern "C" fn fdb_select_api_version_impl(runtime_version: c_int, header_version: c_int) -> fdb_error_t {
    error::code(|| {
        if selected().is_ok() {
            return Err(Failure::API_VERSION_ALREADY_SET);
        }
        if runtime_version > header_version {
            return Err(Failure::API_VERSION_INVALID);
        }
        if header_version > MAX_API_VERSION || runtime_version < MIN_API_VERSION {
            return Err(Failure::API_VERSION_NOT_SUPPORTED);
        }
        // Of two threads that select at once, one comes first.
        match SELECTED.compare_exchange(0, runtime_version, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => Ok(()),
            Err(_) => Err(Failure::API_VERSION_ALREADY_SET),
        }
    })
}

/// The newest version that can be selected.
pub unsafe extern "C" fn fdb_get_max_api_version() -> c_int {
    MAX_API_VERSION
}

/// What `fdb_get_client_version` of this library begins with, so that it can be told from FoundationDB's own: release
/// and source id (the name of this package in hexadecimal digits, as libfdb_c has 40 of them there).
pub(crate) const CLIENT_VERSION_STEM: &str = "7.3.63,666f756e642d6462000000000000000000000000,";

/// Release, source id and protocol version, separated by commas.
pub unsafe extern "C" fn fdb_get_client_version() -> *const c_char {
    c"7.3.63,666f756e642d6462000000000000000000000000,fdb00b073000000".as_ptr()
}

#[cfg(test)]
mod tests {
    if_cfg_api_versions! {min = 700 =>
        #[derive(Debug, PartialEq)]
        pub struct Kept;
    }
    if_cfg_api_versions! {min = 510, max = 600 =>
        pub struct NotKept(NoSuchType);
    }

    #[test]
    fn what_730_has_is_kept() {
        let mut count = 0;
        if_cfg_api_versions!(min = 730 => count += 1);
        if_cfg_api_versions!(min = 510, max = 620 => no_such_function());
        assert_eq!(count, 1);
        assert_eq!(if_cfg_api_versions!(min = 620 => { Some(Kept) } else { None }), Some(Kept));
        assert_eq!(if_cfg_api_versions!(min = 510, max = 600 => { None } else { Some(Kept) }), Some(Kept));
        if_cfg_api_versions!(min = 710 =>
            count += 1;
            assert_eq!(count, 2)
        )
    }
}
