//! GL120: section-missing.

use super::Context;
use super::support::sections::sectioned;
use crate::model::{Finding, Location};

rule! {
    /// A document lacks a section that the phase demands.
    ///
    /// ## What it checks
    /// Each demanded section has its heading, at any level. Headings inside code fences and
    /// comments do not count. `titles` in `d3p.yaml` gives a title in the author's language.
    ///
    /// ## Why it matters
    /// A plan without an authority tree reads well until somebody has to decide.
    ///
    /// ## How to fix
    /// Add the heading and fill the section. For another language, add the title to `titles`.
    GL120 "section-missing" Error since "0.1.0" clauses ["D3P-2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for def in file.sections {
            if file.find(context.project, def).is_none() {
                let title = context.project.translated(&def.title);
                let message = format!("section \"{title}\" is missing");
                out.push(
                    Finding::new(
                        &GL120,
                        file.piece.clone(),
                        Location::file(&file.file.path),
                        message,
                    )
                    .clauses(&def.clauses)
                    .edit(format!("add a heading \"## {title}\"")),
                );
            }
        }
    }
}
