//! GL321: stage-not-done.

use super::Context;
use super::support::rollout;
use crate::model::Finding;

rule! {
    /// A stage of the rollout did not run, or is still watched.
    ///
    /// ## What it checks
    /// Once the launch has begun, every stage of the strategy has run, and each that has a duration was
    /// watched for all of it: at each moment each metric was asked for.
    ///
    /// ## Why it matters
    /// A canary that was cut short has shown nothing. Only a stage that lasted says something.
    ///
    /// ## How to fix
    /// Go on with `d3p rollout run`; `d3p rollout status` says how far it is.
    GL321 "stage-not-done" Error since "0.1.0" clauses ["DLC-5", "P11-3.2"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    out.extend(rollout::findings(context.project, context.rollback_moments(), &GL321));
}
