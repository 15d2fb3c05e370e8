//! Sizes of ranges, estimated as storage servers do: from a sample of the keys.
//!
//! Which pairs are in the sample depends on nothing but their keys and sizes (`isKeyValueInSample` in
//! `fdbserver/storageserver.actor.cpp`): a pair of `n` bytes is taken with a probability of about `n / (k + 100) / 250`
//! and stands for `n` divided by that. Small data may count as nothing.

use crate::error::Result;
use crate::storage::Snapshot;
use std::ops::ControlFlow;

/// The bytes that a pair adds to the estimate, if it is in the sample (`BYTE_SAMPLING_FACTOR`,
/// `BYTE_SAMPLING_OVERHEAD`).
fn sampled(key: &[u8], value: &[u8]) -> Option<i64> {
    let size = (key.len() + value.len()) as f64;
    let probability = size / (key.len() + 100) as f64 / 250.0;
    if probability >= 1.0 {
        return Some(size as i64);
    }
    let chance = f64::from(hash(key)) / f64::from(u32::MAX);
    (chance < probability).then_some((size / probability) as i64)
}

/// FNV-1a with a final mix: even over keys that differ in few bits.
fn hash(key: &[u8]) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for &byte in key {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0xd6e8_feb8_6659_fd93);
    (hash >> 32) as u32
}

/// About how many bytes `[begin, end)` holds.
pub(crate) fn estimate(snapshot: &dyn Snapshot, begin: &[u8], end: &[u8]) -> Result<i64> {
    let mut bytes = 0;
    walk(snapshot, begin, end, |_, sample| bytes += sample)?;
    Ok(bytes)
}

/// Both ends, and between them keys at which about `chunk_size` bytes have passed.
pub(crate) fn split_points(snapshot: &dyn Snapshot, begin: &[u8], end: &[u8], chunk_size: i64) -> Result<Vec<Vec<u8>>> {
    let mut points = vec![begin.to_vec()];
    let mut bytes = 0;
    walk(snapshot, begin, end, |key, sample| {
        if bytes >= chunk_size.max(1) && key > begin {
            points.push(key.to_vec());
            bytes = 0;
        }
        bytes += sample;
    })?;
    points.push(end.to_vec());
    Ok(points)
}

fn walk(snapshot: &dyn Snapshot, begin: &[u8], end: &[u8], mut visit: impl FnMut(&[u8], i64)) -> Result<()> {
    if begin >= end {
        return Ok(());
    }
    snapshot.scan(begin, end, false, &mut |key, value| {
        if let Some(sample) = sampled(key, value) {
            visit(key, sample);
        }
        ControlFlow::Continue(())
    })?;
    Ok(())
}
