//! The type codes of the tuple encoding (FoundationDB's `design/tuple.md`).
//!
//! ```text
//!   00             null; within a nested tuple 00 ff
//!   01 bytes 00    byte string, each 00 in it written 00 ff
//!   02 utf-8 00    text, escaped the same way
//!   05 items 00    nested tuple
//!   0b len^ff ..   negative integer of `len` bytes, each byte complemented
//!   0c .. 13       negative integer of 8 .. 1 bytes, complemented
//!   14             zero
//!   15 .. 1c       positive integer of 1 .. 8 bytes, big-endian
//!   1d len ..      positive integer of `len` bytes
//!   20, 21         float of 32, 64 bits: big-endian, sign bit flipped, negative ones complemented
//!   26, 27         false, true
//!   30             UUID, 16 bytes
//!   33             versionstamp, 10 bytes and a user version of 2
//! ```
//!
//! All other codes are reserved, deprecated or left to applications; none of them is read or written here.

pub(super) const NULL: u8 = 0x00;
pub(super) const BYTES: u8 = 0x01;
pub(super) const STRING: u8 = 0x02;
pub(super) const TUPLE: u8 = 0x05;
pub(super) const NEGATIVE: u8 = 0x0b;
pub(super) const NEGATIVE_8: u8 = 0x0c;
pub(super) const ZERO: u8 = 0x14;
pub(super) const POSITIVE_1: u8 = 0x15;
pub(super) const POSITIVE_8: u8 = 0x1c;
pub(super) const POSITIVE: u8 = 0x1d;
pub(super) const FLOAT: u8 = 0x20;
pub(super) const DOUBLE: u8 = 0x21;
pub(super) const FALSE: u8 = 0x26;
pub(super) const TRUE: u8 = 0x27;
pub(super) const UUID: u8 = 0x30;
pub(super) const VERSIONSTAMP: u8 = 0x33;
/// Follows a 00 that is data, not an end. It is never a type code, which is why this can be told apart.
pub(super) const ESCAPE: u8 = 0xff;

/// The longest magnitude of an integer: its length is written in one byte.
pub(super) const INTEGER_BYTES_MAX: usize = 255;
