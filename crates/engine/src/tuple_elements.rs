//! Where the elements of a packed tuple begin and end, for mapped range reads.
//!
//! It knows the types that FoundationDB's servers know (`fdbclient/Tuple.cpp`), which are fewer than bindings write: no
//! nested tuples, no UUIDs, no integers over 8 bytes. Elements are copied as they are; only strings are looked into. A
//! last element that is cut off counts as one.

/// The elements of a packed tuple, each with its type code; nothing if a type code is not known.
pub(crate) fn split(packed: &[u8]) -> Option<Vec<&[u8]>> {
    let mut elements = Vec::new();
    let mut rest = packed;
    while let Some(&code) = rest.first() {
        let length = match code {
            0x01 | 0x02 => string_length(rest),
            0x0c..=0x1c => 1 + usize::from(code.abs_diff(0x14)),
            0x20 => 5,
            0x21 => 9,
            0x00 | 0x26 | 0x27 => 1,
            0x33 => 13,
            _ => return None,
        };
        let (element, after) = rest.split_at(length.min(rest.len()));
        elements.push(element);
        rest = after;
    }
    Some(elements)
}

/// The length of a string with its code and its end, a zero byte that no `ff` follows.
fn string_length(packed: &[u8]) -> usize {
    let mut at = 1;
    loop {
        match packed.get(at..).unwrap_or_default() {
            [] => return packed.len(),
            [0, 0xff, ..] => at += 2,
            [0, ..] => return at + 1,
            _ => at += 1,
        }
    }
}

/// A byte string as an element.
pub(crate) fn bytes_element(bytes: &[u8]) -> Vec<u8> {
    let mut element = vec![0x01];
    for &byte in bytes {
        element.push(byte);
        if byte == 0 {
            element.push(0xff);
        }
    }
    element.push(0);
    element
}

/// The bytes of an element that is a byte string or a text; nothing for other types.
pub(crate) fn string(element: &[u8]) -> Option<Vec<u8>> {
    let (&(0x01 | 0x02), body) = element.split_first()? else { return None };
    let mut bytes = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        rest = match rest {
            [] | [0] => return Some(bytes),
            // An escaped zero.
            [0, _, after @ ..] => {
                bytes.push(0);
                after
            }
            [byte, after @ ..] => {
                bytes.push(*byte);
                after
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_by_their_type() {
        let elements: &[&[u8]] = &[
            b"\x00",
            b"\x01foo\x00\xffbar\x00",
            b"\x02\x00",
            b"\x0c\x01\x02\x03\x04\x05\x06\x07\x08",
            b"\x13\xfe",
            b"\x14",
            b"\x15\x00",
            b"\x1c\x01\x02\x03\x04\x05\x06\x07\x08",
            b"\x20\x01\x02\x03\x04",
            b"\x21\x01\x02\x03\x04\x05\x06\x07\x08",
            b"\x26",
            b"\x27",
            b"\x33\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c",
        ];
        assert_eq!(split(&elements.concat()).unwrap(), elements);
        assert_eq!(split(b"").unwrap(), Vec::<&[u8]>::new());
    }

    #[test]
    fn what_is_cut_off_counts_and_what_is_not_known_does_not() {
        for cut in [&b"\x01foo"[..], b"\x01", b"\x01foo\x00\xff", b"\x1c\x01", b"\x33"] {
            assert_eq!(split(&[b"\x14", cut].concat()).unwrap(), [b"\x14", cut]);
        }
        for unknown in [0x03, 0x05, 0x0b, 0x1d, 0x30, 0x32, 0x40, 0xff] {
            assert_eq!(split(&[0x14, unknown, 0]), None, "{unknown:x}");
        }
    }

    #[test]
    fn strings_lose_their_escapes_and_get_them_back() {
        assert_eq!(string(b"\x01foo\x00\xffbar\x00").unwrap(), b"foo\x00bar");
        assert_eq!(string(b"\x02\x00\xff\x00").unwrap(), b"\x00");
        assert_eq!(string(b"\x01cut").unwrap(), b"cut");
        assert_eq!(string(b"\x15\x01"), None);
        for bytes in [&b""[..], b"foo", b"\x00", b"\x00\xff\x00"] {
            let element = bytes_element(bytes);
            assert_eq!((string(&element).unwrap(), split(&element).unwrap().len()), (bytes.to_vec(), 1));
        }
    }
}
