#![no_main]

#[path = "../../crates/found/tests/corpus/pstore_counter.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::run(data));
