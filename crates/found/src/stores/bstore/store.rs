//! The store itself: its keys, storing within a transaction, removing.

use super::read::{Chunks, Extent};
use super::{CHUNK_BYTES, DAMAGED, LIMIT};
use crate::client::Transaction;
use crate::stores::StoreError;
use crate::stores::pace::Pace;
use crate::stores::uids::Uids;
use crate::stores::writes::{KEY_BYTES_MAX, Writes};
use crate::tuple::{Element, Subspace, equal_range};
use crate::{Error, Result};
use blake2b_simd::State;
use uuid::Uuid;

/// A hash of a blob.
pub(super) type Hash = [u8; 64];

/// What a key has behind the prefix, at most: enough that a prefix is refused and not a key.
const KEY_REST_BYTES: usize = 150;

/// How many bytes are hashed between two looks at the clock, counted as rows in [`Pace`].
const HASHED_PIECE: usize = 65_536;

/// A blob store: a description, which holds no data and touches no database.
#[derive(Clone, Debug)]
pub struct BStore {
    pub(super) name: String,
    pub(super) hashes: Subspace,
    pub(super) chunks: Subspace,
    pub(super) uploads: Subspace,
    pub(super) finished: Subspace,
    pub(super) uids: Uids,
}

impl BStore {
    /// The store of that prefix. The name is for messages.
    pub fn make(name: impl Into<String>, prefix: &[Element]) -> Result<BStore> {
        let part = |number: u8| {
            let mut nested = prefix.to_vec();
            nested.push(Element::Bytes(vec![number]));
            Subspace::from_tuple(&[Element::Tuple(nested)])
        };
        let store = BStore {
            name: name.into(),
            hashes: part(1)?,
            chunks: part(2)?,
            uploads: part(3)?,
            finished: part(4)?,
            uids: Uids::default(),
        };
        let bytes = store.hashes.prefix().len() + KEY_REST_BYTES;
        if bytes > KEY_BYTES_MAX {
            return Err(Error::argument("prefix", format!("too long for keys; bytes={bytes} limit={KEY_BYTES_MAX}")));
        }
        Ok(store)
    }

    /// The same store, with uids of the caller's making: for tests, which must know them.
    pub fn with_uids(self, make: impl Fn() -> Uuid + Send + Sync + 'static) -> BStore {
        BStore { uids: Uids::from_fn(make), ..self }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The uid of the blob with these bytes, which is stored if there is none yet.
    ///
    /// A blob that does not fit into the transaction is refused (`FOUND_BSTORE_LIMIT`): [`Upload`] takes any size.
    pub async fn get_or_create(&self, tx: &Transaction, blob: &[u8]) -> Result<Uuid> {
        let _turn = tx.turn().await;
        let mut hasher = State::new();
        let mut pace = Pace::new();
        for piece in blob.chunks(HASHED_PIECE) {
            hasher.update(piece);
            pace.worked(HASHED_PIECE).await;
        }
        let hash = *hasher.finalize().as_array();
        if let Some(uid) = self.known(tx, &hash).await? {
            return Ok(uid);
        }
        let uid = self.uids.next();
        let mut writes = Writes::new(&self.name, LIMIT);
        writes.set(self.hash_key(&hash)?, uid.as_bytes().to_vec(), "the hash")?;
        for (index, chunk) in pieces(blob).enumerate() {
            writes.set(self.chunk_key(uid, index as u64)?, chunk, "a chunk")?;
        }
        let blob = format_args!("a blob of {} bytes", blob.len()).to_string();
        writes.apply(tx, blob).await?;
        Ok(uid)
    }

    /// Removes a blob, every key of it; says whether there was one.
    ///
    /// The hash of a blob that was not written by an [`Upload`] is found by reading it.
    pub async fn remove(&self, tx: &Transaction, uid: Uuid) -> Result<bool> {
        let _turn = tx.turn().await;
        let written = tx.get(&self.finished_key(uid)?, false);
        let Some(extent) = self.extent(tx, uid).await? else { return Ok(false) };
        let hash = match written.await? {
            Some(value) => self.finished_hash(uid, &value)?,
            None => self.hash_of(tx, uid, extent).await?,
        };
        let mut writes = Writes::new(&self.name, LIMIT);
        if self.known(tx, &hash).await? == Some(uid) {
            writes.clear(self.hash_key(&hash)?);
        }
        let (begin, end) = self.chunk_range(uid)?;
        writes.clear_range(begin, end);
        writes.clear(self.finished_key(uid)?);
        writes.apply(tx, "removing a blob").await?;
        Ok(true)
    }

    async fn hash_of(&self, tx: &Transaction, uid: Uuid, extent: Extent) -> Result<Hash> {
        let mut hasher = State::new();
        let mut chunks = Chunks::new(self, tx, uid, extent, 0);
        while let Some(chunk) = chunks.next().await? {
            hasher.update(chunk);
        }
        Ok(*hasher.finalize().as_array())
    }

    /// The uid of the blob with that hash.
    pub(super) async fn known(&self, tx: &Transaction, hash: &Hash) -> Result<Option<Uuid>> {
        let Some(value) = tx.get(&self.hash_key(hash)?, false).await? else { return Ok(None) };
        match Uuid::from_slice(&value) {
            Ok(uid) => Ok(Some(uid)),
            Err(_) => Err(self.damaged(format!("a hash's uid is not of 16 bytes; bytes={}", value.len()))),
        }
    }

    pub(super) fn hash_key(&self, hash: &Hash) -> Result<Vec<u8>> {
        let mut key = self.hashes.packer();
        key.bytes(hash);
        Ok(key.finish()?)
    }

    pub(super) fn chunk_key(&self, uid: Uuid, index: u64) -> Result<Vec<u8>> {
        let mut key = self.chunks.packer();
        key.uuid(&uid).uint(index);
        Ok(key.finish()?)
    }

    /// All chunks of a blob.
    pub(super) fn chunk_range(&self, uid: Uuid) -> Result<(Vec<u8>, Vec<u8>)> {
        let mut key = self.chunks.packer();
        key.uuid(&uid);
        Ok(equal_range(&key.finish()?))
    }

    pub(super) fn upload_key(&self, uid: Uuid) -> Result<Vec<u8>> {
        Ok(self.uploads.pack(&[uid.into()])?)
    }

    pub(super) fn finished_key(&self, uid: Uuid) -> Result<Vec<u8>> {
        Ok(self.finished.pack(&[uid.into()])?)
    }

    fn finished_hash(&self, uid: Uuid, value: &[u8]) -> Result<Hash> {
        match &crate::tuple::unpack(value)?[..] {
            [Element::Bytes(hash)] => hash.as_slice().try_into().ok(),
            _ => None,
        }
        .ok_or_else(|| self.damaged(format!("the note on how it was written makes no sense; uid={uid}")))
    }

    pub(super) fn damaged(&self, what: String) -> Error {
        StoreError::new(DAMAGED, format!("{}: {what}", self.name)).into()
    }
}

/// The chunks of a blob's bytes.
pub(super) fn pieces(blob: &[u8]) -> impl Iterator<Item = &[u8]> {
    let empty = blob.is_empty().then_some(blob);
    blob.chunks(CHUNK_BYTES).chain(empty)
}
