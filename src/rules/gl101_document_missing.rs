//! GL101: document-missing.

use super::Context;
use crate::model::{Advice, Finding, Location, Piece, State};

rule! {
    /// One of the phase's documents does not exist.
    ///
    /// ## What it checks
    /// The four documents of the phase lie where `d3p init` puts them.
    ///
    /// ## Why it matters
    /// Deployment steps, monitoring, verification and rollback that are not written down exist in
    /// one person's head, at night, during the incident.
    ///
    /// ## How to fix
    /// Run `d3p init`: it writes what is missing and keeps everything else.
    GL101 "document-missing" Error since "0.1.0" clauses ["D3P-1"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (id, def) in &context.project.phase.documents {
        if context.project.present(&def.path).is_none() {
            let message = format!("{} does not exist", def.title.to_lowercase());
            out.push(
                Finding::new(
                    &GL101,
                    Piece::Document(id.clone()),
                    Location::file(&def.path),
                    message,
                )
                .state(State::Missing)
                .clauses(&def.clauses)
                .advise(Advice::d3p(["init"])),
            );
        }
    }
}
