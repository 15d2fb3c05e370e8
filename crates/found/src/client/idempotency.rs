//! Commits that may be tried again although nobody knows whether they happened.
//!
//! A commit whose answer was lost (1021, `commit_unknown_result`) may have happened. To find out, each run writes an
//! id of its own in the same transaction as everything else; the attempt after an unknown result first looks for it.
//! There, the earlier attempt has committed, and its result is the run's. Not there, it has not and never will: the
//! client gives 1021 only once the commit is decided, and the look adds a read conflict on the id in any case.
//!
//! The id lies in the program's own key space:
//!
//! ```text
//!   prefix + pack((minutes since 1970, uuid)) = pack((attempt,))
//! ```
//!
//! An id is needed as long as its run goes on. Old ones are cleared along the way: one run in 64 clears, with its own
//! commit, all ids that are older than [`Idempotency::max_age`], which should be longer than any run and any
//! difference between clocks.
//!
//! A run that wrote nothing writes no id. A run that ends with 1031 or 1025 (timeout, cancelled) is not tried again,
//! and its outcome stays unknown.

use super::Transaction;
use crate::tuple::{Event, Packer, Reader, Subspace};
use crate::{Error, Result};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// How to make commits with an unknown result safe to try again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// Where the ids are kept; no other keys may begin so. If left at the default it is the tuple
    /// `("found", "idempotency")`.
    pub prefix: Vec<u8>,
    /// When an id may be cleared; a day by default.
    pub max_age: Duration,
}

impl Default for Idempotency {
    fn default() -> Self {
        let mut prefix = Packer::new();
        prefix.string("found").string("idempotency");
        Idempotency { prefix: prefix.as_slice().to_vec(), max_age: Duration::from_secs(24 * 60 * 60) }
    }
}

/// The id of one run.
pub(super) struct RunId {
    options: Idempotency,
    minute: u64,
    id: Uuid,
    key: Vec<u8>,
    /// Whether an attempt that wrote the id may have committed.
    unknown: bool,
}

impl RunId {
    pub(super) fn new(options: Idempotency) -> RunId {
        let minute = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() / 60;
        let id = Uuid::new_v4();
        let mut key = Packer::with_prefix(&options.prefix);
        key.uint(minute).uuid(&id);
        RunId { minute, id, key: key.as_slice().to_vec(), options, unknown: false }
    }

    /// Writes the id, so that it commits with the attempt.
    pub(super) fn write(&self, transaction: &Transaction) -> Result<()> {
        if !transaction.has_written() {
            return Ok(());
        }
        let mut value = Packer::new();
        value.int(transaction.attempt().into());
        transaction.set(&self.key, value.as_slice())?;
        if self.id.as_bytes()[0].is_multiple_of(64) {
            self.clear_old(transaction)?;
        }
        Ok(())
    }

    fn clear_old(&self, transaction: &Transaction) -> Result<()> {
        let (begin, _) = Subspace::new(self.options.prefix.clone()).range();
        let mut end = Packer::with_prefix(&self.options.prefix);
        end.uint(self.minute.saturating_sub(self.options.max_age.as_secs() / 60));
        transaction.clear_range(&begin, end.as_slice())
    }

    /// Notes that the last attempt may have committed.
    pub(super) fn lost_answer(&mut self) {
        self.unknown = true;
    }

    /// The attempt that has committed although its answer was lost, if one has.
    pub(super) async fn committed_attempt(&self, transaction: &Transaction) -> Result<Option<u32>> {
        if !self.unknown {
            return Ok(None);
        }
        let Some(value) = transaction.get(&self.key, false).await? else {
            return Ok(None);
        };
        match Reader::new(&value).next() {
            Some(Ok(Event::Int(attempt))) => Ok(u32::try_from(attempt).ok()),
            _ => Err(Error::fdb(4100).with_context("the id of a run has a value that was not written here")),
        }
    }
}
