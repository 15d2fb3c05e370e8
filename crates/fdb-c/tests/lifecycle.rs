//! The life of the network, which a process has once: all in one test, in its order.

// It is only ever part of tests.
#![allow(clippy::unwrap_used)]

mod support;

use foundationdb_sys::*;
use std::ffi::{CStr, c_void};
use std::ptr::null;
use std::sync::Mutex;
use support::*;

static HOOKS: Mutex<Vec<usize>> = Mutex::new(Vec::new());

unsafe extern "C" fn hook(parameter: *mut c_void) {
    HOOKS.lock().unwrap().push(parameter.addr());
}

#[test]
fn the_network_is_set_up_run_and_stopped_once() {
    // SAFETY: no pointers but to places that can be read or written, in all of these.
    unsafe {
        assert_eq!(fdb_get_max_api_version(), 730);
        assert_eq!(fdb_setup_network(), 2200, "a version comes first");
        assert_eq!(fdb_network_set_option(30, null(), 0), 2200);
        assert_eq!(fdb_select_api_version_impl(731, 730), 2202);
        assert_eq!(fdb_select_api_version_impl(731, 731), 2203);
        assert_eq!(fdb_select_api_version_impl(12, 730), 2203);
        assert_eq!(fdb_select_api_version_impl(710, 730), 0);
        assert_eq!(fdb_select_api_version_impl(710, 730), 2201);
        let version = CStr::from_ptr(fdb_get_client_version()).to_str().unwrap();
        let parts: Vec<_> = version.split(',').collect();
        assert_eq!((parts[0], parts[1].len(), parts[2]), ("7.3.63", 40, "fdb00b073000000"));

        assert_eq!(Database::create("memory:").err(), Some(2008));
        assert_eq!(fdb_run_network(), 2008);
        assert_eq!(fdb_stop_network(), 2008);
        assert_eq!(fdb_add_network_thread_completion_hook(Some(hook), std::ptr::without_provenance_mut(1)), 2008);

        assert_eq!(fdb_network_set_option(30, null(), 0), 0);
        assert_eq!(fdb_network_set_option(999, null(), 0), 2007);
        assert_eq!(fdb_network_set_option(31, [0u8; 4].as_ptr(), 4), 2006);
        assert_eq!(fdb_network_set_option(31, 5i64.to_le_bytes().as_ptr(), 8), 0);
        assert_eq!(fdb_network_set_option(34, b"yaml".as_ptr(), 4), 2006);
        assert_eq!(fdb_network_set_option(40, b"no value".as_ptr(), 8), 2006);
        assert_eq!(fdb_network_set_option(62, b"/no/such/lib".as_ptr(), 12), 1511);
        assert_eq!(fdb_network_set_option(65, 0i64.to_le_bytes().as_ptr(), 8), 2006);

        assert_eq!(fdb_setup_network(), 0);
        assert_eq!(fdb_setup_network(), 2009);
        assert_eq!(fdb_network_set_option(61, null(), 0), 2007, "too late");
        assert_eq!(fdb_network_set_option(30, null(), 0), 0);
        for number in [1, 2] {
            assert_eq!(fdb_add_network_thread_completion_hook(Some(hook), std::ptr::without_provenance_mut(number)), 0);
        }

        let database = Database::create("memory:").unwrap();
        let transaction = database.transaction();
        transaction.set(b"key", b"value");
        assert_eq!(transaction.commit().done(), Ok(()), "an embedded database does not wait for the network to run");

        let network = std::thread::spawn(|| fdb_run_network());
        assert_eq!(fdb_stop_network(), 0);
        assert_eq!(network.join().unwrap(), 0);
        assert_eq!(*HOOKS.lock().unwrap(), [1, 2]);
        assert_eq!(fdb_run_network(), 2025);
        assert_eq!(fdb_stop_network(), 0);
        assert_eq!(fdb_setup_network(), 2009);
        assert_eq!(*HOOKS.lock().unwrap(), [1, 2]);

        let transaction = database.transaction();
        assert_eq!(transaction.get(b"key").value(), Ok(Some(b"value".to_vec())), "nor for it not to be stopped");
    }
}
