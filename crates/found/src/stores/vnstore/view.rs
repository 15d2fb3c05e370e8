//! What is seen: which changes count, and which of them decides about a tuple.

use super::change::NO_CHANGE;
use super::significance::{drafts_until, last_of};
use super::store::VnStore;
use crate::Result;
use crate::client::{Page, Range, RangeOptions, StreamingMode, Transaction};
use crate::stores::nstore::equal_to;
use crate::tuple::{Event, Reader};
use futures_util::future::{FutureExt, Shared};
use futures_util::stream::{StreamExt, TryStreamExt, iter};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

const NOT_APPLIED: &str = "FOUND_VNSTORE_NOT_APPLIED";
const FUTURE: &str = "FOUND_VNSTORE_FUTURE";

/// How many significances are looked up at a time for one tuple.
const IN_FLIGHT: usize = 64;

/// How many significances are remembered: about 1 MB.
const KNOWN_MAX: usize = 4096;

/// The significance of a change, known or being read.
type Significance = Shared<Pin<Box<dyn Future<Output = Result<Option<Uuid>>> + Send>>>;

/// A state of the past; what it names is included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// As it was when this change had been applied, or, if there is no change of that id, up to this significance.
    Id(Uuid),
    /// All that was applied up to this time, in milliseconds since 1970. Changes have the time of the clock of whoever
    /// applied them, but never less than an earlier one. A time that is yet to come is an error.
    Time(u64),
}

/// How to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Which state; the newest if left out.
    pub as_of: Option<AsOf>,
    /// Reads as if this change had been applied on top.
    pub pending: Option<Uuid>,
    /// Reads add no conflicts.
    pub snapshot: bool,
    /// Queries give the values of tuples as well.
    pub values: bool,
}

/// Which changes count, in one transaction.
pub(super) struct View {
    pub(super) store: VnStore,
    pub(super) tx: Transaction,
    pub(super) snapshot: bool,
    /// Changes that are more significant do not count.
    bound: Uuid,
    pending: Option<Uuid>,
    /// Significances that were looked up, or are: each is read once, however many tuples ask for it at a time.
    known: Mutex<HashMap<Uuid, Significance>>,
}

/// How much a change counts: the pending one most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Applied(Uuid),
    Pending,
}

/// A change that has touched a tuple.
#[derive(Clone, Debug)]
pub(super) struct Touch {
    pub(super) change: Uuid,
    pub(super) alive: bool,
    pub(super) value: Vec<u8>,
}

impl View {
    pub(super) async fn of(store: &VnStore, tx: &Transaction, options: ReadOptions) -> Result<Arc<View>> {
        let bound = match options.as_of {
            None => Uuid::max(),
            Some(as_of) => store.bound(tx, as_of, options.snapshot).await?,
        };
        if let Some(change) = options.pending
            && !store.exists(tx, change).await?
        {
            return Err(store.no_change(change));
        }
        Ok(View::bounded(store, tx, bound, options.pending, options.snapshot))
    }

    pub(super) fn bounded(
        store: &VnStore,
        tx: &Transaction,
        bound: Uuid,
        pending: Option<Uuid>,
        snapshot: bool,
    ) -> Arc<View> {
        let (store, tx) = (store.clone(), tx.clone());
        Arc::new(View { store, tx, snapshot, bound, pending, known: Mutex::default() })
    }

    /// How much a change counts; nothing if it does not.
    pub(super) async fn rank(&self, change: Uuid) -> Result<Option<Rank>> {
        let significance = self.significance(change).await?;
        Ok(match significance {
            Some(significance) if significance <= self.bound => Some(Rank::Applied(significance)),
            _ if self.pending == Some(change) => Some(Rank::Pending),
            _ => None,
        })
    }

    fn significance(&self, change: Uuid) -> Significance {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(significance) = known.get(&change) {
            return significance.clone();
        }
        if known.len() == KNOWN_MAX {
            known.clear();
        }
        let (store, tx, snapshot) = (self.store.clone(), self.tx.clone(), self.snapshot);
        let read = async move { store.significance(&tx, change, snapshot).await };
        let significance = (Box::pin(read) as Pin<Box<dyn Future<Output = _> + Send>>).shared();
        known.insert(change, significance.clone());
        significance
    }

    /// The rows of the changes that have touched the tuple packed in `items`, whether they count or not.
    fn rows(&self, items: &[u8]) -> (Vec<u8>, Range) {
        let key = [self.store.tuples.prefix_of(0), items].concat();
        let range = equal_to(&self.tx, &key, self.snapshot, StreamingMode::Iterator, 0);
        (key, range)
    }

    fn touches(&self, key: &[u8], page: &Page) -> Result<Vec<Touch>> {
        let touch = |(row, value): (&[u8], &[u8])| {
            let mut rest = Reader::new(&row[key.len()..]);
            match (rest.next(), rest.next(), rest.next()) {
                (Some(Ok(Event::Uuid(change))), Some(Ok(Event::Bool(alive))), None) => {
                    Ok(Touch { change, alive, value: value.to_vec() })
                }
                _ => Err(self.store.tuples.foreign()),
            }
        };
        page.iter().map(touch).collect()
    }

    /// All changes that count and have touched a tuple, and how much they count.
    pub(super) async fn all(&self, items: &[u8]) -> Result<Vec<(Rank, Touch)>> {
        let (key, mut range) = self.rows(items);
        let mut all = Vec::new();
        while let Some(page) = range.next_page().await? {
            all.extend(self.ranked(self.touches(&key, &page)?).await?);
        }
        Ok(all)
    }

    /// Of the changes that count, have touched a tuple and are `within` some ranks, the one that counts most. Where
    /// one change has both added and removed the tuple, which only the reference writes, it has added it.
    pub(super) async fn greatest(&self, items: &[u8], within: impl Fn(&Rank) -> bool) -> Result<Option<(Rank, Touch)>> {
        let (key, mut range) = self.rows(items);
        let mut greatest = None;
        while let Some(page) = range.next_page().await? {
            let ranked = self.ranked(self.touches(&key, &page)?).await?;
            let ranked = ranked.into_iter().filter(|(rank, _)| within(rank));
            greatest = greatest.into_iter().chain(ranked).max_by_key(|(rank, touch)| (*rank, touch.alive));
        }
        Ok(greatest)
    }

    /// Of the changes that count and have touched a tuple, the one that counts most.
    pub(super) async fn deciding(&self, items: &[u8]) -> Result<Option<Touch>> {
        Ok(self.greatest(items, |_| true).await?.map(|(_, touch)| touch))
    }

    /// Those of the changes that count, and how much.
    async fn ranked(&self, touches: Vec<Touch>) -> Result<Vec<(Rank, Touch)>> {
        let ranks = iter(touches).map(|touch| async move { Ok((self.rank(touch.change).await?, touch)) });
        let ranks =
            ranks.buffered(IN_FLIGHT).try_filter_map(|(rank, touch)| async move { Ok(rank.map(|rank| (rank, touch))) });
        ranks.try_collect().await
    }
}

impl VnStore {
    /// The greatest significance that counts in a state.
    pub(super) async fn bound(&self, tx: &Transaction, as_of: AsOf, snapshot: bool) -> Result<Uuid> {
        match as_of {
            AsOf::Id(id) => match self.significance(tx, id, snapshot).await? {
                Some(significance) => Ok(significance),
                None if self.exists(tx, id).await? => {
                    let message = format!("the change {id} was not applied, so nothing was ever as of it");
                    Err(self.refuse(NOT_APPLIED, message).into())
                }
                None if id.get_version_num() == 7 => Ok(id),
                None => Err(self.refuse(NO_CHANGE, format!("{id} is neither a change nor a significance")).into()),
            },
            AsOf::Time(time) => {
                if time > self.now() {
                    let message = format!("what will be is not known yet; time={time} ms");
                    return Err(self.refuse(FUTURE, message).into());
                }
                // Where the reference had applied by then, this is of its form, and all that is not is older.
                let (first, last) = drafts_until(time);
                let (begin, end) = self.significances(first, last);
                let options = RangeOptions { limit: 1, snapshot, ..RangeOptions::default() };
                let drafts = tx.range(begin, end, options).collect().await?;
                Ok(if drafts.is_empty() { last_of(time) } else { last })
            }
        }
    }
}
