//! Pointers to handles, as the inner copy of the C API and as its callers know them.
//!
//! The inner one sets the lowest bit of its pointers, libfdb_c's have it clear; here it is cleared on the way out and set
//! on the way in. Every other argument and result goes through as it is.

use foundationdb_sys::*;
use std::ffi::c_void;

const TAG: usize = 1;

/// An argument or a result of the C API.
pub(crate) trait Handle: Sized {
    /// What the inner copy is to get.
    fn inner(self) -> Self {
        self
    }
    /// What the caller is to get.
    fn outer(self) -> Self {
        self
    }
}

fn tagged<T>(pointer: *mut T) -> *mut T {
    if pointer.is_null() { pointer } else { pointer.map_addr(|address| address | TAG) }
}

fn untagged<T>(pointer: *mut T) -> *mut T {
    pointer.map_addr(|address| address & !TAG)
}

macro_rules! handles {
    ($($type:ty),*) => {$(
        impl Handle for *mut $type {
            fn inner(self) -> Self {
                tagged(self)
            }
            fn outer(self) -> Self {
                untagged(self)
            }
        }
    )*};
}
macro_rules! plain {
    ($($type:ty),*) => {$(impl Handle for $type {})*};
}

handles!(FDBDatabase, FDBTenant, FDBTransaction, FDBResult);

impl Handle for *mut FDBFuture {
    fn inner(self) -> Self {
        tagged(self)
    }
    fn outer(self) -> Self {
        let future = untagged(self);
        crate::network::made(future);
        future
    }
}

plain!((), i32, u32, i64, u64, f64, *mut c_void, *mut i32, *mut i64, *mut u64, *mut f64, FDBCallback, FDBHook);
plain!(*mut FDBCluster, *mut DatabaseSharedState, *mut FDBReadBlobGranuleContext, FDBReadBlobGranuleContext);
impl<T> Handle for *const T {}
impl<T> Handle for *mut *const T {}
impl<T> Handle for *mut *mut T {}

/// Clears the tag of the handle that a function has written to `out`.
///
/// # Safety
/// `out` can be read and written.
pub(crate) unsafe fn untag<T>(out: *mut *mut T) {
    // SAFETY: the caller's promise.
    unsafe { *out = untagged(*out) };
}
