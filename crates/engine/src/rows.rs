//! The rows of a range read, kept in one piece of memory.

/// Key-value pairs in the order they were read: all bytes lie one after the other in one buffer, so that ten
/// thousand rows cost a handful of allocations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    bytes: Vec<u8>,
    spans: Vec<Span>,
    more: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: usize,
    key_length: u32,
    value_length: u32,
}

impl Rows {
    /// No rows, and no more to come.
    pub fn new() -> Self {
        Rows::default()
    }

    /// Adds a row at the end.
    pub fn push(&mut self, key: &[u8], value: &[u8]) {
        // Lengths fit: keys and values of the engine are far below 4 GiB (limits.rs).
        self.spans.push(Span {
            start: self.bytes.len(),
            key_length: key.len() as u32,
            value_length: value.len() as u32,
        });
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(value);
    }

    /// Takes memory for so many more rows, if each has so many bytes.
    pub(crate) fn reserve(&mut self, rows: usize, bytes: usize) {
        self.bytes.reserve(rows * bytes);
        self.spans.reserve(rows);
    }

    /// How many bytes all keys and values have.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Key and value of the row `index`.
    pub fn get(&self, index: usize) -> Option<(&[u8], &[u8])> {
        let span = self.spans.get(index)?;
        let value_start = span.start + span.key_length as usize;
        let end = value_start + span.value_length as usize;
        Some((&self.bytes[span.start..value_start], &self.bytes[value_start..end]))
    }

    /// The last row.
    pub fn last(&self) -> Option<(&[u8], &[u8])> {
        self.get(self.len().checked_sub(1)?)
    }

    /// All rows, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&[u8], &[u8])> {
        self.spans.iter().map(|span| {
            let value_start = span.start + span.key_length as usize;
            let end = value_start + span.value_length as usize;
            (&self.bytes[span.start..value_start], &self.bytes[value_start..end])
        })
    }

    /// Whether a limit ended the read, so that more rows may follow. False is a guarantee that none do.
    pub fn more(&self) -> bool {
        self.more
    }

    pub(crate) fn set_more(&mut self, more: bool) {
        self.more = more;
    }

    /// Forgets the rows from `length` on.
    pub(crate) fn truncate(&mut self, length: usize) {
        if let Some(span) = self.spans.get(length) {
            self.bytes.truncate(span.start);
            self.spans.truncate(length);
        }
    }
}
