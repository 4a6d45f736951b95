//! GL318: sampled-another.

use super::Context;
use super::support::runs::{Made, made};
use crate::definition::Derivation;
use crate::model::{Advice, Finding, Level, Location, State};
use crate::record::{RanService, Run};

rule! {
    /// A run in production met a service that is ill, or one of another version.
    ///
    /// ## What it checks
    /// What the hooks that sample say of services (`::service NAME=STATUS VERSION`): each is healthy,
    /// and runs the release's version. A service that is reported without its version, there or by
    /// another hook in production, is told: nobody knows what was looked at.
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
        for (_, run) in context.project.runs() {
            if run.step != made.step {
                continue;
            }
            let own = entries.iter().find(|entry| {
                measured_by.get(entry.digest.to_string().as_str()).is_some_and(|id| *id == run.id)
            });
            let place = match own {
                Some(entry) => Location::span(path, entry.range.clone()),
                None => Location::file(path),
            };
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
                let Some((state, message)) = ill(&run, service, &release.version) else { continue };
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
