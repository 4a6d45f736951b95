//! GL144: stands-elsewhere.

use super::Context;
use super::support::sections::{Step, sectioned, steps};
use crate::model::{Finding, State, hollow, stands_elsewhere};

rule! {
    /// A step of a plan only says where it is written what is done.
    ///
    /// ## What it checks
    /// In each table of steps, which gives every step a person and a duration, the step says what is
    /// done; a link, a path or the number of a runbook may stand beside it, and is no step by itself.
    /// `See the wiki`, which does not even say where, is an empty cell (GL124).
    ///
    /// ## Why it matters
    /// What stands in the other place is no part of the release: nobody who signs has seen it as it
    /// will be when it is needed, and it may be gone by then.
    ///
    /// ## How to fix
    /// Write what is done, and keep the link for the details. Or let a person sign that they know what
    /// stands there: `d3p waive GL144`.
    GL144 "stands-elsewhere" Error since "0.1.0" clauses ["D3P-2", "P8-3", "X-4"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for Step { text, range, def } in steps(context.project, &file) {
            if hollow(text).is_some() || !stands_elsewhere(text) {
                continue;
            }
            let message = format!("\"{text}\" says where a step stands, and not what is done");
            out.push(
                Finding::new(&GL144, file.piece.clone(), file.at(range), message)
                    .state(State::Review)
                    .clauses(&def.clauses)
                    .edit("write what is done, and keep the link beside it"),
            );
        }
    }
}
