//! GL233: command-not-declared.

use super::Context;
use super::support::runs::made;
use crate::definition::Derivation;
use crate::model::{Finding, State};

rule! {
    /// What ran is not what the policy names.
    ///
    /// ## What it checks
    /// Each run's command line is that of its hook in the frozen policy, filled in for this release.
    /// What it names is the release's own: hooks run in a tree that is made of its commit.
    ///
    /// ## Why it matters
    /// `d3p run HOOK -- true` also exits with 0. What another command did is for a human to
    /// judge, so the state is `review` at best.
    ///
    /// ## How to fix
    /// Run the hook as the policy names it.
    /// Or let a person sign that it may stand: `d3p waive GL233`.
    GL233 "command-not-declared" Error since "0.1.0" clauses ["P11-A", "P11-2.1", "P11-3.2"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let runs = context.project.runs();
    let previous = context.project.previous_release();
    for made in made(context) {
        // Samples are the entries of a log: each of their runs counts, and not only the last.
        let sampled = made.evidence.def.derive == Some(Derivation::Sample);
        let samples = runs.iter().filter(|(_, run)| sampled && run.step == made.step);
        let last = made.facts.runs.iter().filter(|_| !sampled).map(|(_, run)| run);
        for run in samples.map(|(_, run)| *run).chain(last) {
            let hook = context.project.effective().policy.hooks.get(&run.hook);
            let stage = run.stage.as_ref().map(|stage| (stage.number, stage.weight.as_str()));
            let before = previous;
            let wanted = hook.map(|hook| {
                hook.filled(&run.environment, &run.release, &run.commit, before, stage)
            });
            if !run.declared || wanted.as_ref().is_some_and(|wanted| *wanted != run.argv) {
                let message = format!(
                    "`{}` ran, which is not the command of hook {}",
                    run.argv.join(" "),
                    run.hook
                );
                out.push(made.finding(&GL233, "", message, State::Review));
            }
        }
    }
}
