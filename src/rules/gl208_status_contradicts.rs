//! GL208: status-contradicts.

use super::Context;
use super::support::mend::mend;
use super::support::predicates::Demand;
use crate::model::{Finding, Piece};

rule! {
    /// `status` says passed, and the facts beside it say otherwise.
    ///
    /// ## What it checks
    /// A header whose `status` is `passed` stands over a body that meets every demand of the
    /// phase.
    ///
    /// ## Why it matters
    /// `ready: true` above a failed audit is the classic. The status is a claim, and is checked
    /// like every other claim.
    ///
    /// ## How to fix
    /// Record the evidence again: `d3p record` computes the status itself.
    GL208 "status-contradicts" Error since "0.1.0" clauses ["DLC-3", "X-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for evidence in context.readable() {
        if evidence.text_at("/status") != Some("passed") {
            continue;
        }
        let piece = evidence.piece();
        let fact = context.failures().iter().find(|(failed, failure)| {
            *failed == piece
                && matches!(failure.demand, Demand::Requirement | Demand::Member)
                && !failure.absent
        });
        if let Some((_, failure)) = fact {
            let message = format!("status says passed, but {}", failure.message);
            out.push(
                Finding::new(
                    &GL208,
                    Piece::Evidence(evidence.kind.to_owned()),
                    evidence.at("/status"),
                    message,
                )
                .clauses(&evidence.def.clauses)
                .advise(mend(context.project, &evidence.piece())),
            );
        }
    }
}
