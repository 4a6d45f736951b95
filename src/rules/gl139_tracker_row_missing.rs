//! GL139: tracker-row-missing.

use super::Context;
use super::support::sections::sectioned;
use crate::model::{Finding, State};

rule! {
    /// A row of the progress tracker is gone.
    ///
    /// ## What it checks
    /// The tracker has a box for each checkpoint of the phase, by its title, which `titles` in
    /// `d3p.yaml` may translate.
    ///
    /// ## Why it matters
    /// A tracker without the row that is not met looks complete.
    ///
    /// ## How to fix
    /// Add the row again; whether it is ticked is computed, and `d3p status` shows it.
    GL139 "tracker-row-missing" Error since "0.1.0" clauses ["D3P-8", "X-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for def in file.sections.iter().filter(|def| def.tracker.is_some()) {
            let Some(found) = file.find(context.project, def) else { continue };
            // A tracker without any box is one fault, and has a rule of its own.
            let Some(last) = found.tasks().map(|task| task.range.end).max() else { continue };
            for checkpoint in &context.project.phase.checkpoints {
                let title = context.project.translated(&checkpoint.title).trim();
                if found.tasks().any(|task| task.text.trim() == title) {
                    continue;
                }
                let message = format!("the tracker has no row \"{title}\"");
                let place = file.at(found.section.heading.clone());
                out.push(
                    Finding::new(&GL139, file.piece.clone(), place, message)
                        .state(State::Missing)
                        .clauses(&checkpoint.clauses)
                        .edit(format!("add \"- [ ] {title}\""))
                        .replacing(file.at(last..last), format!("\n- [ ] {title}")),
                );
            }
        }
    }
}
