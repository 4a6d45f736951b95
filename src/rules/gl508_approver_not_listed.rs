//! GL508: approver-not-listed.

use super::Context;
use crate::decisions::{approval_evidence, how_to_decide, nobody_in, signatures_on};
use crate::model::Finding;

rule! {
    /// A decision was made by nobody who may make it.
    ///
    /// ## What it checks
    /// `principal` is a person's full name and, when `approval.persons` in `d3p.yaml` names persons,
    /// one of them.
    ///
    /// ## Why it matters
    /// Approvers in the wild are role titles, `Pending` and agents; policy says who may decide, the
    /// file that is judged does not.
    ///
    /// ## How to fix
    /// Let a listed person decide, or name the person in `d3p.yaml` before gate 1 freezes it.
    GL508 "approver-not-listed" Error since "0.1.0" clauses ["P11-3.1", "X-3"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    let listed = &context.project.effective().policy.approval.persons;
    for decision in context.decisions() {
        let Ok(statement) = &decision.statement else { continue };
        let principal = &statement.predicate.head.person;
        // Whose key signed says more than a name; see GL512.
        if signatures_on(context.project) {
            continue;
        }
        let why = match nobody_in(context.project, principal) {
            Some(why) => Some(why),
            None if listed.is_empty() || listed.iter().any(|person| person.name == *principal) => {
                None
            }
            None => Some("`approval.persons` in d3p.yaml does not name them".to_owned()),
        };
        if let Some(why) = why {
            let message = format!("\"{principal}\" cannot decide: {why}");
            out.push(
                Finding::new(&GL508, evidence.piece(), evidence.at(decision.pointer()), message)
                    .clauses(&evidence.def.clauses)
                    .advise(how_to_decide(context.project)),
            );
        }
    }
}
