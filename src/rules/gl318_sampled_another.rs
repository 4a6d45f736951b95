//! GL318: sampled-another.

use super::Context;
use super::support::runs::{Made, entries_by_run, made};
use crate::definition::Derivation;
use crate::model::{Advice, Finding, Level, Location, State};
use crate::record::{RanService, Run};
use std::collections::{BTreeMap, BTreeSet};

rule! {
    /// A run in production met a service that is ill, or one of another version.
    ///
    /// ## What it checks
    /// What the hooks that sample say of services (`::service NAME=STATUS VERSION`): each is healthy,
    /// and runs the release's version. A service that is reported without its version, there or by
    /// another hook in production, is told: nobody knows what was looked at. A sample that leaves out a
    /// service of which other samples of that hook speak, and a service that no sample speaks of though
    /// they do of others, wait for a person.
    ///
    /// ## Why it matters
    /// Good figures of the version before are no figures of this one.
    ///
    /// ## How to fix
    /// Let the hook ask the service which version it runs, and say it. What a run has said is not taken
    /// back: decide on a rollback, or let a person sign that it may stand: `d3p waive GL318`.
    GL318 "sampled-another" Error since "0.1.0" clauses ["P11-4.1", "X-2", "DLC-7"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(release) = context.project.release() else { return };
    let launch = context.project.phase.launch().map(|(_, def)| def.environment.as_str());
    // What runs on staging is compared with the release where its evidence is made.
    let here = |made: &Made<'_>| launch == Some(made.evidence.def.environment.as_str());
    let runs = context.project.runs();
    for made in made(context).filter(here) {
        let runs: Vec<&Run> =
            runs.iter().map(|(_, run)| *run).filter(|run| run.step == made.step).collect();
        without_version(&made, &runs, out);
        if made.evidence.def.derive == Some(Derivation::Sample) {
            let spoken = spoken_of(&runs);
            never_spoken_of(context, &made, &spoken, out);
            let entries = entries_by_run(context.project, &made.evidence);
            let path = &made.evidence.def.path;
            for run in runs {
                let own = entries.get(run.id.as_str());
                let place = own.map_or_else(
                    || Location::file(path),
                    |entry| Location::span(path, entry.range.clone()),
                );
                left_out(&made, run, &spoken, &place, out);
                let ill = run.said.services.iter();
                for (state, message) in ill.filter_map(|own| ill_said(run, own, &release.version)) {
                    out.push(looked_at(&made, run, place.clone(), message).state(state));
                }
            }
        }
    }
}

/// Services whose version some run does not say, each once.
fn without_version(made: &Made<'_>, runs: &[&Run], out: &mut Vec<Finding>) {
    let mut silent: BTreeSet<&str> = BTreeSet::new();
    for run in runs {
        for service in run.said.services.iter().filter(|own| own.version.is_none()) {
            if !silent.insert(&service.name) {
                continue;
            }
            let message = format!(
                "{} says how {} is, and not which version of it was looked at",
                run.hook, service.name
            );
            let place = Location::file(&made.evidence.def.path);
            out.push(finding(made, place, message).level(Level::Warning).advise(Advice::answer(
                format!("let the hook say ::service {}=STATUS VERSION", service.name),
            )));
        }
    }
}

/// Services of the release that no sample speaks of, though they do of others.
fn never_spoken_of(
    context: &Context<'_>,
    made: &Made<'_>,
    spoken: &BTreeMap<&str, BTreeSet<&str>>,
    out: &mut Vec<Finding>,
) {
    let all: BTreeSet<&str> = spoken.values().flatten().copied().collect();
    let services = &context.project.effective().policy.services;
    for service in services.iter().filter(|own| !all.is_empty() && !all.contains(own.as_str())) {
        let message =
            format!("no sample says how {service} is, and samples say how other services are");
        let place = Location::file(&made.evidence.def.path);
        out.push(
            finding(made, place, message).state(State::Review).advise(Advice::answer(format!(
                "let a hook say ::service {service}=STATUS VERSION"
            ))),
        );
    }
}

/// Services that this sample leaves out and others of its hook do not.
fn left_out(
    made: &Made<'_>,
    run: &Run,
    spoken: &BTreeMap<&str, BTreeSet<&str>>,
    place: &Location,
    out: &mut Vec<Finding>,
) {
    let expected = spoken.get(run.hook.as_str()).into_iter().flatten();
    for name in expected.filter(|name| run.succeeded() && !says(run, name)) {
        let message = format!(
            "the sample of {} says nothing of {name}, of which other samples do",
            run.started_at
        );
        out.push(looked_at(made, run, place.clone(), message).state(State::Review));
    }
}

/// A finding that a person looks at in the run's log.
fn looked_at(made: &Made<'_>, run: &Run, place: Location, message: String) -> Finding {
    let help = format!("look at {}; a human decides", run.log.path);
    finding(made, place, message).advise(Advice::answer(help))
}

fn finding(made: &Made<'_>, place: Location, message: String) -> Finding {
    Finding::new(&GL318, made.evidence.piece(), place, message).clauses(&made.evidence.def.clauses)
}

fn says(run: &Run, service: &str) -> bool {
    run.said.services.iter().any(|own| own.name == service)
}

/// The services of which some sample of each hook speaks.
fn spoken_of<'a>(runs: &[&'a Run]) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut out: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for run in runs.iter().filter(|run| run.succeeded()) {
        let names = run.said.services.iter().map(|service| service.name.as_str());
        out.entry(&run.hook).or_default().extend(names);
    }
    out
}

/// What a sample says of a service that is no good news.
fn ill_said(run: &Run, service: &RanService, version: &str) -> Option<(State, String)> {
    let at = &run.started_at;
    if service.status != "healthy" {
        let message = format!("the sample of {at} found {} {}", service.name, service.status);
        return Some((State::Failed, message));
    }
    let other = service.version.as_deref().filter(|own| *own != version)?;
    let message =
        format!("the sample of {at} looked at {} {other}, this release is {version}", service.name);
    Some((State::Review, message))
}
