//! Adding and removing in a change, and asking for one tuple.

use super::store::VnStore;
use super::view::{ReadOptions, View};
use crate::Result;
use crate::client::Transaction;
use crate::stores::nstore::{self, Items};
use crate::tuple::{Element, Packer, TupleError, pack};
use futures_util::future::try_join3;
use uuid::Uuid;

impl VnStore {
    /// Has `change` add a tuple, with a value, and undoes its removal in the same change.
    ///
    /// Errors: `FOUND_VNSTORE_NO_CHANGE`; `FOUND_VNSTORE_APPLIED` if the change was applied before;
    /// `FOUND_VNSTORE_LIMIT`. Nothing is written then.
    pub async fn add(&self, tx: &Transaction, change: Uuid, items: &[Element], value: &[u8]) -> Result<()> {
        self.add_packed(tx, change, &pack(items)?, value).await
    }

    /// [`add`](Self::add) for a packed tuple.
    pub async fn add_packed(&self, tx: &Transaction, change: Uuid, items: &[u8], value: &[u8]) -> Result<()> {
        self.check_items(items)?;
        let row = row(items, change, true);
        self.tuples.check_limits(&Items::split(&row, self.width() + 2)?, value)?;
        let _turn = tx.turn().await;
        self.check_pending(tx, change).await?;
        nstore::add_packed(tx, &self.tuples, &row, value)?;
        nstore::remove_packed(tx, &self.tuples, &self::row(items, change, false))
    }

    /// Has `change` remove a tuple: true if it was alive, as seen with the change applied. Otherwise nothing is
    /// written. What only this change has added is as if it had not been.
    ///
    /// Errors: as for [`add`](Self::add).
    pub async fn remove(&self, tx: &Transaction, change: Uuid, items: &[Element]) -> Result<bool> {
        self.remove_packed(tx, change, &pack(items)?).await
    }

    /// [`remove`](Self::remove) for a packed tuple.
    pub async fn remove_packed(&self, tx: &Transaction, change: Uuid, items: &[u8]) -> Result<bool> {
        self.check_items(items)?;
        let _turn = tx.turn().await;
        self.check_pending(tx, change).await?;
        let view = View::bounded(self, tx, Uuid::max(), None, false);
        let own_row = |alive| nstore::get_packed(tx, &self.tuples, &row(items, change, alive));
        let (added, removed, before) = try_join3(own_row(true)?, own_row(false)?, view.deciding(items)).await?;
        let before = before.is_some_and(|touch| touch.alive);
        let alive = added.is_some() || (before && removed.is_none());
        if alive {
            nstore::remove_packed(tx, &self.tuples, &row(items, change, true))?;
            if before {
                nstore::add_packed(tx, &self.tuples, &row(items, change, false), b"")?;
            }
        }
        Ok(alive)
    }

    /// Whether a tuple is alive.
    pub async fn ask(&self, tx: &Transaction, items: &[Element], options: ReadOptions) -> Result<bool> {
        Ok(self.get(tx, items, options).await?.is_some())
    }

    /// The value of a tuple; nothing if it is not alive.
    pub async fn get(&self, tx: &Transaction, items: &[Element], options: ReadOptions) -> Result<Option<Vec<u8>>> {
        self.get_packed(tx, &pack(items)?, options).await
    }

    /// [`get`](Self::get) for a packed tuple.
    pub async fn get_packed(&self, tx: &Transaction, items: &[u8], options: ReadOptions) -> Result<Option<Vec<u8>>> {
        self.check_items(items)?;
        let view = View::of(self, tx, options).await?;
        let deciding = view.deciding(items).await?;
        Ok(deciding.filter(|touch| touch.alive).map(|touch| touch.value))
    }

    /// Refuses what is no tuple of this store. A versionstamp to come would make a tuple that its change cannot undo.
    pub(super) fn check_items(&self, items: &[u8]) -> Result<()> {
        match Items::split(items, self.width())?.stamp() {
            Some(_) => Err(TupleError::IncompleteVersionstamp.into()),
            None => Ok(()),
        }
    }
}

/// The row of the tuples' nstore: the items, the change, and whether it adds.
fn row(items: &[u8], change: Uuid, alive: bool) -> Vec<u8> {
    let mut row = Packer::with_prefix(items);
    row.uuid(&change).bool(alive);
    row.as_slice().to_vec()
}
