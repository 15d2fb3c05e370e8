//! The difference of two states.
//!
//! Only the changes between the two are looked at. A tuple comes with the last of them that touched it, and only if it
//! is alive in one state and not in the other: what was added and removed in between is not seen.

use super::select::CHANGE;
use super::store::VnStore;
use super::view::{AsOf, View};
use crate::Result;
use crate::client::{Page, Range, RangeOptions, StreamingMode, Transaction};
use crate::stores::nstore::{Block, Judge, Query, QueryOptions, Stage, Term};
use crate::tuple::Packer;
use std::sync::Arc;
use uuid::Uuid;

/// A state to compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Point {
    /// Before the first change.
    Beginning,
    /// A state of the past.
    AsOf(AsOf),
    /// The newest.
    #[default]
    Head,
}

/// A difference being read.
pub struct Diff {
    store: VnStore,
    tx: Transaction,
    judge: Judge,
    /// The changes between the two.
    changes: Range,
    /// The tuples of some of them.
    tuples: Option<Query>,
    backwards: bool,
}

impl VnStore {
    /// What is different in `to`, seen from `from`: a row for each tuple, of its items and whether it is alive in
    /// `to`, in the order in which they were touched last.
    pub async fn diff(&self, tx: &Transaction, from: Point, to: Point) -> Result<Diff> {
        let (from, to) = (self.point(tx, from).await?, self.point(tx, to).await?);
        let (earlier, later) = (from.min(to), from.max(to));
        let (begin, end) = self.significances(earlier, later);
        // The earlier state has the change whose significance is its own.
        let begin = if earlier.is_nil() { begin } else { self.significances(earlier, earlier).1 };
        let options = RangeOptions { mode: StreamingMode::Iterator, ..RangeOptions::default() };
        let before = View::bounded(self, tx, earlier, None, false);
        let after = View::bounded(self, tx, later, None, false);
        Ok(Diff {
            store: self.clone(),
            tx: tx.clone(),
            judge: differs(before, after),
            changes: tx.range(begin, end, options),
            tuples: None,
            backwards: from > to,
        })
    }

    async fn point(&self, tx: &Transaction, point: Point) -> Result<Uuid> {
        match point {
            Point::Beginning => Ok(Uuid::nil()),
            Point::Head => Ok(Uuid::max()),
            Point::AsOf(as_of) => self.bound(tx, as_of, false).await,
        }
    }
}

impl Diff {
    /// The next rows; nothing at the end.
    pub async fn next_block(&mut self) -> Result<Option<Block>> {
        loop {
            if let Some(tuples) = &mut self.tuples {
                if let Some(mut block) = tuples.next_block().await? {
                    // Rows say what is alive in the later state, which is `from` then.
                    if self.backwards {
                        block.negate_last();
                    }
                    return Ok(Some(block));
                }
                self.tuples = None;
            }
            let Some(page) = self.changes.next_page().await? else { return Ok(None) };
            if !page.is_empty() {
                self.tuples = Some(self.touched(&page)?);
            }
        }
    }

    /// The tuples that a page of changes has touched.
    fn touched(&self, page: &Page) -> Result<Query> {
        let mut changes = Packer::new();
        for (key, _) in page.iter() {
            changes.uuid(&self.store.applied(key)?.1);
        }
        let seed = Block::from_packed(1, page.len(), changes.as_slice())?;
        let columns: Vec<Term> = (0..self.store.width()).map(|column| Term::var(format!("{column}"))).collect();
        let row = self.store.row_pattern(&columns, Term::var("alive"));
        let check = Stage::Check { pattern: row.clone(), dropped: CHANGE, judge: self.judge.clone() };
        let names = [CHANGE.to_owned()];
        let stages = vec![Stage::Scan(&row), check];
        Query::new(&self.tx, &self.store.tuples, &names, seed, stages, QueryOptions::default())
    }
}

/// Whether the change of a row is the last to have touched its tuple, and the tuple is not what it was before.
fn differs(before: Arc<View>, after: Arc<View>) -> Judge {
    Arc::new(move |row| {
        let (before, after) = (before.clone(), after.clone());
        Box::pin(async move {
            let (items, change, alive) = after.store.cut(&row)?;
            let last = after.deciding(items).await?;
            if !last.is_some_and(|touch| touch.change == change && touch.alive == alive) {
                return Ok(false);
            }
            let was = before.deciding(items).await?.is_some_and(|touch| touch.alive);
            Ok(was != alive)
        })
    })
}
