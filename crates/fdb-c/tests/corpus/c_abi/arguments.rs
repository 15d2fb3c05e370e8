//! Arguments of every kind.

use arbitrary::{Arbitrary, Result, Unstructured};
use std::ffi::c_int;
use std::ptr::{null, without_provenance};

/// Keys that mean something to the engine.
const KEYS: &[&[u8]] = &[
    b"",
    b"a",
    b"ab",
    b"b",
    b"\x02i\x00",
    b"\x02i\x00\xff",
    b"\xff",
    b"\xff/metadataVersion",
    b"\xff\xff",
    b"\xff\xff/",
    b"\xff\xff/status/json",
    b"\xff\xff/connection_string",
    b"\xff\xff/found/open_error",
    b"\xff\xff/transaction/read_conflict_range/",
    b"\xff\xff/transaction/read_conflict_range/\xff\xff",
    b"\xff\xff/transaction/write_conflict_range/",
    b"\xff\xff/transaction/conflicting_keys/",
    b"\xff\xff/management/tenant/map/",
    b"\xff\xff/management/tenant/map/t",
    b"\xff\xff/management/tenant/map0",
    b"\xff\xff/management/tenant/rename/t",
    b"\xff\xff/error_message",
    b"\xff\xff/metrics/data_distribution_stats/",
    b"\xff\xff/worker_interfaces/",
    b"\xff\xff\xff",
];

const MAPPERS: &[&[u8]] =
    &[b"\x02r\x00\x02{K[1]}\x00\x02{...}\x00", b"\x02{V[0]}\x00", b"\x02{K[\x00", b"\x02{...}\x00"];

/// Operands that move a limit: indexes of versionstamps at the end, numbers of 8 bytes.
const ENDS: &[u32] = &[0, 1, 4, 10, u32::MAX];

/// A pointer and a length. The bytes are an allocation of just that size, so that a read beyond them is seen.
pub struct Bytes {
    bytes: Box<[u8]>,
    form: Form,
}

#[derive(Arbitrary)]
enum Form {
    Plain,
    Plainer,
    Plainest,
    /// A length below zero.
    Negative(c_int),
    /// Null, with any length.
    Null(c_int),
    /// A pointer to nothing, of no length.
    Dangling,
}

impl Bytes {
    pub fn pointer(&self) -> *const u8 {
        match self.form {
            Form::Null(_) => null(),
            Form::Dangling => without_provenance(1),
            _ => self.bytes.as_ptr(),
        }
    }

    pub fn length(&self) -> c_int {
        match self.form {
            Form::Null(length) => length,
            Form::Negative(length) => length | c_int::MIN,
            Form::Dangling => 0,
            _ => self.bytes.len() as c_int,
        }
    }
}

pub fn bytes(input: &mut Unstructured<'_>) -> Result<Bytes> {
    let bytes = match input.int_in_range(0..=7)? {
        0..=3 => input.choose(KEYS)?.to_vec(),
        4 => {
            let mut bytes = vec![b'x'; input.int_in_range(0..=40)?];
            bytes.extend(input.choose(ENDS)?.to_le_bytes());
            bytes
        }
        5 => vec![b'l'; *input.choose(&[100, 10_001, 40_000, 100_001])?],
        6 => input.choose(MAPPERS)?.to_vec(),
        _ => <Vec<u8>>::arbitrary(input)?,
    };
    // Most are plain, so that calls come further than to their arguments.
    let form = if input.ratio(7, 8)? { Form::Plain } else { input.arbitrary()? };
    Ok(Bytes { bytes: bytes.into(), form })
}

/// The value of an option: often a number of 8 bytes.
pub fn option_value(input: &mut Unstructured<'_>) -> Result<Bytes> {
    if input.arbitrary()? {
        return bytes(input);
    }
    let number: i64 = *input.choose(&[-2, -1, 0, 1, 5, 100, 1000, i64::MAX, i64::MIN])?;
    Ok(Bytes { bytes: number.to_le_bytes().into(), form: Form::Plain })
}

/// A number: mostly one in the range where some mean something.
pub fn number(input: &mut Unstructured<'_>, most: c_int) -> Result<c_int> {
    if input.ratio(15, 16)? { input.int_in_range(-2..=most) } else { input.arbitrary() }
}

/// A version: mostly one that may be.
pub fn version(input: &mut Unstructured<'_>) -> Result<i64> {
    if input.arbitrary()? {
        input.choose(&[-1, 0, 1, 1_000_000, i64::MAX, i64::MIN]).copied()
    } else {
        input.arbitrary()
    }
}

/// One of the handles; null if there are none, and at times for itself.
pub fn pick<T>(handles: &[*mut T], input: &mut Unstructured<'_>) -> Result<*mut T> {
    if handles.is_empty() || input.ratio(1, 32)? { Ok(std::ptr::null_mut()) } else { input.choose(handles).copied() }
}

/// Takes one of the handles out; null if there are none.
pub fn take<T>(handles: &mut Vec<*mut T>, input: &mut Unstructured<'_>) -> Result<*mut T> {
    if handles.is_empty() {
        return Ok(std::ptr::null_mut());
    }
    let index = input.choose_index(handles.len())?;
    Ok(handles.swap_remove(index))
}
