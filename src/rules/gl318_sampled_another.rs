//! GL318: sampled-another.

use super::Context;
use super::support::runs::{Made, made};
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
    for made in made(context).filter(here) {
        let sampled = made.evidence.def.derive == Some(Derivation::Sample);
        let path = &made.evidence.def.path;
        let entries = made.evidence.file.entries();
        let measured_by = context.project.measured_by();
        let mut silent: Vec<String> = Vec::new();
        let runs = context.project.runs();
        let runs: Vec<&Run> =
            runs.iter().map(|(_, run)| run).filter(|run| run.step == made.step).collect();
        let spoken = spoken_of(&runs);
        let all: BTreeSet<&str> = spoken.values().flatten().copied().collect();
        let services = &context.project.effective().policy.services;
        let never = services.iter().filter(|own| !all.is_empty() && !all.contains(own.as_str()));
        for service in never.filter(|_| sampled) {
            let message =
                format!("no sample says how {service} is, and samples say how other services are");
            out.push(finding(&made, Location::file(path), message).state(State::Review).advise(
                Advice::answer(format!("let a hook say ::service {service}=STATUS VERSION")),
            ));
        }
        for run in runs {
            let own = entries.iter().find(|entry| {
                measured_by.get(entry.digest.to_string().as_str()).is_some_and(|id| *id == run.id)
            });
            let place = match own {
                Some(entry) => Location::span(path, entry.range.clone()),
                None => Location::file(path),
            };
            let left_out = spoken.get(run.hook.as_str()).into_iter().flatten();
            let left_out = left_out.filter(|name| !says(run, name) && sampled && run.succeeded());
            for name in left_out {
                let message = format!(
                    "the sample of {} says nothing of {name}, of which other samples do",
                    run.started_at
                );
                let help = format!("look at {}; a human decides", run.log.path);
                out.push(
                    finding(&made, place.clone(), message)
                        .state(State::Review)
                        .advise(Advice::answer(help)),
                );
            }
            for service in &run.said.services {
                if service.version.is_none() && !silent.contains(&service.name) {
                    silent.push(service.name.clone());
                    let message = format!(
                        "{} says how {} is, and not which version of it was looked at",
                        run.hook, service.name
                    );
                    out.push(
                        finding(&made, Location::file(path), message).level(Level::Warning).advise(
                            Advice::answer(format!(
                                "let the hook say ::service {}=STATUS VERSION",
                                service.name
                            )),
                        ),
                    );
                }
                let Some((state, message)) = ill(run, service, &release.version) else { continue };
                if sampled {
                    let help = format!("look at {}; a human decides", run.log.path);
                    out.push(
                        finding(&made, place.clone(), message)
                            .state(state)
                            .advise(Advice::answer(help)),
                    );
                }
            }
        }
    }
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
fn ill(run: &Run, service: &RanService, version: &str) -> Option<(State, String)> {
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
