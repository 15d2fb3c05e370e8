//! Versionstamps: the 10 bytes that name a committed transaction, and where they go in a key or a value.
//!
//! The operand of a versionstamp operation ends with the place of the stamp (`fdbclient/Atomic.h`):
//!
//! ```text
//! | bytes ... 10 bytes to be overwritten ... bytes | offset of the 10 bytes: i32, little-endian |
//! ```
//!
//! The last four bytes are not stored. A place is checked once, when the operation is recorded; the functions that
//! rely on it leave an operand that was not checked unstamped.

use crate::{Error, Result};
use std::ops::Range;

/// How long a versionstamp is: the commit version in 8 bytes and the number in its batch in 2, big-endian.
pub(crate) const STAMP_LENGTH: usize = 10;

const OFFSET_LENGTH: usize = 4;

/// The versionstamp of the transaction with the number `batch` among those that committed at `version`.
pub(crate) fn stamp(version: i64, batch: u16) -> [u8; STAMP_LENGTH] {
    let mut stamp = [0; STAMP_LENGTH];
    stamp[..8].copy_from_slice(&version.to_be_bytes());
    stamp[8..].copy_from_slice(&batch.to_be_bytes());
    stamp
}

/// Where in `param` the stamp goes; `client_invalid_operation` (2000) if that is not inside it.
pub(crate) fn check_operand(param: &[u8]) -> Result<usize> {
    place_of(param).map(|(_, place)| place.start).ok_or(Error::CLIENT_INVALID_OPERATION)
}

/// What is stored of the checked operand `param`: the stamp is put in, the offset taken away.
pub(crate) fn place(param: &[u8], stamp: &[u8; STAMP_LENGTH]) -> Vec<u8> {
    let Some((body, place)) = place_of(param) else {
        return param.to_vec();
    };
    let mut placed = body.to_vec();
    placed[place].copy_from_slice(stamp);
    placed
}

/// The range that the stamped key of the checked operand `param` can be in, `[begin, end)`: no stamp of this
/// transaction is below that of its read version (of 0, if it has none yet). The end is at most `max_key`.
pub(crate) fn key_range(param: &[u8], read_version: Option<i64>, max_key: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let begin = place(param, &stamp(read_version.unwrap_or(0), 0));
    let mut end = place(param, &[0xff; STAMP_LENGTH]);
    end.push(0);
    if end.as_slice() > max_key {
        end = max_key.to_vec();
    }
    (begin, end)
}

/// The operand without its offset and the place of the stamp in that.
fn place_of(param: &[u8]) -> Option<(&[u8], Range<usize>)> {
    let (body, offset) = param.split_last_chunk::<OFFSET_LENGTH>()?;
    let start = usize::try_from(i32::from_le_bytes(*offset)).ok()?;
    let end = start.checked_add(STAMP_LENGTH)?;
    (end <= body.len()).then_some((body, start..end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operand(body: &[u8], offset: i32) -> Vec<u8> {
        [body, &offset.to_le_bytes()].concat()
    }

    #[test]
    fn the_place_must_be_inside() {
        let cases: &[(&str, Vec<u8>, Result<usize>)] = &[
            ("no offset", vec![0; 3], Err(Error::CLIENT_INVALID_OPERATION)),
            ("an offset only", operand(b"", 0), Err(Error::CLIENT_INVALID_OPERATION)),
            ("a body too short", operand(&[0; 9], 0), Err(Error::CLIENT_INVALID_OPERATION)),
            ("a stamp only", operand(&[0; 10], 0), Ok(0)),
            ("at the end", operand(&[0; 12], 2), Ok(2)),
            ("past the end", operand(&[0; 12], 3), Err(Error::CLIENT_INVALID_OPERATION)),
            ("negative", operand(&[0; 12], -1), Err(Error::CLIENT_INVALID_OPERATION)),
            ("huge", operand(&[0; 12], i32::MAX), Err(Error::CLIENT_INVALID_OPERATION)),
            ("the offset counts as no body", operand(&[0; 8], 2), Err(Error::CLIENT_INVALID_OPERATION)),
        ];
        for (name, param, wanted) in cases {
            assert_eq!(check_operand(param), *wanted, "{name}");
        }
    }

    #[test]
    fn the_stamp_is_placed_big_endian_and_the_offset_removed() {
        let placed = place(&operand(b"k..........v", 1), &stamp(0x0102_0304_0506_0708, 0x090a));
        assert_eq!(placed, [b"k", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10][..], b"v"].concat());
    }

    #[test]
    fn the_unreadable_range_holds_every_stamp_from_the_read_version_on() {
        let param = operand(b"k..........v", 1);
        let (begin, end) = key_range(&param, Some(5), b"\xff");
        assert_eq!(begin, [b"k", &[0, 0, 0, 0, 0, 0, 0, 5, 0, 0][..], b"v"].concat());
        assert_eq!(end, [b"k", &[0xff; 10][..], b"v\0"].concat());
        assert_eq!(key_range(&param, None, b"\xff").0, [b"k", &[0; 10][..], b"v"].concat());
        assert_eq!(key_range(&operand(&[0; 10], 0), None, b"\xff").1, b"\xff");
    }
}
