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
    /// committed: [`Transaction::maybe_committed`] tells it. With [`RunOptions::idempotent`] that does not happen:
    /// what has committed is found out, and its result is given.
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
        // The results of attempts whose commit was not answered, while it may still turn out that one has committed.
        let mut unanswered: Vec<(u32, T)> = Vec::new();
        loop {
            let attempt = run.transaction().attempt();
            let error = match self.attempt(&mut run, &mut body).await {
                Ok(Attempt::Committed(value)) => return self.done(&run, value).await,
                Ok(Attempt::CommittedBefore(number)) => {
                    let position = unanswered.iter().position(|(attempt, _)| *attempt == number);
                    let position = position.ok_or_else(|| Error::fdb(4100).with_context("a run's id was reused"))?;
                    return self.done(&run, unanswered.swap_remove(position).1).await;
                }
                Ok(Attempt::Failed(value, error)) => {
                    if options.idempotent.is_some() && error.is_maybe_committed() {
                        unanswered.push((attempt, value));
                    }
                    E::from(error)
                }
                Err(error) => error,
            };
            let Some(cause) = Error::find_in(&error).cloned() else { return Err(error) };
            if let Err(last) = run.retry(&cause).await {
                // The body's own error says more than the cause found in it, where that is what stands.
                return Err(if last == cause { error } else { last.into() });
            }
        }
    }

    async fn attempt<T, E, F>(&self, run: &mut Run, body: &mut impl FnMut(Transaction) -> F) -> Result<Attempt<T>, E>
    where
        E: TransactionalError,
        F: Future<Output = Result<T, E>>,
    {
        if let Some(number) = run.committed_attempt().await? {
            return Ok(Attempt::CommittedBefore(number));
        }
        self.hooks().begin(run.transaction()).await?;
        let value = body(run.transaction().clone()).await?;
        self.hooks().commit(run.transaction()).await?;
        run.prepare(self.hooks().wants_stats()).await?;
        Ok(match run.commit().await {
            Ok(()) => Attempt::Committed(value),
            Err(error) => Attempt::Failed(value, error),
        })
    }

    async fn done<T, E: TransactionalError>(&self, run: &Run, value: T) -> Result<T, E> {
        self.hooks().post_commit(run.transaction(), run.stats()).await?;
        Ok(value)
    }
}

/// How one attempt ended.
enum Attempt<T> {
    Committed(T),
    /// An earlier one had committed: its number.
    CommittedBefore(u32),
    /// The body came to a value, the commit failed.
    Failed(T, Error),
}
