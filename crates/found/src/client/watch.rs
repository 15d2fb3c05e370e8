//! Watches: a future that ends when a key's value is changed.
//!
//! - A watch outlives its transaction once that has committed, and holds its database, so that dropping every other
//!   handle does not lose it.
//! - Cancelling or dropping it frees its place among the watches a database may have at a time. So does the closing
//!   of the database, which gives 1025 to whoever waits.

use super::database::DatabaseInner;
use super::registry::{Close, Finish};
use crate::{Error, Result};
use foundationdb as fdb;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

type Pending = Box<dyn Future<Output = fdb::FdbResult<()>> + Send + Unpin>;

/// The future of a watch: ends without a value when the key's value differs, perhaps only for a moment, from the one
/// the watching transaction saw. 1032 if the database has too many watches.
#[must_use = "a watch that is dropped is cancelled"]
pub struct Watch {
    inner: Arc<Inner>,
    listed: u64,
    database: Arc<DatabaseInner>,
}

/// Cancels a [`Watch`] that is being waited for elsewhere. It does not keep the watch alive.
#[derive(Clone)]
pub struct WatchCancel(Weak<Inner>);

struct Inner(Mutex<State>);

enum State {
    Pending { future: Pending, waker: Option<Waker> },
    Ended(i32),
}

impl Watch {
    pub(super) fn new(
        future: impl Future<Output = fdb::FdbResult<()>> + Send + Unpin + 'static,
        database: Arc<DatabaseInner>,
    ) -> Watch {
        let inner = Arc::new(Inner(Mutex::new(State::Pending { future: Box::new(future), waker: None })));
        let weak: Weak<Inner> = Arc::downgrade(&inner);
        let listed = database.live.add(weak);
        Watch { inner, listed, database }
    }

    /// What cancels this watch.
    pub fn canceller(&self) -> WatchCancel {
        WatchCancel(Arc::downgrade(&self.inner))
    }
}

impl WatchCancel {
    /// Cancels the watch: whoever waits for it gets 1101. Nothing happens if it has ended.
    pub fn cancel(&self) {
        if let Some(inner) = self.0.upgrade() {
            inner.end(1101);
        }
    }
}

impl Inner {
    fn end(&self, code: i32) {
        let mut state = self.lock();
        if let State::Pending { .. } = &*state {
            let left = std::mem::replace(&mut *state, State::Ended(code));
            drop(state);
            if let State::Pending { future, waker } = left {
                drop(future);
                if let Some(waker) = waker {
                    waker.wake();
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Close for Inner {
    fn close(self: Arc<Self>) -> Option<Finish> {
        self.end(1025);
        None
    }
}

impl Future for Watch {
    type Output = Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let mut state = self.inner.lock();
        match &mut *state {
            State::Ended(code) => Poll::Ready(Err(Error::fdb(*code))),
            State::Pending { future, waker } => match Pin::new(future).poll(cx) {
                Poll::Pending => {
                    *waker = Some(cx.waker().clone());
                    Poll::Pending
                }
                Poll::Ready(result) => {
                    *state = State::Ended(1101);
                    Poll::Ready(result.map_err(Error::from))
                }
            },
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.database.live.remove(self.listed);
    }
}
