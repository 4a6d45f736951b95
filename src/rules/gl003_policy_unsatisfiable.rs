//! GL003: policy-unsatisfiable.

use super::support::missing_keys::{missing_keys, way_out};
use super::{Context, support::window};
use crate::decisions::{
    deceives, is_mononym, nobody_could_roll_back, not_a_person, same_name, skeleton, wrote,
};
use crate::definition::{Derivation, EvidenceDef, Person, Predicate, PredicateOp, ReportFormat};
use crate::model::{Advice, Finding, Location, Piece, Span};
use crate::project::{Project, step_hooks};
use crate::rollout::{advancing_step, faults, plan};
use serde_json::Value;
use std::collections::BTreeSet;

rule! {
    /// The policy asks for something that can never be.
    ///
    /// ## What it checks
    /// No threshold of a decision exceeds the persons named, and more than one means naming them;
    /// each role that must decide is somebody's; persons are named once, by full name (one word where an address or a key is beside it), and no two
    /// read alike; no two prerequisites share a file and no two
    /// titles a translation; denied windows can be understood; whoever removed an obligation is a person; the
    /// health interval fits into its window, and no more samples than can be recorded into that; each hook serves a step of the phase and services of the
    /// policy, and the suites that are demanded are reported by the hooks that validate; where a step
    /// has hooks, they declare the `reports` that its evidence is made of, and `configuration.files`
    /// names what is compared; no hook is
    /// given the key that machines sign with; enough persons of the authority tree could decide on a
    /// rollback, and are written alike in d3p.yaml; enough persons who did not write the release could
    /// approve it, while `approval.separation` is on; the stages of a rollout rise to 100 % and last long
    /// enough to be looked at, a hook begins those after the first, and each of its conditions can be
    /// parsed, names a metric that is queried, and is in a unit of that metric.
    ///
    /// ## Why it matters
    /// A policy nobody can satisfy gets worked around on the night of the release. A window that
    /// cannot be understood must not count as "no window".
    ///
    /// ## How to fix
    /// Change the key in `d3p.yaml` that the finding points at; where one is lacking, the finding
    /// prints the line to add.
    GL003 "policy-unsatisfiable" Error since "0.1.0" clauses ["P11-3.1", "DLC-8", "P11-2.3"] waivable false
}

/// More than this, and order means nothing any more.
const LARGEST_SKEW: Span = Span::from_seconds(15 * 60);

/// Each sample is a run, with a record and lines of its own in ledger and log.
const MOST_SAMPLES: u64 = 20_000;

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let policy = &context.project.effective().policy;
    let mut add = |pointer: String, message: String| {
        let place = Location::pointer("d3p.yaml", pointer);
        out.push(
            Finding::new(&GL003, Piece::Policy, place, message)
                .edit("change it so that it can be satisfied"),
        );
    };
    approval(context.project, &mut add);
    for (index, denied) in policy.windows.deny.iter().enumerate() {
        if let Err(why) = window::denied_at(denied, context.judgement.now) {
            add(format!("/windows/deny/{index}"), format!("window `{}`: {why}", denied.id));
        }
    }
    obligations(context.project, &mut add);
    titles(context, &mut add);
    hooks(context.project, &mut add);
    rollout(context.project, &mut add);
    numbers(context.project, &mut add);
    for lack in missing_keys(context.project, context.project.effective()) {
        let place = Location::pointer("d3p.yaml", lack.pointer.as_str());
        out.push(
            Finding::new(&GL003, Piece::Policy, place, lack.message.as_str())
                .clauses(&["P11-A"])
                .advise(way_out(context.project, &lack)),
        );
    }
    for (pointless, place, piece) in nobody_could_roll_back(context.project) {
        out.push(
            Finding::new(&GL003, piece, place, pointless)
                .clauses(&["D3P-9"])
                .edit("name the same persons in the authority tree and, with a principal each, in approval.persons").or(Advice::d3p(["rollback", "status"]).what("to see who cannot decide")),
        );
    }
}

/// What was removed by nobody, or names nothing of this phase.
fn obligations(project: &Project, add: &mut dyn FnMut(String, String)) {
    let policy = &project.effective().policy;
    if !policy.uat.required
        && let Some(why) = not_a_person(policy.uat.decided_by.as_deref().unwrap_or_default())
    {
        add(
            "/uat/decided_by".to_owned(),
            format!("nobody decided that acceptance is not required: {why}"),
        );
    }
    for (id, prerequisite) in &policy.prerequisites {
        let decision = prerequisite.not_applicable.as_ref();
        if let Some(why) = decision.and_then(|decision| not_a_person(&decision.decided_by)) {
            let message = format!("nobody decided that {id} does not apply: {why}");
            add(format!("/prerequisites/{id}/not_applicable/decided_by"), message);
        }
        if !project.phase.prerequisites.contains_key(id) {
            let known: Vec<&str> = project.phase.prerequisites.keys().map(String::as_str).collect();
            let message =
                format!("`{id}` is no prerequisite of this phase; known: {}", known.join(", "));
            add(format!("/prerequisites/{id}"), message);
        }
    }
    for kind in policy.evidence.keys().filter(|kind| !project.phase.evidence.contains_key(*kind)) {
        let known: Vec<&str> = project.phase.evidence.keys().map(String::as_str).collect();
        add(
            format!("/evidence/{kind}"),
            format!("`{kind}` is no evidence of this phase; known: {}", known.join(", ")),
        );
    }
    for (id, path) in &project.prerequisite_paths {
        let shared =
            project.prerequisite_paths.iter().find(|(other, own)| *other < id && *own == path);
        if let Some((other, _)) = shared {
            add(
                format!("/prerequisites/{id}/path"),
                format!("{id} and {other} lie at the same path, {path}"),
            );
        }
    }
}

/// Translations that would stand for two titles.
fn titles(context: &Context<'_>, add: &mut dyn FnMut(String, String)) {
    let policy = &context.project.effective().policy;
    for (title, own) in &policy.titles {
        let same = |text: &str| text.trim().to_lowercase() == own.trim().to_lowercase();
        let twice = policy.titles.iter().any(|(other, text)| other != title && same(text));
        let taken = title.to_lowercase() != own.to_lowercase()
            && known_titles(context).any(|known| same(known) && !policy.titles.contains_key(known));
        if twice || taken {
            let token = title.replace('~', "~0").replace('/', "~1");
            add(format!("/titles/{token}"), format!("\"{own}\" would stand for two titles"));
        }
    }
}

/// Spans that fit nothing, and variables that no hook may see.
fn numbers(project: &Project, add: &mut dyn FnMut(String, String)) {
    let policy = &project.effective().policy;
    if policy.skew > LARGEST_SKEW {
        let message =
            format!("{} is no disagreement of clocks; at most {LARGEST_SKEW}", policy.skew);
        add("/skew".to_owned(), message);
    }
    for (pointer, name) in policy.run.signing_variables() {
        add(pointer, format!("no hook may see {name}: it could sign what it likes"));
    }
    if policy.health.interval > policy.health.window {
        let message = format!(
            "the interval ({}) is longer than the window ({})",
            policy.health.interval, policy.health.window
        );
        add("/health/interval".to_owned(), message);
    }
    let mut first = 0_u64;
    for (index, part) in policy.health.first.iter().enumerate() {
        first = first.saturating_add(part.lasts.seconds());
        if part.every > part.lasts || part.every > policy.health.interval {
            let message = format!(
                "a part of {} with a sample every {} is no closer look than one every {}",
                part.lasts, part.every, policy.health.interval
            );
            add(format!("/health/first/{index}"), message);
        }
    }
    if first > policy.health.window.seconds() {
        let message = format!("its parts are longer than the window ({})", policy.health.window);
        add("/health/first".to_owned(), message);
    }
    let parts = policy.health.first.iter();
    let closely: u64 = parts.map(|part| part.lasts.seconds() / part.every.seconds().max(1)).sum();
    let rest = policy.health.window.seconds().saturating_sub(first);
    let samples = closely.saturating_add(rest / policy.health.interval.seconds().max(1));
    if samples > MOST_SAMPLES {
        let message = format!(
            "{} of samples every {} are {samples}; at most {MOST_SAMPLES} can be recorded",
            policy.health.window, policy.health.interval
        );
        add("/health/interval".to_owned(), message);
    }
}

/// Why a name reads like that of another person.
fn alike(others: &[Person], name: &str) -> Option<String> {
    let reads_alike =
        |other: &&Person| !same_name(&other.name, name) && skeleton(&other.name) == skeleton(name);
    let other = others.iter().find(reads_alike)?;
    Some(format!(
        "`{}` and `{name}` read like one person; where they are two, write a middle name",
        other.name
    ))
}

/// Persons who are none, and decisions that they can never make.
fn approval(project: &Project, add: &mut dyn FnMut(String, String)) {
    let approval = &project.effective().policy.approval;
    let names: BTreeSet<String> =
        approval.persons.iter().map(|person| person.name.to_lowercase()).collect();
    if names.len() < approval.persons.len() {
        add("/approval/persons".to_owned(), "a person is named twice".to_owned());
    }
    for (index, person) in approval.persons.iter().enumerate() {
        // Many people have one name; who they are an address or a key shows.
        let known = !(person.principals.is_empty() && person.emails.is_empty());
        if let Some(why) =
            not_a_person(&person.name).filter(|_| !(known && is_mononym(&person.name)))
        {
            let message = format!("`{}` cannot approve: {why}", person.name);
            add(format!("/approval/persons/{index}/name"), message);
        }
        if let Some(message) = alike(&approval.persons[..index], &person.name) {
            add(format!("/approval/persons/{index}/name"), message);
        }
        for (place, principal) in person.principals.iter().enumerate() {
            if let Some(why) = deceives(principal) {
                let message = format!("nobody can tell `{principal}` from another: {why}");
                add(format!("/approval/persons/{index}/principals/{place}"), message);
            }
        }
    }
    // Who is listed with addresses of commits alone decides nothing.
    let writes = |person: &&Person| person.principals.is_empty() && !person.emails.is_empty();
    let writers = approval.persons.iter().filter(writes).count();
    for (kind, decision) in approval.decisions() {
        let place = format!("/approval/{kind}/threshold");
        let able = names.len().saturating_sub(writers);
        if !names.is_empty() && decision.threshold > able {
            let can = match able {
                0 => "nobody".to_owned(),
                able => format!("only {}", persons(able)),
            };
            let message = format!("the threshold is {}, but {can} can approve", decision.threshold);
            add(place, message);
        } else if names.is_empty() && decision.threshold > 1 {
            let message = "more than one person must approve, and nobody is named: one person could count twice";
            add(place, message.to_owned());
        }
        for (index, role) in decision.roles.iter().enumerate() {
            let held = approval.persons.iter().any(|person| person.role.as_ref() == Some(role));
            if !held {
                let message = format!("nobody of approval.persons is {role}");
                add(format!("/approval/{kind}/roles/{index}"), message);
            }
        }
    }
    unseparated(project, add);
    for gate in project.effective().policy.min_assurance.keys() {
        if !project.phase.gates.contains_key(gate) {
            let known: Vec<&str> = project.phase.gates.keys().map(String::as_str).collect();
            let message = format!("`{gate}` is no gate of this phase; known: {}", known.join(", "));
            add(format!("/min_assurance/{gate}"), message);
        }
    }
}

/// Approvals of the launch that would have to be their own author's.
fn unseparated(project: &Project, add: &mut dyn FnMut(String, String)) {
    let approval = &project.effective().policy.approval;
    let wanted = &approval.production;
    // Who is listed without a principal is known as an author, and decides nothing.
    let deciding: Vec<&Person> =
        approval.persons.iter().filter(|person| !person.principals.is_empty()).collect();
    let able: Vec<&Person> =
        deciding.iter().copied().filter(|person| wrote(project, person).is_none()).collect();
    if able.len() == deciding.len() {
        return;
    }
    let only = "git names the others as authors of the release, who do not approve it: list another person, or, in a team of one, say approval.separation: \"off\", which every report then shows";
    if able.len() < wanted.threshold && deciding.len() >= wanted.threshold {
        let message = format!(
            "the threshold is {}, and {} could approve: {only}",
            wanted.threshold,
            persons(able.len())
        );
        add("/approval/production/threshold".to_owned(), message);
    }
    for (index, role) in wanted.roles.iter().enumerate() {
        let holds = |person: &&Person| person.role.as_ref() == Some(role);
        if deciding.iter().any(holds) && !able.iter().any(holds) {
            let message = format!("nobody who is {role} could approve: {only}");
            add(format!("/approval/production/roles/{index}"), message);
        }
    }
}

/// Hooks that no step runs, or that can never report what is demanded.
fn hooks(project: &Project, add: &mut dyn FnMut(String, String)) {
    let policy = &project.effective().policy;
    for (name, hook) in &policy.hooks {
        let step = hook.step(name);
        if !project.phase.steps.contains_key(step) {
            let known: Vec<&str> = project.phase.steps.keys().map(String::as_str).collect();
            let key = if hook.step.is_some() { "/step" } else { "" };
            let message = format!("`{step}` is no step of this phase; known: {}", known.join(", "));
            add(format!("/hooks/{name}{key}"), message);
        }
        let services = hook.services.iter().flatten().enumerate();
        for (index, service) in services.filter(|(_, name)| !policy.services.contains(name)) {
            let message = format!("`{service}` is none of the services of this policy");
            add(format!("/hooks/{name}/services/{index}"), message);
        }
    }
    let files = &policy.configuration.files;
    for (index, own) in files.iter().enumerate() {
        if files[..index].iter().any(|other| other.name == own.name) {
            let message = format!("two configurations are called `{}`", own.name);
            add(format!("/configuration/files/{index}/name"), message);
        }
    }
    // The evidence that has to have every suite of the policy.
    let validates = |def: &EvidenceDef| {
        let covers = |demand: &Predicate| matches!(demand.op, PredicateOp::Covers(..));
        def.derive == Some(Derivation::Validation) && def.require.iter().any(covers)
    };
    let kind = project.phase.evidence.iter().find(|(_, def)| validates(def)).map(|(kind, _)| kind);
    let step = kind.and_then(|kind| project.phase.step_producing(kind));
    let Some((step, _)) = step else { return };
    let serving = policy.hooks.iter().filter(|(name, hook)| hook.step(name) == step);
    let mut reports = serving.flat_map(|(_, hook)| &hook.reports).peekable();
    if reports.peek().is_none() {
        return;
    }
    let junit: Vec<_> = reports.filter(|report| report.files().0 == ReportFormat::Junit).collect();
    // Files without a name for their suite bring the names that are written in them.
    if junit.iter().any(|report| report.suite.is_none()) {
        return;
    }
    let demanded = project.effective().values.pointer("/validation/suites");
    let demanded = demanded.and_then(Value::as_array).into_iter().flatten();
    for (index, suite) in demanded.filter_map(Value::as_str).enumerate() {
        if !junit.iter().any(|report| report.suite.as_deref() == Some(suite)) {
            let message = format!("no hook of {step} reports the suite `{suite}`");
            add(format!("/validation/suites/{index}"), message);
        }
    }
}

/// A rollout that cannot be carried out, or not be judged.
fn rollout(project: &Project, add: &mut dyn FnMut(String, String)) {
    let policy = &project.effective().policy;
    for (pointer, message) in faults(policy) {
        add(pointer, message);
    }
    let several = plan(policy).stages.len() > 1;
    let Some(step) = advancing_step(project).filter(|_| several && !policy.hooks.is_empty()) else {
        return;
    };
    if step_hooks(project, step).is_empty() {
        let message = format!(
            "the rollout has several stages, and no hook begins those after the first: add one, such as {step}: {{ run: [bash, scripts/traffic.sh, \"{{weight}}\"] }}"
        );
        add("/rollout/stages".to_owned(), message);
    }
}

/// Every section title and column heading of the phase.
fn known_titles<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let phase = &context.project.phase;
    let documents = phase.documents.values().flat_map(|def| &def.sections);
    let evidence = phase.evidence.values().flat_map(|def| &def.sections);
    documents.chain(evidence).flat_map(|section| {
        let columns = section.table.iter().flat_map(|table| table.columns.keys());
        std::iter::once(section.title.as_str()).chain(columns.map(String::as_str))
    })
}

fn persons(count: usize) -> String {
    match count {
        0 => "nobody".to_owned(),
        1 => "one person".to_owned(),
        _ => format!("{count} persons"),
    }
}
