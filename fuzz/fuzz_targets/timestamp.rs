//! Any bytes, read as a time stamp; what must hold is in `tests/fuzz_corpus/timestamp.rs`.
#![no_main]

#[path = "../../tests/fuzz_corpus/timestamp.rs"]
mod timestamp;

libfuzzer_sys::fuzz_target!(|data: &[u8]| timestamp::timestamp(data));
