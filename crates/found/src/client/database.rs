//! A database: opening, closing, and what transactions are made of.
//!
//! - Nothing that a handle or a future holds keeps the database itself open once it is closed: transactions and
//!   watches are listed here and give up what they hold. An embedded database's file is free when
//!   [`close`](Database::close) returns.
//! - Dropping the last handle does not close what still runs: a transaction or watch under way goes on. The last of them
//!   closes an embedded database on a thread of its own, as whoever drops may be one that must not block; whoever opens its
//!   file in this process meanwhile waits for the end of that.

use super::hooks::Hooks;
use super::option_tables::{DATABASE_OPTIONS, database_option};
use super::options::{OptionInfo, OptionValue};
use super::registry::Registry;
use super::transaction::{Transaction, TransactionOptions, Value};
use super::{block, network};
use crate::error::text_of_code;
use crate::{Error, Result};
use foundationdb as fdb;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Reads as the reason where a database could not be opened. A real cluster has no such key and says so (2113).
const OPEN_ERROR: &[u8] = b"\xff\xff/found/open_error";

/// Reads as what the storage of an embedded database said when it last failed a commit.
const STORAGE_ERROR: &[u8] = b"\xff\xff/found/storage_error";

/// No module of the special keys holds the key that was read.
const SPECIAL_KEYS_NO_MODULE_FOUND: i32 = 2113;

const TIMED_OUT: i32 = 1031;
const INTERNAL_ERROR: i32 = 4100;

/// Names the database where no target is given.
const CLUSTER_FILE_VARIABLE: &str = "FDB_CLUSTER_FILE";

/// How long opening a cluster looks for a reason why it cannot be. The reasons are known to the client library
/// without the network, so this is only for one that does not answer at all; its own timeouts may not answer either.
const OPEN_CHECK: Duration = Duration::from_secs(1);

/// How long [`Database::close`] waits for a commit: far longer than a sync takes.
const CLOSE_PATIENCE: Duration = Duration::from_secs(10);

/// A database; clones are handles on the same one.
#[derive(Clone)]
pub struct Database {
    inner: Arc<DatabaseInner>,
}

pub(super) struct DatabaseInner {
    /// Nothing once closed.
    handle: Mutex<Option<fdb::Database>>,
    embedded: bool,
    /// What it was opened as, for messages.
    name: String,
    /// Whether it has ever answered.
    heard: AtomicBool,
    /// When a cluster that has not answered yet was first waited for.
    first_asked: Mutex<Option<Instant>>,
    /// The open transactions and watches.
    pub(super) live: Registry,
    report_conflicts: AtomicBool,
    hooks: Hooks,
}

impl Database {
    /// Opens a database: `memory:`, `memory:NAME` or `file:PATH` for an embedded one, a path for a cluster file; left
    /// out, the cluster of `FDB_CLUSTER_FILE`, `./fdb.cluster` or the system's own.
    ///
    /// A cluster that cannot be reached opens all the same; its operations wait, or time out. What can be told
    /// without the network is told here, as [`Error::Open`]: a cluster file that is missing or makes no sense, a
    /// client library that is missing or too old, a database file that is locked, foreign or damaged.
    pub async fn open(target: Option<&str>) -> Result<Database> {
        if target.is_some_and(|target| target.contains('\0')) {
            return Err(Error::argument("target", "contains a NUL character"));
        }
        let embedded = match target.filter(|target| !target.is_empty()) {
            Some(target) => is_embedded(target),
            None => std::env::var(CLUSTER_FILE_VARIABLE).is_ok_and(|target| is_embedded(&target)),
        };
        network::ensure(!embedded)?;
        let handle = create(target).await.map_err(|error| Error::Open {
            code: error.code(),
            message: format!("cannot open {}: {}", name(target), text_of_code(error.code())),
        })?;
        let database = Database {
            inner: Arc::new(DatabaseInner {
                handle: Mutex::new(Some(handle)),
                embedded,
                name: name(target),
                heard: AtomicBool::new(false),
                first_asked: Mutex::default(),
                live: Registry::default(),
                report_conflicts: AtomicBool::new(false),
                hooks: Hooks::default(),
            }),
        };
        let checked = block::within(Box::pin(database.check_open(target)), OPEN_CHECK).await;
        // What was asked here says nothing of the cluster.
        *database.inner.first_asked() = None;
        match checked {
            Some(Err(error)) => Err(error),
            Some(Ok(())) | None => Ok(database),
        }
    }

    async fn check_open(&self, target: Option<&str>) -> Result<()> {
        let transaction = self.transaction(TransactionOptions::default())?;
        let (code, message) = match transaction.get(OPEN_ERROR, true).await {
            Ok(None) | Err(Error::Fdb { code: SPECIAL_KEYS_NO_MODULE_FOUND, .. }) => return Ok(()),
            Ok(Some(message)) => {
                // The reason is text for people; the code comes from any other operation.
                let code = transaction.read_version().await.err().and_then(|error| error.errno()).unwrap_or(4000);
                (code, String::from_utf8_lossy(&message).into_owned())
            }
            Err(error) => {
                let code = error.errno().unwrap_or(4000);
                (code, format!("cannot open {}: {}", name(target), text_of_code(code)))
            }
        };
        Err(Error::Open { code, message })
    }

    /// A new transaction.
    pub fn transaction(&self, options: TransactionOptions) -> Result<Transaction> {
        // Listed under the lock: a transaction is either made before a close, and ended by it, or refused.
        let handle = self.inner.lock();
        let transaction = handle.as_ref().ok_or(Error::Closed)?.create_trx()?;
        Ok(Transaction::new(transaction, self.inner.clone(), options))
    }

    /// Sets a database option by its name in `fdb.options`. Defaults for transactions hold for those made or reset
    /// afterwards.
    pub fn set_option_by_name(&self, name: &str, value: &OptionValue) -> Result<()> {
        self.set_option(OptionInfo::by_name(DATABASE_OPTIONS, name)?, value)
    }

    /// Sets a database option by its number, its value in the C API's form.
    pub fn set_option_by_code(&self, code: i32, value: Option<&[u8]>) -> Result<()> {
        let info = OptionInfo::by_code(DATABASE_OPTIONS, code)?;
        self.set_option(info, &info.decode(value)?)
    }

    fn set_option(&self, info: &'static OptionInfo, value: &OptionValue) -> Result<()> {
        info.encode(value)?;
        let option = database_option(info.name, value)?
            .ok_or_else(|| Error::fdb(2007).with_context(format!("database option {}", info.name)))?;
        self.inner.lock().as_ref().ok_or(Error::Closed)?.set_option(option)?;
        if info.name == "transaction_report_conflicting_keys" {
            self.inner.report_conflicts.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// The client library's view of the database, as JSON.
    pub fn client_status(&self) -> Result<impl Future<Output = Result<Value>> + Send + use<>> {
        let status = self.inner.lock().as_ref().ok_or(Error::Closed)?.get_client_status();
        Ok(async move { Ok(status.await?) })
    }

    /// What to run at the beginning of, in and after each transaction of [`transactional`](Self::transactional).
    pub fn hooks(&self) -> &Hooks {
        &self.inner.hooks
    }

    /// The error of a transaction that has taken too long (1031); it says so if the cluster has not answered at all yet.
    pub fn timeout_error(&self) -> Error {
        self.inner.error(TIMED_OUT)
    }

    /// How long a cluster has been waited for that has never answered: zero if it was not asked anything yet. Nothing once
    /// it has answered, and of an embedded database.
    pub fn silence(&self) -> Option<Duration> {
        let inner = &self.inner;
        let silent = !inner.embedded && !inner.heard.load(Ordering::Relaxed);
        silent.then(|| inner.first_asked().map_or(Duration::ZERO, |since| since.elapsed()))
    }

    /// How many transactions and watches are open: for tests and for finding leaks.
    pub fn open_handles(&self) -> usize {
        self.inner.live.len()
    }

    /// Whether [`close`](Self::close) was called on any handle.
    pub fn is_closed(&self) -> bool {
        self.inner.lock().is_none()
    }

    /// Closes the database: its transactions and watches end (whoever waits for them gets 1025), all later calls give
    /// [`Error::Closed`], and an embedded database's file is free again. Closing twice does nothing.
    ///
    /// Commits under way in an embedded database are waited for, on the calling thread, and keep their result; in a
    /// cluster they end like everything else and may have happened.
    pub fn close(&self) {
        let handle = self.inner.lock().take();
        for finish in self.inner.live.close_all() {
            block::wait(finish, CLOSE_PATIENCE);
        }
        drop(handle);
    }

    /// As [`close`](Self::close), without blocking: the database is closed when this returns, and its file free when
    /// the future is done.
    pub fn close_aside(&self) -> impl Future<Output = ()> + Send + use<> {
        let handle = self.inner.lock().take();
        let finishes = self.inner.live.close_all();
        let embedded = self.inner.embedded;
        async move {
            for finish in finishes {
                finish.await;
            }
            if let Some(handle) = handle.filter(|_| embedded) {
                let_go(handle).await;
            }
        }
    }
}

/// Blocks until the databases that were dropped without [`close`](Database::close) are closed, or for so long: for the end
/// of a process or thread that owned some. What was committed is safe without it; such a file only opens faster.
pub fn settle_closings(patience: Duration) {
    block::settle_asides(patience);
}

/// Drops what may be the last handle of an embedded database, which has a file to write to the end, or a map to take apart:
/// on a thread of its own. The future is done when that is.
fn let_go(handle: fdb::Database) -> impl Future<Output = ()> + Send {
    block::aside(move || drop(handle))
}

impl Drop for DatabaseInner {
    fn drop(&mut self) {
        let handle = self.handle.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(handle) = handle.filter(|_| self.embedded) {
            drop(let_go(handle));
        }
    }
}

impl DatabaseInner {
    /// A transaction of the library's, for one of ours that has lost its own.
    pub(super) fn create(&self) -> Result<fdb::Transaction> {
        Ok(self.lock().as_ref().ok_or(Error::Closed)?.create_trx()?)
    }

    fn first_asked(&self) -> MutexGuard<'_, Option<Instant>> {
        self.first_asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An answer is waited for.
    pub(super) fn ask(&self) {
        if !self.embedded && !self.heard.load(Ordering::Relaxed) {
            self.first_asked().get_or_insert_with(Instant::now);
        }
    }

    /// An answer has come.
    pub(super) fn hear(&self) {
        // Most often it is known, and a look costs other threads nothing.
        if !self.heard.load(Ordering::Relaxed) {
            self.heard.store(true, Ordering::Relaxed);
        }
    }

    /// The error of a code. That a cluster does not answer is most often a matter of where it is.
    pub(super) fn error(&self, code: i32) -> Error {
        let error = Error::fdb(code);
        if code != TIMED_OUT || self.embedded || self.heard.load(Ordering::Relaxed) {
            return error;
        }
        error.with_context(format!(
            "{} has not answered yet: is the cluster running and reachable, and is its cluster file right?",
            self.name
        ))
    }

    /// What the storage of an embedded database said when it last failed a commit.
    pub(super) async fn storage_error(&self) -> Option<String> {
        let transaction = self.create().ok()?;
        let message = transaction.get(STORAGE_ERROR, true).await.ok()??;
        Some(String::from_utf8_lossy(&message).into_owned())
    }

    /// Whether the database was opened as an embedded one.
    pub(super) fn is_embedded(&self) -> bool {
        self.embedded
    }

    pub(super) fn report_conflicts(&self) -> bool {
        self.report_conflicts.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Option<fdb::Database>> {
        self.handle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The library's database. A file is opened on a thread of its own: it may have to be read through, or be waited for.
async fn create(target: Option<&str>) -> fdb::FdbResult<fdb::Database> {
    let named = target.filter(|target| !target.is_empty()).map(str::to_owned);
    let variable = || std::env::var(CLUSTER_FILE_VARIABLE).ok();
    if !named.clone().or_else(variable).is_some_and(|target| target.starts_with("file:")) {
        return fdb::Database::new(target);
    }
    let open = move || fdb::Database::new(named.as_deref());
    block::given_aside(open).await.unwrap_or_else(|| Err(fdb::FdbError::from_code(INTERNAL_ERROR)))
}

/// Whether a target needs no network. The library decides what it opens; this only decides what to start for it.
fn is_embedded(target: &str) -> bool {
    target.starts_with("memory:") || target.starts_with("file:")
}

fn name(target: Option<&str>) -> String {
    target.map_or_else(|| "the default cluster".to_owned(), |target| format!("{target:?}"))
}
