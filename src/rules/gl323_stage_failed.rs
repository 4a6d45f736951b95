//! GL323: stage-failed.

use super::Context;
use super::support::rollout;
use crate::model::Finding;

rule! {
    /// A trigger fired while production was watched, or a condition of a stage did not hold.
    ///
    /// ## What it checks
    /// At each moment of each stage every condition of its `gates` holds, and none of `triggers`; no
    /// hook took longer than `deployment for …` says. What failed once stays failed, whatever is
    /// measured later.
    ///
    /// ## Why it matters
    /// A trigger that nobody has to answer is no trigger. Until somebody of the authority tree has
    /// decided, no stage begins, and no gate passes.
    ///
    /// ## How to fix
    /// Roll back, or decide to go on: `d3p rollout abort --as …`, `d3p rollout promote --as …`.
    GL323 "stage-failed" Error since "0.1.0" clauses ["DLC-6", "P11-C3", "P11-G4"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    out.extend(rollout::findings(context.project, context.rollback_moments(), &GL323));
}
