//! What a release shows of controls of other catalogues: by what serves their clauses, and no more.

use crate::decide::Assessment;
use crate::definition::{Catalogue, Control};
use crate::model::{Finding, Level, Piece, State};
use crate::project::Project;

/// What a release shows of a control.
#[derive(Debug)]
pub struct ControlShown<'a> {
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// The control.
    pub control: &'a Control,
    /// What serves it, with the state of each.
    pub pieces: Vec<(Piece, State)>,
    /// Findings that count, about what serves it or what its clauses ask for.
    pub findings: Vec<&'a Finding>,
}

impl ControlShown<'_> {
    /// Whether all of it is there and holds, and not only because nobody was asked for it.
    pub fn is_shown(&self) -> bool {
        self.findings.is_empty()
            && self.pieces.iter().all(|(_, state)| state.satisfies())
            && self.pieces.iter().any(|(_, state)| *state == State::Passed)
    }

    /// Whether something of it says that it did not go well, which is more than that it is missing.
    pub fn failed(&self) -> bool {
        self.pieces.iter().any(|(_, state)| matches!(state, State::Failed | State::Invalid))
    }
}

/// What `assessment` shows of each control of `catalogues`.
pub fn controls<'a>(
    catalogues: &'a [Catalogue],
    project: &Project,
    assessment: &'a Assessment,
) -> Vec<ControlShown<'a>> {
    let of = |catalogue: &'a Catalogue, control: &'a Control| {
        let pieces = project.phase.serving(&control.clauses).into_iter();
        let pieces: Vec<(Piece, State)> =
            pieces.filter_map(|piece| Some((piece.clone(), state(assessment, &piece)?))).collect();
        let about = |finding: &&Finding| {
            let clauses = finding.all_clauses();
            pieces.iter().any(|(piece, _)| *piece == finding.piece)
                || control.clauses.iter().any(|clause| clauses.contains(&clause.as_str()))
        };
        let counts = |finding: &&Finding| finding.level == Level::Error && finding.waived.is_none();
        let findings = assessment.findings.iter().filter(counts).filter(about).collect();
        ControlShown { catalogue, control, pieces, findings }
    };
    catalogues
        .iter()
        .flat_map(|own| own.controls.iter().map(move |control| of(own, control)))
        .collect()
}

/// The state of a piece; a gate is passed only while its record says so, and still holds.
pub fn state(assessment: &Assessment, piece: &Piece) -> Option<State> {
    match piece {
        Piece::Gate(id) if assessment.is_passed(id) => Some(State::Passed),
        Piece::Gate(id) => {
            let record = assessment.states.get(&Piece::Record(id.clone())).copied();
            Some(record.filter(|state| !state.satisfies()).unwrap_or(State::Stale))
        }
        other => assessment.states.get(other).copied(),
    }
}
