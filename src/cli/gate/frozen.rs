//! The policy that the first gate freezes: later gates are judged by it.

use crate::cli::Failure;
use crate::model::{Advice, Location};
use crate::project::Project;
use crate::rules::abandon;
use crate::write::ChangeSet;

/// Takes the edited policy: as if no gate had frozen one yet.
pub(super) fn refreeze(project: &mut Project, gate: &str) -> Result<(), Failure> {
    if project.phase.first_gate().is_none_or(|(first, _)| first != gate) {
        return Err(Failure::usage("--refreeze belongs to the first gate"));
    }
    if project.launched_at().is_some() {
        return Err(Failure::refused(
            "production was deployed under the frozen policy: it is history",
        )
        .advise(
            Advice::edit(Location::file("d3p.yaml"), "restore what was frozen").or(abandon()),
        ));
    }
    project.frozen = Some(project.current.clone());
    project.policy_changes = Vec::new();
    Ok(())
}

/// Freezes the policy, unless it is.
pub(super) fn freeze(project: &Project, changes: &mut ChangeSet) {
    let effective = project.effective();
    let was = project.digest_of(project.places().policy());
    if was != Some(effective.digest) {
        changes.replace(project.places().policy(), effective.canonical.clone(), was);
    }
}
