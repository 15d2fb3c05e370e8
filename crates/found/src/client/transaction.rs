//! A transaction's reads and writes.
//!
//! - A call is issued when it is made; its future only waits. Arguments are copied before the call returns.
//! - Writes report a commit under way or done at once; those of a cancelled transaction come to nothing. What is wrong
//!   with a key or a value (too long, outside the legal range) shows at the next future, the commit at the latest, as in
//!   FoundationDB.
//! - Handles may be cloned and used from any thread. What a call gives while or after another one ends the
//!   transaction is said in [`commit`](Transaction::commit).

use super::database::DatabaseInner;
use super::option_tables::TRANSACTION_OPTIONS;
use super::options::{OptionInfo, OptionValue};
use super::range::{Page, Range, RangeOptions};
use super::read::Read;
use super::state::{Core, KeyRange, Settle};
use super::watch::Watch;
use super::{ConflictRangeType, KeySelector, MutationType, TransactionOption};
use crate::{Error, Result};
use foundationdb as fdb;
use futures_util::future::{Either, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

/// Bytes that a read gave: derefs to a slice.
pub type Value = fdb::future::FdbSlice;

/// How to make a transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TransactionOptions {
    /// All reads are snapshot reads, and writes are refused.
    pub snapshot: bool,
}

/// A transaction; clones are handles on the same one. It ends when the last handle and the last read are dropped.
#[derive(Clone)]
pub struct Transaction {
    core: Arc<Core>,
    /// Whether reads through this handle add no read conflicts.
    reads_snapshot: bool,
}

/// The key of `transaction_option report_conflicting_keys`.
const REPORT_CONFLICTING_KEYS: i32 = 712;

impl Transaction {
    pub(super) fn new(
        transaction: fdb::Transaction,
        database: Arc<DatabaseInner>,
        options: TransactionOptions,
    ) -> Self {
        Transaction { core: Core::new(transaction, database, options.snapshot), reads_snapshot: options.snapshot }
    }

    /// A handle on the same transaction whose reads add no read conflicts.
    pub fn snapshot(&self) -> Transaction {
        Transaction { core: self.core.clone(), reads_snapshot: true }
    }

    /// The value of `key`, or nothing. With `snapshot` the read adds no read conflict.
    pub fn get(
        &self,
        key: &[u8],
        snapshot: bool,
    ) -> impl Future<Output = Result<Option<Value>>> + Send + Sync + Unpin + use<> {
        let snapshot = snapshot || self.reads_snapshot;
        let issued = fits("key", key).and_then(|()| self.core.with(|tx| tx.get(key, snapshot)));
        Read::new(issued, &self.core)
    }

    /// The key that `selector` resolves to: `""` left of the first key, `\xff` right of the last.
    pub fn get_key(
        &self,
        selector: &KeySelector,
        snapshot: bool,
    ) -> impl Future<Output = Result<Value>> + Send + Sync + Unpin + use<> {
        let snapshot = snapshot || self.reads_snapshot;
        let issued =
            fits("key", &selector.key).and_then(|()| self.core.with(|tx| tx.get_key(&selector.borrow(), snapshot)));
        Read::new(issued, &self.core)
    }

    /// One page of the range from `begin` to `end`, the `iteration`-th from 1. [`range`](Self::range) reads on from
    /// page to page.
    pub fn get_range(
        &self,
        begin: &KeySelector,
        end: &KeySelector,
        options: &RangeOptions,
        iteration: usize,
    ) -> impl Future<Output = Result<Page>> + Send + Sync + Unpin + use<> {
        let snapshot = options.snapshot || self.reads_snapshot;
        let issued = fits("begin", &begin.key).and_then(|()| fits("end", &end.key)).and_then(|()| {
            options.check()?;
            let range = options.to_fdb(begin, end);
            self.core.with(|tx| tx.get_range(&range, iteration, snapshot))
        });
        Page::read(Read::new(issued, &self.core))
    }

    /// The rows from `begin` up to `end`, page by page.
    pub fn range(&self, begin: KeySelector, end: KeySelector, options: RangeOptions) -> Range {
        Range::new(self.clone(), begin, end, options)
    }

    /// Sets `key` to `value`.
    pub fn set(&self, key: &[u8], value: &[u8]) -> Result<()> {
        fits("key", key)?;
        fits("value", value)?;
        self.write("set", |tx| tx.set(key, value))
    }

    /// Removes `key`.
    pub fn clear(&self, key: &[u8]) -> Result<()> {
        fits("key", key)?;
        self.write("clear", |tx| tx.clear(key))
    }

    /// Removes the keys from `begin` up to `end`.
    pub fn clear_range(&self, begin: &[u8], end: &[u8]) -> Result<()> {
        fits("begin", begin)?;
        fits("end", end)?;
        self.write("clear_range", |tx| tx.clear_range(begin, end))
    }

    /// Has the database change the value of `key` by `operation` with `param`, without reading it.
    pub fn atomic_op(&self, key: &[u8], param: &[u8], operation: MutationType) -> Result<()> {
        fits("key", key)?;
        fits("param", param)?;
        self.write("atomic_op", |tx| tx.atomic_op(key, param, operation))
    }

    /// Adds a conflict range as if it had been read or written. 2005 if `begin > end`.
    pub fn add_conflict_range(&self, begin: &[u8], end: &[u8], kind: ConflictRangeType) -> Result<()> {
        fits("begin", begin)?;
        fits("end", end)?;
        let add = |tx: &fdb::Transaction| tx.add_conflict_range(begin, end, kind);
        match kind {
            ConflictRangeType::Write => self.write("add_conflict_range", add)??,
            _ => self.core.tell(add)??,
        }
        Ok(())
    }

    /// Waits for another transaction to change the value of `key`. The watch is set when this transaction commits and
    /// outlives it; a transaction that ends otherwise fails it (1025), as does the closing of the database.
    pub fn watch(&self, key: &[u8]) -> Result<Watch> {
        fits("key", key)?;
        let future = self.core.with(|tx| tx.watch(key))?;
        Ok(Watch::new(future, self.core.database.clone()))
    }

    /// The version the transaction reads at. After a commit it is told only if it was asked for before.
    pub fn read_version(&self) -> impl Future<Output = Result<i64>> + Send + Sync + Unpin + use<> {
        let known = self.core.read_version.load(Ordering::Relaxed);
        let issued = self.core.with(|tx| tx.get_read_version());
        let core = self.core.clone();
        match issued {
            Err(Error::Fdb { code: 2017, .. }) if known > 0 => ReadVersion::Known(known),
            issued => ReadVersion::Asked { read: Read::new(issued, &core), core },
        }
    }

    /// Reads at `version`, which must have come from [`read_version`](Self::read_version) or
    /// [`committed_version`](Self::committed_version), not long ago.
    pub fn set_read_version(&self, version: i64) -> Result<()> {
        self.core.tell(|tx| tx.set_read_version(version))
    }

    /// The version at which the transaction last committed; -1 if it did not, or had nothing to write.
    pub fn committed_version(&self) -> i64 {
        self.core.committed_version()
    }

    /// The bytes that count towards the limit of a transaction's size, so far; also of one that is cancelled.
    pub fn approximate_size(&self) -> impl Future<Output = Result<i64>> + Send + Sync + Unpin + use<> {
        match self.core.last_size() {
            Some(size) => Either::Left(ready(Ok(size))),
            None => Either::Right(Read::new(self.core.with(|tx| tx.get_approximate_size()), &self.core)),
        }
    }

    /// The versionstamp of the commit to come: ask before committing, wait after. It does not keep the transaction
    /// alive: without a commit it ends with the transaction (1025).
    pub fn versionstamp(&self) -> Result<impl Future<Output = Result<[u8; 10]>> + Send + Sync + Unpin + use<>> {
        Ok(Versionstamp(self.core.with(|tx| tx.get_versionstamp())?))
    }

    /// The addresses of the storage servers that hold `key`.
    pub fn addresses_for_key(&self, key: &[u8]) -> impl Future<Output = Result<Vec<String>>> + Send + use<> {
        let issued = fits("key", key).and_then(|()| self.core.with(|tx| tx.get_addresses_for_key(key)));
        let read = Read::new(issued, &self.core);
        async move { Ok(read.await?.iter().map(|address| address.to_string_lossy().into_owned()).collect()) }
    }

    /// The bytes between `begin` and `end`, estimated from a sample: nothing exact, and little data may give 0.
    pub fn estimated_range_size(
        &self,
        begin: &[u8],
        end: &[u8],
    ) -> impl Future<Output = Result<i64>> + Send + Sync + Unpin + use<> {
        let issued = fits("begin", begin)
            .and_then(|()| fits("end", end))
            .and_then(|()| self.core.with(|tx| tx.get_estimated_range_size_bytes(begin, end)));
        Read::new(issued, &self.core)
    }

    /// Keys that split the range into pieces of about `chunk_size` bytes, `begin` and `end` among them.
    pub fn range_split_points(
        &self,
        begin: &[u8],
        end: &[u8],
        chunk_size: i64,
    ) -> impl Future<Output = Result<Vec<Vec<u8>>>> + Send + use<> {
        let issued = fits("begin", begin)
            .and_then(|()| fits("end", end))
            .and_then(|()| self.core.with(|tx| tx.get_range_split_points(begin, end, chunk_size)));
        let read = Read::new(issued, &self.core);
        async move { Ok(read.await?.iter().map(|key| key.key().to_vec()).collect()) }
    }

    /// Sets an option.
    pub fn set_option(&self, option: TransactionOption) -> Result<()> {
        let code = i32::try_from(option.code()).unwrap_or(0);
        self.core.tell(|tx| tx.set_option(option))??;
        self.option_was_set(code);
        Ok(())
    }

    /// Sets an option by its name in `fdb.options`.
    pub fn set_option_by_name(&self, name: &str, value: &OptionValue) -> Result<()> {
        let info = OptionInfo::by_name(TRANSACTION_OPTIONS, name)?;
        self.set_raw(info.code, info.encode(value)?)
    }

    /// Sets an option by its number, its value in the C API's form: 8 bytes, little-endian, for an integer. 2007 if
    /// there is no such option; a wrong value shows at the next future.
    pub fn set_option_by_code(&self, code: i32, value: Option<&[u8]>) -> Result<()> {
        fits("value", value.unwrap_or_default())?;
        self.set_raw(code, value.map(<[u8]>::to_vec))
    }

    fn set_raw(&self, code: i32, value: Option<Vec<u8>>) -> Result<()> {
        let number = code.try_into().map_err(|_| Error::fdb(2007))?;
        self.core.tell(|tx| tx.set_raw_option(number, value))??;
        self.option_was_set(code);
        Ok(())
    }

    fn option_was_set(&self, code: i32) {
        if code == REPORT_CONFLICTING_KEYS {
            self.core.report_conflicts.store(true, Ordering::Relaxed);
        }
    }

    /// Commits.
    ///
    /// While it runs, reads and writes give 2017, as does a second commit; [`reset`](Self::reset) and
    /// [`cancel`](Self::cancel) end it with 1025, and then it may or may not have happened. Afterwards, committed or
    /// failed, only `reset` and [`on_error`](Self::on_error) go on; anything else gives 2017.
    ///
    /// With the option `report_conflicting_keys`, a conflict leaves its ranges in
    /// [`conflicting_ranges`](Self::conflicting_ranges).
    pub fn commit(&self) -> Settle {
        self.core.commit()
    }

    /// Waits as long as FoundationDB finds good after an error, and makes the transaction ready for another attempt;
    /// gives the error back, and ends the transaction, if another attempt cannot help.
    pub fn on_error(&self, code: i32) -> Settle {
        self.core.on_error(code)
    }

    /// Makes the transaction as new: writes, read version and options are gone. It ends a commit under way.
    pub fn reset(&self) -> Result<()> {
        self.core.reset()
    }

    /// Ends the transaction: pending reads, its watches not yet set and all later calls get 1025, until
    /// [`reset`](Self::reset).
    pub fn cancel(&self) {
        self.core.cancel();
    }

    /// The ranges that were in conflict when the last commit failed for it, if they were asked for.
    pub fn conflicting_ranges(&self) -> Vec<KeyRange> {
        self.core.conflicts()
    }

    /// The how-manieth attempt this is: 1, and one more for each `on_error` that let it go on.
    pub fn attempt(&self) -> u32 {
        self.core.attempt()
    }

    /// Whether the attempt before this one may have committed nevertheless.
    pub fn maybe_committed(&self) -> bool {
        self.core.maybe_committed()
    }

    /// Waits until it is the caller's turn, until what it gives is dropped. Operations that read before they write,
    /// such as those of the stores, take turns so that several at a time in one transaction do what they would one
    /// after the other. Reads and writes of others go on meanwhile.
    pub async fn turn(&self) -> impl Drop + Send + '_ {
        self.core.turn.lock().await
    }

    pub(super) fn nothing_committed(&self) {
        self.core.nothing_committed();
    }

    /// Whether this is a snapshot transaction, which only reads.
    pub fn is_snapshot(&self) -> bool {
        self.core.snapshot
    }

    /// Whether this attempt has written anything, so that its commit is more than a formality.
    pub fn has_written(&self) -> bool {
        self.core.wrote.load(Ordering::Relaxed)
    }

    fn write<R>(&self, operation: &'static str, call: impl FnOnce(&fdb::Transaction) -> R) -> Result<R> {
        if self.core.snapshot {
            return Err(Error::ReadOnly { operation });
        }
        let result = self.core.tell(call)?;
        self.core.wrote.store(true, Ordering::Relaxed);
        Ok(result)
    }
}

/// The C API counts bytes in 32 bits.
fn fits(argument: &'static str, bytes: &[u8]) -> Result<()> {
    if i32::try_from(bytes.len()).is_ok() {
        return Ok(());
    }
    Err(Error::argument(argument, format!("longer than FoundationDB can be told; bytes={}", bytes.len())))
}

struct Versionstamp<F>(F);

impl<F: Future<Output = fdb::FdbResult<Value>> + Unpin> Future for Versionstamp<F> {
    type Output = Result<[u8; 10]>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map(|stamp| {
            let stamp = stamp?;
            stamp.as_ref().try_into().map_err(|_| Error::fdb(4100).with_context("a versionstamp is not of 10 bytes"))
        })
    }
}

enum ReadVersion<F> {
    Known(i64),
    Asked { read: Read<F>, core: Arc<Core> },
}

impl<F: Future<Output = fdb::FdbResult<i64>> + Unpin> Future for ReadVersion<F> {
    type Output = Result<i64>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            ReadVersion::Known(version) => Poll::Ready(Ok(*version)),
            ReadVersion::Asked { read, core } => {
                let result = Pin::new(read).poll(cx);
                if let Poll::Ready(Ok(version)) = result {
                    core.read_version.store(version, Ordering::Relaxed);
                }
                result
            }
        }
    }
}
