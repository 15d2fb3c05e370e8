//! One stage of a query: for each row that comes in, reads, and the rows that those give, in order.
//!
//! - Reads are issued ahead, up to a number in flight; only the oldest one's rows are taken, so the order stays.
//! - What is ready at once costs no wake-up and no task: it is taken where it was issued.
//! - A stage gives what it has as soon as it would have to wait, so that the next one's reads start early.
//! - Work is metered by a [`Budget`]: where it is spent, stages return as if they had to wait.

use super::block::Block;
use super::pattern::Step;
use super::store::NStore;
use crate::Result;
use crate::client::{KeySelector, Page, Range, RangeOptions, StreamingMode, Transaction, Value};
use futures_util::stream::{FuturesOrdered, Stream};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// A stage gives its rows when they are so many, or so many bytes.
const BLOCK_ROWS: usize = 1000;
const BLOCK_BYTES: usize = 65_536;

/// How much may be done before the thread is given back: a row costs 1, a read 32. About a millisecond.
#[derive(Debug)]
pub(super) struct Budget(i32);

impl Budget {
    const WHOLE: i32 = 256 * Budget::READ;
    const READ: i32 = 32;

    pub(super) fn whole() -> Budget {
        Budget(Budget::WHOLE)
    }

    pub(super) fn is_spent(&self) -> bool {
        self.0 <= 0
    }

    fn spend(&mut self, cost: i32) {
        self.0 -= cost;
    }
}

/// Where a stage's rows come from.
type Upstream<'a> = &'a mut dyn FnMut(&mut Context<'_>, &mut Budget) -> Poll<Result<Option<Block>>>;

/// A row, in the block it is in.
type Place = (Arc<Block>, usize);

/// The rows that come in.
#[derive(Default)]
struct Input {
    block: Arc<Block>,
    next: usize,
    ended: bool,
}

impl Input {
    fn next(
        &mut self,
        cx: &mut Context<'_>,
        budget: &mut Budget,
        upstream: Upstream<'_>,
    ) -> Poll<Result<Option<Place>>> {
        while self.next == self.block.len() {
            if self.ended {
                return Poll::Ready(Ok(None));
            }
            let Poll::Ready(block) = upstream(cx, budget)? else { return Poll::Pending };
            self.ended = block.is_none();
            self.block = Arc::new(block.unwrap_or_default());
            self.next = 0;
        }
        self.next += 1;
        Poll::Ready(Ok(Some((self.block.clone(), self.next - 1))))
    }
}

/// The answer of a read, here or coming.
enum Answer<T> {
    Here(Result<T>),
    Coming(Pin<Box<dyn Future<Output = Result<T>> + Send>>),
    Taken,
}

impl<T> Answer<T> {
    fn start(mut read: impl Future<Output = Result<T>> + Unpin + Send + 'static, cx: &mut Context<'_>) -> Answer<T> {
        match Pin::new(&mut read).poll(cx) {
            Poll::Ready(answer) => Answer::Here(answer),
            Poll::Pending => Answer::Coming(Box::pin(read)),
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<T>> {
        match self {
            Answer::Here(_) => {}
            // Twice: it may have become ready while another waker was registered with it, and have woken only that.
            Answer::Coming(read) => match read.as_mut().poll(cx) {
                Poll::Ready(answer) => *self = Answer::Here(answer),
                Poll::Pending => match read.as_mut().poll(cx) {
                    Poll::Ready(answer) => *self = Answer::Here(answer),
                    Poll::Pending => return Poll::Pending,
                },
            },
            Answer::Taken => return Poll::Pending,
        }
        match std::mem::replace(self, Answer::Taken) {
            Answer::Here(answer) => Poll::Ready(answer),
            _ => Poll::Pending,
        }
    }
}

/// What a row's reads are.
enum Reading {
    /// One key: the tuple is known as a whole.
    Key {
        key: Vec<u8>,
        answer: Answer<Option<Value>>,
    },
    Range {
        range: Range,
        prefix: usize,
        answer: Answer<Page>,
    },
}

struct Lookup {
    block: Arc<Block>,
    row: usize,
    reading: Reading,
}

/// Scans an index for each row.
pub(super) struct Scan {
    pub(super) step: Step,
    store: NStore,
    tx: Transaction,
    snapshot: bool,
    in_flight: usize,
    width_before: usize,
    input: Input,
    lookups: VecDeque<Lookup>,
    out: Block,
    /// How many reads were issued, and how many rows came of them.
    pub(super) reads: u64,
    pub(super) rows: u64,
}

impl Scan {
    pub(super) fn new(
        tx: &Transaction,
        store: &NStore,
        step: Step,
        width_before: usize,
        snapshot: bool,
        in_flight: usize,
    ) -> Scan {
        let out = Block::new(step.width(width_before));
        Scan {
            step,
            store: store.clone(),
            tx: tx.clone(),
            snapshot,
            in_flight,
            width_before,
            input: Input::default(),
            lookups: VecDeque::new(),
            out,
            reads: 0,
            rows: 0,
        }
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        budget: &mut Budget,
        upstream: Upstream<'_>,
    ) -> Poll<Result<Option<Block>>> {
        loop {
            while self.lookups.len() < self.in_flight && !budget.is_spent() {
                match self.input.next(cx, budget, upstream)? {
                    Poll::Ready(Some((block, row))) => self.issue(block, row, cx, budget),
                    Poll::Ready(None) | Poll::Pending => break,
                }
            }
            if !self.take_oldest(cx, budget)? {
                let ended = self.input.ended && self.lookups.is_empty();
                return if !self.out.is_empty() || ended { Poll::Ready(Ok(self.give())) } else { Poll::Pending };
            }
            if self.out.len() >= BLOCK_ROWS || self.out.bytes().len() >= BLOCK_BYTES {
                return Poll::Ready(Ok(self.give()));
            }
        }
    }

    fn give(&mut self) -> Option<Block> {
        let next = Block::new(self.out.width());
        self.rows += self.out.len() as u64;
        Some(std::mem::replace(&mut self.out, next)).filter(|block| !block.is_empty())
    }

    fn issue(&mut self, block: Arc<Block>, row: usize, cx: &mut Context<'_>, budget: &mut Budget) {
        let key = self.step.prefix(&self.store, &block.row(row));
        self.reads += 1;
        budget.spend(Budget::READ);
        let reading = if self.step.is_whole() {
            let answer = Answer::start(self.tx.get(&key, self.snapshot), cx);
            Reading::Key { key, answer }
        } else {
            // One scan alone is read in large pages; of many, each begins small, as it is kept until its turn.
            let alone = self.width_before == 0 && self.lookups.is_empty() && self.input.block.len() == 1;
            let mode = if alone { StreamingMode::WantAll } else { StreamingMode::Iterator };
            let range = equal_to(&self.tx, &key, self.snapshot, mode, 0);
            let answer = Answer::start(range.read(), cx);
            Reading::Range { range, prefix: key.len(), answer }
        };
        self.lookups.push_back(Lookup { block, row, reading });
    }

    /// Takes what the oldest lookup has. False if there is nothing to take now.
    fn take_oldest(&mut self, cx: &mut Context<'_>, budget: &mut Budget) -> Result<bool> {
        if budget.is_spent() {
            return Ok(false);
        }
        let Some(Lookup { block, row, reading }) = self.lookups.front_mut() else { return Ok(false) };
        let row = block.row(*row);
        let done = match reading {
            Reading::Key { key, answer } => {
                let Poll::Ready(value) = answer.poll(cx)? else { return Ok(false) };
                if let Some(value) = value {
                    budget.spend(1);
                    let found = (&key[..], &value[..]);
                    self.step.accept(&self.store, &row, self.width_before, found, key.len(), &mut self.out)?;
                }
                true
            }
            Reading::Range { range, prefix, answer } => {
                let Poll::Ready(page) = answer.poll(cx)? else { return Ok(false) };
                range.advance(&page);
                if !range.is_done() {
                    self.reads += 1;
                    budget.spend(Budget::READ);
                    *answer = Answer::start(range.read(), cx);
                }
                budget.spend(page.len() as i32);
                for found in page.iter() {
                    self.step.accept(&self.store, &row, self.width_before, found, *prefix, &mut self.out)?;
                }
                range.is_done()
            }
        };
        if done {
            self.lookups.pop_front();
        }
        Ok(true)
    }
}

/// The range of the keys of tuples that begin with exactly what is packed in `key` and have more items.
pub(crate) fn equal_to(tx: &Transaction, key: &[u8], snapshot: bool, mode: StreamingMode, limit: usize) -> Range {
    let bound = |byte: u8| {
        let mut bound = Vec::with_capacity(key.len() + 1);
        bound.extend_from_slice(key);
        bound.push(byte);
        KeySelector::first_greater_or_equal(bound)
    };
    tx.range(bound(0x00), bound(0xff), RangeOptions { mode, snapshot, limit, ..RangeOptions::default() })
}

/// Whether a row stays.
pub(crate) type Judged = Pin<Box<dyn Future<Output = Result<bool>> + Send>>;

/// What judges rows, by the packed tuple that a pattern stands for in the row.
pub(crate) type Judge = Arc<dyn Fn(Vec<u8>) -> Judged + Send + Sync>;

type Verdict = Pin<Box<dyn Future<Output = Result<(Arc<Block>, usize, bool)>> + Send>>;

/// Drops a slot, and the rows that do not stand up to a judgement that takes reads.
pub(crate) struct Check {
    judge: Judge,
    /// Finds the packed tuple of a row: all its columns are known.
    step: Step,
    prefix: usize,
    store: NStore,
    dropped: usize,
    in_flight: usize,
    input: Input,
    judging: FuturesOrdered<Verdict>,
    out: Block,
}

impl Check {
    /// `step` knows all columns of the pattern that is judged; `width` is that of the rows that come in.
    pub(super) fn new(
        judge: Judge,
        store: &NStore,
        step: Step,
        dropped: usize,
        width: usize,
        in_flight: usize,
    ) -> Check {
        Check {
            judge,
            prefix: store.indices()[step.index].prefix.len(),
            step,
            store: store.clone(),
            dropped,
            in_flight,
            input: Input::default(),
            judging: FuturesOrdered::new(),
            out: Block::new(width - 1),
        }
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        budget: &mut Budget,
        upstream: Upstream<'_>,
    ) -> Poll<Result<Option<Block>>> {
        loop {
            while self.judging.len() < self.in_flight && !budget.is_spent() {
                let Poll::Ready(Some((block, row))) = self.input.next(cx, budget, upstream)? else { break };
                budget.spend(Budget::READ);
                let bindings = block.row(row);
                let tuple = self.step.prefix(&self.store, &bindings).split_off(self.prefix);
                let judged = (self.judge)(tuple);
                self.judging.push_back(Box::pin(async move { Ok((block, row, judged.await?)) }));
            }
            let judged = if budget.is_spent() { Poll::Pending } else { Pin::new(&mut self.judging).poll_next(cx) };
            let ended = self.input.ended && self.judging.is_empty();
            match judged {
                Poll::Ready(Some(verdict)) => {
                    let (block, row, stays) = verdict?;
                    if stays {
                        let row = block.row(row);
                        self.out.begin_row(&row, self.dropped);
                        for slot in self.dropped + 1..block.width() {
                            self.out.push(row.get(slot));
                        }
                    }
                }
                _ if self.out.is_empty() && !ended => return Poll::Pending,
                _ => {
                    let next = Block::new(self.out.width());
                    let block = std::mem::replace(&mut self.out, next);
                    return Poll::Ready(Ok(Some(block).filter(|block| !block.is_empty())));
                }
            }
        }
    }
}

/// A stage of a query.
pub(super) enum Level {
    Scan(Scan),
    Check(Check),
}

impl Level {
    /// Lets go of what it still reads.
    pub(super) fn end(&mut self) {
        match self {
            Level::Scan(scan) => scan.lookups.clear(),
            Level::Check(check) => check.judging = FuturesOrdered::new(),
        }
    }
}

/// The next rows of the last of the levels; each takes its rows from the one before, the first from `seed`.
pub(super) fn poll_levels(
    levels: &mut [Level],
    seed: &mut Option<Block>,
    cx: &mut Context<'_>,
    budget: &mut Budget,
) -> Poll<Result<Option<Block>>> {
    let Some((last, before)) = levels.split_last_mut() else { return Poll::Ready(Ok(seed.take())) };
    let upstream = &mut |cx: &mut Context<'_>, budget: &mut Budget| poll_levels(before, seed, cx, budget);
    match last {
        Level::Scan(scan) => scan.poll(cx, budget, upstream),
        Level::Check(check) => check.poll(cx, budget, upstream),
    }
}
