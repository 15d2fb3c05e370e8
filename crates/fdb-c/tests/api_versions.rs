//! The API versions that programs select: with each of them, what every program does works. A version is selected once,
//! so each is a process of its own.

mod support;

use foundationdb_sys::*;
use std::process::Command;
use support::*;

const VERSION: &str = "FOUND_TEST_API_VERSION";

/// Run by the test below in processes of their own.
#[test]
fn work_at_one_version() {
    let Some(version) = std::env::var(VERSION).ok().and_then(|version| version.parse().ok()) else { return };
    // SAFETY: live handles, slices and places to write to, in all of these.
    unsafe {
        assert_eq!(fdb_select_api_version_impl(version, 730), 0);
        assert_eq!(fdb_select_api_version_impl(version, 730), 2201);
        assert_eq!(fdb_setup_network(), 0);
        let network = std::thread::spawn(|| fdb_run_network());

        let database = Database::create("memory:").unwrap();
        let transaction = database.transaction();
        transaction.set(b"key", b"value");
        // The place of the stamp is a number of 4 bytes at all of these versions.
        let stamped = [&b"stamp"[..], &[0; 10], &5u32.to_le_bytes()].concat();
        fdb_transaction_atomic_op(transaction.0, stamped.as_ptr(), length(&stamped), b"".as_ptr(), 0, 14);
        let stamp = transaction.versionstamp();
        transaction.commit().done().unwrap();
        let stamp = stamp.key().unwrap();
        let mut committed = 0;
        assert_eq!(fdb_transaction_get_committed_version(transaction.0, &mut committed), 0);
        assert_eq!(stamp[..8], committed.to_be_bytes());

        let transaction = database.transaction();
        assert_eq!(transaction.get(b"key").value(), Ok(Some(b"value".to_vec())));
        let (rows, more) = transaction.range(b"", b"\xff", 0, -2).rows().unwrap();
        assert_eq!((&rows[1].0[..5], &rows[1].0[5..15], more), (&b"stamp"[..], &stamp[..], false));
        let read_version = Future(fdb_transaction_get_read_version(transaction.0));
        assert!(read_version.int64().unwrap() >= committed);
        let mut version_out = 0;
        let read = fdb_future_get_version(read_version.0, &mut version_out);
        assert_eq!(read, if version < 620 { 0 } else { 2000 }, "removed at 620");
        assert!(read != 0 || version_out >= committed);

        let watch = Future(fdb_transaction_watch(transaction.0, b"key".as_ptr(), 3));
        transaction.commit().done().unwrap();
        let (say, hear) = channel();
        on_ready(watch.0, move |_| say.send(()).unwrap());
        let other = database.transaction();
        other.set(b"key", b"other");
        other.commit().done().unwrap();
        hear();

        assert_eq!(fdb_stop_network(), 0);
        assert_eq!(network.join().unwrap(), 0);
    }
    println!("worked at {version}");
}

#[test]
fn a_program_works_at_every_version_it_may_select() {
    for version in [520, 600, 610, 620, 630, 700, 710, 720, 730] {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "work_at_one_version", "--nocapture"]).env(VERSION, version.to_string());
        let output = child.output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout).contains(&format!("worked at {version}"));
        assert!(told && output.status.success(), "{version}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
