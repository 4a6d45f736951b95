//! All tests of whole commands, in one program: linking it once for each file took longer than
//! running it. `tests/rules.rs` is the other one, since its tests are files.
//!
//! `cargo test --test suite approve::` runs those of `tests/approve.rs`.

mod advice;
mod agents;
#[cfg(unix)]
mod apart;
mod approve;
mod archive;
mod authors;
mod bundle;
mod cases;
mod causes;
mod clauses;
mod cli;
mod clock;
mod clones;
mod common;
mod compiled;
mod concurrency;
mod crawler;
mod demo;
mod docs;
mod doctor;
mod embed;
mod emergency;
#[cfg(target_os = "linux")]
#[cfg(unix)]
mod exit;
mod facts;
mod faults;
mod formats;
mod fuzz_corpus;
mod growth;
mod handoff;
mod honest;
mod house;
mod layers;
mod leavers;
mod lies;
mod loading;
mod locks;
mod lsp;
mod machines;
mod many;
mod mcp;
mod missing_keys;
mod monotonic;
mod mutation;
mod names;
mod operations;
mod operations_evidence;
mod oscal;
mod parallel;
mod phases;
mod platforms;
mod policy;
mod prompt;
mod recommended;
mod redteam;
mod release;
mod renamed;
mod report;
mod reports;
mod rollback;
mod rollout;
mod scaffold;
mod schemas;
mod short;
mod sshsig;
mod talk;
mod timestamps;
mod tree;
mod waive;
mod withdraw;
