//! Any bytes, read as a signature; what must hold is in `tests/fuzz_corpus/sign.rs`.
#![no_main]

#[path = "../../tests/fuzz_corpus/sign.rs"]
#[allow(dead_code, reason = "each target holds one of them")]
mod sign;

libfuzzer_sys::fuzz_target!(|data: &[u8]| sign::sshsig(data));
