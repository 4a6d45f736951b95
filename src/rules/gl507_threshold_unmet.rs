//! GL507: threshold-unmet.

use super::Context;
use crate::decisions::{approval_evidence, persons_who, who_else};
use crate::model::{Finding, State};

rule! {
    /// Fewer persons said Go than the policy wants.
    ///
    /// ## What it checks
    /// As many different persons decided `GO` as `approval.production.threshold` in `d3p.yaml` says. Persons are
    /// counted, not decisions, and where the policy wants signatures only those whose key signed.
    ///
    /// ## Why it matters
    /// Four eyes are two people.
    ///
    /// ## How to fix
    /// Ask the others: `d3p record KIND --by "FULL NAME" --decision go`.
    GL507 "threshold-unmet" Error since "0.1.0" clauses ["P11-3.1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    if evidence.value().is_none() || context.decisions().is_empty() {
        return;
    }
    let (now, launched) = (context.judgement.now, context.launched_at());
    let persons = persons_who(context.project, context.decisions(), now, launched, |decision| {
        decision.is_go()
    });
    let threshold = context.project.effective().policy.approval.production.threshold;
    if persons.len() < threshold {
        let message = format!("{} of {threshold} persons said GO", persons.len());
        out.push(
            Finding::new(&GL507, evidence.piece(), evidence.at("/decisions"), message)
                .state(State::Missing)
                .clauses(&evidence.def.clauses)
                .advise(who_else(context.project, &persons)),
        );
    }
}
