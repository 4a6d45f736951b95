//! GL214: cites-itself.

use super::Context;
use super::support::mend::mend;
use crate::model::Finding;

rule! {
    /// Evidence cites itself.
    ///
    /// ## What it checks
    /// No piece of evidence lists its own path in `cites`.
    ///
    /// ## Why it matters
    /// A result that rests on itself rests on nothing, and no file can hold its own digest.
    ///
    /// ## How to fix
    /// Cite the report or log that the evidence was made from.
    GL214 "cites-itself" Error since "0.1.0" clauses ["X-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for evidence in context.readable() {
        for (index, path, _) in evidence.cites().filter(|(_, path, _)| *path == evidence.def.path) {
            let message = format!("cites itself: {path}");
            out.push(
                Finding::new(
                    &GL214,
                    evidence.piece(),
                    evidence.at(format!("/cites/{index}/path")),
                    message,
                )
                .advise(mend(context.project, &evidence.piece())),
            );
        }
    }
}
