//! Searching: the documents that have all words, the best first.
//!
//! Every document that has them is scored, and the limit is applied last: the result does not depend on it, nor on the
//! run. What is in memory is a block of candidates, a page of each list of postings, and the best hits so far.
//!
//! Where asyncio-foundationdb indexes a document again that was indexed here, the postings of words that the document
//! has no more stay, with their counts. Such a posting can only add a document that is no hit, never hide one. So the
//! best are ranked by postings alone, and then those that are to be given are looked up: a document's counter tells.

use super::PStore;
use super::counter::{Counter, Decoder, length_of};
use super::ranking::{Best, Bm25, Ranking};
use super::store::Packed;
use crate::Result;
use crate::client::{Transaction, Value};
use crate::stores::intersection::{Block, Intersection, READS_IN_FLIGHT};
use crate::stores::pace::Pace;
use crate::tuple::{Element, Event, Reader, small_integer, unpack};
use std::collections::VecDeque;
use std::pin::Pin;

/// A document that has all words.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    docuid: Packed,
    /// How good it is: see [`Ranking`].
    pub score: f64,
    /// Whether the document's counter was seen.
    certain: bool,
}

impl Hit {
    pub(super) fn new(docuid: Packed, score: f64, certain: bool) -> Hit {
        Hit { docuid, score, certain }
    }

    /// The document's uid, packed.
    pub fn docuid_packed(&self) -> &[u8] {
        &self.docuid
    }

    /// The document's uid.
    pub fn docuid(&self) -> Result<Element> {
        Ok(unpack(&self.docuid)?.pop().unwrap_or(Element::Null))
    }
}

/// How many hits more than wanted are kept, for those that are none.
const SPARE: usize = 16;

/// How many documents are looked up at a time.
const LOOK_UPS: usize = READS_IN_FLIGHT / 2;

/// What a word counts for in [`Pace`] when a counter must be read for it.
const ROWS_PER_COUNTER: usize = 8;

impl PStore {
    /// The best `limit` of the documents that have all the words, by score, then by docuid. Without words there are
    /// none.
    pub async fn search(&self, tx: &Transaction, words: &[&str], limit: usize, ranking: Ranking) -> Result<Vec<Hit>> {
        // Sorted, so that sums of floats do not depend on the order of the words.
        let mut words = words.to_vec();
        words.sort_unstable();
        words.dedup();
        let tokens: Option<Vec<Packed>> = self.tokens_of(tx, &words).await?.into_iter().collect();
        let tokens = match tokens {
            Some(tokens) if !tokens.is_empty() && limit > 0 => tokens,
            _ => return Ok(Vec::new()),
        };
        let bm25 = match ranking {
            Ranking::Count => None,
            Ranking::Bm25 => Some(Bm25::new(&self.totals(tx, &tokens).await?)),
        };
        let mut scorer =
            Scorer { store: self, tx, tokens: &tokens, bm25, decoder: Decoder::new(self), pace: Pace::new() };
        let mut room = limit.saturating_add(SPARE);
        loop {
            let best = scorer.best(room).await?;
            let all = best.len() < room;
            let hits = scorer.certain(best, limit).await?;
            if all || hits.len() == limit {
                return Ok(hits);
            }
            room = room.saturating_mul(2);
        }
    }
}

type Get = Pin<Box<dyn Future<Output = Result<Option<Value>>> + Send>>;

/// A candidate and the reads that its score needs.
struct Waiting {
    /// Its place in the block.
    index: usize,
    /// The document's counter, where a posting does not tell its count.
    counter: Option<Get>,
    /// The document's length.
    length: Option<Get>,
}

struct Scorer<'a> {
    store: &'a PStore,
    tx: &'a Transaction,
    tokens: &'a [Packed],
    bm25: Option<Bm25>,
    decoder: Decoder<'a>,
    pace: Pace,
}

impl Scorer<'_> {
    /// The best hits, as their postings tell.
    async fn best(&mut self, room: usize) -> Result<Vec<Hit>> {
        let prefixes = self.tokens.iter().map(|token| self.store.posting_prefix(token)).collect();
        let mut candidates = Intersection::new(self.tx, prefixes).await?;
        let mut best = Best::new(room);
        while let Some(block) = candidates.next_block().await? {
            self.score(&block, &mut best).await?;
        }
        Ok(best.into_hits())
    }

    /// The first `limit` of the hits whose documents have all words indeed.
    async fn certain(&mut self, best: Vec<Hit>, limit: usize) -> Result<Vec<Hit>> {
        let mut hits = Vec::with_capacity(limit.min(best.len()));
        let mut under_way: VecDeque<(Hit, Option<Get>)> = VecDeque::new();
        let mut best = best.into_iter();
        while hits.len() < limit {
            while under_way.len() < LOOK_UPS.min(limit - hits.len())
                && let Some(hit) = best.next()
            {
                let key = (!hit.certain).then(|| self.store.counter_key(&hit.docuid));
                under_way.push_back((hit, key.map(|key| -> Get { Box::pin(self.tx.get(&key, false)) })));
            }
            let Some((hit, counter)) = under_way.pop_front() else { break };
            let has_all = match counter {
                None => true,
                Some(counter) => match counter.await? {
                    Some(value) => self.decoder.has_all(&value, self.tokens)?,
                    None => false,
                },
            };
            if has_all {
                hits.push(hit);
            }
            self.pace.worked(ROWS_PER_COUNTER).await;
        }
        Ok(hits)
    }

    async fn score(&mut self, block: &Block, best: &mut Best) -> Result<()> {
        let mut untold = self.score_told(block, best)?.into_iter();
        self.pace.worked(block.len()).await;
        let mut under_way: VecDeque<Waiting> = VecDeque::new();
        loop {
            while under_way.len() < LOOK_UPS
                && let Some(index) = untold.next()
            {
                under_way.push_back(self.ask(block, index)?);
            }
            let Some(waiting) = under_way.pop_front() else { return Ok(()) };
            let (index, certain) = (waiting.index, waiting.counter.is_some());
            if let Some(score) = self.settle(block, waiting).await? {
                best.offer(block.entry(index), score, certain);
            }
            self.pace.worked(1).await;
        }
    }

    /// Scores what takes nothing but postings that tell their counts; gives the places of the rest.
    fn score_told(&self, block: &Block, best: &mut Best) -> Result<Vec<usize>> {
        if self.bm25.is_some() {
            return Ok((0..block.len()).collect());
        }
        let mut untold = Vec::new();
        'entries: for index in 0..block.len() {
            let mut score = 0.0;
            for value in block.values(index) {
                if value.is_empty() {
                    untold.push(index);
                    continue 'entries;
                }
                score += self.count_in(value)? as f64;
            }
            best.offer(block.entry(index), score, false);
        }
        Ok(untold)
    }

    fn ask(&self, block: &Block, index: usize) -> Result<Waiting> {
        let get = |key: &[u8]| -> Get { Box::pin(self.tx.get(key, false)) };
        let untold = block.values(index).any(<[u8]>::is_empty);
        let counter = untold.then(|| get(&self.store.counter_key(block.entry(index))));
        let length = match self.bm25 {
            Some(_) => Some(get(&self.store.length_key(block.entry(index))?)),
            None => None,
        };
        Ok(Waiting { index, counter, length })
    }

    /// The score; nothing if the document does not have all words after all.
    async fn settle(&mut self, block: &Block, waiting: Waiting) -> Result<Option<f64>> {
        let Waiting { index, counter, length } = waiting;
        let mut whole = match counter {
            None => None,
            Some(counter) => match self.read_counter(counter).await? {
                // A posting without a document: the reference has removed nothing of the kind, but a program may.
                None => return Ok(None),
                whole => whole,
            },
        };
        let mut counts = Vec::with_capacity(self.tokens.len());
        for (value, token) in block.values(index).zip(self.tokens) {
            let count = match (&whole, value.is_empty()) {
                // The counter knows best: the posting may be what was left behind when the document was indexed again.
                (Some(counter), _) => counter.iter().find(|(other, _)| other == token).map(|(_, count)| *count),
                (None, _) => Some(self.count_in(value)?),
            };
            let Some(count) = count else { return Ok(None) };
            counts.push(count);
        }
        if self.bm25.is_none() {
            return Ok(Some(counts.iter().map(|count| *count as f64).sum()));
        }
        let counted = match length {
            Some(length) => length.await?,
            None => None,
        };
        let length = match counted {
            Some(value) => self.store.length_in(&value)?,
            // It is not counted, so it has to be measured.
            None => {
                if whole.is_none() {
                    let get: Get = Box::pin(self.tx.get(&self.store.counter_key(block.entry(index)), false));
                    whole = self.read_counter(get).await?;
                }
                length_of(&whole.unwrap_or_default())
            }
        };
        Ok(self.bm25.as_ref().map(|bm25| bm25.score(&counts, length)))
    }

    async fn read_counter(&mut self, counter: Get) -> Result<Option<Counter>> {
        let Some(value) = counter.await? else { return Ok(None) };
        self.pace.worked(ROWS_PER_COUNTER).await;
        self.decoder.decode(&value).map(Some)
    }

    fn count_in(&self, value: &[u8]) -> Result<i64> {
        // Nearly all counts are so small.
        if let Some(count) = small_integer(value) {
            return Ok(count.into());
        }
        match Reader::new(value).next().transpose()? {
            Some(Event::Int(count)) => Ok(count),
            _ => Err(self.store.damaged(format!("a posting does not tell a count; value={value:02x?}"))),
        }
    }
}
