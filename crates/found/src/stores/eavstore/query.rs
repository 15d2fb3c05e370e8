//! Finding records by their values.
//!
//! The uids of one value lie sorted in the index, so conditions of equality are merged. A range has its uids sorted by
//! value first; where there is a condition of equality, or another range, the candidates' values are read and looked at
//! instead, many at a time.

use super::condition::Intervals;
use super::{Condition, EavStore};
use crate::client::{KeySelector, Range, RangeOptions, StreamingMode, Transaction, Value};
use crate::stores::intersection::{Intersection, READS_IN_FLIGHT};
use crate::stores::pace::Pace;
use crate::tuple::{Element, Reader, pack, unpack};
use crate::{Error, Result};
use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;

/// Some of the uids that a query has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uids {
    packed: Vec<u8>,
}

impl Uids {
    /// The uids as one packed tuple.
    pub fn into_packed(self) -> Vec<u8> {
        self.packed
    }

    /// The uids.
    pub fn items(&self) -> Result<Vec<Element>> {
        Ok(unpack(&self.packed)?)
    }
}

/// A query under way.
///
/// The order is: for conditions of equality, that of the uids; for ranges alone, that of the values of one of them (the
/// only one, if there is one), integers before floats, then of the uids.
pub struct Query {
    store: EavStore,
    tx: Transaction,
    candidates: Candidates,
    /// What is looked at in the candidates: packed attributes and what their values must be.
    filters: Vec<(Vec<u8>, Intervals)>,
    pace: Pace,
}

enum Candidates {
    Common(Intersection),
    /// The ranges that are left, and where value and uid begin in their keys.
    Ranges(VecDeque<Range>, usize),
}

impl EavStore {
    /// The uids of the records that fulfil all conditions, of which there must be one at least.
    pub async fn query(&self, tx: &Transaction, conditions: &BTreeMap<String, Condition>) -> Result<Query> {
        let (mut equal, mut filters) = (Vec::new(), Vec::new());
        for (attribute, condition) in conditions {
            let attribute = pack(&[Element::String(attribute.clone())])?;
            match condition {
                Condition::Equals(value) => {
                    equal.push(self.index_key(&attribute, &pack(std::slice::from_ref(value))?, b""));
                }
                _ => filters.push((attribute, condition.intervals()?)),
            }
        }
        let candidates = if equal.is_empty() {
            if filters.is_empty() {
                return Err(Error::argument("conditions", "there must be one at least"));
            }
            let first = self.narrowest(tx, &filters).await?;
            let (attribute, intervals) = filters.swap_remove(first);
            self.ranges(tx, &attribute, &intervals)
        } else {
            Candidates::Common(Intersection::new(tx, equal).await?)
        };
        Ok(Query { store: self.clone(), tx: tx.clone(), candidates, filters, pace: Pace::new() })
    }

    fn ranges(&self, tx: &Transaction, attribute: &[u8], intervals: &Intervals) -> Candidates {
        let prefix = self.index_key(attribute, b"", b"");
        let options = RangeOptions { mode: StreamingMode::WantAll, ..RangeOptions::default() };
        let ranges = intervals.0.iter().map(|(begin, end)| {
            let at = |edge: &[u8]| KeySelector::first_greater_or_equal([&prefix[..], edge].concat());
            tx.range(at(begin), at(end), options)
        });
        Candidates::Ranges(ranges.collect(), prefix.len())
    }

    /// Which of the ranges seems to have the fewest records.
    async fn narrowest(&self, tx: &Transaction, filters: &[(Vec<u8>, Intervals)]) -> Result<usize> {
        if filters.len() == 1 {
            return Ok(0);
        }
        let sizes = filters.iter().map(|(attribute, intervals)| {
            let prefix = self.index_key(attribute, b"", b"");
            let size = |(begin, end): &(Vec<u8>, Vec<u8>)| {
                tx.estimated_range_size(&[&prefix[..], begin].concat(), &[&prefix[..], end].concat())
            };
            intervals.0.iter().map(size).collect::<Vec<_>>()
        });
        let mut narrowest = (0, i64::MAX);
        for (index, sizes) in sizes.collect::<Vec<_>>().into_iter().enumerate() {
            let mut sum = 0;
            for size in sizes {
                sum += size.await?;
            }
            if sum < narrowest.1 {
                narrowest = (index, sum);
            }
        }
        Ok(narrowest.0)
    }
}

type Get = Pin<Box<dyn Future<Output = Result<Option<Value>>> + Send>>;

impl Query {
    /// The next uids; nothing after the last. A block may be empty.
    pub async fn next_block(&mut self) -> Result<Option<Uids>> {
        if let Candidates::Common(common) = &mut self.candidates
            && self.filters.is_empty()
        {
            return Ok(common.next_block().await?.map(|block| Uids { packed: block.entries() }));
        }
        let Some(candidates) = self.next_candidates().await? else { return Ok(None) };
        let mut found = Uids::default();
        if self.filters.is_empty() {
            for uid in candidates {
                found.packed.extend_from_slice(&uid);
            }
            return Ok(Some(found));
        }
        let at_a_time = (READS_IN_FLIGHT / self.filters.len()).max(1);
        let mut under_way: VecDeque<(Vec<u8>, Vec<Get>)> = VecDeque::new();
        let mut candidates = candidates.into_iter();
        loop {
            while under_way.len() < at_a_time
                && let Some(uid) = candidates.next()
            {
                let get = |(attribute, _): &(Vec<u8>, _)| -> Get {
                    Box::pin(self.tx.get(&self.store.data_key(&uid, attribute), false))
                };
                let gets = self.filters.iter().map(get).collect();
                under_way.push_back((uid, gets));
            }
            let Some((uid, gets)) = under_way.pop_front() else { return Ok(Some(found)) };
            let mut fits = true;
            for (get, (_, intervals)) in gets.into_iter().zip(&self.filters) {
                fits &= get.await?.is_some_and(|value| intervals.contain(&value));
            }
            if fits {
                found.packed.extend_from_slice(&uid);
            }
            self.pace.worked(self.filters.len()).await;
        }
    }

    /// The packed uids of the next candidates.
    async fn next_candidates(&mut self) -> Result<Option<Vec<Vec<u8>>>> {
        match &mut self.candidates {
            Candidates::Common(common) => {
                let entries = common.next_block().await?;
                Ok(entries.map(|block| (0..block.len()).map(|index| block.entry(index).to_vec()).collect()))
            }
            Candidates::Ranges(ranges, skip) => {
                while let Some(range) = ranges.front_mut() {
                    let Some(page) = range.next_page().await? else {
                        ranges.pop_front();
                        continue;
                    };
                    self.pace.worked(page.len()).await;
                    let mut uids = Vec::with_capacity(page.len());
                    for (key, _) in page.iter() {
                        let mut items = Reader::new(key.get(*skip..).unwrap_or_default());
                        let _value = items.raw().transpose()?;
                        let uid = items.raw().transpose()?;
                        let uid = uid.ok_or_else(|| self.store.damaged("an entry of the index has no uid".into()))?;
                        uids.push(uid.to_vec());
                    }
                    return Ok(Some(uids));
                }
                Ok(None)
            }
        }
    }
}
