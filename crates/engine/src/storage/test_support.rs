//! What the tests by chance share: numbers from a seed, batches, and what a store has.

use super::open::prepare;
use super::redb_store::RedbStore;
use super::{Batch, Storage, StorageError};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

/// The number in an environment variable, or the default where there is none.
pub(super) fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

/// What a store should have.
pub(super) type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// Numbers from a seed (splitmix64).
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    pub(super) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

/// Makes an empty database of the kind that there was before there were checksums.
pub(super) fn make_plain_file(path: &Path) {
    let database = redb::Database::create(path).unwrap();
    assert!(prepare(&database).unwrap().is_ok());
    database.close().unwrap();
}

/// All that the store has.
pub(super) fn content_of(store: &RedbStore) -> Result<Model, StorageError> {
    let mut content = Model::new();
    let snapshot = store.snapshot()?;
    snapshot.scan(b"", b"\xff", false, &mut |key, value| {
        content.insert(key.to_vec(), value.to_vec());
        ControlFlow::Continue(())
    })?;
    Ok(content)
}

/// Does a batch by chance, to the store and to the model.
pub(super) fn random_batch(random: &mut Random, batch: &mut dyn Batch, model: &mut Model) -> Result<(), StorageError> {
    for _ in 0..1 + random.below(20) {
        let key = format!("k{:04}", random.below(400)).into_bytes();
        match random.below(8) {
            0 => {
                let end = format!("k{:04}", random.below(400)).into_bytes();
                batch.clear_range(&key, &end)?;
                model.retain(|other, _| !(key <= *other && *other < end));
            }
            1 => {
                batch.clear(&key)?;
                model.remove(&key);
            }
            _ => {
                let length = [10, 100, 3000, 20_000][random.below(4) as usize];
                let value = vec![random.below(256) as u8; random.below(length) as usize];
                batch.set(&key, &value)?;
                model.insert(key, value);
            }
        }
    }
    Ok(())
}
