//! GL406: launched-without-go.

use super::Context;
use super::support::advice::abandon;
use crate::model::{Finding, State};

rule! {
    /// Production was deployed without a documented Go decision.
    ///
    /// ## What it checks
    /// When a deployment is reported, each prerequisite of Phase 8 exists, says what it must, and
    /// is dated before the deployment began.
    ///
    /// ## Why it matters
    /// Do not perform the final deployment without documented Go decision from Phase 8.
    ///
    /// ## How to fix
    /// Nothing mends it afterwards: roll back, get the decision, and begin a new attempt.
    GL406 "launched-without-go" Error since "0.1.0" clauses ["D3P-6"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(launch) = project.phase.launch().and_then(|(kind, _)| project.evidence(kind)) else {
        return;
    };
    let Some(started) = launch.started() else { return };
    let go = project
        .phase
        .prerequisites
        .iter()
        .filter(|(_, def)| def.clauses.iter().any(|c| c == "D3P-6"));
    for (id, def) in go {
        if project.prerequisite_exemption(id).is_some() {
            continue;
        }
        let Some(status) = context.prerequisite(id, started) else { continue };
        if status.is_usable() || status.word == "stale" {
            continue;
        }
        let why = status.reason.as_deref().unwrap_or_default();
        let message = format!("deployed {started} without the {}: {why}", def.title);
        out.push(
            Finding::new(&GL406, launch.piece(), launch.at(launch.start_pointer()), message)
                .state(State::Failed)
                .clauses(&def.clauses)
                .advise(abandon().what("roll back, get the decision and begin a new attempt")),
        );
    }
}
