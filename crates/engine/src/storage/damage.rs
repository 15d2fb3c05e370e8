//! Tests of files that were damaged: an error that says so, or what was there, and never a panic.
//!
//! `FOUND_TORTURE_ROUNDS` says how many copies are damaged, `FOUND_TORTURE_SEED` the seed of the first.

use super::block_file::Layout;
use super::log::{self, LOG_BYTES};
use super::open::Opener;
use super::redb_store::RedbStore;
use super::test_support::{Model, Random, content_of, number, random_batch};
use super::{Storage, StorageError};
use crate::Error;
use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

const NOON: Duration = Duration::from_secs(1_700_000_000);
const BATCHES: i64 = 12;
/// Where the log lies.
const LOG: Range<usize> = 4096..4096 + LOG_BYTES as usize;
/// How many copies of one file are damaged.
const COPIES_PER_FILE: u64 = 50;

/// A file as it is after some batches, and what it had after each.
struct Written {
    closed: Vec<u8>,
    /// What a crash would leave.
    open: Vec<u8>,
    states: BTreeMap<i64, Model>,
}

fn write(path: &Path, random: &mut Random) -> Written {
    // Some have all of it in the log, and some none.
    let log_bytes = [0, 100 << 10, LOG_BYTES][random.below(3) as usize];
    let store = RedbStore::file_by(path, true, Opener { log_bytes, ..Opener::default() }).unwrap();
    let mut model = Model::new();
    let mut states = BTreeMap::from([(0, Model::new())]);
    for version in 1..=BATCHES {
        store.write(version, NOON, &mut |batch| random_batch(random, batch, &mut model)).unwrap();
        states.insert(version, model.clone());
    }
    let open = fs::read(path).unwrap();
    store.close().unwrap();
    let closed = fs::read(path).unwrap();
    fs::remove_file(path).unwrap();
    Written { closed, open, states }
}

/// Damages the content, and says how.
fn damage(content: &mut Vec<u8>, random: &mut Random) -> String {
    let length = content.len() as u64;
    let header = Layout::NEW.header();
    // The header is small and counts most; of the log the beginning counts.
    let place = |random: &mut Random| {
        let place = match random.below(10) {
            0 | 1 => header + random.below(320),
            2 => random.below(8),
            3 | 4 => LOG.start as u64 + random.below(128 << 10),
            _ => header + random.below(length - header),
        };
        place as usize
    };
    match random.below(10) {
        0 => {
            content.truncate(random.below(length) as usize);
            format!("cut to {}", content.len())
        }
        1 => {
            let (from, to) = (place(random) / 512 * 512, place(random) / 512 * 512);
            content.copy_within(from..(from + 512).min(length as usize), to.min(length as usize - 512));
            format!("sector {from} written to {to}")
        }
        2 => {
            let at = place(random) / 4096 * 4096;
            content[at..(at + 4096).min(length as usize)].fill(0);
            format!("page {at} zeroed")
        }
        _ => {
            let bits: Vec<usize> =
                (0..1 + random.below(8)).map(|_| place(random) * 8 + random.below(8) as usize).collect();
            for bit in &bits {
                content[bit / 8] ^= 1 << (bit % 8);
            }
            format!("bits {bits:?} flipped")
        }
    }
}

/// Opens the file, as one of those that are not read through first if it is long, and gives its version and what it has.
fn use_it(path: &Path, as_long: bool) -> Result<(i64, Model), StorageError> {
    let read_through_up_to = if as_long { 0 } else { u64::MAX };
    let store = RedbStore::file_by(path, true, Opener { read_through_up_to, ..Opener::default() })?;
    let version = store.last_version().0;
    let content = content_of(&store)?;
    store.write(version + 1, NOON, &mut |batch| batch.set(b"after", b"1"))?;
    let mut after = content.clone();
    after.insert(b"after".to_vec(), b"1".to_vec());
    assert!(content_of(&store)? == after, "what was written is not there");
    store.close()?;
    Ok((version, content))
}

#[test]
fn damaged_copies_say_so_or_have_what_they_had() {
    let (rounds, first) = (number("FOUND_TORTURE_ROUNDS", 50), number("FOUND_TORTURE_SEED", 1));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("database");
    let (mut refused, mut whole, mut earlier) = (0, 0, 0);
    let mut written = write(&path, &mut Random(first));
    for seed in first..first + rounds {
        let mut random = Random(seed);
        if (seed - first) % COPIES_PER_FILE == COPIES_PER_FILE - 1 {
            written = write(&path, &mut random);
        }
        let (crashed, as_long) = (random.one_in(2), random.one_in(2));
        let mut content = if crashed { written.open.clone() } else { written.closed.clone() };
        let how = damage(&mut content, &mut random);
        let how = format!("seed {seed}, {}, as long: {as_long}, {how}", if crashed { "crashed" } else { "closed" });
        fs::write(&path, &content).unwrap();
        let mut damaged = content;
        damaged.resize(written.open.len().max(LOG.end), 0);
        match use_it(&path, as_long) {
            Err(failure) => {
                let known = [Error::FILE_CORRUPT, Error::FILE_NOT_READABLE, Error::LOCK_FILE_FAILURE];
                assert!(known.contains(&failure.error), "{how}: {failure:?}");
                refused += 1;
            }
            Ok((version, content)) => {
                let state =
                    written.states.get(&version).unwrap_or_else(|| panic!("{how}: version {version} is made up"));
                assert!(content == *state, "{how}: the content of version {version} is wrong");
                // What a crash left is damaged at its end, as far as anybody can tell, where the last commits are: those of
                // redb's tree, or those that the log has at its end.
                let records = log::places(&written.open[LOG]);
                let is_changed = |place: Range<usize>| written.open[LOG][place.clone()] != damaged[LOG][place];
                let lost = |version| records.get(&version).is_none_or(|place| is_changed(place.clone()));
                // Those behind the last of all are of an earlier round.
                let (mut in_tree, mut next) = (BATCHES, LOG.len());
                while let Some(place) = records.get(&in_tree).filter(|place| place.start < next) {
                    (in_tree, next) = (in_tree - 1, place.start);
                }
                assert!(
                    version == BATCHES || crashed && version >= in_tree - 1 && (version + 1..=BATCHES).all(lost),
                    "{how}: only version {version} is there"
                );
                if version == BATCHES { whole += 1 } else { earlier += 1 }
            }
        }
        fs::remove_file(&path).unwrap();
    }
    println!(
        "damage: {rounds} copies, {refused} refused, {whole} whole, {earlier} crashed ones without the last commit"
    );
    assert_eq!(refused + whole + earlier, rounds);
    assert!(refused > 0 && whole > 0);
}

/// Whatever the length: what is found at the opening of a short file is found at the read of a long one.
#[test]
fn a_changed_value_is_an_error_where_it_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("database");
    let store = RedbStore::file(&path, true).unwrap();
    let key = |row: u32| row.to_be_bytes();
    for version in 1..=10 {
        let rows = 100 * version as u32..100 * version as u32 + 100;
        store
            .write(version, NOON, &mut |batch| {
                rows.clone().try_for_each(|row| batch.set(&key(row), format!("<{row}>").repeat(100).as_bytes()))
            })
            .unwrap();
    }
    store.close().unwrap();
    let mut content = fs::read(&path).unwrap();
    let place = content.windows(6).rposition(|bytes| bytes == b"<555><").unwrap();
    content[place + 2] ^= 1;
    fs::write(&path, &content).unwrap();

    let refused = RedbStore::file(&path, true).err().unwrap();
    assert_eq!(refused.error, Error::FILE_CORRUPT);
    let long = RedbStore::file_by(&path, true, Opener { read_through_up_to: 0, ..Opener::default() }).unwrap();
    let snapshot = long.snapshot().unwrap();
    assert_eq!(snapshot.get(&key(1)).unwrap(), None);
    assert!(snapshot.get(&key(1000)).unwrap().is_some());
    let found = snapshot.get(&key(555)).unwrap_err();
    assert_eq!(found.error, Error::FILE_CORRUPT);
    assert!(found.message.contains("backup") && found.message.contains("is not what was written"), "{found}");
    assert!(long.write(99, NOON, &mut |batch| batch.set(b"more", b"")).is_err());
    assert!(snapshot.scan(b"", b"\xff", false, &mut |_, _| std::ops::ControlFlow::Continue(())).is_err());
}
