//! GL527: rollback-decision-gone.

use super::Context;
use super::support::rollback::{Moments, voice};
use super::support::signed::fold;
use crate::derive::rollback::{rollback_check, rollback_decisions};
use crate::model::{Finding, Sha256Digest, State};
use crate::record::EntryKind;

rule! {
    /// A decision on the rollback was recorded, and is gone.
    ///
    /// ## What it checks
    /// The ledger names every decision that was recorded for this attempt, by the digest of its
    /// statement. Each lies in `rollback-decision.json`, or the same person has decided again since.
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
    let uri = format!("{}#/decisions", check.evidence.def.path);
    let decisions = rollback_decisions(project);
    let digests: Vec<String> = decisions
        .iter()
        .map(|decision| Sha256Digest::of(decision.text.as_bytes()).to_string())
        .collect();
    let moments = Moments::of_rules(context);
    let voices: Vec<_> =
        decisions.iter().filter_map(|own| voice(project, own, moments).ok()).collect();
    for line in &project.ledger.lines {
        let entry = &line.entry;
        if entry.kind != EntryKind::Recorded || entry.release != release.name() {
            continue;
        }
        let Some(statement) = entry.digests.iter().find(|file| file.path == uri) else { continue };
        let said = entry.reason.as_deref().and_then(|reason| reason.split_once(" by "));
        let (decision, person) = said.unwrap_or(("a decision", "somebody"));
        let again =
            voices.iter().any(|own| fold(&own.signer.person) == fold(person) && own.at > line.at);
        if again || digests.contains(&statement.sha256) {
            continue;
        }
        let message = format!("{person} decided {decision} {}, and that decision is gone", line.at);
        out.push(
            Finding::new(&GL527, check.evidence.piece(), check.evidence.at("/decisions"), message)
                .state(State::Failed)
                .clauses(&check.evidence.def.clauses)
                .help("restore the file from version control; or the person decides again: d3p rollback decide"),
        );
    }
}
