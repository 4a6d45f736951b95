//! GL325: check-in-not-measured.

use super::Context;
use crate::decisions::deployed_at;
use crate::model::{Advice, Finding, Location, State};
use crate::project::Project;
use crate::record::{EntryKind, Watched};
use crate::rollout::{check_ins, window_queries};
use crate::rules::support::health;
use std::collections::BTreeMap;

rule! {
    /// A check-in of the health window is not what the metric server answered.
    ///
    /// ## What it checks
    /// Where each signal of `health` has a query and no hook takes samples, each entry of the health log
    /// since the deployment was made by `d3p watch`: the ledger names the record of the answers that it
    /// is made of, the queries were those of the policy, its server was asked, and the entry says what
    /// these answers say of its moment.
    ///
    /// ## Why it matters
    /// What a server measured need not be typed, and what was typed need not be what was measured.
    ///
    /// ## How to fix
    /// `d3p watch --backfill` asks for every moment of the window that is lacking.
    GL325 "check-in-not-measured" Error since "0.1.0" clauses ["P11-4.1", "D3P-5", "X-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let (Some(queries), Some(series)) = (window_queries(project), health::series(context)) else {
        return;
    };
    let Some(launched) = deployed_at(project) else { return };
    let records = records(project);
    let mut entries: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for entry in series.log.file.entries().iter().filter(|entry| entry.at >= launched) {
        match records.get(entry.digest.to_string().as_str()) {
            Some(path) => entries.entry(path).or_default().push(entry),
            None => wrong.push((entry, "it was typed, and d3p.yaml has queries that measure it")),
        }
    }
    let source = project.effective().policy.metrics.source.as_ref();
    for (path, mut entries) in entries {
        let watched = project.raw.get(path).and_then(|file| Watched::read(file.value()?));
        let asked = watched.as_ref().is_some_and(|own| {
            own.queries == queries
                && own.stage.is_none()
                && own.source.as_deref() == source.map(|own| own.prometheus.as_str())
        });
        let Some(watched) = watched.filter(|_| asked) else {
            let why = "what it was made of is gone, or is no answer to the queries of d3p.yaml";
            wrong.extend(entries.into_iter().map(|entry| (entry, why)));
            continue;
        };
        entries.sort_by_key(|entry| entry.at);
        let moments: Vec<_> = entries.iter().map(|entry| entry.at).collect();
        let told = check_ins(project, &watched, &moments);
        let differs =
            entries.into_iter().zip(told).filter(|(entry, (_, said))| entry.payload != *said);
        wrong.extend(differs.map(|(entry, _)| (entry, "it says something else than was answered")));
    }
    for (entry, why) in wrong {
        let place = Location::span(&series.log.def.path, entry.range.clone());
        let message = format!("the check-in of {}: {why}", entry.at);
        out.push(
            Finding::new(&GL325, series.log.piece(), place, message)
                .state(State::Failed)
                .clauses(&series.log.def.clauses)
                .advise(Advice::d3p(["watch", "--backfill"])),
        );
    }
}

/// The record that each entry was made of, by the entry's digest.
fn records(project: &Project) -> BTreeMap<&str, &str> {
    let lines = project.ledger.lines.iter().map(|line| &line.entry);
    let mut all = BTreeMap::new();
    for entry in lines.filter(|entry| entry.kind == EntryKind::Recorded) {
        let mut files = entry.digests.iter();
        let Some(record) = files.find(|file| project.places().is_watched(&file.path)) else {
            continue;
        };
        let others = entry.digests.iter().filter(|file| file.path != record.path);
        all.extend(others.map(|file| (file.sha256.as_str(), record.path.as_str())));
    }
    all
}
