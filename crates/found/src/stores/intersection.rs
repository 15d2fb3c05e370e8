//! What several sorted lists of keys have in common.
//!
//! A list is all keys that begin with a prefix; what comes behind it is the entry, and entries of several lists are the
//! same if their bytes are. Lists of about the same length are merged: each is read page by page, and pages that cannot
//! hold a common entry are skipped. Lists much longer than the shortest are not read at all: each candidate is looked
//! up in them, many at a time.
//!
//! Memory: a page of each list that is merged (two, if it is the only one), and one block of entries.

use super::pace::Pace;
use crate::Result;
use crate::client::{KeySelector, Page, Range, RangeOptions, StreamingMode, Transaction, Value};
use crate::tuple::equal_range;
use std::collections::VecDeque;
use std::pin::Pin;

/// How many entries are looked for before a block is given.
const BLOCK_ENTRIES: usize = 1024;

/// How many lookups are under way at a time.
pub(crate) const READS_IN_FLIGHT: usize = 256;

/// A list so many times as long as the shortest is cheaper to look up in than to read.
const LOOK_UP_FACTOR: i64 = 8;

/// An entry that all lists have.
pub(crate) struct Entry {
    /// What comes behind the prefix.
    pub(crate) bytes: Vec<u8>,
    /// The value in each list, in the order the lists were given.
    pub(crate) values: Vec<Vec<u8>>,
}

/// A search for the entries that all lists have.
pub(crate) struct Intersection {
    tx: Transaction,
    merged: Vec<Cursor>,
    looked_up: Vec<List>,
    done: bool,
    pace: Pace,
}

/// A list: its place among those given, and its prefix.
struct List {
    place: usize,
    prefix: Vec<u8>,
}

impl Intersection {
    /// Of the lists of these prefixes, each a packed tuple; there must be one at least.
    pub(crate) async fn new(tx: &Transaction, prefixes: Vec<Vec<u8>>) -> Result<Intersection> {
        let alone = prefixes.len() == 1;
        let lists = prefixes.into_iter().enumerate().map(|(place, prefix)| List { place, prefix });
        let mut cursors: Vec<Cursor> = lists.map(|list| Cursor::new(tx, list, alone)).collect();
        for cursor in &mut cursors {
            cursor.fill().await?;
        }
        let sizes = sizes(tx, &cursors).await?;
        let shortest = sizes.iter().copied().min().unwrap_or(0);
        let (mut merged, mut looked_up) = (Vec::new(), Vec::new());
        for (cursor, size) in cursors.into_iter().zip(sizes) {
            if size <= shortest.saturating_mul(LOOK_UP_FACTOR) {
                merged.push(cursor);
            } else {
                looked_up.push(cursor.list);
            }
        }
        Ok(Intersection { tx: tx.clone(), merged, looked_up, done: false, pace: Pace::new() })
    }

    /// The next entries, in order; nothing after the last. A block may be empty.
    pub(crate) async fn next_block(&mut self) -> Result<Option<Vec<Entry>>> {
        if self.done {
            return Ok(None);
        }
        let mut found = Vec::new();
        while found.len() < BLOCK_ENTRIES {
            match self.next_merged().await? {
                Some(entry) => found.push(entry),
                None => {
                    self.done = true;
                    break;
                }
            }
        }
        for index in 0..self.looked_up.len() {
            found = self.look_up(index, found).await?;
        }
        Ok(Some(found))
    }

    /// The next entry that all merged lists have.
    async fn next_merged(&mut self) -> Result<Option<Entry>> {
        let width = self.merged.len() + self.looked_up.len();
        let mut target: Vec<u8> = Vec::new();
        let mut agreed = 0;
        let mut turn = 0;
        while agreed < self.merged.len() {
            let cursor = &mut self.merged[turn];
            if !cursor.move_to(&target, &mut self.pace).await? {
                return Ok(None);
            }
            let (entry, _) = cursor.current();
            if agreed > 0 && entry == target {
                agreed += 1;
            } else {
                target.clear();
                target.extend_from_slice(entry);
                agreed = 1;
            }
            turn = (turn + 1) % self.merged.len();
        }
        let mut values = vec![Vec::new(); width];
        for cursor in &mut self.merged {
            values[cursor.list.place] = cursor.current().1.to_vec();
            cursor.at += 1;
        }
        Ok(Some(Entry { bytes: target, values }))
    }

    /// Those of the entries that a list has as well.
    async fn look_up(&mut self, index: usize, entries: Vec<Entry>) -> Result<Vec<Entry>> {
        let List { place, prefix } = &self.looked_up[index];
        let mut kept = Vec::with_capacity(entries.len());
        let mut under_way: VecDeque<(Entry, Get)> = VecDeque::new();
        let mut entries = entries.into_iter();
        loop {
            while under_way.len() < READS_IN_FLIGHT
                && let Some(entry) = entries.next()
            {
                let key = [&prefix[..], &entry.bytes].concat();
                under_way.push_back((entry, Box::pin(self.tx.get(&key, false))));
            }
            let Some((mut entry, get)) = under_way.pop_front() else { return Ok(kept) };
            if let Some(value) = get.await? {
                entry.values[*place] = value.to_vec();
                kept.push(entry);
            }
            self.pace.worked(1).await;
        }
    }
}

/// About how many bytes the lists have.
async fn sizes(tx: &Transaction, cursors: &[Cursor]) -> Result<Vec<i64>> {
    if cursors.len() == 1 {
        return Ok(vec![0]);
    }
    // Where a list ends within its first page, what is longer is looked up in, however long it is: an estimate costs a
    // round trip, and an embedded database walks over all rows for it.
    let one_ends = cursors.iter().any(|cursor| cursor.range.is_done());
    let estimates = cursors.iter().map(|cursor| {
        let (begin, end) = equal_range(&cursor.list.prefix);
        (!one_ends).then(|| tx.estimated_range_size(&begin, &end))
    });
    let mut sizes = Vec::with_capacity(cursors.len());
    for (cursor, estimate) in cursors.iter().zip(estimates.collect::<Vec<_>>()) {
        sizes.push(match estimate {
            // It comes from a sample and may be nothing at all.
            Some(estimate) => estimate.await?.max(2 * cursor.size_read()),
            None if cursor.range.is_done() => cursor.size_read(),
            None => i64::MAX,
        });
    }
    Ok(sizes)
}

type Get = Pin<Box<dyn Future<Output = Result<Option<Value>>> + Send>>;
type Read = Pin<Box<dyn Future<Output = Result<Page>> + Send>>;

/// A place in a list that is being read.
struct Cursor {
    list: List,
    tx: Transaction,
    range: Range,
    end: Vec<u8>,
    /// The page under way.
    read: Option<Read>,
    /// Whether the page after the present one is asked for before it is needed: not if it may be skipped.
    ahead: bool,
    page: Option<Page>,
    /// The row of the page where the cursor stands.
    at: usize,
}

impl Cursor {
    /// Asks for the first page.
    fn new(tx: &Transaction, list: List, ahead: bool) -> Cursor {
        let (begin, end) = equal_range(&list.prefix);
        let range = range(tx, begin, &end);
        let read: Read = Box::pin(range.read());
        Cursor { list, tx: tx.clone(), range, end, read: Some(read), ahead, page: None, at: 0 }
    }

    /// Takes the page that was asked for, or asks for the next one; false if there is none.
    async fn fill(&mut self) -> Result<bool> {
        let read = match self.read.take() {
            Some(read) => read,
            None if self.range.is_done() => return Ok(false),
            None => Box::pin(self.range.read()),
        };
        let page = read.await?;
        self.range.advance(&page);
        if self.ahead && !self.range.is_done() {
            self.read = Some(Box::pin(self.range.read()));
        }
        self.page = Some(page);
        self.at = 0;
        Ok(true)
    }

    /// The bytes of the present page.
    fn size_read(&self) -> i64 {
        let rows = self.page.iter().flat_map(Page::iter);
        rows.map(|(key, value)| (key.len() + value.len()) as i64).sum()
    }

    /// The entry where the cursor stands, and its value.
    fn current(&self) -> (&[u8], &[u8]) {
        let row = self.page.as_ref().and_then(|page| page.get(self.at)).unwrap_or_default();
        (row.0.get(self.list.prefix.len()..).unwrap_or_default(), row.1)
    }

    /// Moves on to the first entry that is not before `target`; false if there is none.
    async fn move_to(&mut self, target: &[u8], pace: &mut Pace) -> Result<bool> {
        loop {
            let rows = self.page.as_ref().map_or(0, Page::len);
            if self.at < rows && self.in_page(target, rows) {
                pace.worked(1).await;
                return Ok(true);
            }
            pace.worked(rows).await;
            if self.read.is_none() && !self.range.is_done() && !target.is_empty() {
                // Nothing is asked for yet, so the pages before the target need not be.
                self.range = range(&self.tx, [&self.list.prefix[..], target].concat(), &self.end);
            }
            if !self.fill().await? {
                return Ok(false);
            }
        }
    }

    /// Moves on within the page; false if the target is behind it.
    fn in_page(&mut self, target: &[u8], rows: usize) -> bool {
        let Some(page) = &self.page else { return false };
        if target.is_empty() {
            // Not for the answer, which would be the same: to compare with no bytes at no address is slow (0.1 us).
            return self.at < rows;
        }
        let skip = self.list.prefix.len();
        let before = |row: usize| page.get(row).is_some_and(|(key, _)| key.get(skip..).unwrap_or_default() < target);
        // Doubling steps, then halving: cheap for neighbours and for far targets alike.
        let (mut low, mut step) = (self.at, 1);
        while low < rows && before(low) {
            let next = (low + step).min(rows);
            if next < rows && before(next) {
                low = next;
                step *= 2;
            } else {
                let mut high = next;
                low += 1;
                while low < high {
                    let middle = low + (high - low) / 2;
                    if before(middle) { low = middle + 1 } else { high = middle }
                }
                break;
            }
        }
        self.at = low;
        low < rows
    }
}

fn range(tx: &Transaction, begin: Vec<u8>, end: &[u8]) -> Range {
    let options = RangeOptions { mode: StreamingMode::WantAll, ..RangeOptions::default() };
    tx.range(KeySelector::first_greater_or_equal(begin), KeySelector::first_greater_or_equal(end), options)
}
