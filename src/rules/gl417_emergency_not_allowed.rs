//! GL417: emergency-not-allowed.

use super::Context;
use crate::model::{Advice, Finding, Location, Piece, State};

rule! {
    /// A change calls itself an emergency, and the policy does not allow that.
    ///
    /// ## What it checks
    /// A manifest whose `change` is of type emergency needs `changes.emergency` in `d3p.yaml`, decided by
    /// a named person with a reason. What is listed there as `after_launch` is something that the phase
    /// lets follow a launch: never the staging run, the rollback plan, the approval or the Go decision.
    ///
    /// ## Why it matters
    /// A word in a manifest would otherwise be a way around the gates, for whoever is in a hurry.
    ///
    /// ## How to fix
    /// Call it what it is; or let the policy allow emergencies, before there is one.
    GL417 "emergency-not-allowed" Error since "0.1.0" clauses ["DLC-8", "DLC-12", "P11-1.2"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let may_follow = project.phase.emergency.iter().flat_map(|own| &own.may_follow);
    let may_follow: Vec<&str> = may_follow.map(String::as_str).collect();
    let policy = project.effective().policy.changes.emergency.as_ref();
    for (index, id) in policy.iter().flat_map(|own| &own.after_launch).enumerate() {
        if !may_follow.contains(&id.as_str()) {
            let place =
                Location::pointer("d3p.yaml", format!("/changes/emergency/after_launch/{index}"));
            let message =
                format!("{id} never follows a launch; what may is {}", may_follow.join(", "));
            out.push(Finding::new(&GL417, Piece::Policy, place, message).edit("take it out"));
        }
    }
    let manifest = project.phase.identity().and_then(|(kind, _)| project.evidence(kind));
    let Some(manifest) = manifest else { return };
    let claims = project.change_record().is_some_and(|own| own.is_emergency());
    if claims && project.emergency().is_none() {
        let message = "the change is of type emergency, and d3p.yaml allows none";
        let allow = Advice::edit(
            Location::file("d3p.yaml"),
            "or add changes.emergency: after_launch, review_within, decided_by and reason",
        );
        out.push(
            Finding::new(&GL417, manifest.piece(), manifest.at("/change/type"), message)
                .state(State::Failed)
                .clauses(&manifest.def.clauses)
                .advise(Advice::edit(manifest.at("/change/type"), "write normal").or(allow)),
        );
    }
}
