//! What follows an error: whether to try again, after which delay.
//!
//! Delays are random below a base that doubles with each call up to `max_retry_delay`; only a reset takes it back.

use super::{State, Transaction};
use crate::error::Error;
use crate::future::Future;
use crate::limits::{BACKOFF_CONSTRAINED_MAX_S, BACKOFF_VERSION_S};
use crate::timer;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

impl Transaction {
    /// Makes the transaction ready for another attempt after the error `code`, if a retry may help: the future is ready
    /// after a delay that is random and grows with the attempts. Otherwise it fails with the error given, and the
    /// transaction with 1025 until it is reset. The timeout goes on; `retry_limit` counts the calls.
    pub fn on_error(&self, code: i32) -> Future<()> {
        self.inner.with(|state| {
            let delay = match state.retry_delay(code) {
                Ok(delay) => delay,
                Err(error) => {
                    state.fail(Error::TRANSACTION_CANCELLED);
                    return Future::ready(Err(error));
                }
            };
            let (promise, future) = state.pending();
            let this = self.inner.this.clone();
            let generation = state.generation;
            timer::schedule(delay, move || {
                let Some(inner) = this.upgrade() else { return };
                inner.finish_with(|inner, state| {
                    // Reset meanwhile, or failed: the promise has been told.
                    if state.generation == generation && state.failed.is_none() {
                        // Told first: the new attempt fails whatever still waits for the old one.
                        state.complete(&promise, Ok(()));
                        state.begin_attempt(&inner.database);
                    }
                });
            })
            .detach();
            future
        })
    }
}

impl State {
    /// How long to wait before the next attempt, or why there is none.
    fn retry_delay(&mut self, code: i32) -> Result<Duration, Error> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let exhausted = self.options.retry_limit != -1 && self.retries >= self.options.retry_limit;
        self.retries = self.retries.saturating_add(1);
        if exhausted {
            return Err(if code == 0 { Error::CLIENT_INVALID_OPERATION } else { Error::from_code(code) });
        }
        let seconds = match code {
            0 => return Err(Error::CLIENT_INVALID_OPERATION),
            1007 | 1009 => BACKOFF_VERSION_S.min(self.options.max_backoff_s),
            1020 | 1021 | 1037 | 1038 | 1042 | 1051 | 1078 | 1079 | 1213 | 1223 => {
                let delay = self.backoff_s * uniform();
                let constrained = matches!(code, 1042 | 1078);
                let most = if constrained { BACKOFF_CONSTRAINED_MAX_S } else { self.options.max_backoff_s };
                self.backoff_s = (self.backoff_s * 2.0).min(most);
                delay
            }
            1100 => return Err(Error::TRANSACTION_CANCELLED),
            _ => return Err(Error::from_code(code)),
        };
        Ok(Duration::from_secs_f64(seconds))
    }
}

/// A number in [0, 1), different at each call: the seeds of the standard library's hash maps are random.
fn uniform() -> f64 {
    (RandomState::new().hash_one(0u8) >> 11) as f64 / (1u64 << 53) as f64
}
