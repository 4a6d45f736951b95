//! GL418: emergency-owes.

use super::Context;
use super::support::checkpoints::States;
use crate::model::{Advice, Finding, Location, Piece, Placeholder, State};
use crate::project::Project;

rule! {
    /// An emergency was launched, and what was to follow is not there.
    ///
    /// ## What it checks
    /// The last gate of an emergency change wants everything that the policy let follow the launch
    /// (`changes.emergency.after_launch`), and the review of the change. Both are due `review_within`
    /// after the launch began; a review that came later is told (GL419).
    ///
    /// ## Why it matters
    /// What was put off for an hour is otherwise put off for good, and the short path becomes the path.
    ///
    /// ## How to fix
    /// Record it: the finding names the command. Until then the release is open, and no other is launched.
    GL418 "emergency-owes" Error since "0.1.0" clauses ["DLC-9", "P8-5", "P11-G4"] waivable false
    [elsewhere]
}

/// Runs once the states of everything else are known.
pub(super) fn check_states(context: &Context<'_>, states: &States, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some((owed, due)) = project.owed() else { return };
    let Some((gate, _)) = project.phase.gates.iter().max_by_key(|(_, gate)| gate.number) else {
        return;
    };
    let now = context.judgement.now;
    for id in owed {
        let Some((place, why)) = lacking(project, states, id, context) else { continue };
        let when = match due {
            None => "after the launch".to_owned(),
            Some(due) if due < now => format!("{due}, which has passed"),
            Some(due) => due.to_string(),
        };
        let message = format!("the emergency change owes {id} ({why}), due {when}");
        let advice = match project.phase.evidence.contains_key(id) {
            true => Advice::d3p(["record", id]).with("--from", Placeholder::BODY),
            false => Advice::edit(place.clone(), "hand it over"),
        };
        out.push(
            Finding::new(&GL418, Piece::Gate(gate.clone()), place, message)
                .state(State::Missing)
                .advise(advice),
        );
    }
}

/// Why something that is owed is not there, and where it should lie.
fn lacking(
    project: &Project,
    states: &States,
    id: &str,
    context: &Context<'_>,
) -> Option<(Location, String)> {
    if let Some(evidence) = project.evidence(id) {
        let state = states.get(&evidence.piece()).copied();
        let absent = evidence.file.is_absent();
        let passed = !absent && state.is_some_and(State::satisfies);
        let why = if absent { "missing" } else { state.map_or("missing", State::word) };
        return (!passed).then(|| (Location::file(&evidence.def.path), why.to_owned()));
    }
    let status = context.prerequisite(id, context.judgement.now)?;
    let met = ["met", "review"].contains(&status.word);
    (!met).then(|| (Location::file(&status.path), status.word.to_owned()))
}
