//! The life of a future: readiness, callbacks, cancelling, destroying, the memory of its answer.

mod support;

use foundationdb_sys::*;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use support::*;

#[test]
fn a_value_is_read_once_it_is_ready() {
    let database = Database::memory();
    let transaction = database.transaction();
    transaction.set(b"key", b"value");
    assert_eq!(transaction.get(b"key").value(), Ok(Some(b"value".to_vec())));
    assert_eq!(transaction.get(b"other").value(), Ok(None));
    let empty = transaction.get(b"other");
    let (mut present, untouched) = (1, [7u8]);
    let (mut pointer, mut count) = (untouched.as_ptr(), 7);
    empty.block().unwrap();
    // SAFETY: a live handle and places to write to.
    assert_eq!(unsafe { fdb_future_get_value(empty.0, &mut present, &mut pointer, &mut count) }, 0);
    assert_eq!(
        (present, pointer, count),
        (0, untouched.as_ptr(), 7),
        "where there is no value, only out_present is set"
    );
}

#[test]
fn a_future_that_is_not_ready_gives_2015() {
    let database = Database::memory();
    let transaction = database.transaction();
    let stamp = transaction.versionstamp();
    assert!(!stamp.is_ready());
    assert_eq!(stamp.error(), 2015);
    let (mut pointer, mut count) = (null(), 0);
    // SAFETY: a live handle and places to write to.
    assert_eq!(unsafe { fdb_future_get_key(stamp.0, &mut pointer, &mut count) }, 2015);
    stamp.release();
    assert_eq!(stamp.error(), 2015, "a release without a read frees nothing");
}

#[test]
fn a_getter_of_another_type_gives_an_error() {
    let database = Database::memory();
    let transaction = database.transaction();
    let value = transaction.get(b"key");
    assert_eq!(value.done(), Ok(()));
    assert_eq!(value.int64(), Err(2000));
    assert_eq!(value.key(), Err(2000));
    assert!(value.rows().is_err());
    assert_eq!(value.value(), Ok(None), "and the value can still be read");
}

#[test]
fn an_error_is_given_by_every_getter() {
    let database = Database::memory();
    let transaction = database.transaction();
    let failed = transaction.get(b"\xff\xff\xff");
    assert_eq!(failed.block(), Ok(()), "waiting succeeds whatever the answer is");
    let error = failed.error();
    assert_ne!(error, 0);
    assert_eq!(failed.value(), Err(error));
    assert_eq!(failed.int64(), Err(error));
    failed.release();
    assert_eq!(failed.error(), error);
}

#[test]
fn memory_is_released_with_the_last_read() {
    let database = Database::memory();
    let transaction = database.transaction();
    transaction.set(b"key", b"value");
    let future = transaction.get(b"key");
    assert_eq!(future.value(), Ok(Some(b"value".to_vec())));
    assert_eq!(future.value(), Ok(Some(b"value".to_vec())));
    future.release();
    assert_eq!(future.value(), Ok(Some(b"value".to_vec())), "one of two reads was released; this is a third");
    future.release();
    future.release();
    assert!(future.is_ready());
    assert_eq!(future.error(), 1102);
    assert_eq!(future.value(), Err(1102));
    // A release that comes first leaves one read that does not count.
    let future = transaction.get(b"key");
    future.block().unwrap();
    future.release();
    assert_eq!(future.value(), Ok(Some(b"value".to_vec())));
    future.release();
    assert_eq!(future.error(), 0);
}

#[test]
fn a_value_outlives_its_transaction_and_database() {
    let database = Database::memory();
    let transaction = database.transaction();
    transaction.set(b"key", b"value");
    let (value, rows) = (transaction.get(b"key"), transaction.range(b"", b"\xff", 0, -2));
    value.block().unwrap();
    rows.block().unwrap();
    drop(transaction);
    drop(database);
    assert_eq!(value.value(), Ok(Some(b"value".to_vec())));
    assert_eq!(rows.rows(), Ok((vec![(b"key".to_vec(), b"value".to_vec())], false)));
}

#[test]
fn a_callback_on_a_ready_future_runs_at_once_on_the_callers_thread() {
    let database = Database::memory();
    let transaction = database.transaction();
    let future = transaction.get(b"key");
    future.block().unwrap();
    let caller = thread::current().id();
    let (say, hear) = channel();
    on_ready(future.0, move |future| say.send((thread::current().id(), future.addr())).unwrap());
    assert_eq!(hear(), (caller, future.0.addr()), "before set_callback returned, with the caller's pointer");
}

#[test]
fn a_callback_runs_when_the_future_becomes_ready() {
    let database = Database::memory();
    let transaction = database.transaction();
    transaction.set(b"key", b"value");
    let stamp = transaction.versionstamp();
    let (say, hear) = channel();
    on_ready(stamp.0, move |future| {
        let (mut pointer, mut count) = (null(), 0);
        // SAFETY: in its callback the future lives.
        say.send(unsafe { (fdb_future_get_key(future, &mut pointer, &mut count), count) }).unwrap();
    });
    assert_eq!(transaction.commit().done(), Ok(()));
    assert_eq!(hear(), (0, 10));
}

#[test]
fn several_callbacks_run_in_reverse_order_once_each() {
    let database = Database::memory();
    let transaction = database.transaction();
    let stamp = transaction.versionstamp();
    let order = Arc::new(Mutex::new(Vec::new()));
    for number in 0..3 {
        let order = order.clone();
        on_ready(stamp.0, move |_| order.lock().unwrap().push(number));
    }
    stamp.cancel();
    stamp.cancel();
    assert_eq!(*order.lock().unwrap(), [2, 1, 0]);
}

#[test]
fn cancelling_gives_1101_and_runs_the_callback() {
    let database = Database::memory();
    let transaction = database.transaction();
    let stamp = transaction.versionstamp();
    let (say, hear) = channel();
    // SAFETY: in its callback the future lives.
    on_ready(stamp.0, move |future| say.send(unsafe { fdb_future_get_error(future) }).unwrap());
    stamp.cancel();
    assert_eq!(hear(), 1101);
    assert_eq!(stamp.error(), 1101);
}

#[test]
fn cancelling_a_ready_future_does_nothing() {
    let database = Database::memory();
    let transaction = database.transaction();
    let future = transaction.get(b"key");
    future.block().unwrap();
    future.cancel();
    assert_eq!(future.value(), Ok(None));
}

#[test]
fn destroying_a_future_that_is_not_ready_runs_its_callback_with_1101() {
    let database = Database::memory();
    let transaction = database.transaction();
    let stamp = transaction.versionstamp();
    let (say, hear) = channel();
    // SAFETY: in its callback the future lives, destroyed or not.
    on_ready(stamp.0, move |future| say.send(unsafe { fdb_future_get_error(future) }).unwrap());
    drop(stamp);
    assert_eq!(hear(), 1101);
}

#[test]
fn a_callback_may_destroy_its_future() {
    let database = Database::memory();
    let transaction = database.transaction();
    let destroyed = Arc::new(AtomicUsize::new(0));
    let destroy = |future: Future, when: &dyn Fn(*mut FDBFuture)| {
        let pointer = future.0;
        std::mem::forget(future);
        let destroyed = destroyed.clone();
        on_ready(pointer, move |future| {
            // SAFETY: the only destroy.
            unsafe { fdb_future_destroy(future) };
            destroyed.fetch_add(1, Ordering::Relaxed);
        });
        when(pointer);
    };
    let ready = transaction.get(b"key");
    ready.block().unwrap();
    destroy(ready, &|_| ());
    // SAFETY: the future lives until its callback, which this call runs.
    destroy(transaction.versionstamp(), &|future| unsafe { fdb_future_cancel(future) });
    transaction.set(b"key", b"value");
    destroy(transaction.versionstamp(), &|_| transaction.commit().done().unwrap());
    assert_eq!(destroyed.load(Ordering::Relaxed), 3);
}

#[test]
fn waiting_in_a_callback_is_an_error_unless_the_future_is_ready() {
    let database = Database::memory();
    let transaction = database.transaction();
    let ready = transaction.get(b"key");
    ready.block().unwrap();
    let other = database.transaction();
    let never = other.versionstamp();
    let stamp = transaction.versionstamp();
    let (say, hear) = channel();
    let (ready_address, never_address) = (ready.0.expose_provenance(), never.0.expose_provenance());
    on_ready(stamp.0, move |_| {
        let pointer = std::ptr::with_exposed_provenance_mut;
        // SAFETY: both futures live until the test has heard.
        let codes = unsafe {
            (fdb_future_block_until_ready(pointer(ready_address)), fdb_future_block_until_ready(pointer(never_address)))
        };
        say.send(codes).unwrap();
    });
    stamp.cancel();
    assert_eq!(hear(), (0, 2026));
}

#[test]
fn a_thread_that_waits_wakes_when_another_cancels() {
    let database = Database::memory();
    let transaction = database.transaction();
    let stamp = transaction.versionstamp();
    let address = stamp.0.expose_provenance();
    let waiter = thread::spawn(move || {
        // SAFETY: the future lives until this thread is joined.
        unsafe { fdb_future_block_until_ready(std::ptr::with_exposed_provenance_mut(address)) }
    });
    stamp.cancel();
    assert_eq!(waiter.join().unwrap(), 0);
    assert_eq!(stamp.error(), 1101);
}

#[test]
fn a_null_handle_is_an_error_and_no_crash() {
    start();
    // SAFETY: null is what is tested.
    unsafe {
        assert_eq!(fdb_future_get_error(null_mut()), 2000);
        assert_eq!(fdb_future_block_until_ready(null_mut()), 2000);
        fdb_future_destroy(null_mut());
        fdb_transaction_destroy(null_mut());
        fdb_database_destroy(null_mut());
        assert_eq!(Future(fdb_transaction_commit(null_mut())).error(), 2000);
    }
}
