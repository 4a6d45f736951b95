//! The decision on taking the launch back (D3P-9, P11-C2).

mod authority;
mod deployed;
mod kind;
mod promotion;
mod request;
mod ruling;

pub use authority::{AuthorityTree, authority_tree, deciding_name, how_to_roll_back};
pub use deployed::{deployed_at, rollback_hook, rollbacks_begun};
pub use kind::{
    Authority, CONTINUE, ROLL_BACK, RollbackDecision, RollbackStatement, rollback_check,
    rollback_decisions,
};
pub use promotion::promotion;
pub use request::{RollbackRequest, rollback_body, rollback_statement};
pub(crate) use ruling::nobody_could_roll_back;
pub use ruling::{Moments, Ruling, Vote, files_changed, ruling, vote};
