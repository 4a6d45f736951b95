//! GL320: checkpoint-open.

use super::Context;
use super::support::checkpoints::{States, checkpoint_holds, pieces};
use super::support::sections::sectioned;
use crate::definition::Checkpoint;
use crate::model::{Advice, Finding, Location, Piece, State};
use crate::project::Project;

rule! {
    /// A sub-checkpoint of the phase does not hold.
    ///
    /// ## What it checks
    /// Each of the seven sub-checkpoints is computed from evidence; the last gate wants all.
    ///
    /// ## Why it matters
    /// The tracker is the phase's own definition of done. Ticks are compared with it, never the
    /// other way round.
    ///
    /// ## How to fix
    /// The finding names what is missing.
    GL320 "checkpoint-open" Error since "0.1.0" clauses ["D3P-8", "P8-1", "P8-5"]
    [elsewhere]
}

/// The box of a checkpoint, in the document that tracks them.
fn box_of(project: &Project, checkpoint: &Checkpoint) -> Option<Location> {
    let title = project.translated(&checkpoint.title).trim();
    sectioned(project).into_iter().find_map(|file| {
        let trackers = file.sections.iter().filter(|def| def.tracker.is_some());
        let mut tasks = trackers
            .filter_map(|def| file.find(project, def))
            .flat_map(|found| found.tasks().collect::<Vec<_>>());
        let own = tasks.find(|task| task.text.trim() == title)?;
        Some(file.at(own.range.clone()))
    })
}

/// Runs once the states of everything else are known.
pub(super) fn check_states(context: &Context<'_>, states: &States, out: &mut Vec<Finding>) {
    let phase = &context.project.phase;
    for (id, gate) in phase.gates.iter().filter(|(_, gate)| gate.checkpoints) {
        for checkpoint in &phase.checkpoints {
            let Err(why) = checkpoint_holds(context.project, states, checkpoint) else { continue };
            let place = box_of(context.project, checkpoint).unwrap_or_else(|| {
                let path = gate.documents.first().and_then(|id| phase.documents.get(id));
                Location::file(path.map_or("d3p.yaml", |def| def.path.as_str()))
            });
            let message = format!("\"{}\" does not hold: {why}", checkpoint.title);
            out.push(
                Finding::new(&GL320, Piece::Gate(id.clone()), place, message)
                    .state(State::Missing)
                    .follows(pieces(checkpoint))
                    .clauses(&checkpoint.clauses)
                    .advise(Advice::d3p(["status"]).what("to see the computed tracker")),
            );
        }
    }
}
