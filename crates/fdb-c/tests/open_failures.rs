//! A database that cannot be opened is made all the same; it gives its error in all it does, and says what is wrong.
#![cfg(unix)]

mod support;

use std::path::Path;
use support::*;

/// One test, as it changes environment variables.
#[test]
fn what_cannot_be_opened_says_why() {
    start();
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("open-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let failure = |target: &str| open_failure(&Database::create(target).unwrap());
    let environment = |name: &str, value: Option<&str>| match value {
        // SAFETY: no other thread of this process reads or writes the environment meanwhile.
        Some(value) => unsafe { std::env::set_var(name, value) },
        // SAFETY: as above.
        None => unsafe { std::env::remove_var(name) },
    };

    let (code, message) = failure("/no/such/fdb.cluster");
    assert_eq!(code, 1515);
    assert!(message.contains("/no/such/fdb.cluster") && message.contains("memory:"), "{message}");
    environment("FDB_CLUSTER_FILE", Some("/no/such/file"));
    let (code, message) = failure("");
    assert_eq!(code, 1515);
    assert!(message.contains("/no/such/file") && message.contains("FDB_CLUSTER_FILE"), "{message}");
    environment("FDB_CLUSTER_FILE", None);
    std::env::set_current_dir(&directory).unwrap();
    if !Path::new("/etc/foundationdb/fdb.cluster").exists() {
        let (code, message) = failure("");
        assert_eq!(code, 1515);
        assert!(message.contains("./fdb.cluster") && message.contains("file:PATH"), "{message}");
    }

    environment("FDB_CLUSTER_FILE", Some("memory:"));
    let database = Database::create("").unwrap();
    assert_eq!(database.transaction().get(b"key").value(), Ok(None), "an embedded target may come from there too");
    environment("FDB_CLUSTER_FILE", None);

    // From here on there is a cluster file, and the library is what is wrong.
    std::fs::write("fdb.cluster", "a:b@127.0.0.1:4500").unwrap();
    environment("FDB_CLIENT_LIB", Some("/no/such/libfdb_c.so"));
    let (code, message) = failure("");
    assert_eq!(code, 2123);
    for part in ["/no/such/libfdb_c.so", "FDB_CLIENT_LIB", "external_client_library"] {
        assert!(message.contains(part), "{message}");
    }
    let lacking = build_fake_library("lacking", &["WITHOUT_COMMIT", "MAX_API=620"]);
    environment("FDB_CLIENT_LIB", lacking.to_str());
    let (code, message) = failure("fdb.cluster");
    assert_eq!(code, 2204);
    assert!(message.contains("fdb_transaction_commit") && message.contains("620"), "{message}");
    let old = build_fake_library("old", &["MAX_API=710"]);
    environment("FDB_CLIENT_LIB", old.to_str());
    let (code, message) = failure("fdb.cluster");
    assert_eq!(code, 2203);
    assert!(message.contains("710") && message.contains("730"), "{message}");

    let (code, message) = failure("file:/no/such/directory/database");
    assert_ne!(code, 0);
    assert!(message.contains("/no/such/directory/database"), "{message}");

    // A failure of the library is not final: the next one may be better.
    let fine = build_fake_library("fine", &[]);
    environment("FDB_CLIENT_LIB", fine.to_str());
    let database = Database::create("fdb.cluster").unwrap();
    assert_eq!(database.transaction().get(b"key").value(), Ok(Some(b"fake".to_vec())));

    std::env::set_current_dir("/").unwrap();
    std::fs::remove_dir_all(directory).unwrap();
    for library in [lacking, old, fine] {
        std::fs::remove_file(library).unwrap();
    }
}
