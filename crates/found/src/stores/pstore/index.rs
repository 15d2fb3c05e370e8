//! Indexing and removing documents.

use super::counter::{Counter, Decoder, encode};
use super::statistics::Change;
use super::store::{Packed, Reads};
use super::{LIMIT, PStore};
use crate::client::Transaction;
use crate::stores::writes::Writes;
use crate::tuple::{Element, equal_range, pack};
use crate::{Error, Result};
use std::collections::{HashMap, HashSet};
use std::fmt;

impl PStore {
    /// Has `docuid`, which may be any item, be found by the words of `counter`, each with the number of times it
    /// occurs, and by no other: what was indexed of it before is replaced.
    ///
    /// `FOUND_PSTORE_LIMIT`, which names the word or the document, where a key, the counter (100,000 bytes, compressed)
    /// or the transaction would be too large. Nothing is written then.
    pub async fn index(&self, tx: &Transaction, docuid: &Element, counter: &[(String, i64)]) -> Result<()> {
        let mut seen = HashSet::new();
        for (word, count) in counter {
            if *count <= 0 {
                return Err(Error::argument("counter", format!("a count is less than 1; word={word:?} count={count}")));
            }
            if !seen.insert(word) {
                return Err(Error::argument("counter", format!("a word is there twice; word={word:?}")));
            }
        }
        let _turn = tx.turn().await;
        let packed = pack(std::slice::from_ref(docuid))?;
        let before = self.document(tx, &packed).await?;
        let mut writes = Writes::new(&self.name, LIMIT);

        let words: Vec<&str> = counter.iter().map(|(word, _)| &word[..]).collect();
        let known = self.tokens_of(tx, &words).await?;
        let mut after = Counter::with_capacity(counter.len());
        for ((word, count), token) in counter.iter().zip(known) {
            let token = match token {
                Some(token) => token,
                None => {
                    let token = pack(&[self.uids.next().into()])?;
                    writes.set(self.word_key(word, &token), &b""[..], Named("word", word))?;
                    writes.set(self.token_key(&token, word), &b""[..], Named("word", word))?;
                    token
                }
            };
            let posting = self.posting_key(&token, &packed);
            writes.set(posting, pack(&[(*count).into()])?, Named("document", docuid))?;
            after.push((token, *count));
        }
        writes.set(self.counter_key(&packed), encode(self, &after)?, Named("document", docuid))?;
        self.forget(tx, &packed, &before, &after, &mut writes).await?;
        Change { before: before.as_deref(), after: Some(&after) }.write(self, tx, &packed, &mut writes).await?;
        writes.apply(tx, Named("document", docuid)).await
    }

    /// Removes a document, from all words; says whether there was one.
    pub async fn remove(&self, tx: &Transaction, docuid: &Element) -> Result<bool> {
        let _turn = tx.turn().await;
        let packed = pack(std::slice::from_ref(docuid))?;
        let before = self.document(tx, &packed).await?;
        if before.is_none() {
            return Ok(false);
        }
        let mut writes = Writes::new(&self.name, LIMIT);
        self.forget(tx, &packed, &before, &[], &mut writes).await?;
        writes.clear(self.counter_key(&packed));
        Change { before: before.as_deref(), after: None }.write(self, tx, &packed, &mut writes).await?;
        writes.apply(tx, Named("document", docuid)).await?;
        Ok(true)
    }

    /// The words of a document and how often it has each; nothing if it is not indexed.
    pub async fn counter(&self, tx: &Transaction, docuid: &Element) -> Result<Option<Vec<(String, i64)>>> {
        let Some(counter) = self.document(tx, &pack(std::slice::from_ref(docuid))?).await? else { return Ok(None) };
        let mut reads = Reads::new(tx, counter.iter().map(|(token, _)| self.token_range(token)), 1);
        let mut words = Vec::with_capacity(counter.len());
        while let Some(page) = reads.next().await? {
            let (key, _) = page.get(0).ok_or_else(|| self.damaged("a token has no word".to_owned()))?;
            words.push((self.word_in(key)?, counter[words.len()].1));
        }
        Ok(Some(words))
    }

    async fn document(&self, tx: &Transaction, docuid: &[u8]) -> Result<Option<Counter>> {
        match tx.get(&self.counter_key(docuid), false).await? {
            Some(value) => Ok(Some(Decoder::new(self).decode(&value)?)),
            None => Ok(None),
        }
    }

    /// Clears the postings that a document has no more, and the words that no document has then.
    async fn forget(
        &self,
        tx: &Transaction,
        docuid: &[u8],
        before: &Option<Counter>,
        after: &[(Packed, i64)],
        writes: &mut Writes<'_>,
    ) -> Result<()> {
        let kept: HashSet<&[u8]> = after.iter().map(|(token, _)| &token[..]).collect();
        let gone = before.iter().flatten().map(|(token, _)| token).filter(|token| !kept.contains(&token[..]));
        let gone: Vec<&Packed> = gone.collect();
        // Two postings tell whether there is another one.
        let postings = gone.iter().map(|token| equal_range(&self.posting_prefix(token)));
        let mut postings = Reads::new(tx, postings, 2);
        let mut words = Reads::new(tx, gone.iter().map(|token| self.token_range(token)), 1);
        for token in &gone {
            let key = self.posting_key(token, docuid);
            let (Some(posting), Some(word)) = (postings.next().await?, words.next().await?) else { break };
            let shared = posting.iter().any(|(other, _)| other != key);
            writes.clear(key);
            if !shared && let Some((key, _)) = word.get(0) {
                writes.clear(self.word_key(&self.word_in(key)?, token));
                writes.clear(key.to_vec());
            }
        }
        Ok(())
    }
}

/// By token.
pub(super) fn by_token(counter: &[(Packed, i64)]) -> HashMap<&[u8], i64> {
    counter.iter().map(|(token, count)| (&token[..], *count)).collect()
}

/// A thing and what it is called, cut short.
struct Named<T>(&'static str, T);

impl<T: fmt::Debug> fmt::Display for Named<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:?}", self.1);
        match text.char_indices().nth(60) {
            Some((end, _)) => write!(f, "{} {}...", self.0, &text[..end]),
            None => write!(f, "{} {text}", self.0),
        }
    }
}
