//! Finding and clearing what interrupted uploads have left.

use super::BStore;
use crate::client::{Database, RunOptions, ScanOptions, Transaction};
use crate::tuple::{Element, unpack};
use crate::{Error, Result};
use std::time::Duration;
use uuid::Uuid;

impl BStore {
    /// Clears the uploads that were not heard of for so long, and says how many they were.
    ///
    /// Time is told by the database's versions, of which there are 1,000,000 a second, so that the clocks of programs
    /// do not matter; while an embedded database is closed, its versions stand still. An upload that is swept although
    /// it goes on fails with `FOUND_BSTORE_SWEPT`.
    pub async fn sweep(&self, database: &Database, older_than: Duration) -> Result<u64> {
        let age = i64::try_from(older_than.as_micros()).unwrap_or(i64::MAX);
        let (begin, end) = self.uploads.range();
        let mut scan = database.scan(&begin, &end, ScanOptions::default());
        let mut swept = 0;
        while let Some(page) = scan.next_page().await? {
            for (key, _) in page.iter() {
                let uid = match &self.uploads.unpack(key)?[..] {
                    [Element::Uuid(uid)] => *uid,
                    _ => return Err(self.damaged("the mark of an upload has no uid".to_owned())),
                };
                let body = |tx: Transaction| async move { self.sweep_one(&tx, uid, age).await };
                let cleared = database.transactional::<_, Error, _>(&RunOptions::default(), body).await?;
                swept += u64::from(cleared);
            }
        }
        Ok(swept)
    }

    async fn sweep_one(&self, tx: &Transaction, uid: Uuid, age: i64) -> Result<bool> {
        let key = self.upload_key(uid)?;
        let (mark, now) = (tx.get(&key, false), tx.read_version());
        let Some(mark) = mark.await? else { return Ok(false) };
        let heard_of = match &unpack(&mark)?[..] {
            [Element::Int(version)] => *version,
            _ => return Err(self.damaged(format!("the mark of an upload makes no sense; uid={uid}"))),
        };
        if now.await?.saturating_sub(heard_of) < age {
            return Ok(false);
        }
        self.clear_upload(tx, uid).await?;
        Ok(true)
    }
}
