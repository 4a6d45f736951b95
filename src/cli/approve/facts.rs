//! What a person has to know who decides, each fact from the file that tells it: what waits for them,
//! what was measured and against what, what was skipped or suppressed, and what is otherwise than in
//! the release before.

use super::brief::or_none;
use crate::decide::Assessment;
use crate::decisions::{authorship, loosened, loosened_since, same_name, separation_wanted};
use crate::definition::{CellType, NativeCheck, changes};
use crate::derive::report::rollback_takes;
use crate::model::{Finding, Piece};
use crate::project::sections::{cell, sectioned};
use crate::project::{Evidence, Project};
use crate::record::EntryKind;
use crate::rules::{lock_rehearsed, waits_for_decision, waits_for_go};
use crate::schema;
use crate::text::shell::word;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What waits for whoever decides, doubts about outcomes of tests first; nothing of it is folded.
pub(super) fn waiting(project: &Project, assessment: &Assessment) -> Vec<String> {
    let told = |finding: &Finding| {
        // Who said GO so far is no part of what the next one signs.
        let how = finding.waived.as_deref().filter(|_| !waits_for_go(project, finding));
        let how = how.map_or(String::new(), |how| format!(" (waived {how})"));
        format!("  - {} {}: {}{how}", finding.rule.code, finding.location.path, finding.message)
    };
    let waits = assessment.findings.iter().filter(|own| waits_for_decision(project, own));
    let (tests, others): (Vec<&Finding>, Vec<&Finding>) =
        waits.partition(|own| is_of_tests(project, own));
    or_none(tests.into_iter().chain(others).map(told).collect())
}

/// Whether anything waits for whoever decides.
pub(super) fn waits(project: &Project, assessment: &Assessment) -> bool {
    assessment.findings.iter().any(|own| waits_for_decision(project, own))
}

/// Whether it is about how tests or measurements ended.
fn is_of_tests(project: &Project, finding: &Finding) -> bool {
    let tells = |value: &Value| {
        ["/tests", "/suites", "/summary", "/performance", "/security", "/smoke_tests"]
            .iter()
            .any(|at| value.pointer(at).is_some())
    };
    match &finding.piece {
        Piece::Evidence(kind) => {
            project.evidence(kind).is_some_and(|own| own.value().is_some_and(tells))
        }
        Piece::Prerequisite(id) => {
            let file = project.prerequisite_paths.get(id).and_then(|path| project.present(path));
            file.and_then(|file| file.value()).is_some_and(tells)
        }
        _ => false,
    }
}

/// Where the policy asks for less than it should.
pub(super) fn looser(project: &Project) -> Vec<String> {
    let all = loosened(project).into_iter().chain(loosened_since(project));
    or_none(all.map(|own| format!("  - {}", own.message)).collect())
}

/// Tests, findings of scans, and measurements with what they are held against; how often each was tried.
pub(super) fn measured(project: &Project) -> Vec<String> {
    let mut out = Vec::new();
    for evidence in project.all_evidence() {
        let Some(value) = evidence.value() else { continue };
        let mut lines = counted(value);
        lines.extend(performance(project, &evidence, value));
        let Some(first) = lines.first_mut() else { continue };
        let tries = value.pointer("/try").and_then(Value::as_u64).filter(|tries| *tries > 1);
        let tries = tries.map_or(String::new(), |tries| format!(" (recorded on try {tries})"));
        *first = format!("{}: {first}{tries}", evidence.kind);
        out.extend(lines.into_iter().enumerate().map(|(index, line)| match index {
            0 => format!("  {line}"),
            _ => format!("    {line}"),
        }));
    }
    out.extend(tries(project));
    or_none(out)
}

/// How often a hook was run, where it was more than once: what it ended like before it passed is no
/// part of the evidence, and of what whoever decides has to know.
fn tries(project: &Project) -> Vec<String> {
    let Some(release) = project.release().map(|release| release.name()) else { return Vec::new() };
    let mut began: BTreeMap<&str, usize> = BTreeMap::new();
    for own in project.began() {
        *began.entry(own.hook).or_default() += 1;
    }
    let ended = |hook: &str| -> Vec<String> {
        let lines = project.ledger.lines.iter().map(|line| &line.entry);
        let own = lines.filter(|entry| {
            entry.kind == EntryKind::Ran
                && entry.release == release
                && entry.hook.as_deref() == Some(hook)
        });
        own.filter_map(|entry| Some(entry.outcome.as_ref()?.words())).collect()
    };
    let many = began.into_iter().filter(|(_, count)| *count > 1);
    many.map(|(hook, count)| {
        let mut ended = ended(hook);
        if ended.len() < count {
            ended.push(format!("{} of unknown end", count - ended.len()));
        }
        format!("  hook {hook} was run {count} times: {}", ended.join(", "))
    })
    .collect()
}

fn counted(value: &Value) -> Vec<String> {
    let number = |at: &str| value.pointer(at).and_then(Value::as_u64);
    let mut out = Vec::new();
    if let (Some(total), Some(passed)) = (number("/tests/total"), number("/tests/passed")) {
        let failed = number("/tests/failed").unwrap_or(0);
        let skipped = number("/tests/skipped").unwrap_or(0);
        let suites = value.get("suites").and_then(Value::as_array).into_iter().flatten();
        let flaky: u64 =
            suites.filter_map(|suite| suite.get("flaky").and_then(Value::as_u64)).sum();
        let flaky = match flaky {
            0 => String::new(),
            some => format!(", {some} passed only when run again"),
        };
        out.push(format!(
            "{total} tests: {passed} passed, {failed} failed, {skipped} skipped{flaky}"
        ));
    }
    if let (Some(critical), Some(high)) = (number("/security/critical"), number("/security/high")) {
        let suppressed = value.pointer("/security/suppressed").and_then(Value::as_object);
        let suppressed: u64 =
            suppressed.into_iter().flatten().filter_map(|(_, count)| count.as_u64()).sum();
        out.push(format!(
            "security findings: {critical} critical, {high} high, {suppressed} suppressed in the scanner"
        ));
    }
    out
}

/// Each value beside its baseline, and what the policy allows.
fn performance(project: &Project, evidence: &Evidence<'_>, value: &Value) -> Vec<String> {
    let found = evidence.native(|native| match native {
        NativeCheck::Performance { at, max_regression, .. } => Some((at, max_regression)),
        _ => None,
    });
    let Some((at, limit)) = found else { return Vec::new() };
    let limit = limit.resolve(&project.effective().values);
    let limit = limit.as_str().map_or_else(|| limit.to_string(), str::to_owned);
    let rows = value.pointer(at).and_then(Value::as_array).into_iter().flatten();
    rows.map(|row| {
        let text = |key: &str| match row.get(key) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => "none".to_owned(),
            Some(other) => other.to_string(),
        };
        let measured = format!("{} {}{}", text("metric"), text("observed"), text("unit"));
        match row.get("baseline").is_none_or(Value::is_null) {
            true => format!("{measured}, no baseline"),
            false => format!(
                "{measured}, baseline {}, {} % worse, at most {limit}",
                text("baseline"),
                text("change_percent")
            ),
        }
    })
    .collect()
}

/// How traffic is moved, and how long it takes to take the launch back: as planned, and as rehearsed.
pub(super) fn launch(project: &Project) -> Vec<String> {
    let mut out = crate::cli::rollout::shown(project);
    out.extend(hooks(project));
    out.extend(denied(project));
    out.push(format!("  launch lock {}", lock(project)));
    if let Some(span) = rollback_takes(project) {
        out.push(format!("  taking it back is planned to take {span}"));
    }
    let strangers = strangers(project);
    if !strangers.is_empty() {
        out.push(format!(
            "  does something in it, and is no person of the policy: {}",
            strangers.join(", ")
        ));
    }
    for (id, def) in &project.phase.prerequisites {
        let path = project.prerequisite_paths.get(id);
        let Some(value) = path.and_then(|path| project.present(path)?.value()) else { continue };
        for target in &def.targets {
            let (actual, most) = (value.pointer(&target.actual), value.pointer(&target.at_most));
            if let (Some(actual), Some(most)) = (actual, most) {
                let name = target.actual.trim_start_matches('/');
                out.push(format!("  {id}: {name} {actual}, target {most}"));
            }
        }
    }
    out
}

/// What each hook runs, as it stands in the policy, word by word.
fn hooks(project: &Project) -> impl Iterator<Item = String> + '_ {
    project.effective().policy.hooks.iter().map(|(name, hook)| {
        let words = hook.run.iter().flatten().map(|own| match own.contains('{') {
            true => own.clone(),
            false => word(own),
        });
        let run: Vec<String> = words.chain(hook.shell.clone()).collect();
        format!("  hook {name} runs {}", run.join(" ").replace('\n', "\\n"))
    })
}

/// When no launch is let through, window by window.
fn denied(project: &Project) -> impl Iterator<Item = String> + '_ {
    project.effective().policy.windows.deny.iter().map(|own| {
        let weekly = [&own.weekly, &own.tz].into_iter().flatten();
        let once = [&own.start, &own.end].into_iter().flatten();
        let when: Vec<&str> = weekly.chain(once).map(String::as_str).collect();
        format!("  no launch in {}: {}", own.id, when.join(" "))
    })
}

/// Whether another machine could launch at the same time.
fn lock(project: &Project) -> String {
    match &project.effective().policy.launch_lock {
        None => "none: two machines could launch at once (launch_lock in d3p.yaml)".to_owned(),
        Some(policy) if lock_rehearsed(project) => format!("on, at {}", policy.url),
        Some(policy) => format!("OFF: nobody could take it yet at {}", policy.url),
    }
}

/// Who owns a step or signed the manifest off, and stands nowhere in the policy, where it lists anybody.
fn strangers(project: &Project) -> Vec<String> {
    let persons = &project.effective().policy.approval.persons;
    if persons.is_empty() {
        return Vec::new();
    }
    let mut names = BTreeSet::new();
    for file in sectioned(project) {
        for &def in &file.sections {
            let (Some(wanted), Some(found)) = (&def.table, file.find(project, def)) else {
                continue;
            };
            let Some((table, places)) = found.table(project, wanted) else { continue };
            let person = wanted.columns.values().position(|own| *own == CellType::Person);
            let Some(place) = person.map(|index| places[index]) else { continue };
            names.extend(table.rows.iter().map(|row| cell(row, place).to_owned()));
        }
    }
    let manifest = project.phase.identity().and_then(|(kind, _)| project.evidence(kind));
    let signed = manifest.and_then(|own| own.value()?.get("sign_offs")?.as_array());
    let signed = signed.into_iter().flatten();
    names.extend(signed.filter_map(|own| Some(own.get("name")?.as_str()?.to_owned())));
    names.retain(|name| !persons.iter().any(|person| same_name(&person.name, name)));
    names.into_iter().collect()
}

/// Who wrote it, and what of the policy is otherwise than in the release before.
pub(super) fn since(project: &Project) -> Vec<String> {
    let mut out = Vec::new();
    match authorship(project).filter(|_| separation_wanted(project)) {
        None if separation_wanted(project) => {
            out.push("authors: not asked yet; the first gate does".to_owned());
        }
        None => out.push("authors: not asked (separation or signatures are off)".to_owned()),
        Some(own) => match &own.since {
            None => out.push(
                "authors: none; no release was launched before, as far as archives tell".to_owned(),
            ),
            Some(since) => {
                out.push(format!(
                    "{} commits since {since}, {} of them signed; their authors are a claim of whoever committed",
                    own.commits, own.signed
                ));
                out.extend(own.persons.iter().map(|person| format!("author {person}")));
            }
        },
    }
    let Some(last) = &project.last_launch else { return indented(out) };
    out.push(format!("the release before: {}, launched {}", last.release.name(), last.launched_at));
    let now = &project.effective().values;
    for change in changes(&last.policy, now, schema::policy()) {
        let key = change.pointer.trim_start_matches('/').replace('/', ".");
        out.push(format!("d3p.yaml: `{key}` is another one"));
    }
    indented(out)
}

fn indented(lines: Vec<String>) -> Vec<String> {
    lines.into_iter().map(|line| format!("  {line}")).collect()
}
