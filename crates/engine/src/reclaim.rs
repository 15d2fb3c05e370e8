//! Freeing what is large on a thread of its own: whoever lets go of it may be a client's event loop.

use std::sync::{Mutex, MutexGuard, PoisonError};

type Garbage = Box<dyn Send>;

struct Queue {
    waiting: Vec<Garbage>,
    /// A thread is freeing. It ends when nothing waits, so none is left where a library is unloaded or a process forks.
    running: bool,
}

static QUEUE: Mutex<Queue> = Mutex::new(Queue { waiting: Vec::new(), running: false });

fn queue() -> MutexGuard<'static, Queue> {
    QUEUE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Drops `garbage` on another thread; on this one if the system gives none.
pub(crate) fn drop_elsewhere(garbage: impl Send + 'static) {
    {
        let mut queue = queue();
        queue.waiting.push(Box::new(garbage));
        if std::mem::replace(&mut queue.running, true) {
            return;
        }
    }
    if std::thread::Builder::new().name("found-free".into()).spawn(drop_waiting).is_err() {
        drop_waiting();
    }
}

fn drop_waiting() {
    loop {
        let garbage = {
            let mut queue = queue();
            if queue.waiting.is_empty() {
                queue.running = false;
                return;
            }
            std::mem::take(&mut queue.waiting)
        };
        drop(garbage);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Sender, channel};
    use std::thread::{ThreadId, current};

    struct Tells(Sender<ThreadId>);

    impl Drop for Tells {
        fn drop(&mut self) {
            let _ = self.0.send(current().id());
        }
    }

    #[test]
    fn what_is_dropped_elsewhere_is_dropped_once_and_not_here() {
        let (sender, dropped) = channel();
        for _ in 0..1000 {
            drop_elsewhere(Tells(sender.clone()));
        }
        drop(sender);
        let threads: Vec<ThreadId> = dropped.iter().collect();
        assert_eq!(threads.len(), 1000);
        assert!(!threads.contains(&current().id()));
    }
}
