//! A database: what transactions are made of.
use crate::{Clock, Error, Future, Result, SystemClock, Tenant, Transaction};
use std::sync::Arc;

/// An embedded database; clones are handles on the same one.
#[derive(Clone)]
pub struct Database {}

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

impl Database {
    /// Opens `memory:`, `memory:NAME` or `file:PATH`.
    pub fn open(target: &str, options: OpenOptions) -> std::result::Result<Database, OpenError> {
        let _ = (target, options);
        todo!()
    }
    /// A database that could not be opened: every operation gives `error`; the special key
    /// `\xff\xff/found/open_error` reads as `message`.
    pub fn failed(error: Error, message: String) -> Database {
        let _ = (error, message);
        todo!()
    }
    /// A new transaction.
    pub fn create_transaction(&self) -> Transaction {
        todo!()
    }
    /// A handle on a tenant; its name is looked up now, and an unknown one shows in what the handle does (2131).
    pub fn open_tenant(&self, name: &[u8]) -> Tenant {
        let _ = name;
        todo!()
    }
    /// Sets a database option by its number: 2007 at once if there is no such option, any other error at the next
    /// operation.
    pub fn set_option(&self, code: i32, value: Option<&[u8]>) -> Result<()> {
        let _ = (code, value);
        todo!()
    }
    /// The client's status as JSON.
    pub fn client_status(&self) -> Future<Vec<u8>> {
        todo!()
    }
    /// The protocol version of the server; with `expected` not 0, when it differs from that, which it never does.
    pub fn server_protocol(&self, expected: u64) -> Future<u64> {
        let _ = expected;
        todo!()
    }
}
