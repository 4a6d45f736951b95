//! GL503: statement-malformed.

use super::Context;
use crate::decisions::{approval_evidence, how_to_decide, signatures_on};
use crate::model::Finding;

rule! {
    /// A decision's statement cannot be understood, or is not what it claims to be.
    ///
    /// ## What it checks
    /// Each `statement` is canonical ASCII JSON that re-serialises to itself, an in-toto Statement with
    /// our approval predicate, complete and without unknown keys; nothing is signed while
    /// `signatures` is off.
    ///
    /// ## Why it matters
    /// The exact text is what a person decided on. Two readings of it would be two decisions.
    ///
    /// ## How to fix
    /// Record the decision again with `d3p record KIND`.
    GL503 "statement-malformed" Error since "0.1.0" clauses ["P11-3.1", "X-3"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    for decision in context.decisions() {
        if let Err(why) = &decision.statement {
            let message = format!("the statement cannot be taken as a decision: {why}");
            out.push(
                Finding::new(&GL503, evidence.piece(), evidence.at(decision.pointer()), message)
                    .clauses(&evidence.def.clauses)
                    .advise(how_to_decide(context.project)),
            );
        }
    }
    if signatures_on(context.project) {
        return;
    }
    let decisions = evidence.value().and_then(|value| value.get("decisions"));
    let signed = decisions.and_then(serde_json::Value::as_array).into_iter().flatten().enumerate();
    for (index, _) in
        signed.filter(|(_, decision)| decision.get("signature").is_some_and(|s| !s.is_null()))
    {
        let message =
            "carries a signature, and the policy says `signatures: off`: nobody checks it";
        let place = evidence.at(format!("/decisions/{index}/signature"));
        out.push(
            Finding::new(&GL503, evidence.piece(), place, message).edit("remove the signature"),
        );
    }
}
