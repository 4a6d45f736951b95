//! All tests of whole commands, in one program: linking it once for each file took longer than
//! running it. `tests/rules.rs` is the other one, since its tests are files.
//!
//! `cargo test --test suite approve::` runs those of `tests/approve.rs`.

mod advice;
mod approve;
mod archive;
mod authors;
mod bundle;
mod cases;
mod causes;
mod cli;
mod clock;
mod clones;
mod common;
mod concurrency;
mod crawler;
mod demo;
mod docs;
mod doctor;
mod embed;
#[cfg(target_os = "linux")]
#[cfg(unix)]
mod exit;
mod faults;
mod formats;
mod fuzz_corpus;
mod honest;
mod house;
mod layers;
mod lies;
mod loading;
mod machines;
mod missing_keys;
mod monotonic;
mod mutation;
mod names;
mod operations;
mod parallel;
mod phases;
mod policy;
mod redteam;
mod release;
mod renamed;
mod report;
mod reports;
mod rollback;
mod rollout;
mod scaffold;
mod schemas;
mod sshsig;
mod talk;
mod tree;
mod waive;
mod withdraw;
