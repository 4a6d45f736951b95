//! GL410: approval-used-up.

use super::Context;
use super::support::advice::close;
use super::support::launch::{Outcome, is_known_to, launches, launching_hooks};
use crate::decisions::signatures_on;
use crate::model::{Actor, Finding, State};

rule! {
    /// A step is asked for again that was taken already.
    ///
    /// ## What it checks
    /// `d3p check --before STEP` clears one launch: not after a report of one that
    /// succeeded, be it that only the ledger still says so, not once the report was edited, and not
    /// after a rollback. A run that succeeded counts before any report tells of it. A run of which nobody
    /// knows what it came to (it never ended, as far as is recorded, or not by itself), and a hook that
    /// succeeded in a launch that failed, want a GO that was given over a ledger that names it. A command
    /// that failed by its exit code may be tried again under the same approval while nothing changed.
    /// Afterwards: no hook succeeded twice under one approval.
    ///
    /// ## Why it matters
    /// A decision is consumed by its use. Otherwise one Go would deploy for ever.
    ///
    /// ## How to fix
    /// Compile the report of a run that has none (`d3p record`); otherwise archive the attempt and begin
    /// the next one. Where a run was killed, look at what production runs, and decide anew.
    GL410 "approval-used-up" Error since "0.1.0" clauses ["P11-3.1", "DLC-7", "X-3"] waivable false
}

/// What was taken twice, though nobody who approved knew of the first time. Whether a step may be
/// taken again says the clearance, which alone knows what is asked for.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(report) = project.phase.launch().and_then(|(kind, _)| project.evidence(kind)) else {
        return;
    };
    let mut succeeded = launches(project);
    succeeded.retain(|launch| launch.outcome == Outcome::Succeeded);
    if succeeded.len() < 2 {
        return;
    }
    let signed = signatures_on(project);
    let decisions = context.decisions().iter().enumerate();
    let counting: Vec<_> = decisions
        .filter(|(index, _)| !signed || context.signers().get(*index).is_some_and(Result::is_ok))
        .map(|(_, decision)| decision)
        .collect();
    for hook in launching_hooks(project) {
        let of_hook = succeeded.iter().filter(|launch| launch.hook == hook);
        let unknown: Vec<String> = of_hook
            .filter(|launch| !is_known_to(project, launch, &counting))
            .map(|launch| launch.line.at.to_string())
            .collect();
        if unknown.len() < 2 {
            continue;
        }
        let message =
            format!("{hook} launched more than once under one approval: {}", unknown.join(", "));
        out.push(
            Finding::new(&GL410, report.piece(), report.at(""), message)
                .state(State::Failed)
                .clauses(&report.def.clauses)
                .advise(
                    close("superseded")
                        .by(Actor::Person)
                        .what("look at what production runs; then close this attempt"),
                ),
        );
    }
}
