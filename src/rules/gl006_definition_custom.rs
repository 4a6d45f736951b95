//! GL006: definition-custom.

use super::Context;
use crate::model::{Finding, Location, Piece};

rule! {
    /// The project brings its own phase definition.
    ///
    /// ## What it checks
    /// Whether `definition:` in `d3p.yaml` replaces the embedded phase.
    ///
    /// ## Why it matters
    /// A definition of one's own may demand less than the protocols. That is allowed, and never
    /// silent: it is named with its digest in every report.
    ///
    /// ## How to fix
    /// Nothing, if it is meant. Remove `definition:` to use the embedded phase.
    GL006 "definition-custom" Warning since "0.1.0" clauses ["X-7"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let phase = &context.project.phase;
    if phase.custom {
        let message = format!(
            "the phase definition is the project's own: {} version {}, sha256 {}",
            phase.id, phase.version, phase.digest
        );
        out.push(Finding::new(
            &GL006,
            Piece::Policy,
            Location::pointer("d3p.yaml", "/definition"),
            message,
        ));
    }
}
