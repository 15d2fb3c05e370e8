//! What a vnstore is, and where its keys are.

use super::significance;
use crate::stores::StoreError;
use crate::stores::nstore::{COLUMNS_MAX, Labels, NStore};
use crate::stores::uids::Uids;
use crate::tuple::{Element, Packer};
use crate::{Error, Result};
use std::ops::Deref;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// The most columns: two more are needed for the change and whether it added or removed.
pub const ITEMS_MAX: usize = COLUMNS_MAX - 2;

static LABELS: Labels = Labels { kind: "vnstore", limit: "FOUND_VNSTORE_LIMIT", foreign: "FOUND_VNSTORE_FOREIGN_KEY" };

/// Milliseconds since 1970.
type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// A store of tuples with a history; clones are the same. Making one touches no database.
#[derive(Clone)]
pub struct VnStore(Arc<Parts>);

/// What a store is made of, which all its clones share.
#[derive(Clone)]
pub struct Parts {
    name: String,
    items: Vec<String>,
    pub(super) changes: NStore,
    pub(super) tuples: NStore,
    /// What the keys begin with that say how far things were when a change was created.
    bases: Vec<u8>,
    pub(super) uids: Uids,
    clock: Clock,
    significances: Option<Uids>,
}

impl Deref for VnStore {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl VnStore {
    /// A store called `name`, for messages, whose keys begin with the tuple `prefix`, of tuples with a column for each
    /// of `items`: 1 to [`ITEMS_MAX`] names that differ.
    pub fn make(name: &str, prefix: &[Element], items: &[&str]) -> Result<VnStore> {
        if !(1..=ITEMS_MAX).contains(&items.len()) {
            let message = format!("expected the names of 1 to {ITEMS_MAX} columns, got {}", items.len());
            return Err(Error::argument("items", message));
        }
        if let Some(again) = (1..items.len()).find(|&at| items[..at].contains(&items[at])) {
            return Err(Error::argument("items", format!("the name {:?} is there twice", items[again])));
        }
        let part = |part: &str| [prefix, &[part.into()]].concat();
        let mut bases = Packer::new();
        bases.elements(&part("bases"))?;
        Ok(VnStore::of(Parts {
            name: name.to_owned(),
            items: items.iter().map(|&item| item.to_owned()).collect(),
            changes: NStore::labelled(&LABELS, name, &part("changes"), 3)?,
            tuples: NStore::labelled(&LABELS, name, &part("tuples"), items.len() + 2)?,
            bases: bases.finish()?,
            uids: Uids::default(),
            clock: Arc::new(system_clock),
            significances: None,
        }))
    }

    fn of(parts: Parts) -> VnStore {
        VnStore(Arc::new(parts))
    }

    fn parts(self) -> Parts {
        Arc::unwrap_or_clone(self.0)
    }

    /// The same store, with uids of the caller's making for changes: for tests, which must know them.
    pub fn with_uids(self, make: impl Fn() -> Uuid + Send + Sync + 'static) -> VnStore {
        VnStore::of(Parts { uids: Uids::from_fn(make), ..self.parts() })
    }

    /// The same store, with a clock (milliseconds since 1970) of the caller's making: for tests, whose clock goes back.
    pub fn with_clock(self, clock: impl Fn() -> u64 + Send + Sync + 'static) -> VnStore {
        VnStore::of(Parts { clock: Arc::new(clock), ..self.parts() })
    }

    /// The same store, with significances of the caller's making: for tests, which must know them. One that is not
    /// greater than the last is not used.
    pub fn with_significances(self, make: impl Fn() -> Uuid + Send + Sync + 'static) -> VnStore {
        VnStore::of(Parts { significances: Some(Uids::from_fn(make)), ..self.parts() })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of the columns.
    pub fn items(&self) -> &[String] {
        &self.items
    }

    /// How many items a tuple has.
    pub(super) fn width(&self) -> usize {
        self.items.len()
    }

    pub(super) fn now(&self) -> u64 {
        (self.clock)()
    }

    /// A significance for now, greater than the last. Nothing if there is no greater one.
    pub(super) fn next_significance(&self, last: Option<Uuid>) -> Option<Uuid> {
        match (&self.significances, last) {
            (None, last) => significance::after(last, self.now()),
            (Some(make), None) => Some(make.next()),
            (Some(make), Some(last)) => {
                Some(make.next()).filter(|next| *next > last).or_else(|| significance::successor(last))
            }
        }
    }

    pub(super) fn base_key(&self, change: Uuid) -> Vec<u8> {
        let mut key = Packer::with_prefix(&self.bases[..]);
        key.uuid(&change);
        key.as_slice().to_vec()
    }

    pub(super) fn refuse(&self, code: &'static str, what: impl std::fmt::Display) -> StoreError {
        StoreError::new(code, format!("vnstore {}: {what}", self.name))
    }
}

fn system_clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
