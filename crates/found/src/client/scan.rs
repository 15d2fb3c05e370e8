//! Ranges too long for one transaction.
//!
//! - A scan reads page after page, each in a transaction young enough for it. Pages may come from different versions:
//!   **a scan is not a snapshot.** Each key that is there all the while comes exactly once; one that is written or
//!   cleared meanwhile comes or not, depending on where the scan is.
//! - It adds no read conflicts and writes nothing.
//! - It can go on elsewhere or later, from [`position`](Scan::position).

use super::{Database, KeySelector, Page, RangeOptions, StreamingMode, Transaction, TransactionOptions};
use super::{OptionValue, Settle};
use crate::{Error, Result};
use std::time::Duration;

/// How to scan.
#[derive(Clone, Debug)]
pub struct ScanOptions {
    /// At most so many rows; 0 is no limit.
    pub limit: usize,
    /// From the end backwards.
    pub reverse: bool,
    /// How large the pages are; by default as large as is good for throughput.
    pub mode: StreamingMode,
    /// Goes on behind this key, the last one that was seen.
    pub after: Option<Vec<u8>>,
    /// How long one of its transactions may live, which is also how long a page may take; 4 s by default. Longer than
    /// 5 s makes no sense: then the transaction is too old for FoundationDB.
    pub transaction_timeout: Duration,
}

impl Default for ScanOptions {
    fn default() -> Self {
        ScanOptions {
            limit: 0,
            reverse: false,
            mode: StreamingMode::WantAll,
            after: None,
            transaction_timeout: Duration::from_secs(4),
        }
    }
}

/// A scan under way.
pub struct Scan {
    database: Database,
    begin: Vec<u8>,
    end: Vec<u8>,
    options: ScanOptions,
    /// The transaction of the last page, if it may be good for another one, and how many pages it gave.
    transaction: Option<(Transaction, usize)>,
    done: bool,
}

impl Database {
    /// Scans the keys from `begin` up to `end`.
    pub fn scan(&self, begin: &[u8], end: &[u8], options: ScanOptions) -> Scan {
        let mut scan = Scan {
            database: self.clone(),
            begin: begin.to_vec(),
            end: end.to_vec(),
            done: false,
            transaction: None,
            options,
        };
        if let Some(after) = scan.options.after.clone() {
            scan.move_behind(&after);
        }
        scan
    }
}

impl Scan {
    /// The next page; nothing at the end. Errors that a new transaction can mend are not shown.
    pub async fn next_page(&mut self) -> Result<Option<Page>> {
        while !self.done {
            let (transaction, pages) = match self.transaction.take() {
                Some(transaction) => transaction,
                None => (self.begin_transaction()?, 0),
            };
            match self.read(&transaction, pages).await {
                Ok(page) => {
                    self.advance(&page);
                    if !self.done {
                        self.transaction = Some((transaction, pages + 1));
                    }
                    return Ok(Some(page));
                }
                // It has grown too old since its last page: too old for FoundationDB, or past our own timeout.
                Err(Error::Fdb { code: 1007 | 1031, .. }) if pages > 0 => {}
                Err(error) => {
                    retry(&transaction, error)?.await?;
                    self.transaction = Some((transaction, 0));
                }
            }
        }
        Ok(None)
    }

    /// The key of the last row that was handed out: [`ScanOptions::after`] of a scan that goes on from here.
    pub fn position(&self) -> Option<&[u8]> {
        self.options.after.as_deref()
    }

    /// Whether there is nothing left to read.
    pub fn is_done(&self) -> bool {
        self.done
    }

    fn begin_transaction(&self) -> Result<Transaction> {
        let transaction = self.database.transaction(TransactionOptions { snapshot: true })?;
        let timeout = i64::try_from(self.options.transaction_timeout.as_millis()).unwrap_or(i64::MAX);
        transaction.set_option_by_name("timeout", &OptionValue::Int(timeout.min(i32::MAX.into())))?;
        Ok(transaction)
    }

    fn read(&self, transaction: &Transaction, pages: usize) -> impl Future<Output = Result<Page>> + Send + use<> {
        let begin = KeySelector::first_greater_or_equal(&self.begin[..]);
        let end = KeySelector::first_greater_or_equal(&self.end[..]);
        let options = RangeOptions {
            limit: self.options.limit,
            mode: self.options.mode,
            reverse: self.options.reverse,
            ..RangeOptions::default()
        };
        transaction.get_range(&begin, &end, &options, pages + 1)
    }

    fn advance(&mut self, page: &Page) {
        let limited = self.options.limit > 0;
        self.options.limit = self.options.limit.saturating_sub(page.len());
        if let Some(key) = page.last_key() {
            self.move_behind(key);
            self.options.after = Some(key.to_vec());
        }
        self.done = page.is_empty() || !page.more() || (limited && self.options.limit == 0);
    }

    fn move_behind(&mut self, key: &[u8]) {
        if self.options.reverse {
            self.end = key.to_vec();
        } else {
            self.begin = [key, &[0]].concat();
        }
    }
}

fn retry(transaction: &Transaction, error: Error) -> Result<Settle> {
    match error.retry_code() {
        Some(code) => Ok(transaction.on_error(code)),
        None => Err(error),
    }
}
