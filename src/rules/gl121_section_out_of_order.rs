//! GL121: section-out-of-order.

use super::support::sections::sectioned;
use super::Context;
use crate::model::Finding;

rule! {
    /// Demanded sections stand in another order.
    ///
    /// ## What it checks
    /// The demanded sections follow each other as the phase lists them. Sections of the author's
    /// own may stand anywhere between.
    ///
    /// ## Why it matters
    /// Whoever opens the rollback strategy at night looks for the procedure where it always is.
    ///
    /// ## How to fix
    /// Move the section that the finding points at.
    GL121 "section-out-of-order" Error since "0.1.0" clauses ["D3P-2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        let mut latest: Option<(usize, &str)> = None;
        for def in file.sections {
            let Some(found) = file.find(context.project, def) else { continue };
            match latest {
                Some((index, before)) if found.index < index => {
                    let title = context.project.translated(&def.title);
                    let message = format!("section \"{title}\" must stand after \"{before}\"");
                    let place = file.at(found.section.heading.clone());
                    out.push(Finding::new(&GL121, file.piece.clone(), place, message).clauses(&def.clauses));
                }
                _ => latest = Some((found.index, context.project.translated(&def.title))),
            }
        }
    }
}
