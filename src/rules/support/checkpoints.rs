//! Whether a checkpoint of the tracker holds: computed from states, never from ticks (D3P-8).

use crate::definition::{Checkpoint, Hold};
use crate::model::{Piece, Reason, State};
use crate::project::Project;
use std::collections::BTreeMap;

/// What each piece is worth.
pub type States = BTreeMap<Piece, State>;

/// Whether `checkpoint` holds.
///
/// # Errors
/// What does not hold, in words.
pub fn checkpoint_holds(
    project: &Project,
    states: &States,
    checkpoint: &Checkpoint,
) -> Result<(), Reason> {
    checkpoint.holds.iter().try_for_each(|hold| holds(project, states, hold))
}

/// The pieces that a checkpoint is computed from.
pub(crate) fn pieces(checkpoint: &Checkpoint) -> Vec<Piece> {
    let of = |hold: &Hold| match hold {
        Hold::Prerequisite { prerequisite } => vec![Piece::Prerequisite(prerequisite.clone())],
        Hold::Document { document } => vec![Piece::Document(document.clone())],
        Hold::Evidence { evidence } => vec![Piece::Evidence(evidence.clone())],
        Hold::Taken { .. } => Vec::new(),
        Hold::Entries { entries, since } => std::iter::once(entries)
            .chain(since)
            .map(|kind| Piece::Evidence(kind.clone()))
            .collect(),
    };
    checkpoint.holds.iter().flat_map(of).collect()
}

fn holds(project: &Project, states: &States, hold: &Hold) -> Result<(), Reason> {
    let piece = match hold {
        Hold::Prerequisite { prerequisite } => Piece::Prerequisite(prerequisite.clone()),
        Hold::Document { document } => Piece::Document(document.clone()),
        Hold::Evidence { evidence } => Piece::Evidence(evidence.clone()),
        Hold::Taken { taken } => {
            return match project.taken(taken) {
                Some(_) => Ok(()),
                None => Err(format!("{taken} has not taken it").into()),
            };
        }
        Hold::Entries { entries, since } => {
            let after = match since {
                None => None,
                Some(kind) => {
                    match project.evidence(kind).and_then(|evidence| evidence.started()) {
                        Some(start) => Some(start),
                        None => return Err(format!("evidence {kind} is missing").into()),
                    }
                }
            };
            let log = project.evidence(entries);
            let has = log.is_some_and(|log| {
                // The tool's own announcements tell nobody, and measure nothing.
                let mut told = log
                    .file
                    .entries()
                    .iter()
                    .filter(|entry| !project.phase.is_announcement(&entry.payload));
                told.any(|entry| after.is_none_or(|after| entry.at >= after))
            });
            return if has {
                Ok(())
            } else {
                Err(format!("evidence {entries} has no entry for it").into())
            };
        }
    };
    match states.get(&piece) {
        Some(state) if state.satisfies() => Ok(()),
        Some(state) => Err(format!("{piece} is {state}").into()),
        None => Err(format!("{piece} is missing").into()),
    }
}
