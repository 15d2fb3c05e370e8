#![no_main]

#[path = "../../crates/found/tests/corpus/tuple_unpack.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::run(data));
