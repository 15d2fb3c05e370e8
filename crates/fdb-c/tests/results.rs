//! What calls answer: values, rows, lists, and the errors that the C API gives by itself.

mod support;

use foundationdb_sys::*;
use std::ffi::CStr;
use std::ptr::{null, null_mut};
use support::*;

fn filled() -> (Database, Transaction) {
    let database = Database::memory();
    let transaction = database.transaction();
    for number in 0..10u8 {
        transaction.set(&[b'k', number], &vec![number; usize::from(number) * 100]);
    }
    transaction.set(b"q", b"");
    assert_eq!(transaction.commit().done(), Ok(()));
    let transaction = database.transaction();
    (database, transaction)
}

#[test]
fn rows_are_an_array_of_packed_structs() {
    let (_database, transaction) = filled();
    let (rows, more) = transaction.range(b"k", b"l", 0, -2).rows().unwrap();
    assert!(!more);
    let wanted: Rows = (0..10u8).map(|n| (vec![b'k', n], vec![n; usize::from(n) * 100])).collect();
    assert_eq!(rows, wanted);
    let limited = transaction.range(b"k", b"l", 3, -2);
    assert_eq!(limited.rows().unwrap(), (wanted[..3].to_vec(), true));
    assert_eq!(limited.rows().unwrap().0, wanted[..3], "the same again: the array is kept");
    assert_eq!(transaction.range(b"x", b"y", 0, -2).rows().unwrap(), (vec![], false));
}

#[test]
fn a_range_read_checks_its_mode() {
    let (_database, transaction) = filled();
    assert_eq!(transaction.range(b"k", b"l", 0, 5).rows(), Err(2000));
    assert_eq!(transaction.range(b"k", b"l", 0, -3).rows(), Err(2000));
    assert_eq!(transaction.range(b"k", b"l", 0, 0).rows(), Err(2210));
    assert_eq!(transaction.range(b"k", b"l", -2, -2).rows(), Err(2012));
    assert_eq!(transaction.range(b"k", b"l", 2, 0).rows().unwrap().0.len(), 2);
    // Another transaction: one that has rows in its cache may give those first, and say that there are more.
    let (_database, transaction) = filled();
    let iteration = |number| {
        let (b, e) = (b"k".as_ptr(), b"l".as_ptr());
        // SAFETY: a live handle, and keys of one byte.
        let future =
            unsafe { fdb_transaction_get_range(transaction.0, b, 1, 0, 1, e, 1, 0, 1, 0, 0, -1, number, 0, 0) };
        Future(future).rows().map(|(rows, _)| rows.len())
    };
    assert_eq!(iteration(0), Err(2000));
    assert_eq!(iteration(1), Ok(10));
}

#[test]
fn keys_versions_and_sizes_are_read() {
    let (_database, transaction) = filled();
    // SAFETY: a live handle and slices, in all of these.
    unsafe {
        let key = Future(fdb_transaction_get_key(transaction.0, b"k".as_ptr(), 1, 0, 3, 0));
        assert_eq!(key.key(), Ok(vec![b'k', 2]));
        let version = Future(fdb_transaction_get_read_version(transaction.0)).int64().unwrap();
        assert!(version > 0);
        transaction.set(b"a", b"b");
        let size = Future(fdb_transaction_get_approximate_size(transaction.0)).int64().unwrap();
        assert!(size > 46, "size {size}");
        let stamp = transaction.versionstamp();
        transaction.commit().done().unwrap();
        let mut committed = 0;
        assert_eq!(fdb_transaction_get_committed_version(transaction.0, &mut committed), 0);
        assert!(committed > version);
        let stamp = stamp.key().unwrap();
        assert_eq!(stamp[..8], committed.to_be_bytes());
        assert_eq!(stamp.len(), 10);
    }
}

#[test]
fn split_points_are_a_list_of_keys() {
    let (_database, transaction) = filled();
    let (begin, end) = (b"k", b"l");
    // SAFETY: a live handle, slices and places to write to.
    unsafe {
        let future =
            fdb_transaction_get_range_split_points(transaction.0, begin.as_ptr(), 1, end.as_ptr(), 1, 10_000_000);
        let future = Future(future);
        future.block().unwrap();
        let (mut keys, mut count) = (null(), 0);
        assert_eq!(fdb_future_get_key_array(future.0, &mut keys, &mut count), 0);
        let keys: Vec<_> =
            (0..count as usize).map(|index| keys.add(index).read()).map(|key| bytes(key.key, key.key_length)).collect();
        assert_eq!(keys, [b"k", b"l"]);
    }
}

#[test]
fn addresses_are_a_list_of_strings() {
    let (_database, transaction) = filled();
    // SAFETY: a live handle, a slice and places to write to.
    unsafe {
        let future = Future(fdb_transaction_get_addresses_for_key(transaction.0, b"k".as_ptr(), 1));
        future.block().unwrap();
        let (mut strings, mut count) = (null_mut(), 0);
        assert_eq!(fdb_future_get_string_array(future.0, &mut strings, &mut count), 0);
        assert!(count > 0);
        assert!(CStr::from_ptr(strings.read()).to_str().unwrap().contains(':'));
    }
}

#[test]
fn a_mapped_range_is_an_array_of_112_byte_structs() {
    let database = Database::memory();
    let transaction = database.transaction();
    // An index ("i", n) of records ("r", n): tuples of a string and an integer.
    let index = |number: u8| [b"\x02i\x00\x15".as_slice(), &[number]].concat();
    let record = |number: u8| [b"\x02r\x00\x15".as_slice(), &[number]].concat();
    for number in 1..4 {
        transaction.set(&index(number), b"");
        transaction.set(&record(number), &[number; 3]);
    }
    transaction.commit().done().unwrap();
    let transaction = database.transaction();
    let (begin, end) = (b"\x02i\x00", b"\x02i\x00\xff");
    let mapper = b"\x02r\x00\x02{K[1]}\x00\x02{...}\x00";
    // SAFETY: a live handle, slices and places to write to.
    unsafe {
        let future = Future(fdb_transaction_get_mapped_range(
            transaction.0,
            begin.as_ptr(),
            length(begin),
            0,
            1,
            end.as_ptr(),
            length(end),
            0,
            1,
            mapper.as_ptr(),
            length(mapper),
            0,
            0,
            -2,
            1,
            0,
            0,
        ));
        assert_eq!(future.done(), Ok(()));
        let (mut mapped, mut count, mut more) = (null(), 0, 1);
        assert_eq!(fdb_future_get_mappedkeyvalue_array(future.0, &mut mapped, &mut count, &mut more), 0);
        assert_eq!((count, more), (3, 0));
        for number in 1..4u8 {
            let row = mapped.add(usize::from(number) - 1).read();
            assert_eq!(bytes(row.key.key, row.key.key_length), index(number));
            let begin = row.getRange.begin.key;
            assert_eq!(bytes(begin.key, begin.key_length), record(number));
            assert_eq!(rows(row.getRange.data, row.getRange.m_size), [(record(number), vec![number; 3])]);
        }
    }
}

#[test]
fn conflict_ranges_are_checked_at_once() {
    let (_database, transaction) = filled();
    let add = |begin: &[u8], end: &[u8], kind| {
        let (b, e) = (begin.as_ptr(), end.as_ptr());
        // SAFETY: a live handle, and slices.
        unsafe { fdb_transaction_add_conflict_range(transaction.0, b, length(begin), e, length(end), kind) }
    };
    assert_eq!(add(b"a", b"b", 0), 0);
    assert_eq!(add(b"a", b"b", 1), 0);
    assert_eq!(add(b"a", b"b", 2), 2000);
    assert_eq!(add(b"b", b"a", 1), 2005);
    assert_eq!(add(b"b", b"a", 2), 2005, "the range is looked at first");
}

#[test]
fn option_numbers_are_checked_at_once_and_values_later() {
    let (database, transaction) = filled();
    // SAFETY: live handles; no value, or one that can be read.
    unsafe {
        assert_eq!(fdb_transaction_set_option(transaction.0, 999_999, null(), 0), 2007);
        assert_eq!(fdb_transaction_set_option(transaction.0, u32::MAX, null(), 0), 2007);
        assert_eq!(fdb_database_set_option(database.0, 999_999, null(), 0), 2007);
        let timeout = FDBTransactionOption_FDB_TR_OPTION_TIMEOUT;
        assert_eq!(fdb_transaction_set_option(transaction.0, timeout, [0u8; 4].as_ptr(), 4), 0);
    }
    assert_eq!(transaction.get(b"k").value(), Err(2006));
}

#[test]
fn a_failed_commit_is_retried_after_on_error() {
    let (database, transaction) = filled();
    transaction.get(b"q").value().unwrap();
    let other = database.transaction();
    other.set(b"q", b"other");
    other.commit().done().unwrap();
    transaction.set(b"q", b"mine");
    assert_eq!(transaction.commit().done(), Err(1020));
    // SAFETY: a live handle.
    assert_eq!(Future(unsafe { fdb_transaction_on_error(transaction.0, 1020) }).done(), Ok(()));
    assert_eq!(transaction.get(b"q").value(), Ok(Some(b"other".to_vec())));
    // SAFETY: as above.
    assert_eq!(Future(unsafe { fdb_transaction_on_error(transaction.0, 2000) }).done(), Err(2000));
}

#[test]
fn a_watch_is_ready_when_the_value_changes() {
    let (database, transaction) = filled();
    // SAFETY: a live handle, and a slice.
    let watch = Future(unsafe { fdb_transaction_watch(transaction.0, b"q".as_ptr(), 1) });
    transaction.commit().done().unwrap();
    assert!(!watch.is_ready());
    let (say, hear) = channel();
    on_ready(watch.0, move |_| say.send(()).unwrap());
    let other = database.transaction();
    other.set(b"q", b"changed");
    other.commit().done().unwrap();
    hear();
    assert_eq!(watch.done(), Ok(()));
}

#[test]
fn tenants_have_their_own_keys() {
    let database = Database::memory();
    let transaction = database.transaction();
    // SAFETY: live handles, slices and places to write to.
    unsafe {
        let writes = FDBTransactionOption_FDB_TR_OPTION_SPECIAL_KEY_SPACE_ENABLE_WRITES;
        assert_eq!(fdb_transaction_set_option(transaction.0, writes, null(), 0), 0);
        transaction.set(b"\xff\xff/management/tenant/map/one", b"");
        transaction.commit().done().unwrap();
        let mut tenant = null_mut();
        assert_eq!(fdb_database_open_tenant(database.0, b"one".as_ptr(), 3, &mut tenant), 0);
        assert!(Future(fdb_tenant_get_id(tenant)).int64().unwrap() > 0);
        let mut inner = null_mut();
        assert_eq!(fdb_tenant_create_transaction(tenant, &mut inner), 0);
        fdb_tenant_destroy(tenant);
        let inner = Transaction(inner);
        inner.set(b"key", b"value");
        inner.commit().done().unwrap();
        assert_eq!(database.transaction().get(b"key").value(), Ok(None));
        assert_eq!(fdb_database_open_tenant(database.0, b"two".as_ptr(), 3, &mut tenant), 0);
        assert_eq!(Future(fdb_tenant_get_id(tenant)).int64(), Err(2131));
        fdb_tenant_destroy(tenant);
    }
}

#[test]
fn what_one_process_cannot_do_is_an_error() {
    let (database, transaction) = filled();
    let (b, e) = (b"a".as_ptr(), b"b".as_ptr());
    let uid = b"0123456789abcdef0123456789abcdef";
    // SAFETY: live handles, slices and places to write to.
    unsafe {
        assert_eq!(Future(fdb_database_blobbify_range(database.0, b, 1, e, 1)).done(), Err(2108));
        assert_eq!(Future(fdb_transaction_get_blob_granule_ranges(transaction.0, b, 1, e, 1, 0)).done(), Err(2108));
        assert_eq!(Future(fdb_database_force_recovery_with_data_loss(database.0, b, 1)).done(), Err(2108));
        assert_eq!(Future(fdb_database_create_snapshot(database.0, uid.as_ptr(), 32, b, 1)).done(), Err(2108));
        assert_eq!(Future(fdb_database_create_snapshot(database.0, uid.as_ptr(), 31, b, 1)).done(), Err(2509));
        assert_eq!(Future(fdb_database_reboot_worker(database.0, b, 1, 0, 0)).int64(), Ok(0));
        assert_eq!(fdb_database_get_main_thread_busyness(database.0), 0.0);
        let result = fdb_readbg_parse_snapshot_file(b, 1, null(), null());
        let (mut rows, mut count, mut more) = (null(), 0, 0);
        assert_eq!(fdb_result_get_keyvalue_array(result, &mut rows, &mut count, &mut more), 2108);
        fdb_result_destroy(result);
    }
}

#[test]
fn the_server_is_one_of_7_3() {
    let database = Database::memory();
    // SAFETY: a live handle and a place to write to.
    unsafe {
        let future = Future(fdb_database_get_server_protocol(database.0, 0));
        future.block().unwrap();
        let mut protocol = 0;
        assert_eq!(fdb_future_get_uint64(future.0, &mut protocol), 0);
        assert_eq!(protocol, 0x0FDB_00B0_7300_0000);
        let status = Future(fdb_database_get_client_status(database.0)).key().unwrap();
        assert!(String::from_utf8(status).unwrap().contains("Healthy"));
    }
}

#[test]
fn errors_have_texts_and_predicates() {
    assert_eq!(text(0), "Success");
    assert_eq!(text(1020), "Transaction not committed due to conflict with another transaction");
    assert_eq!(text(-1), "An unknown error occurred");
    assert_eq!(text(1555), "UNKNOWN_ERROR");
    assert_eq!(text(1020).as_ptr(), text(1020).as_ptr(), "a static string");
    // SAFETY: no pointers are passed.
    let holds = |test, code| unsafe { fdb_error_predicate(test, code) != 0 };
    assert_eq!([50000, 50001, 50002].map(|test| holds(test, 1020)), [true, false, true]);
    assert_eq!([50000, 50001, 50002].map(|test| holds(test, 1021)), [true, true, false]);
    assert_eq!([50000, 50001, 50002].map(|test| holds(test, 1031)), [false, false, false]);
    assert_eq!([50000, 50001, 50002].map(|test| holds(test, 0)), [false, false, false]);
    assert!(!holds(50003, 1020));
}

/// What the caller does with its memory after a call does not matter.
#[test]
fn arguments_are_copied_at_the_call() {
    let database = Database::memory();
    let transaction = database.transaction();
    let (mut key, mut value) = (*b"key", *b"value");
    transaction.set(&key, &value);
    // SAFETY: live handles and slices, in all of these.
    unsafe {
        let one = &mut 1u64.to_le_bytes();
        fdb_transaction_atomic_op(transaction.0, b"sum".as_ptr(), 3, one.as_ptr(), 8, 2);
        one.fill(0xee);
        let kilobyte = &mut 1024u64.to_le_bytes();
        assert_eq!(fdb_transaction_set_option(transaction.0, 503, kilobyte.as_ptr(), 8), 0);
        kilobyte.fill(0xff);
        let (begin, end) = (&mut [b'm'], &mut [b'n']);
        assert_eq!(fdb_transaction_add_conflict_range(transaction.0, begin.as_ptr(), 1, end.as_ptr(), 1, 1), 0);
        (begin[0], end[0]) = (0xff, 0xff);
    }
    let (get, range) = (transaction.get(&key), transaction.range(&key, b"z", 0, -2));
    key.fill(b'z');
    value.fill(b'z');
    assert_eq!(get.value(), Ok(Some(b"value".to_vec())));
    assert_eq!(range.rows().unwrap().0[0], (b"key".to_vec(), b"value".to_vec()));
    // The conflict range is that which was given: who has read there conflicts, and nobody else.
    let [reader, other] = [&b"m"[..], b"z"].map(|read| {
        let reader = database.transaction();
        assert_eq!(reader.get(read).value(), Ok(None));
        reader.set(b"other", b"");
        reader
    });
    transaction.commit().done().unwrap();
    assert_eq!(reader.commit().done(), Err(1020));
    assert_eq!(other.commit().done(), Ok(()));
    let reader = database.transaction();
    assert_eq!(reader.get(b"sum").value(), Ok(Some(1u64.to_le_bytes().to_vec())));
}
