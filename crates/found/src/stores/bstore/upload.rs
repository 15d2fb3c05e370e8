//! Writing a blob of any size, over as many transactions as it takes.
//!
//! - What does not fill one part is stored in one transaction, like any blob.
//! - Otherwise each part goes into a transaction of its own, with a mark that says that the blob is being written and
//!   at which version it was last heard of. The last transaction takes the mark away and makes the blob known by its
//!   hash; or, if there is one with the same bytes by then, clears what was written.
//! - An upload that ends without it leaves its mark, by which [`sweep`](BStore::sweep) finds it. Who was swept and
//!   still writes is told so at the next part.
//! - Every transaction may run twice, as after an answer that was lost: it finds what it has written.

use super::store::{Hash, pieces};
use super::{BStore, CHUNK_BYTES, LIMIT, SWEPT};
use crate::client::{Database, RunOptions, Transaction};
use crate::stores::StoreError;
use crate::stores::pace::Pace;
use crate::stores::writes::Writes;
use crate::tuple::pack;
use crate::{Error, Result};
use blake2b_simd::State;
use uuid::Uuid;

/// How much is written in one transaction: small enough for FoundationDB to like it, large enough for a commit to pay.
const PART_BYTES: usize = 20 * CHUNK_BYTES;

/// How many bytes are hashed and copied between two looks at the clock.
const PIECE_BYTES: usize = 65_536;

/// A blob being written.
pub struct Upload {
    database: Database,
    store: BStore,
    hasher: State,
    /// What is not written yet, less than a part.
    buffer: Vec<u8>,
    /// The uid and how many chunks are written; none before the first part.
    begun: Option<(Uuid, u64)>,
}

impl BStore {
    /// Begins to write a blob.
    pub fn upload(&self, database: &Database) -> Upload {
        let (database, store) = (database.clone(), self.clone());
        Upload { database, store, hasher: State::new(), buffer: Vec::new(), begun: None }
    }

    fn swept(&self, uid: Uuid) -> Error {
        let what = format!("{}: a sweep has cleared what was written of the blob; uid={uid}", self.name);
        StoreError::new(SWEPT, what).into()
    }
}

impl Upload {
    /// The next bytes of the blob. After an error the upload can only be [`abort`](Self::abort)ed.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let mut pace = Pace::new();
        for piece in bytes.chunks(PIECE_BYTES) {
            self.hasher.update(piece);
            let room = PART_BYTES - self.buffer.len();
            let (now, later) = piece.split_at(room.min(piece.len()));
            self.buffer.extend_from_slice(now);
            if self.buffer.len() == PART_BYTES {
                self.write_part().await?;
            }
            self.buffer.extend_from_slice(later);
            pace.worked(PIECE_BYTES).await;
        }
        Ok(())
    }

    /// The blob is whole: its uid, or that of the blob that has the same bytes. After an error the upload can still be
    /// [`abort`](Self::abort)ed, which leaves a blob that has become whole nevertheless.
    pub async fn finish(&mut self) -> Result<Uuid> {
        let (store, buffer) = (&self.store, &self.buffer[..]);
        let Some((uid, written)) = self.begun else {
            let body = |tx: Transaction| async move { store.get_or_create(&tx, buffer).await };
            return self.database.transactional(&RunOptions::default(), body).await;
        };
        let hash = self.hasher.finalize();
        let hash = hash.as_array();
        let body = |tx: Transaction| async move { store.make_whole(&tx, uid, written, buffer, hash).await };
        self.database.transactional(&RunOptions::default(), body).await
    }

    /// Gives the upload up and clears what it has written.
    pub async fn abort(self) -> Result<()> {
        let Some((uid, _)) = self.begun else { return Ok(()) };
        let store = &self.store;
        let body = |tx: Transaction| async move { store.clear_upload(&tx, uid).await };
        self.database.transactional(&RunOptions::default(), body).await
    }

    async fn write_part(&mut self) -> Result<()> {
        let (uid, written) = self.begun.unwrap_or_else(|| (self.store.uids.next(), 0));
        // Before the attempt: should its answer be lost, an abort must clear what it may have written.
        self.begun = Some((uid, written));
        let (store, buffer) = (&self.store, &self.buffer[..]);
        let body = |tx: Transaction| async move { store.write_part(&tx, uid, written, buffer).await };
        self.database.transactional::<_, Error, _>(&RunOptions::default(), body).await?;
        self.begun = Some((uid, written + (self.buffer.len() / CHUNK_BYTES) as u64));
        self.buffer.clear();
        Ok(())
    }
}

impl BStore {
    async fn write_part(&self, tx: &Transaction, uid: Uuid, written: u64, part: &[u8]) -> Result<()> {
        let mark = self.upload_key(uid)?;
        let (before, version) = (tx.get(&mark, false), tx.read_version());
        if written > 0 && before.await?.is_none() {
            return Err(self.swept(uid));
        }
        let mut writes = Writes::new(&self.name, LIMIT);
        writes.set(mark, pack(&[version.await?.into()])?, "the mark of an upload")?;
        for (index, chunk) in pieces(part).enumerate() {
            writes.set(self.chunk_key(uid, written + index as u64)?, chunk, "a chunk")?;
        }
        writes.apply(tx, "a part of a blob").await
    }

    async fn make_whole(&self, tx: &Transaction, uid: Uuid, written: u64, rest: &[u8], hash: &Hash) -> Result<Uuid> {
        let (mark, known) = (tx.get(&self.upload_key(uid)?, false), self.known(tx, hash).await?);
        let swept = mark.await?.is_none();
        match known {
            // Another blob with these bytes, or this one, if an earlier attempt has committed after all.
            Some(known) => {
                if known != uid && !swept {
                    self.clear_upload(tx, uid).await?;
                }
                return Ok(known);
            }
            None if swept => return Err(self.swept(uid)),
            None => {}
        }
        let mut writes = Writes::new(&self.name, LIMIT);
        for (index, chunk) in rest.chunks(CHUNK_BYTES).enumerate() {
            writes.set(self.chunk_key(uid, written + index as u64)?, chunk, "a chunk")?;
        }
        writes.set(self.hash_key(hash)?, uid.as_bytes().to_vec(), "the hash")?;
        writes.set(self.finished_key(uid)?, pack(&[hash[..].into()])?, "the note on how it was written")?;
        writes.clear(self.upload_key(uid)?);
        writes.apply(tx, "the end of a blob").await?;
        Ok(uid)
    }

    /// Clears a blob that is being written, if it still is.
    pub(super) async fn clear_upload(&self, tx: &Transaction, uid: Uuid) -> Result<()> {
        let mark = self.upload_key(uid)?;
        if tx.get(&mark, false).await?.is_some() {
            let (begin, end) = self.chunk_range(uid)?;
            tx.clear_range(&begin, &end)?;
            tx.clear(&mark)?;
        }
        Ok(())
    }
}
