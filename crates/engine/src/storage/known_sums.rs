//! The checksums of blocks that are in memory, by the groups that they have in the file.
//!
//! Invariants:
//! - What is known of a group is what the file has: whoever reads checksums from the file or writes them to it holds the
//!   group's slot meanwhile. After a write that failed nothing is known of the group.
//! - There are as many slots as were asked for, and each knows one group at most. Groups that share a slot drive each
//!   other out, which costs a read and no more.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The checksums of a group.
#[derive(Debug)]
struct Known {
    group: u64,
    sums: Box<[u8]>,
}

/// Checksums of groups, each of the same number of bytes.
#[derive(Debug)]
pub(super) struct KnownSums {
    slots: Box<[Mutex<Option<Known>>]>,
    group_bytes: usize,
}

impl KnownSums {
    /// Knows nothing yet, and at most `slots` groups, one at least. The checksums of a group are `group_bytes` long.
    pub(super) fn new(slots: usize, group_bytes: usize) -> KnownSums {
        KnownSums { slots: (0..slots.max(1)).map(|_| Mutex::default()).collect(), group_bytes }
    }

    fn slot(&self, group: u64) -> MutexGuard<'_, Option<Known>> {
        let slot = &self.slots[(group % self.slots.len() as u64) as usize];
        slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Copies the bytes from `at` on of a group's checksums. Where they are not known, `load` reads all those of the
    /// group.
    pub(super) fn read(
        &self,
        group: u64,
        at: usize,
        out: &mut [u8],
        load: impl FnOnce(&mut [u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut slot = self.slot(group);
        let known = match slot.take() {
            Some(known) if known.group == group => known,
            other => {
                let mut sums = other.map_or_else(|| vec![0; self.group_bytes].into(), |other| other.sums);
                load(&mut sums)?;
                Known { group, sums }
            }
        };
        out.copy_from_slice(&known.sums[at..at + out.len()]);
        *slot = Some(known);
        Ok(())
    }

    /// Has `write` write a group's checksums from byte `at` on.
    pub(super) fn write(
        &self,
        group: u64,
        at: usize,
        sums: &[u8],
        write: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        let mut slot = self.slot(group);
        let mut known = slot.take();
        if let Some(known) = known.as_mut().filter(|known| known.group == group) {
            // If the write fails, it is dropped.
            known.sums[at..at + sums.len()].copy_from_slice(sums);
        }
        write()?;
        *slot = known;
        Ok(())
    }

    /// Knows nothing any more.
    pub(super) fn forget(&self) {
        for slot in &self.slots {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::Random;
    use super::*;
    use std::ops::Range;
    use std::sync::atomic::{AtomicU8, Ordering};
    use std::thread;

    const GROUP_BYTES: usize = 64;
    const GROUPS: u64 = 5;

    /// What has the checksums for good.
    type File = Vec<Mutex<Vec<u8>>>;

    fn file() -> File {
        (0..GROUPS).map(|_| Mutex::new(vec![0; GROUP_BYTES])).collect()
    }

    fn read(known: &KnownSums, file: &File, group: u64, range: Range<usize>) -> Vec<u8> {
        let mut out = vec![0; range.len()];
        let load = |sums: &mut [u8]| {
            sums.copy_from_slice(&file[group as usize].lock().unwrap());
            Ok(())
        };
        known.read(group, range.start, &mut out, load).unwrap();
        out
    }

    fn write(known: &KnownSums, file: &File, group: u64, at: usize, sums: &[u8], most: usize) -> io::Result<()> {
        known.write(group, at, sums, || {
            // A write that fails may have written a part.
            let written = most.min(sums.len());
            file[group as usize].lock().unwrap()[at..at + written].copy_from_slice(&sums[..written]);
            if most < sums.len() { Err(io::Error::other("the disk is full")) } else { Ok(()) }
        })
    }

    #[test]
    fn what_is_read_is_what_the_file_has() {
        for slots in [0, 1, 3, 100] {
            let (known, file) = (KnownSums::new(slots, GROUP_BYTES), file());
            let mut random = Random(slots as u64);
            for _ in 0..2000 {
                let group = random.below(GROUPS);
                let at = random.below(GROUP_BYTES as u64) as usize;
                let end = at + 1 + random.below((GROUP_BYTES - at) as u64) as usize;
                match random.below(20) {
                    0 => known.forget(),
                    1..=8 => {
                        let sums: Vec<u8> = (at..end).map(|_| random.below(256) as u8).collect();
                        let most =
                            if random.one_in(4) { random.below(GROUP_BYTES as u64) as usize } else { GROUP_BYTES };
                        let written = write(&known, &file, group, at, &sums, most);
                        assert_eq!(written.is_ok(), most >= sums.len());
                    }
                    _ => {
                        let wanted = file[group as usize].lock().unwrap()[at..end].to_vec();
                        assert_eq!(read(&known, &file, group, at..end), wanted);
                    }
                }
            }
        }
    }

    #[test]
    fn a_group_is_read_once_while_nothing_drives_it_out() {
        let (known, loads) = (KnownSums::new(2, GROUP_BYTES), Mutex::new(Vec::new()));
        let read = |group: u64| {
            let load = |_: &mut [u8]| {
                loads.lock().unwrap().push(group);
                Ok(())
            };
            known.read(group, 8, &mut [0; 8], load).unwrap();
        };
        [0, 1, 0, 1, 0, 2, 1, 2, 0, 0].into_iter().for_each(read);
        assert_eq!(*loads.lock().unwrap(), [0, 1, 2, 0]);
        let failed = known.read(4, 0, &mut [0; 8], |_| Err(io::Error::other("no")));
        assert!(failed.is_err());
        known.write(4, 0, &[1; 8], || Ok(())).unwrap();
        [4, 0].into_iter().for_each(read);
        assert_eq!(*loads.lock().unwrap(), [0, 1, 2, 0, 4, 0]);
    }

    /// Long enough for another thread to come through, if nothing keeps it.
    fn let_another_run() {
        (0..1000).for_each(|_| thread::yield_now());
    }

    /// Has a read and a write of one group begin within each other; what is read after both.
    fn read_after(
        first: impl FnOnce(&KnownSums, &AtomicU8, &dyn Fn()),
        second: impl Fn(&KnownSums, &AtomicU8) + Sync,
    ) -> u8 {
        let (known, file) = (KnownSums::new(1, 1), AtomicU8::new(1));
        thread::scope(|scope| {
            first(&known, &file, &|| {
                scope.spawn(|| second(&known, &file));
                let_another_run();
            });
        });
        read_byte(&known, &file, &|| ())
    }

    fn read_byte(known: &KnownSums, file: &AtomicU8, then: &dyn Fn()) -> u8 {
        let mut out = [0];
        let load = |sums: &mut [u8]| {
            sums[0] = file.load(Ordering::Acquire);
            then();
            Ok(())
        };
        known.read(0, 0, &mut out, load).unwrap();
        out[0]
    }

    fn write_byte(known: &KnownSums, file: &AtomicU8, before: &dyn Fn()) {
        let write = || {
            before();
            file.store(2, Ordering::Release);
            Ok(())
        };
        known.write(0, 0, &[2], write).unwrap();
    }

    #[test]
    fn a_read_and_a_write_at_a_time_leave_what_was_written() {
        let read = |known: &KnownSums, file: &AtomicU8| {
            read_byte(known, file, &|| ());
        };
        let write = |known: &KnownSums, file: &AtomicU8| write_byte(known, file, &|| ());
        assert_eq!(
            read_after(
                |known, file, then| {
                    read_byte(known, file, then);
                },
                write
            ),
            2
        );
        assert_eq!(read_after(write_byte, read), 2);
    }
}
