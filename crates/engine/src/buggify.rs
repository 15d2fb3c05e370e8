//! FoundationDB's client buggify: failures by chance, to test how a program bears them.
//!
//! It is switched by the network options 80 to 83, for the whole process, as in libfdb_c. There are places where a failure
//! can be made; whether a place is active is drawn once, whether an active one fails is drawn each time, both with a
//! chance of a quarter if nothing else is set. The places are libfdb_c's (`fdbclient/NativeAPI.actor.cpp`: `tryCommit`,
//! `extractReadVersion`) and one more: there, an unknown result always is a commit that happened, so here it also is one
//! that did not.
//!
//! While it is off, which it is unless a program asks for it, a place costs one load of an atomic.

use crate::Error;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

static ON: AtomicBool = AtomicBool::new(false);
static ACTIVATED_PERCENT: AtomicU64 = AtomicU64::new(25);
static FIRED_PERCENT: AtomicU64 = AtomicU64::new(25);
/// For each place two bits: whether it was drawn, and whether it is active.
static DRAWN: AtomicU8 = AtomicU8::new(0);
static ACTIVE: AtomicU8 = AtomicU8::new(0);

/// Where a failure can be made.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// A read version is not given.
    ReadVersion = 1,
    /// A commit is refused.
    Commit = 2,
    /// A commit does not get through.
    Send = 4,
    /// A commit does not get through, and nobody knows.
    Lost = 8,
    /// A commit happens, and nobody knows.
    Unknown = 16,
}

/// Switches failures on or off (network options 80 and 81).
pub fn set_client_buggify(on: bool) {
    ON.store(on, Ordering::Relaxed);
}

/// Sets the chance in percent that a place is active, and draws anew which are (network option 82).
pub fn set_client_buggify_activated(percent: u8) {
    ACTIVATED_PERCENT.store(percent.into(), Ordering::Relaxed);
    DRAWN.store(0, Ordering::Relaxed);
    ACTIVE.store(0, Ordering::Relaxed);
}

/// Sets the chance in percent that an active place fails (network option 83).
pub fn set_client_buggify_fired(percent: u8) {
    FIRED_PERCENT.store(percent.into(), Ordering::Relaxed);
}

/// The failure to make at a place, if one is to be made.
pub(crate) fn failure(place: Place) -> Option<Error> {
    if !ON.load(Ordering::Relaxed) || !is_active(place) || !chance(&FIRED_PERCENT) {
        return None;
    }
    Some(match place {
        Place::ReadVersion => Error::GRV_PROXY_MEMORY_LIMIT_EXCEEDED,
        Place::Commit if random().is_multiple_of(2) => Error::TRANSACTION_TOO_OLD,
        Place::Commit => Error::NOT_COMMITTED,
        Place::Send => Error::COMMIT_PROXY_MEMORY_LIMIT_EXCEEDED,
        Place::Lost | Place::Unknown => Error::COMMIT_UNKNOWN_RESULT,
    })
}

fn is_active(place: Place) -> bool {
    let bit = place as u8;
    if DRAWN.fetch_or(bit, Ordering::Relaxed) & bit == 0 && chance(&ACTIVATED_PERCENT) {
        ACTIVE.fetch_or(bit, Ordering::Relaxed);
    }
    ACTIVE.load(Ordering::Relaxed) & bit != 0
}

fn chance(percent: &AtomicU64) -> bool {
    random() % 100 < percent.load(Ordering::Relaxed)
}

fn random() -> u64 {
    RandomState::new().hash_one(0u8)
}
