//! GL221: prerequisite-not-met.

use super::Context;
use crate::model::{Advice, Finding, Piece, State};

rule! {
    /// A prerequisite is there, and does not say what it must.
    ///
    /// ## What it checks
    /// The values that the phase names: decision `GO`, status `passed`, every executed check
    /// passed. `pending`, `skipped` and the like are not met.
    ///
    /// ## Why it matters
    /// A file of the right name with `status: pending` in it is not a rehearsal.
    ///
    /// ## How to fix
    /// Finish the phase that produces it, and let that phase write the result.
    /// Or let a person sign that it may stand: `d3p waive GL221`.
    GL221 "prerequisite-not-met" Error since "0.1.0" clauses ["P11-1.1", "D3P-6"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (piece, failure) in context.failures() {
        let Piece::Prerequisite(id) = piece else { continue };
        if context.project.prerequisite_exemption(id).is_some() {
            continue;
        }
        let clauses = context.project.phase.prerequisites.get(id).map(|def| def.clauses.clone());
        out.push(
            Finding::new(&GL221, piece.clone(), failure.location.clone(), failure.message.clone())
                .state(State::Failed)
                .clauses(&clauses.unwrap_or_default())
                .advise(Advice::d3p(["explain", id]).what("to see what it has to say")),
        );
    }
}
