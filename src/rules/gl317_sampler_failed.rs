//! GL317: sampler-failed.

use super::Context;
use super::support::runs::{entries_by_run, made};
use crate::definition::Derivation;
use crate::model::{Advice, Finding, Location, Stamp, State};
use crate::record::Run;

rule! {
    /// A hook that takes samples failed, or said what is not understood.
    ///
    /// ## What it checks
    /// Each run since the deployment that was to take a sample ended by itself with exit code 0, is in
    /// the log, and every `::metric` line of it could be read and tells a metric once. A run that failed took no
    /// sample, and is none that may be left out: a human says what it means.
    ///
    /// ## Why it matters
    /// A sampler that fails whenever production does makes a log of good samples only.
    ///
    /// ## How to fix
    /// Look at the log of the run. If production was ill, decide on a rollback; if the sampler was, mend
    /// it, go on sampling, and let a person sign that the gap may stand: `d3p waive GL317`.
    GL317 "sampler-failed" Error since "0.1.0" clauses ["P11-4.1", "DLC-7", "DLC-12", "X-4"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let launch = context.project.phase.launch();
    let launch = launch.and_then(|(kind, _)| context.project.evidence(kind));
    let Some(since) = launch.and_then(|launch| launch.finished()) else { return };
    for made in made(context) {
        if made.evidence.def.derive != Some(Derivation::Sample) {
            continue;
        }
        let entries = made.evidence.file.entries();
        let by_run = entries_by_run(context.project, &made.evidence);
        let in_order = entries.is_sorted_by_key(|entry| entry.at);
        let path = &made.evidence.def.path;
        for (_, run) in context.project.runs() {
            let Ok(started) = Stamp::parse(&run.started_at) else { continue };
            if run.step != made.step || started < since {
                continue;
            }
            let own = by_run.get(run.id.as_str()).copied();
            let Some(message) = wrong(run, own.is_some()) else { continue };
            // Where there is no entry of it, the one after it stands beside the gap.
            let next = || match in_order {
                true => entries.get(entries.partition_point(|entry| entry.at < started)),
                false => entries.iter().find(|entry| entry.at >= started),
            };
            let place = match own.or_else(next) {
                Some(entry) => Location::span(path, entry.range.clone()),
                None => Location::file(path),
            };
            let help = format!("look at {}; a human decides what it means", run.log.path);
            out.push(
                Finding::new(&GL317, made.evidence.piece(), place, message)
                    .state(State::Review)
                    .clauses(&made.evidence.def.clauses)
                    .advise(Advice::answer(help)),
            );
        }
    }
}

/// Why a run took no sample that counts; `kept` says whether the log has one of it.
fn wrong(run: &Run, kept: bool) -> Option<String> {
    if !run.succeeded() {
        let said: Vec<String> =
            run.said.metrics.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let said =
            if said.is_empty() { String::new() } else { format!("; it said {}", said.join(" ")) };
        return Some(format!("the sample of {} {}{said}", run.started_at, run.outcome()));
    }
    if !kept {
        return Some(format!("the sample of {} is in no entry of the log", run.started_at));
    }
    let line = run.said.malformed.iter().find(|line| line.contains("::metric"))?;
    Some(format!("the sample of {} says what is not understood: {line}", run.started_at))
}
