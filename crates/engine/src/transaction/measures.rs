//! Reads about the database rather than of it: who holds a key, how large a range is, where to cut it.

use super::Transaction;
use crate::error::{Error, Result};
use crate::future::Future;
use crate::key::ALL_END;
use crate::metrics;
use crate::status;
use crate::storage::Snapshot;
use crate::tenant::TenantSnapshot;
use std::sync::Arc;

impl Transaction {
    /// Addresses of the servers that hold `key`: one, that of nobody, for an embedded database; none above all keys.
    pub fn get_addresses_for_key(&self, key: &[u8]) -> Future<Vec<String>> {
        self.inner.with(|state| {
            if let Some(error) = state.deferred {
                return Future::ready(Err(error));
            }
            let result = state.check_usable().and_then(|()| self.inner.ensure_read_version(state));
            state.has_read = true;
            Future::ready(result.map(|_| if key >= ALL_END { Vec::new() } else { vec![status::ADDRESS.to_owned()] }))
        })
    }

    /// About how many bytes the pairs of `[begin, end)` hold, in the newest state. 2005 if `begin > end`.
    pub fn get_estimated_range_size_bytes(&self, begin: &[u8], end: &[u8]) -> Future<i64> {
        self.with_range(begin, end, |snapshot| metrics::estimate(snapshot, begin, end))
    }

    /// Keys that cut `[begin, end)` into pieces of about `chunk_size` bytes, both ends among them. Errors: 2004 outside
    /// the readable keys, 2005 if `begin > end`.
    pub fn get_range_split_points(&self, begin: &[u8], end: &[u8], chunk_size: i64) -> Future<Vec<Vec<u8>>> {
        let legal = self.inner.with(|state| {
            state.deferred.map_or(Ok(()), Err)?;
            state.check_usable()?;
            let max_key = state.max_read_key();
            if begin > max_key || end > max_key { Err(Error::KEY_OUTSIDE_LEGAL_RANGE) } else { Ok(()) }
        });
        match legal {
            Ok(()) => self.with_range(begin, end, |snapshot| metrics::split_points(snapshot, begin, end, chunk_size)),
            Err(error) => Future::ready(Err(error)),
        }
    }

    fn with_range<T>(&self, begin: &[u8], end: &[u8], measure: impl FnOnce(&dyn Snapshot) -> Result<T>) -> Future<T> {
        let snapshot = self.inner.with(|state| {
            state.deferred.map_or(Ok(()), Err)?;
            state.check_usable()?;
            if begin > end {
                return Err(Error::INVERTED_RANGE);
            }
            let newest = self.inner.database.core()?.newest_snapshot();
            Ok(match self.inner.tenant {
                None => newest,
                Some(id) => Arc::new(TenantSnapshot::new(newest, id?)) as Arc<dyn Snapshot>,
            })
        });
        Future::ready(snapshot.and_then(|snapshot| measure(&*snapshot)))
    }
}
