//! How hits are scored, and which are the best.

use super::search::Hit;
use super::statistics::Totals;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// How hits are scored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ranking {
    /// The sum of the counts of the words, as asyncio-foundationdb does.
    #[default]
    Count,
    /// Okapi BM25 (k1 = 1.2, b = 0.75): rare words count more, long documents less. It needs statistics:
    /// [`PStore::with_statistics`](super::PStore::with_statistics).
    Bm25,
}

const K1: f64 = 1.2;
const B: f64 = 0.75;

/// The weights of the words of a search.
pub(super) struct Bm25 {
    average_length: f64,
    weights: Vec<f64>,
}

impl Bm25 {
    pub(super) fn new(totals: &Totals) -> Bm25 {
        let weight = |frequency: &f64| {
            // Documents that are not counted may have the word as well.
            let documents = totals.documents.max(*frequency);
            (1.0 + (documents - frequency + 0.5) / (frequency + 0.5)).ln()
        };
        let average_length = (totals.length / totals.documents).max(1.0);
        Bm25 { average_length, weights: totals.frequencies.iter().map(weight).collect() }
    }

    /// The score of a document of that length with these counts of the words.
    pub(super) fn score(&self, counts: &[i64], length: i64) -> f64 {
        let norm = K1 * (1.0 - B + B * length as f64 / self.average_length);
        let part = |(count, weight): (&i64, &f64)| {
            let count = *count as f64;
            weight * count * (K1 + 1.0) / (count + norm)
        };
        counts.iter().zip(&self.weights).map(part).sum()
    }
}

/// The best hits so far: no more than there is room for.
pub(super) struct Best {
    room: usize,
    /// The worst on top.
    heap: BinaryHeap<Ranked>,
}

impl Best {
    pub(super) fn new(room: usize) -> Best {
        Best { room, heap: BinaryHeap::new() }
    }

    pub(super) fn offer(&mut self, docuid: &[u8], score: f64, certain: bool) {
        if self.heap.len() == self.room {
            match self.heap.peek() {
                Some(Ranked(worst)) if order(score, docuid, worst.score, worst.docuid_packed()).is_lt() => {
                    self.heap.pop();
                }
                _ => return,
            }
        }
        self.heap.push(Ranked(Hit::new(docuid.to_vec(), score, certain)));
    }

    /// All of them, the best first.
    pub(super) fn into_hits(self) -> Vec<Hit> {
        self.heap.into_sorted_vec().into_iter().map(|Ranked(hit)| hit).collect()
    }
}

/// Better is less: a higher score, then a lesser docuid.
fn order(score: f64, docuid: &[u8], other_score: f64, other_docuid: &[u8]) -> Ordering {
    other_score.total_cmp(&score).then_with(|| docuid.cmp(other_docuid))
}

struct Ranked(Hit);

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        order(self.0.score, self.0.docuid_packed(), other.0.score, other.0.docuid_packed())
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked {}
