//! A key in a tree in memory (a database's pairs, the conflict set): short ones lie in the node itself.
//!
//! A search compares some twenty keys. Each one that lies elsewhere is a cache miss, so keys of up to [`INLINE`] bytes,
//! which most are, make reads twice as fast as pointers to them; longer ones are shared and cost what they must. Two
//! that lie in nodes are mostly told apart by their first eight bytes, which is one comparison of numbers.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::sync::Arc;

/// How long a key may be to lie in the node. With it a key takes 40 bytes.
const INLINE: usize = 38;

/// A key, cheap to clone.
#[derive(Clone)]
pub(crate) enum MemoryKey {
    Inline { length: u8, bytes: [u8; INLINE] },
    Shared(Arc<[u8]>),
}

impl MemoryKey {
    pub(crate) fn new(key: &[u8]) -> MemoryKey {
        MemoryKey::inline(key).unwrap_or_else(|| MemoryKey::Shared(key.into()))
    }

    /// The key if it is a short one: what to look for without allocating.
    pub(crate) fn inline(key: &[u8]) -> Option<MemoryKey> {
        let mut bytes = [0; INLINE];
        bytes.get_mut(..key.len())?.copy_from_slice(key);
        Some(MemoryKey::Inline { length: key.len() as u8, bytes })
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        match self {
            MemoryKey::Inline { length, bytes } => &bytes[..usize::from(*length)],
            MemoryKey::Shared(key) => key,
        }
    }
}

impl Borrow<[u8]> for MemoryKey {
    fn borrow(&self) -> &[u8] {
        self.as_slice()
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
        if let (MemoryKey::Inline { bytes: a, .. }, MemoryKey::Inline { bytes: b, .. }) = (self, other)
            && let (Some(a), Some(b)) = (a.first_chunk(), b.first_chunk())
        {
            // The bytes behind a key are zero: where these differ the keys differ in the same way.
            let order = u64::from_be_bytes(*a).cmp(&u64::from_be_bytes(*b));
            if order.is_ne() {
                return order;
            }
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
        keys.extend([&b"abcdefgh"[..], b"abcdefg", b"abcdefg\0", b"abcdefg\xff", b"abcdefghi", b"\xff"].map(Vec::from));
        for (a, b) in keys.iter().flat_map(|a| keys.iter().map(move |b| (a, b))) {
            assert_eq!(MemoryKey::new(a).as_slice(), a);
            assert_eq!(MemoryKey::new(a).cmp(&MemoryKey::new(b)), a.cmp(b));
        }
        assert_eq!(size_of::<MemoryKey>(), 40);
    }
}
