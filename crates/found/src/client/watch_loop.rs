//! The values of a key, one after the other, as they change.

use super::{Database, RunOptions, Watch};
use crate::{Error, Result};

/// Follows a key: [`next`](Self::next) gives its value, then each value it sees that differs from the last one.
///
/// Values that come and go while nobody waits are not seen; the newest one always is. Dropping it gives its watch up.
pub struct WatchLoop {
    database: Database,
    key: Vec<u8>,
    watch: Option<Watch>,
    last: Option<Option<Vec<u8>>>,
}

impl Database {
    /// Follows `key`.
    pub fn watch_loop(&self, key: &[u8]) -> WatchLoop {
        WatchLoop { database: self.clone(), key: key.to_vec(), watch: None, last: None }
    }
}

impl WatchLoop {
    /// The value at first, then the next one that differs; `None` stands for a key that is absent. Errors that may go
    /// away are tried again. It may be dropped and called again; nothing is missed by that.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        loop {
            if let Some(watch) = &mut self.watch {
                let fired = watch.await;
                self.watch = None;
                match fired {
                    Err(error) if !error.is_retryable() => return Err(error),
                    _ => {}
                }
            }
            let key = &self.key;
            // Value and watch come from one transaction, so that no change can fall between them.
            let (value, watch) = self
                .database
                .transactional::<_, Error, _>(&RunOptions::default(), |tx| async move {
                    let value = tx.get(key, false).await?.map(|value| value.to_vec());
                    Ok((value, tx.watch(key)?))
                })
                .await?;
            self.watch = Some(watch);
            if self.last.as_ref() != Some(&value) {
                self.last = Some(value.clone());
                return Ok(value);
            }
        }
    }
}
