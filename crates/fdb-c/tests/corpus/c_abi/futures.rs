//! Futures that live: what getters have given of them, and their callbacks.

use arbitrary::{Arbitrary, Result, Unstructured};
use foundationdb_sys::*;
use std::ffi::{CStr, c_int, c_void};
use std::ptr::{null, null_mut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// How long a callback may take to come that must. Only a failure waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Slot {
    pub future: *mut FDBFuture,
    /// Whether it ends by itself, so that it may be waited for.
    pub ends: bool,
    /// Whether it was destroyed, by us or by a callback.
    gone: Arc<AtomicBool>,
    callbacks: Vec<Arc<Callback>>,
    /// What getters pointed to, and what was there.
    given: Vec<(*const u8, Vec<u8>)>,
}

/// What a callback does and how often it ran.
struct Callback {
    action: Action,
    /// The thread of the calls. On others the future may be destroyed meanwhile by it, so there it is left alone.
    home: ThreadId,
    gone: Arc<AtomicBool>,
    transaction: *mut FDBTransaction,
    ran: AtomicUsize,
}

// SAFETY: the transaction may be used from any thread, and lives to the end.
unsafe impl Send for Callback {}
// SAFETY: as above; the rest is atomic or does not change.
unsafe impl Sync for Callback {}

#[derive(Arbitrary, Clone, Copy)]
enum Action {
    Nothing,
    Destroy,
    Cancel,
    Block,
    Read,
    Commit,
    CancelTransaction,
    ResetTransaction,
}

impl Slot {
    pub fn new(future: *mut FDBFuture, ends: bool) -> Slot {
        assert!(!future.is_null());
        Slot { future, ends, gone: Arc::default(), callbacks: Vec::new(), given: Vec::new() }
    }

    pub fn is_gone(&self) -> bool {
        self.gone.load(Ordering::SeqCst)
    }

    pub fn destroy(&mut self) {
        if !self.gone.swap(true, Ordering::SeqCst) {
            self.check_given();
            // SAFETY: the only destroy, as the flag was not set.
            unsafe { fdb_future_destroy(self.future) };
        }
        self.given.clear();
    }

    /// What getters have given must still be there.
    pub fn check_given(&self) {
        for (pointer, copy) in &self.given {
            // SAFETY: the future lives and its memory was not released since.
            assert_eq!(unsafe { bytes(*pointer, copy.len() as c_int) }, copy);
        }
    }

    pub fn release(&mut self) {
        self.check_given();
        self.given.clear();
        // SAFETY: the future lives.
        unsafe { fdb_future_release_memory(self.future) };
    }

    /// Whether every callback is done.
    pub fn callbacks_came(&self) -> bool {
        self.callbacks.iter().all(|callback| Arc::strong_count(callback) == 1)
    }

    /// Every callback has come, once. The future was destroyed.
    pub fn check_callbacks(&self) {
        for callback in &self.callbacks {
            let until = Instant::now() + PATIENCE;
            while Arc::strong_count(callback) > 1 {
                assert!(Instant::now() < until, "a callback does not come");
                thread::yield_now();
            }
            assert_eq!(callback.ran.load(Ordering::SeqCst), 1);
        }
    }

    /// Sets a callback, which may use the transaction. That lives to the end.
    pub fn set_callback(&mut self, input: &mut Unstructured<'_>, transaction: *mut FDBTransaction) -> Result<()> {
        let callback = Arc::new(Callback {
            action: input.arbitrary()?,
            home: thread::current().id(),
            gone: self.gone.clone(),
            transaction,
            ran: AtomicUsize::new(0),
        });
        self.callbacks.push(callback.clone());
        let parameter = Arc::into_raw(callback).cast_mut().cast();
        // SAFETY: the future lives; the callback takes the share that goes with it, once.
        assert_eq!(unsafe { fdb_future_set_callback(self.future, Some(called), parameter) }, 0);
        Ok(())
    }
}

unsafe extern "C" fn called(future: *mut FDBFuture, parameter: *mut c_void) {
    // SAFETY: `set_callback` gave a share of it, and a callback comes once.
    let callback = unsafe { Arc::from_raw(parameter.cast::<Callback>()) };
    callback.ran.fetch_add(1, Ordering::SeqCst);
    let ours = thread::current().id() == callback.home && !callback.gone.load(Ordering::SeqCst);
    let transaction = callback.transaction;
    // SAFETY: the future is used only where no other thread can have destroyed it; the transaction lives to the end.
    unsafe {
        match callback.action {
            Action::Destroy if ours => {
                callback.gone.store(true, Ordering::SeqCst);
                fdb_future_destroy(future);
            }
            Action::Cancel if ours => fdb_future_cancel(future),
            Action::Block if ours => assert_eq!(fdb_future_block_until_ready(future), 0, "it is ready"),
            Action::Read => fdb_future_destroy(fdb_transaction_get(transaction, b"a".as_ptr(), 1, 0)),
            Action::Commit => fdb_future_destroy(fdb_transaction_commit(transaction)),
            Action::CancelTransaction => fdb_transaction_cancel(transaction),
            Action::ResetTransaction => fdb_transaction_reset(transaction),
            _ => {}
        }
    }
}

/// # Safety
/// `count` bytes can be read at `pointer`.
unsafe fn bytes<'a>(pointer: *const u8, count: c_int) -> &'a [u8] {
    if count == 0 {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(pointer, usize::try_from(count).unwrap()) }
}

/// How many getters there are.
pub const GETTERS: u8 = 13;

impl Slot {
    /// Reads what the future holds, with a getter that may be of another type.
    pub fn get(&mut self, getter: u8) {
        let f = self.future;
        let (mut pointer, mut count, mut flag) = (null(), -7, -7);
        // SAFETY: the future lives, and all that is passed are places to write to. What a getter that gave no error
        // points to can be read.
        unsafe {
            match getter {
                0 => {
                    fdb_future_get_int64(f, &mut 0);
                }
                1 => {
                    fdb_future_get_uint64(f, &mut 0);
                }
                2 => {
                    fdb_future_get_double(f, &mut 0.0);
                }
                3 => {
                    fdb_future_get_bool(f, &mut 0);
                }
                4 => {
                    if fdb_future_get_key(f, &mut pointer, &mut count) == 0 {
                        self.note(pointer, count);
                    }
                }
                5 => {
                    if fdb_future_get_value(f, &mut flag, &mut pointer, &mut count) == 0 && flag != 0 {
                        self.note(pointer, count);
                    }
                }
                6 => {
                    let mut rows = null();
                    if fdb_future_get_keyvalue_array(f, &mut rows, &mut count, &mut flag) == 0 {
                        self.note_rows(rows, count);
                    }
                }
                7 => {
                    let mut rows = null();
                    if fdb_future_get_mappedkeyvalue_array(f, &mut rows, &mut count, &mut flag) == 0 {
                        for index in 0..count as usize {
                            let row = rows.add(index).read();
                            for key in [row.key, row.value, row.getRange.begin.key, row.getRange.end.key] {
                                self.note(key.key, key.key_length);
                            }
                            self.note_rows(row.getRange.data, row.getRange.m_size);
                        }
                    }
                }
                8 => {
                    let mut keys = null();
                    if fdb_future_get_key_array(f, &mut keys, &mut count) == 0 {
                        for index in 0..count as usize {
                            let key = keys.add(index).read();
                            self.note(key.key, key.key_length);
                        }
                    }
                }
                9 => {
                    let mut texts = null_mut();
                    if fdb_future_get_string_array(f, &mut texts, &mut count) == 0 {
                        for index in 0..count as usize {
                            let text = CStr::from_ptr(*texts.add(index)).to_bytes_with_nul();
                            self.note(text.as_ptr(), text.len() as c_int);
                        }
                    }
                }
                10 => assert_ne!(fdb_future_get_keyrange_array(f, &mut null(), &mut count), 0),
                11 => assert_ne!(fdb_future_get_granule_summary_array(f, &mut null(), &mut count), 0),
                _ => assert_ne!(fdb_future_readbg_get_descriptions(f, &mut null_mut(), &mut count), 0),
            }
        }
    }

    /// # Safety
    /// `count` bytes can be read at `pointer`, as long as the future lives.
    unsafe fn note(&mut self, pointer: *const u8, count: c_int) {
        // SAFETY: the caller's promise.
        self.given.push((pointer, unsafe { bytes(pointer, count) }.to_vec()));
    }

    /// # Safety
    /// `count` rows can be read at `rows`, as long as the future lives.
    unsafe fn note_rows(&mut self, rows: *const FDBKeyValue, count: c_int) {
        for index in 0..count as usize {
            // SAFETY: the caller's promise.
            unsafe {
                let row = rows.add(index).read();
                self.note(row.key, row.key_length);
                self.note(row.value, row.value_length);
            }
        }
    }
}
