//! GL137: ticked-unseen.

use super::Context;
use super::support::sections::sectioned;
use crate::decisions::nobody_in;
use crate::derive::{Tick, tick};
use crate::model::{Finding, Stamp, State};
use crate::project::Project;

rule! {
    /// An item that production alone can show was ticked without anybody having seen it there.
    ///
    /// ## What it checks
    /// The boxes of the service checklists are open until production was deployed. One that is ticked
    /// names the person and the time, `(Ana Silva, 2026-11-21T10:05:00Z)`, and the time lies after the
    /// deployment and not in the future. `d3p tick` writes them; `agent, for` says that no signature
    /// shows that the person did it.
    ///
    /// ## Why it matters
    /// A list that is copied with its ticks verifies the release before.
    ///
    /// ## How to fix
    /// Open the box, look at production, and tick it: `d3p tick SERVICE N --by "FULL NAME"`.
    GL137 "ticked-unseen" Error since "0.1.0" clauses ["D3P-2", "D3P-8", "X-4"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let deployed = deployed(project);
    let now = context.judgement.now;
    for file in sectioned(project) {
        for def in file.sections.iter().filter(|def| def.checklist.is_some()) {
            let Some(found) = file.find(project, def) else { continue };
            for task in found.tasks().filter(|task| task.done) {
                let Some(why) = unseen(tick(&task.text), deployed, now, project) else { continue };
                let message = format!("ticked, {why}: {}", task.text.trim());
                out.push(
                    Finding::new(&GL137, file.piece.clone(), file.at(task.range.clone()), message)
                        .state(State::Invalid)
                        .clauses(&def.clauses)
                        .edit("open the box, look at production, then tick it with d3p tick"),
                );
            }
        }
    }
}

/// When production was deployed, as its report says; where that is gone, as the ledger does.
fn deployed(project: &Project) -> Option<Stamp> {
    let launch = project.phase.launch().and_then(|(kind, _)| project.evidence(kind));
    launch.and_then(|launch| launch.finished()).or_else(|| project.launched_at())
}

fn unseen(
    tick: Option<Tick<'_>>,
    deployed: Option<Stamp>,
    now: Stamp,
    project: &Project,
) -> Option<String> {
    let skew = project.effective().policy.skew;
    let Some(deployed) = deployed else {
        return Some("and nothing was deployed: production alone can show it".to_owned());
    };
    let Some(tick) = tick else {
        return Some("and it does not say by whom and when".to_owned());
    };
    if let Some(why) = nobody_in(project, tick.by) {
        return Some(format!("by \"{}\": {why}", tick.by));
    }
    if tick.at.plus(skew) < deployed {
        return Some(format!("{}, before production was deployed ({deployed})", tick.at));
    }
    (tick.at > now.plus(skew)).then(|| format!("{}, which lies in the future", tick.at))
}
