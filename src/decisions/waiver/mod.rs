//! The decision to let a finding stand for a while.

mod evaluation;
mod kind;
mod place;
mod request;

pub(crate) use evaluation::used_for;
pub use evaluation::{WaiverSet, WaiverState, Waivers, evaluate, waive};
pub use kind::{
    NoWorse, WAIVE, Waiver, WaiverDecision, WaiverStatement, waiver_decisions, waivers_fault,
};
pub(crate) use place::gate_of;
pub use place::{finding_digest, no_worse, not_waivable, precedes_launch};
pub use request::{WaiverRequest, waiver_statement, waivers_text};
