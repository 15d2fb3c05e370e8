//! The log of a file: what commits do is on the disk here, in one write and one sync, before redb's tree has it there.
//!
//! A commit in redb's tree writes the pages on the way to each row and those of redb's own trees, all over the file. So a
//! small batch is written to the log, which makes it durable, and done in the tree in memory only. When the log is full,
//! or a batch is long, that batch is committed in redb's tree, on the disk, with all that came before it; it notes its
//! version there, and the log begins anew. After a crash, what the log has after the version that redb has is done again.
//!
//! The log is a row of records, each from a sector on, so that no write touches a record that was acknowledged. All
//! integers are little-endian:
//!
//! | at | what |
//! | --- | --- |
//! | 0 | the checksum of what follows, without the filling: XXH3, 64 bits, seeded with the place of the record in the log |
//! | 8 | the length of the changes, a u32 |
//! | 12 | `flog` |
//! | 16 | the version of the batch before this one, an i64 |
//! | 24 | the version of this batch, an i64 |
//! | 32 | its wall time, nanoseconds since 1970 in a u64 |
//! | 40 | its changes, one after the other: a byte, and one or two of a length, a u32, with so many bytes. `s`: set the first to the second; `c`: clear it; `r`: clear from the first to the second |
//!
//! The first record that counts is at the log's beginning and names redb's version as the one before it, each other the one
//! before it in the log. What lies behind the last is of earlier rounds, or was not acknowledged: a record is on the disk
//! before the next is written. So a newer one behind it is a sign of damage; only where the last alone is damaged can nobody
//! tell it from one that a crash cut off.

use super::block_file::Blocks;
use super::open::{Last, decode_last, encode_last};
use super::{Batch, StorageError};
use std::io;
use std::sync::Arc;
use twox_hash::XxHash3_64;

/// The length of the log: some 1,000 small batches. The batch that finds it full takes longer, 35 to 50 ms, for what all of
/// them have changed: a longer log would make that longer, and the others hardly shorter.
pub(super) const LOG_BYTES: u64 = 512 << 10;
/// Batches whose records are longer are committed in redb's tree, as their data would be written twice.
const RECORD_BYTES: usize = 128 << 10;
/// A disk writes a sector as a whole or not at all.
const SECTOR: usize = 512;
/// So much of the log gets its place on the disk at once: to give a file more of the disk takes a sync as long again.
const EXTENT: u64 = 64 << 10;

const HEAD: usize = 40;
const MARK: &[u8; 4] = b"flog";
const SET: u8 = b's';
const CLEAR: u8 = b'c';
const CLEAR_RANGE: u8 = b'r';

/// The changes of a batch, to be written to the log.
pub(super) struct Record {
    /// The head, to be filled in, and the changes.
    bytes: Vec<u8>,
    /// Whether it is too long for the log.
    is_long: bool,
}

impl Default for Record {
    fn default() -> Self {
        Record { bytes: vec![0; HEAD], is_long: false }
    }
}

impl Record {
    /// One for a batch that is not to be in the log.
    pub(super) fn none() -> Record {
        Record { bytes: Vec::new(), is_long: true }
    }

    pub(super) fn set(&mut self, key: &[u8], value: &[u8]) {
        self.add(SET, &[key, value]);
    }

    pub(super) fn clear(&mut self, key: &[u8]) {
        self.add(CLEAR, &[key]);
    }

    pub(super) fn clear_range(&mut self, begin: &[u8], end: &[u8]) {
        self.add(CLEAR_RANGE, &[begin, end]);
    }

    fn add(&mut self, kind: u8, parts: &[&[u8]]) {
        let length = 1 + parts.iter().map(|part| size_of::<u32>() + part.len()).sum::<usize>();
        self.is_long |= self.bytes.len() + length > RECORD_BYTES;
        if self.is_long {
            return;
        }
        self.bytes.push(kind);
        for part in parts {
            self.bytes.extend_from_slice(&(part.len() as u32).to_le_bytes());
            self.bytes.extend_from_slice(part);
        }
    }

    /// Fills in the head of a record that will lie at `place`.
    fn fill_in(&mut self, place: u64, before: i64, last: Last) {
        let length = (self.bytes.len() - HEAD) as u32;
        self.bytes[8..12].copy_from_slice(&length.to_le_bytes());
        self.bytes[12..16].copy_from_slice(MARK);
        self.bytes[16..24].copy_from_slice(&before.to_le_bytes());
        self.bytes[24..40].copy_from_slice(&encode_last(last));
        let sum = XxHash3_64::oneshot_with_seed(place, &self.bytes[8..]);
        self.bytes[..8].copy_from_slice(&sum.to_le_bytes());
    }
}

/// A record that was found in the log.
pub(super) struct Found {
    before: i64,
    pub(super) last: Last,
    changes: Vec<u8>,
}

impl Found {
    /// The record at `place` of a log, if there is one, of a version after `newer_than`.
    fn at(log: &[u8], place: usize, newer_than: i64) -> Option<Found> {
        let (sum, rest) = log.get(place..)?.split_first_chunk::<8>()?;
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (mark, after) = after.split_first_chunk::<4>()?;
        let (before, after) = after.split_first_chunk::<8>()?;
        let (last, after) = after.split_first_chunk::<16>()?;
        let last = decode_last(last)?;
        if mark != MARK || last.0 <= newer_than {
            return None;
        }
        let changes = after.get(..u32::from_le_bytes(*length) as usize)?;
        let summed = &rest[..HEAD - 8 + changes.len()];
        if XxHash3_64::oneshot_with_seed(place as u64, summed) != u64::from_le_bytes(*sum) {
            return None;
        }
        Some(Found { before: i64::from_le_bytes(*before), last, changes: changes.to_vec() })
    }

    /// Does the changes again.
    pub(super) fn apply(&self, batch: &mut dyn Batch) -> Result<(), StorageError> {
        let mut rest = &self.changes[..];
        while let Some((kind, after)) = rest.split_first() {
            rest = after;
            match *kind {
                SET => batch.set(part(&mut rest)?, part(&mut rest)?)?,
                CLEAR => batch.clear(part(&mut rest)?)?,
                CLEAR_RANGE => batch.clear_range(part(&mut rest)?, part(&mut rest)?)?,
                _ => return Err(malformed()),
            }
        }
        Ok(())
    }
}

/// Takes the next bytes of a change.
fn part<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], StorageError> {
    let (length, after) = rest.split_first_chunk().ok_or_else(malformed)?;
    let (part, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(malformed)?;
    *rest = after;
    Ok(part)
}

fn malformed() -> StorageError {
    StorageError::damaged("a change in its log cannot be read")
}

/// How many bytes of the log a record takes.
fn room_for(length: usize) -> u64 {
    length.next_multiple_of(SECTOR) as u64
}

/// The log, to be written.
pub(super) struct Log {
    blocks: Arc<Blocks>,
    /// How much of it is used.
    length: u64,
    /// Where the next record goes.
    end: u64,
    /// Up to where it has its place on the disk, as far as is known.
    placed: u64,
}

impl Log {
    /// The log of a file that has one, and what redb, whose last batch had that version, has not of it.
    pub(super) fn open(blocks: Arc<Blocks>, version: i64, length: u64) -> io::Result<(Log, Vec<Found>)> {
        let log = blocks.read_log()?;
        let (mut end, mut last, mut found) = (0, version, Vec::new());
        while let Some(record) = Found::at(&log, end as usize, last).filter(|record| record.before == last) {
            end += room_for(HEAD + record.changes.len());
            last = record.last.0;
            found.push(record);
        }
        let mut behind = (end as usize..log.len()).step_by(SECTOR);
        if behind.any(|place| Found::at(&log, place, last).is_some()) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("its log is damaged after version {last}")));
        }
        Ok((Log { blocks, length, end, placed: end }, found))
    }

    /// Whether there is nothing in it that redb's tree has not on the disk.
    pub(super) fn is_empty(&self) -> bool {
        self.end == 0
    }

    /// Whether it takes a record.
    pub(super) fn takes(&self, record: &Record) -> bool {
        !record.is_long && self.end + room_for(record.bytes.len()) <= self.length
    }

    /// Writes a record that it [takes](Log::takes), and has it on the disk. After an error the next goes in its place.
    pub(super) fn append(&mut self, mut record: Record, before: i64, last: Last) -> io::Result<()> {
        record.fill_in(self.end, before, last);
        let end = self.end + room_for(record.bytes.len());
        let placed = if end > self.placed { end.next_multiple_of(EXTENT).min(LOG_BYTES) } else { self.placed };
        let filled = if placed > self.placed { placed } else { end };
        record.bytes.resize((filled - self.end) as usize, 0);
        self.blocks.write_log(self.end, &record.bytes)?;
        (self.end, self.placed) = (end, placed);
        Ok(())
    }

    /// Begins anew, when redb's tree has all of it on the disk.
    pub(super) fn begin(&mut self) {
        self.end = 0;
    }
}

/// Where the records of each version lie in a log.
#[cfg(test)]
pub(super) fn places(log: &[u8]) -> std::collections::BTreeMap<i64, std::ops::Range<usize>> {
    let found = (0..log.len()).step_by(SECTOR).filter_map(|place| Some((place, Found::at(log, place, 0)?)));
    found.map(|(place, record)| (record.last.0, place..place + HEAD + record.changes.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::block_file::{Blocks, Layout};
    use super::super::{MemoryStore, Storage};
    use super::*;
    use redb::StorageBackend;
    use redb::backends::InMemoryBackend;
    use std::time::Duration;

    const NOON: Duration = Duration::from_secs(1_700_000_000);

    fn file() -> Arc<Blocks> {
        let file = InMemoryBackend::new();
        file.set_len(1 << 22).unwrap();
        Blocks::new(Box::new(file), Layout::Log)
    }

    fn record(text: &str) -> Record {
        let mut record = Record::default();
        record.set(text.as_bytes(), b"value");
        record
    }

    /// A log of records of the versions from 1 on, all of which redb has not.
    fn log_of(records: i64) -> (Arc<Blocks>, Log) {
        let blocks = file();
        let (mut log, _) = Log::open(blocks.clone(), 0, LOG_BYTES).unwrap();
        for version in 1..=records {
            log.append(record("a"), version - 1, (version, NOON)).unwrap();
        }
        (blocks, log)
    }

    fn versions(blocks: &Arc<Blocks>, version: i64) -> io::Result<Vec<i64>> {
        Ok(Log::open(blocks.clone(), version, LOG_BYTES)?.1.iter().map(|found| found.last.0).collect())
    }

    fn flip(blocks: &Blocks, at: usize) {
        let byte = blocks.read_log().unwrap()[at];
        blocks.write_log(at as u64, &[byte ^ 4]).unwrap();
    }

    #[test]
    fn a_record_is_what_files_have() {
        let blocks = file();
        let (mut log, _) = Log::open(blocks.clone(), 6, LOG_BYTES).unwrap();
        let mut record = Record::default();
        record.set(b"key", b"v");
        record.clear(b"c");
        record.clear_range(b"a", b"b");
        log.append(record, 6, (7, Duration::from_nanos(8))).unwrap();
        let bytes = blocks.read_log().unwrap();
        // The checksum is that of the Python package xxhash.
        assert_eq!(bytes[..8], 0xdb49_bdf2_3588_c1b2_u64.to_le_bytes());
        assert_eq!(&bytes[8..16], b"\x1e\0\0\0flog");
        assert_eq!(bytes[16..40], [6_u64, 7, 8].map(u64::to_le_bytes).concat());
        assert_eq!(&bytes[40..70], b"s\x03\0\0\0key\x01\0\0\0vc\x01\0\0\0cr\x01\0\0\0a\x01\0\0\0b");
        assert!(bytes[70..].iter().all(|byte| *byte == 0));
    }

    #[test]
    fn what_was_written_is_done_again() {
        let blocks = file();
        let (mut log, _) = Log::open(blocks.clone(), 1, LOG_BYTES).unwrap();
        let mut first = record("a");
        first.set(b"b", b"");
        first.set(b"c", b"1");
        log.append(first, 1, (5, NOON)).unwrap();
        let mut second = Record::default();
        second.clear(b"b");
        second.clear_range(b"c", b"d");
        second.set(b"d", &[7; 2000]);
        log.append(second, 5, (9, NOON)).unwrap();
        let (_, found) = Log::open(blocks, 1, LOG_BYTES).unwrap();
        let store = MemoryStore::new();
        for record in &found {
            store.write(record.last.0, record.last.1, &mut |batch| record.apply(batch)).unwrap();
        }
        assert_eq!(store.last_version(), (9, NOON));
        let snapshot = store.snapshot().unwrap();
        let values = [b"a", b"b", b"c", b"d"].map(|key| snapshot.get(key).unwrap());
        assert_eq!(values, [Some(b"value".to_vec()), None, None, Some(vec![7; 2000])]);
    }

    #[test]
    fn it_begins_anew_and_what_is_left_of_before_does_not_count() {
        let (blocks, mut log) = log_of(5);
        assert_eq!(versions(&blocks, 0).unwrap(), [1, 2, 3, 4, 5]);
        // redb has 6.
        log.begin();
        assert!(log.is_empty());
        assert!(versions(&blocks, 6).unwrap().is_empty());
        log.append(record("now"), 6, (7, NOON)).unwrap();
        log.append(record("now"), 7, (8, NOON)).unwrap();
        assert_eq!(versions(&blocks, 6).unwrap(), [7, 8]);
        // It goes on where it ends.
        let (mut again, _) = Log::open(blocks.clone(), 6, LOG_BYTES).unwrap();
        again.append(record("later"), 8, (9, NOON)).unwrap();
        assert_eq!(versions(&blocks, 6).unwrap(), [7, 8, 9]);
    }

    #[test]
    fn damage_before_the_last_record_is_found() {
        let (blocks, _) = log_of(4);
        for version in 1..=4 {
            for at in [0, 9, 12, 17, 25, 33, HEAD, HEAD + 10] {
                let at = (version - 1) * SECTOR + at;
                flip(&blocks, at);
                let found = versions(&blocks, 0);
                if version == 4 {
                    assert_eq!(found.unwrap(), [1, 2, 3], "byte {at}");
                } else {
                    let message = found.unwrap_err().to_string();
                    assert_eq!(message, format!("its log is damaged after version {}", version - 1));
                }
                flip(&blocks, at);
            }
        }
        // redb has lost what the log goes on from.
        assert!(versions(&blocks, -1).is_err());
        assert_eq!(versions(&blocks, 0).unwrap(), [1, 2, 3, 4]);
    }

    #[test]
    fn it_takes_what_it_has_room_for() {
        let (blocks, mut log) = log_of(0);
        let of = |length: usize| {
            let mut record = Record::default();
            record.set(b"", &vec![1; length]);
            record
        };
        let most = RECORD_BYTES - HEAD - 9;
        assert!(log.takes(&of(most)) && !log.takes(&of(most + 1)) && !log.takes(&Record::none()));
        let mut version = 0;
        while log.takes(&of(most)) {
            log.append(of(most), version, (version + 1, NOON)).unwrap();
            version += 1;
        }
        assert_eq!(version, (LOG_BYTES / RECORD_BYTES as u64) as i64);
        assert!(!log.takes(&record("small")));
        assert_eq!(versions(&blocks, 0).unwrap().len(), version as usize);
    }
}
