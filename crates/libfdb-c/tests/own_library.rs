//! Where the libfdb_c found for a cluster is found-db's own, the calls must not go round in a circle.
#![cfg(target_os = "linux")]

use foundationdb_sys::*;
use std::ffi::c_int;
use std::ptr::{null, null_mut};

#[test]
fn a_library_of_our_own_is_not_taken_for_foundationdbs() {
    // The library is built with this test, beside it.
    let library = std::env::current_exe().unwrap().with_file_name("libfdb_c.so");
    // SAFETY: this is the only test of its process, and no other thread runs.
    unsafe { std::env::set_var("FDB_CLIENT_LIB", library) };
    // SAFETY: live handles, slices and places to write to, in all of these.
    unsafe {
        assert_eq!(fdb_select_api_version_impl(730, 730), 0);
        assert_eq!(fdb_setup_network(), 0);
        // Any file will do for a cluster file: it is not read before the library is loaded.
        let file = c"/proc/self/exe";
        let mut database = null_mut();
        assert_eq!(fdb_create_database(file.as_ptr(), &mut database), 0);
        let mut transaction = null_mut();
        assert_eq!(fdb_database_create_transaction(database, &mut transaction), 0);
        let key = b"\xff\xff/found/open_error";
        let future = fdb_transaction_get(transaction, key.as_ptr(), key.len() as c_int, 0);
        assert_eq!(fdb_future_block_until_ready(future), 0);
        let (mut present, mut value, mut length) = (0, null(), 0);
        assert_eq!(fdb_future_get_value(future, &mut present, &mut value, &mut length), 0);
        let message = std::slice::from_raw_parts(value, length as usize);
        let message = String::from_utf8_lossy(message);
        assert!(message.contains("found-db") && message.contains("FDB_CLIENT_LIB"), "{message}");
        fdb_future_destroy(future);
        fdb_transaction_destroy(transaction);
        fdb_database_destroy(database);
    }
}
