//! GL220: prerequisite-missing.

use super::Context;
use super::support::mend::mend;
use crate::model::{Finding, Location, Piece, State};

rule! {
    /// What another phase had to hand over is not there.
    ///
    /// ## What it checks
    /// Each prerequisite lies at its path or one of its aliases; `prerequisites` in `d3p.yaml`
    /// may name another path.
    ///
    /// ## Why it matters
    /// Readiness rests on staging validation, smoke tests, a rehearsed rollback, a checked
    /// environment, an audit and a Go. Missing is not "probably fine".
    ///
    /// ## How to fix
    /// Finish the phase that produces it. If it lies elsewhere, name the path in `d3p.yaml`; if
    /// this project really has none, `not_applicable` with a reason and a name says so in every
    /// report. `d3p explain ID` shows what it must hold.
    GL220 "prerequisite-missing" Error since "0.1.0" clauses ["P11-1.1", "P11-5"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (id, def) in &context.project.phase.prerequisites {
        if context.project.prerequisite_exemption(id).is_some() {
            continue;
        }
        let Some(status) = context.prerequisite(id, context.judgement.now) else {
            continue;
        };
        if status.word == "missing" {
            let message = format!("{} is missing", def.title);
            out.push(
                Finding::new(
                    &GL220,
                    Piece::Prerequisite(id.clone()),
                    Location::file(&status.path),
                    message,
                )
                .state(State::Missing)
                .clauses(&def.clauses)
                .advise(mend(context.project, &Piece::Prerequisite(id.clone()))),
            );
        }
    }
}
