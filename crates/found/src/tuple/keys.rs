//! Ranges of keys that belong to a tuple or to a prefix.

use super::{Element, Packer, TupleError, pack};

/// The keys of the tuples that begin with `tuple` and have more items: from `pack(tuple) + 00` up to
/// `pack(tuple) + ff`, as in the official bindings. The key `pack(tuple)` itself is not in it.
pub fn range(tuple: &[Element]) -> Result<(Vec<u8>, Vec<u8>), TupleError> {
    let packed = pack(tuple)?;
    Ok((followed_by(&packed, 0x00), followed_by(&packed, 0xff)))
}

/// The keys of the tuples that begin with exactly the items packed in `packed`, and `packed` itself.
///
/// The next prefix of `packed` would be too late an end: text and bytes that go on with a zero byte, and nested tuples
/// that go on with null, have `packed` as a prefix too. In all of those the next byte is ff, which begins no item.
pub fn equal_range(packed: &[u8]) -> (Vec<u8>, Vec<u8>) {
    (packed.to_vec(), followed_by(packed, 0xff))
}

/// The first key after all those that begin with `prefix` (`strinc` in the official bindings).
pub fn next_prefix(prefix: &[u8]) -> Result<Vec<u8>, TupleError> {
    let kept = prefix.iter().rposition(|&byte| byte != 0xff).ok_or(TupleError::NoNextPrefix)?;
    let mut next = prefix[..=kept].to_vec();
    next[kept] += 1;
    Ok(next)
}

fn followed_by(packed: &[u8], byte: u8) -> Vec<u8> {
    let mut key = Vec::with_capacity(packed.len() + 1);
    key.extend_from_slice(packed);
    key.push(byte);
    key
}

/// The keys that begin with a prefix and go on with a tuple.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subspace {
    prefix: Vec<u8>,
}

impl Subspace {
    /// The subspace of a prefix as it stands.
    pub fn new(prefix: impl Into<Vec<u8>>) -> Subspace {
        Subspace { prefix: prefix.into() }
    }

    /// The subspace of the keys that begin with `tuple`.
    pub fn from_tuple(tuple: &[Element]) -> Result<Subspace, TupleError> {
        Ok(Subspace { prefix: pack(tuple)? })
    }

    /// The subspace within this one of the keys that go on with `tuple`.
    pub fn subspace(&self, tuple: &[Element]) -> Result<Subspace, TupleError> {
        Ok(Subspace { prefix: self.pack(tuple)? })
    }

    /// The prefix.
    pub fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// A packer that begins with the prefix.
    pub fn packer(&self) -> Packer {
        Packer::with_prefix(&self.prefix)
    }

    /// The key of `tuple`.
    pub fn pack(&self, tuple: &[Element]) -> Result<Vec<u8>, TupleError> {
        let mut packer = self.packer();
        packer.elements(tuple)?;
        packer.finish()
    }

    /// The key of `tuple` with the offset of its one incomplete versionstamp at the end.
    pub fn pack_with_versionstamp(&self, tuple: &[Element]) -> Result<Vec<u8>, TupleError> {
        let mut packer = self.packer();
        packer.elements(tuple)?;
        packer.finish_with_versionstamp()
    }

    /// The tuple of `key`.
    pub fn unpack(&self, key: &[u8]) -> Result<Vec<Element>, TupleError> {
        super::unpack(key.strip_prefix(&self.prefix[..]).ok_or(TupleError::NotInSubspace)?)
    }

    /// Whether `key` begins with the prefix.
    pub fn contains(&self, key: &[u8]) -> bool {
        key.starts_with(&self.prefix)
    }

    /// All keys of the subspace whose tuple is not empty.
    pub fn range(&self) -> (Vec<u8>, Vec<u8>) {
        (followed_by(&self.prefix, 0x00), followed_by(&self.prefix, 0xff))
    }
}
