//! What goes on step by step, one at a time, and can be ended in the middle of one: a scan, a watch loop.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Something that takes steps; clones are the same.
pub struct Steps<T>(Rc<RefCell<State<T>>>);

enum State<T> {
    /// Ready for a step.
    Idle(T),
    /// In a step; what wakes whoever waits for it.
    Busy(Option<Waker>),
    Ended,
}

const OPERATION_CANCELLED: i32 = 1101;

impl<T> Clone for Steps<T> {
    fn clone(&self) -> Self {
        Steps(self.0.clone())
    }
}

impl<T: 'static> Steps<T> {
    /// Ready for its first step.
    pub fn new(value: T) -> Self {
        Steps(Rc::new(RefCell::new(State::Idle(value))))
    }

    /// Takes a step: its answer, or 1101 if all is ended meanwhile. None if it was ended, or is in a step.
    pub fn step<R: 'static>(
        &self,
        run: impl AsyncFnOnce(&mut T) -> found::Result<R> + 'static,
    ) -> Option<impl Future<Output = found::Result<R>> + Unpin + 'static> {
        let mut value = match self.0.replace(State::Busy(None)) {
            State::Idle(value) => value,
            other => {
                *self.0.borrow_mut() = other;
                return None;
            }
        };
        let mut step = Box::pin(async move {
            let answer = run(&mut value).await;
            (value, answer)
        });
        let state = self.0.clone();
        Some(poll_fn(move |context| {
            if let State::Busy(waker) = &mut *state.borrow_mut() {
                *waker = Some(context.waker().clone());
            } else {
                return Poll::Ready(Err(found::Error::fdb(OPERATION_CANCELLED)));
            }
            let Poll::Ready((value, answer)) = step.as_mut().poll(context) else { return Poll::Pending };
            *state.borrow_mut() = State::Idle(value);
            Poll::Ready(answer)
        }))
    }

    /// Ends it, and the step it is in.
    pub fn end(&self) {
        if let State::Busy(Some(waker)) = self.0.replace(State::Ended) {
            waker.wake();
        }
    }
}
