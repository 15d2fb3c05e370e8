//! Keys: byte strings in the order of their bytes, and the regions of the key space.

/// Keys below are the application's.
pub(crate) const SYSTEM_BEGIN: &[u8] = b"\xff";
/// The end of all keys that are stored.
pub(crate) const ALL_END: &[u8] = b"\xff\xff";
/// Behind the last segment of the key space (`afterAllKeys`).
pub(crate) const AFTER_ALL: &[u8] = b"\xff\xff\x00";
/// Special keys run from [`ALL_END`] to here; they are computed, not stored.
pub(crate) const SPECIAL_END: &[u8] = b"\xff\xff\xff";
/// The one system key that every transaction may read.
pub(crate) const METADATA_VERSION: &[u8] = b"\xff/metadataVersion";
/// The first key after [`METADATA_VERSION`].
pub(crate) const METADATA_VERSION_END: &[u8] = b"\xff/metadataVersion\x00";

/// The first key after `key`. After the end of all keys comes nothing but itself, as in FoundationDB.
pub(crate) fn key_after(key: &[u8]) -> Vec<u8> {
    if key == ALL_END {
        return key.to_vec();
    }
    let mut after = Vec::with_capacity(key.len() + 1);
    after.extend_from_slice(key);
    after.push(0);
    after
}

/// Whether `next` is the first key after `key`.
pub(crate) fn is_key_after(next: &[u8], key: &[u8]) -> bool {
    next.len() == key.len() + 1 && next[key.len()] == 0 && next.starts_with(key)
}

/// The first key that does not begin with `prefix`; none if no such key exists.
pub(crate) fn prefix_end(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|&byte| byte != 0xff)?;
    let mut end = prefix[..=last].to_vec();
    end[last] += 1;
    Some(end)
}

/// Whether `key` lies in the special key space.
pub(crate) fn is_special(key: &[u8]) -> bool {
    (ALL_END..SPECIAL_END).contains(&key)
}
