//! The fuzz target of this crate, on what is kept of its corpus. See `fuzz/README.md`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod c_abi;
#[path = "../../../../fuzz/replay.rs"]
mod replay;

#[test]
fn c_abi() {
    replay::replay("c_abi", c_abi::run);
}
