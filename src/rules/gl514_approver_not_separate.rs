//! GL514: approver-not-separate.

use super::Context;
use crate::decisions::{Deed, approval_evidence, not_separate, person_of};
use crate::model::Finding;
use crate::rules::support::advice::let_another;

rule! {
    /// A person approved what they wrote or deployed themselves.
    ///
    /// ## What it checks
    /// While `approval.separation` is on, nobody who said GO is the actor of the ledger lines that
    /// ran or recorded a deployment of this release: by full name, by a principal of theirs, or by
    /// the part of one before the `@`. Nor is it an author, committer or co-author of the commits since
    /// the last release that was launched, by name, by a principal or by one of their `emails`: git is
    /// asked at the first gate, and again where the launch is cleared.
    ///
    /// ## Why it matters
    /// Four eyes are two people. Who deployed and who committed is a claim, unless commits are signed, so
    /// this catches the honest mistake; keeping the deploy credential from approvers stops the other one.
    ///
    /// ## How to fix
    /// Let somebody else approve, or deploy. A team of one writes `separation: "off"`, which every
    /// report shows.
    GL514 "approver-not-separate" Error since "0.1.0" clauses ["X-3", "P11-3.1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let (Some(evidence), Some(release)) = (approval_evidence(project), project.release()) else {
        return;
    };
    let persons = &project.effective().policy.approval.persons;
    for (decision, signer) in context.decisions().iter().zip(context.signers()) {
        let Ok(signer) = signer else { continue };
        let person = person_of(persons, &signer.principal).filter(|_| decision.is_go());
        let Some(message) =
            person.and_then(|person| not_separate(project, &release, person, Deed::Approve))
        else {
            continue;
        };
        out.push(
            Finding::new(&GL514, evidence.piece(), evidence.at(decision.pointer()), message)
                .clauses(&evidence.def.clauses)
                .advise(let_another()),
        );
    }
}
