//! GL129: box-not-backed.

use super::Context;
use super::support::checkpoints::{States, checkpoint_holds, pieces};
use super::support::sections::sectioned;
use crate::model::{Advice, Finding, State};

rule! {
    /// A box of the progress tracker is ticked, and the evidence does not back it.
    ///
    /// ## What it checks
    /// Each ticked box of the tracker is compared with its checkpoint, which is computed from
    /// evidence. A ticked box that is no checkpoint is not backed by anything.
    ///
    /// ## Why it matters
    /// Templates ship with their boxes ticked, and agents tick what they are about to do.
    ///
    /// ## How to fix
    /// Untick the box; `d3p status` shows the computed tracker. The finding says what is missing.
    GL129 "box-not-backed" Error since "0.1.0" clauses ["D3P-8", "X-4"]
    [elsewhere]
}

/// Runs once the states of everything else are known.
pub(super) fn check_states(context: &Context<'_>, states: &States, out: &mut Vec<Finding>) {
    let checkpoints = &context.project.phase.checkpoints;
    for file in sectioned(context.project) {
        for def in file.sections.iter().filter(|def| def.tracker.is_some()) {
            let Some(found) = file.find(context.project, def) else { continue };
            for task in found.tasks().filter(|task| task.done) {
                let title = task.text.trim();
                let checkpoint = checkpoints.iter().find(|checkpoint| {
                    context.project.translated(&checkpoint.title).trim() == title
                });
                let why = match checkpoint {
                    None => Some("no checkpoint of the phase has this name".into()),
                    Some(checkpoint) => checkpoint_holds(context.project, states, checkpoint).err(),
                };
                if let Some(why) = why {
                    let message = format!("ticked, but not so: {why}");
                    out.push(
                        Finding::new(
                            &GL129,
                            file.piece.clone(),
                            file.at(task.range.clone()),
                            message,
                        )
                        .state(State::Invalid)
                        .follows(checkpoint.map(pieces).unwrap_or_default())
                        .clauses(&def.clauses)
                        .edit("untick the box")
                        .replacing(file.at(task.range.start..task.range.start + "[x]".len()), "[ ]")
                        .or(Advice::d3p(["status"]).what("to see the computed tracker")),
                    );
                }
            }
        }
    }
}
