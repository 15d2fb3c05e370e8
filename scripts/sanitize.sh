#!/usr/bin/env bash
# The tests of the C API, unsafe code and all, under the address sanitizer: memory used after it was freed, read beyond
# its end, or left over at the end. Needs nightly Rust on Linux (rustup toolchain install nightly).
set -euo pipefail
cd "$(dirname "$0")/.."
target=x86_64-unknown-linux-gnu
export RUSTFLAGS=-Zsanitizer=address
# Beside the other builds, as these flags make everything anew.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/sanitizer"
export LSAN_OPTIONS="suppressions=$PWD/scripts/sanitize.suppressions:print_suppressions=0"
cargo +nightly test --quiet --package foundationdb-sys --target "$target" "$@"
