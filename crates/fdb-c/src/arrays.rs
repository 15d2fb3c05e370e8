//! The arrays through which C reads lists: built once from an answer of the engine, when they are first asked for.
//!
//! Invariant: an array points into the answer it was built from and is kept beside it, in
//! [`Answer`](crate::embedded_future::Answer); both are dropped together, and the answer is not changed in between.

use crate::types::{FDBGetRangeReqAndResult, FDBKey, FDBKeySelector, FDBKeyValue, FDBMappedKeyValue};
use engine::{MappedRows, Rows};
use std::ffi::{CString, c_char, c_int};

/// A fixed list of C structs.
pub(crate) struct Array<T>(Box<[T]>);

// SAFETY: the structs hold pointers to bytes that nothing writes to while the array lives (see the module's invariant),
// so any thread may read them.
unsafe impl<T> Send for Array<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Array<T> {}

impl<T> Array<T> {
    /// The first element and the number of elements, as getters give them.
    pub(crate) fn parts(&self) -> (*const T, c_int) {
        (self.0.as_ptr(), c_length(self.0.len()))
    }
}

/// A length that C counts in an int. Answers are far below 2^31 bytes and rows: ranges have limits in bytes.
pub(crate) fn c_length(length: usize) -> c_int {
    c_int::try_from(length).unwrap_or(c_int::MAX)
}

fn key(bytes: &[u8]) -> FDBKey {
    FDBKey { key: bytes.as_ptr(), key_length: c_length(bytes.len()) }
}

fn key_values(rows: &Rows) -> impl ExactSizeIterator<Item = FDBKeyValue> {
    rows.iter().map(|(key, value)| FDBKeyValue {
        key: key.as_ptr(),
        key_length: c_length(key.len()),
        value: value.as_ptr(),
        value_length: c_length(value.len()),
    })
}

/// The rows of a range read.
pub(crate) fn of_rows(rows: &Rows) -> Array<FDBKeyValue> {
    Array(key_values(rows).collect())
}

/// A list of keys.
pub(crate) fn of_keys(keys: &[Vec<u8>]) -> Array<FDBKey> {
    Array(keys.iter().map(|bytes| key(bytes)).collect())
}

/// The rows of a mapped range read, and the secondary rows they point to.
pub(crate) struct MappedArray {
    rows: Array<FDBMappedKeyValue>,
    _secondary: Vec<Array<FDBKeyValue>>,
}

impl MappedArray {
    pub(crate) fn new(mapped: &MappedRows) -> Self {
        let secondary: Vec<_> = mapped.rows.iter().map(|row| of_rows(&row.rows)).collect();
        let rows = mapped.rows.iter().zip(&secondary).map(|(row, found)| {
            let (data, size) = found.parts();
            FDBMappedKeyValue {
                key: key(&row.key),
                value: key(&row.value),
                getRange: FDBGetRangeReqAndResult {
                    // Both ends are "first greater or equal".
                    begin: FDBKeySelector { key: key(&row.begin), orEqual: 0, offset: 1 },
                    end: FDBKeySelector { key: key(&row.end), orEqual: 0, offset: 1 },
                    data: data.cast_mut(),
                    m_size: size,
                    m_capacity: size,
                },
                buffer: [0; 32],
            }
        });
        MappedArray { rows: Array(rows.collect()), _secondary: secondary }
    }

    /// See [`Array::parts`].
    pub(crate) fn parts(&self) -> (*const FDBMappedKeyValue, c_int) {
        self.rows.parts()
    }
}

/// A list of strings that end with a zero byte.
pub(crate) struct StringArray {
    pointers: Array<*const c_char>,
    _texts: Vec<CString>,
}

impl StringArray {
    pub(crate) fn new(strings: &[String]) -> Self {
        // An address holds no zero byte; were there one, the string would be empty rather than cut.
        let texts: Vec<_> = strings.iter().map(|text| CString::new(text.as_str()).unwrap_or_default()).collect();
        StringArray { pointers: Array(texts.iter().map(|text| text.as_ptr()).collect()), _texts: texts }
    }

    /// See [`Array::parts`].
    pub(crate) fn parts(&self) -> (*const *const c_char, c_int) {
        self.pointers.parts()
    }
}
