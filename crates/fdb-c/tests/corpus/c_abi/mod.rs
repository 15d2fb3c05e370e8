//! The C API called in any order and with any arguments that its contract allows: null handles, bytes of every kind,
//! numbers that mean nothing, getters of another type, handles destroyed while others of theirs are in use, callbacks that
//! call again. Under the address sanitizer nothing may be wrong; besides, a callback comes exactly once, and what
//! a getter has given stays as it was until its future ends.
//!
//! Left out are what is of the whole process (the network's life, failures by chance) and clusters.

mod arguments;
mod calls;
mod futures;

use arbitrary::Unstructured;
use foundationdb_sys::*;
use futures::Slot;
use std::ffi::c_int;
use std::sync::Once;

/// More calls than these tell nothing new.
const CALLS_MAX: usize = 200;

pub fn run(data: &[u8]) {
    static STARTED: Once = Once::new();
    // SAFETY: no pointers are passed.
    STARTED.call_once(|| unsafe {
        assert_eq!(fdb_select_api_version_impl(730, FDB_API_VERSION as c_int), 0);
        assert_eq!(fdb_setup_network(), 0);
    });
    let mut input = Unstructured::new(data);
    let mut world = World::default();
    for _ in 0..CALLS_MAX {
        // Whatever is missing at the end of the input is left out.
        if input.is_empty() || world.call(&mut input).is_err() {
            break;
        }
    }
    world.end();
}

/// The handles that live.
#[derive(Default)]
struct World {
    databases: Vec<*mut FDBDatabase>,
    tenants: Vec<*mut FDBTenant>,
    transactions: Vec<*mut FDBTransaction>,
    /// Those that a callback may use: they live to the end.
    kept: Vec<*mut FDBTransaction>,
    futures: Vec<Slot>,
    results: Vec<*mut FDBResult>,
}

impl World {
    fn end(mut self) {
        self.futures.iter_mut().for_each(Slot::destroy);
        self.futures.iter().for_each(Slot::check_callbacks);
        // SAFETY: each handle is destroyed once, here.
        unsafe {
            self.results.into_iter().for_each(|result| fdb_result_destroy(result));
            self.databases.into_iter().for_each(|database| fdb_database_destroy(database));
            self.tenants.into_iter().for_each(|tenant| fdb_tenant_destroy(tenant));
            self.transactions.into_iter().for_each(|transaction| fdb_transaction_destroy(transaction));
            self.kept.into_iter().for_each(|transaction| fdb_transaction_destroy(transaction));
        }
    }
}
