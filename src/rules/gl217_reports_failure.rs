//! GL217: reports-failure.

use super::Context;
use super::support::mend::mend;
use super::support::predicates::Demand;
use crate::model::{Finding, State};

rule! {
    /// Evidence says itself that it failed.
    ///
    /// ## What it checks
    /// The header's `status` is `passed`. Where a value beside it says what failed, that value is
    /// reported instead.
    ///
    /// ## Why it matters
    /// Honest evidence of failure is worth keeping, and is not a pass.
    ///
    /// ## How to fix
    /// Mend the cause and run the step again; the failed attempt stays under `raw/attempts/`.
    /// Or let a person sign that it may stand: `d3p waive GL217`.
    GL217 "reports-failure" Error since "0.1.0" clauses ["P11-G2", "P11-G3"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for evidence in context.readable() {
        let piece = evidence.piece();
        let slower = super::gl219_performance_regressed::fails(context.project, &evidence);
        let explained = slower
            || context.failures().iter().any(|(failed, failure)| {
                *failed == piece && matches!(failure.demand, Demand::Requirement | Demand::Member)
            });
        if evidence.text_at("/status") == Some("failed") && !explained {
            let message =
                format!("{} failed, as it says itself", evidence.def.title.to_lowercase());
            out.push(
                Finding::new(&GL217, piece, evidence.at("/status"), message)
                    .state(State::Failed)
                    .clauses(&evidence.def.clauses)
                    .advise(mend(context.project, &evidence.piece())),
            );
        }
    }
}
