//! Collectors: they make evidence of what is there, and never judge it.

mod announce;
mod checklist;
mod evidence;
pub mod git;
mod log;

pub use announce::{announce, announce_once};
pub use checklist::checklist;
pub use evidence::{Envelope, compose, header_keys};
pub use log::log_payload;
