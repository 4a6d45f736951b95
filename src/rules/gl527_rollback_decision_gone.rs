//! GL527: rollback-decision-gone.

use super::Context;
use crate::decisions::{
    CONTINUE, ROLL_BACK, Vote, how_to_roll_back, rollback_check, rollback_decisions, same_name,
    vote,
};
use crate::model::{Advice, Finding, Sha256Digest, State};
use crate::record::Decided;
use std::collections::BTreeSet;

rule! {
    /// A decision on the rollback was recorded, and is gone.
    ///
    /// ## What it checks
    /// The ledger names every decision that was recorded for this attempt, by the digest of its
    /// statement. Each lies among the decisions on the rollback, or the same person has decided again since.
    ///
    /// ## Why it matters
    /// Deleting "roll back" is easier than rolling back.
    ///
    /// ## How to fix
    /// Restore the file from version control, or from `.artifacts/deployment/raw/attempts/`. Where
    /// there is no copy any more, the person decides again: `d3p rollback decide`.
    GL527 "rollback-decision-gone" Error since "0.1.0" clauses ["D3P-9", "DLC-7", "D3P-10"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let (Some(check), Some(release)) = (rollback_check(project), project.release()) else { return };
    let decisions = rollback_decisions(project);
    let digests: BTreeSet<String> = decisions
        .iter()
        .map(|decision| Sha256Digest::of(decision.text.as_bytes()).to_string())
        .collect();
    let moments = context.rollback_moments();
    let votes: Vec<_> =
        decisions.iter().filter_map(|own| vote(project, own, moments).ok()).collect();
    let told = project.lineage();
    for (line, Decided { decision, person, statement, .. }) in project.ledger.decisions() {
        let is_one = [ROLL_BACK, CONTINUE].contains(&decision.as_str());
        if line.entry.release != release.name() || !is_one {
            continue;
        }
        let after = |own: &Vote| {
            let text = Sha256Digest::parse(statement);
            text.is_some_and(|text| told.is_known(text, &own.before))
        };
        let again = votes.iter().any(|own| same_name(&own.signer.person, person) && after(own));
        if again || digests.contains(statement) {
            continue;
        }
        let message = format!("{person} decided {decision} {}, and that decision is gone", line.at);
        out.push(
            Finding::new(&GL527, check.evidence.piece(), check.evidence.at("/decisions"), message)
                .state(State::Failed)
                .clauses(&check.evidence.def.clauses)
                .advise(
                    Advice::restore(&check.evidence.def.path)
                        .or(how_to_roll_back(project, None).what("or the person decides again")),
                ),
        );
    }
}
