//! GL231: hook-failed.

use super::Context;
use super::support::missing_keys::unwritten;
use super::support::runs::{Made, made};
use crate::definition::Derivation;
use crate::derive::is_alarm;
use crate::model::{Advice, Finding, Location, State};
use crate::record::Run;

rule! {
    /// A hook failed, or did not write a report that it declares.
    ///
    /// ## What it checks
    /// Each run that evidence was made of ended by itself with exit code 0, wrote at least one file
    /// for each pattern in its `reports`, and said nothing critical (`::critical`; those of a launch are
    /// counted in its report). A line that means to say so and is none is for a human to look at.
    ///
    /// ## Why it matters
    /// A test runner that crashed after its last green test has tested nothing more. A report that was
    /// not written is a suite that vanished.
    ///
    /// ## How to fix
    /// Read the log that the finding names, mend the cause, and run the hook again.
    /// Or let a person sign that it may stand: `d3p waive GL231`.
    GL231 "hook-failed" Error since "0.1.0" clauses ["P11-A", "P11-C3", "P11-2.2"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for made in made(context) {
        let counted = made.evidence.def.derive == Some(Derivation::Deployment);
        if made.evidence.def.derive == Some(Derivation::Sample) {
            let runs = context.project.runs();
            let taken = runs.iter().filter(|(_, run)| run.step == made.step);
            taken.for_each(|(_, run)| alarms(&made, run, out));
        }
        for (_, run) in &made.facts.runs {
            // What a deployment's commands exited with is asked for by the phase itself.
            if !(run.succeeded() || counted && run.exit_code.is_some()) {
                let message = format!(
                    "hook {} {}; its output is in {}",
                    run.hook,
                    run.outcome(),
                    run.log.path
                );
                out.push(made.finding(&GL231, "", message, State::Failed));
            }
            alarms(&made, run, out);
            for pattern in &run.missing_reports {
                let message = format!("hook {} wrote no report {pattern}", run.hook);
                let mut finding = made.finding(&GL231, "", message, State::Failed);
                if let Some(advice) = unwritten(context.project, made.evidence.kind) {
                    finding = finding.advise(advice);
                }
                out.push(finding);
            }
        }
    }
}

/// What a run says of critical errors. A launch counts them itself, and what it comes to is asked for
/// by the phase; of a sample, which is not taken back, a human says what it means.
fn alarms(made: &Made<'_>, run: &Run, out: &mut Vec<Finding>) {
    let sample = made.evidence.def.derive == Some(Derivation::Sample);
    if let Some(said) = run.said.critical.first().filter(|_| !made.evidence.def.launch) {
        let message = format!("hook {} says: critical: {said}", run.hook);
        let state = if sample { State::Review } else { State::Failed };
        let finding = made.finding(&GL231, "", message, state);
        out.push(match sample {
            true => finding.advise(
                Advice::answer("look at what the log says")
                    .at(Location::file(run.log.path.as_str())),
            ),
            false => finding,
        });
    }
    for said in run.said.malformed.iter().filter(|said| is_alarm(said)) {
        let message = format!("hook {} says what is not understood: {said}", run.hook);
        let finding = made.finding(&GL231, "", message, State::Review);
        out.push(
            finding.advise(
                Advice::answer("look at what the log says; the hook has to write ::critical TEXT")
                    .at(Location::file(run.log.path.as_str())),
            ),
        );
    }
}
