//! Ranges, page by page.
//!
//! One read of FoundationDB gives one page: some rows, and whether more may follow. A page is not the range; only
//! [`Range`], asked until it gives nothing, is.

use super::read::Read;
use super::{KeySelector, StreamingMode, Transaction};
use crate::{Error, Result};
use fdb::future::FdbValues;
use foundationdb as fdb;
use futures_util::stream::{Stream, TryStreamExt, iter, try_unfold};
use std::pin::Pin;
use std::task::{Context, Poll};

const EXACT_MODE_WITHOUT_LIMITS: i32 = 2210;

/// How to read a range.
#[derive(Clone, Copy, Debug)]
pub struct RangeOptions {
    /// At most so many rows; 0 is no limit.
    pub limit: usize,
    /// A page ends after about so many bytes; 0 leaves it to `mode`.
    pub target_bytes: usize,
    /// How large the pages are.
    pub mode: StreamingMode,
    /// From the end backwards; `limit` counts from there.
    pub reverse: bool,
    /// Adds no read conflict.
    pub snapshot: bool,
}

impl Default for RangeOptions {
    fn default() -> Self {
        RangeOptions { limit: 0, target_bytes: 0, mode: StreamingMode::Iterator, reverse: false, snapshot: false }
    }
}

impl RangeOptions {
    /// 2210 if all rows are asked for exactly: `Exact` needs a limit.
    pub(super) fn check(&self) -> Result<()> {
        if matches!(self.mode, StreamingMode::Exact) && self.limit == 0 && self.target_bytes == 0 {
            return Err(Error::fdb(EXACT_MODE_WITHOUT_LIMITS));
        }
        Ok(())
    }

    pub(super) fn to_fdb<'a>(self, begin: &'a KeySelector, end: &'a KeySelector) -> fdb::RangeOption<'a> {
        fdb::RangeOption {
            limit: (self.limit > 0).then_some(self.limit),
            target_bytes: self.target_bytes,
            mode: self.mode,
            reverse: self.reverse,
            ..fdb::RangeOption::from((begin.borrow(), end.borrow()))
        }
    }
}

/// The rows of one read, in the order they were read. They lie in the memory FoundationDB gave; nothing is copied.
pub struct Page {
    values: FdbValues,
}

impl Page {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Whether more rows may follow; false is a guarantee that none do.
    pub fn more(&self) -> bool {
        self.values.more()
    }

    /// Key and value of the row `index`.
    pub fn get(&self, index: usize) -> Option<(&[u8], &[u8])> {
        self.values.get(index).map(|row| (row.key(), row.value()))
    }

    /// The rows.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&[u8], &[u8])> + ExactSizeIterator {
        self.values.iter().map(|row| (row.key(), row.value()))
    }

    /// The key of the last row.
    pub fn last_key(&self) -> Option<&[u8]> {
        self.values.last().map(|row| row.key())
    }

    pub(super) fn read<F>(read: Read<F>) -> impl Future<Output = Result<Page>> + Send + Sync + Unpin + use<F>
    where
        F: Future<Output = fdb::FdbResult<FdbValues>> + Send + Sync + Unpin,
    {
        ReadPage(read)
    }
}

struct ReadPage<F>(Read<F>);

impl<F: Future<Output = fdb::FdbResult<FdbValues>> + Unpin> Future for ReadPage<F> {
    type Output = Result<Page>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map(|values| Ok(Page { values: values? }))
    }
}

/// A range being read: where it stands, and how to go on.
pub struct Range {
    transaction: Transaction,
    begin: KeySelector,
    end: KeySelector,
    options: RangeOptions,
    iteration: usize,
    done: bool,
}

impl Range {
    pub(super) fn new(transaction: Transaction, begin: KeySelector, end: KeySelector, options: RangeOptions) -> Range {
        Range { transaction, begin, end, options, iteration: 1, done: false }
    }

    /// The next page; nothing after the last row. Some pages may be empty.
    pub async fn next_page(&mut self) -> Result<Option<Page>> {
        if self.done {
            return Ok(None);
        }
        let page = self.read().await?;
        self.advance(&page);
        Ok(Some(page))
    }

    /// Whether there is nothing left to read.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Reads the page at the current place, without moving on: what [`next_page`](Self::next_page) does in one, for
    /// callers that cannot lend the range to a future. Not after [`is_done`](Self::is_done).
    pub fn read(&self) -> impl Future<Output = Result<Page>> + Send + Sync + Unpin + use<> {
        self.transaction.get_range(&self.begin, &self.end, &self.options, self.iteration)
    }

    /// Moves to behind `page`, which must have come from the last [`read`](Self::read).
    pub fn advance(&mut self, page: &Page) {
        self.iteration += 1;
        let limited = self.options.limit > 0;
        self.options.limit = self.options.limit.saturating_sub(page.len());
        match page.last_key() {
            Some(key) if page.more() && !(limited && self.options.limit == 0) => {
                if self.options.reverse {
                    self.end = KeySelector::first_greater_or_equal(key);
                } else {
                    self.begin = KeySelector::first_greater_than(key);
                }
            }
            _ => self.done = true,
        }
    }

    /// All rows that are left, copied.
    pub async fn collect(mut self) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let mut rows = Vec::new();
        while let Some(page) = self.next_page().await? {
            rows.extend(page.iter().map(|(key, value)| (key.to_vec(), value.to_vec())));
        }
        Ok(rows)
    }

    /// The pages as a stream.
    pub fn pages(self) -> impl Stream<Item = Result<Page>> + Send {
        try_unfold(self, |mut range| async move { Ok(range.next_page().await?.map(|page| (page, range))) })
    }

    /// The rows as a stream, copied.
    pub fn rows(self) -> impl Stream<Item = Result<(Vec<u8>, Vec<u8>)>> + Send {
        let rows =
            |page: Page| iter(page.iter().map(|(key, value)| Ok((key.to_vec(), value.to_vec()))).collect::<Vec<_>>());
        self.pages().map_ok(rows).try_flatten()
    }
}
