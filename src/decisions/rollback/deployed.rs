//! What was deployed to production, and which rollbacks began since.

use crate::definition::Before;
use crate::model::Stamp;
use crate::project::{Began, Project, step_hooks};
use crate::record::EntryKind;

/// When the first deployment to production of this attempt began, as the ledger or its report says;
/// a report that is recorded again later does not move it.
pub fn deployed_at(project: &Project) -> Option<Stamp> {
    let (kind, def) = project.phase.launch()?;
    let step = project.phase.step_producing(kind).map(|(step, _)| step);
    let began = step.into_iter().flat_map(|step| began(project, step)).map(|began| began.line.at);
    let release = project.release()?.name();
    let reported = project.ledger.lines.iter().filter(|line| {
        line.entry.kind == EntryKind::Recorded
            && line.entry.release == release
            && line.entry.digests.iter().any(|file| file.path == def.path)
    });
    began.chain(project.launched_at()).chain(reported.map(|line| line.at)).min()
}

/// The step that a decision to roll back clears.
pub fn rollback_step(project: &Project) -> Option<&str> {
    let wants = |before: &Before| matches!(before, Before::Decision(_));
    let found = project.phase.steps.iter().find(|(_, step)| step.before.iter().any(wants));
    found.map(|(step, _)| step.as_str())
}

/// The first hook that rolls back, by name.
pub fn rollback_hook(project: &Project) -> Option<&str> {
    step_hooks(project, rollback_step(project)?).first().map(|(name, _)| *name)
}

/// The runs of rollbacks that began since something was deployed, in the ledger's order; those
/// before were rehearsals.
pub fn rollbacks_begun(project: &Project) -> Vec<Began<'_>> {
    let (Some(step), Some(deployed)) = (rollback_step(project), deployed_at(project)) else {
        return Vec::new();
    };
    began(project, step).into_iter().filter(|began| began.line.at >= deployed).collect()
}

fn began<'a>(project: &'a Project, step: &str) -> Vec<Began<'a>> {
    let hooks: Vec<&str> = step_hooks(project, step).into_iter().map(|(name, _)| name).collect();
    project.began().into_iter().filter(|began| hooks.contains(&began.hook)).collect()
}
