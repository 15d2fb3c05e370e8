//! The store in a file: one table of a redb database, over [blocks with checksums](super::block_file), and a
//! [log](super::log) before it.
//!
//! Invariants:
//! - Batches are redb write transactions; there is one at a time.
//! - A batch that redb syncs carries its version and wall time, and one in the log too, so what is there after a crash
//!   knows its version.
//! - A batch is in the log, synced, before redb commits it in memory: redb has nothing that could be lost.
//! - After a failed write the store takes no more writes: what reached the disk is known only after opening it again.
//!   Whatever was acknowledged is there then. Reads go on as far as redb lets them.
//! - A full disk passes. Where the log has no room nothing has changed; where redb has none the store itself opens the
//!   file again, and then knows whether the batch is in it. The newest snapshot lives on, reads in older ones are
//!   `transaction_too_old` (1007). A relaxed file would lose what redb has in memory only: it is not opened again.
//!
//! Quick repair, measured on two cores: without it a file that was not closed is read through when opened, 0.8 s for
//! 1 GB in the page cache; with it, that takes 1 ms at any size but a commit of redb syncs twice (360 instead of 190 us).
//! With a log, few commits are redb's, so they have it. Of files without, small ones go without and those over
//! [`QUICK_REPAIR_FROM`] have it; neither grew a file.

use super::file::FileIdentity;
use super::log::{Log, Record};
use super::open::{LAST, Last, META, Opened, Opener, PAIRS, encode_last};
use super::storage_error::{StorageError, guard};
use super::undo::Undo;
use super::{Batch, Snapshot, Storage, Visit};
use crate::Error;
use redb::{Database, Durability, ReadOnlyTable, ReadableDatabase, ReadableTable, Table, WriteTransaction};
use std::ops::Bound::{Excluded, Included};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::Duration;

/// A relaxed file is synced when it is closed, by the first commit that comes so long after the last sync...
const RELAXED_SYNC_AFTER: Duration = Duration::from_millis(100);
/// ... or after so many.
const RELAXED_COMMITS_PER_SYNC: u32 = 1000;
/// Files without a log that are longer than this are kept so that they open at once after a crash.
const QUICK_REPAIR_FROM: u64 = 1 << 30;
/// How often the length of the file is looked at.
const COMMITS_PER_LOOK: u32 = 256;

type Pairs = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// A store over redb.
pub(crate) struct RedbStore {
    /// Nothing once it is closed.
    database: RwLock<Option<Database>>,
    path: PathBuf,
    /// The file that was opened, if the system says.
    identity: Option<FileIdentity>,
    /// Whether a batch is on the disk when it is acknowledged.
    durable: bool,
    opener: Opener,
    /// The snapshot of the last batch, if one was asked for since.
    latest: Mutex<Option<Arc<PairsSnapshot>>>,
    writer: Mutex<Writer>,
    last: Mutex<Last>,
    /// Why there is no database any more.
    ended: Arc<OnceLock<StorageError>>,
}

/// What the one writer knows from batch to batch.
#[derive(Default)]
struct Writer {
    commits_since_sync: u32,
    synced_at: Duration,
    commits_since_look: u32,
    quick_repair: bool,
    log: Option<Log>,
    /// Why no more can be written.
    failed: Option<String>,
}

impl RedbStore {
    /// The store in a file, which is made if it is not there. Not `durable`, a batch may be acknowledged before it is
    /// on the disk: a crash of the machine or the process can lose the last ones, never a part of one.
    pub(crate) fn file(path: &Path, durable: bool) -> Result<RedbStore, StorageError> {
        RedbStore::file_by(path, durable, Opener::default())
    }

    /// The store in a file that is opened by `opener`.
    pub(super) fn file_by(path: &Path, durable: bool, opener: Opener) -> Result<RedbStore, StorageError> {
        let (database, last, log) = recovered(opener.open_file(path)?)?;
        // The first batch looks at the length of the file.
        let writer = Writer { log, commits_since_look: COMMITS_PER_LOOK, ..Writer::default() };
        Ok(RedbStore {
            database: RwLock::new(Some(database)),
            path: path.to_owned(),
            identity: FileIdentity::at(path).ok(),
            durable,
            opener,
            latest: Mutex::new(None),
            writer: Mutex::new(writer),
            last: Mutex::new(last),
            ended: Arc::default(),
        })
    }

    /// Has it kept as a long file is, to test that with a short one.
    #[cfg(test)]
    pub(super) fn use_quick_repair(&self) {
        let mut writer = lock(&self.writer);
        writer.quick_repair = true;
        writer.commits_since_look = 0;
    }

    /// Whether the next commit has to be synced.
    fn sync_is_due(&self, writer: &Writer, wall: Duration) -> bool {
        // A wall clock that went back is no reason to wait.
        let recently = writer.synced_at..writer.synced_at + RELAXED_SYNC_AFTER;
        self.durable || writer.commits_since_sync + 1 >= RELAXED_COMMITS_PER_SYNC || !recently.contains(&wall)
    }

    /// That the file is still where it was: what is written to a file without a name is gone when it is closed. It
    /// takes a microsecond, which is nothing beside a sync.
    fn check_in_place(&self) -> Result<(), StorageError> {
        if FileIdentity::at(&self.path).ok() == self.identity {
            return Ok(());
        }
        Err(StorageError::new(
            Error::FILE_NOT_FOUND,
            format!(
                "{} was removed or replaced while it was open, so nothing can be written: put it back, or close the \
                 database",
                self.path.display()
            ),
        ))
    }

    fn write_batch(
        &self,
        writer: &mut Writer,
        last: Last,
        undo: &mut Undo,
        apply: &mut dyn FnMut(&mut dyn Batch) -> Result<(), StorageError>,
    ) -> Result<(), StorageError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_ref().ok_or_else(|| self.why_ended())?;
        let sync = self.sync_is_due(writer, last.1);
        if sync {
            self.check_in_place()?;
        }
        let transaction = guard(|| database.begin_write())?;
        let mut record = if self.durable && writer.log.is_some() { Record::default() } else { Record::none() };
        // A batch that is not committed is undone when the transaction is dropped.
        {
            let pairs = guard(|| transaction.open_table(PAIRS))?;
            apply(&mut PairsBatch { pairs, undo, record: &mut record })?;
        }
        let failed = match &mut writer.log {
            Some(log) if log.takes(&record) => {
                let before = lock(&self.last).0;
                let written = log.append(record, before, last).map_err(|error| StorageError::from_redb(error.into()));
                match written {
                    Ok(()) => commit_in_memory(transaction).err(),
                    // As if it had not been tried.
                    Err(full) if full.full => return Err(StorageError { full: false, ..full }),
                    Err(error) => Some(error),
                }
            }
            _ => self.commit(writer, transaction, last, sync).err(),
        };
        failed.map_or(Ok(()), |error| {
            writer.failed = Some(error.message.clone());
            Err(error)
        })
    }

    /// Commits a batch, and all before it, in redb's tree.
    fn commit(
        &self,
        writer: &mut Writer,
        transaction: WriteTransaction,
        last: Last,
        sync: bool,
    ) -> Result<(), StorageError> {
        writer.commits_since_look += 1;
        if writer.commits_since_look > COMMITS_PER_LOOK {
            writer.commits_since_look = 0;
            writer.quick_repair = std::fs::metadata(&self.path).is_ok_and(|file| file.len() > QUICK_REPAIR_FROM);
        }
        if sync {
            commit_on_disk(transaction, last, writer.quick_repair || writer.log.is_some())?;
            writer.log.iter_mut().for_each(Log::begin);
            writer.synced_at = last.1;
            writer.commits_since_sync = 0;
        } else {
            guard(|| note_last(&transaction, last))?;
            commit_in_memory(transaction)?;
            writer.commits_since_sync += 1;
        }
        Ok(())
    }

    /// Opens the file again after a write of `version` found the disk full, and says whether that write is in it.
    fn open_again(&self, writer: &mut Writer, version: i64, full: &StorageError) -> Result<bool, StorageError> {
        if !self.durable {
            return Err(full.clone());
        }
        // Opening what is not there would make a new one.
        self.check_in_place()?;
        let mut latest = lock(&self.latest);
        let newest = latest.clone();
        // Who reads in the newest snapshot waits until it is there again.
        let mut newest = newest.as_ref().map(|newest| newest.pairs.write().unwrap_or_else(PoisonError::into_inner));
        let mut database = self.database.write().unwrap_or_else(PoisonError::into_inner);
        // Its error on closing is the one that brought us here.
        drop(database.take());
        writer.log = None;
        let opened = self.opener.open_file(&self.path).and_then(recovered).and_then(|(opened, last, log)| {
            writer.log = log;
            match &mut newest {
                Some(newest) if last.0 != version => **newest = guard(|| open_pairs(&opened))?,
                _ => *latest = None,
            }
            Ok((opened, last))
        });
        match opened {
            Ok((opened, last)) => {
                *database = Some(opened);
                Ok(last.0 == version)
            }
            Err(error) => {
                let _ = self.ended.set(error.clone());
                Err(error)
            }
        }
    }

    fn why_ended(&self) -> StorageError {
        self.ended.get().cloned().unwrap_or_else(StorageError::closed)
    }
}

/// A file as it is to be used: what only its log has is in redb's tree as well, in memory, as it was before the file was
/// left.
fn recovered(opened: Opened) -> Result<(Database, Last, Option<Log>), StorageError> {
    let Opened { database, mut last, log, found } = opened;
    if !found.is_empty() {
        let transaction = guard(|| database.begin_write())?;
        {
            let pairs = guard(|| transaction.open_table(PAIRS))?;
            let mut batch = PairsBatch { pairs, undo: &mut Undo::default(), record: &mut Record::none() };
            for record in found {
                record.apply(&mut batch)?;
                last = record.last;
            }
        }
        commit_in_memory(transaction)?;
    }
    Ok((database, last, log))
}

fn note_last(transaction: &WriteTransaction, last: Last) -> Result<(), redb::Error> {
    transaction.open_table(META)?.insert(LAST, &encode_last(last)[..])?;
    Ok(())
}

fn commit_in_memory(mut transaction: WriteTransaction) -> Result<(), StorageError> {
    guard(|| -> Result<(), redb::Error> {
        transaction.set_durability(Durability::None)?;
        Ok(transaction.commit()?)
    })
}

fn commit_on_disk(mut transaction: WriteTransaction, last: Last, quick_repair: bool) -> Result<(), StorageError> {
    guard(|| -> Result<(), redb::Error> {
        note_last(&transaction, last)?;
        transaction.set_quick_repair(quick_repair);
        Ok(transaction.commit()?)
    })
}

fn open_pairs(database: &Database) -> Result<Pairs, redb::Error> {
    Ok(database.begin_read()?.open_table(PAIRS)?)
}

impl Storage for RedbStore {
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, StorageError> {
        let mut latest = lock(&self.latest);
        if let Some(snapshot) = &*latest {
            return Ok(snapshot.clone());
        }
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_ref().ok_or_else(|| self.why_ended())?;
        let pairs = RwLock::new(guard(|| open_pairs(database))?);
        let snapshot = Arc::new(PairsSnapshot { pairs, ended: self.ended.clone() });
        *latest = Some(snapshot.clone());
        Ok(snapshot)
    }

    fn write(
        &self,
        version: i64,
        wall: Duration,
        apply: &mut dyn FnMut(&mut dyn Batch) -> Result<(), StorageError>,
    ) -> Result<Undo, StorageError> {
        let mut writer = lock(&self.writer);
        if let Some(why) = &writer.failed {
            let message = format!("nothing can be written since a write failed: open the database again ({why})");
            return Err(StorageError::new(Error::IO_ERROR, message));
        }
        let mut undo = Undo::default();
        match self.write_batch(&mut writer, (version, wall), &mut undo, apply) {
            Ok(()) => {}
            Err(full) if full.full => {
                let written = self.open_again(&mut writer, version, &full)?;
                writer.failed = None;
                if !written {
                    return Err(full);
                }
            }
            Err(error) => return Err(error),
        }
        *lock(&self.latest) = None;
        *lock(&self.last) = (version, wall);
        Ok(undo.finish())
    }

    fn last_version(&self) -> (i64, Duration) {
        *lock(&self.last)
    }

    fn is_durable(&self) -> bool {
        true
    }

    fn close(&self) -> Result<(), StorageError> {
        // Waits for a batch that is being written.
        let writer = lock(&self.writer);
        let database = self.database.write().unwrap_or_else(PoisonError::into_inner).take();
        let _ = self.ended.set(StorageError::closed());
        *lock(&self.latest) = None;
        let Some(database) = database else { return Ok(()) };
        // So that the next one to open it has nothing to do again.
        let emptied = match &writer.log {
            Some(log) if !log.is_empty() && writer.failed.is_none() => {
                let transaction = guard(|| database.begin_write());
                transaction.and_then(|transaction| commit_on_disk(transaction, *lock(&self.last), true))
            }
            _ => Ok(()),
        };
        emptied.and(guard(|| database.close()))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A snapshot keeps its table open, which keeps the read transaction.
struct PairsSnapshot {
    /// Written when the file is opened again.
    pairs: RwLock<Pairs>,
    /// That of the store.
    ended: Arc<OnceLock<StorageError>>,
}

impl PairsSnapshot {
    /// Runs a read of redb. Where the database is gone but the store is not, the file was opened again, and this is
    /// not the newest snapshot.
    fn read<T>(&self, read: impl FnOnce() -> Result<T, redb::StorageError>) -> Result<T, StorageError> {
        let mut gone = false;
        guard(|| read().inspect_err(|error| gone = matches!(error, redb::StorageError::DatabaseClosed))).map_err(
            |error| match self.ended.get() {
                Some(ended) if gone => ended.clone(),
                None if gone => StorageError::new(Error::TRANSACTION_TOO_OLD, "the database was opened again"),
                _ => error,
            },
        )
    }
}

impl Snapshot for PairsSnapshot {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
        let pairs = self.pairs.read().unwrap_or_else(PoisonError::into_inner);
        self.read(|| Ok(pairs.get(key)?.map(|value| value.value().to_vec())))
    }

    fn scan(&self, begin: &[u8], end: &[u8], reverse: bool, visit: &mut Visit<'_>) -> Result<(), StorageError> {
        if begin >= end {
            return Ok(());
        }
        let pairs = self.pairs.read().unwrap_or_else(PoisonError::into_inner);
        let is_outside = |key: &[u8]| if reverse { key < begin } else { key >= end };
        let mut panicked = None;
        // redb's cursors do less for a row than its ranges. One guard for all rows: what holds a row is large, and would be
        // moved about for each.
        self.read(|| {
            let mut cursor =
                if reverse { pairs.upper_bound(Excluded(end))? } else { pairs.lower_bound(Included(begin))? };
            while let Some((key, value)) = if reverse { cursor.prev()? } else { cursor.next()? } {
                let key = key.value();
                if is_outside(key) {
                    break;
                }
                // Only redb is guarded: a panic of `visit` is none of its own.
                match catch_unwind(AssertUnwindSafe(|| visit(key, value.value()))) {
                    Ok(ControlFlow::Continue(())) => {}
                    Ok(ControlFlow::Break(())) => break,
                    Err(panic) => {
                        panicked = Some(panic);
                        break;
                    }
                }
            }
            Ok(())
        })?;
        panicked.map_or(Ok(()), |panic| resume_unwind(panic))
    }
}

struct PairsBatch<'a> {
    pairs: Table<'a, &'static [u8], &'static [u8]>,
    undo: &'a mut Undo,
    record: &'a mut Record,
}

impl Batch for PairsBatch<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
        guard(|| Ok::<_, redb::StorageError>(self.pairs.get(key)?.map(|value| value.value().to_vec())))
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> Result<(), StorageError> {
        let PairsBatch { pairs, undo, record } = self;
        record.set(key, value);
        guard(|| pairs.insert(key, value).map(|old| undo.record(key, old.as_ref().map(|old| old.value()))))
    }

    fn clear(&mut self, key: &[u8]) -> Result<(), StorageError> {
        let PairsBatch { pairs, undo, record } = self;
        record.clear(key);
        guard(|| pairs.remove(key).map(|old| old.iter().for_each(|old| undo.record(key, Some(old.value())))))
    }

    fn clear_range(&mut self, begin: &[u8], end: &[u8]) -> Result<(), StorageError> {
        if begin >= end {
            return Ok(());
        }
        let PairsBatch { pairs, undo, record } = self;
        record.clear_range(begin, end);
        guard(|| {
            pairs.retain_in::<&[u8], _>((Included(begin), Excluded(end)), |key, value| {
                undo.record(key, Some(value));
                false
            })
        })
    }
}
