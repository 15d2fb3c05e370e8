//! What has become of one tuple.

use super::store::VnStore;
use super::view::{Rank, ReadOptions, View};
use crate::client::Transaction;
use crate::tuple::{Element, pack};
use crate::{Error, Result};
use futures_util::stream::{StreamExt, TryStreamExt, iter};
use uuid::Uuid;

/// How many messages are read at a time.
const IN_FLIGHT: usize = 64;

/// A change that has touched a tuple.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The change.
    pub change: Uuid,
    /// Its significance; nothing for the pending change that was asked for.
    pub significance: Option<Uuid>,
    /// Its message.
    pub message: Option<String>,
    /// Whether it added the tuple, or removed it.
    pub alive: bool,
    /// The value that it gave the tuple.
    pub value: Vec<u8>,
}

impl VnStore {
    /// The changes that have touched a tuple, in the order they were applied.
    pub async fn history(&self, tx: &Transaction, items: &[Element], options: ReadOptions) -> Result<Vec<Event>> {
        self.history_packed(tx, &pack(items)?, options).await
    }

    /// [`history`](Self::history) for a packed tuple.
    pub async fn history_packed(&self, tx: &Transaction, items: &[u8], options: ReadOptions) -> Result<Vec<Event>> {
        self.check_items(items)?;
        let view = View::of(self, tx, options).await?;
        let mut ranked = view.all(items).await?;
        ranked.sort_by_key(|(rank, touch)| (*rank, touch.alive));
        let events = iter(ranked).map(|(rank, touch)| async move {
            Ok::<_, Error>(Event {
                change: touch.change,
                significance: match rank {
                    Rank::Applied(significance) => Some(significance),
                    Rank::Pending => None,
                },
                message: self.message_of(tx, touch.change).await?,
                alive: touch.alive,
                value: touch.value,
            })
        });
        events.buffered(IN_FLIGHT).try_collect().await
    }
}
