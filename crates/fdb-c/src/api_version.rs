//! The API version of the header these declarations follow, and the macro the crate `foundationdb` builds its
//! version-dependent code with.

/// The version of the C header: what `fdb_select_api_version_impl` takes as its second argument.
pub const FDB_API_VERSION: u32 = 730;

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
/// `foundationdb` 0.11 asks for is at most 730, every range with a `max` ends before it.
#[macro_export]
macro_rules! if_cfg_api_versions {
    (min = $min:tt, max = $max:tt => {$($then:tt)*} else {$($else:tt)*}) => {{ $($else)* }};
    (min = $min:tt, max = $max:tt => $($then:tt)*) => {};
    (min = $min:tt => {$($then:tt)*} else {$($else:tt)*}) => {{ $($then)* }};
    (min = $min:tt => $($then:tt)*) => { $($then)* };
}
