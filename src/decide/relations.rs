//! What waits for what: follows from the phase alone; how far each is, from an assessment.

use crate::decide::Assessment;
use crate::definition::{Before, Phase};
use crate::model::{Piece, State};

/// What has to be there before `piece` can be, in the order of the phase.
pub fn needs(phase: &Phase, piece: &Piece) -> Vec<Piece> {
    let evidence =
        |kinds: &[String]| kinds.iter().cloned().map(Piece::Evidence).collect::<Vec<_>>();
    let mut out = match piece {
        Piece::Gate(id) => {
            let Some(def) = phase.gates.get(id) else { return Vec::new() };
            let before = def.after.iter().cloned().map(Piece::Gate);
            let handed_over = def.prerequisites.iter().cloned().map(Piece::Prerequisite);
            let written = def.documents.iter().cloned().map(Piece::Document);
            before.chain(handed_over).chain(written).chain(evidence(&def.evidence)).collect()
        }
        Piece::Evidence(kind) | Piece::Prerequisite(kind) => {
            let after = phase.evidence.get(kind).map_or(&[][..], |def| def.after.as_slice());
            let step = phase.step_producing(kind);
            let before = step.map_or(&[][..], |(_, def)| def.before.as_slice());
            before.iter().filter_map(|before| asked(phase, before)).chain(evidence(after)).collect()
        }
        _ => Vec::new(),
    };
    let mut seen = Vec::new();
    out.retain(|own| {
        own != piece && !seen.contains(own) && {
            seen.push(own.clone());
            true
        }
    });
    out
}

/// What a step waits for, where it is a piece.
pub fn asked(phase: &Phase, before: &Before) -> Option<Piece> {
    match before {
        Before::Gate(gate) => Some(Piece::Gate(gate.clone())),
        Before::Document(id) => Some(Piece::Document(id.clone())),
        Before::Evidence(kind) => Some(Piece::Evidence(kind.clone())),
        Before::Approval(_) => phase.approval().map(|(kind, _)| Piece::Evidence(kind.to_owned())),
        Before::Decision(_) | Before::Window(_) | Before::Questions(_) | Before::Stage(_) => None,
    }
}

/// Everything that waits for `piece`, in the order of the phase.
pub fn unlocks(phase: &Phase, piece: &Piece) -> Vec<Piece> {
    let evidence = phase.evidence.keys().cloned().map(Piece::Evidence);
    let gates = phase.gates.keys().cloned().map(Piece::Gate);
    evidence.chain(gates).filter(|own| needs(phase, own).contains(piece)).collect()
}

/// What `piece` waits for that is not there yet.
pub fn waits_for(phase: &Phase, assessment: &Assessment, piece: &Piece) -> Vec<Piece> {
    let is_there = |own: &Piece| match own {
        Piece::Gate(id) => assessment.is_passed(id),
        own => assessment
            .states
            .get(own)
            .is_some_and(|state| matches!(state, State::Passed | State::Exempt | State::Waived)),
    };
    needs(phase, piece).into_iter().filter(|own| !is_there(own)).collect()
}
