//! The fuzz target of this crate, on what is kept of its corpus. See `fuzz/README.md`.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod get_range;
#[path = "../../../../fuzz/replay.rs"]
mod replay;

#[test]
fn get_range() {
    replay::replay("get_range", get_range::run);
}
