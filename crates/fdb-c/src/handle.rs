//! The handles of embedded databases as C pointers: the only conversions between the two in the project.
//!
//! A handle is an [`Arc`] given away as a raw pointer with its lowest bit set. libfdb_c's pointers are aligned, so
//! that bit tells the two apart. Callers see the tagged pointer everywhere, in callbacks too.
//!
//! Invariant: every tagged pointer in circulation owns one count of its `Arc`, from [`give`] to [`take`].

use crate::embedded_future::EmbeddedFuture;
use crate::types::{FDBDatabase, FDBFuture, FDBResult, FDBTenant, FDBTransaction};
use std::mem::align_of;
use std::sync::Arc;

const TAG: usize = 1;

/// An opaque type of the C API and what stands behind it in an embedded database.
pub(crate) trait Opaque {
    /// What a tagged pointer points to.
    type Embedded: Send + Sync;
}

/// A database. Aligned so that the lowest bit of its address is free, as are the others.
#[repr(align(8))]
pub(crate) struct EmbeddedDatabase(pub(crate) engine::Database);
/// A tenant.
#[repr(align(8))]
pub(crate) struct EmbeddedTenant(pub(crate) engine::Tenant);
/// A transaction.
#[repr(align(8))]
pub(crate) struct EmbeddedTransaction(pub(crate) engine::Transaction);
/// A synchronous result; embedded databases have only failed ones.
#[repr(align(8))]
pub(crate) struct EmbeddedResult(pub(crate) crate::error::Failure);

impl Opaque for FDBDatabase {
    type Embedded = EmbeddedDatabase;
}
impl Opaque for FDBTenant {
    type Embedded = EmbeddedTenant;
}
impl Opaque for FDBTransaction {
    type Embedded = EmbeddedTransaction;
}
impl Opaque for FDBFuture {
    type Embedded = EmbeddedFuture;
}
impl Opaque for FDBResult {
    type Embedded = EmbeddedResult;
}

/// Whether a pointer is a handle of ours.
pub(crate) fn is_embedded<R>(raw: *const R) -> bool {
    raw.addr() & TAG != 0
}

/// Gives a handle away as a pointer.
pub(crate) fn give<R: Opaque>(handle: R::Embedded) -> *mut R {
    tagged(Arc::into_raw(Arc::new(handle)))
}

/// The pointer that callers know a shared handle by, for the time that `handle` lives.
pub(crate) fn pointer<R: Opaque>(handle: &Arc<R::Embedded>) -> *mut R {
    tagged(Arc::as_ptr(handle))
}

/// The handle behind a pointer.
///
/// # Safety
/// `raw` is tagged and comes from [`give`]; [`take`] is not called on it while the result is in use.
pub(crate) unsafe fn borrow<'a, R: Opaque>(raw: *mut R) -> &'a R::Embedded {
    // SAFETY: by the caller's promise the pointer still owns its count of the Arc, which keeps the value alive.
    unsafe { &*untagged(raw) }
}

/// A share of the handle behind a pointer, which stays valid.
///
/// # Safety
/// As [`borrow`].
pub(crate) unsafe fn share<R: Opaque>(raw: *mut R) -> Arc<R::Embedded> {
    let handle = untagged(raw);
    // SAFETY: `handle` came from Arc::into_raw and owns a count; the new Arc takes the one that is added here.
    unsafe {
        Arc::increment_strong_count(handle);
        Arc::from_raw(handle)
    }
}

/// Takes a handle back from its pointer, which is invalid from now on.
///
/// # Safety
/// `raw` is tagged, comes from [`give`], and was not taken before.
pub(crate) unsafe fn take<R: Opaque>(raw: *mut R) -> Arc<R::Embedded> {
    // SAFETY: `raw` owns the count that the Arc takes over.
    unsafe { Arc::from_raw(untagged(raw)) }
}

fn tagged<R: Opaque>(handle: *const R::Embedded) -> *mut R {
    const { assert!(align_of::<R::Embedded>() > TAG) };
    handle.cast::<R>().cast_mut().map_addr(|address| address | TAG)
}

fn untagged<R: Opaque>(raw: *mut R) -> *const R::Embedded {
    raw.map_addr(|address| address & !TAG).cast_const().cast()
}
