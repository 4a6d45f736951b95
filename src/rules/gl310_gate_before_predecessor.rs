//! GL310: gate-before-predecessor.

use super::Context;
use super::support::checkpoints::States;
use crate::definition::GateDef;
use crate::model::{Advice, Finding, Location, Piece, State};

rule! {
    /// A gate's predecessor is not passed.
    ///
    /// ## What it checks
    /// The gate before it has a record that is still valid.
    ///
    /// ## Why it matters
    /// Gates stand in an order: staging is not validated before readiness is confirmed, and
    /// nothing is launched before staging is validated.
    ///
    /// ## How to fix
    /// Pass the earlier gate first; `d3p status --next` names the command.
    GL310 "gate-before-predecessor" Error since "0.1.0" clauses ["DLC-8", "P11-G2", "P11-G3", "P11-G4"] waivable false
    [elsewhere]
}

/// What keeps a gate from being passed.
fn pieces(id: &str, gate: &GateDef) -> Vec<Piece> {
    let own = [Piece::Ledger, Piece::Record(id.to_owned()), Piece::Gate(id.to_owned())];
    let prerequisites = gate.prerequisites.iter().map(|id| Piece::Prerequisite(id.clone()));
    let documents = gate.documents.iter().map(|id| Piece::Document(id.clone()));
    let evidence = gate.evidence.iter().map(|kind| Piece::Evidence(kind.clone()));
    own.into_iter().chain(prerequisites).chain(documents).chain(evidence).collect()
}

/// Runs once the states of everything else are known.
pub(super) fn check_states(context: &Context<'_>, states: &States, out: &mut Vec<Finding>) {
    let gates = &context.project.phase.gates;
    for (id, gate) in gates {
        let Some(previous) = gate.after.as_ref().filter(|previous| gates.contains_key(*previous))
        else {
            continue;
        };
        let state = states.get(&Piece::Record(previous.clone())).copied().unwrap_or(State::Missing);
        if state.satisfies() {
            continue;
        }
        let what = match state {
            State::Missing => "is not passed yet",
            _ => "was passed, and is open again",
        };
        let path =
            gates.get(previous).map(|gate| context.project.places().gate(gate.number, previous));
        let place = Location::file(path.unwrap_or_default());
        out.push(
            Finding::new(&GL310, Piece::Gate(id.clone()), place, format!("gate {previous} {what}"))
                .state(State::Missing)
                .follows(pieces(previous, &gates[previous.as_str()]))
                .clauses(&gate.clauses)
                .advise(Advice::d3p(["gate", previous])),
        );
    }
}
