//! The retry loop for Rust programs.

use super::{Database, Run, RunOptions, Transaction};
use crate::{Error, Result};

/// An error that a transaction's body may give: one in which an [`Error`] can be found, wherever it is wrapped.
pub trait TransactionalError: std::error::Error + From<Error> + 'static {}

impl<E: std::error::Error + From<Error> + 'static> TransactionalError for E {}

impl Database {
    /// Runs `body` in a transaction and commits, as often as it takes.
    ///
    /// `body` may run several times and must have no effect but through the transaction. An error of FoundationDB's,
    /// wherever it came from and however deeply the body has wrapped it, is tried again if that can help
    /// ([`Transaction::on_error`] decides); any other error ends the run, uncommitted.
    ///
    /// After an error that leaves the outcome open (1021) the body runs again although the attempt before may have
    /// committed: [`Transaction::maybe_committed`] tells it.
    pub async fn transactional<T, E, F>(
        &self,
        options: &RunOptions,
        mut body: impl FnMut(Transaction) -> F,
    ) -> Result<T, E>
    where
        E: TransactionalError,
        F: Future<Output = Result<T, E>>,
    {
        let mut run = Run::begin(self, options)?;
        loop {
            match self.attempt(&mut run, &mut body).await {
                Ok(value) => {
                    self.hooks().post_commit(run.transaction(), run.stats()).await?;
                    return Ok(value);
                }
                Err(error) => {
                    let Some(cause) = Error::find_in(&error).cloned() else { return Err(error) };
                    if let Err(last) = run.retry(&cause).await {
                        // The body's own error says more than the cause it came from, where that is what stands.
                        return Err(if last == cause { error } else { last.into() });
                    }
                }
            }
        }
    }

    async fn attempt<T, E, F>(&self, run: &mut Run, body: &mut impl FnMut(Transaction) -> F) -> Result<T, E>
    where
        E: TransactionalError,
        F: Future<Output = Result<T, E>>,
    {
        self.hooks().begin(run.transaction()).await?;
        let value = body(run.transaction().clone()).await?;
        self.hooks().commit(run.transaction()).await?;
        if self.hooks().wants_stats() {
            run.measure().await?;
        }
        run.commit().await?;
        Ok(value)
    }
}
