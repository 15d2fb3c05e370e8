#![no_main]

#[path = "../../crates/fdb-c/tests/corpus/c_abi/mod.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::run(data));
