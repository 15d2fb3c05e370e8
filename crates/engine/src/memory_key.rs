//! A key in a tree in memory (a database's pairs, the conflict set): short ones lie in the node itself.
//!
//! A search compares some twenty keys. Each one that lies elsewhere is a cache miss, so keys of up to [`INLINE`] bytes,
//! which most are, make reads twice as fast as pointers to them. Longer ones are shared, with their first [`HEAD`] bytes in
//! the node. Two keys are mostly told apart by these, eight at a time, which is one comparison of numbers; so what is
//! looked for is best a key as well.

use std::cmp::Ordering;
use std::sync::Arc;

/// How long a key may be to lie in the node. With it a key takes 40 bytes.
const INLINE: usize = 38;
/// How much of a longer key lies in the node.
const HEAD: usize = 23;

/// A key, cheap to clone.
#[derive(Clone)]
pub(crate) enum MemoryKey {
    Inline { length: u8, bytes: [u8; INLINE] },
    Shared { head: [u8; HEAD], key: Arc<[u8]> },
}

impl MemoryKey {
    pub(crate) fn new(key: &[u8]) -> MemoryKey {
        let mut bytes = [0; INLINE];
        if let Some(room) = bytes.get_mut(..key.len()) {
            room.copy_from_slice(key);
            return MemoryKey::Inline { length: key.len() as u8, bytes };
        }
        let mut head = [0; HEAD];
        head.copy_from_slice(&key[..HEAD]);
        MemoryKey::Shared { head, key: key.into() }
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        match self {
            MemoryKey::Inline { length, bytes } => &bytes[..usize::from(*length)],
            MemoryKey::Shared { key, .. } => key,
        }
    }

    /// Eight of the first bytes as a number that has their order. What lies behind a short key is zero.
    fn word<const AT: usize>(&self) -> u64 {
        let bytes = match self {
            MemoryKey::Inline { bytes, .. } => bytes[AT..].first_chunk(),
            MemoryKey::Shared { head, .. } => head[AT..].first_chunk(),
        };
        bytes.map_or(0, |bytes| u64::from_be_bytes(*bytes))
    }
}

impl PartialEq for MemoryKey {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for MemoryKey {}

impl PartialOrd for MemoryKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MemoryKey {
    fn cmp(&self, other: &Self) -> Ordering {
        // Where these differ the keys differ in the same way, as nothing comes before the zeroes behind a key.
        let order = self.word::<0>().cmp(&other.word::<0>());
        if order.is_ne() {
            return order;
        }
        let order = self.word::<8>().cmp(&other.word::<8>());
        if order.is_ne() {
            return order;
        }
        let order = self.word::<{ HEAD - 8 }>().cmp(&other.word::<{ HEAD - 8 }>());
        if order.is_ne() {
            return order;
        }
        self.as_slice().cmp(other.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_all_lengths_keep_their_bytes_and_their_order() {
        let mut keys: Vec<Vec<u8>> = (0..100).flat_map(|length| [vec![0; length], vec![1; length]]).collect();
        for at in [0, 7, 8, 15, 16, 22, 23, 37, 38, 39, 60] {
            for length in [at + 1, 23, 24, 38, 39, 61] {
                let mut key = vec![b'x'; length.max(at + 1)];
                key[at] = 0;
                keys.push(key);
            }
        }
        keys.extend([&b"abcdefgh"[..], b"abcdefg", b"abcdefg\0", b"abcdefg\xff", b"abcdefghi", b"\xff"].map(Vec::from));
        for (a, b) in keys.iter().flat_map(|a| keys.iter().map(move |b| (a, b))) {
            assert_eq!(MemoryKey::new(a).as_slice(), a);
            assert_eq!(MemoryKey::new(a).cmp(&MemoryKey::new(b)), a.cmp(b));
        }
        assert_eq!(size_of::<MemoryKey>(), 40);
    }
}
