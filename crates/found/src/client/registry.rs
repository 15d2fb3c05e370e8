//! What a database must end when it is closed: its open transactions and watches.
//!
//! Entries are weak: being listed keeps nothing alive. An entry leaves the list when its owner is dropped.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};

/// Something that ends when its database is closed.
pub(super) trait Close: Send + Sync {
    /// Gives up what it holds of FoundationDB and wakes whoever waits for it.
    fn close(&self);
}

#[derive(Default)]
pub(super) struct Registry(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    next: u64,
    live: HashMap<u64, Weak<dyn Close>>,
}

impl Registry {
    /// Lists `entry`; the number takes it off the list again.
    pub(super) fn add(&self, entry: Weak<dyn Close>) -> u64 {
        let mut entries = self.lock();
        let number = entries.next;
        entries.next += 1;
        entries.live.insert(number, entry);
        number
    }

    pub(super) fn remove(&self, number: u64) {
        self.lock().live.remove(&number);
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.lock().live.len()
    }

    /// Closes every entry. The lock is not held meanwhile: an entry may be dropped, and so removed, by it.
    pub(super) fn close_all(&self) {
        let live = std::mem::take(&mut self.lock().live);
        for entry in live.into_values() {
            if let Some(entry) = entry.upgrade() {
                entry.close();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
