//! What people decide: who may, what each kind of decision says, whose signature it bears, what it
//! counts for, and what supersedes it (P11-3.1, D3P-9, X-3).
//!
//! Pure. Every kind of decision is a [`Kind`]: what its statements say besides the [`Head`] that all
//! share, its schema, and the part of the policy that governs it. Reading a statement, verifying
//! its signature, counting persons and comparing it with what lies here are the same for all.
//! Commands have statements signed (`cli::signing`); rules say what is wrong with them.

mod approval;
mod change;
mod lookalike;
mod loosened;
mod person;
mod rollback;
mod separation;
mod signature;
mod skip;
mod statement;
mod waiver;
mod withdrawal;

pub use approval::*;
pub use change::{contradictions, is_held, skip_reason};
pub(crate) use lookalike::deceives;
pub use loosened::{loosened, loosened_since};
pub(crate) use person::{fold, not_a_person, who_judges};
pub(crate) use person::{is_mononym, nobody_in, skeleton};
pub use person::{person_of, same_name, signatures_on};
pub use rollback::*;
pub use separation::{Deed, approvers, authorship, how_to_decide, not_separate, separation_wanted};
pub(crate) use separation::{unknown_authors, who_else, wrote};
pub use signature::{Signer, Unsigned, lacking, signed_by};
pub use skip::{Skipped, agrees, skip_statement, skipped};
pub use statement::{
    Decider, Decision, Head, Kind, PolicyDigest, Statement, changed_files, decisions_of,
};
pub use waiver::*;
pub use withdrawal::*;
