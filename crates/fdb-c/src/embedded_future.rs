//! The future of an embedded database: an answer of the engine with the life cycle that the C API gives it.
//!
//! Invariants:
//! - a callback runs exactly once: inside `set_callback` if the future is ready then, otherwise on the thread that
//!   completes or cancels the future. It holds a share of the future, so the pointer it gets is good even if the caller
//!   has destroyed the future meanwhile;
//! - the answer is replaced only when its memory is released, and never while somebody reads it: readers hold `answer`
//!   for reading, the release only tries to lock it for writing. As no writer ever waits, a reader may read again
//!   from within a callback;
//! - a future that is ready when it is made costs one allocation, and to ask for its state costs one load.

use crate::arrays::{Array, MappedArray, StringArray};
use crate::error::Failure;
use crate::handle;
use crate::types::{FDBCallback, FDBFuture, FDBKey, FDBKeyValue};
use engine::{Future, MappedRows, Rows};
use std::cell::Cell;
use std::ffi::c_void;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard};

/// What a future holds, by the getter that reads it. Lists keep the C array that their getter built.
pub(crate) enum Answer {
    Void(Future<()>),
    Int64(Future<i64>),
    Uint64(Future<u64>),
    Double(Future<f64>),
    Key(Future<Vec<u8>>),
    Stamp(Future<[u8; 10]>),
    Value(Future<Option<Vec<u8>>>),
    Rows(Future<Rows>, OnceLock<Array<FDBKeyValue>>),
    MappedRows(Future<MappedRows>, OnceLock<MappedArray>),
    Keys(Future<Vec<Vec<u8>>>, OnceLock<Array<FDBKey>>),
    Strings(Future<Vec<String>>, OnceLock<StringArray>),
    Failed(Failure),
}

/// What all the engine's futures can do, whatever they hold.
trait Eventual {
    /// The error, or that there is none, if it is known.
    fn outcome(&self) -> Option<engine::Result<()>>;
    fn wait_for_it(&self);
    fn give_up(&self);
    fn then(&self, callback: Box<dyn FnOnce() + Send>);
}

impl<T> Eventual for Future<T> {
    fn outcome(&self) -> Option<engine::Result<()>> {
        self.peek().map(|result| result.as_ref().map(|_| ()).map_err(|error| *error))
    }
    fn wait_for_it(&self) {
        self.wait();
    }
    fn give_up(&self) {
        self.cancel();
    }
    fn then(&self, callback: Box<dyn FnOnce() + Send>) {
        self.on_ready(callback);
    }
}

impl Answer {
    /// The future of this answer, as a pointer for the caller to destroy.
    pub(crate) fn into_raw(self) -> *mut FDBFuture {
        let status = self.status();
        handle::give(EmbeddedFuture {
            status: AtomicI32::new(status),
            gets: AtomicI32::new(0),
            answer: RwLock::new(self),
        })
    }

    fn eventual(&self) -> Result<&dyn Eventual, Failure> {
        Ok(match self {
            Answer::Void(future) => future,
            Answer::Int64(future) => future,
            Answer::Uint64(future) => future,
            Answer::Double(future) => future,
            Answer::Key(future) => future,
            Answer::Stamp(future) => future,
            Answer::Value(future) => future,
            Answer::Rows(future, _) => future,
            Answer::MappedRows(future, _) => future,
            Answer::Keys(future, _) => future,
            Answer::Strings(future, _) => future,
            Answer::Failed(failure) => return Err(*failure),
        })
    }

    fn status(&self) -> i32 {
        match self.eventual().map(|future| future.outcome()) {
            Err(failure) => failure.0,
            Ok(None) => PENDING,
            Ok(Some(Ok(()))) => READY,
            Ok(Some(Err(error))) => error.code(),
        }
    }
}

const PENDING: i32 = -1;
const READY: i32 = 0;

/// See the module. Aligned so that the lowest bit of its address is free.
#[repr(align(8))]
pub(crate) struct EmbeddedFuture {
    /// [`PENDING`], [`READY`] or an error code: what was last seen of the answer. Once it is not [`PENDING`], it changes
    /// only to `future_released`.
    status: AtomicI32,
    /// How many more getters than releases have been called.
    gets: AtomicI32,
    answer: RwLock<Answer>,
}

impl EmbeddedFuture {
    fn answer(&self) -> RwLockReadGuard<'_, Answer> {
        self.answer.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn status(&self) -> i32 {
        match self.status.load(Ordering::Acquire) {
            PENDING => {
                let status = self.answer().status();
                if status != PENDING {
                    // A release may have come first; its status stays.
                    let _ = self.status.compare_exchange(PENDING, status, Ordering::AcqRel, Ordering::Relaxed);
                }
                status
            }
            status => status,
        }
    }

    /// Whether the answer, value or error, is known.
    pub(crate) fn is_ready(&self) -> bool {
        self.status() != PENDING
    }

    /// Fails with the answer's error, or with 2015 if the answer is not known yet.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match self.status() {
            PENDING => Err(Failure::FUTURE_NOT_SET),
            READY => Ok(()),
            code => Err(Failure(code)),
        }
    }

    /// Reads a value out of the answer with `get`, which gives none if the answer holds another type (2000). What it
    /// points to in the answer stays until as many releases as reads.
    pub(crate) fn read<T>(&self, get: impl FnOnce(&Answer) -> Option<T>) -> Result<T, Failure> {
        self.check()?;
        let answer = self.answer();
        let value = match &*answer {
            Answer::Failed(failure) => return Err(*failure),
            answer => get(answer).ok_or(Failure::CLIENT_INVALID_OPERATION)?,
        };
        self.gets.fetch_add(1, Ordering::Relaxed);
        Ok(value)
    }

    /// Takes one read back; with the last one, the value is dropped and the future is in error 1102.
    pub(crate) fn release_memory(&self) {
        if self.gets.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.status.store(Failure::FUTURE_RELEASED.0, Ordering::Release);
            // Where somebody is reading just now, the memory stays until the future is destroyed.
            if let Ok(mut answer) = self.answer.try_write() {
                *answer = Answer::Failed(Failure::FUTURE_RELEASED);
            }
        }
    }

    /// Waits for the answer. A callback must not: it may be on the very thread that brings it (2026).
    pub(crate) fn block_until_ready(&self) -> Result<(), Failure> {
        if self.is_ready() {
            return Ok(());
        }
        if IN_CALLBACK.get() {
            return Err(Failure::BLOCKED_FROM_NETWORK_THREAD);
        }
        if let Ok(future) = self.answer().eventual() {
            future.wait_for_it();
        }
        Ok(())
    }

    /// Completes the future with 1101 if it is not ready. Its callbacks run before this returns.
    pub(crate) fn cancel(&self) {
        if !self.is_ready()
            && let Ok(future) = self.answer().eventual()
        {
            future.give_up();
        }
    }

    /// Registers a callback; see the module's invariants.
    pub(crate) fn set_callback(this: &Arc<Self>, callback: Callback) {
        if this.is_ready() {
            return callback.run(handle::pointer(this));
        }
        if let Ok(future) = this.answer().eventual() {
            let share = this.clone();
            future.then(Box::new(move || {
                let outer = IN_CALLBACK.replace(true);
                callback.run(handle::pointer(&share));
                IN_CALLBACK.set(outer);
            }));
        }
    }
}

thread_local! {
    /// Whether this thread is completing a future and running a callback of it.
    static IN_CALLBACK: Cell<bool> = const { Cell::new(false) };
}

/// A callback of the caller with the parameter it gets.
pub(crate) struct Callback {
    function: FDBCallback,
    parameter: *mut c_void,
}

// SAFETY: by the contract of the C API a callback and its parameter may be used from any thread.
unsafe impl Send for Callback {}

impl Callback {
    pub(crate) fn new(function: FDBCallback, parameter: *mut c_void) -> Self {
        Callback { function, parameter }
    }

    fn run(self, future: *mut FDBFuture) {
        if let Some(function) = self.function {
            // SAFETY: the caller gave the function for this use; the future lives, as whoever runs this holds a share.
            unsafe { function(future, self.parameter) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fdb_future_cancel, fdb_future_destroy, fdb_future_get_error, fdb_future_set_callback};
    use engine::Promise;
    use std::sync::atomic::AtomicUsize;
    use std::thread;

    /// What a callback has seen: how often it ran, and the error last.
    #[derive(Default)]
    struct Seen {
        times: AtomicUsize,
        error: AtomicI32,
    }

    unsafe extern "C" fn note(future: *mut FDBFuture, parameter: *mut c_void) {
        // SAFETY: the tests pass a Seen that outlives the future, and in its callback the future lives.
        let (seen, error) = unsafe { (&*parameter.cast::<Seen>(), fdb_future_get_error(future)) };
        seen.times.fetch_add(1, Ordering::SeqCst);
        seen.error.store(error, Ordering::SeqCst);
    }

    /// A future with a callback that notes in `seen`, and what completes it.
    fn pending(seen: &Seen) -> (Promise<i64>, *mut FDBFuture) {
        let (promise, future) = Promise::new();
        let raw = Answer::Int64(future).into_raw();
        // SAFETY: the future was just made; `seen` outlives it.
        let code = unsafe { fdb_future_set_callback(raw, Some(note), (&raw const *seen).cast_mut().cast()) };
        assert_eq!(code, 0);
        (promise, raw)
    }

    #[test]
    fn a_completed_future_runs_its_callback_and_keeps_its_value() {
        let seen = Seen::default();
        let (promise, raw) = pending(&seen);
        assert_eq!(seen.times.load(Ordering::SeqCst), 0);
        assert!(promise.complete(Ok(7)));
        assert_eq!((seen.times.into_inner(), seen.error.into_inner()), (1, 0));
        // SAFETY: the future is live until the last line.
        unsafe {
            fdb_future_cancel(raw);
            assert_eq!(handle::borrow(raw).read(crate::future::int64), Ok(7));
            fdb_future_destroy(raw);
        }
    }

    #[test]
    fn a_dropped_promise_breaks_its_future() {
        let seen = Seen::default();
        let (promise, raw) = pending(&seen);
        drop(promise);
        assert_eq!((seen.times.into_inner(), seen.error.into_inner()), (1, 1100));
        // SAFETY: the only destroy.
        unsafe { fdb_future_destroy(raw) };
    }

    #[test]
    fn whoever_comes_first_the_callback_runs_once() {
        for _ in 0..500 {
            let seen = Seen::default();
            let (promise, raw) = pending(&seen);
            let address = raw.expose_provenance();
            thread::scope(|scope| {
                scope.spawn(|| promise.complete(Ok(7)));
                // SAFETY: the only destroy, and nothing else uses the pointer.
                scope.spawn(move || unsafe { fdb_future_destroy(std::ptr::with_exposed_provenance_mut(address)) });
            });
            assert_eq!(seen.times.into_inner(), 1);
            assert!(matches!(seen.error.into_inner(), 0 | 1101));
        }
    }
}
