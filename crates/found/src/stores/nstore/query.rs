//! Queries: patterns joined from left to right.

use super::block::Block;
use super::level::{Budget, Check, Judge, Level, Scan, poll_levels};
use super::pattern::{Pattern, Slots, Step, Term};
use super::plan::reorder;
use super::store::NStore;
use crate::client::Transaction;
use crate::{Error, Result};
use std::future::poll_fn;
use std::task::{Context, Poll};

/// The most reads that a query has in flight, over all its patterns.
pub const READS_IN_FLIGHT: usize = 256;

/// The most patterns of a query.
const PATTERNS_MAX: usize = 64;

/// How to query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueryOptions {
    /// Each row has, after what its pattern binds, the value of the tuple that was found, as a byte string.
    pub values: bool,
    /// Reads add no conflicts.
    pub snapshot: bool,
}

/// A stage as it is asked for.
pub(crate) enum Stage<'a> {
    /// Scans for a pattern.
    Scan(&'a [Term]),
    /// Judges the tuple of a pattern whose variables are bound, and drops a variable.
    Check { pattern: Vec<Term>, dropped: &'a str, judge: Judge },
}

/// A query under way.
pub struct Query {
    levels: Vec<Level>,
    slots: Slots,
    seed: Option<Block>,
    budget: Budget,
    /// How often to give the thread back before going on.
    rest: u8,
    done: bool,
}

/// The tuples that match all of `patterns`, as what their variables stand for. Nothing is read before the first block
/// is asked for.
///
/// Each pattern is looked for once for each row that those before it give, in the order given; see
/// [`reorder`](super::reorder).
pub fn query(tx: &Transaction, store: &NStore, patterns: &[Pattern], options: QueryOptions) -> Result<Query> {
    query_from(tx, store, &[], Block::unit(), patterns, options)
}

/// [`query`] for bindings there are already: `seed` has a slot for each of `names`. Their items come first in each row.
pub fn query_from(
    tx: &Transaction,
    store: &NStore,
    names: &[String],
    seed: Block,
    patterns: &[Pattern],
    options: QueryOptions,
) -> Result<Query> {
    let stages = patterns.iter().map(|pattern| Stage::Scan(pattern)).collect();
    Query::new(tx, store, names, seed, stages, options)
}

/// How many rows `query` gives.
pub async fn count(tx: &Transaction, store: &NStore, patterns: &[Pattern], options: QueryOptions) -> Result<u64> {
    query(tx, store, patterns, QueryOptions { values: false, ..options })?.count().await
}

impl Query {
    pub(crate) fn new(
        tx: &Transaction,
        store: &NStore,
        names: &[String],
        seed: Block,
        stages: Vec<Stage<'_>>,
        options: QueryOptions,
    ) -> Result<Query> {
        if stages.is_empty() || stages.len() > 2 * PATTERNS_MAX {
            let message = format!("expected 1 to {PATTERNS_MAX} patterns, got {}", stages.len());
            return Err(Error::argument("patterns", message));
        }
        if let Some(name) = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
            return Err(Error::argument("names", format!("the variable {:?} is there twice", name.1)));
        }
        let in_flight = (READS_IN_FLIGHT / stages.len()).max(1);
        let mut slots: Slots = names.iter().cloned().map(Some).collect();
        let mut levels = Vec::with_capacity(stages.len());
        for stage in stages {
            let before = slots.len();
            levels.push(match stage {
                Stage::Scan(pattern) => {
                    let step = Step::plan(store, pattern, options.values, &mut slots)?;
                    Level::Scan(Scan::new(tx, store, step, before, options.snapshot, in_flight))
                }
                Stage::Check { pattern, dropped, judge } => {
                    let step = Step::plan(store, &pattern, false, &mut slots)?;
                    let slot = slots.iter().position(|slot| slot.as_deref() == Some(dropped));
                    let slot = slot.ok_or_else(|| Error::argument("dropped", "is not bound"))?;
                    slots.remove(slot);
                    Level::Check(Check::new(judge, store, step, slot, before, in_flight))
                }
            });
        }
        Ok(Query { levels, slots, seed: Some(seed), budget: Budget::whole(), rest: 0, done: false })
    }

    /// What each slot of a row holds: a variable, or nothing for the value of a tuple.
    pub fn slots(&self) -> &[Option<String>] {
        &self.slots
    }

    /// The next rows; nothing at the end. After some work it lets others run even if it need not wait.
    pub async fn next_block(&mut self) -> Result<Option<Block>> {
        poll_fn(|cx| self.poll_block(cx)).await
    }

    /// [`next_block`](Self::next_block), for callers that poll.
    pub fn poll_block(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Block>>> {
        if self.done {
            return Poll::Ready(Ok(None));
        }
        if self.rest > 0 {
            self.rest -= 1;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let polled = poll_levels(&mut self.levels, &mut self.seed, cx, &mut self.budget);
        if self.budget.is_spent() {
            self.budget = Budget::whole();
            // More than once, as there are executors that poll twice in a row.
            self.rest = 2;
            if polled.is_pending() {
                cx.waker().wake_by_ref();
            }
        }
        if matches!(polled, Poll::Ready(Ok(None) | Err(_))) {
            self.done = true;
            self.levels.iter_mut().for_each(Level::end);
        }
        polled
    }

    /// How many rows are left.
    pub async fn count(mut self) -> Result<u64> {
        let mut rows = 0;
        while let Some(block) = self.next_block().await? {
            rows += block.len() as u64;
        }
        Ok(rows)
    }

    /// Of each pattern, in the order they are looked for: how many reads it has taken, and how many rows it gave.
    pub(super) fn work(&self) -> impl Iterator<Item = (u64, u64)> {
        self.levels.iter().filter_map(|level| match level {
            Level::Scan(scan) => Some((scan.reads, scan.rows)),
            Level::Check(_) => None,
        })
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = &Step> {
        self.levels.iter().filter_map(|level| match level {
            Level::Scan(scan) => Some(&scan.step),
            Level::Check(_) => None,
        })
    }
}

/// [`query`] with the patterns in the order that [`reorder`](super::reorder) finds best. The rows are the same, in
/// another order, and so are their slots but for their order.
pub async fn query_reordered(
    tx: &Transaction,
    store: &NStore,
    patterns: &[Pattern],
    options: QueryOptions,
) -> Result<Query> {
    let order = reorder(tx, store, patterns).await?;
    let patterns: Vec<Pattern> = order.into_iter().map(|number| patterns[number].clone()).collect();
    query(tx, store, &patterns, options)
}
