//! The memory that a memory database lives in, for redb: as a file would be, but of chunks.
//!
//! One `Vec` (redb's own memory backend) is copied when it grows: 60 ms and twice the memory at 250 MB. Chunks stay
//! where they are.

use redb::StorageBackend;
use std::io;
use std::sync::{PoisonError, RwLock};

const CHUNK: usize = 1 << 20;

/// A growing piece of memory.
#[derive(Default)]
pub(super) struct ChunkedMemory(RwLock<Chunks>);

#[derive(Default)]
struct Chunks {
    length: usize,
    chunks: Vec<Box<[u8]>>,
}

impl ChunkedMemory {
    /// Calls `each` with every part of a chunk that lies in `[offset, offset + length)`, and where in the range it is.
    fn parts(offset: u64, length: usize, mut each: impl FnMut(usize, std::ops::Range<usize>, usize)) {
        // The offset is below the length, which is a usize.
        let (mut at, mut done) = (offset as usize, 0);
        while done < length {
            let within = at % CHUNK;
            let size = (CHUNK - within).min(length - done);
            each(at / CHUNK, within..within + size, done);
            at += size;
            done += size;
        }
    }
}

impl Chunks {
    fn check(&self, offset: u64, length: usize) -> io::Result<()> {
        match offset.checked_add(length as u64) {
            Some(end) if end <= self.length as u64 => Ok(()),
            _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "outside the memory of the database")),
        }
    }
}

impl StorageBackend for ChunkedMemory {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.read().unwrap_or_else(PoisonError::into_inner).length as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let memory = self.0.read().unwrap_or_else(PoisonError::into_inner);
        memory.check(offset, out.len())?;
        Self::parts(offset, out.len(), |chunk, part, done| {
            out[done..done + part.len()].copy_from_slice(&memory.chunks[chunk][part]);
        });
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let length = usize::try_from(length).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        let mut memory = self.0.write().unwrap_or_else(PoisonError::into_inner);
        memory.chunks.resize_with(length.div_ceil(CHUNK), || vec![0; CHUNK].into());
        // What is cut off must read as zeros should it come back.
        let kept = length % CHUNK;
        let cut = length < memory.length && kept != 0;
        if let Some(last) = memory.chunks.last_mut().filter(|_| cut) {
            last[kept..].fill(0);
        }
        memory.length = length;
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut memory = self.0.write().unwrap_or_else(PoisonError::into_inner);
        memory.check(offset, data.len())?;
        Self::parts(offset, data.len(), |chunk, part, done| {
            let size = part.len();
            memory.chunks[chunk][part].copy_from_slice(&data[done..done + size]);
        });
        Ok(())
    }
}

impl std::fmt::Debug for ChunkedMemory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChunkedMemory").field("length", &self.len().unwrap_or_default()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_cross_chunks() {
        let memory = ChunkedMemory::default();
        memory.set_len(3 * CHUNK as u64).unwrap();
        let data: Vec<u8> = (0..CHUNK + 10).map(|index| index as u8).collect();
        memory.write(CHUNK as u64 - 5, &data).unwrap();
        let mut out = vec![0; data.len()];
        memory.read(CHUNK as u64 - 5, &mut out).unwrap();
        assert!(out == data);
    }

    #[test]
    fn what_was_cut_off_comes_back_as_zeros() {
        let memory = ChunkedMemory::default();
        memory.set_len(100).unwrap();
        memory.write(0, &[7; 100]).unwrap();
        memory.set_len(50).unwrap();
        assert!(memory.read(0, &mut [0; 51]).is_err() && memory.write(50, &[1]).is_err());
        memory.set_len(100).unwrap();
        let mut out = [1; 100];
        memory.read(0, &mut out).unwrap();
        assert_eq!((&out[..50], &out[50..]), (&[7; 50][..], &[0; 50][..]));
    }
}
