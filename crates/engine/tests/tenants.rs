//! Tenants: parts of the key space with names, made and removed through special keys.
#![allow(clippy::unwrap_used)]

mod common;

use common::{at, code, memory, option, wait};
use engine::{Database, RangeOptions, Tenant, Transaction};

const MAP: &[u8] = b"\xff\xff/management/tenant/map/";

fn manager(database: &Database) -> Transaction {
    let transaction = database.create_transaction();
    transaction.set_option(option::SPECIAL_KEY_SPACE_ENABLE_WRITES, None).unwrap();
    transaction
}

fn create(database: &Database, name: &[u8]) -> i32 {
    let transaction = manager(database);
    transaction.set(&[MAP, name].concat(), b"");
    code(&transaction.commit())
}

fn delete(database: &Database, name: &[u8]) -> i32 {
    let transaction = manager(database);
    transaction.clear(&[MAP, name].concat());
    code(&transaction.commit())
}

fn write(tenant: &Tenant, key: &[u8], value: &[u8]) -> i32 {
    let transaction = tenant.create_transaction();
    transaction.set(key, value);
    code(&transaction.commit())
}

fn names(database: &Database) -> Vec<Vec<u8>> {
    let end = [MAP, b"\xff"].concat();
    let transaction = database.create_transaction();
    let rows = wait(&transaction.get_range(at(MAP), at(&end), RangeOptions::default())).unwrap();
    rows.iter().map(|(key, _)| key[MAP.len()..].to_vec()).collect()
}

#[test]
fn tenants_are_made_listed_and_removed() {
    let database = memory();
    assert_eq!((create(&database, b"b"), create(&database, b"a")), (0, 0));
    assert_eq!(names(&database), [b"a", b"b"]);
    // Making one that exists changes nothing.
    let id = wait(&database.open_tenant(b"a").id()).unwrap();
    assert_eq!(create(&database, b"a"), 0);
    assert_eq!(wait(&database.open_tenant(b"a").id()), Ok(id));
    assert_eq!(create(&database, b"\xffx"), 2134);
    assert_eq!((delete(&database, b"a"), delete(&database, b"none")), (0, 0));
    assert_eq!(names(&database), [b"b"]);
    assert_eq!(code(&database.open_tenant(b"a").id()), 2131);
    // An id is never given twice.
    create(&database, b"a");
    assert_ne!(wait(&database.open_tenant(b"a").id()), Ok(id));

    let entry: serde_json::Value = serde_json::from_slice(
        &wait(&database.create_transaction().get(&[MAP, b"b"].concat(), false)).unwrap().unwrap(),
    )
    .unwrap();
    assert_eq!(entry["id"], wait(&database.open_tenant(b"b").id()).unwrap());
    assert_eq!((&entry["name"]["printable"], &entry["name"]["base64"]), (&"b".into(), &"Yg==".into()));
}

#[test]
fn writes_need_the_option_and_wait_for_the_commit() {
    let database = memory();
    let transaction = database.create_transaction();
    transaction.set(&[MAP, b"a"].concat(), b"");
    assert_eq!(code(&transaction.commit()), 2114);
    let transaction = manager(&database);
    transaction.set(&[MAP, b"a"].concat(), b"");
    assert!(names(&database).is_empty());
    drop(transaction);
    assert!(names(&database).is_empty());
}

#[test]
fn each_tenant_has_keys_of_its_own() {
    let database = memory();
    create(&database, b"a");
    create(&database, b"b");
    let (a, b) = (database.open_tenant(b"a"), database.open_tenant(b"b"));
    assert_eq!((write(&a, b"k", b"of a"), write(&b, b"k", b"of b"), write(&a, b"", b"empty")), (0, 0, 0));
    let read = |transaction: Transaction| {
        let rows = wait(&transaction.get_range(at(b""), at(b"\xff"), RangeOptions::default())).unwrap();
        rows.iter().map(|(key, value)| (key.to_vec(), value.to_vec())).collect::<Vec<_>>()
    };
    let row = |key: &[u8], value: &[u8]| (key.to_vec(), value.to_vec());
    assert_eq!(read(a.create_transaction()), [row(b"", b"empty"), row(b"k", b"of a")]);
    assert_eq!(read(b.create_transaction()), [row(b"k", b"of b")]);
    // Plain transactions see them at their prefix.
    let prefix = wait(&b.id()).unwrap().to_be_bytes();
    assert_eq!(common::value_of(&database, &[&prefix[..], b"k"].concat()).unwrap(), b"of b");
    let transaction = a.create_transaction();
    transaction.clear_range(b"", b"\xff");
    wait(&transaction.commit()).unwrap();
    assert_eq!((read(a.create_transaction()).len(), read(b.create_transaction()).len()), (0, 1));
    // Selectors stay inside.
    let transaction = b.create_transaction();
    let key = |selector| wait(&transaction.get_key(selector, false)).unwrap();
    assert_eq!(key(engine::KeySelector { key: b"k", or_equal: true, offset: 1 }), b"\xff");
    assert_eq!(key(engine::KeySelector { key: b"k", or_equal: false, offset: 0 }), b"");
}

#[test]
fn tenants_conflict_within_themselves_only() {
    let database = memory();
    create(&database, b"a");
    create(&database, b"b");
    let (a, b) = (database.open_tenant(b"a"), database.open_tenant(b"b"));
    let transaction = a.create_transaction();
    transaction.set_option(option::REPORT_CONFLICTING_KEYS, None).unwrap();
    wait(&transaction.get(b"k", false)).unwrap();
    write(&b, b"k", b"");
    transaction.set(b"mine", b"");
    assert_eq!(code(&transaction.commit()), 0);
    wait(&transaction.on_error(1020)).unwrap();
    transaction.set_option(option::REPORT_CONFLICTING_KEYS, None).unwrap();
    wait(&transaction.get(b"k", false)).unwrap();
    write(&a, b"k", b"");
    transaction.set(b"mine", b"");
    assert_eq!(code(&transaction.commit()), 1020);
    assert_eq!(common::conflicting(&transaction), [(b"k".to_vec(), b"k\0".to_vec())]);
}

#[test]
fn a_versionstamped_key_lies_in_its_tenant() {
    let database = memory();
    create(&database, b"a");
    let tenant = database.open_tenant(b"a");
    let transaction = tenant.create_transaction();
    transaction.atomic_op(&[b"key", &[0; 10][..], &3i32.to_le_bytes()].concat(), b"v", 14);
    let stamp = transaction.versionstamp();
    wait(&transaction.commit()).unwrap();
    let key = [b"key", &wait(&stamp).unwrap()[..]].concat();
    assert_eq!(wait(&tenant.create_transaction().get(&key, false)).unwrap().unwrap(), b"v");
}

#[test]
fn watches_are_of_the_tenant() {
    let database = memory();
    create(&database, b"a");
    create(&database, b"b");
    let (a, b) = (database.open_tenant(b"a"), database.open_tenant(b"b"));
    let transaction = a.create_transaction();
    let watch = transaction.watch(b"k");
    wait(&transaction.commit()).unwrap();
    write(&b, b"k", b"1");
    assert!(!watch.is_ready());
    write(&a, b"k", b"1");
    assert_eq!(wait(&watch), Ok(()));

    // They go with it.
    let transaction = b.create_transaction();
    let watch = transaction.watch(b"other");
    wait(&transaction.commit()).unwrap();
    let transaction = b.create_transaction();
    transaction.clear(b"k");
    wait(&transaction.commit()).unwrap();
    assert!(!watch.is_ready());
    delete(&database, b"b");
    assert_eq!(code(&watch), 2142);
}

#[test]
fn what_is_not_empty_stays_and_what_is_removed_is_gone_for_its_handles() {
    let database = memory();
    create(&database, b"a");
    let tenant = database.open_tenant(b"a");
    write(&tenant, b"k", b"");
    assert_eq!(delete(&database, b"a"), 2133);
    let transaction = tenant.create_transaction();
    transaction.clear(b"k");
    wait(&transaction.commit()).unwrap();
    let waiting = tenant.create_transaction();
    waiting.set(b"late", b"");
    assert_eq!(delete(&database, b"a"), 0);
    assert_eq!(code(&waiting.commit()), 2131);
    assert_eq!(code(&tenant.create_transaction().get(b"k", false)), 2131);
    assert_eq!(write(&tenant, b"k", b""), 2131);
    // A handle is not mended by a new tenant of the name.
    create(&database, b"a");
    assert_eq!(write(&tenant, b"k", b""), 2131);
    assert_eq!(write(&database.open_tenant(b"a"), b"k", b""), 0);
}

#[test]
fn two_who_make_tenants_at_once_do_not_share_an_id() {
    let database = memory();
    let (first, second) = (manager(&database), manager(&database));
    for (transaction, name) in [(&first, b"a"), (&second, b"b")] {
        wait(&transaction.read_version()).unwrap();
        transaction.set(&[MAP, &name[..]].concat(), b"");
    }
    assert_eq!((code(&first.commit()), code(&second.commit())), (0, 1020));
}

#[test]
fn a_range_of_names_is_cleared_at_once() {
    let database = memory();
    for name in [b"a", b"b", b"c"] {
        create(&database, name);
    }
    let transaction = manager(&database);
    transaction.clear_range(&[MAP, b"a"].concat(), &[MAP, b"c"].concat());
    wait(&transaction.commit()).unwrap();
    assert_eq!(names(&database), [b"c"]);
    let transaction = manager(&database);
    transaction.clear_range(MAP, &[MAP, b"\xff"].concat());
    wait(&transaction.commit()).unwrap();
    assert!(names(&database).is_empty());
}

#[test]
fn options_for_other_keys_are_none_of_a_tenants() {
    let database = memory();
    create(&database, b"a");
    for refused in [option::ACCESS_SYSTEM_KEYS, option::READ_SYSTEM_KEYS, option::RAW_ACCESS, 711] {
        let transaction = database.open_tenant(b"a").create_transaction();
        transaction.set_option(refused, None).unwrap();
        assert_eq!(code(&transaction.get(b"k", false)), 2007, "{refused}");
    }
    let transaction = database.open_tenant(b"a").create_transaction();
    assert_eq!(code(&transaction.get(&[MAP, b"a"].concat(), false)), 2138);
    assert_eq!(code(&transaction.get(b"\xff\xff/status/json", false)), 0);
    assert_eq!(code(&transaction.get_range(at(b""), at(b"\xff"), RangeOptions::default())), 0);
}

#[test]
fn the_metadata_version_is_everybodys() {
    let database = memory();
    create(&database, b"a");
    let transaction = database.open_tenant(b"a").create_transaction();
    transaction.atomic_op(b"\xff/metadataVersion", &[0; 14], 15);
    let stamp = transaction.versionstamp();
    wait(&transaction.commit()).unwrap();
    let stamp = wait(&stamp).unwrap().to_vec();
    assert_eq!(common::value_of(&database, b"\xff/metadataVersion"), Some(stamp.clone()));
    let in_tenant = database.open_tenant(b"a").create_transaction();
    assert_eq!(wait(&in_tenant.get(b"\xff/metadataVersion", false)).unwrap(), Some(stamp));
}

#[test]
fn a_mapped_range_does_not_go_over_tenants() {
    let database = memory();
    create(&database, b"a");
    let transaction = database.create_transaction();
    let map = |begin: &[u8], end: &[u8]| {
        code(&transaction.get_mapped_range(at(begin), at(end), b"\x02x\x00", RangeOptions::default()))
    };
    assert_eq!((map(b"", b"\xff"), map(b"a", b"b")), (2130, 0));
}
