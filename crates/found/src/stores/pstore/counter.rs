//! Counters: which tokens a document has, and how often.

use super::PStore;
use super::store::Packed;
use crate::Result;
use crate::stores::nstore::item_end;
use crate::tuple::{Element, Event, Packer, Reader};
use std::io::Read;
use zstd::bulk::Decompressor;

/// A counter takes no more than this when it is unpacked: far more than the postings of one transaction can be.
const UNPACKED_BYTES_MAX: usize = 1 << 24;

/// Zstandard's own choice.
const COMPRESSION_LEVEL: i32 = 0;

/// A document's tokens and their counts, in the order they were given.
pub(super) type Counter = Vec<(Packed, i64)>;

/// How many words a document has, each as often as it occurs.
pub(super) fn length_of(counter: &[(Packed, i64)]) -> i64 {
    counter.iter().fold(0, |sum: i64, (_, count)| sum.saturating_add(*count))
}

/// The bytes of a counter.
pub(super) fn encode(store: &PStore, counter: &[(Packed, i64)]) -> Result<Vec<u8>> {
    let mut packer = Packer::new();
    for (token, count) in counter {
        packer.begin_tuple()?;
        for item in crate::tuple::unpack(token)? {
            packer.element(&item)?;
        }
        packer.int(*count).end_tuple();
    }
    zstd::bulk::compress(&packer.finish()?, COMPRESSION_LEVEL)
        .map_err(|error| store.damaged(format!("a counter cannot be compressed: {error}")))
}

/// Reads counters, one after the other.
pub(super) struct Decoder<'a> {
    store: &'a PStore,
    zstd: Option<Decompressor<'static>>,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(store: &'a PStore) -> Self {
        Decoder { store, zstd: None }
    }

    /// The counter in the value of a key.
    pub(super) fn decode(&mut self, value: &[u8]) -> Result<Counter> {
        let bytes = self.decompress(value).map_err(|error| self.damaged(&error.to_string()))?;
        let mut counter = Counter::new();
        let mut items = Reader::new(&bytes);
        let mut packer = Packer::new();
        while let Some(event) = items.next() {
            let token = match (event?, items.next().transpose()?) {
                (Event::BeginTuple, Some(Event::Uuid(token))) => token,
                _ => return Err(self.damaged("it does not consist of pairs of token and count")),
            };
            let (Some(Event::Int(count)), Some(Event::EndTuple)) =
                (items.next().transpose()?, items.next().transpose()?)
            else {
                return Err(self.damaged("a count is not a number"));
            };
            let mark = packer.mark();
            packer.element(&Element::Uuid(token))?;
            counter.push((packer.as_slice().to_vec(), count));
            packer.rewind(mark);
        }
        Ok(counter)
    }

    /// Whether the counter in the value of a key has all of these tokens. Its pairs are stepped over and not read, which
    /// for a long text is several times as fast.
    pub(super) fn has_all(&mut self, value: &[u8], tokens: &[Packed]) -> Result<bool> {
        let bytes = self.decompress(value).map_err(|error| self.damaged(&error.to_string()))?;
        let mut found = vec![false; tokens.len()];
        let mut at = 0;
        while at < bytes.len() {
            let end = item_end(&bytes, at)?;
            // What is behind the code of a nested tuple is the token, packed as it is in `tokens`.
            if let Some(token) = tokens.iter().position(|token| bytes[at + 1..end].starts_with(token)) {
                found[token] = true;
            }
            at = end;
        }
        Ok(found.into_iter().all(|found| found))
    }

    fn decompress(&mut self, value: &[u8]) -> std::io::Result<Vec<u8>> {
        match Decompressor::upper_bound(value) {
            Some(size) if size <= UNPACKED_BYTES_MAX => {
                if self.zstd.is_none() {
                    self.zstd = Some(Decompressor::new()?);
                }
                match &mut self.zstd {
                    Some(zstd) => zstd.decompress(value, size),
                    None => Ok(Vec::new()),
                }
            }
            // A frame need not say how much it holds.
            _ => {
                let mut bytes = Vec::new();
                zstd::Decoder::new(value)?.take(UNPACKED_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
                if bytes.len() > UNPACKED_BYTES_MAX {
                    return Err(std::io::Error::other(format!("it is too large; limit={UNPACKED_BYTES_MAX}")));
                }
                Ok(bytes)
            }
        }
    }

    fn damaged(&self, what: &str) -> crate::Error {
        self.store.damaged(format!("a document's counter cannot be read: {what}"))
    }
}
