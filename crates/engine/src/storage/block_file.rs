//! A file of blocks that have checksums: what changes by itself on the disk is found when it is read.
//!
//! redb has checksums of its pages, but looks at them only when it reads a file through. So each block of 4,096 bytes,
//! which is a page of redb, has one here, looked at whenever redb reads the block from the file; what is in its cache
//! was looked at when it came there. The file is a head, the [log](super::log), and then a row of groups, each a block of
//! checksums and then up to 512 blocks:
//!
//! | at | what |
//! | --- | --- |
//! | 0 | `found-l1`, which says that this is the layout |
//! | 4,096 | the log, 512 KiB |
//! | 8 × n of a group | the checksum of its block n: XXH3, 64 bits, little-endian, seeded with the number of the block, so that a block that went astray is found as well |
//! | 4,096 of a group | its blocks |
//!
//! The first block of all has no checksum: it is the header of redb, which is written in place, in parts, and has
//! checksums of its own.
//!
//! A block and its checksum are two writes: a crash may leave one without the other. That is no damage where the
//! block is of no commit that counts; and redb never overwrites a block of one, but syncs its new blocks, and with
//! them their checksums, before it counts. With one exception: a commit that is synced once counts after a crash
//! if redb, which then reads the file through, finds all of it. So the checksums of what redb has then accepted are
//! written anew: see [`Blocks::opened`]. A disk must write a sector as a whole or not at all, as for redb itself.
//!
//! Checksums that were read or written stay in [memory](super::known_sums), so that most blocks are read with one call to
//! the system. A block is looked at each time that it is read; a checksum that the disk has changed since it was read is
//! found when the file is opened again.
//!
//! Files made before there was a log begin with their first group, and with `found-db` in the place of the checksum that
//! its first block has not; files made before there were checksums are redb's own. Both stay so.

use super::known_sums::KnownSums;
use super::log::LOG_BYTES;
use redb::{BackendError, StorageBackend};
use std::collections::BTreeSet;
use std::io;
use std::ops::{Bound, Range};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use twox_hash::XxHash3_64;

const BLOCK: u64 = 4096;
const SUM: usize = 8;
/// Blocks of a group.
const GROUP: u64 = BLOCK / SUM as u64;
/// Of so many groups the checksums are kept in memory: 4 MiB of them, of 2 GiB of blocks.
const GROUPS_KNOWN: usize = 1024;
/// So many blocks are looked at together; a group is a whole number of times as many.
const RUN: u64 = 64;
/// Where the log lies.
const LOG: u64 = BLOCK;

/// What a file consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// redb's own file.
    Plain,
    /// Blocks with checksums.
    Sums,
    /// The log, and blocks with checksums.
    Log,
}

impl Layout {
    /// That of new files.
    pub(super) const NEW: Layout = Layout::Log;
    /// Those that are not redb's own.
    pub(super) const OURS: [Layout; 2] = [Layout::Log, Layout::Sums];

    /// What a file begins with, if it is not redb's own.
    fn magic(self) -> &'static [u8] {
        match self {
            Layout::Plain => b"",
            Layout::Sums => b"found-db",
            Layout::Log => b"found-l1",
        }
    }

    /// The layout of a file that begins so.
    pub(super) fn of(begin: &[u8]) -> Layout {
        Layout::OURS.into_iter().find(|layout| begin.starts_with(layout.magic())).unwrap_or(Layout::Plain)
    }

    /// Where the header of redb lies.
    pub(super) fn header(self) -> u64 {
        if self.has_sums() { self.place(0) } else { 0 }
    }

    /// Whether its blocks have checksums.
    pub(super) fn has_sums(self) -> bool {
        self != Layout::Plain
    }

    /// Where the first group begins.
    fn groups(self) -> u64 {
        if self == Layout::Log { LOG + LOG_BYTES } else { 0 }
    }

    /// Where a block lies in the file.
    fn place(self, block: u64) -> u64 {
        self.groups() + (block + block / GROUP + 1) * BLOCK
    }

    /// Where the checksums of a group lie.
    fn place_of_sums(self, group: u64) -> u64 {
        self.groups() + group * (GROUP + 1) * BLOCK
    }
}

fn sum(block: u64, data: &[u8]) -> [u8; SUM] {
    XxHash3_64::oneshot_with_seed(block, data).to_le_bytes()
}

/// Where the checksum of a block is among those of its group.
fn place_in_group(block: u64) -> usize {
    (block % GROUP) as usize * SUM
}

/// The file: see the module's text. The lengths and offsets of its [`StorageBackend`] are those of the blocks alone.
#[derive(Debug)]
pub(super) struct Blocks {
    file: Box<dyn StorageBackend>,
    layout: Layout,
    sums: KnownSums,
    /// Whether a block that is not as its checksum says is an error already.
    opened: AtomicBool,
    /// Such blocks that were met before.
    suspects: Mutex<BTreeSet<u64>>,
}

/// Consecutive blocks, and which bytes of a buffer they are.
struct Run {
    first: u64,
    bytes: Range<usize>,
}

/// Cuts whole blocks into runs that lie one after the other in the file.
fn runs(offset: u64, length: usize) -> io::Result<impl Iterator<Item = Run>> {
    if !offset.is_multiple_of(BLOCK) || !(length as u64).is_multiple_of(BLOCK) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not whole blocks"));
    }
    let (mut block, end) = (offset / BLOCK, (offset + length as u64) / BLOCK);
    let start = block;
    Ok(std::iter::from_fn(move || {
        let first = block;
        block = end.min((first / RUN + 1) * RUN);
        let at = |block: u64| ((block - start) * BLOCK) as usize;
        (first < end).then(|| Run { first, bytes: at(first)..at(block) })
    }))
}

/// Whether it is a part of redb's header.
fn is_header(offset: u64, length: usize) -> bool {
    offset + length as u64 <= BLOCK
}

impl Blocks {
    /// The blocks of a file of that layout.
    pub(super) fn new(file: Box<dyn StorageBackend>, layout: Layout) -> Arc<Blocks> {
        Blocks::knowing(file, layout, GROUPS_KNOWN)
    }

    /// The same, with the checksums of at most so many groups in memory.
    fn knowing(file: Box<dyn StorageBackend>, layout: Layout, groups: usize) -> Arc<Blocks> {
        let sums = KnownSums::new(groups, BLOCK as usize);
        Arc::new(Blocks { file, layout, sums, opened: AtomicBool::new(false), suspects: Mutex::default() })
    }

    /// Whether there is a log.
    pub(super) fn has_log(&self) -> bool {
        self.layout == Layout::Log
    }

    /// All that the log's part of the file has.
    pub(super) fn read_log(&self) -> io::Result<Vec<u8>> {
        let mut log = vec![0; LOG_BYTES as usize];
        self.file.read(LOG, &mut log).map(|()| log)
    }

    /// Writes a part of the log, and has it on the disk.
    pub(super) fn write_log(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file.write(LOG + offset, data)?;
        self.file.sync_data()
    }

    fn suspects(&self) -> MutexGuard<'_, BTreeSet<u64>> {
        self.suspects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fails if a block was met that is not as it was written.
    pub(super) fn check(&self) -> io::Result<()> {
        self.suspects().first().map_or(Ok(()), |block| Err(self.damaged(*block)))
    }

    /// To be called when redb has opened the file, and with whether it has read it through and accepted what it found:
    /// then the blocks are as they should be, and their checksums are made so. From now on a block that is not as its
    /// checksum says is an error.
    pub(super) fn opened(&self, read_through: bool) -> io::Result<()> {
        if !read_through {
            self.check()?;
        }
        let suspects = std::mem::take(&mut *self.suspects());
        for &block in &suspects {
            let mut data = [0; BLOCK as usize];
            self.file.read(self.layout.place(block), &mut data)?;
            self.write_sums(block, &sum(block, &data))?;
        }
        if !suspects.is_empty() {
            self.file.sync_data()?;
        }
        self.opened.store(true, Ordering::Release);
        Ok(())
    }

    fn damaged(&self, block: u64) -> io::Error {
        let what = format!("the block at byte {} is not what was written", self.layout.place(block));
        io::Error::new(io::ErrorKind::InvalidData, what)
    }

    /// Reads the checksums of blocks of one group from `first` on, from the file if they are not known.
    fn read_sums(&self, first: u64, out: &mut [u8]) -> io::Result<()> {
        let group = first / GROUP;
        let all = |sums: &mut [u8]| self.file.read(self.layout.place_of_sums(group), sums);
        self.sums.read(group, place_in_group(first), out, all)
    }

    /// Writes them.
    fn write_sums(&self, first: u64, sums: &[u8]) -> io::Result<()> {
        let (group, at) = (first / GROUP, place_in_group(first));
        self.sums.write(group, at, sums, || self.file.write(self.layout.place_of_sums(group) + at as u64, sums))
    }

    fn look_at(&self, first: u64, data: &[u8]) -> io::Result<()> {
        let mut stored = [0; SUM * RUN as usize];
        let stored = &mut stored[..data.len() / BLOCK as usize * SUM];
        self.read_sums(first, stored)?;
        for ((block, data), stored) in (first..).zip(data.chunks(BLOCK as usize)).zip(stored.chunks(SUM)) {
            if block == 0 || sum(block, data) == stored {
                continue;
            }
            if self.opened.load(Ordering::Acquire) {
                return Err(self.damaged(block));
            }
            self.suspects().insert(block);
        }
        Ok(())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        if is_header(offset, out.len()) {
            return self.file.read(self.layout.place(0) + offset, out);
        }
        for Run { first, bytes } in runs(offset, out.len())? {
            let data = &mut out[bytes];
            self.file.read(self.layout.place(first), data)?;
            self.look_at(first, data)?;
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        if is_header(offset, data.len()) {
            return self.file.write(self.layout.place(0) + offset, data);
        }
        for Run { first, bytes } in runs(offset, data.len())? {
            let data = &data[bytes];
            let sums: Vec<u8> =
                (first..).zip(data.chunks(BLOCK as usize)).flat_map(|(block, data)| sum(block, data)).collect();
            // The first block of all has none.
            let without = u64::from(first == 0);
            self.file.write(self.layout.place(first), data)?;
            self.write_sums(first + without, &sums[without as usize * SUM..])?;
        }
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let is_new = self.file.len()? == 0;
        let result = self.file.set_len(self.layout.groups() + length + length.div_ceil(GROUP * BLOCK) * BLOCK);
        // Those that were cut off are not what the file has when it is long again.
        self.sums.forget();
        result?;
        if is_new { self.file.write(0, self.layout.magic()) } else { Ok(()) }
    }
}

/// The blocks for redb.
#[derive(Debug)]
pub(super) struct BlockFile(pub(super) Arc<Blocks>);

impl BlockFile {
    fn has_sums(&self) -> bool {
        self.0.layout.has_sums()
    }
}

impl StorageBackend for BlockFile {
    fn len(&self) -> io::Result<u64> {
        let length = self.0.file.len()?;
        if !self.has_sums() {
            return Ok(length);
        }
        let length = length.saturating_sub(self.0.layout.groups());
        let groups = length.div_ceil((GROUP + 1) * BLOCK);
        Ok(length.saturating_sub(groups * BLOCK))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        if self.has_sums() { self.0.read(offset, out) } else { self.0.file.read(offset, out) }
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        if self.has_sums() { self.0.set_len(length) } else { self.0.file.set_len(length) }
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        if self.has_sums() { self.0.write(offset, data) } else { self.0.file.write(offset, data) }
    }

    fn close(&self) -> io::Result<()> {
        self.0.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.file.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.file.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.file.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.file.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.file.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.file.query_lock_range(start, end)
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::Random;
    use super::*;
    use redb::backends::InMemoryBackend;

    const LAYOUT: Layout = Layout::NEW;

    /// A file that the test sees from both sides.
    #[derive(Clone, Debug, Default)]
    struct SharedFile(Arc<InMemoryBackend>);

    impl StorageBackend for SharedFile {
        fn len(&self) -> io::Result<u64> {
            self.0.len()
        }
        fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
            self.0.read(offset, out)
        }
        fn set_len(&self, length: u64) -> io::Result<()> {
            self.0.set_len(length)
        }
        fn sync_data(&self) -> io::Result<()> {
            self.0.sync_data()
        }
        fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
            self.0.write(offset, data)
        }
    }

    impl SharedFile {
        fn flip(&self, at: u64) {
            let mut byte = [0];
            self.read(at, &mut byte).unwrap();
            self.write(at, &[byte[0] ^ 4]).unwrap();
        }
    }

    fn file_of(blocks: u64) -> (SharedFile, BlockFile) {
        file_laid_out(LAYOUT, blocks)
    }

    fn file_laid_out(layout: Layout, blocks: u64) -> (SharedFile, BlockFile) {
        let file = SharedFile::default();
        let under_test = opened(&file, layout, GROUPS_KNOWN);
        under_test.set_len(blocks * BLOCK).unwrap();
        (file, under_test)
    }

    /// The file as one has it who has just opened it, and keeps the checksums of so many groups.
    fn opened(file: &SharedFile, layout: Layout, groups: usize) -> BlockFile {
        let blocks = BlockFile(Blocks::knowing(Box::new(file.clone()), layout, groups));
        blocks.0.opened(false).unwrap();
        blocks
    }

    fn place_of_sum(block: u64) -> u64 {
        LAYOUT.place_of_sums(block / GROUP) + place_in_group(block) as u64
    }

    fn read(file: &BlockFile, block: u64) -> io::Result<Vec<u8>> {
        let mut data = vec![0; BLOCK as usize];
        file.read(block * BLOCK, &mut data).map(|()| data)
    }

    /// The checksums are those of the Python package xxhash.
    #[test]
    fn the_layout_is_what_files_have() {
        for (layout, magic, groups) in [(Layout::Log, b"found-l1", 4096 + (512 << 10)), (Layout::Sums, b"found-db", 0)]
        {
            let (file, blocks) = file_laid_out(layout, GROUP + 1);
            assert_eq!(file.len().unwrap(), groups + (1 + GROUP + 1 + 1) * BLOCK);
            blocks.write(100, b"header").unwrap();
            let data = [b'x'; BLOCK as usize];
            blocks.write(BLOCK, &data).unwrap();
            blocks.write(GROUP * BLOCK, &data).unwrap();
            let at = |offset, length: usize| {
                let mut out = vec![0; length];
                file.read(offset, &mut out).unwrap();
                out
            };
            assert_eq!(at(0, 8), magic);
            assert_eq!(at(groups + 4096 + 100, 6), b"header");
            assert_eq!(at(groups + 2 * 4096, 4096), data);
            assert_eq!(at(groups + 8, 8), 0x1f60_7ffe_430f_a5b2_u64.to_le_bytes());
            assert_eq!(at(groups + 514 * 4096, 4096), data);
            assert_eq!(at(groups + 513 * 4096, 8), 0x6914_4f5f_d567_f107_u64.to_le_bytes());
            if blocks.0.has_log() {
                blocks.0.write_log(0, b"first").unwrap();
                blocks.0.write_log(LOG_BYTES - 4, b"last").unwrap();
                assert_eq!((at(4096, 5), at(groups - 4, 4)), (b"first".to_vec(), b"last".to_vec()));
                let log = blocks.0.read_log().unwrap();
                assert!(log.starts_with(b"first") && log.ends_with(b"last") && log.len() as u64 == LOG_BYTES);
            }
        }
    }

    #[test]
    fn blocks_are_what_was_written_at_any_length() {
        // Some groups share a slot, or none do.
        for groups in [1, 2, GROUPS_KNOWN] {
            blocks_are_what_was_written_keeping(groups);
        }
    }

    fn blocks_are_what_was_written_keeping(groups: usize) {
        let mut random = Random(groups as u64);
        let file = SharedFile::default();
        let mut blocks = opened(&file, LAYOUT, groups);
        blocks.set_len(BLOCK).unwrap();
        let mut model: Vec<Vec<u8>> = vec![vec![]];
        for _ in 0..100 {
            if random.one_in(10) {
                let length = 1 + random.below(3 * GROUP);
                blocks.set_len(length * BLOCK).unwrap();
                // What was never written is not read, and what was cut off is not there again.
                model.resize(length as usize, vec![]);
            }
            if random.one_in(10) {
                // What was in memory is in the file as well.
                blocks = opened(&file, LAYOUT, groups);
            }
            assert_eq!(blocks.len().unwrap(), model.len() as u64 * BLOCK);
            let count = 1 + random.below(200).min(model.len() as u64 - 1);
            let first = random.below(model.len() as u64 - count + 1).max(1);
            let count = count.min(model.len() as u64 - first);
            let data: Vec<u8> = (0..count).flat_map(|_| vec![random.below(256) as u8; BLOCK as usize]).collect();
            blocks.write(first * BLOCK, &data).unwrap();
            for (known, data) in model[first as usize..].iter_mut().zip(data.chunks(BLOCK as usize)) {
                *known = data.to_vec();
            }
            let mut out = vec![0; data.len()];
            blocks.read(first * BLOCK, &mut out).unwrap();
            assert!(out == data);
            let block = random.below(model.len() as u64);
            if !model[block as usize].is_empty() {
                assert!(read(&blocks, block).unwrap() == model[block as usize], "block {block}");
            }
        }
        for (block, data) in model.iter().enumerate().skip(1).filter(|(_, data)| !data.is_empty()) {
            assert!(read(&blocks, block as u64).unwrap() == *data, "block {block}");
        }
    }

    #[test]
    fn whatever_is_changed_is_found() {
        let (file, blocks) = file_of(1000);
        for block in 1..1000u64 {
            blocks.write(block * BLOCK, &[block as u8; BLOCK as usize]).unwrap();
        }
        let mut random = Random(1);
        for block in [1, 2, 63, 64, 511, 512, 513, 999] {
            let is_found = |blocks: &BlockFile| {
                let error = read(blocks, block).unwrap_err();
                assert_eq!(error.kind(), io::ErrorKind::InvalidData);
                assert!(error.to_string().contains(&LAYOUT.place(block).to_string()), "{error}");
                assert!(blocks.read((block - 1).max(1) * BLOCK, &mut [0; 2 * BLOCK as usize]).is_err());
            };
            for at in [LAYOUT.place(block) + random.below(BLOCK), place_of_sum(block) + random.below(8)] {
                file.flip(at);
                is_found(&opened(&file, LAYOUT, GROUPS_KNOWN));
                if at >= LAYOUT.place(block) {
                    // By who has read it before, too.
                    is_found(&blocks);
                }
                file.flip(at);
                read(&blocks, block).unwrap();
            }
        }
        // A block in the place of another, with its checksum.
        let mut astray = vec![0; BLOCK as usize];
        file.read(LAYOUT.place(5), &mut astray).unwrap();
        file.write(LAYOUT.place(6), &astray).unwrap();
        file.read(place_of_sum(5), &mut astray[..8]).unwrap();
        file.write(place_of_sum(6), &astray[..8]).unwrap();
        assert!(read(&opened(&file, LAYOUT, GROUPS_KNOWN), 6).is_err());
        // A block and its checksum that were never written, or lost.
        file.write(LAYOUT.place(7), &[0; BLOCK as usize]).unwrap();
        file.write(place_of_sum(7), &[0; 8]).unwrap();
        assert!(read(&opened(&file, LAYOUT, GROUPS_KNOWN), 7).is_err());
    }

    #[test]
    fn what_redb_has_read_through_is_believed() {
        let (file, blocks) = file_of(10);
        blocks.write(BLOCK, &[1; BLOCK as usize]).unwrap();
        // The block is newer than its checksum.
        file.write(LAYOUT.place(1), &[2; BLOCK as usize]).unwrap();
        let again = BlockFile(Blocks::new(Box::new(file.clone()), LAYOUT));
        assert_eq!(read(&again, 1).unwrap(), [2; BLOCK as usize]);
        assert!(again.0.check().is_err() && again.0.opened(false).is_err());
        again.0.opened(true).unwrap();
        assert_eq!(read(&again, 1).unwrap(), [2; BLOCK as usize]);
        assert_eq!(read(&opened(&file, LAYOUT, GROUPS_KNOWN), 1).unwrap(), [2; BLOCK as usize]);
    }
}
