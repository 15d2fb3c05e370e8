//! A value that is ready, or will be.
//!
//! Nearly every answer of the engine is known when the call returns, so a [`Future`] that is ready costs no
//! allocation and no lock. One that has to wait (a commit that syncs, a watch, a retry delay) is shared with the
//! [`Promise`] that completes it.
//!
//! Invariants:
//! - a future is completed at most once; later completions are ignored;
//! - a callback runs exactly once: on the registering thread if the future is ready, otherwise on the thread that
//!   completes it, with no lock of the engine held. There, one that panics harms no other.

use crate::error::{Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};

type Callback = Box<dyn FnOnce() + Send>;

/// The answer to a call: ready at once, or completed later by the engine.
pub struct Future<T>(Repr<T>);

enum Repr<T> {
    Ready(Result<T>),
    Shared(Arc<Shared<T>>),
}

struct Shared<T> {
    value: OnceLock<Result<T>>,
    /// Whether `waiting.when_observed` is set, so that looking at a future takes no lock.
    has_answer: AtomicBool,
    waiting: Mutex<Waiting<T>>,
    ready: Condvar,
}

struct Waiting<T> {
    callbacks: Vec<Callback>,
    on_complete: Vec<Callback>,
    when_observed: Option<Result<T>>,
    /// Threads in [`Future::wait`]: waking nobody is a system call too.
    blocked: usize,
}

impl<T> Future<T> {
    /// A future that holds its answer already.
    pub fn ready(result: Result<T>) -> Self {
        Future(Repr::Ready(result))
    }

    /// Whether the answer, value or error, is known.
    pub fn is_ready(&self) -> bool {
        self.peek().is_some()
    }

    /// The answer, if it is known.
    pub fn peek(&self) -> Option<&Result<T>> {
        match &self.0 {
            Repr::Ready(result) => Some(result),
            Repr::Shared(shared) => {
                shared.observe();
                shared.value.get()
            }
        }
    }

    /// Runs `callback` once the answer is known: at once, on this thread, if it is known now; otherwise on the
    /// thread that completes the future. Callbacks must not block.
    pub fn on_ready(&self, callback: impl FnOnce() + Send + 'static) {
        if let Repr::Shared(shared) = &self.0 {
            let mut waiting = shared.lock();
            if shared.value.get().is_none() {
                let Some(answer) = waiting.when_observed.take() else {
                    waiting.callbacks.push(Box::new(callback));
                    return;
                };
                drop(waiting);
                shared.complete(answer);
            }
        }
        callback();
    }

    /// Completes a future that is not ready with `operation_cancelled` (1101) and frees what it held, such as the
    /// slot of a watch. A ready future is left as it is.
    pub fn cancel(&self) {
        if let Repr::Shared(shared) = &self.0 {
            shared.complete(Err(Error::OPERATION_CANCELLED));
        }
    }

    /// Blocks this thread until the answer is known.
    pub fn wait(&self) -> &Result<T> {
        match &self.0 {
            Repr::Ready(result) => result,
            Repr::Shared(shared) => {
                let mut waiting = shared.lock();
                loop {
                    if let Some(result) = shared.value.get() {
                        return result;
                    }
                    if let Some(answer) = waiting.when_observed.take() {
                        drop(waiting);
                        shared.complete(answer);
                        waiting = shared.lock();
                        continue;
                    }
                    waiting.blocked += 1;
                    waiting = shared.ready.wait(waiting).unwrap_or_else(PoisonError::into_inner);
                    waiting.blocked -= 1;
                }
            }
        }
    }
}

impl<T: Clone> std::future::Future for Future<T> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.peek().is_none() {
            let waker = context.waker().clone();
            self.on_ready(move || waker.wake());
        }
        match self.peek() {
            Some(result) => Poll::Ready(result.clone()),
            None => Poll::Pending,
        }
    }
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Completes what waits for somebody to look.
    fn observe(&self) {
        if self.has_answer.load(Ordering::Acquire) {
            let answer = self.lock().when_observed.take();
            if let Some(answer) = answer {
                self.complete(answer);
            }
        }
    }

    fn complete(&self, result: Result<T>) -> bool {
        let (callbacks, on_complete, blocked) = {
            let mut waiting = self.lock();
            if self.value.set(result).is_err() {
                return false;
            }
            waiting.when_observed = None;
            self.has_answer.store(false, Ordering::Release);
            (std::mem::take(&mut waiting.callbacks), std::mem::take(&mut waiting.on_complete), waiting.blocked)
        };
        if blocked > 0 {
            self.ready.notify_all();
        }
        // FoundationDB runs several callbacks of one future in the reverse order of their registration.
        for callback in on_complete.into_iter().chain(callbacks.into_iter().rev()) {
            // The panic hook has told of it; it must not take with it the other callbacks, nor the thread that completes
            // the futures of others.
            let _ = catch_unwind(AssertUnwindSafe(callback));
        }
        true
    }
}

/// The engine's end of a [`Future`] that is not ready yet. A promise dropped without an answer breaks: its future
/// fails with `broken_promise` (1100).
pub struct Promise<T>(Arc<Shared<T>>);

impl<T> Promise<T> {
    /// A future and the promise that completes it.
    pub fn new() -> (Promise<T>, Future<T>) {
        let shared = Arc::new(Shared {
            value: OnceLock::new(),
            has_answer: AtomicBool::new(false),
            waiting: Mutex::new(Waiting {
                callbacks: Vec::new(),
                on_complete: Vec::new(),
                when_observed: None,
                blocked: 0,
            }),
            ready: Condvar::new(),
        });
        (Promise(shared.clone()), Future(Repr::Shared(shared)))
    }

    /// Completes the future; false if it was complete already. Callbacks run before this returns, so no lock may be
    /// held across it.
    pub fn complete(&self, result: Result<T>) -> bool {
        self.0.complete(result)
    }

    /// Completes the future when somebody looks at it, at once if somebody waits already. Until then another answer may
    /// overtake this one.
    pub fn complete_when_observed(&self, result: Result<T>) {
        {
            let mut waiting = self.0.lock();
            if waiting.callbacks.is_empty() && waiting.blocked == 0 {
                if self.0.value.get().is_none() {
                    waiting.when_observed = Some(result);
                    self.0.has_answer.store(true, Ordering::Release);
                }
                return;
            }
        }
        self.0.complete(result);
    }

    /// Whether the future has its answer, by [`complete`](Self::complete) or by being cancelled.
    pub fn is_complete(&self) -> bool {
        self.0.value.get().is_some()
    }

    /// Runs `release` when the future is completed or cancelled, whichever comes first; at once if it is already.
    pub fn on_complete(&self, release: impl FnOnce() + Send + 'static) {
        {
            let mut waiting = self.0.lock();
            if self.0.value.get().is_none() {
                waiting.on_complete.push(Box::new(release));
                return;
            }
        }
        release();
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        self.0.complete(Err(Error::BROKEN_PROMISE));
    }
}
