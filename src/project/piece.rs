//! What a path is in the phase's terms.

use crate::model::Piece;
use crate::project::Project;

/// What a path is in the phase's terms.
pub fn piece_of(project: &Project, path: &str) -> Piece {
    let evidence = project.phase.evidence.iter().find(|(_, def)| def.path == path);
    let document = project.phase.documents.iter().find(|(_, def)| def.path == path);
    let prerequisite = project.prerequisite_paths.iter().find(|(_, own)| *own == path);
    let record = project
        .phase
        .gates
        .iter()
        .find(|(id, gate)| project.places().gate(gate.number, id) == path);
    if let Some((kind, _)) = evidence {
        Piece::Evidence(kind.clone())
    } else if let Some((id, _)) = document {
        Piece::Document(id.clone())
    } else if let Some((id, _)) = prerequisite {
        Piece::Prerequisite(id.clone())
    } else if let Some((id, _)) = record {
        Piece::Record(id.clone())
    } else if path == project.places().ledger() {
        Piece::Ledger
    } else {
        Piece::File(path.to_owned())
    }
}
