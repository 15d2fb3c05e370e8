//! Watches that wait for a key to change after the commit of the transaction that made them.
//!
//! A watch fires when the value differs from the one that its transaction saw. It is compared after each commit that
//! may have changed the key, so a value that changes and changes back between two looks may be missed, as in
//! FoundationDB. A watch on a key of a tenant fails when the tenant is removed.

use crate::error::Error;
use crate::future::Promise;
use crate::storage::Snapshot;
use crate::tenant;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

struct Waiter {
    seen: Option<Vec<u8>>,
    /// The tenant whose key it is, if it is one's.
    tenant: Option<i64>,
    promise: Arc<Promise<()>>,
}

/// All armed watches of a database.
#[derive(Default)]
pub(crate) struct Watches {
    keys: Mutex<BTreeMap<Vec<u8>, Vec<Waiter>>>,
    /// So that commits need no lock where nobody watches.
    count: AtomicUsize,
}

impl Drop for Watches {
    fn drop(&mut self) {
        // Nothing can change any more: who waits must not wait for ever.
        for waiter in std::mem::take(&mut *self.lock()).into_values().flatten() {
            waiter.promise.complete(Err(Error::OPERATION_CANCELLED));
        }
    }
}

/// Fires a watch.
pub(crate) type Wake = Box<dyn FnOnce() + Send>;

/// What a commit wrote: a key, or a range with its end.
pub(crate) type Touched = (Vec<u8>, Option<Vec<u8>>);

impl Watches {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Vec<u8>, Vec<Waiter>>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether any watch is armed.
    pub(crate) fn any(&self) -> bool {
        self.count.load(Ordering::SeqCst) > 0
    }

    /// Arms a watch on `key`, which was seen as `seen` and may be one of a tenant.
    pub(crate) fn arm(&self, key: Vec<u8>, seen: Option<Vec<u8>>, tenant: Option<i64>, promise: Arc<Promise<()>>) {
        self.count.fetch_add(1, Ordering::SeqCst);
        let mut keys = self.lock();
        let waiters = keys.entry(key).or_default();
        let before = waiters.len();
        // Watches that were cancelled leave their place to the next one on the key.
        waiters.retain(|waiter| !waiter.promise.is_complete());
        self.count.fetch_sub(before - waiters.len(), Ordering::SeqCst);
        waiters.push(Waiter { seen, tenant, promise });
    }

    /// Takes the watches whose keys have changed; what is returned fires them.
    pub(crate) fn changed(&self, touched: &[Touched], now: &dyn Snapshot) -> Vec<Wake> {
        let mut fired: Vec<Wake> = Vec::new();
        let mut keys = self.lock();
        if keys.is_empty() {
            return fired;
        }
        for (begin, end) in touched {
            let candidates: Vec<Vec<u8>> = match end {
                None => keys.contains_key(begin).then(|| begin.clone()).into_iter().collect(),
                Some(end) if begin < end => keys
                    .range::<[u8], _>((Bound::Included(begin.as_slice()), Bound::Excluded(end.as_slice())))
                    .map(|(key, _)| key.clone())
                    .collect(),
                Some(_) => Vec::new(),
            };
            for key in candidates {
                self.take_changed(&mut keys, &key, now, &mut fired);
            }
        }
        if touched.iter().any(tenant::may_remove) {
            self.take_orphans(&mut keys, now, &mut fired);
        }
        fired
    }

    /// Takes the watches whose tenants are no more.
    fn take_orphans(&self, keys: &mut BTreeMap<Vec<u8>, Vec<Waiter>>, now: &dyn Snapshot, fired: &mut Vec<Wake>) {
        keys.retain(|_, waiters| {
            let is_orphan =
                |waiter: &mut Waiter| waiter.tenant.is_some_and(|id| matches!(now.get(&tenant::map_key(id)), Ok(None)));
            for waiter in waiters.extract_if(.., is_orphan) {
                self.count.fetch_sub(1, Ordering::SeqCst);
                fired.push(Box::new(move || {
                    waiter.promise.complete(Err(Error::TENANT_REMOVED));
                }));
            }
            !waiters.is_empty()
        });
    }

    fn take_changed(
        &self,
        keys: &mut BTreeMap<Vec<u8>, Vec<Waiter>>,
        key: &[u8],
        now: &dyn Snapshot,
        fired: &mut Vec<Wake>,
    ) {
        let Some(waiters) = keys.get_mut(key) else { return };
        // A value that cannot be read is reported as a change: the client reads it again and hears why.
        let value = now.get(key).ok();
        for waiter in waiters.extract_if(.., |waiter| {
            waiter.promise.is_complete() || value.as_ref().is_none_or(|value| *value != waiter.seen)
        }) {
            self.count.fetch_sub(1, Ordering::SeqCst);
            fired.push(Box::new(move || {
                waiter.promise.complete(Ok(()));
            }));
        }
        if waiters.is_empty() {
            keys.remove(key);
        }
    }

    /// Forgets watches on `key` that have fired or were cancelled.
    pub(crate) fn forget_complete(&self, key: &[u8]) {
        let mut keys = self.lock();
        let Some(waiters) = keys.get_mut(key) else { return };
        let before = waiters.len();
        let mut gone: Vec<Waiter> = waiters.extract_if(.., |waiter| waiter.promise.is_complete()).collect();
        self.count.fetch_sub(before - waiters.len(), Ordering::SeqCst);
        if waiters.is_empty() {
            keys.remove(key);
        }
        drop(keys);
        gone.clear();
    }
}
