//! GL322: stage-inconclusive.

use super::Context;
use super::support::rollout;
use crate::model::Finding;

rule! {
    /// Nobody can tell how a stage of the rollout went.
    ///
    /// ## What it checks
    /// At each moment of the stage each metric has one finite value: no data, several series, an error
    /// or a warning of the server, a volume below its minimum, and no baseline where one is compared
    /// with are inconclusive, before any condition is looked at. The queries are those of the policy,
    /// and its server was asked.
    ///
    /// ## Why it matters
    /// No data is never good data: a metric server that is gone looks like a service without errors.
    ///
    /// ## How to fix
    /// Where the data are there by now, `d3p rollout run` asks for the same moments again. Else a
    /// person of the authority tree decides: `d3p rollout promote --as …`, or `d3p rollout abort`.
    GL322 "stage-inconclusive" Error since "0.1.0" clauses ["DLC-5", "DLC-7"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    out.extend(rollout::findings(context.project, context.rollback_moments(), &GL322));
}
