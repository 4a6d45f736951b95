//! GL005: policy-edited.

use super::Context;
use super::gl004_policy_loosened::{name, values};
use super::support::advice::refreeze;
use crate::definition::Direction;
use crate::model::{Finding, Location, Piece};

rule! {
    /// `d3p.yaml` demands more than the policy that gate 1 froze.
    ///
    /// ## What it checks
    /// Each key of `d3p.yaml` is compared with `records/policy.json`; this names the ones that
    /// became stricter.
    ///
    /// ## Why it matters
    /// Gates of this release go on using the frozen policy, so the edit has no effect yet.
    ///
    /// ## How to fix
    /// Nothing, if it is meant for the next release. Before launch,
    /// `d3p gate 1 --refreeze` takes it into this one.
    GL005 "policy-edited" Warning since "0.1.0" clauses ["X-2"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let changes = &context.project.policy_changes;
    for change in changes.iter().filter(|change| change.direction == Direction::Stricter) {
        let message = format!(
            "`{}` became stricter after gate 1 froze the policy: {}; this release keeps the frozen value",
            name(change),
            values(change)
        );
        let place = Location::pointer("d3p.yaml", &change.pointer);
        out.push(
            Finding::new(&GL005, Piece::Policy, place, message).advise(refreeze(context.project)),
        );
    }
}
