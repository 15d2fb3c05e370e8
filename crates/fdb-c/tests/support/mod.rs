//! What the tests share: the C API as a C program would use it, with its errors as results.

// Each test binary uses a part of it; it is only ever part of tests.
#![allow(dead_code, clippy::unwrap_used)]

use foundationdb_sys::*;
use std::ffi::{CStr, CString, c_int, c_void};
use std::ptr::{null, null_mut};
use std::sync::{Once, mpsc};
use std::time::Duration;

/// How long an event may take that must come. Only a failure waits so long.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub type Code = i32;

pub fn check(code: fdb_error_t) -> Result<(), Code> {
    if code == 0 { Ok(()) } else { Err(code) }
}

/// Selects API version 730, sets the network up and runs it on a thread of its own; once in a process.
pub fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        // SAFETY: no pointers are passed.
        unsafe {
            assert_eq!(fdb_select_api_version_impl(730, FDB_API_VERSION as c_int), 0);
            assert_eq!(fdb_setup_network(), 0);
        }
        // SAFETY: as above.
        std::thread::spawn(|| unsafe { fdb_run_network() });
    });
}

/// A database; destroyed when dropped. So are the handles below.
pub struct Database(pub *mut FDBDatabase);

impl Database {
    /// Opens a target; the network must be set up.
    pub fn create(target: &str) -> Result<Database, Code> {
        let target = CString::new(target).unwrap();
        let mut out = null_mut();
        // SAFETY: a string that ends with a zero byte, and a place to write to.
        check(unsafe { fdb_create_database(target.as_ptr(), &mut out) })?;
        Ok(Database(out))
    }

    /// A new database in memory, with the network running.
    pub fn memory() -> Database {
        start();
        Database::create("memory:").unwrap()
    }

    pub fn transaction(&self) -> Transaction {
        let mut out = null_mut();
        // SAFETY: the database lives; a place to write to.
        assert_eq!(unsafe { fdb_database_create_transaction(self.0, &mut out) }, 0);
        Transaction(out)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // SAFETY: the only destroy.
        unsafe { fdb_database_destroy(self.0) };
    }
}

pub struct Transaction(pub *mut FDBTransaction);

impl Transaction {
    pub fn set(&self, key: &[u8], value: &[u8]) {
        // SAFETY: a live handle, and slices.
        unsafe { fdb_transaction_set(self.0, key.as_ptr(), length(key), value.as_ptr(), length(value)) };
    }

    pub fn get(&self, key: &[u8]) -> Future {
        // SAFETY: a live handle, and a slice.
        Future(unsafe { fdb_transaction_get(self.0, key.as_ptr(), length(key), 0) })
    }

    pub fn commit(&self) -> Future {
        // SAFETY: a live handle.
        Future(unsafe { fdb_transaction_commit(self.0) })
    }

    /// Never ready before the transaction commits.
    pub fn versionstamp(&self) -> Future {
        // SAFETY: a live handle.
        Future(unsafe { fdb_transaction_get_versionstamp(self.0) })
    }

    /// All rows in `[begin, end)`, as one read gives them.
    pub fn range(&self, begin: &[u8], end: &[u8], limit: c_int, mode: FDBStreamingMode) -> Future {
        let (b, e) = (begin.as_ptr(), end.as_ptr());
        // SAFETY: a live handle, and slices.
        Future(unsafe {
            fdb_transaction_get_range(self.0, b, length(begin), 0, 1, e, length(end), 0, 1, limit, 0, mode, 1, 0, 0)
        })
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // SAFETY: the only destroy.
        unsafe { fdb_transaction_destroy(self.0) };
    }
}

pub struct Future(pub *mut FDBFuture);

impl Future {
    pub fn is_ready(&self) -> bool {
        // SAFETY: a live handle.
        unsafe { fdb_future_is_ready(self.0) != 0 }
    }

    pub fn error(&self) -> Code {
        // SAFETY: a live handle.
        unsafe { fdb_future_get_error(self.0) }
    }

    pub fn block(&self) -> Result<(), Code> {
        // SAFETY: a live handle.
        check(unsafe { fdb_future_block_until_ready(self.0) })
    }

    pub fn cancel(&self) {
        // SAFETY: a live handle.
        unsafe { fdb_future_cancel(self.0) };
    }

    pub fn release(&self) {
        // SAFETY: a live handle.
        unsafe { fdb_future_release_memory(self.0) };
    }

    /// Waits; the error if it is one.
    pub fn done(&self) -> Result<(), Code> {
        self.block()?;
        check(self.error())
    }

    pub fn value(&self) -> Result<Option<Vec<u8>>, Code> {
        self.block()?;
        let (mut present, mut pointer, mut count) = (0, null(), 0);
        // SAFETY: a live handle and places to write to; what it points to lives as long as the future.
        unsafe {
            check(fdb_future_get_value(self.0, &mut present, &mut pointer, &mut count))?;
            Ok((present != 0).then(|| bytes(pointer, count)))
        }
    }

    pub fn key(&self) -> Result<Vec<u8>, Code> {
        self.block()?;
        let (mut pointer, mut count) = (null(), 0);
        // SAFETY: as in `value`.
        unsafe {
            check(fdb_future_get_key(self.0, &mut pointer, &mut count))?;
            Ok(bytes(pointer, count))
        }
    }

    pub fn int64(&self) -> Result<i64, Code> {
        self.block()?;
        let mut out = 0;
        // SAFETY: a live handle and a place to write to.
        check(unsafe { fdb_future_get_int64(self.0, &mut out) })?;
        Ok(out)
    }

    /// The rows of a range read and whether there may be more.
    pub fn rows(&self) -> Result<(Rows, bool), Code> {
        self.block()?;
        let (mut pointer, mut count, mut more) = (null(), 0, 0);
        // SAFETY: as in `value`.
        unsafe {
            check(fdb_future_get_keyvalue_array(self.0, &mut pointer, &mut count, &mut more))?;
            Ok((rows(pointer, count), more != 0))
        }
    }
}

impl Drop for Future {
    fn drop(&mut self) {
        // SAFETY: the only destroy.
        unsafe { fdb_future_destroy(self.0) };
    }
}

pub type Rows = Vec<(Vec<u8>, Vec<u8>)>;

/// The rows of a C array.
///
/// # Safety
/// `count` rows can be read at `pointer`.
pub unsafe fn rows(pointer: *const FDBKeyValue, count: c_int) -> Rows {
    let row = |index: c_int| {
        // SAFETY: the caller's promise; the structs are packed, so they are copied out.
        unsafe {
            let row = pointer.add(index as usize).read();
            (bytes(row.key, row.key_length), bytes(row.value, row.value_length))
        }
    };
    (0..count).map(row).collect()
}

/// # Safety
/// `count` bytes can be read at `pointer`.
pub unsafe fn bytes(pointer: *const u8, count: c_int) -> Vec<u8> {
    if count == 0 {
        return Vec::new();
    }
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(pointer, count as usize) }.to_vec()
}

pub fn length(bytes: &[u8]) -> c_int {
    c_int::try_from(bytes.len()).unwrap()
}

pub fn text(code: fdb_error_t) -> &'static str {
    // SAFETY: a static string.
    unsafe { CStr::from_ptr(fdb_get_error(code)) }.to_str().unwrap()
}

/// Has a closure called as the callback of a future. The sender it returns its answer through must not be dropped before.
pub fn on_ready<F: FnOnce(*mut FDBFuture) + Send + 'static>(future: *mut FDBFuture, callback: F) {
    unsafe extern "C" fn call<F: FnOnce(*mut FDBFuture)>(future: *mut FDBFuture, parameter: *mut c_void) {
        // SAFETY: the parameter is the box made below, and a callback comes once.
        let callback = unsafe { Box::from_raw(parameter.cast::<F>()) };
        callback(future);
    }
    let parameter = Box::into_raw(Box::new(callback)).cast();
    // SAFETY: a live handle; the callback takes the parameter it goes with.
    assert_eq!(unsafe { fdb_future_set_callback(future, Some(call::<F>), parameter) }, 0);
}

/// A callback's way to say something, and the test's to hear it in time.
pub fn channel<T>() -> (mpsc::Sender<T>, impl Fn() -> T) {
    let (sender, receiver) = mpsc::channel();
    (sender, move || receiver.recv_timeout(PATIENCE).unwrap())
}

/// Builds the stand-in for FoundationDB's libfdb_c that lies beside the tests, with these macros defined.
#[cfg(unix)]
pub fn build_fake_library(name: &str, defined: &[&str]) -> std::path::PathBuf {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/fake_libfdb_c.c");
    let library = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.so", std::process::id()));
    let mut compiler = std::process::Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-pthread", "-o"]).arg(&library).arg(source);
    let status = compiler.args(defined.iter().map(|name| format!("-D{name}"))).status().unwrap();
    assert!(status.success(), "the C compiler gave {status}");
    library
}

/// What a database that could not be opened says about it, and the error of its operations.
pub fn open_failure(database: &Database) -> (Code, String) {
    let transaction = database.transaction();
    let message = transaction.get(b"\xff\xff/found/open_error").value().unwrap().unwrap();
    let code = transaction.get(b"key").value().unwrap_err();
    transaction.set(b"key", b"value");
    assert_eq!(transaction.commit().done(), Err(code));
    assert_eq!(database.transaction().commit().done(), Err(code), "a commit of nothing too");
    (code, String::from_utf8(message).unwrap())
}
