//! The fuzz targets of this crate, on what is kept of their corpora. See `fuzz/README.md`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod pstore_counter;
#[path = "../../../../fuzz/replay.rs"]
mod replay;
mod tuple_unpack;

use replay::replay;

#[test]
fn tuple_unpack() {
    replay("tuple_unpack", tuple_unpack::run);
}

#[test]
fn pstore_counter() {
    replay("pstore_counter", pstore_counter::run);
}
