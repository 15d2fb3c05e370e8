//! What a cluster's calls come to: libfdb_c is loaded and started with the first cluster, gets the calls as they are
//! made, and ends with the network. A stand-in takes its place here.
#![cfg(unix)]

mod support;

use foundationdb_sys::*;
use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicUsize, Ordering};
use support::*;

static HOOKED: AtomicUsize = AtomicUsize::new(0);

unsafe extern "C" fn hook(parameter: *mut c_void) {
    HOOKED.fetch_add(parameter.addr(), Ordering::SeqCst);
}

#[test]
fn a_cluster_is_answered_by_the_library_that_is_loaded() {
    let path = build_fake_library("fake", &[]);
    // SAFETY: the library is the stand-in.
    let library = unsafe { libloading::Library::new(&path) }.unwrap();
    // SAFETY: the function has this signature.
    let fake_log = unsafe { library.get::<unsafe extern "C" fn() -> *const c_char>("fake_log") }.unwrap();
    // SAFETY: a static string, written to only by calls that have returned.
    let log = || unsafe { CStr::from_ptr(fake_log()) }.to_str().unwrap().to_string();
    let cluster_file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("fake.cluster");
    std::fs::write(&cluster_file, "fake:fake@127.0.0.1:4500").unwrap();
    let cluster_file = cluster_file.to_str().unwrap();

    // SAFETY: live handles, slices and places to write to, in all of these.
    unsafe {
        let option = |number, value: &str| fdb_network_set_option(number, value.as_ptr(), length(value.as_bytes()));
        assert_eq!(fdb_select_api_version_impl(720, 730), 0);
        assert_eq!(option(33, "group"), 0);
        assert_eq!(option(62, path.to_str().unwrap()), 0, "the first is the library to load");
        assert_eq!(option(62, path.to_str().unwrap()), 0, "the second is for that library");
        assert_eq!(fdb_network_set_option(70, null(), 0), 0);
        assert_eq!(fdb_setup_network(), 0);
        let network = std::thread::spawn(|| fdb_run_network());
        let parameter = std::ptr::without_provenance_mut(1);
        assert_eq!(fdb_add_network_thread_completion_hook(Some(hook), parameter), 0);

        let embedded = Database::create("memory:").unwrap();
        assert_eq!(log(), "", "an embedded database does not need the library");

        let database = Database::create(cluster_file).unwrap();
        let started =
            format!("select 720 730\noption 33 group\noption 62 {}\noption 70 null\nsetup\n", path.to_str().unwrap());
        assert!(log().starts_with(&started), "{}", log());
        assert_eq!(fdb_network_set_option(31, b"later".as_ptr(), 5), 0, "handed on, unchecked");

        let transaction = database.transaction();
        transaction.set(b"key", b"value");
        let future = transaction.get(b"key");
        assert_eq!(future.value(), Ok(Some(b"fake".to_vec())));
        let (say, hear) = channel();
        on_ready(future.0, move |pointer| say.send(pointer.addr()).unwrap());
        assert_eq!(hear(), future.0.addr());
        let mut version = 0;
        assert_eq!(fdb_transaction_get_committed_version(transaction.0, &mut version), 0);
        assert_eq!(version, 42);
        assert_eq!(fdb_database_set_option(database.0, 10, null(), 0), 2007);
        // What this library lacks, and no database needs, fails when it is called.
        assert_eq!(Future(fdb_transaction_get_total_cost(transaction.0)).error(), 2204);

        let string = CString::new("fake:fake@127.0.0.1:4500").unwrap();
        let mut out = null_mut();
        assert_eq!(fdb_create_database_from_connection_string(string.as_ptr(), &mut out), 0);
        drop((transaction, future, database, Database(out)));

        let both = embedded.transaction();
        both.set(b"key", b"value");
        assert_eq!(both.get(b"key").value(), Ok(Some(b"value".to_vec())), "the two do not meet");

        assert_eq!(fdb_stop_network(), 0);
        assert_eq!(network.join().unwrap(), 0);
        assert_eq!(HOOKED.load(Ordering::SeqCst), 2, "once for each network thread");
    }
    let mut calls: Vec<String> = log().lines().map(String::from).collect();
    // The thread says so in its own time.
    calls.retain(|call| call != "run");
    let wanted = "option 31 later\nset key value\nget 1 key 0\nconnection fake:fake@127.0.0.1:4500\ndestroy 1\ndestroy 1\nstop\nended";
    let database = format!("database {cluster_file}");
    assert_eq!(calls[5..].join("\n"), format!("{database}\n{wanted}"));
    std::fs::remove_file(path).unwrap();
}
