//! The store itself: its keys, and words and their tokens.

use super::DAMAGED;
use crate::client::{KeySelector, Page, RangeOptions, StreamingMode, Transaction};
use crate::stores::StoreError;
use crate::stores::intersection::READS_IN_FLIGHT;
use crate::stores::pace::Pace;
use crate::stores::uids::Uids;
use crate::stores::writes::KEY_BYTES_MAX;
use crate::tuple::{Element, Packer, Reader, Subspace, Uuid, equal_range};
use crate::{Error, Result};
use std::collections::VecDeque;
use std::pin::Pin;

/// An inverted index: a description, which holds no data and touches no database.
#[derive(Clone, Debug)]
pub struct PStore {
    pub(super) name: String,
    /// What the keys of words begin with, and those of tokens.
    words: Vec<u8>,
    tokens: Vec<u8>,
    postings: Subspace,
    counters: Subspace,
    pub(super) statistics: Subspace,
    /// Whether statistics are kept of what is indexed.
    pub(super) keeps_statistics: bool,
    pub(super) uids: Uids,
}

/// A packed item: a token or a docuid.
pub(super) type Packed = Vec<u8>;

/// What a key has behind the prefix at least.
const KEY_REST_BYTES: usize = 100;

impl PStore {
    /// The store of that prefix. The name is for messages.
    pub fn make(name: impl Into<String>, prefix: &[Element]) -> Result<PStore> {
        let part = |number: u8| {
            let mut nested = prefix.to_vec();
            nested.push(Element::Bytes(vec![number]));
            nested
        };
        let nested = |number| Subspace::from_tuple(&[Element::Tuple(part(number))]);
        let flat = |index| {
            let mut packer = Packer::new();
            packer.elements(&part(1))?.int(index);
            packer.finish()
        };
        let store = PStore {
            name: name.into(),
            words: flat(0)?,
            tokens: flat(1)?,
            postings: nested(2)?,
            counters: nested(3)?,
            statistics: nested(4)?,
            keeps_statistics: false,
            uids: Uids::default(),
        };
        let bytes = store.postings.prefix().len() + KEY_REST_BYTES;
        if bytes > KEY_BYTES_MAX {
            return Err(Error::argument("prefix", format!("too long for keys; bytes={bytes} limit={KEY_BYTES_MAX}")));
        }
        Ok(store)
    }

    /// The same store, which also keeps the statistics that BM25 needs of what it indexes.
    pub fn with_statistics(self) -> PStore {
        PStore { keeps_statistics: true, ..self }
    }

    /// The same store, with tokens of the caller's making: for tests, which must know them.
    pub fn with_uids(self, make: impl Fn() -> Uuid + Send + Sync + 'static) -> PStore {
        PStore { uids: Uids::from_fn(make), ..self }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn word_key(&self, word: &str, token: &[u8]) -> Vec<u8> {
        let mut key = Packer::with_prefix(&self.words[..]);
        key.string(word);
        [key.as_slice(), token].concat()
    }

    pub(super) fn token_key(&self, token: &[u8], word: &str) -> Vec<u8> {
        let mut key = Packer::with_prefix([&self.tokens[..], token].concat());
        key.string(word);
        key.as_slice().to_vec()
    }

    /// The keys of a token, of which there is one, in the index by tokens.
    pub(super) fn token_range(&self, token: &[u8]) -> (Vec<u8>, Vec<u8>) {
        equal_range(&[&self.tokens[..], token].concat())
    }

    /// The word in a key of [`token_range`](Self::token_range).
    pub(super) fn word_in(&self, key: &[u8]) -> Result<String> {
        let mut items = Reader::new(key.strip_prefix(&self.tokens[..]).unwrap_or_default());
        let _token = items.raw().transpose()?;
        match items.next().transpose()? {
            Some(crate::tuple::Event::String(word)) => Ok(word.into_owned()),
            _ => Err(self.damaged(format!("a token has no word; key={key:02x?}"))),
        }
    }

    /// The postings of a token.
    pub(super) fn posting_prefix(&self, token: &[u8]) -> Vec<u8> {
        [self.postings.prefix(), token].concat()
    }

    pub(super) fn posting_key(&self, token: &[u8], docuid: &[u8]) -> Vec<u8> {
        [self.postings.prefix(), token, docuid].concat()
    }

    pub(super) fn counter_key(&self, docuid: &[u8]) -> Vec<u8> {
        [self.counters.prefix(), docuid].concat()
    }

    /// The packed tokens of words; nothing for a word that no document has.
    pub(super) async fn tokens_of(&self, tx: &Transaction, words: &[&str]) -> Result<Vec<Option<Packed>>> {
        let prefixes = words.iter().map(|word| self.word_key(word, b""));
        let mut reads = Reads::new(tx, prefixes.map(|prefix| equal_range(&prefix)), 1);
        let mut tokens = Vec::with_capacity(words.len());
        while let Some(page) = reads.next().await? {
            let prefix = self.word_key(words[tokens.len()], b"").len();
            tokens.push(page.get(0).map(|(key, _)| key[prefix..].to_vec()));
        }
        Ok(tokens)
    }

    pub(super) fn damaged(&self, what: String) -> Error {
        StoreError::new(DAMAGED, format!("{}: {what}", self.name)).into()
    }
}

type Read = Pin<Box<dyn Future<Output = Result<Page>> + Send>>;

/// The first rows of many ranges, in order, read many at a time.
pub(super) struct Reads<'a, I> {
    tx: &'a Transaction,
    ranges: I,
    limit: usize,
    under_way: VecDeque<Read>,
    pace: Pace,
}

impl<'a, I: Iterator<Item = (Vec<u8>, Vec<u8>)>> Reads<'a, I> {
    /// At most `limit` rows of each of the ranges.
    pub(super) fn new(tx: &'a Transaction, ranges: I, limit: usize) -> Self {
        Reads { tx, ranges, limit, under_way: VecDeque::new(), pace: Pace::new() }
    }

    /// The rows of the next range; nothing after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Page>> {
        let options = RangeOptions { limit: self.limit, mode: StreamingMode::Exact, ..RangeOptions::default() };
        while self.under_way.len() < READS_IN_FLIGHT
            && let Some((begin, end)) = self.ranges.next()
        {
            let (begin, end) = (KeySelector::first_greater_or_equal(begin), KeySelector::first_greater_or_equal(end));
            self.under_way.push_back(Box::pin(self.tx.get_range(&begin, &end, &options, 1)));
        }
        let Some(read) = self.under_way.pop_front() else { return Ok(None) };
        let page = read.await?;
        self.pace.worked(1).await;
        Ok(Some(page))
    }
}
