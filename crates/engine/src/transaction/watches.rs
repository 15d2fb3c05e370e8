//! The watches of a transaction until it commits: then they are the database's ([`watch`](crate::watch)).

use super::{State, Transaction};
use crate::database::WatchPlace;
use crate::error::Error;
use crate::future::{Future, Promise};
use crate::key::{ALL_END, key_after};
use crate::limits::writable_key_size;
use std::sync::Arc;

/// A watch that its transaction has not committed yet.
pub(crate) struct OwnWatch {
    pub(crate) key: Vec<u8>,
    /// The value that the transaction sees; a write to any other fires the watch.
    pub(crate) seen: Option<Vec<u8>>,
    pub(crate) promise: Arc<Promise<()>>,
    /// A client hears of the watch's first read only after a round trip: until it has waited for something, a
    /// cancelled transaction takes the watch along, and a write that fires it may be overtaken by that.
    pub(super) settled: bool,
}

impl Transaction {
    /// A future that is ready when the value of `key` is no more what this transaction sees, after it has committed.
    /// Adds a read conflict. Errors: 2004, 2102 as [`set`](Self::set), 1032 where too many watches wait, 1034 with
    /// read-your-writes off.
    pub fn watch(&self, key: &[u8]) -> Future<()> {
        self.inner.with(|state| {
            let checked = state.deferred.map_or(Ok(()), Err).and_then(|()| {
                state.check_usable()?;
                if state.options.ryw_disabled {
                    return Err(Error::WATCHES_DISABLED);
                }
                if key >= ALL_END {
                    return Err(Error::KEY_OUTSIDE_LEGAL_RANGE);
                }
                state.check_readable_key(key)?;
                if key.len() > writable_key_size(key, state.options.raw_access) {
                    return Err(Error::KEY_TOO_LARGE);
                }
                state.has_read = true;
                let settled = state.reads.known().contains(key) || !state.writes.segment(key).needs_database();
                let seen = self.inner.get(state, key, false)?;
                Ok((seen, settled, self.inner.database.take_watch()?))
            });
            match checked {
                Ok((seen, settled, place)) => state.add_watch(key.to_vec(), seen, settled, place),
                Err(error) => Future::ready(Err(error)),
            }
        })
    }
}

impl State {
    /// Notes that the client waits for an answer.
    pub(super) fn settle_watches(&mut self) {
        for watch in &mut self.watches {
            watch.settled = true;
        }
        for promise in std::mem::take(&mut self.triggered) {
            self.complete(&promise, Ok(()));
        }
    }

    pub(super) fn fail_triggered(&mut self, error: Error) {
        for promise in std::mem::take(&mut self.triggered) {
            self.complete(&promise, Err(error));
        }
    }

    pub(super) fn fail_watches(&mut self, error: Error) {
        for watch in std::mem::take(&mut self.watches) {
            self.complete(&watch.promise, Err(error));
        }
        self.fail_triggered(error);
    }

    /// Fires the own watches in `[begin, end)` unless their value is known to stay what they saw.
    pub(super) fn trigger_watches(&mut self, begin: &[u8], end: &[u8], value: Option<Option<&[u8]>>) {
        if self.watches.is_empty() {
            return;
        }
        let fired: Vec<OwnWatch> = self
            .watches
            .extract_if(.., |watch| {
                begin <= watch.key.as_slice()
                    && watch.key.as_slice() < end
                    && value.is_none_or(|value| value != watch.seen.as_deref())
            })
            .collect();
        for watch in fired {
            if watch.settled {
                self.complete(&watch.promise, Ok(()));
            } else {
                self.triggered.push(watch.promise.clone());
                self.later.push(Box::new(move || watch.promise.complete_when_observed(Ok(()))));
            }
        }
    }

    /// Keeps a watch until the commit. Its place is free again once it has fired or was cancelled.
    fn add_watch(&mut self, key: Vec<u8>, seen: Option<Vec<u8>>, settled: bool, place: WatchPlace) -> Future<()> {
        self.watches.retain(|watch| !watch.promise.is_complete());
        let (promise, future) = Promise::new();
        promise.on_complete(move || drop(place));
        self.watches.push(OwnWatch { key, seen, promise: Arc::new(promise), settled });
        future
    }

    pub(super) fn trigger_watches_of_key(&mut self, key: &[u8], value: Option<Option<&[u8]>>) {
        if !self.watches.is_empty() {
            self.trigger_watches(key, &key_after(key), value);
        }
    }
}
