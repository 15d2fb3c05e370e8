//! Changes: creating them, and what is known of them.

use super::store::VnStore;
use crate::client::{Page, Range, StreamingMode, Transaction};
use crate::stores::nstore::{self, Query, QueryOptions, Term, equal_to};
use crate::tuple::{Element, Event, Packer, Reader, unpack};
use crate::{Error, Result};
use futures_util::future::try_join;
use uuid::Uuid;

pub(super) const TYPE: &str = "type";
pub(super) const CHANGE: &str = "change";
pub(super) const SIGNIFICANCE: &str = "significance";
pub(super) const MESSAGE: &str = "message";

pub(super) const NO_CHANGE: &str = "FOUND_VNSTORE_NO_CHANGE";
pub(super) const APPLIED: &str = "FOUND_VNSTORE_APPLIED";

/// What is known of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its id.
    pub uid: Uuid,
    /// Its place in the order of applied changes; nothing while it is pending.
    pub significance: Option<Uuid>,
    /// What was said of it.
    pub message: Option<String>,
}

impl VnStore {
    /// Creates a change and gives its id. It is pending until [`apply`](Self::apply).
    pub async fn create(&self, tx: &Transaction) -> Result<Uuid> {
        // A snapshot read, as changes are created without regard to each other. What is applied after it was read
        // counts as applied since, also if that was a moment before.
        let base = self.last_significance(tx, true).await?;
        let change = self.uids.next();
        let id = || Element::Uuid(change);
        nstore::add(tx, &self.changes, &[id(), TYPE.into(), CHANGE.into()], b"")?;
        nstore::add(tx, &self.changes, &[id(), SIGNIFICANCE.into(), Element::Null], b"")?;
        nstore::add(tx, &self.changes, &[id(), MESSAGE.into(), Element::Null], b"")?;
        let mut value = Packer::new();
        match base {
            Some(base) => value.uuid(&base),
            None => value.null(),
        };
        tx.set(&self.base_key(change), value.as_slice())?;
        Ok(change)
    }

    /// What is known of a change; nothing if there is none of that id.
    pub async fn change(&self, tx: &Transaction, change: Uuid) -> Result<Option<Change>> {
        if !self.exists(tx, change).await? {
            return Ok(None);
        }
        let (significance, message) = try_join(self.significance(tx, change, false), self.message(tx, change)).await?;
        Ok(Some(Change { uid: change, significance, message }))
    }

    /// All changes: those that are pending, then the applied ones in their order. The slots of a row are the id, the
    /// significance and the message.
    pub fn list(&self, tx: &Transaction) -> Result<Query> {
        let about = |what: &str, value: Term| vec![Term::var("uid"), Term::value(what), value];
        let patterns = [
            about(SIGNIFICANCE, Term::var("significance")),
            about(TYPE, Term::value(CHANGE)),
            about(MESSAGE, Term::var("message")),
        ];
        nstore::query(tx, &self.changes, &patterns, QueryOptions::default())
    }

    /// What a change does, applied or not: a row for each tuple it touches, of the tuple's items and whether it adds it.
    pub fn content(&self, tx: &Transaction, change: Uuid) -> Result<Query> {
        let columns = (0..self.width()).map(|column| Term::var(format!("{column}")));
        let pattern: Vec<Term> = columns.chain([Term::Value(Element::Uuid(change)), Term::var("alive")]).collect();
        nstore::query(tx, &self.tuples, &[pattern], QueryOptions::default())
    }

    /// Replaces the message of a change.
    ///
    /// Errors: `FOUND_VNSTORE_NO_CHANGE`.
    pub async fn set_message(&self, tx: &Transaction, change: Uuid, message: Option<&str>) -> Result<()> {
        let _turn = tx.turn().await;
        if !self.exists(tx, change).await? {
            return Err(self.no_change(change));
        }
        let message = message.map_or(Element::Null, Element::from);
        let before = self.values(tx, change, MESSAGE, false).await?;
        let row = |value: Element| [Element::Uuid(change), MESSAGE.into(), value];
        nstore::add(tx, &self.changes, &row(message.clone()), b"")?;
        for value in before {
            let value = unpack(&value)?.pop().unwrap_or(Element::Null);
            if value != message {
                nstore::remove(tx, &self.changes, &row(value))?;
            }
        }
        Ok(())
    }

    pub(super) async fn exists(&self, tx: &Transaction, change: Uuid) -> Result<bool> {
        let row = [Element::Uuid(change), TYPE.into(), CHANGE.into()];
        Ok(nstore::get(tx, &self.changes, &row).await?.is_some())
    }

    /// Refuses a change that takes no more additions, or is none.
    pub(super) async fn check_pending(&self, tx: &Transaction, change: Uuid) -> Result<()> {
        // Reading the row that an apply removes makes the two conflict.
        let row = [Element::Uuid(change), SIGNIFICANCE.into(), Element::Null];
        if nstore::get(tx, &self.changes, &row).await?.is_some() {
            return Ok(());
        }
        if !self.exists(tx, change).await? {
            return Err(self.no_change(change));
        }
        Err(self.refuse(APPLIED, format!("the change {change} was applied and stays what it is")).into())
    }

    /// The significance of a change; nothing if it is pending or is none.
    pub(super) async fn significance(&self, tx: &Transaction, change: Uuid, snapshot: bool) -> Result<Option<Uuid>> {
        let (range, skip) = self.significance_rows(tx, change, snapshot);
        let first = range.read();
        VnStore::greatest_significance(range, first.await?, skip).await
    }

    /// The rows of a change's significance, and where the significance begins in their keys.
    pub(super) fn significance_rows(&self, tx: &Transaction, change: Uuid, snapshot: bool) -> (Range, usize) {
        self.attribute(tx, change, SIGNIFICANCE, snapshot)
    }

    /// The greatest significance of a range of such rows, of which the first page was read.
    pub(super) async fn greatest_significance(mut range: Range, first: Page, skip: usize) -> Result<Option<Uuid>> {
        let mut greatest = None;
        range.advance(&first);
        let mut next = Some(first);
        while let Some(page) = next {
            for (row, _) in page.iter() {
                if let Some(Ok(Event::Uuid(significance))) = Reader::new(&row[skip..]).next() {
                    greatest = greatest.max(Some(significance));
                }
            }
            next = range.next_page().await?;
        }
        Ok(greatest)
    }

    async fn message(&self, tx: &Transaction, change: Uuid) -> Result<Option<String>> {
        let values = self.values(tx, change, MESSAGE, false).await?;
        for value in &values {
            if let Some(Ok(Event::String(message))) = Reader::new(value).next() {
                return Ok(Some(message.into_owned()));
            }
        }
        Ok(None)
    }

    pub(super) async fn message_of(&self, tx: &Transaction, change: Uuid) -> Result<Option<String>> {
        self.message(tx, change).await
    }

    /// The packed values of one attribute of a change: one, or none if there is no such change.
    async fn values(&self, tx: &Transaction, change: Uuid, attribute: &str, snapshot: bool) -> Result<Vec<Vec<u8>>> {
        let (mut range, skip) = self.attribute(tx, change, attribute, snapshot);
        let mut values = Vec::new();
        while let Some(page) = range.next_page().await? {
            values.extend(page.iter().map(|(row, _)| row[skip..].to_vec()));
        }
        Ok(values)
    }

    /// The rows of one attribute of a change, and where its value begins in their keys.
    fn attribute(&self, tx: &Transaction, change: Uuid, attribute: &str, snapshot: bool) -> (Range, usize) {
        let mut key = Packer::with_prefix(self.changes.prefix_of(0));
        key.uuid(&change).string(attribute);
        let range = equal_to(tx, key.as_slice(), snapshot, StreamingMode::WantAll, 0);
        (range, key.as_slice().len())
    }

    pub(super) fn no_change(&self, change: Uuid) -> Error {
        self.refuse(NO_CHANGE, format!("there is no change {change}")).into()
    }
}
