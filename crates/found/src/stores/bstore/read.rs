//! Reading blobs.
//!
//! A blob's chunks are read each by itself, many at a time: one range read would give them one by one, since a page of
//! it is no larger than a chunk.

use super::{BStore, CHUNK_BYTES};
use crate::Result;
use crate::client::{KeySelector, RangeOptions, StreamingMode, Transaction, Value};
use crate::stores::pace::Pace;
use crate::tuple::{Element, unpack};
use blake2b_simd::blake2b;
use std::collections::VecDeque;
use std::pin::Pin;
use uuid::Uuid;

/// How many chunks are asked for at a time; they are what is held in memory beside the result.
const READS_IN_FLIGHT: usize = 32;

/// What a chunk counts for in [`Pace`].
const ROWS_PER_CHUNK: usize = 64;

/// How far a blob goes.
pub(super) struct Extent {
    /// The number of the last chunk; none of the reference's empty blob.
    last: Option<u64>,
    /// The last chunk itself.
    tail: Vec<u8>,
}

impl Extent {
    pub(super) fn bytes(&self) -> u64 {
        self.last.unwrap_or(0) * CHUNK_BYTES as u64 + self.tail.len() as u64
    }
}

impl BStore {
    /// The bytes of a blob; nothing if there is none of that uid.
    pub async fn get(&self, tx: &Transaction, uid: Uuid) -> Result<Option<Vec<u8>>> {
        self.read(tx, uid, 0, u64::MAX).await
    }

    /// The bytes of a blob from `start` up to `end`, as many of them as there are; nothing if there is no blob of that
    /// uid.
    pub async fn read(&self, tx: &Transaction, uid: Uuid, start: u64, end: u64) -> Result<Option<Vec<u8>>> {
        let Some(mut extent) = self.extent(tx, uid).await? else { return Ok(None) };
        let end = end.min(extent.bytes());
        if start >= end {
            return Ok(Some(Vec::new()));
        }
        let size = CHUNK_BYTES as u64;
        let (first, last) = (start / size, (end - 1) / size);
        if first == last && extent.last == Some(last) {
            extent.tail.truncate((end - last * size) as usize);
            extent.tail.drain(..(start - first * size) as usize);
            return Ok(Some(extent.tail));
        }
        let mut bytes = Vec::with_capacity((end - start) as usize);
        let mut chunks = Chunks::new(self, tx, uid, extent, first);
        chunks.until(last);
        let mut at = first * size;
        while let Some(chunk) = chunks.next().await? {
            let from = start.saturating_sub(at) as usize;
            let to = (end - at).min(chunk.len() as u64) as usize;
            bytes.extend_from_slice(&chunk[from..to]);
            at += size;
        }
        Ok(Some(bytes))
    }

    /// Whether there is a blob of that uid.
    pub async fn has(&self, tx: &Transaction, uid: Uuid) -> Result<bool> {
        Ok(self.extent(tx, uid).await?.is_some())
    }

    /// How many bytes a blob has; nothing if there is none of that uid. Only its last chunk is read.
    pub async fn size(&self, tx: &Transaction, uid: Uuid) -> Result<Option<u64>> {
        Ok(self.extent(tx, uid).await?.map(|extent| extent.bytes()))
    }

    /// How far the blob goes; nothing if there is none that is whole.
    pub(super) async fn extent(&self, tx: &Transaction, uid: Uuid) -> Result<Option<Extent>> {
        let (begin, end) = self.chunk_range(uid)?;
        let options = RangeOptions { limit: 1, mode: StreamingMode::Exact, reverse: true, ..RangeOptions::default() };
        let (begin, end) = (KeySelector::first_greater_or_equal(begin), KeySelector::first_greater_or_equal(end));
        let last = tx.get_range(&begin, &end, &options, 1);
        let upload = tx.get(&self.upload_key(uid)?, false);
        let (last, upload) = (last.await?, upload.await?);
        if upload.is_some() {
            return Ok(None);
        }
        let Some((key, value)) = last.get(0) else {
            let empty = self.known(tx, blake2b(b"").as_array()).await? == Some(uid);
            return Ok(empty.then(|| Extent { last: None, tail: Vec::new() }));
        };
        let index = match unpack(key.strip_prefix(self.chunks.prefix()).unwrap_or_default())?.get(1) {
            Some(Element::Int(index)) => u64::try_from(*index).ok(),
            _ => None,
        };
        let index = index.ok_or_else(|| self.damaged(format!("a chunk has no number; uid={uid}")))?;
        Ok(Some(Extent { last: Some(index), tail: value.to_vec() }))
    }
}

type Get = Pin<Box<dyn Future<Output = Result<Option<Value>>> + Send>>;

/// The chunks of a blob, in order.
pub(super) struct Chunks<'a> {
    store: &'a BStore,
    tx: &'a Transaction,
    uid: Uuid,
    extent: Extent,
    /// The number of the chunk to be given next, of the one to be asked for next, and of the last one wanted.
    next: u64,
    asked: u64,
    until: u64,
    under_way: VecDeque<Get>,
    given: Option<Value>,
    pace: Pace,
}

impl<'a> Chunks<'a> {
    /// The chunks from `first` on.
    pub(super) fn new(store: &'a BStore, tx: &'a Transaction, uid: Uuid, extent: Extent, first: u64) -> Self {
        let until = extent.last.unwrap_or(0);
        let under_way = VecDeque::new();
        Chunks { store, tx, uid, extent, next: first, asked: first, until, under_way, given: None, pace: Pace::new() }
    }

    /// No chunk after `last` is wanted.
    pub(super) fn until(&mut self, last: u64) {
        self.until = self.until.min(last);
    }

    /// The next chunk; nothing after the last.
    pub(super) async fn next(&mut self) -> Result<Option<&[u8]>> {
        if self.next > self.until || self.extent.last.is_none() {
            return Ok(None);
        }
        self.pace.worked(ROWS_PER_CHUNK).await;
        let index = self.next;
        self.next += 1;
        // The last chunk came with the extent.
        if self.extent.last == Some(index) {
            return Ok(Some(&self.extent.tail));
        }
        while self.asked <= self.until && self.extent.last != Some(self.asked) && self.under_way.len() < READS_IN_FLIGHT
        {
            let key = self.store.chunk_key(self.uid, self.asked)?;
            self.under_way.push_back(Box::pin(self.tx.get(&key, false)));
            self.asked += 1;
        }
        self.given = match self.under_way.pop_front() {
            Some(get) => get.await?,
            None => None,
        };
        match &self.given {
            Some(chunk) if chunk.len() == CHUNK_BYTES => Ok(Some(chunk)),
            _ => {
                let what = format!("a chunk is missing or has the wrong length; uid={} chunk={index}", self.uid);
                Err(self.store.damaged(what))
            }
        }
    }
}
