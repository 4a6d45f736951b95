//! GL525: waiver-lacks-persons.

use super::Context;
use crate::decisions::{WaiverState, Waivers};
use crate::model::{Advice, Finding, Piece, Placeholder};

rule! {
    /// Not all who must have signed a waiver.
    ///
    /// ## What it checks
    /// As many persons as `approval.waiver.threshold` in `d3p.yaml` says, in the roles and with the
    /// hardware presence that it wants, signed in the same words: rule, place, what was seen, end
    /// and reason.
    ///
    /// ## Why it matters
    /// Until then it lets nothing stand.
    ///
    /// ## How to fix
    /// Ask the others: `d3p waive RULE --path PATH --as PRINCIPAL` signs what is waiting, as it is.
    GL525 "waiver-lacks-persons" Warning since "0.1.0" clauses ["X-3", "X-2"]
    [elsewhere]
}

/// Runs once it is known what is let stand.
pub(super) fn check_waived(context: &Context<'_>, waivers: &Waivers, out: &mut Vec<Finding>) {
    for set in &waivers.sets {
        let WaiverState::Lacking(lacks) = &set.state else { continue };
        let message = format!(
            "the waiver of {} lets nothing stand yet: {}",
            set.said.place(),
            lacks.join(", ")
        );
        out.push(
            Finding::new(
                &GL525,
                Piece::File(context.project.places().waivers().to_owned()),
                set.location(context.project),
                message,
            )
            .advise(
                Advice::decide(["waive", &set.said.rule, "--path", &set.said.path])
                    .with("--as", Placeholder::PRINCIPAL),
            ),
        );
    }
}
