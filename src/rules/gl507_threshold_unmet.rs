//! GL507: threshold-unmet.

use super::Context;
use super::support::approval::approval_evidence;
use crate::model::{Finding, State};
use std::collections::BTreeSet;

rule! {
    /// Fewer persons said Go than the policy wants.
    ///
    /// ## What it checks
    /// As many different persons decided `GO` as `approval.threshold` in `d3p.yaml` says. Persons are
    /// counted, not decisions.
    ///
    /// ## Why it matters
    /// Four eyes are two people.
    ///
    /// ## How to fix
    /// Ask the others: `d3p record production-approval --by "FULL NAME" --decision go`.
    GL507 "threshold-unmet" Error since "0.1.0" clauses ["P11-3.1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    if evidence.value().is_none() || context.decisions().is_empty() {
        return;
    }
    let persons: BTreeSet<String> = context
        .decisions()
        .iter()
        .filter(|decision| decision.is_go())
        .filter_map(|decision| decision.statement.as_ref().ok())
        .map(|statement| {
            statement
                .predicate
                .principal
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .to_lowercase()
        })
        .collect();
    let threshold = context.project.effective().policy.approval.threshold;
    if persons.len() < threshold {
        let message = format!("{} of {threshold} persons said GO", persons.len());
        out.push(
            Finding::new(&GL507, evidence.piece(), evidence.at("/decisions"), message)
                .state(State::Missing)
                .clauses(&evidence.def.clauses)
                .help("d3p record production-approval --by \"FULL NAME\" --decision go"),
        );
    }
}
