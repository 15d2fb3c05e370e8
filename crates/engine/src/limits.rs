//! Every size and time limit, with its counterpart in FoundationDB 7.3 (`fdbclient/ClientKnobs.cpp`,
//! `fdbclient/ServerKnobs.cpp`).

use crate::key::SYSTEM_BEGIN;

/// The longest key a client may write (`KEY_SIZE_LIMIT`).
pub(crate) const KEY_SIZE: usize = 10_000;
/// The longest key in the system space (`SYSTEM_KEY_SIZE_LIMIT`).
pub(crate) const SYSTEM_KEY_SIZE: usize = 30_000;
/// A raw key may carry the 8-byte prefix of a tenant beside its 10,000 bytes (`TENANT_PREFIX_SIZE_LIMIT`).
pub(crate) const TENANT_PREFIX_SIZE: usize = 8;
/// The longest value, and the longest operand of an atomic operation (`VALUE_SIZE_LIMIT`).
pub(crate) const VALUE_SIZE: usize = 100_000;
/// The largest transaction, and the default of the option `size_limit` (`TRANSACTION_SIZE_LIMIT`).
pub(crate) const TRANSACTION_SIZE: i64 = 10_000_000;
/// The least value of the option `size_limit`.
pub(crate) const TRANSACTION_SIZE_MIN: i64 = 32;
/// What a mutation weighs beside its two parameters (`sizeof(MutationRef)`).
pub(crate) const MUTATION_OVERHEAD: i64 = 44;
/// What a conflict range weighs beside its two keys (`sizeof(KeyRangeRef)`).
pub(crate) const CONFLICT_RANGE_OVERHEAD: i64 = 24;
/// The most bytes one storage reply of a range read holds, and the most rows (`REPLY_BYTE_LIMIT`).
pub(crate) const REPLY_BYTES: i32 = 80_000;
/// How far versions may lie back for reads and conflict checks, in versions (`MAX_READ_TRANSACTION_LIFE_VERSIONS`).
pub(crate) const LIFETIME_VERSIONS: i64 = 5_000_000;
/// How long a read at a version of the future waits before `future_version` (`FUTURE_VERSION_DELAY`).
pub(crate) const FUTURE_VERSION_DELAY_MS: u64 = 1_000;
/// Default of the database option `max_watches` (`DEFAULT_MAX_OUTSTANDING_WATCHES`).
pub(crate) const WATCHES: i64 = 10_000;
/// The greatest value of the database option `max_watches` (`ABSOLUTE_MAX_WATCHES`).
pub(crate) const WATCHES_MAX: i64 = 1_000_000;
/// Tags of one transaction (`MAX_TAGS_PER_TRANSACTION`), and bytes of one (`MAX_TRANSACTION_TAG_LENGTH`).
pub(crate) const TAGS: usize = 5;
pub(crate) const TAG_SIZE: usize = 255;
/// Transactions of one batch, so that the place in it fits a versionstamp's two bytes.
pub(crate) const BATCH_TRANSACTIONS: usize = 32_768;
/// The first retry delay is uniform below this (`DEFAULT_BACKOFF`), in seconds.
pub(crate) const BACKOFF_FIRST_S: f64 = 0.01;
/// Default of the option `max_retry_delay` (`DEFAULT_MAX_BACKOFF`), in seconds.
pub(crate) const BACKOFF_MAX_S: f64 = 1.0;
/// The cap for errors that say the proxies are out of memory (`RESOURCE_CONSTRAINED_MAX_BACKOFF`), in seconds.
pub(crate) const BACKOFF_CONSTRAINED_MAX_S: f64 = 30.0;
/// The delay after `transaction_too_old` and `future_version` (`FUTURE_VERSION_RETRY_DELAY`), in seconds.
pub(crate) const BACKOFF_VERSION_S: f64 = 0.01;

/// The longest key that can exist where `key` lies: no longer key is ever found, none can be cleared.
pub(crate) fn readable_key_size(key: &[u8]) -> usize {
    if key.starts_with(SYSTEM_BEGIN) { SYSTEM_KEY_SIZE } else { KEY_SIZE + TENANT_PREFIX_SIZE }
}

/// The longest key that may be written where `key` lies.
pub(crate) fn writable_key_size(key: &[u8], raw_access: bool) -> usize {
    if key.starts_with(SYSTEM_BEGIN) {
        SYSTEM_KEY_SIZE
    } else if raw_access {
        KEY_SIZE + TENANT_PREFIX_SIZE
    } else {
        KEY_SIZE
    }
}

/// `key`, cut to one byte more than can exist. Since no key of that length exists, the order to every key that does is
/// kept.
pub(crate) fn truncate_key(key: &[u8]) -> &[u8] {
    &key[..key.len().min(readable_key_size(key) + 1)]
}
