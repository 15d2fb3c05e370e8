//! What several sorted lists of keys have in common.
//!
//! A list is all keys that begin with a prefix; what comes behind it is the entry, and entries of several lists are the
//! same if their bytes are. Lists of about the same length are merged: each is read page by page, and pages that cannot
//! hold a common entry are skipped. In lists much longer than the shortest each candidate is looked up instead, many at
//! a time.
//!
//! How long lists are shows as they are read: when a page is used up, all of the merged lists stand at about the same
//! entry, and one that has had many times as many rows as another on the way there is looked up in from then on. An
//! estimate of their sizes would cost a round trip, and an embedded database walks over all rows for it.
//!
//! Memory: a page of each list that is merged (two, if it is the only one), and one block of entries.

use super::pace::Pace;
use crate::Result;
use crate::client::{KeySelector, Page, Range, RangeOptions, StreamingMode, Transaction, Value};
use crate::tuple::equal_range;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::pin::Pin;

/// How many entries are looked for before a block is given.
const BLOCK_ENTRIES: usize = 1024;

/// How many lookups are under way at a time.
pub(crate) const READS_IN_FLIGHT: usize = 256;

/// A list so many times as long as the shortest is cheaper to look up in than to read.
const LOOK_UP_FACTOR: usize = 8;

/// Entries that all lists have, in order, in one piece of memory.
pub(crate) struct Block {
    /// How many lists there are.
    width: usize,
    bytes: Vec<u8>,
    /// Where in `bytes` things are: for each entry its own bytes and its value in each list.
    spans: Vec<(usize, usize)>,
}

impl Block {
    fn new(width: usize) -> Block {
        Block { width, bytes: Vec::new(), spans: Vec::new() }
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.spans.len() / (self.width + 1)
    }

    /// The bytes of the entry `index`: what comes behind the prefix.
    pub(crate) fn entry(&self, index: usize) -> &[u8] {
        self.at(index, 0)
    }

    /// The bytes of all entries, one after the other.
    pub(crate) fn entries(&self) -> Vec<u8> {
        let mut entries = Vec::with_capacity(self.bytes.len());
        (0..self.len()).for_each(|index| entries.extend_from_slice(self.entry(index)));
        entries
    }

    /// The values of the entry `index` in the lists, in the order these were given.
    pub(crate) fn values(&self, index: usize) -> impl Iterator<Item = &[u8]> {
        (1..=self.width).map(move |column| self.at(index, column))
    }

    fn at(&self, index: usize, column: usize) -> &[u8] {
        let (begin, end) = self.spans[index * (self.width + 1) + column];
        &self.bytes[begin..end]
    }

    fn push(&mut self, entry: &[u8]) {
        self.spans.resize(self.spans.len() + self.width + 1, (0, 0));
        self.put(self.len() - 1, 0, entry);
    }

    fn put(&mut self, index: usize, column: usize, bytes: &[u8]) {
        let begin = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.spans[index * (self.width + 1) + column] = (begin, self.bytes.len());
    }

    /// Moves the entry `from` to the place of `to`, which is not behind it.
    fn shift(&mut self, from: usize, to: usize) {
        let row = self.width + 1;
        self.spans.copy_within(from * row..(from + 1) * row, to * row);
    }

    fn truncate(&mut self, len: usize) {
        self.spans.truncate(len * (self.width + 1));
    }
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

/// Why a merge stopped.
enum Pause {
    /// There are as many entries as a block has.
    Full,
    /// The list at this place among the merged ones has no row left in its page that is not before the target, the entry
    /// that is looked for.
    PageUsedUp { turn: usize, target: Vec<u8> },
}

impl Intersection {
    /// Of the lists of these prefixes, each a packed tuple; there must be one at least.
    pub(crate) async fn new(tx: &Transaction, prefixes: Vec<Vec<u8>>) -> Result<Intersection> {
        let alone = prefixes.len() == 1;
        let lists = prefixes.into_iter().enumerate().map(|(place, prefix)| List { place, prefix });
        let mut merged: Vec<Cursor> = lists.map(|list| Cursor::new(tx, list, alone)).collect();
        for cursor in &mut merged {
            cursor.fill().await?;
        }
        Ok(Intersection { tx: tx.clone(), merged, looked_up: Vec::new(), done: false, pace: Pace::new() })
    }

    /// The next entries, in order; nothing after the last. A block may be empty.
    pub(crate) async fn next_block(&mut self) -> Result<Option<Block>> {
        if self.done {
            return Ok(None);
        }
        let mut found = Block::new(self.merged.len() + self.looked_up.len());
        // A list that turns out to be long on the way has been read up to there.
        let looked_up = self.looked_up.len();
        loop {
            let before = found.len();
            let pause = self.merge(&mut found);
            self.pace.worked(found.len() - before).await;
            let Pause::PageUsedUp { turn, target } = pause else { break };
            if self.is_long(turn) {
                let Cursor { list, .. } = self.merged.swap_remove(turn);
                self.looked_up.push(list);
                break;
            }
            let cursor = &mut self.merged[turn];
            self.pace.worked(cursor.leave_page()).await;
            if !cursor.fill_from(&target).await? {
                self.done = true;
                break;
            }
        }
        for index in 0..looked_up {
            self.look_up(index, &mut found).await?;
        }
        Ok(Some(found))
    }

    /// Takes the entries that all merged lists have, as far as the pages go that are there.
    fn merge(&mut self, found: &mut Block) -> Pause {
        if let [only] = &mut self.merged[..] {
            only.take_rows(found);
            let is_full = found.len() == BLOCK_ENTRIES;
            return if is_full { Pause::Full } else { Pause::PageUsedUp { turn: 0, target: Vec::new() } };
        }
        while found.len() < BLOCK_ENTRIES {
            let (mut leader, mut turn, mut agreed) = (0, 0, 0);
            while agreed < self.merged.len() {
                let target = if agreed == 0 { &[] } else { self.merged[leader].entry() };
                let (at, is_same) = self.merged[turn].find(target);
                if at == self.merged[turn].rows() {
                    let target = target.to_vec();
                    self.merged[turn].at = at;
                    return Pause::PageUsedUp { turn, target };
                }
                self.merged[turn].at = at;
                if is_same {
                    agreed += 1;
                } else {
                    (leader, agreed) = (turn, 1);
                }
                turn = (turn + 1) % self.merged.len();
            }
            self.take(found);
        }
        Pause::Full
    }

    /// Whether a list of which there is more to read has had so many rows that it is better looked up in.
    fn is_long(&self, index: usize) -> bool {
        let least = self.merged.iter().map(Cursor::passed).min().unwrap_or(0);
        !self.merged[index].range.is_done() && self.merged[index].passed() > (least + 1) * LOOK_UP_FACTOR
    }

    /// Takes the entry where the merged lists stand.
    fn take(&mut self, found: &mut Block) {
        let index = found.len();
        if let Some(cursor) = self.merged.first() {
            found.push(cursor.entry());
        }
        for cursor in &mut self.merged {
            found.put(index, cursor.list.place + 1, cursor.value());
            cursor.at += 1;
        }
    }

    /// Leaves those of the entries that a list has as well.
    async fn look_up(&mut self, index: usize, entries: &mut Block) -> Result<()> {
        let List { place, prefix } = &self.looked_up[index];
        let mut under_way: VecDeque<Get> = VecDeque::new();
        let (mut asked, mut kept) = (0, 0);
        for entry in 0..entries.len() {
            while under_way.len() < READS_IN_FLIGHT && asked < entries.len() {
                let key = [&prefix[..], entries.entry(asked)].concat();
                under_way.push_back(Box::pin(self.tx.get(&key, false)));
                asked += 1;
            }
            let Some(get) = under_way.pop_front() else { break };
            if let Some(value) = get.await? {
                entries.put(entry, place + 1, &value);
                entries.shift(entry, kept);
                kept += 1;
            }
            self.pace.worked(1).await;
        }
        entries.truncate(kept);
        Ok(())
    }
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
    /// How many rows the pages before had.
    left_behind: usize,
}

impl Cursor {
    /// Asks for the first page.
    fn new(tx: &Transaction, list: List, ahead: bool) -> Cursor {
        let (begin, end) = equal_range(&list.prefix);
        let range = range(tx, begin, &end);
        let read: Read = Box::pin(range.read());
        Cursor { list, tx: tx.clone(), range, end, read: Some(read), ahead, page: None, at: 0, left_behind: 0 }
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

    /// How many rows have been read up to where the cursor stands.
    fn passed(&self) -> usize {
        self.left_behind + self.at
    }

    /// How many rows the page has.
    fn rows(&self) -> usize {
        self.page.as_ref().map_or(0, Page::len)
    }

    /// The entry in a row of the page.
    fn entry_at(&self, row: usize) -> &[u8] {
        let (key, _) = self.page.as_ref().and_then(|page| page.get(row)).unwrap_or_default();
        key.get(self.list.prefix.len()..).unwrap_or_default()
    }

    /// The entry where the cursor stands.
    fn entry(&self) -> &[u8] {
        self.entry_at(self.at)
    }

    /// The value where the cursor stands.
    fn value(&self) -> &[u8] {
        self.page.as_ref().and_then(|page| page.get(self.at)).unwrap_or_default().1
    }

    /// Takes the rest of the page as far as there is room in the block, for a list with which no other has to agree.
    fn take_rows(&mut self, found: &mut Block) {
        let Some(page) = &self.page else { return };
        let rows = page.len().saturating_sub(self.at).min(BLOCK_ENTRIES - found.len());
        for (key, value) in page.iter().skip(self.at).take(rows) {
            found.push(key.get(self.list.prefix.len()..).unwrap_or_default());
            found.put(found.len() - 1, self.list.place + 1, value);
        }
        self.at += rows;
    }

    /// Leaves the page behind; says how many rows it had.
    fn leave_page(&mut self) -> usize {
        let rows = self.page.take().map_or(0, |page| page.len());
        self.left_behind += rows;
        self.at = 0;
        rows
    }

    /// Takes the next page that may have entries not before `target`; false if there is none.
    async fn fill_from(&mut self, target: &[u8]) -> Result<bool> {
        if self.read.is_none() && !self.range.is_done() && !target.is_empty() {
            // Nothing is asked for yet, so the pages before the target need not be.
            self.range = range(&self.tx, [&self.list.prefix[..], target].concat(), &self.end);
        }
        self.fill().await
    }

    /// The first row, from where the cursor stands, whose entry is not before `target`, and whether it is the target;
    /// what follows the last row if there is none.
    fn find(&self, target: &[u8]) -> (usize, bool) {
        let rows = self.rows();
        if self.at == rows || target.is_empty() {
            return (self.at, false);
        }
        match self.entry().cmp(target) {
            Ordering::Less => {}
            order => return (self.at, order.is_eq()),
        }
        // Doubling steps, then halving: cheap for neighbours and for far targets alike.
        let (mut low, mut step) = (self.at, 1);
        while low + step < rows && self.entry_at(low + step) < target {
            low += step;
            step *= 2;
        }
        let mut high = (low + step).min(rows);
        low += 1;
        while low < high {
            let middle = low + (high - low) / 2;
            if self.entry_at(middle) < target { low = middle + 1 } else { high = middle }
        }
        (low, low < rows && self.entry_at(low) == target)
    }
}

fn range(tx: &Transaction, begin: Vec<u8>, end: &[u8]) -> Range {
    let options = RangeOptions { mode: StreamingMode::WantAll, ..RangeOptions::default() };
    tx.range(KeySelector::first_greater_or_equal(begin), KeySelector::first_greater_or_equal(end), options)
}
