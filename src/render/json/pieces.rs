//! Pieces and their files, in the report as JSON.

use super::PieceView;
use crate::model::Piece;
use crate::project::Project;
use crate::render::Report;

/// Every piece and its state.
pub(super) fn pieces<'a>(report: &Report<'a>) -> Vec<PieceView<'a>> {
    let states = report.assessment.states.iter();
    states
        .map(|(piece, state)| PieceView {
            kind: piece.kind(),
            id: piece.id(),
            path: path(report.project, piece),
            state: state.word(),
        })
        .collect()
}

/// The file of a piece, where it has one.
pub(in crate::render) fn path<'a>(project: &'a Project, piece: &Piece) -> Option<&'a str> {
    match piece {
        Piece::Policy => Some("d3p.yaml"),
        Piece::Ledger => Some(project.places().ledger()),
        Piece::Document(id) => project.phase.documents.get(id).map(|def| def.path.as_str()),
        Piece::Evidence(kind) => project.phase.evidence.get(kind).map(|def| def.path.as_str()),
        Piece::Prerequisite(id) => project.prerequisite_paths.get(id).map(String::as_str),
        Piece::Gate(_) | Piece::Record(_) | Piece::File(_) => None,
    }
}
