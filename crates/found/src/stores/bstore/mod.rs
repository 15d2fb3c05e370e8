//! The blob store: bytes by uid, equal bytes stored once.
//!
//! ```text
//!   H = (*prefix, 01)   T(H, blake2b-512 of the blob) = uid, 16 bytes
//!   B = (*prefix, 02)   T(B, uid, i)                  = bytes i * 100,000 up to (i + 1) * 100,000
//!   U = (*prefix, 03)   T(U, uid)                     = T(version): a blob that is being written, see `upload`
//!   F = (*prefix, 04)   T(F, uid)                     = T(hash): a blob that was written by an upload
//! ```
//!
//! - H and B are asyncio-foundationdb's and all it knows; it reads every blob that is whole.
//! - A blob is whole when its hash is in H. While its uid is in U it is not, and nothing here shows it.
//! - Blobs never change and uids are not used again: what was read of a blob stays true until it is removed.
//! - Removing a blob removes the bytes, for all who have its uid: the store does not count who refers to it.
//! - An empty blob has one empty chunk. The reference writes none for it; it is known by its hash.

mod read;
mod store;
mod sweep;
mod upload;

pub use store::BStore;
pub use upload::Upload;

/// The bytes of a chunk, and so of a value: as many as FoundationDB takes.
pub const CHUNK_BYTES: usize = 100_000;

const LIMIT: &str = "FOUND_BSTORE_LIMIT";
const DAMAGED: &str = "FOUND_BSTORE_DAMAGED";
const SWEPT: &str = "FOUND_BSTORE_SWEPT";
