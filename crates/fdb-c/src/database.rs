//! `fdb_database_*`, but for blob granules. Databases are made in `open`.

use crate::backend::Backend::{Cluster, Embedded};
use crate::backend::{backend, bytes, number, option_value};
use crate::constants::*;
use crate::embedded_future::Answer;
use crate::error::{self, Failure};
use crate::future::returned;
use crate::handle::{self, EmbeddedTenant, EmbeddedTransaction};
use crate::types::*;
use std::ffi::c_int;

/// Ends the use of a database; its transactions live on.
pub unsafe extern "C" fn fdb_database_destroy(d: *mut FDBDatabase) {
    // SAFETY: the contract of the C API: a database is destroyed once, and not while it is in use.
    error::quiet(|| unsafe {
        match backend(d)? {
            Embedded(_) => drop(handle::take(d)),
            Cluster(library) => library.fdb_database_destroy()?(d),
        }
        Ok(())
    });
}

/// Sets an option: 2007 at once if there is none of that number, other errors with the next operation.
pub unsafe extern "C" fn fdb_database_set_option(
    d: *mut FDBDatabase,
    option: FDBDatabaseOption,
    value: *const u8,
    value_length: c_int,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(d)? {
            Embedded(database) => {
                let value = option_value(value, value_length);
                Ok(database.0.set_option(number(option), value)?)
            }
            Cluster(library) => returned(library.fdb_database_set_option()?(d, option, value, value_length)),
        }
    })
}

/// Makes a transaction.
pub unsafe extern "C" fn fdb_database_create_transaction(
    d: *mut FDBDatabase,
    out: *mut *mut FDBTransaction,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(d)? {
            Embedded(database) => {
                *out = handle::give(EmbeddedTransaction(database.0.create_transaction()));
                Ok(())
            }
            Cluster(library) => returned(library.fdb_database_create_transaction()?(d, out)),
        }
    })
}

/// Opens a tenant. Whether it exists shows in what the tenant does.
pub unsafe extern "C" fn fdb_database_open_tenant(
    d: *mut FDBDatabase,
    name: *const u8,
    name_length: c_int,
    out: *mut *mut FDBTenant,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        match backend(d)? {
            Embedded(database) => {
                *out = handle::give(EmbeddedTenant(database.0.open_tenant(bytes(name, name_length))));
                Ok(())
            }
            Cluster(library) => returned(library.fdb_database_open_tenant()?(d, name, name_length, out)),
        }
    })
}

/// The client's status as JSON.
pub unsafe extern "C" fn fdb_database_get_client_status(d: *mut FDBDatabase) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(d)? {
            Embedded(database) => Ok(Answer::Key(database.0.client_status()).into_raw()),
            Cluster(library) => Ok(library.fdb_database_get_client_status()?(d)),
        }
    })
}

/// The server's protocol version; if `expected_version` is not 0, once it differs from that.
pub unsafe extern "C" fn fdb_database_get_server_protocol(
    d: *mut FDBDatabase,
    expected_version: u64,
) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(d)? {
            Embedded(database) => Ok(Answer::Uint64(database.0.server_protocol(expected_version)).into_raw()),
            Cluster(library) => Ok(library.fdb_database_get_server_protocol()?(d, expected_version)),
        }
    })
}

/// How busy the network thread was in the last second, from 0 to 1. An embedded database has none.
pub unsafe extern "C" fn fdb_database_get_main_thread_busyness(d: *mut FDBDatabase) -> f64 {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::value(
        |_| 0.0,
        || unsafe {
            match backend(d)? {
                Embedded(_) => Ok(0.0),
                Cluster(library) => Ok(library.fdb_database_get_main_thread_busyness()?(d)),
            }
        },
    )
}

/// Reboots a server process: 1 if it was asked to, 0 if there is none at the address.
pub unsafe extern "C" fn fdb_database_reboot_worker(
    d: *mut FDBDatabase,
    address: *const u8,
    address_length: c_int,
    check: fdb_bool_t,
    duration: c_int,
) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(d)? {
            Embedded(_) => Ok(Answer::Int64(engine::Future::ready(Ok(0))).into_raw()),
            Cluster(library) => Ok(library.fdb_database_reboot_worker()?(d, address, address_length, check, duration)),
        }
    })
}

/// Makes another datacenter take over. An embedded database has none: error 2108.
pub unsafe extern "C" fn fdb_database_force_recovery_with_data_loss(
    d: *mut FDBDatabase,
    dcid: *const u8,
    dcid_length: c_int,
) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(d)? {
            Embedded(_) => Err(Failure::UNSUPPORTED_OPERATION),
            Cluster(library) => Ok(library.fdb_database_force_recovery_with_data_loss()?(d, dcid, dcid_length)),
        }
    })
}

/// Has the servers take snapshots of their disks. An embedded database has none: error 2108, or 2509 if `uid` is not 32 hexadecimal digits.
pub unsafe extern "C" fn fdb_database_create_snapshot(
    d: *mut FDBDatabase,
    uid: *const u8,
    uid_length: c_int,
    snap_command: *const u8,
    snap_command_length: c_int,
) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(d)? {
            Embedded(_) => Err(snapshot_failure(bytes(uid, uid_length))),
            Cluster(library) => {
                Ok(library.fdb_database_create_snapshot()?(d, uid, uid_length, snap_command, snap_command_length))
            }
        }
    })
}

/// For a client library that loads another: an embedded database shares nothing, error 2108.
pub unsafe extern "C" fn fdb_database_create_shared_state(d: *mut FDBDatabase) -> *mut FDBFuture {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::future(|| unsafe {
        match backend(d)? {
            Embedded(_) => Err(Failure::UNSUPPORTED_OPERATION),
            Cluster(library) => Ok(library.fdb_database_create_shared_state()?(d)),
        }
    })
}

/// For a client library that loads another: an embedded database shares nothing.
pub unsafe extern "C" fn fdb_database_set_shared_state(d: *mut FDBDatabase, p: *mut DatabaseSharedState) {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::quiet(|| unsafe {
        match backend(d)? {
            Embedded(_) => (),
            Cluster(library) => library.fdb_database_set_shared_state()?(d, p),
        }
        Ok(())
    });
}

fn snapshot_failure(uid: &[u8]) -> Failure {
    if uid.len() == 32 && uid.iter().all(u8::is_ascii_hexdigit) {
        Failure::UNSUPPORTED_OPERATION
    } else {
        Failure::SNAP_INVALID_UID_STRING
    }
}
