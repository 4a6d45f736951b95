//! What the policy already says, for the skeletons: nobody is asked for what is known.

use crate::definition::{Hook, Policy};
use crate::model::{Span, Stamp, turned};
use crate::project::{Project, step_hooks};
use serde_json::{Value, json};

/// Persons, signals, steps and the window of a release, as far as they are known; `null` where not.
pub(super) fn known(
    project: Option<&Project>,
    release: (&str, &str),
    previous: Option<&str>,
    window: Option<Span>,
    now: Stamp,
) -> Value {
    let whole = now.to_minute();
    let window = window
        .map(|span| json!({ "start": whole.to_string(), "end": whole.plus(span).to_string() }));
    let Some(project) = project else {
        return json!({
            "now": now.to_string(), "window": window, "deciders": [], "decider": null, "owner": null, "signals": [],
            "server": null, "health": null, "deployment": [], "rollback": [],
        });
    };
    let policy = &project.current.policy;
    let persons = &policy.approval.persons;
    let decides = |person: &&crate::definition::Person| !person.principals.is_empty();
    let deciders: Vec<Value> = persons
        .iter()
        .filter(decides)
        .map(|own| json!({ "name": own.name, "role": own.role, "reachable": own.reachable }))
        .collect();
    let owner = persons.iter().find(|person| !decides(person)).or(persons.first());
    json!({
        "now": now.to_string(),
        "window": window,
        "decider": persons.iter().find(decides).map(|own| &own.name),
        "deciders": deciders,
        "owner": owner.map(|own| &own.name),
        "signals": signals(policy),
        "server": policy.metrics.source.as_ref().map(|own| &own.prometheus),
        "health": { "window": policy.health.window.to_string(), "interval": policy.health.interval.to_string() },
        "deployment": launch(project, release, previous),
        "rollback": back(project, release, previous),
    })
}

/// Each signal that is watched, with where it is read and when it is healthy.
fn signals(policy: &Policy) -> Vec<Value> {
    let sources = policy.health.signals.iter().filter_map(|name| {
        let source = policy.metrics.named.get(name)?;
        Some((name, source.query.as_ref()?, source.threshold.as_ref()?))
    });
    let rows = sources.map(|(name, query, threshold)| {
        json!({
            "name": name,
            "query": query.replace('|', "\\|"),
            "threshold": threshold,
            "broken": turned(threshold),
        })
    });
    rows.collect()
}

/// What deploys to production and what checks it right after, one after another.
fn launch(project: &Project, release: (&str, &str), previous: Option<&str>) -> Vec<Value> {
    let phase = &project.phase;
    let Some((kind, def)) = phase.launch() else { return Vec::new() };
    let Some((deploys, _)) = phase.step_producing(kind) else { return Vec::new() };
    let checks = phase.steps.iter().find(|(_, step)| step.follows(kind)).map(|(id, _)| id.as_str());
    let steps = std::iter::once(deploys).chain(checks);
    let mut begins = 0;
    let hooks = steps.flat_map(|step| step_hooks(project, step));
    let rows = hooks.map(|(name, hook)| {
        let start = Span::from_seconds(begins);
        begins += hook.timeout().seconds();
        let argv = hook.filled(&def.environment, release.0, release.1, previous, Some((1, "100")));
        row(name, hook, &argv, &format!("T+{start}"))
    });
    rows.collect()
}

/// What takes a launch back.
fn back(project: &Project, release: (&str, &str), previous: Option<&str>) -> Vec<Value> {
    let environment = project.phase.launch().map_or("", |(_, def)| def.environment.as_str());
    let steps = project.phase.steps.iter().filter(|(_, step)| step.takes_back());
    let hooks = steps.flat_map(|(id, _)| step_hooks(project, id));
    let rows = hooks.map(|(name, hook)| {
        let argv = hook.filled(environment, release.0, release.1, previous, None);
        row(name, hook, &argv, "")
    });
    rows.collect()
}

fn row(name: &str, hook: &Hook, argv: &[String], start: &str) -> Value {
    json!({
        "hook": name,
        "command": argv.join(" ").replace('|', "\\|").replace('`', "'"),
        "start": start,
        "duration": hook.timeout().to_string(),
    })
}
