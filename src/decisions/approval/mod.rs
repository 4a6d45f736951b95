//! The decision on the launch (P11-3.1).

mod exemptions;
mod kind;
mod objection;
mod request;
mod signers;
mod validity;

pub use exemptions::accepted;
pub(crate) use kind::approval_evidence;
pub use kind::{
    Approval, ApprovalDecision, ApprovalStatement, GO, NO_GO, covers, decisions, gates_covered,
};
pub(crate) use objection::{
    Answers, Objection, all_decisions, archived_objections, objections_elsewhere, said_no,
};
pub use objection::{Lifting, OpenObjection, objectors, open_objections};
pub use request::{ApprovalRequest, approval_body, approval_statement, requested_body};
pub(crate) use signers::go_over_baseline;
pub use signers::{go_of_last_launch, signer, window_overridden};
pub(crate) use signers::{persons_who, signers};
pub use validity::{Current, lacking_over, lets_go_unlocked, lets_take_over};
