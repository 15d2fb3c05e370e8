//! Applying changes.

use super::change::{APPLIED, SIGNIFICANCE};
use super::store::VnStore;
use super::view::{Rank, View};
use crate::client::{KeySelector, RangeOptions, Transaction};
use crate::stores::nstore;
use crate::tuple::{Element, Event, Packer, Reader, pack};
use crate::{Error, Result};
use futures_util::stream::{StreamExt, TryStreamExt, iter};
use uuid::Uuid;

const CONFLICT: &str = "FOUND_VNSTORE_CONFLICT";
const NO_BASE: &str = "FOUND_VNSTORE_NO_BASE";

/// How many tuples of a change are looked at at a time.
const IN_FLIGHT: usize = 64;
/// The most tuples that a conflict names.
const CONFLICTS_MAX: usize = 1000;

/// What to do about tuples that were touched by others since the change was created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnConflict {
    /// The later change wins.
    #[default]
    Overwrite,
    /// The change is not applied.
    Error,
}

/// How to apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApplyOptions {
    /// About tuples that others have touched.
    pub on_conflict: OnConflict,
}

impl VnStore {
    /// Applies a change and gives its significance, which is greater than every earlier one.
    ///
    /// Errors: `FOUND_VNSTORE_NO_CHANGE`; `FOUND_VNSTORE_APPLIED` if it was applied before; with
    /// [`OnConflict::Error`], `FOUND_VNSTORE_CONFLICT` with the tuples (up to 1,000), each with the change that was
    /// applied since this one was created, and `FOUND_VNSTORE_NO_BASE` if it is not known when that was, as the change
    /// was created by the reference. Nothing is written then.
    pub async fn apply(&self, tx: &Transaction, change: Uuid, options: ApplyOptions) -> Result<Uuid> {
        let _turn = tx.turn().await;
        if !self.exists(tx, change).await? {
            return Err(self.no_change(change));
        }
        if self.significance(tx, change, false).await?.is_some() {
            return Err(self.refuse(APPLIED, format!("the change {change} was applied before")).into());
        }
        if options.on_conflict == OnConflict::Error {
            self.check_conflicts(tx, change).await?;
        }
        let last = self.last_significance(tx, false).await?;
        let significance = self.next_significance(last).ok_or_else(|| self.changes.foreign())?;
        let row = |value: Element| [Element::Uuid(change), SIGNIFICANCE.into(), value];
        nstore::add(tx, &self.changes, &row(Element::Uuid(significance)), b"")?;
        nstore::remove(tx, &self.changes, &row(Element::Null))?;
        tx.clear(&self.base_key(change))?;
        Ok(significance)
    }

    /// The greatest significance there is. Unless it is a snapshot read, it conflicts with every other apply: they
    /// write beyond it.
    pub(super) async fn last_significance(&self, tx: &Transaction, snapshot: bool) -> Result<Option<Uuid>> {
        let (begin, end) = self.significances(Uuid::nil(), Uuid::max());
        let options = RangeOptions { limit: 1, reverse: true, snapshot, ..RangeOptions::default() };
        let rows = tx.range(begin, end, options).collect().await?;
        rows.first().map(|(key, _)| self.applied(key).map(|(significance, _)| significance)).transpose()
    }

    /// The range of the keys of applied changes, in the order of their significances, from one to another, both
    /// included.
    pub(super) fn significances(&self, from: Uuid, to: Uuid) -> (KeySelector, KeySelector) {
        let key = |significance: Uuid, end: bool| {
            let mut key = Packer::with_prefix(self.changes.prefix_of(BY_ATTRIBUTE));
            key.string(SIGNIFICANCE).uuid(&significance);
            let end: &[u8] = if end { &[0xff] } else { &[] };
            KeySelector::first_greater_or_equal([key.as_slice(), end].concat())
        };
        (key(from, false), key(to, true))
    }

    /// The significance and the change of a key of that range.
    pub(super) fn applied(&self, key: &[u8]) -> Result<(Uuid, Uuid)> {
        let mut prefix = Packer::with_prefix(self.changes.prefix_of(BY_ATTRIBUTE));
        prefix.string(SIGNIFICANCE);
        let mut rest = Reader::new(key.get(prefix.as_slice().len()..).unwrap_or_default());
        match (rest.next(), rest.next(), rest.next()) {
            (Some(Ok(Event::Uuid(significance))), Some(Ok(Event::Uuid(change))), None) => Ok((significance, change)),
            _ => Err(self.changes.foreign()),
        }
    }

    async fn check_conflicts(&self, tx: &Transaction, change: Uuid) -> Result<()> {
        let base = match tx.get(&self.base_key(change), false).await? {
            Some(base) => match Reader::new(&base).next() {
                Some(Ok(Event::Uuid(base))) => Some(base),
                _ => None,
            },
            None => {
                let message = format!("it is not known what had been applied when the change {change} was created");
                return Err(self.refuse(NO_BASE, message).into());
            }
        };
        let view = View::bounded(self, tx, Uuid::max(), None, false);
        let mut content = self.content(tx, change)?;
        let mut conflicts: Vec<(Element, Uuid)> = Vec::new();
        while let Some(block) = content.next_block().await? {
            let tuples = block.rows().map(|row| Ok(row.elements()?[..self.width()].to_vec()));
            let tuples: Vec<Vec<Element>> = tuples.collect::<Result<_>>()?;
            let view = &view;
            let checked = iter(tuples).map(|items| async move {
                let since = |rank: &Rank| match rank {
                    Rank::Applied(significance) => base.is_none_or(|base| *significance > base),
                    Rank::Pending => false,
                };
                let other = view.greatest(&pack(&items)?, since).await?;
                Ok::<_, Error>(other.map(|(_, touch)| (items, touch.change)))
            });
            let found: Vec<Option<(Vec<Element>, Uuid)>> = checked.buffered(IN_FLIGHT).try_collect().await?;
            let pairs = found.into_iter().flatten();
            conflicts.extend(pairs.map(|(items, other)| (Element::Tuple(items), other)));
            if conflicts.len() >= CONFLICTS_MAX {
                conflicts.truncate(CONFLICTS_MAX);
                break;
            }
        }
        conflicts.dedup();
        let Some((first, other)) = conflicts.first() else { return Ok(()) };
        let message = format!(
            "the change {change} touches {} tuples that were changed since it was created, such as {first} by the change {other}",
            conflicts.len()
        );
        let mut error = self.refuse(CONFLICT, message);
        let named = conflicts.into_iter().map(|(items, other)| Element::Tuple(vec![items, other.into()]));
        error.detail = pack(&named.collect::<Vec<_>>())?;
        Err(error.into())
    }
}

/// The index of the changes that has the attribute first, then its value.
const BY_ATTRIBUTE: usize = 1;
