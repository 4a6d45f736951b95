//! The command that makes a piece again: what a finding on it advises where nothing better is known.

use super::advice::record_from;
use super::launch::launch_anew;
use crate::decisions::{how_to_decide, how_to_roll_back, signatures_on};
use crate::definition::{Derivation, EvidenceDef, EvidenceFormat, NativeCheck};
use crate::derive::workflow;
use crate::model::{Actor, Advice, Location, Piece, Span};
use crate::project::{Project, step_hooks};
use crate::rollout::window_queries;

/// The command that records a piece again.
pub(crate) fn mend(project: &Project, piece: &Piece) -> Advice {
    match piece {
        Piece::Evidence(kind) => evidence(project, kind),
        Piece::Document(id) => match project.phase.documents.get(id) {
            Some(def) => Advice::edit(Location::file(&def.path), ""),
            None => Advice::d3p(["status", "--next"]),
        },
        Piece::Prerequisite(id) => {
            let page = Advice::page(["explain", id])
                .what("to see what it has to say, and where it may lie");
            match next_hook(project, id) {
                // What d3p makes itself lies beside what others hand over, under the same name.
                Some(hook) => Advice::d3p(["run", hook]).or(page),
                None => page,
            }
        }
        Piece::Gate(id) | Piece::Record(id) => Advice::d3p(["gate", id]),
        Piece::Policy => Advice::edit(Location::file("d3p.yaml"), ""),
        Piece::Ledger | Piece::File(_) => Advice::d3p(["verify"]),
    }
}

fn evidence(project: &Project, kind: &str) -> Advice {
    let def = project.phase.evidence.get(kind);
    if def.is_some_and(|def| def.derive == Some(Derivation::Sample))
        && let Some(watch) = watch(project)
    {
        return watch;
    }
    if let Some(hook) = next_hook(project, kind) {
        return match def.is_some_and(|def| def.launch) {
            true => launch_anew(project, kind, hook),
            false => Advice::d3p(["run", hook]),
        };
    }
    def.and_then(|def| without_hook(project, kind, def)).unwrap_or_else(|| record_from(kind))
}

/// Watching the health window by its queries: afterwards in one go, or live; `None` where a hook samples, and
/// before the launch.
fn watch(project: &Project) -> Option<Advice> {
    window_queries(project)?;
    let (kind, _) = project.phase.launch()?;
    let policy = &project.effective().policy;
    let scrape = policy.metrics.source.as_ref()?.scrape().seconds();
    let begun = project.evidence(kind)?.finished()?;
    let lasts = policy.health.window.seconds() + 2 * scrape + 1;
    let live = Advice::d3p(["watch"])
        .by(Actor::Job)
        .what("or watch it live, so that a breach is told at once");
    Some(
        Advice::d3p(["watch", "--backfill"])
            .what("ask the metric server about the whole health window")
            .not_before(begun.plus(Span::from_seconds(lasts)))
            .or(live),
    )
}

/// What makes evidence that no hook makes and that is no file to be handed in.
fn without_hook(project: &Project, kind: &str, def: &EvidenceDef) -> Option<Advice> {
    let checked_by = |is: fn(&NativeCheck) -> bool| def.native.iter().any(is);
    if checked_by(|native| matches!(native, NativeCheck::WorkflowState {})) {
        return Some(Advice::d3p(["gate", workflow::last_gate(project).unwrap_or_default()]));
    }
    match def.format {
        EvidenceFormat::Json if def.computed => return Some(Advice::d3p(["record", kind])),
        _ if def.computed => return Some(Advice::d3p(["report"])),
        EvidenceFormat::Markdown => return Some(Advice::edit(Location::file(&def.path), "")),
        _ => {}
    }
    if checked_by(|native| matches!(native, NativeCheck::Approval { .. })) {
        return Some(match signatures_on(project) {
            true => Advice::d3p(["approve", "request", "production"]),
            false => how_to_decide(project),
        });
    }
    checked_by(|native| matches!(native, NativeCheck::Rollback { .. }))
        .then(|| how_to_roll_back(project, None))
}

/// The hook to run for evidence that hooks produce: the first that has not run, else the first.
pub(super) fn next_hook<'a>(project: &'a Project, kind: &str) -> Option<&'a str> {
    let (step, def) = project.phase.step_producing(kind)?;
    let hooks = step_hooks(project, step);
    // A rehearsal without hooks of its own is run by its own name, with those of what it rehearses.
    if let Some(rehearsed) = def.rehearses.as_ref().filter(|_| hooks.is_empty()) {
        let told = step_hooks(project, rehearsed).iter().any(|(_, hook)| hook.is_told_where());
        return told.then_some(step);
    }
    let ran = project.runs();
    let open = hooks.iter().find(|(name, _)| !ran.iter().any(|(_, run)| run.hook == **name));
    open.or(hooks.first()).map(|(name, _)| *name)
}
