//! `fdb_tenant_*`, but for blob granules.

use crate::backend::Backend::{Cluster, Embedded};
use crate::backend::backend;
use crate::embedded_future::Answer;
use crate::error;
use crate::future::returned;
use crate::handle::{self, EmbeddedTransaction};
use crate::types::*;

/// Ends the use of a tenant; its transactions live on.
pub unsafe extern "C" fn fdb_tenant_destroy(t: *mut FDBTenant) {
    // SAFETY: the contract of the C API: a tenant is destroyed once, and not while it is in use.
    error::quiet(|| unsafe {
        match backend(t)? {
            Embedded(_) => drop(handle::take(t)),
            Cluster(library) => library.fdb_tenant_destroy()?(t),
        }
        Ok(())
    });
}

/// Makes a transaction confined to the tenant.
pub unsafe extern "C" fn fdb_tenant_create_transaction(
    t: *mut FDBTenant,
    out: *mut *mut FDBTransaction,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(t)? {
            Embedded(tenant) => {
                *out = handle::give(EmbeddedTransaction(tenant.0.create_transaction()));
                Ok(())
            }
            Cluster(library) => returned(library.fdb_tenant_create_transaction()?(t, out)),
        }
    })
}

/// The tenant's id, or error 2131 if there is no such tenant.
pub unsafe extern "C" fn fdb_tenant_get_id(t: *mut FDBTenant) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(t)? {
            Embedded(tenant) => Ok(Answer::Int64(tenant.0.id()).into_raw()),
            Cluster(library) => Ok(library.fdb_tenant_get_id()?(t)),
        }
    })
}
