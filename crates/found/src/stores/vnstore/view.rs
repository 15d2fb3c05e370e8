//! What is seen: which changes count, and which of them decides about a tuple.

use super::change::NO_CHANGE;
use super::significance::{drafts_until, last_of};
use super::store::VnStore;
use crate::Result;
use crate::client::{Page, Range, RangeOptions, StreamingMode, Transaction};
use crate::stores::nstore::equal_to;
use crate::tuple::{Event, Reader};
use futures_util::future::{FutureExt, Shared};
use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use uuid::Uuid;

const NOT_APPLIED: &str = "FOUND_VNSTORE_NOT_APPLIED";
const FUTURE: &str = "FOUND_VNSTORE_FUTURE";

/// How many significances are looked up at a time for one tuple.
const IN_FLIGHT: usize = 64;

/// How many significances are remembered: about 1 MB.
const KNOWN_MAX: usize = 4096;

/// The significance of a change.
#[derive(Clone)]
enum Significance {
    Known(Option<Uuid>),
    BeingRead(Shared<Reading>),
}

type Reading = Pin<Box<dyn Future<Output = Result<Option<Uuid>>> + Send>>;

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

    /// How much a change of that significance counts; nothing if it does not.
    fn rank(&self, change: Uuid, significance: Option<Uuid>) -> Option<Rank> {
        match significance {
            Some(significance) if significance <= self.bound => Some(Rank::Applied(significance)),
            _ if self.pending == Some(change) => Some(Rank::Pending),
            _ => None,
        }
    }

    /// Looks a significance up, or begins to read it: most often it is there then.
    async fn significance(&self, change: Uuid) -> Result<Significance> {
        if let Some(significance) = self.lock_known().get(&change) {
            return Ok(significance.clone());
        }
        let (range, skip) = self.store.significance_rows(&self.tx, change, self.snapshot);
        let mut first = range.read();
        let looked = poll_fn(|cx| Poll::Ready(first.poll_unpin(cx))).await;
        let significance = match looked {
            Poll::Ready(page) => Significance::Known(VnStore::greatest_significance(range, page?, skip).await?),
            Poll::Pending => {
                let read: Reading =
                    Box::pin(async move { VnStore::greatest_significance(range, first.await?, skip).await });
                let read = read.shared();
                let mut look = read.clone();
                // Twice: what wakes it is another waker from now on, and what comes while that takes the place of the first
                // is seen by the second look.
                let looked =
                    poll_fn(|cx| Poll::Ready(look.poll_unpin(cx).is_ready() || look.poll_unpin(cx).is_ready()));
                looked.await;
                Significance::BeingRead(read)
            }
        };
        let mut known = self.lock_known();
        if known.len() == KNOWN_MAX {
            known.clear();
        }
        Ok(known.entry(change).or_insert(significance).clone())
    }

    fn lock_known(&self) -> MutexGuard<'_, HashMap<Uuid, Significance>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
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
        let mut ranked = Vec::with_capacity(touches.len());
        let mut touches = touches.into_iter();
        let mut under_way = VecDeque::new();
        loop {
            while under_way.len() < IN_FLIGHT
                && let Some(touch) = touches.next()
            {
                under_way.push_back((self.significance(touch.change).await?, touch));
            }
            let Some((significance, touch)) = under_way.pop_front() else { return Ok(ranked) };
            let significance = match significance {
                Significance::Known(significance) => significance,
                Significance::BeingRead(read) => read.await?,
            };
            ranked.extend(self.rank(touch.change, significance).map(|rank| (rank, touch)));
        }
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
