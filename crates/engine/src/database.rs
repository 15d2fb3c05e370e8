//! A database handle: what transactions are made of.
//!
//! A handle has options and a count of watches; several may share one [`Core`]. One that could not be opened is a
//! handle too, all of whose operations give the error: that is how FoundationDB's C API behaves.

use crate::core::Core;
use crate::error::{Error, Result};
use crate::future::{Future, Promise};
use crate::limits::{WATCHES, WATCHES_MAX};
use crate::option_codes::{DatabaseOption, TransactionOption, integer_option, no_value};
use crate::registry;
use crate::status;
use crate::{Clock, SystemClock, Tenant, Transaction};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What `fdb_database_get_server_protocol` gives: the protocol of 7.3 (`flow/ProtocolVersions.cmake`).
pub const PROTOCOL_VERSION: u64 = 0x0FDB_00B0_7300_0000;

/// A handle on an embedded database. Clones are the same handle: they share its options and its count of watches.
///
/// A file stays open, and locked against other processes, until the last handle and the last transaction on it are
/// gone.
#[derive(Clone, Debug)]
pub struct Database(Arc<Handle>);

struct Handle {
    backing: Backing,
    api_version: i32,
    options: Mutex<HandleOptions>,
    watches: Arc<AtomicI64>,
    /// Who waits for another protocol version: for ever, or until the wait is cancelled.
    protocol_waiters: Mutex<Vec<Promise<u64>>>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        let waiting = self.protocol_waiters.get_mut().unwrap_or_else(PoisonError::into_inner);
        for waiter in std::mem::take(waiting) {
            waiter.complete(Err(Error::OPERATION_CANCELLED));
        }
    }
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.backing)
    }
}

#[derive(Debug)]
enum Backing {
    Open(Arc<Core>),
    Failed(OpenError),
}

/// Options of a database handle: the defaults of its transactions.
#[derive(Clone, Debug)]
pub(crate) struct HandleOptions {
    pub(crate) transaction_defaults: Vec<(TransactionOption, Option<Vec<u8>>)>,
    pub(crate) snapshot_ryw: i32,
    pub(crate) max_watches: i64,
    /// A database option that was given a wrong value: every later operation fails with it.
    pub(crate) deferred: Option<Error>,
}

/// How to open a database.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// The FoundationDB API version whose behaviour the handle shows: 520 to 730.
    pub api_version: i32,
    /// Where versions and timeouts take the time from; the operating system's clock by default.
    pub clock: Arc<dyn Clock>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        OpenOptions { api_version: 730, clock: Arc::new(SystemClock) }
    }
}

/// Why a database could not be opened.
#[derive(Clone, Debug)]
pub struct OpenError {
    /// The FoundationDB error closest to it.
    pub error: Error,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl Database {
    /// Opens a database:
    ///
    /// - `memory:` a new one in memory, private to this handle and its clones;
    /// - `memory:NAME` the one in memory of that name, shared by the whole process while any handle on it lives;
    /// - `file:PATH` the durable one in that file, made if it is absent. One process at a time may open a file; within
    ///   it all handles share one database.
    pub fn open(target: &str, options: OpenOptions) -> std::result::Result<Database, OpenError> {
        let core = registry::open(target, &options)?;
        Ok(Database::of(Backing::Open(core), options.api_version))
    }

    /// A database that could not be opened: every operation gives `error`, and the special key
    /// `\xff\xff/found/open_error` reads as `message`. This is how a C client, which gets only a number from each call,
    /// can be told more.
    pub fn failed(error: Error, message: String) -> Database {
        Database::of(Backing::Failed(OpenError { error, message }), OpenOptions::default().api_version)
    }

    fn of(backing: Backing, api_version: i32) -> Database {
        Database(Arc::new(Handle {
            backing,
            api_version,
            options: Mutex::new(HandleOptions {
                transaction_defaults: Vec::new(),
                snapshot_ryw: 1,
                max_watches: WATCHES,
                deferred: None,
            }),
            watches: Arc::new(AtomicI64::new(0)),
            protocol_waiters: Mutex::default(),
        }))
    }

    /// A new transaction.
    pub fn create_transaction(&self) -> Transaction {
        Transaction::new(self.clone(), None)
    }

    /// A handle on a tenant. Its name is looked up now; one that does not exist shows in what the handle does (2131),
    /// also when it is made later: open it again then.
    pub fn open_tenant(&self, name: &[u8]) -> Tenant {
        Tenant::open(self.clone(), name)
    }

    /// Sets a database option by its number in `fdb.options`. `invalid_option` (2007) at once if there is no such
    /// option; a wrong value shows at every later operation (2006).
    pub fn set_option(&self, code: i32, value: Option<&[u8]>) -> Result<()> {
        let option = DatabaseOption::from_code(code).ok_or(Error::INVALID_OPTION)?;
        let mut options = self.lock_options();
        if options.deferred.is_none()
            && let Err(error) = options.apply(option, value)
        {
            options.deferred = Some(error);
        }
        Ok(())
    }

    /// What the client knows of its connection, as JSON (`fdb_database_get_client_status`).
    pub fn client_status(&self) -> Future<Vec<u8>> {
        Future::ready(self.core().map(|core| status::client(core).into_bytes()))
    }

    /// The protocol version of the server. With `expected` not zero it is told once it differs from that; the version
    /// of an embedded database never changes.
    pub fn server_protocol(&self, expected: u64) -> Future<u64> {
        if let Err(error) = self.core() {
            return Future::ready(Err(error));
        }
        if expected != 0 && expected == PROTOCOL_VERSION {
            let (promise, future) = Promise::new();
            let mut waiting = self.0.protocol_waiters.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.retain(|waiter| !waiter.is_complete());
            waiting.push(promise);
            return future;
        }
        Future::ready(Ok(PROTOCOL_VERSION))
    }

    /// The database behind the handle, or why there is none.
    pub(crate) fn core(&self) -> Result<&Arc<Core>> {
        match &self.0.backing {
            Backing::Open(core) => Ok(core),
            Backing::Failed(failure) => Err(failure.error),
        }
    }

    pub(crate) fn open_error(&self) -> Option<&OpenError> {
        match &self.0.backing {
            Backing::Open(_) => None,
            Backing::Failed(failure) => Some(failure),
        }
    }

    pub(crate) fn api_version(&self) -> i32 {
        self.0.api_version
    }

    fn lock_options(&self) -> MutexGuard<'_, HandleOptions> {
        self.0.options.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn options(&self) -> HandleOptions {
        self.lock_options().clone()
    }

    pub(crate) fn deferred_error(&self) -> Option<Error> {
        self.lock_options().deferred
    }

    /// Takes a place among the watches of the handle, which the returned value gives back.
    pub(crate) fn take_watch(&self) -> Result<WatchPlace> {
        let most = self.lock_options().max_watches;
        let place = WatchPlace(self.0.watches.clone());
        // The place counts from here, and is given back by its drop if there are too many.
        if place.0.fetch_add(1, Ordering::SeqCst) >= most { Err(Error::TOO_MANY_WATCHES) } else { Ok(place) }
    }
}

/// One of the watches that a handle may have outstanding.
pub(crate) struct WatchPlace(Arc<AtomicI64>);

impl Drop for WatchPlace {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl HandleOptions {
    fn apply(&mut self, option: DatabaseOption, value: Option<&[u8]>) -> Result<()> {
        match option {
            DatabaseOption::MaxWatches => self.max_watches = integer_option(value, 0, WATCHES_MAX)?,
            DatabaseOption::SnapshotRywEnable => {
                no_value(value)?;
                self.snapshot_ryw += 1;
            }
            DatabaseOption::SnapshotRywDisable => {
                no_value(value)?;
                self.snapshot_ryw -= 1;
            }
            DatabaseOption::Default(option) => {
                option.check(value)?;
                self.transaction_defaults.retain(|(other, _)| *other != option);
                self.transaction_defaults.push((option, value.map(<[u8]>::to_vec)));
            }
            DatabaseOption::NoEffect(10) => drop(integer_option(value, 0, i64::from(i32::MAX))?),
            DatabaseOption::NoEffect(900) => drop(integer_option(value, 0, 100)?),
            // Names may be anything.
            DatabaseOption::NoEffect(21 | 22) => {}
            DatabaseOption::NoEffect(_) => no_value(value)?,
        }
        Ok(())
    }
}
