//! Keeping long work from holding up the thread it runs on.
//!
//! An embedded database answers at once, so that a loop over many reads never comes to a point where it waits: the
//! thread, which in Node is that of all JavaScript, would do nothing else meanwhile. Whoever loops counts the work here
//! and lets others run now and then.

use std::future::poll_fn;
use std::task::Poll;
use std::time::{Duration, Instant};

/// How long work may go on before others may run.
const SLICE: Duration = Duration::from_millis(1);

/// How much work is done between two looks at the clock, counted in rows.
const ROWS_PER_LOOK: usize = 64;

/// The pace of one piece of work.
pub(crate) struct Pace {
    rows: usize,
    since: Instant,
}

impl Pace {
    /// At the beginning of the work.
    pub(crate) fn new() -> Pace {
        Pace { rows: 0, since: Instant::now() }
    }

    /// To be awaited after the work on so many rows: gives way to others once the time is up.
    pub(crate) async fn worked(&mut self, rows: usize) {
        self.rows += rows;
        if self.rows < ROWS_PER_LOOK {
            return;
        }
        self.rows = 0;
        if self.since.elapsed() < SLICE {
            return;
        }
        give_way().await;
        self.since = Instant::now();
    }
}

/// Is ready when polled again, which it asks for at once.
async fn give_way() {
    let mut waited = false;
    poll_fn(|context| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::pin::pin;
    use std::task::{Context, Waker};

    #[test]
    fn gives_way_when_the_time_is_up_and_not_before() {
        let mut pace = Pace::new();
        pace.since += Duration::from_secs(3600);
        assert_eq!(pace.worked(1_000_000).now_or_never(), Some(()), "no time has passed");

        pace.since = Instant::now() - SLICE;
        assert_eq!(pace.worked(ROWS_PER_LOOK - 1).now_or_never(), Some(()), "the clock is not looked at for every row");
        {
            let mut context = Context::from_waker(Waker::noop());
            let mut worked = pin!(pace.worked(1));
            assert_eq!(worked.as_mut().poll(&mut context), Poll::Pending);
            assert_eq!(worked.as_mut().poll(&mut context), Poll::Ready(()));
        }
        assert!(pace.since.elapsed() < Duration::from_secs(3600));
    }
}
