//! GL232: not-run.

use super::Context;
use super::support::runs::Made;
use super::support::runs::made;
use crate::definition::Derivation;
use crate::derive::{measured, taken_by};
use crate::model::{Advice, Finding, Location, State};
use crate::record::Run;
use std::collections::{BTreeMap, BTreeSet};

rule! {
    /// The policy names a hook, and the evidence does not come from it.
    ///
    /// ## What it checks
    /// Where `hooks` in `d3p.yaml` names hooks for a step, the step's evidence is made of a run of each,
    /// every report in it was written by one of these runs, and nothing that counts was typed. The
    /// ledger names a run for each sample of a health log, no run twice; the sample says what that run
    /// measured, and is of the time when it ended.
    ///
    /// ## Why it matters
    /// JUnit carries no commit, and often no time zone: what binds a report is the run that wrote it.
    ///
    /// ## How to fix
    /// Run the hook: `d3p run HOOK`. Remove the hook from the policy only if there is none.
    GL232 "not-run" Error since "0.1.0" clauses ["P11-A", "P11-2.1", "P11-2.2", "P11-3.2"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for made in made(context) {
        if made.hooks.is_empty() {
            continue;
        }
        if made.evidence.def.derive == Some(Derivation::Sample) {
            samples(context, &made, out);
            continue;
        }
        for (name, _) in &made.hooks {
            if !made.facts.runs.iter().any(|(_, run)| run.hook == *name && run.step == made.step) {
                let message = format!("is not made of a run of hook {name}, which d3p.yaml names");
                let finding = made.finding(&GL232, "/origin", message, State::Failed);
                out.push(finding.advise(Advice::d3p(["run", name])));
            }
        }
        for (index, (import, _)) in made.facts.imports.iter().enumerate() {
            if !made.facts.was_run(import) {
                let message = format!("{} was imported, not written by a run", import.source);
                let place = format!("/imports/{index}");
                out.push(made.finding(&GL232, &place, message, State::Failed));
            }
        }
        let typed = made.evidence.text_at("/origin") == Some("typed") && !made.facts.is_empty();
        if typed {
            let message = "a part of it was typed, and d3p.yaml names a hook";
            out.push(made.finding(&GL232, "/origin", message, State::Failed));
        }
    }
}

/// Each entry of a health log against the run that it names.
fn samples(context: &Context<'_>, made: &Made<'_>, out: &mut Vec<Finding>) {
    let runs = context.project.runs();
    let runs: BTreeMap<&str, &Run> = runs.iter().map(|(_, run)| (run.id.as_str(), *run)).collect();
    let measured_by = context.project.measured_by();
    let mut known = BTreeSet::new();
    for entry in made.evidence.file.entries() {
        let named = measured_by.get(entry.digest.to_string().as_str());
        let found = named.and_then(|named| runs.get(named));
        let message = match (named, found) {
            (None, _) => "a sample was typed, and d3p.yaml names a hook that takes them",
            (_, None) => "the record of the run that took a sample is not there",
            (_, Some(run)) if measured(context.project, run).as_ref() != Some(&entry.payload) => {
                "a sample says something else than its run measured"
            }
            (_, Some(run)) if run.step != made.step || !run.succeeded() => {
                "the run of a sample took none"
            }
            (_, Some(run)) if !taken_by(context.project, run, entry.at) => {
                "a sample is of another time than its run"
            }
            (_, Some(run)) if !known.insert(&run.id) => "a sample has the run of another sample",
            _ => continue,
        };
        let mut finding = made.finding(&GL232, "", message, State::Failed);
        finding.location = Location::span(&made.evidence.def.path, entry.range.clone());
        out.push(finding);
    }
}
