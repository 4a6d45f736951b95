//! GL506: approval-too-early.

use super::Context;
use crate::decisions::{Current, approval_evidence, how_to_decide};
use crate::model::{Finding, State};

rule! {
    /// A decision was made before what it is about was there, or after it was used.
    ///
    /// ## What it checks
    /// `decidedAt` is not before any evidence that the decision covers was finished, nor before gates 1
    /// and 2 were passed, nor after the deployment began; the ledger heads it names are ancestors that
    /// include those passes, and the record it names is that of the last gate before.
    ///
    /// ## Why it matters
    /// An approval that is older than what it approves was given in advance, and is worth as much.
    ///
    /// ## How to fix
    /// Record the decision once gates 1 and 2 are passed, and deploy after it.
    GL506 "approval-too-early" Error since "0.1.0" clauses ["P11-3.1", "X-3", "DLC-8"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    let current = Current::of(context.project, context.judgement.now);
    for decision in context.decisions().iter().filter(|decision| decision.is_go()) {
        let (Ok(statement), Some(decided)) = (&decision.statement, decision.decided_at()) else {
            continue;
        };
        if let Some(why) = current.wrong_moment(&statement.predicate, decided) {
            let message = format!("decided {decided}, {why}");
            out.push(
                Finding::new(&GL506, evidence.piece(), evidence.at(decision.pointer()), message)
                    .state(State::Invalid)
                    .clauses(&evidence.def.clauses)
                    .advise(how_to_decide(context.project)),
            );
        }
    }
}
