//! GL526: rollback-decision-invalid.

use super::Context;
use crate::decisions::{
    Vote, files_changed, fold, how_to_roll_back, rollback_check, rollback_decisions, vote,
};
use crate::model::{Advice, Finding, State};

rule! {
    /// A decision on the rollback is not that of a person who may make it, or not about this attempt.
    ///
    /// ## What it checks
    /// Each statement of a decision on the rollback is canonical JSON with our predicate; it is
    /// signed in the namespace `d3p-approval` by a key that `.d3p/allowed_signers` and
    /// `approval.persons` give to the person, with the hardware presence that `approval.rollback`
    /// wants. The person stands in the authority tree exactly as the statement says. It is about this
    /// release, commit, attempt, policy, rollback strategy and plan, and was made after the deployment
    /// began, over lines that this ledger has. What a person decided again counts no longer.
    ///
    /// ## Why it matters
    /// In an emergency everybody takes a "yes" for granted. Whose it was decides whether anybody
    /// learns from it.
    ///
    /// ## How to fix
    /// `d3p rollback decide` again: what the person decides then takes the place of the earlier
    /// decision, and what nobody recorded falls away. A document that was edited is restored.
    GL526 "rollback-decision-invalid" Error since "0.1.0" clauses ["D3P-9", "DLC-7", "X-3"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(check) = rollback_check(project) else { return };
    let moments = context.rollback_moments();
    let decisions = rollback_decisions(project);
    let votes: Vec<_> = decisions.iter().map(|decision| vote(project, decision, moments)).collect();
    for (decision, judged) in decisions.iter().zip(&votes) {
        let said = decision.statement.as_ref().ok().map(|statement| &statement.predicate);
        let later = |other: &Vote| {
            said.is_some_and(|said| fold(&said.head.person) == fold(&other.signer.person))
                && (Some(other.at), other.index) > (decision.decided_at(), decision.index)
        };
        if votes.iter().flatten().any(later) && project.names_decision(&decision.text) {
            continue;
        }
        let fault = match (judged, said) {
            (Err(fault), _) => Some(fault.clone()),
            (Ok(vote), Some(said)) => {
                files_changed(project, said).into_iter().next().map(|first| {
                    (
                        State::Stale,
                        format!("{}'s decision is superseded: {first}", vote.signer.person),
                    )
                })
            }
            (Ok(_), None) => None,
        };
        let Some((state, message)) = fault else { continue };
        let word = if decision.is_roll_back() { "roll-back" } else { "continue" };
        out.push(
            Finding::new(
                &GL526,
                check.evidence.piece(),
                check.evidence.at(decision.pointer()),
                message,
            )
            .state(state)
            .clauses(&check.evidence.def.clauses)
            .advise(
                how_to_roll_back(project, Some(word))
                    .or(Advice::d3p(["rollback", "status"]).what("to see why")),
            ),
        );
    }
}
