//! Waiting without a reactor: on the spot, or with the help of a thread.
//!
//! The threads are for what is rare, a database being opened or closed; no transaction needs one.

use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Blocks this thread until the future is done, or for so long; then the future is dropped.
pub(super) fn wait<F: Future + Unpin>(mut future: F, patience: Duration) -> Option<F::Output> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let until = Instant::now() + patience;
    loop {
        if let Poll::Ready(output) = std::pin::Pin::new(&mut future).poll(&mut Context::from_waker(&waker)) {
            return Some(output);
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        thread::park_timeout(left);
    }
}

/// Waits for `future`, but no longer than `patience`; then it is dropped. One that is ready at once costs nothing, any
/// other a thread that sleeps meanwhile.
pub(super) async fn within<F: Future + Unpin>(mut future: F, patience: Duration) -> Option<F::Output> {
    if let Some(output) = std::future::poll_fn(|cx| Poll::Ready(ready(Pin::new(&mut future).poll(cx)))).await {
        return Some(output);
    }
    let bell = Arc::new(Bell::default());
    let sleeper = bell.clone();
    // Without a thread there is no bound: the future still wakes whoever waits.
    let _ = thread::Builder::new().name("found-patience".into()).spawn(move || sleeper.ring_after(patience));
    // The thread ends with the wait.
    let _end = RingAtEnd(bell.clone());
    std::future::poll_fn(|cx| match Pin::new(&mut future).poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => bell.poll(cx).map(|()| None),
    })
    .await
}

fn ready<T>(poll: Poll<T>) -> Option<T> {
    match poll {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

/// Runs `work`, which may block, on a thread of its own; the future is done when it has returned, and need not be waited
/// for. Where no thread can be had it runs here.
pub(super) fn aside(work: impl FnOnce() + Send + 'static) -> impl Future<Output = ()> + Send + 'static {
    let bell = Arc::new(Bell::default());
    let work = Arc::new(Mutex::new(Some(work)));
    let (done, job) = (RingAtEnd(bell.clone()), work.clone());
    let under_way = UnderWay::one_more();
    let spawned = thread::Builder::new().name("found-aside".into()).spawn(move || {
        // Rung even if the work panics, or its waiter would wait for ever.
        let _end = (done, under_way);
        run(&job);
    });
    if spawned.is_err() {
        run(&work);
    }
    std::future::poll_fn(move |cx| bell.poll(cx))
}

/// The same for work that gives something; nothing if it panicked.
pub(super) async fn given_aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let place = Arc::new(Mutex::new(None));
    let given = place.clone();
    aside(move || *given.lock().unwrap_or_else(PoisonError::into_inner) = Some(work())).await;
    place.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn run(work: &Mutex<Option<impl FnOnce()>>) {
    let work = work.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(work) = work {
        work();
    }
}

/// How much is being done aside.
static ASIDE: Mutex<usize> = Mutex::new(0);
static DONE: Condvar = Condvar::new();

/// One piece of it.
struct UnderWay;

impl UnderWay {
    fn one_more() -> UnderWay {
        *ASIDE.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        UnderWay
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        *ASIDE.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        DONE.notify_all();
    }
}

/// Blocks this thread until all that was left to others is done, or for so long.
pub(super) fn settle_asides(patience: Duration) {
    let aside = ASIDE.lock().unwrap_or_else(PoisonError::into_inner);
    drop(DONE.wait_timeout_while(aside, patience, |count| *count > 0));
}

/// Rings once, for one who waits.
#[derive(Default)]
struct Bell {
    state: Mutex<(bool, Option<Waker>)>,
    changed: Condvar,
}

/// Rings a bell when it is dropped.
struct RingAtEnd(Arc<Bell>);

impl Drop for RingAtEnd {
    fn drop(&mut self) {
        self.0.ring();
    }
}

impl Bell {
    fn lock(&self) -> MutexGuard<'_, (bool, Option<Waker>)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self) {
        let mut state = self.lock();
        state.0 = true;
        let waker = state.1.take();
        drop(state);
        self.changed.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Rings after so long, or ends when another has rung.
    fn ring_after(&self, patience: Duration) {
        let state = self.lock();
        let rung = self.changed.wait_timeout_while(state, patience, |state| !state.0);
        drop(rung);
        self.ring();
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.lock();
        if state.0 {
            return Poll::Ready(());
        }
        state.1 = Some(cx.waker().clone());
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn patience_ends_and_what_is_ready_is_given() {
        let never = std::future::pending::<()>();
        assert_eq!(wait(Box::pin(within(never, Duration::from_millis(1))), LONG), Some(None));
        assert_eq!(wait(Box::pin(within(std::future::ready(7), Duration::ZERO)), LONG), Some(Some(7)));
        let mut polls = 0;
        let second = std::future::poll_fn(move |cx| {
            polls += 1;
            cx.waker().wake_by_ref();
            if polls == 3 { Poll::Ready(polls) } else { Poll::Pending }
        });
        assert_eq!(wait(Box::pin(within(second, LONG)), LONG), Some(Some(3)));
    }

    #[test]
    fn work_aside_is_waited_for_also_when_it_panics() {
        let done = Arc::new(AtomicBool::new(false));
        let tell = done.clone();
        assert!(wait(Box::pin(aside(move || tell.store(true, Ordering::SeqCst))), LONG).is_some());
        assert!(done.load(Ordering::SeqCst));
        assert!(wait(Box::pin(aside(|| std::panic::resume_unwind(Box::new("on purpose")))), LONG).is_some());
        assert_eq!(wait(Box::pin(given_aside(|| 7)), LONG), Some(Some(7)));
        let panics = || -> u8 { std::panic::resume_unwind(Box::new("on purpose")) };
        assert_eq!(wait(Box::pin(given_aside(panics)), LONG), Some(None));
    }

    #[test]
    fn work_aside_that_nobody_waits_for_is_done_and_can_be_settled() {
        let (go, told) = std::sync::mpsc::channel::<()>();
        let done = Arc::new(AtomicBool::new(false));
        let tell = done.clone();
        drop(aside(move || {
            let _ = told.recv();
            tell.store(true, Ordering::SeqCst);
        }));
        settle_asides(Duration::from_millis(1));
        assert!(!done.load(Ordering::SeqCst), "it waits for us");
        drop(go);
        settle_asides(LONG);
        assert!(done.load(Ordering::SeqCst));
    }
}
