//! The command that makes a piece again: what a finding on it advises where nothing better is known.

use super::advice::record_from;
use super::launch::launch_anew;
use crate::decisions::{how_to_decide, how_to_roll_back, signatures_on};
use crate::definition::{EvidenceDef, EvidenceFormat, NativeCheck};
use crate::derive::workflow;
use crate::model::{Advice, Location, Piece};
use crate::project::{Project, step_hooks};

/// The command that records a piece again.
pub(crate) fn mend(project: &Project, piece: &Piece) -> Advice {
    match piece {
        Piece::Evidence(kind) => evidence(project, kind),
        Piece::Document(id) => match project.phase.documents.get(id) {
            Some(def) => Advice::edit(Location::file(&def.path), ""),
            None => Advice::d3p(["status", "--next"]),
        },
        Piece::Prerequisite(id) => Advice::d3p(["explain", id]),
        Piece::Gate(id) | Piece::Record(id) => Advice::d3p(["gate", id]),
        Piece::Policy => Advice::edit(Location::file("d3p.yaml"), ""),
        Piece::Ledger | Piece::File(_) => Advice::d3p(["verify"]),
    }
}

fn evidence(project: &Project, kind: &str) -> Advice {
    let def = project.phase.evidence.get(kind);
    if let Some(hook) = next_hook(project, kind) {
        return match def.is_some_and(|def| def.launch) {
            true => launch_anew(project, kind, hook),
            false => Advice::d3p(["run", hook]),
        };
    }
    def.and_then(|def| without_hook(project, kind, def)).unwrap_or_else(|| record_from(kind))
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
    let (step, _) = project.phase.step_producing(kind)?;
    let hooks = step_hooks(project, step);
    let ran = project.runs();
    let open = hooks.iter().find(|(name, _)| !ran.iter().any(|(_, run)| run.hook == **name));
    open.or(hooks.first()).map(|(name, _)| *name)
}
