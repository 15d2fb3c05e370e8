//! What a database must end when it is closed: its open transactions and watches.
//!
//! Entries are weak: being listed keeps nothing alive. An entry leaves the list when its owner is dropped.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// What a closed entry still waits for.
pub(super) type Finish = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Something that ends when its database is closed.
pub(super) trait Close: Send + Sync {
    /// Gives up what it holds of FoundationDB and wakes whoever waits for it. What it cannot give up yet, it does when
    /// the future is done or dropped.
    fn close(self: Arc<Self>) -> Option<Finish>;
}

#[derive(Default)]
pub(super) struct Registry(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    next: u64,
    live: BTreeMap<u64, Weak<dyn Close>>,
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

    /// Closes every entry, and gives what is still to be waited for. The lock is not held meanwhile: an entry may be
    /// dropped, and so removed, by it.
    pub(super) fn close_all(&self) -> Vec<Finish> {
        let live = std::mem::take(&mut self.lock().live);
        live.into_values().filter_map(|entry| entry.upgrade()?.close()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
