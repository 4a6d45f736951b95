//! GL239: left-running.

use super::Context;
use super::support::runs::made;
use crate::model::{Actor, Advice, Finding};

rule! {
    /// A hook left processes running, or its log is not whole.
    ///
    /// ## What it checks
    /// When a run that evidence is made of had ended, nothing that it had started ran on
    /// (`still_running`); and nothing of what it said could not be written (`lost`) or was left out
    /// (`left_out`). It is a warning.
    ///
    /// ## Why it matters
    /// What a hook leaves behind is watched by nobody: a server of the release that ends with the
    /// machine, or a helper that was forgotten. What a log lacks, nobody can read.
    ///
    /// ## How to fix
    /// Look at the process. Start services with what keeps them (systemd, a container engine), and end
    /// helpers in the hook. Make room for the log, or say less; `run.log_limit` says how much is kept.
    GL239 "left-running" Warning since "0.1.0" clauses ["P11-3.2", "D3P-10"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for made in made(context) {
        for (_, run) in &made.facts.runs {
            let mut warn = |message: String, what: &str| {
                let place = made.evidence.at("/runs");
                let advice = Advice::answer(what).by(Actor::Person);
                out.push(
                    Finding::new(&GL239, made.evidence.piece(), place, message).advise(advice),
                );
            };
            if !run.still_running.is_empty() {
                let names = run.still_running.iter();
                let names = names.map(|own| format!("{} (process {})", own.name, own.pid));
                let names = names.collect::<Vec<_>>().join(", ");
                warn(
                    format!("hook {} had ended, and what it left ran on: {names}", run.hook),
                    "look whether that is what was to be left",
                );
            }
            let (lost, left_out) = (run.log.lost, run.log.left_out);
            if lost + left_out > 0 {
                warn(
                    format!(
                        "the log of hook {} is not whole: {lost} bytes could not be written, {left_out} were left out",
                        run.hook
                    ),
                    "look elsewhere for what it said, where that matters",
                );
            }
        }
    }
}
