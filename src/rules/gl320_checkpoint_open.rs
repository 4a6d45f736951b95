//! GL320: checkpoint-open.

use super::Context;
use super::support::checkpoints::{States, checkpoint_holds};
use crate::model::{Advice, Finding, Location, Piece, State};

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

/// Runs once the states of everything else are known.
pub(super) fn check_states(context: &Context<'_>, states: &States, out: &mut Vec<Finding>) {
    let phase = &context.project.phase;
    for (id, gate) in phase.gates.iter().filter(|(_, gate)| gate.checkpoints) {
        for checkpoint in &phase.checkpoints {
            let Err(why) = checkpoint_holds(context.project, states, checkpoint) else { continue };
            let path = gate.documents.first().and_then(|id| phase.documents.get(id));
            let place = Location::file(path.map_or("d3p.yaml", |def| def.path.as_str()));
            let message = format!("\"{}\" does not hold: {why}", checkpoint.title);
            out.push(
                Finding::new(&GL320, Piece::Gate(id.clone()), place, message)
                    .state(State::Missing)
                    .clauses(&checkpoint.clauses)
                    .advise(Advice::d3p(["status"]).what("to see the computed tracker")),
            );
        }
    }
}
