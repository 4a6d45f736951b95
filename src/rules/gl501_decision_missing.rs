//! GL501: decision-missing.

use super::Context;
use crate::decisions::{approval_evidence, who_else};
use crate::model::{Finding, State};
use std::collections::BTreeSet;

rule! {
    /// Nobody has decided on the launch.
    ///
    /// ## What it checks
    /// The evidence of the approval holds at least one decision.
    ///
    /// ## Why it matters
    /// Do not proceed without written approval. A request is not a decision.
    ///
    /// ## How to fix
    /// `d3p record KIND --by "FULL NAME" --decision go`, by the person who decides.
    GL501 "decision-missing" Error since "0.1.0" clauses ["P11-3.1", "DLC-7"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    if evidence.value().is_some() && context.decisions().is_empty() {
        out.push(
            Finding::new(
                &GL501,
                evidence.piece(),
                evidence.at("/decisions"),
                "nobody has decided yet",
            )
            .state(State::Missing)
            .clauses(&evidence.def.clauses)
            .advise(who_else(context.project, &BTreeSet::new())),
        );
    }
}
