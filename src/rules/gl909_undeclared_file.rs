//! GL909: undeclared-file.

use super::Context;
use crate::model::{Advice, Finding, Location, Piece};
use crate::project::{declared_paths, is_accounted};

rule! {
    /// A file lies among the evidence that nothing declares.
    ///
    /// ## What it checks
    /// Every file below `.artifacts/deployment/` is evidence of the phase, a record, or cited by one.
    ///
    /// ## Why it matters
    /// What nothing declares, nothing checks; a second report beside the first invites reading the wrong
    /// one.
    ///
    /// ## How to fix
    /// Cite it from evidence, move it elsewhere, or declare it in a phase definition.
    GL909 "undeclared-file" Warning since "0.1.0" clauses ["X-4", "X-5"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let declared = declared_paths(project);
    for path in project.listing.iter().filter(|path| !is_accounted(project, &declared, path)) {
        out.push(
            Finding::new(
                &GL909,
                Piece::File(path.clone()),
                Location::file(path),
                "nothing declares this file",
            )
            .advise(Advice::answer("cite it from evidence, or move it elsewhere")),
        );
    }
}
