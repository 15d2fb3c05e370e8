//! Time, handed in: versions and timeouts are taken from a [`Clock`], so that a test can be its master.

use std::fmt::Debug;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What tells an engine the time.
pub trait Clock: Send + Sync + Debug {
    /// Time since a fixed moment of this process; never goes back.
    fn monotonic(&self) -> Duration;

    /// Time since 1970-01-01 00:00 UTC; may jump either way.
    fn wall(&self) -> Duration;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn monotonic(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }

    fn wall(&self) -> Duration {
        // A clock set before 1970 is taken for 1970.
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct ManualClock {
    started_at: Duration,
    elapsed: Mutex<Duration>,
}

impl ManualClock {
    /// A clock whose wall time is `wall`, and whose monotonic time is zero.
    pub fn new(wall: Duration) -> Self {
        ManualClock { started_at: wall, elapsed: Mutex::new(Duration::ZERO) }
    }

    /// Moves both times on.
    pub fn advance(&self, by: Duration) {
        let mut elapsed = self.elapsed.lock().unwrap_or_else(PoisonError::into_inner);
        *elapsed = elapsed.saturating_add(by);
    }
}

impl Clock for ManualClock {
    fn monotonic(&self) -> Duration {
        *self.elapsed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wall(&self) -> Duration {
        self.started_at.saturating_add(self.monotonic())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_by_hand() {
        let clock = ManualClock::new(Duration::from_secs(1000));
        clock.advance(Duration::from_secs(7));
        assert_eq!((clock.monotonic(), clock.wall()), (Duration::from_secs(7), Duration::from_secs(1007)));
    }

    #[test]
    fn the_monotonic_time_does_not_go_back() {
        let earlier = SystemClock.monotonic();
        assert!(SystemClock.monotonic() >= earlier);
    }
}
