//! GL505: approval-expired.

use super::Context;
use crate::decisions::{approval_evidence, who_else};
use crate::model::{Finding, State};
use std::collections::BTreeSet;

rule! {
    /// A decision had expired when it was used.
    ///
    /// ## What it checks
    /// At the start of the deployment (before it: now) the decision is not older than
    /// `approval.production.max_age`, and its own `notAfter` has not passed. The maximum comes from policy, never
    /// from the statement.
    ///
    /// ## Why it matters
    /// A Go of last week was given for last week's traffic, staff and freeze calendar.
    ///
    /// ## How to fix
    /// Ask again: `d3p record KIND --by "FULL NAME" --decision go`.
    GL505 "approval-expired" Error since "0.1.0" clauses ["P11-3.1", "X-3"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(evidence) = approval_evidence(project) else { return };
    let used = context.launched_at().unwrap_or(context.judgement.now);
    for decision in context.decisions().iter().filter(|decision| decision.is_go()) {
        let (Some(decided), Some(end)) = (decision.decided_at(), decision.ends(project)) else {
            continue;
        };
        if end < used {
            let message = match context.launched_at() {
                Some(_) => format!("decided {decided}, expired {end}, before it was used {used}"),
                None => format!("decided {decided}, expired {end}"),
            };
            out.push(
                Finding::new(&GL505, evidence.piece(), evidence.at(decision.pointer()), message)
                    .state(State::Stale)
                    .clauses(&evidence.def.clauses)
                    .advise(who_else(project, &BTreeSet::new())),
            );
        }
    }
}
