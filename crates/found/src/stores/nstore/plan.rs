//! What a query will do, and in which order its patterns are cheapest.
//!
//! Estimates come from the first page of each pattern's own scan (with nothing bound), read as a snapshot so that
//! they add no conflicts, and from FoundationDB's estimate of the range's size where the page is not all of it.

use super::block::Block;
use super::level::equal_to;
use super::pattern::{Pattern, Slots, Step, Term};
use super::query::{QueryOptions, query};
use super::store::NStore;
use crate::Result;
use crate::client::{StreamingMode, Transaction};
use futures_util::future::try_join_all;
use std::collections::HashSet;

/// How many rows of each pattern are looked at.
const SAMPLE_ROWS: usize = 1000;

/// How a query is answered: its patterns in the order they are looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The patterns.
    pub steps: Vec<ExplainedStep>,
}

/// How one pattern is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedStep {
    /// Which of the patterns given, from 0.
    pub pattern: usize,
    /// The number of the index that is read.
    pub index: usize,
    /// The index's order of columns; rows come in that order.
    pub columns: Vec<usize>,
    /// How many of its first columns are known when it is read. If it is all, one key is read instead of a range.
    pub known: usize,
    /// About how many tuples match the pattern by itself. Exact up to 1,000.
    pub estimated: u64,
    /// How many rows it gave, and how many reads that took, if the query was run.
    pub actual: Option<(u64, u64)>,
}

/// Says how `query` would answer `patterns`, reordered or as they are; with `run` it does it, and counts.
pub async fn explain(
    tx: &Transaction,
    store: &NStore,
    patterns: &[Pattern],
    reordered: bool,
    run: bool,
) -> Result<Explained> {
    let samples = samples(tx, store, patterns).await?;
    let order = if reordered { cheapest(patterns, &samples) } else { (0..patterns.len()).collect() };
    let ordered: Vec<Pattern> = order.iter().map(|&number| patterns[number].clone()).collect();
    let mut query = query(tx, store, &ordered, QueryOptions::default())?;
    if run {
        while query.next_block().await?.is_some() {}
    }
    let steps =
        order.iter().zip(query.steps().zip(query.work())).map(|(&pattern, (step, (reads, rows)))| ExplainedStep {
            pattern,
            index: step.index,
            columns: store.indices()[step.index].order.clone(),
            known: step.known(),
            estimated: samples[pattern].rows,
            actual: run.then_some((rows, reads)),
        });
    Ok(Explained { steps: steps.collect() })
}

/// The order of `patterns`, by their numbers, that reads least by estimates: the one with the fewest tuples first, then
/// always the one that multiplies the rows least, of those that share a variable with what came before if there are
/// any.
pub async fn reorder(tx: &Transaction, store: &NStore, patterns: &[Pattern]) -> Result<Vec<usize>> {
    if patterns.len() < 2 {
        return Ok((0..patterns.len()).collect());
    }
    Ok(cheapest(patterns, &samples(tx, store, patterns).await?))
}

/// The tuples of one pattern by itself.
struct Sample {
    rows: u64,
    /// Some of them: a slot for each variable.
    block: Block,
    names: Slots,
}

async fn samples(tx: &Transaction, store: &NStore, patterns: &[Pattern]) -> Result<Vec<Sample>> {
    try_join_all(patterns.iter().map(|pattern| sample(tx, store, pattern))).await
}

async fn sample(tx: &Transaction, store: &NStore, pattern: &[Term]) -> Result<Sample> {
    let mut names = Slots::new();
    let step = Step::plan(store, pattern, false, &mut names)?;
    let mut block = Block::new(step.width(0));
    if step.is_whole() {
        return Ok(Sample { rows: 1, block, names });
    }
    let unit = Block::unit();
    let key = step.prefix(store, &unit.row(0));
    let mut range = equal_to(tx, &key, true, StreamingMode::WantAll, SAMPLE_ROWS);
    let size = tx.estimated_range_size(&[&key[..], &[0x00]].concat(), &[&key[..], &[0xff]].concat());
    let (mut seen, mut bytes) = (0u64, 0u64);
    while let Some(page) = range.next_page().await? {
        for (row_key, value) in page.iter() {
            seen += 1;
            bytes += (row_key.len() + value.len()) as u64;
            step.accept(store, &unit.row(0), 0, (row_key, value), key.len(), &mut block)?;
        }
    }
    if seen < SAMPLE_ROWS as u64 {
        return Ok(Sample { rows: block.len() as u64, block, names });
    }
    let size = u64::try_from(size.await?).unwrap_or(0);
    let kept = block.len() as f64 / seen as f64;
    let rows = (size / (bytes / seen).max(1)).max(seen) as f64 * kept;
    Ok(Sample { rows: rows as u64, block, names })
}

fn cheapest(patterns: &[Pattern], samples: &[Sample]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..patterns.len()).collect();
    let mut order = Vec::with_capacity(left.len());
    let mut bound: HashSet<&str> = HashSet::new();
    while !left.is_empty() {
        let cost = |number: usize| {
            let sample = &samples[number];
            let shares = sample.names.iter().flatten().any(|name| bound.contains(name.as_str()));
            let apart = !bound.is_empty() && !shares && !sample.names.is_empty();
            (apart, sample.fan_out(&bound), sample.rows, number)
        };
        let best = left.iter().copied().min_by(|&a, &b| {
            let (a, b) = (cost(a), cost(b));
            (a.0.cmp(&b.0)).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)).then(a.3.cmp(&b.3))
        });
        let Some(best) = best else { break };
        left.retain(|&number| number != best);
        bound.extend(samples[best].names.iter().flatten().map(String::as_str));
        order.push(best);
    }
    order
}

impl Sample {
    /// About how many tuples there are for each combination of what is bound: all, if nothing is.
    fn fan_out(&self, bound: &HashSet<&str>) -> f64 {
        let is_bound = |name: &Option<String>| name.as_ref().is_some_and(|name| bound.contains(name.as_str()));
        let slots: Vec<usize> = (0..self.names.len()).filter(|&slot| is_bound(&self.names[slot])).collect();
        if slots.is_empty() || self.block.is_empty() {
            return self.rows as f64;
        }
        let rows = self.block.rows();
        let distinct: HashSet<Vec<&[u8]>> = rows.map(|row| slots.iter().map(|&slot| row.get(slot)).collect()).collect();
        self.block.len() as f64 / distinct.len() as f64
    }
}
