//! GL126: item-open.

use super::Context;
use super::support::sections::sectioned;
use crate::model::{Advice, Finding, Placeholder, State};

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
            let parts = found
                .parts()
                .flat_map(|part| part.tasks.iter().enumerate().map(move |own| (part, own)));
            for (part, (index, task)) in parts.filter(|(_, (_, task))| !task.done) {
                let message = format!("not verified yet: {}", task.text.trim());
                let place = file.at(task.range.clone());
                let tick = Advice::page(["tick", &part.title, &(index + 1).to_string()])
                    .with("--by", Placeholder::FULL_NAME)
                    .what("somebody verifies it in production, then says so")
                    .at(place.clone());
                out.push(
                    Finding::new(&GL126, file.piece.clone(), place, message)
                        .state(State::Missing)
                        .clauses(&def.clauses)
                        .advise(tick),
                );
            }
        }
    }
}
