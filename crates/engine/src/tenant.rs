//! Tenants: named parts of the key space, each with its own keys from `""` to `\xff`.
//!
//! A tenant's key `k` lies at its 8-byte big-endian id followed by `k`. Names and ids are kept in the system space:
//!
//! | key | value |
//! | --- | --- |
//! | `\xff/tenant/nameIndex/` name | id, 8 bytes big-endian |
//! | `\xff/tenant/map/` id, 8 bytes big-endian | name |
//! | `\xff/tenant/lastId` | the last id given, 8 bytes big-endian |
//!
//! The database behaves as a cluster in tenant mode `optional_experimental`: plain transactions and tenants side by side.

use crate::database::Database;
use crate::error::{Error, Result};
use crate::future::Future;
use crate::storage::{Snapshot, StorageError, Visit};
use crate::transaction::Transaction;
use crate::watch::Touched;
use std::sync::Arc;

/// Names to ids.
pub(crate) const NAME_INDEX: &[u8] = b"\xff/tenant/nameIndex/";
/// Ids to names.
pub(crate) const MAP: &[u8] = b"\xff/tenant/map/";
/// The end of the keys that begin with [`MAP`].
pub(crate) const MAP_END: &[u8] = b"\xff/tenant/map0";
/// The last id that was given to a tenant.
pub(crate) const LAST_ID: &[u8] = b"\xff/tenant/lastId";
/// How long a tenant's prefix is.
pub(crate) const PREFIX_LENGTH: usize = 8;

/// A handle on a tenant. Its transactions see the tenant's keys only, without the prefix.
#[derive(Clone, Debug)]
pub struct Tenant {
    database: Database,
    /// Its id, or why there is none; looked up when the handle was made.
    id: Result<i64>,
}

impl Tenant {
    pub(crate) fn open(database: Database, name: &[u8]) -> Tenant {
        let id = database.core().and_then(|core| core.find_tenant(name));
        Tenant { database, id }
    }

    /// The tenant's id; `tenant_not_found` (2131) if there was none of the name when the handle was made.
    pub fn id(&self) -> Future<i64> {
        Future::ready(self.id)
    }

    /// A new transaction confined to the tenant.
    pub fn create_transaction(&self) -> Transaction {
        Transaction::new(self.database.clone(), Some(self.id))
    }
}

/// The id of the tenant of a name.
pub(crate) fn find(snapshot: &dyn Snapshot, name: &[u8]) -> Result<i64> {
    let entry = snapshot.get(&[NAME_INDEX, name].concat())?;
    let id = entry.ok_or(Error::TENANT_NOT_FOUND)?;
    id.try_into().map(i64::from_be_bytes).map_err(|_| Error::INTERNAL_ERROR)
}

/// The key that exists as long as the tenant does.
pub(crate) fn map_key(id: i64) -> Vec<u8> {
    [MAP, &id.to_be_bytes()].concat()
}

/// Whether a write may have removed a tenant.
pub(crate) fn may_remove((begin, end): &Touched) -> bool {
    match end {
        None => begin.starts_with(MAP),
        Some(end) => begin.as_slice() < MAP_END && MAP < end.as_slice(),
    }
}

/// A tenant's view of a snapshot: its keys without their prefix. System keys are not the tenant's; of them only the
/// metadata version key is shared.
pub(crate) struct TenantSnapshot {
    inner: Arc<dyn Snapshot>,
    prefix: [u8; PREFIX_LENGTH],
}

impl TenantSnapshot {
    pub(crate) fn new(inner: Arc<dyn Snapshot>, id: i64) -> TenantSnapshot {
        TenantSnapshot { inner, prefix: id.to_be_bytes() }
    }
}

impl Snapshot for TenantSnapshot {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
        if key == crate::key::METADATA_VERSION {
            return self.inner.get(key);
        }
        self.inner.get(&[&self.prefix, key].concat())
    }

    fn scan(&self, begin: &[u8], end: &[u8], reverse: bool, visit: &mut Visit<'_>) -> Result<(), StorageError> {
        let begin = [&self.prefix, begin].concat();
        let end = [&self.prefix, end].concat();
        self.inner.scan(&begin, &end, reverse, &mut |key, value| visit(&key[PREFIX_LENGTH..], value))
    }
}
