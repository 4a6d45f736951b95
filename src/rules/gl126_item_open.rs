//! GL126: item-open.

use super::Context;
use super::support::sections::sectioned;
use crate::model::{Finding, State};

rule! {
    /// An item of a verification checklist is not ticked.
    ///
    /// ## What it checks
    /// Every task item below a service's heading is ticked with `[x]` or `[X]`; any other mark is
    /// unfinished.
    ///
    /// ## Why it matters
    /// A release is not verified while somebody still has to look at something.
    ///
    /// ## How to fix
    /// Look at production, then `d3p tick SERVICE N --by "FULL NAME"`.
    GL126 "item-open" Error since "0.1.0" clauses ["D3P-2", "D3P-3"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for def in file.sections.iter().filter(|def| def.checklist.is_some()) {
            let Some(found) = file.find(context.project, def) else { continue };
            for task in found.tasks().filter(|task| !task.done) {
                let message = format!("not verified yet: {}", task.text.trim());
                out.push(
                    Finding::new(&GL126, file.piece.clone(), file.at(task.range.clone()), message)
                        .state(State::Missing)
                        .clauses(&def.clauses)
                        .edit("verify it in production, then tick it with d3p tick"),
                );
            }
        }
    }
}
