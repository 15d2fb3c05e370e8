//! Tenants.
use crate::{Future, Transaction};

/// A handle on a named part of the key space.
#[derive(Clone)]
pub struct Tenant {}

impl Tenant {
    /// The tenant's id; 2131 if it does not exist.
    pub fn id(&self) -> Future<i64> {
        todo!()
    }
    /// A new transaction confined to the tenant.
    pub fn create_transaction(&self) -> Transaction {
        todo!()
    }
}
