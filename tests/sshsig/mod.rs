//! Signatures, signers and certificates, held against the real `ssh-keygen`.
//!
//! The rule of all of it: what d3p takes, `ssh-keygen -Y verify` takes too ([`bench::Bench::ask`]
//! asserts it each time). Where d3p is stricter, a test says in which words.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod any_bytes;
mod bench;
mod certificates;
mod hardware;
mod interop;
mod malleable;
mod signers;
mod small_order;
pub(crate) mod token;
pub(crate) mod wire;
