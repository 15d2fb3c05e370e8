//! Closing a transaction whose commit is under way.
//!
//! The commit leaves the slot for a future of its own ([`LastCommit`]), which whoever closes the database waits for; the
//! slot, `Closing` meanwhile, keeps whoever waits for the commit waiting.

use super::super::registry::{Close, Finish};
use super::{Core, Operation, Pending, State, end, poll_again};
use crate::Result;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll};

impl Close for Core {
    fn close(self: Arc<Self>) -> Option<Finish> {
        let mut state = self.lock();
        match std::mem::replace(&mut *state, State::Closed) {
            State::Busy { ticket, operation: Operation::Commit, pending, waker } if self.database.is_embedded() => {
                *state = State::Closing { ticket, waker };
                drop(state);
                Some(Box::pin(LastCommit { core: self, ticket, pending: Some(pending) }))
            }
            left => {
                drop(state);
                end(left);
                None
            }
        }
    }
}

/// The commit that was under way when the database was closed: done when it is, and then its result is there for whoever
/// waits for it. Dropped before, it has no result.
struct LastCommit {
    core: Arc<Core>,
    ticket: u64,
    pending: Option<Pending>,
}

impl Future for LastCommit {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(pending) = &mut self.pending else { return Poll::Ready(()) };
        let Poll::Ready(outcome) = poll_again(pending.as_mut(), cx) else { return Poll::Pending };
        self.pending = None;
        // Settling it as usual tells its result; the state it comes to is dropped, and the transaction with it.
        let result = self.core.settle(&mut State::Closed, outcome, Operation::Commit);
        *self.core.last_commit.lock().unwrap_or_else(PoisonError::into_inner) = Some((self.ticket, result));
        self.core.closed();
        Poll::Ready(())
    }
}

impl Drop for LastCommit {
    fn drop(&mut self) {
        self.pending = None;
        self.core.closed();
    }
}

impl Core {
    /// The result of the commit of that ticket, if it was under way at the close and is done.
    pub(super) fn last_commit(&self, ticket: u64) -> Option<Result<()>> {
        let last = self.last_commit.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|(number, _)| *number == ticket).map(|(_, result)| result.clone())
    }

    /// `Closing` is over.
    fn closed(&self) {
        let left = std::mem::replace(&mut *self.lock(), State::Closed);
        if let State::Closing { waker: Some(waker), .. } = left {
            waker.wake();
        }
    }
}
