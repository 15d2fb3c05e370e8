//! Queries over the tuples that are alive.
//!
//! For each pattern the rows of changes that added a tuple are scanned, and those stay whose change is the one that
//! decides about the tuple: so each tuple comes once, and nothing needs to be remembered to tell doubles.

use super::store::VnStore;
use super::view::{ReadOptions, View};
use crate::client::Transaction;
use crate::stores::nstore::{Block, Items, Judge, Pattern, Query, QueryOptions, Stage, Term};
use crate::tuple::{Event, Reader};
use crate::{Error, Result};
use std::sync::Arc;
use uuid::Uuid;

impl VnStore {
    /// The living tuples that match all of `patterns`, as what their variables stand for: like
    /// [`nstore::query`](crate::stores::nstore::query), in the same order.
    pub async fn query(&self, tx: &Transaction, patterns: &[Pattern], options: ReadOptions) -> Result<Query> {
        self.query_from(tx, &[], Block::unit(), patterns, options).await
    }

    /// [`query`](Self::query) for bindings there are already: `seed` has a slot for each of `names`.
    pub async fn query_from(
        &self,
        tx: &Transaction,
        names: &[String],
        seed: Block,
        patterns: &[Pattern],
        options: ReadOptions,
    ) -> Result<Query> {
        for pattern in patterns {
            if pattern.len() != self.width() {
                let message = format!("expected {} columns, got {}", self.width(), pattern.len());
                return Err(Error::argument("pattern", message));
            }
            if pattern.contains(&Term::var(CHANGE)) {
                return Err(Error::argument("pattern", format!("a variable cannot be called {CHANGE:?}")));
            }
        }
        let judge = deciding(View::of(self, tx, options).await?);
        let rows: Vec<Pattern> = patterns.iter().map(|pattern| self.row_pattern(pattern, Term::value(true))).collect();
        let stages = rows.iter().flat_map(|row| {
            let check = Stage::Check { pattern: row.clone(), dropped: CHANGE, judge: judge.clone() };
            [Stage::Scan(row), check]
        });
        let options = QueryOptions { values: options.values, snapshot: options.snapshot };
        Query::new(tx, &self.tuples, names, seed, stages.collect(), options)
    }

    /// The pattern of the rows for one of tuples.
    pub(super) fn row_pattern(&self, pattern: &[Term], alive: Term) -> Pattern {
        pattern.iter().cloned().chain([Term::var(CHANGE), alive]).collect()
    }

    /// The tuple, the change and whether it added, of a packed row.
    pub(super) fn cut<'a>(&self, row: &'a [u8]) -> Result<(&'a [u8], Uuid, bool)> {
        let items = Items::split(row, self.width() + 2)?;
        let width = (0..self.width()).map(|column| items.get(column).len()).sum();
        let mut rest = Reader::new(&row[width..]);
        match (rest.next(), rest.next()) {
            (Some(Ok(Event::Uuid(change))), Some(Ok(Event::Bool(alive)))) => Ok((&row[..width], change, alive)),
            _ => Err(self.tuples.foreign()),
        }
    }
}

/// The variable for the change, which no program can have.
pub(super) const CHANGE: &str = "\0change";

/// Whether the change of a row decides about its tuple.
fn deciding(view: Arc<View>) -> Judge {
    Arc::new(move |row| {
        let view = view.clone();
        Box::pin(async move {
            let (items, change, _) = view.store.cut(&row)?;
            Ok(view.deciding(items).await?.is_some_and(|touch| touch.change == change && touch.alive))
        })
    })
}
