//! The one choice between an embedded database and a cluster: whose pointer is it?
//!
//! Also the conversions of plain C arguments that every function needs.

use crate::error::Failure;
use crate::handle::{self, Opaque};
use crate::library::Library;
use crate::loader;
use std::ffi::c_int;

/// Who answers a call.
pub(crate) enum Backend<'a, R: Opaque> {
    /// The engine, through this handle.
    Embedded(&'a R::Embedded),
    /// libfdb_c, which made the pointer and gets it as it is.
    Cluster(&'static Library),
}

/// Who made `raw`. Error 2000 if nobody can have: it is null, or not ours while no libfdb_c is loaded.
///
/// # Safety
/// `raw`, unless null, is a live handle of its type; it is not destroyed while the result is in use.
pub(crate) unsafe fn backend<'a, R: Opaque>(raw: *mut R) -> Result<Backend<'a, R>, Failure> {
    if handle::is_embedded(raw) {
        // SAFETY: a tagged handle is ours, and the caller keeps it alive.
        return Ok(Backend::Embedded(unsafe { handle::borrow(raw) }));
    }
    match loader::loaded() {
        Some(library) if !raw.is_null() => Ok(Backend::Cluster(library)),
        _ => Err(Failure::CLIENT_INVALID_OPERATION),
    }
}

/// The bytes of a pointer and a length; none if the length is not positive or the pointer null.
///
/// # Safety
/// `length` bytes can be read at `pointer` while the result is in use.
pub(crate) unsafe fn bytes<'a>(pointer: *const u8, length: c_int) -> &'a [u8] {
    match usize::try_from(length) {
        // SAFETY: the caller's promise; the pointer is not null, and u8 needs no alignment.
        Ok(length) if length > 0 && !pointer.is_null() => unsafe { std::slice::from_raw_parts(pointer, length) },
        _ => &[],
    }
}

/// An option's value: absent if the pointer is null.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn option_value<'a>(pointer: *const u8, length: c_int) -> Option<&'a [u8]> {
    // SAFETY: the caller's promise is the one `bytes` asks for.
    (!pointer.is_null()).then(|| unsafe { bytes(pointer, length) })
}

/// The engine counts options and mutation types as C's int; a number beyond it is none that exists.
pub(crate) fn number(code: u32) -> i32 {
    i32::try_from(code).unwrap_or(-1)
}
