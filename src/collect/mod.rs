//! Collectors: they make evidence of what is there, and never judge it.

mod announce;
mod approval;
mod checklist;
mod evidence;
pub mod git;
mod log;
mod rollback;
mod waiver;

pub use announce::{announce, announce_once};
pub use approval::{ApprovalRequest, approval, requested, statement};
pub use checklist::checklist;
pub use evidence::{Envelope, compose, header_keys};
pub use log::log_payload;
pub use rollback::{RollbackRequest, rollback_decision, rollback_statement};
pub use waiver::{WaiverRequest, waiver, waivers_text};
