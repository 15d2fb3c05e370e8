//! What becomes of a transaction that is too old to read: the database has its snapshot back, it keeps what it knows.
//!
//! FoundationDB's clients keep every row that they have read, and answer from those at any age. Here the snapshot is
//! read again as long as it may be kept; then the rows are copied out of it, as many as are allowed. What is over is
//! no longer known, and to read it is `transaction_too_old` (1007) as if it had not been read.

use super::{Inner, State};
use crate::key::is_key_after;
use crate::range_set::RangeSet;
use crate::readers::Reader;
use crate::storage::{Snapshot, StorageError, Visit};
use crate::tenant::TenantSnapshot;
use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included};
use std::ops::{ControlFlow, Range};
use std::sync::{Arc, TryLockError};

/// So many rows, and known ranges, are kept at most...
const KEPT_ROWS: usize = 4_096;
/// ... and so many bytes of them.
const KEPT_BYTES: usize = 1 << 20;

impl Reader for Inner {
    fn let_go(&self, oldest: i64) -> Option<usize> {
        // Whoever holds the lock may wait for the commit that this is a part of.
        let mut state = match self.state.try_lock() {
            Ok(state) => state,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        Some(state.let_go(oldest))
    }

    fn read_from(&self, versions: &Range<i64>, snapshot: &Arc<dyn Snapshot>) {
        let mut state = match self.state.try_lock() {
            Ok(state) => state,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        // Without a place it reads from a copy of its own, or has not begun to.
        let read = state.read_version.as_mut().filter(|read| read.place.is_some() && versions.contains(&read.version));
        let Some(read) = read else { return };
        read.snapshot = match self.tenant {
            Some(Ok(id)) => Some(Arc::new(TenantSnapshot::new(snapshot.clone(), id))),
            Some(Err(_)) => return,
            None => Some(snapshot.clone()),
        };
    }
}

impl State {
    /// Replaces the snapshot of a version before `oldest` by a copy of what is known of it.
    fn let_go(&mut self, oldest: i64) -> usize {
        let Some(read) = self.read_version.as_mut().filter(|read| read.version < oldest) else { return 0 };
        let Some(snapshot) = read.snapshot.take() else { return 0 };
        let known = self.reads.known();
        let (kept, rows) = KeptRows::of(&*snapshot, known);
        *known = kept;
        let count = rows.0.len();
        read.snapshot = Some(Arc::new(rows));
        read.place = None;
        count
    }
}

/// Rows of a snapshot that is gone.
#[derive(Default)]
struct KeptRows(BTreeMap<Vec<u8>, Vec<u8>>);

impl KeptRows {
    /// What of `known` is kept, and its rows.
    fn of(snapshot: &dyn Snapshot, known: &RangeSet) -> (RangeSet, KeptRows) {
        let (mut kept, mut rows, mut bytes_left) = (RangeSet::default(), KeptRows::default(), KEPT_BYTES);
        for (begin, end) in known.iter().take(KEPT_ROWS) {
            let mut until = end.to_vec();
            let mut keep = |key: &[u8], value: &[u8]| {
                let size = key.len() + value.len();
                if rows.0.len() == KEPT_ROWS || size > bytes_left {
                    until = key.to_vec();
                    return ControlFlow::Break(());
                }
                bytes_left -= size;
                rows.0.insert(key.to_vec(), value.to_vec());
                ControlFlow::Continue(())
            };
            let read = if is_key_after(end, begin) {
                snapshot.get(begin).map(|value| value.map(|value| keep(begin, &value))).map(drop)
            } else {
                snapshot.scan(begin, end, false, &mut keep)
            };
            // What cannot be read any more is not known.
            if read.is_err() {
                break;
            }
            kept.insert(begin, &until);
            if until != end {
                break;
            }
        }
        (kept, rows)
    }
}

impl Snapshot for KeptRows {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
        Ok(self.0.get(key).cloned())
    }

    fn scan(&self, begin: &[u8], end: &[u8], reverse: bool, visit: &mut Visit<'_>) -> Result<(), StorageError> {
        if begin >= end {
            return Ok(());
        }
        let mut range = self.0.range::<[u8], _>((Included(begin), Excluded(end)));
        while let Some((key, value)) = if reverse { range.next_back() } else { range.next() } {
            if visit(key, value).is_break() {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Database, Error, KeySelector, ManualClock, OpenOptions, RangeOptions, Transaction};
    use std::sync::Weak;
    use std::time::Duration;

    /// A database whose time is moved by hand.
    struct Timed {
        database: Database,
        clock: Arc<ManualClock>,
    }

    impl Timed {
        fn open(target: &str) -> Timed {
            let clock = Arc::new(ManualClock::new(Duration::from_secs(1_800_000_000)));
            let options = OpenOptions { clock: clock.clone(), ..OpenOptions::default() };
            Timed { database: Database::open(target, options).unwrap(), clock }
        }

        /// Commits a value that is given.
        fn put(&self, key: &[u8], value: &[u8]) {
            let transaction = self.database.create_transaction();
            transaction.set(key, value);
            let commit = transaction.commit();
            let (done, told) = std::sync::mpsc::channel::<()>();
            commit.on_ready(move || drop(done));
            // It ends when the sender is dropped.
            assert!(told.recv().is_err());
            assert_eq!(commit.peek(), Some(&Ok(())));
        }

        fn pass(&self, milliseconds: u64) {
            self.clock.advance(Duration::from_millis(milliseconds));
        }

        fn snapshot(&self) -> Weak<dyn Snapshot> {
            Arc::downgrade(&self.database.core().unwrap().newest_snapshot())
        }
    }

    fn get(transaction: &Transaction, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        transaction.get(key, false).peek().unwrap().clone()
    }

    fn keys(transaction: &Transaction, begin: &[u8], end: &[u8], reverse: bool) -> Result<Vec<Vec<u8>>, Error> {
        let at = KeySelector::first_greater_or_equal;
        let read = transaction.get_range(at(begin), at(end), RangeOptions { reverse, ..RangeOptions::default() });
        read.peek().unwrap().clone().map(|rows| rows.iter().map(|(key, _)| key.to_vec()).collect())
    }

    /// A transaction that has read `b` to `e` and the absent `x`, on a database that has gone on without it.
    fn left_behind(timed: &Timed) -> (Transaction, Weak<dyn Snapshot>) {
        for key in [b"a", b"b", b"d", b"e", b"y"] {
            timed.put(key, b"old");
        }
        let transaction = timed.database.create_transaction();
        assert_eq!(keys(&transaction, b"b", b"e", false), Ok(vec![b"b".to_vec(), b"d".to_vec()]));
        assert_eq!(get(&transaction, b"x"), Ok(None));
        let snapshot = timed.snapshot();
        timed.put(b"b", b"new");
        timed.pass(4_900);
        timed.put(b"d", b"new");
        assert!(snapshot.strong_count() > 0);
        assert_eq!(get(&transaction, b"y"), Ok(Some(b"old".to_vec())));
        timed.pass(200);
        (transaction, snapshot)
    }

    fn keeps_what_it_knows(target: &str) {
        let timed = Timed::open(target);
        let (transaction, snapshot) = left_behind(&timed);
        timed.put(b"x", b"new");
        assert_eq!(snapshot.strong_count(), 0, "an old transaction keeps its snapshot");

        assert_eq!(get(&transaction, b"b"), Ok(Some(b"old".to_vec())));
        assert_eq!(get(&transaction, b"c"), Ok(None));
        assert_eq!(get(&transaction, b"x"), Ok(None));
        assert_eq!(get(&transaction, b"y"), Ok(Some(b"old".to_vec())));
        assert_eq!(keys(&transaction, b"b", b"e", false), Ok(vec![b"b".to_vec(), b"d".to_vec()]));
        assert_eq!(keys(&transaction, b"b", b"e", true), Ok(vec![b"d".to_vec(), b"b".to_vec()]));
        assert_eq!(get(&transaction, b"a"), Err(Error::TRANSACTION_TOO_OLD));
        assert_eq!(keys(&transaction, b"e", b"f", false), Err(Error::TRANSACTION_TOO_OLD));

        // The next attempt is one like any other.
        assert!(transaction.on_error(1007).peek().is_none());
        transaction.reset();
        assert_eq!(get(&transaction, b"b"), Ok(Some(b"new".to_vec())));
    }

    #[test]
    fn an_old_transaction_in_memory_gives_its_snapshot_back_and_keeps_what_it_knows() {
        keeps_what_it_knows("memory:");
    }

    #[test]
    fn an_old_transaction_on_a_file_gives_its_snapshot_back_and_keeps_what_it_knows() {
        let directory = tempfile::tempdir().unwrap();
        keeps_what_it_knows(&format!("file:{}", directory.path().join("database").display()));
    }

    #[test]
    fn one_that_is_busy_is_asked_again() {
        let timed = Timed::open("memory:");
        let (transaction, snapshot) = left_behind(&timed);
        let busy = transaction.inner.lock();
        timed.put(b"x", b"new");
        assert!(snapshot.strong_count() > 0);
        drop(busy);
        timed.put(b"x", b"newer");
        assert_eq!(snapshot.strong_count(), 0);
    }

    #[test]
    fn one_that_went_on_at_a_new_version_is_left_alone() {
        let timed = Timed::open("memory:");
        let (transaction, snapshot) = left_behind(&timed);
        let busy = transaction.inner.lock();
        timed.put(b"x", b"new");
        drop(busy);
        transaction.reset();
        assert_eq!(snapshot.strong_count(), 0);
        assert_eq!(get(&transaction, b"x"), Ok(Some(b"new".to_vec())));
        timed.put(b"x", b"newer");
        assert_eq!(get(&transaction, b"b"), Ok(Some(b"new".to_vec())));
    }

    #[test]
    fn what_is_kept_has_bounds() {
        let timed = Timed::open("memory:");
        for row in 0..30u8 {
            timed.put(&[row], &[row; 60_000]);
        }
        let (many, large) = (timed.database.create_transaction(), timed.database.create_transaction());
        let key = |number: usize| [b"key".as_slice(), &number.to_be_bytes()].concat();
        for number in 0..KEPT_ROWS + 10 {
            assert_eq!(get(&many, &key(number)), Ok(None));
        }
        // Byte by byte, so that the rows are in one page each.
        for row in 0..30u8 {
            assert_eq!(keys(&large, &[row], &[row + 1], false), Ok(vec![vec![row]]));
        }
        timed.put(b"x", b"");
        timed.pass(5_100);
        timed.put(b"x", b"");
        timed.put(b"x", b"");

        assert_eq!(get(&many, &key(KEPT_ROWS - 1)), Ok(None));
        assert_eq!(get(&many, &key(KEPT_ROWS)), Err(Error::TRANSACTION_TOO_OLD));
        let kept = KEPT_BYTES / 60_001;
        assert_eq!(get(&large, &[kept as u8 - 1]).unwrap().unwrap().len(), 60_000);
        assert_eq!(get(&large, &[kept as u8]), Err(Error::TRANSACTION_TOO_OLD));
        assert_eq!(keys(&large, &[0], &[2], false), Ok(vec![vec![0], vec![1]]));
    }

    #[test]
    fn a_transaction_of_a_tenant_keeps_its_own_keys() {
        let timed = Timed::open("memory:");
        let create = timed.database.create_transaction();
        create.set_option(714, None).unwrap();
        create.set(b"\xff\xff/management/tenant/map/mine", b"");
        assert_eq!(create.commit().peek(), Some(&Ok(())));
        let tenant = timed.database.open_tenant(b"mine");
        let write = tenant.create_transaction();
        write.set(b"k", b"old");
        assert_eq!(write.commit().peek(), Some(&Ok(())));
        let transaction = tenant.create_transaction();
        assert_eq!(keys(&transaction, b"", b"\xff", false), Ok(vec![b"k".to_vec()]));
        let snapshot = timed.snapshot();
        timed.put(b"k", b"new");
        timed.pass(5_100);
        timed.put(b"k", b"newer");
        assert_eq!(snapshot.strong_count(), 0);
        assert_eq!(get(&transaction, b"k"), Ok(Some(b"old".to_vec())));
    }
}
