//! What `check` shows: everything that is there, and what is due.

use crate::model::{Finding, Piece, State};
use crate::project::Project;
use crate::rules::GL126;

/// How far completeness is asked for.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Number of the gate up to which missing things are due.
    pub through: u32,
    /// Only these paths; empty: all.
    pub paths: Vec<String>,
}

/// Whether a finding is shown. What is wrong with a file that is there is always shown; what is
/// missing is shown once its gate is due.
pub fn in_scope(project: &Project, finding: &Finding, scope: &Scope) -> bool {
    let path = &finding.location.path;
    let asked_for = |asked: &String| {
        asked == "."
            || path == asked
            || path.strip_prefix(asked.as_str()).is_some_and(|rest| rest.starts_with('/'))
    };
    if !scope.paths.is_empty() && !scope.paths.iter().any(asked_for) {
        return false;
    }
    let not_yet = finding.state == Some(State::Missing)
        && (finding.rule == &GL126 || !matches!(finding.piece, Piece::Document(_)));
    !not_yet || gate_number(project, &finding.piece) <= scope.through
}

/// Whether a finding is about what gates up to number `through` rest on. What is wrong with a later
/// piece says nothing about them, there or not: so losing it cannot help.
pub fn within(project: &Project, finding: &Finding, through: u32) -> bool {
    gate_number(project, &finding.piece) <= through
}

/// The number of the gate at which a piece is due; 0 for what is always due.
fn gate_number(project: &Project, piece: &Piece) -> u32 {
    let gate = gate_of(project, piece).and_then(|id| project.phase.gates.get(id));
    gate.map_or(0, |gate| gate.number)
}

/// The id of the gate at which a piece is due; `None` for what is always due.
pub fn gate_of<'a>(project: &'a Project, piece: &Piece) -> Option<&'a str> {
    let phase = &project.phase;
    let gate = match piece {
        Piece::Evidence(kind) => phase.gate_of_evidence(kind),
        Piece::Document(id) => phase.gate_of_document(id),
        Piece::Gate(id) | Piece::Record(id) => phase.gate(id),
        Piece::Prerequisite(id) => phase
            .gates
            .iter()
            .find(|(_, gate)| gate.prerequisites.contains(id))
            .map(|(id, gate)| (id.as_str(), gate)),
        Piece::Policy | Piece::Ledger | Piece::File(_) => None,
    };
    gate.map(|(id, _)| id)
}
