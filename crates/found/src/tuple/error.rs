//! Why a tuple could not be packed or unpacked.

use super::MAX_DEPTH;
use super::codes::INTEGER_BYTES_MAX;
use std::fmt;

/// Why a tuple could not be packed or unpacked. Offsets count bytes from the start of what was to be unpacked, paths
/// lead from the tuple to an item in it: `[2, 0]` is the first item of the third.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TupleError {
    /// The bytes end within the item that begins at `offset`.
    Truncated {
        /// Where the item begins.
        offset: usize,
    },
    /// A type code that is reserved, deprecated or left to applications (0x40 to 0x4f).
    UnknownCode {
        /// The code.
        code: u8,
        /// Where it stands.
        offset: usize,
    },
    /// The text that begins at `offset` is not UTF-8. A surrogate on its own is not, either.
    InvalidUtf8 {
        /// Where the text begins.
        offset: usize,
    },
    /// UTF-16 with a surrogate that has no partner: no UTF-8 can say it.
    LoneSurrogate {
        /// Where it stands, in code units.
        index: usize,
    },
    /// Tuples are nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// An integer of more than 255 bytes.
    IntegerTooLarge {
        /// The way to it.
        path: Vec<usize>,
        /// How many bytes it takes.
        bytes: usize,
    },
    /// An incomplete versionstamp where a complete key is wanted.
    IncompleteVersionstamp,
    /// No incomplete versionstamp where one is wanted.
    NoIncompleteVersionstamp,
    /// More than one incomplete versionstamp.
    MultipleIncompleteVersionstamps,
    /// The packed bytes are too many for the offset of a versionstamp.
    TooLong,
    /// No key comes after all those with this prefix: it is empty or of 0xff bytes only.
    NoNextPrefix,
    /// The key is not of the subspace.
    NotInSubspace,
}

impl fmt::Display for TupleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TupleError::Truncated { offset } => write!(f, "bytes end within an item; offset={offset}"),
            TupleError::UnknownCode { code, offset } => {
                write!(f, "not a type code that can be read; code=0x{code:02x} offset={offset}")
            }
            TupleError::InvalidUtf8 { offset } => write!(f, "text is not UTF-8; offset={offset}"),
            TupleError::LoneSurrogate { index } => write!(f, "text has a surrogate without a partner; index={index}"),
            TupleError::TooDeep => write!(f, "tuples are nested too deep; limit={MAX_DEPTH}"),
            TupleError::IntegerTooLarge { path, bytes } => {
                write!(f, "integer is too large; item={path:?} bytes={bytes} limit={INTEGER_BYTES_MAX}")
            }
            TupleError::IncompleteVersionstamp => {
                f.write_str("tuple has an incomplete versionstamp: pack it with a versionstamp's offset")
            }
            TupleError::NoIncompleteVersionstamp => f.write_str("tuple has no incomplete versionstamp"),
            TupleError::MultipleIncompleteVersionstamps => {
                f.write_str("tuple has more than one incomplete versionstamp")
            }
            TupleError::TooLong => f.write_str("packed tuple is too long"),
            TupleError::NoNextPrefix => {
                f.write_str("prefix has no byte other than 0xff: no key comes after those that begin with it")
            }
            TupleError::NotInSubspace => f.write_str("key is not of the subspace"),
        }
    }
}

impl std::error::Error for TupleError {}
