//! Tests that the power goes at any write: what was not synced is lost, kept or torn, each write by itself.
//!
//! Each seed tells a whole story, so a failure can be run again. `FOUND_TORTURE_ROUNDS` says how many seeds there are,
//! `FOUND_TORTURE_SEED` the first of them.

use super::block_file::Layout;
use super::log::LOG_BYTES;
use super::open::Opener;
use super::redb_store::RedbStore;
use super::test_support::{Model, Random, content_of, make_plain_file, number, random_batch};
use super::{Storage, StorageError};
use redb::StorageBackend;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const LIVES: usize = 3;
const BATCHES: u64 = 25;
/// What a disk writes as a whole or not at all.
const SECTOR: usize = 512;

#[derive(Debug)]
enum Operation {
    Write(u64, Vec<u8>),
    SetLength(u64),
}

/// A disk that remembers what it was told to write and has not been told to sync.
#[derive(Debug)]
struct Disk {
    synced: Vec<u8>,
    seen: Vec<u8>,
    unsynced: Vec<Operation>,
    /// How many more operations there is power for.
    power: u64,
}

fn apply(content: &mut Vec<u8>, operation: &Operation) {
    match operation {
        Operation::SetLength(length) => content.resize(*length as usize, 0),
        Operation::Write(offset, data) => {
            let offset = *offset as usize;
            if content.len() < offset + data.len() {
                content.resize(offset + data.len(), 0);
            }
            content[offset..offset + data.len()].copy_from_slice(data);
        }
    }
}

impl Disk {
    fn take_power(&mut self) -> io::Result<()> {
        self.power = self.power.checked_sub(1).ok_or_else(|| io::Error::other("the power is off"))?;
        Ok(())
    }

    fn change(&mut self, operation: Operation) -> io::Result<()> {
        // The last operation of all reaches the disk's memory as any other, and may be torn.
        let powered = self.take_power();
        apply(&mut self.seen, &operation);
        self.unsynced.push(operation);
        powered
    }

    /// What is on the disk when the power is back.
    fn after_power_loss(&mut self, random: &mut Random) -> Vec<u8> {
        let mut content = std::mem::take(&mut self.synced);
        // Some losses lose all, some keep nearly all, some are a mixture.
        let lost_of_ten = [0, 1, 5, 9, 10][random.below(5) as usize];
        for operation in std::mem::take(&mut self.unsynced) {
            if random.below(10) < lost_of_ten {
                continue;
            }
            match operation {
                Operation::Write(offset, data) if random.one_in(4) => {
                    for (index, sector) in data.chunks(SECTOR).enumerate() {
                        if random.one_in(2) {
                            let part = Operation::Write(offset + (index * SECTOR) as u64, sector.to_vec());
                            apply(&mut content, &part);
                        }
                    }
                }
                whole => apply(&mut content, &whole),
            }
        }
        content
    }
}

/// A file on such a disk.
#[derive(Debug)]
struct UnsyncedFile(Arc<Mutex<Disk>>);

impl UnsyncedFile {
    fn with<T>(&self, run: impl FnOnce(&mut Disk) -> io::Result<T>) -> io::Result<T> {
        run(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl StorageBackend for UnsyncedFile {
    fn len(&self) -> io::Result<u64> {
        self.with(|disk| Ok(disk.seen.len() as u64))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.with(|disk| {
            let from = disk.seen.get(offset as usize..offset as usize + out.len());
            out.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
            Ok(())
        })
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.with(|disk| disk.change(Operation::SetLength(length)))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.with(|disk| {
            disk.take_power()?;
            disk.unsynced.clear();
            disk.synced.clone_from(&disk.seen);
            Ok(())
        })
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.with(|disk| disk.change(Operation::Write(offset, data.to_vec())))
    }
}

/// How a seed has its file opened.
#[derive(Clone, Copy)]
struct Way {
    durable: bool,
    /// As those are that are not read through first.
    as_long: bool,
    /// What it is made as.
    layout: Layout,
    /// How much of its log is used.
    log_bytes: u64,
}

/// Opens the file at a path, with power for so many operations.
fn open(path: &Path, way: Way, power: u64) -> (Arc<Mutex<Disk>>, Result<RedbStore, StorageError>) {
    let content = fs::read(path).unwrap_or_default();
    let disk = Disk { synced: content.clone(), seen: content, unsynced: Vec::new(), power };
    let disk = Arc::new(Mutex::new(disk));
    let file = disk.clone();
    let opener = Opener {
        open: Box::new(move |_| Ok(Box::new(UnsyncedFile(file.clone())))),
        read_through_up_to: if way.as_long { 0 } else { u64::MAX },
        new_layout: way.layout,
        log_bytes: way.log_bytes,
    };
    let store = RedbStore::file_by(path, way.durable, opener);
    (disk, store)
}

/// One file through several losses of power; how many batches were acknowledged.
fn live(path: &Path, seed: u64) -> u64 {
    let mut random = Random(seed);
    let durable = !random.one_in(4);
    let as_long = random.one_in(2);
    let layout = if random.one_in(3) { Layout::Sums } else { Layout::NEW };
    let log_bytes = [4 << 10, 100 << 10, LOG_BYTES][random.below(3) as usize];
    let way = Way { durable, as_long, layout, log_bytes };
    let quick_repair = random.one_in(2);
    // The states by version; the last `promised` and all after it may be what is there.
    let mut states = BTreeMap::from([(0, Model::new())]);
    let mut promised = 0;
    let mut acknowledged = 0;
    if random.one_in(4) {
        make_plain_file(path);
    }
    for _ in 0..LIVES {
        // Some do not come through the opening.
        let most = if random.one_in(5) { 12 } else { 400 };
        let power = random.below(most);
        let (disk, store) = open(path, way, power);
        if let Ok(store) = store {
            let mut version = store.last_version().0;
            check(seed, &store, &states, promised);
            states.retain(|other, _| *other <= version);
            if as_long && quick_repair {
                store.use_quick_repair();
            }
            for _ in 0..random.below(BATCHES) {
                version += 1 + random.below(3) as i64;
                let mut model = states.values().next_back().cloned().unwrap_or_default();
                // The wall clock of the seed: a relaxed file is synced as time passes.
                let wall = Duration::from_millis(version as u64 * 40);
                let mut story = Random(random.below(u64::MAX));
                let written = store.write(version, wall, &mut |batch| random_batch(&mut story, batch, &mut model));
                states.insert(version, model);
                if written.is_err() {
                    break;
                }
                acknowledged += 1;
                if durable {
                    promised = version;
                }
            }
            if random.one_in(4) && store.close().is_ok() {
                promised = store.last_version().0;
            }
        }
        let image = disk.lock().unwrap().after_power_loss(&mut random);
        fs::write(path, &image).unwrap();
        let header = Layout::of(&image).header();
        if image.iter().skip(header as usize).take(9).all(|byte| *byte == 0) {
            // Nothing of it was ever written, which opening says (`open.rs`).
            assert_eq!(promised, 0, "seed {seed}");
            fs::remove_file(path).unwrap();
            states = BTreeMap::from([(0, Model::new())]);
        }
    }
    let (_, store) = open(path, way, u64::MAX);
    let store = store.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    check(seed, &store, &states, promised);
    acknowledged
}

/// What is there is a state that was, and none before the last that was promised.
fn check(seed: u64, store: &RedbStore, states: &BTreeMap<i64, Model>, promised: i64) {
    let version = store.last_version().0;
    assert!(version >= promised, "seed {seed}: version {version} is there, {promised} was promised");
    let wanted = states.get(&version).unwrap_or_else(|| panic!("seed {seed}: there was no version {version}"));
    assert!(content_of(store).unwrap() == *wanted, "seed {seed}: the content of version {version} is not what it was");
}

#[test]
fn a_loss_of_power_loses_nothing_acknowledged_and_leaves_nothing_in_part() {
    let (rounds, first) = (number("FOUND_TORTURE_ROUNDS", 30), number("FOUND_TORTURE_SEED", 1));
    let directory = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    for seed in first..first + rounds {
        let path = directory.path().join("database");
        acknowledged += live(&path, seed);
        let _ = fs::remove_file(&path);
    }
    println!("power: {rounds} files, {} losses of power, {acknowledged} batches acknowledged", rounds * LIVES as u64);
    assert!(acknowledged > 0);
}
