//! One transaction and its attempts, step by step: what a retry loop is made of.
//!
//! A loop that cannot live in Rust, because its body does not, drives these steps itself:
//!
//! ```text
//!   begin -> committed_attempt -> body -> prepare -> commit -> stats
//!                    ^              |        |         |
//!                    +------------- retry(error) <-----+      or the error that is to stand
//! ```
//!
//! [`Database::transactional`](super::Database::transactional) is that loop for Rust.

use super::idempotency::RunId;
use super::{Database, Idempotency, OptionValue, Settle, Transaction, TransactionOptions, TransactionStats};
use crate::{Error, Result};
use std::time::{Duration, Instant};

/// How to run a transaction.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// Only snapshot reads, no writes.
    pub snapshot: bool,
    /// Gives up (1031) so long after the beginning, attempts and waiting between them included. Left out, it waits
    /// for ever, unless the database has a default; zero does so even then.
    pub timeout: Option<Duration>,
    /// How many times at most to try again; then the last error stands. Left out, there is no limit, unless the
    /// database has a default.
    pub retry_limit: Option<u32>,
    /// How long at most to wait between two attempts; 1 s if left out.
    pub max_retry_delay: Option<Duration>,
    /// Makes a commit with an unknown result safe to try again: see [`Idempotency`].
    pub idempotent: Option<Idempotency>,
}

/// A transaction being run.
pub struct Run {
    transaction: Transaction,
    started: Instant,
    commit_bytes: Option<i64>,
    id: Option<RunId>,
}

impl Run {
    /// Makes the transaction.
    pub fn begin(database: &Database, options: &RunOptions) -> Result<Run> {
        let transaction = database.transaction(TransactionOptions { snapshot: options.snapshot })?;
        // These three outlive on_error, so that once is enough.
        for (name, value) in [
            ("timeout", options.timeout.map(milliseconds)),
            ("retry_limit", options.retry_limit.map(i64::from)),
            ("max_retry_delay", options.max_retry_delay.map(milliseconds)),
        ] {
            if let Some(value) = value {
                transaction.set_option_by_name(name, &OptionValue::Int(value))?;
            }
        }
        let id = options.idempotent.clone().map(RunId::new);
        Ok(Run { transaction, started: Instant::now(), commit_bytes: None, id })
    }

    /// The transaction.
    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// To be asked at the beginning of each attempt: the number of an earlier attempt that has committed although its
    /// answer was lost. Then the run is over, and the result is that attempt's. Never without
    /// [`RunOptions::idempotent`].
    pub async fn committed_attempt(&self) -> Result<Option<u32>> {
        let Some(id) = &self.id else { return Ok(None) };
        let attempt = id.committed_attempt(&self.transaction).await?;
        if attempt.is_none() {
            self.transaction.nothing_committed();
        }
        Ok(attempt)
    }

    /// Makes ready for the commit, after the body and the `on_commit` hooks: writes the run's id, if it has one, and
    /// with `measure` counts the bytes for [`stats`](Self::stats).
    pub async fn prepare(&mut self, measure: bool) -> Result<()> {
        if let Some(id) = &self.id {
            id.write(&self.transaction)?;
        }
        if measure {
            self.commit_bytes = Some(self.transaction.approximate_size().await?);
        }
        Ok(())
    }

    /// Commits this attempt.
    pub fn commit(&self) -> Settle {
        self.transaction.commit()
    }

    /// Decides on an error of the body, of a hook or of the commit: ready for another attempt, or the error that is
    /// to stand. An error that is not FoundationDB's always stands.
    pub async fn retry(&mut self, error: &Error) -> Result<()> {
        let Some(code) = error.retry_code() else { return Err(error.clone()) };
        self.transaction.on_error(code).await?;
        if let Some(id) = &mut self.id
            && error.is_maybe_committed()
        {
            id.lost_answer();
        }
        Ok(())
    }

    /// How the transaction went, after its commit.
    pub fn stats(&self) -> TransactionStats {
        TransactionStats {
            retries: self.transaction.attempt() - 1,
            elapsed: self.started.elapsed(),
            commit_bytes: self.commit_bytes,
        }
    }
}

/// FoundationDB takes whole milliseconds, in 31 bits. What is less than one is rounded up: 0 means no limit to it.
fn milliseconds(duration: Duration) -> i64 {
    i64::from(i32::try_from(duration.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX))
}
