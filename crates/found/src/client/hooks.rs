//! What a program has run with each of its transactions.
//!
//! Hooks run in the order they were added. One that fails fails the transaction, like its body; after the commit there
//! is nothing left to fail, and the error is only handed on.

use super::Transaction;
use crate::Result;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How a transaction went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransactionStats {
    /// How many attempts failed before the one that committed.
    pub retries: u32,
    /// From making the transaction to its commit.
    pub elapsed: Duration,
    /// The approximate size of what was committed; counted only where there is a hook to see it.
    pub commit_bytes: Option<i64>,
}

type Running = Pin<Box<dyn Future<Output = Result<()>> + Send>>;
type Hook = Arc<dyn Fn(Transaction) -> Running + Send + Sync>;
type PostHook = Arc<dyn Fn(Transaction, TransactionStats) -> Running + Send + Sync>;

/// The hooks of a database.
#[derive(Default)]
pub struct Hooks {
    begin: Mutex<Vec<Hook>>,
    commit: Mutex<Vec<Hook>>,
    post_commit: Mutex<Vec<PostHook>>,
}

impl Hooks {
    /// Runs after a transaction is made, and again at the beginning of each further attempt.
    pub fn on_begin<F>(&self, hook: impl Fn(Transaction) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        push(&self.begin, Arc::new(move |tx| Box::pin(hook(tx))));
    }

    /// Runs before each commit, inside the transaction: what it writes commits with the rest.
    pub fn on_commit<F>(&self, hook: impl Fn(Transaction) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        push(&self.commit, Arc::new(move |tx| Box::pin(hook(tx))));
    }

    /// Runs once, after the commit that succeeded.
    pub fn on_post_commit<F>(&self, hook: impl Fn(Transaction, TransactionStats) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        push(&self.post_commit, Arc::new(move |tx, stats| Box::pin(hook(tx, stats))));
    }

    pub(super) fn wants_stats(&self) -> bool {
        !all(&self.post_commit).is_empty()
    }

    pub(super) async fn begin(&self, transaction: &Transaction) -> Result<()> {
        for hook in all(&self.begin) {
            hook(transaction.clone()).await?;
        }
        Ok(())
    }

    pub(super) async fn commit(&self, transaction: &Transaction) -> Result<()> {
        for hook in all(&self.commit) {
            hook(transaction.clone()).await?;
        }
        Ok(())
    }

    pub(super) async fn post_commit(&self, transaction: &Transaction, stats: TransactionStats) -> Result<()> {
        for hook in all(&self.post_commit) {
            hook(transaction.clone(), stats).await?;
        }
        Ok(())
    }
}

fn push<T>(hooks: &Mutex<Vec<T>>, hook: T) {
    hooks.lock().unwrap_or_else(PoisonError::into_inner).push(hook);
}

fn all<T: Clone>(hooks: &Mutex<Vec<T>>) -> Vec<T> {
    hooks.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
