//! The tuple layer: sequences of typed items as bytes whose order is the order of the items.
//!
//! The bytes are those of the official Python binding, for every value it can write; where the official bindings
//! differ (2^64-1 and its negative), Python's are written and both are read. Unpacking loses nothing: packing what was
//! unpacked gives the same bytes again, floats bit by bit.
//!
//! The `foundationdb` crate's own tuple layer is not used for this. It does not write Python's form of 2^64-1, panics
//! on an integer of more than 255 bytes, recurses as deep as the bytes say, and its errors do not tell where.

mod codes;
mod element;
mod error;
mod keys;
mod packer;
mod reader;
mod text;
mod versionstamp;

pub use element::Element;
pub use error::TupleError;
pub use keys::{Subspace, equal_range, next_prefix, range};
pub use packer::{Mark, Packer};
pub(crate) use reader::small_integer;
pub use reader::{Event, Reader};
pub use uuid::Uuid;
pub use versionstamp::Versionstamp;

/// How deep tuples may be nested. It keeps whoever recurses over a tuple, dropping one included, on the stack, and is
/// more than the official Python binding can write.
pub const MAX_DEPTH: usize = 500;

/// The bytes of a tuple. An incomplete versionstamp is an error.
pub fn pack(tuple: &[Element]) -> Result<Vec<u8>, TupleError> {
    let mut packer = Packer::new();
    packer.elements(tuple)?;
    packer.finish()
}

/// `prefix` and the bytes of a tuple with exactly one incomplete versionstamp, at any depth, followed by the 4 bytes
/// that tell FoundationDB where it is: the operand of `set_versionstamped_key`, or of `set_versionstamped_value`.
pub fn pack_with_versionstamp(prefix: &[u8], tuple: &[Element]) -> Result<Vec<u8>, TupleError> {
    let mut packer = Packer::with_prefix(prefix);
    packer.elements(tuple)?;
    packer.finish_with_versionstamp()
}

/// Whether the tuple has an incomplete versionstamp, at any depth. A complete one of ten ff bytes cannot be told from
/// an incomplete one and counts.
pub fn has_incomplete_versionstamp(tuple: &[Element]) -> bool {
    tuple.iter().any(Element::has_incomplete_versionstamp)
}

/// The items of a packed tuple.
pub fn unpack(bytes: &[u8]) -> Result<Vec<Element>, TupleError> {
    match unpack_readable(bytes) {
        (elements, _, None) => Ok(elements),
        (_, _, Some(error)) => Err(error),
    }
}

/// The items of a packed tuple up to the first that cannot be read, how many bytes those take, and what is wrong with
/// the rest.
pub fn unpack_readable(bytes: &[u8]) -> (Vec<Element>, usize, Option<TupleError>) {
    let mut reader = Reader::new(bytes);
    let mut open: Vec<Vec<Element>> = Vec::new();
    let mut items = Vec::new();
    let mut read = 0;
    while let Some(event) = reader.next() {
        let element = match event {
            Err(error) => {
                let outermost = open.into_iter().next().unwrap_or(items);
                return (outermost, read, Some(error));
            }
            Ok(Event::BeginTuple) => {
                open.push(std::mem::take(&mut items));
                continue;
            }
            Ok(Event::EndTuple) => {
                let outer = open.pop().unwrap_or_default();
                Element::Tuple(std::mem::replace(&mut items, outer))
            }
            Ok(Event::Null) => Element::Null,
            Ok(Event::Bytes(value)) => Element::Bytes(value.into_owned()),
            Ok(Event::String(value)) => Element::String(value.into_owned()),
            Ok(Event::Int(value)) => Element::Int(value),
            Ok(Event::BigInt(value)) => Element::BigInt(value),
            Ok(Event::Float(value)) => Element::Float(value),
            Ok(Event::Double(value)) => Element::Double(value),
            Ok(Event::Bool(value)) => Element::Bool(value),
            Ok(Event::Uuid(value)) => Element::Uuid(value),
            Ok(Event::Versionstamp(value)) => Element::Versionstamp(value),
        };
        items.push(element);
        if reader.depth() == 0 {
            read = reader.position();
        }
    }
    (items, read, None)
}
