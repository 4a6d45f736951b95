//! GL161: change-not-recorded.

use super::Context;
use crate::model::{Finding, State};

rule! {
    /// The policy wants a change record, and the manifest has none.
    ///
    /// ## What it checks
    /// Where `changes.recorded` is true in `d3p.yaml`, the front matter of the manifest has a `change`:
    /// its id, its type (standard, normal or emergency), its reason and who asked for it.
    ///
    /// ## Why it matters
    /// Auditors ask of each change who asked for it, why, and who approved, deployed and verified it. The
    /// first of these stands nowhere else.
    ///
    /// ## How to fix
    /// `change: { id: CHG-1042, type: normal, reason: "…", requested_by: Ana Silva }`.
    GL161 "change-not-recorded" Error since "0.1.0" clauses ["P11-1.2", "D3P-10"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    if !project.effective().policy.changes.recorded {
        return;
    }
    let manifest = project.phase.identity().and_then(|(kind, _)| project.evidence(kind));
    let Some(manifest) = manifest.filter(|own| own.value().is_some()) else { return };
    if project.change_record().is_none() {
        let message = "the policy wants a change record, and the manifest has none";
        out.push(
            Finding::new(&GL161, manifest.piece(), manifest.at("/change"), message)
                .state(State::Missing)
                .clauses(&manifest.def.clauses)
                .edit("add change: with id, type, reason and requested_by"),
        );
    }
}
