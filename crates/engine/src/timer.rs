//! Things to be done later, such as the end of a transaction's timeout or of a wait for a future version.
//!
//! - One daemon thread for the process, started by the first [`schedule`]. It never ends; it holds nothing but what is
//!   scheduled.
//! - Actions run on it one after the other, with no lock held. They must not block. One that panics harms no other.
//! - What is cancelled is dropped at once, on the thread that cancels, again with no lock held.
//! - Time is the operating system's: a [`Clock`](crate::Clock) moved by hand fires nothing here.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Longer than any process lives; keeps the sum with the current time representable.
const FAR: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

type Action = Box<dyn FnOnce() + Send>;

/// When an action is due, and a number that makes it unique and keeps the order of those due together.
type Key = (Instant, u64);

struct Schedule {
    actions: BTreeMap<Key, Action>,
    next_number: u64,
    running: bool,
}

static SCHEDULE: Mutex<Schedule> = Mutex::new(Schedule { actions: BTreeMap::new(), next_number: 0, running: false });
static CHANGED: Condvar = Condvar::new();

/// Runs `action` on the timer's thread `after` this moment, unless the handle is dropped before.
pub(crate) fn schedule(after: Duration, action: impl FnOnce() + Send + 'static) -> TimerHandle {
    let due = Instant::now() + after.min(FAR);
    let mut schedule = lock();
    let key = (due, schedule.next_number);
    schedule.next_number += 1;
    let is_first = schedule.actions.first_key_value().is_none_or(|(first, _)| key < *first);
    schedule.actions.insert(key, Box::new(action));
    if !schedule.running {
        // Where the thread cannot be started now, the next call tries again.
        schedule.running = std::thread::Builder::new().name("found-timer".into()).spawn(run).is_ok();
    }
    drop(schedule);
    if is_first {
        CHANGED.notify_one();
    }
    TimerHandle { key: Some(key) }
}

/// Keeps an action scheduled: dropping the handle cancels the action if it has not begun.
#[must_use = "dropping the handle cancels the action"]
pub(crate) struct TimerHandle {
    key: Option<Key>,
}

impl TimerHandle {
    /// Lets the action run without a handle.
    pub(crate) fn detach(mut self) {
        self.key = None;
    }
}

impl Drop for TimerHandle {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            let cancelled = lock().actions.remove(&key);
            drop(cancelled);
        }
    }
}

fn lock() -> MutexGuard<'static, Schedule> {
    SCHEDULE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn run() {
    let mut schedule = lock();
    loop {
        let now = Instant::now();
        match schedule.actions.first_entry() {
            None => schedule = CHANGED.wait(schedule).unwrap_or_else(PoisonError::into_inner),
            Some(first) if first.key().0 <= now => {
                let action = first.remove();
                drop(schedule);
                // The panic hook has told of it; the actions of others must still run.
                let _ = catch_unwind(AssertUnwindSafe(action));
                schedule = lock();
            }
            Some(first) => {
                let left = first.key().0 - now;
                schedule = CHANGED.wait_timeout(schedule, left).unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn actions_run_in_the_order_of_their_times() {
        let (sender, receiver) = channel();
        let handles: Vec<_> = [30, 10, 20]
            .map(|millis| {
                let sender = sender.clone();
                schedule(Duration::from_millis(millis), move || sender.send(millis).unwrap())
            })
            .into();
        assert_eq!(receiver.iter().take(3).collect::<Vec<_>>(), [10, 20, 30]);
        drop(handles);
    }

    #[test]
    fn a_cancelled_action_is_dropped_and_does_not_run() {
        let (sender, receiver) = channel::<()>();
        drop(schedule(Duration::MAX, move || sender.send(()).unwrap()));
        // The sender is gone: the action was dropped.
        assert!(receiver.recv().is_err());
    }

    #[test]
    fn a_detached_action_runs_and_a_panic_harms_no_other() {
        let (sender, receiver) = channel();
        schedule(Duration::ZERO, || std::panic::resume_unwind(Box::new("on purpose"))).detach();
        schedule(Duration::from_millis(1), move || sender.send(()).unwrap()).detach();
        receiver.recv().unwrap();
    }
}
