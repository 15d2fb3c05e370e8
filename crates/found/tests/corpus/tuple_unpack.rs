//! Any bytes as a packed tuple: they give items or an error, and items pack to the bytes they came from.

use found::tuple::{Element, Event, Reader, has_incomplete_versionstamp, pack, pack_with_versionstamp, unpack};
use found::tuple::{TupleError, unpack_readable};

pub fn run(data: &[u8]) {
    let (items, read, error) = unpack_readable(data);
    assert!(read <= data.len());
    assert_eq!(error.is_none(), read == data.len(), "{error:?}");
    let mut raw = Reader::new(&data[..read]);
    for item in &items {
        let bytes = raw.raw().unwrap().unwrap();
        comes_back(std::slice::from_ref(item), bytes);
    }
    assert!(raw.raw().is_none());
    comes_back(&items, &data[..read]);
}

fn comes_back(items: &[Element], bytes: &[u8]) {
    let packed = match pack(items) {
        Ok(packed) => packed,
        Err(TupleError::IncompleteVersionstamp) => {
            assert!(has_incomplete_versionstamp(items));
            match pack_with_versionstamp(b"", items) {
                // Behind the tuple it has the offset of the stamp, of 4 bytes.
                Ok(operand) => operand[..operand.len() - 4].to_vec(),
                Err(TupleError::MultipleIncompleteVersionstamps) => return,
                Err(error) => panic!("{items:?} does not pack: {error}"),
            }
        }
        Err(error) => panic!("{items:?} does not pack: {error}"),
    };
    if packed != bytes {
        // Integers alone have several forms, of which the shortest is written.
        assert!(has_long_integer(bytes), "{items:?} packs to {packed:02x?}, not {bytes:02x?}");
        // As text: a NaN is no other NaN.
        assert_eq!(format!("{:?}", unpack(&packed)), format!("{:?}", Ok::<_, TupleError>(items)));
    }
}

/// Whether the tuple has an integer in a form that is not written.
fn has_long_integer(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    loop {
        let start = reader.position();
        let item = match reader.next() {
            None => return false,
            Some(Ok(Event::Int(value))) => Element::Int(value),
            Some(Ok(Event::BigInt(value))) => Element::BigInt(value),
            Some(_) => continue,
        };
        if pack(&[item]).unwrap() != bytes[start..reader.position()] {
            return true;
        }
    }
}
