//! The special key space: what it tells, how it is read, and what may be written there.
#![allow(clippy::unwrap_used)]

mod common;

use common::{at, code, conflicting, memory, option, put, read_conflicts, wait, write_conflicts};
use engine::{Database, KeySelector, OpenOptions, RangeOptions, Transaction};
use serde_json::Value;

fn get(transaction: &Transaction, key: &str) -> Vec<u8> {
    wait(&transaction.get(&special(key), false)).unwrap().unwrap()
}

fn special(key: &str) -> Vec<u8> {
    [b"\xff\xff/", key.as_bytes()].concat()
}

fn range(key: &[u8], end: &[u8]) -> (Vec<u8>, Vec<u8>) {
    (key.to_vec(), end.to_vec())
}

#[test]
fn the_status_is_json_and_says_that_all_is_well() {
    let directory = tempfile::tempdir().unwrap();
    let target = format!("file:{}", directory.path().join("a \"name\"").display());
    for target in ["memory:", "memory:special", &target] {
        let database = Database::open(target, OpenOptions::default()).unwrap();
        let status: Value = serde_json::from_slice(&get(&database.create_transaction(), "status/json")).unwrap();
        let client = &status["client"];
        assert_eq!(client["database_status"], serde_json::json!({"available": true, "healthy": true}));
        assert_eq!(client["coordinators"]["quorum_reachable"], true);
        assert_eq!(client["cluster_file"]["path"], target);
        assert_eq!(status["cluster"]["recovery_state"]["name"], "fully_recovered");
        let processes = status["cluster"]["processes"].as_object().unwrap();
        assert!(processes.values().all(|process| process["address"].as_str().unwrap().contains(':')));

        let client: Value = serde_json::from_slice(&wait(&database.client_status()).unwrap()).unwrap();
        assert_eq!((&client["Healthy"], &client["Target"]), (&true.into(), &target.into()));
    }
}

#[test]
fn what_it_is_connected_to() {
    let database = memory();
    let transaction = database.create_transaction();
    assert_eq!(get(&transaction, "cluster_file_path"), b"memory:");
    assert!(get(&transaction, "connection_string").windows(1).any(|part| part == b"@"));
    assert_eq!(get(&transaction, "cluster_id").len(), 32);
    serde_json::from_slice::<Value>(&get(&transaction, "metrics/health/aggregate")).unwrap();
    assert_eq!(wait(&transaction.get(&special("error_message"), false)), Ok(None));
}

#[test]
fn the_conflict_ranges_of_a_transaction() {
    let database = memory();
    put(&database, &[(b"b", b""), (b"d", b"")]);
    let transaction = database.create_transaction();
    wait(&transaction.get(b"a", false)).unwrap();
    wait(&transaction.get(b"a", true)).unwrap();
    wait(&transaction.get_range(at(b"b"), at(b"c"), RangeOptions::default())).unwrap();
    transaction.set(b"e", b"");
    wait(&transaction.get(b"e", false)).unwrap();
    transaction.clear_range(b"f", b"g");
    assert_eq!(read_conflicts(&transaction), [range(b"a", b"a\0"), range(b"b", b"c")]);
    assert_eq!(write_conflicts(&transaction), [range(b"e", b"e\0"), range(b"f", b"g")]);
    // They can be read after the commit as well, and are gone with a reset.
    wait(&transaction.commit()).unwrap();
    assert_eq!(read_conflicts(&transaction).len(), 2);
    transaction.reset();
    assert!(read_conflicts(&transaction).is_empty() && write_conflicts(&transaction).is_empty());
}

#[test]
fn reads_without_read_your_writes_have_their_own_rules() {
    let database = memory();
    put(&database, &[(b"b", b""), (b"d", b"")]);
    let transaction = database.create_transaction();
    transaction.set_option(option::READ_YOUR_WRITES_DISABLE, None).unwrap();
    wait(&transaction.get(b"a", false)).unwrap();
    wait(&transaction.get_key(KeySelector::first_greater_than(b"b"), false)).unwrap();
    assert_eq!(read_conflicts(&transaction), [range(b"a", b"a\0"), range(b"b\0", b"d\0")]);
}

#[test]
fn without_read_your_writes_a_backward_read_looks_up_a_distant_end_by_itself() {
    let database = memory();
    put(&database, &[(b"b", b""), (b"d", b"")]);
    // The end is d: what can change that is a conflict, whatever rows are read then.
    let end = KeySelector { key: b"a", or_equal: false, offset: 2 };
    let read = |begin: &[u8], limit: i32, snapshot: bool| {
        let transaction = database.create_transaction();
        transaction.set_option(option::READ_YOUR_WRITES_DISABLE, None).unwrap();
        let options = RangeOptions { limit, reverse: true, snapshot, ..RangeOptions::default() };
        let rows = wait(&transaction.get_range(at(begin), end, options)).unwrap();
        (rows.len(), read_conflicts(&transaction))
    };
    assert_eq!(read(b"", 0, false), (1, vec![range(b"", b"d\0")]));
    assert_eq!(read(b"", 1, false), (1, vec![range(b"a", b"d\0")]));
    assert_eq!(read(b"d", 0, false), (0, vec![range(b"a", b"d\0")]));
    assert_eq!(read(b"", 0, true), (1, vec![]));
}

#[test]
fn the_range_of_a_versionstamped_key() {
    let database = memory();
    let transaction = database.create_transaction();
    transaction.atomic_op(&[b"k", &[0; 10][..], &1i32.to_le_bytes()].concat(), b"", 14);
    let before = write_conflicts(&transaction);
    assert_eq!(before, [range(&[b"k", &[0; 10][..]].concat(), &[b"k", &[0xff; 10][..], b"\0"].concat())]);
    let stamp = transaction.versionstamp();
    wait(&transaction.commit()).unwrap();
    let key = [b"k", &wait(&stamp).unwrap()[..]].concat();
    assert_eq!(write_conflicts(&transaction), [range(&key, &[&key[..], b"\0"].concat())]);
}

#[test]
fn the_keys_that_a_commit_failed_for() {
    let database = memory();
    let attempt = |transaction: &Transaction, reports: bool| {
        if reports {
            transaction.set_option(option::REPORT_CONFLICTING_KEYS, None).unwrap();
        }
        for key in [b"a", b"b", b"c"] {
            wait(&transaction.get(key, false)).unwrap();
        }
        wait(&transaction.get_range(at(b"m"), at(b"p"), RangeOptions::default())).unwrap();
        put(&database, &[(b"b", b""), (b"n", b"")]);
        transaction.set(b"mine", b"");
        code(&transaction.commit())
    };
    let transaction = database.create_transaction();
    assert_eq!(attempt(&transaction, false), 1020);
    assert!(conflicting(&transaction).is_empty());
    wait(&transaction.on_error(1020)).unwrap();
    assert_eq!(attempt(&transaction, true), 1020);
    let wanted = [range(b"b", b"b\0"), range(b"m", b"p")];
    assert_eq!(conflicting(&transaction), wanted);
    // Until the next conflict.
    wait(&transaction.on_error(1020)).unwrap();
    transaction.set(b"mine", b"");
    assert_eq!(code(&transaction.commit()), 0);
    assert_eq!(conflicting(&transaction), wanted);
}

#[test]
fn a_read_stays_in_one_module() {
    let database = memory();
    let transaction = database.create_transaction();
    let read = |begin: &str, end: &str| {
        code(&transaction.get_range(at(&special(begin)), at(&special(end)), RangeOptions::default()))
    };
    assert_eq!(read("transaction/", "transaction0"), 0);
    assert_eq!(read("transaction/read_conflict_range/", "transaction/write_conflict_range/"), 0);
    assert_eq!(read("status/json", "tracing/token"), 2112);
    assert_eq!(read("metrics/", "transaction/"), 2112);
    assert_eq!(read("aaa", "aab"), 2113);
    assert_eq!(code(&transaction.get(&special("none"), false)), 2113);
    assert_eq!(code(&transaction.get_key(at(&special("status/json")), false)), 2004);
    assert_eq!(code(&transaction.get_range(at(b"a"), at(&special("status/json")), RangeOptions::default())), 2004);
    assert_eq!(wait(&transaction.get(&special("metrics/none"), false)), Ok(None));
    let limits = RangeOptions { limit: -5, ..RangeOptions::default() };
    let (begin, end) = (special("metrics/"), special("metrics0"));
    assert_eq!(code(&transaction.get_range(at(&begin), at(&end), limits)), 2012);

    transaction.set_option(option::SPECIAL_KEY_SPACE_RELAXED, None).unwrap();
    assert_eq!((read("status/json", "tracing/token"), read("aaa", "aab"), read("", "z")), (0, 0, 0));
    assert_eq!(wait(&transaction.get(&special("none"), false)), Ok(None));
}

#[test]
fn limits_and_directions_count_here_too() {
    let database = memory();
    let transaction = database.create_transaction();
    for key in [b"a", b"b"] {
        wait(&transaction.get(key, false)).unwrap();
    }
    let prefix = special("transaction/read_conflict_range/");
    let end = [&prefix[..], b"\xff\xff"].concat();
    let read = |begin: KeySelector<'_>, options: RangeOptions| {
        let rows = wait(&transaction.get_range(begin, at(&end), options)).unwrap();
        let keys: Vec<Vec<u8>> = rows.iter().map(|(key, _)| key[prefix.len()..].to_vec()).collect();
        (keys, rows.more())
    };
    let plain = RangeOptions::default();
    assert_eq!(read(at(&prefix), RangeOptions { limit: 1, ..plain }), (vec![b"a".to_vec()], true));
    assert_eq!(read(at(&prefix), RangeOptions { limit: 1, reverse: true, ..plain }), (vec![b"b\0".to_vec()], true));
    let third = KeySelector { key: &prefix, or_equal: false, offset: 3 };
    assert_eq!(read(third, plain), (vec![b"b".to_vec(), b"b\0".to_vec()], false));
}

#[test]
fn reads_go_on_after_the_commit_and_add_no_conflict() {
    let database = memory();
    let transaction = database.create_transaction();
    transaction.set(b"k", b"");
    wait(&transaction.commit()).unwrap();
    assert_eq!(get(&transaction, "cluster_file_path"), b"memory:");
    assert_eq!(code(&transaction.get(b"k", false)), 2017);
    assert!(read_conflicts(&transaction).is_empty());
}

#[test]
fn writes_need_an_option_and_a_module_that_takes_them() {
    let database = memory();
    type Write<'a> = &'a dyn Fn(&Transaction);
    let commit = |enabled: bool, write: Write<'_>| {
        let transaction = database.create_transaction();
        if enabled {
            transaction.set_option(option::SPECIAL_KEY_SPACE_ENABLE_WRITES, None).unwrap();
        }
        write(&transaction);
        code(&transaction.commit())
    };
    let tenant = special("management/tenant/map/t");
    assert_eq!(commit(false, &|transaction| transaction.set(&tenant, b"")), 2114);
    assert_eq!(commit(false, &|transaction| transaction.clear(&tenant)), 2114);
    assert_eq!(commit(true, &|transaction| transaction.set(&tenant, b"")), 0);
    assert_eq!(commit(true, &|transaction| transaction.clear(&tenant)), 0);
    assert_eq!(commit(true, &|transaction| transaction.set(&special("status/json"), b"")), 2115);
    assert_eq!(commit(true, &|transaction| transaction.set(&special("none"), b"")), 2115);
    assert_eq!(commit(true, &|transaction| transaction.clear(&special("none"))), 2115);
    assert_eq!(commit(true, &|transaction| transaction.clear_range(&tenant, &special("z"))), 2116);
    assert_eq!(commit(true, &|transaction| transaction.clear_range(&tenant, &tenant)), 0);
    assert_eq!(commit(true, &|transaction| transaction.atomic_op(&tenant, b"", 2)), 2004);
}

#[test]
fn a_cancelled_transaction_still_tells_what_it_knows() {
    let database = memory();
    let transaction = database.create_transaction();
    transaction.cancel();
    assert_eq!(code(&transaction.get(b"k", false)), 1025);
    assert_eq!(get(&transaction, "cluster_file_path"), b"memory:");
}
