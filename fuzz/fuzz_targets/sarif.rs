//! Any bytes, read as sarif; what must hold is in `tests/fuzz_corpus/properties.rs`.
#![no_main]

#[path = "../../tests/fuzz_corpus/properties.rs"]
#[allow(dead_code, reason = "each target holds one of them")]
mod properties;

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::sarif(data));
