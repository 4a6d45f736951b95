//! GL234: later-run.

use super::Context;
use super::support::runs::made;
use crate::definition::Derivation;
use crate::derive::last_runs;
use crate::model::{Advice, Finding, State};

rule! {
    /// A hook ran again after the run that the evidence was made of.
    ///
    /// ## What it checks
    /// Evidence is made of the last run of each hook of its step, for this release and attempt. Every
    /// run is kept, and the ledger names it.
    ///
    /// ## Why it matters
    /// Otherwise one picks the run that one likes.
    ///
    /// ## How to fix
    /// Compile the evidence again: `d3p record KIND` takes the last runs.
    GL234 "later-run" Error since "0.1.0" clauses ["X-2", "P11-2.1", "P11-2.2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for made in made(context) {
        // What was used for the launch is history; a sample stands beside the others.
        if made.facts.runs.is_empty() || made.evidence.def.derive == Some(Derivation::Sample) {
            continue;
        }
        for (last, run) in last_runs(context.project, made.step) {
            let used = made.facts.runs.iter().any(|(file, _)| *file == last);
            let older = made.facts.runs.iter().find(|(_, old)| old.hook == run.hook);
            if let (false, Some((_, older))) = (used, older) {
                let message = format!(
                    "is made of run {} of hook {}; run {} came later and {}",
                    older.number,
                    run.hook,
                    run.number,
                    run.outcome()
                );
                out.push(
                    made.finding(&GL234, "/runs", message, State::Stale)
                        .advise(Advice::d3p(["record", made.evidence.kind])),
                );
            }
        }
    }
}
