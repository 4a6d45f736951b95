//! What a person reads before they decide.

use super::facts;
use super::planned::{recommended, written};
use super::story::story;
use crate::decide::{Assessment, Recorded};
use crate::decisions::{
    Current, Lifting, accepted, changed_files, covers, decisions, open_objections,
};
use crate::definition::SectionRole;
use crate::model::{Sha256Digest, Stamp};
use crate::project::{NOT_FROM_COMMIT, Project, Release};
use crate::record::FileDigest;
use crate::rules::{GL007, GL008};
use crate::text::canonical::to_canonical;
use serde_json::{Value, json};

/// What waits, facts, scope, gates, findings, risks and exemptions of the release, line by line.
pub(super) fn brief(
    project: &Project,
    release: &Release,
    assessment: &Assessment,
    now: Stamp,
) -> Vec<String> {
    let mut out = vec![
        format!(
            "Release {} attempt {} of {}",
            release.version, release.attempt, release.repository
        ),
        format!("Commit {}", release.commit),
        recommended(project, release, assessment, now),
    ];
    let before = story(project);
    if !before.is_empty() {
        out.extend([String::new(), "What went wrong before".to_owned()]);
        out.extend(before);
    }
    let sections: [(&str, Vec<String>); 5] = [
        ("Waits for you", facts::waiting(project, assessment)),
        ("Looser than recommended, or than before", facts::looser(project)),
        ("Measured", facts::measured(project)),
        ("Launch", facts::launch(project)),
        ("Since the release before", facts::since(project)),
    ];
    for (title, lines) in sections {
        out.extend([String::new(), title.to_owned()]);
        out.extend(lines);
    }
    out.extend([String::new(), "Scope".to_owned()]);
    let manifest = project.phase.identity().and_then(|(kind, _)| project.evidence(kind));
    let value = manifest.as_ref().and_then(|manifest| manifest.value());
    out.extend(strings(value, "/scope").map(|item| format!("  - {item}")));
    for (name, sha256) in &release.artifacts {
        out.push(format!("  artifact {name} sha256:{sha256}"));
    }
    out.extend([String::new(), "Gates".to_owned()]);
    for gate in &assessment.gates {
        let state = match gate.recorded {
            Recorded::Valid(at) => format!("passed {at}"),
            _ => "not passed".to_owned(),
        };
        out.push(format!("  {} {}: {state}", gate.number, gate.id));
    }
    out.extend([String::new(), "Objections".to_owned()]);
    out.extend(objections(project, now));
    for (title, risks) in risks(project) {
        out.extend([String::new(), title]);
        out.extend(risks.into_iter().map(|line| format!("  {line}")));
    }
    out.extend(accepts(project, assessment, now));
    out.extend([String::new(), "Written".to_owned()]);
    out.extend(written(project));
    out.extend([String::new(), "Covered, by digest".to_owned()]);
    out.extend(
        covers(project).iter().map(|file| format!("  {} {}", &file.sha256[..12], file.path)),
    );
    out
}

/// What whoever approves takes over: exemptions, what is not from the commit, and warnings.
fn accepts(project: &Project, assessment: &Assessment, now: Stamp) -> Vec<String> {
    let mut out = Vec::new();
    let exemptions = accepted(project, now);
    let (given, exemptions): (Vec<String>, Vec<String>) =
        exemptions.into_iter().partition(|line| line.starts_with(NOT_FROM_COMMIT));
    out.extend([String::new(), "Exemptions".to_owned()]);
    out.extend(or_none(exemptions.iter().map(|exemption| format!("  - {exemption}")).collect()));
    out.extend([String::new(), "Not from the commit".to_owned()]);
    let given =
        given.iter().map(|line| format!("  - {}", line.trim_start_matches(NOT_FROM_COMMIT)));
    out.extend(or_none(given.collect()));
    let warnings = assessment
        .findings
        .iter()
        .filter(|finding| finding.level == crate::model::Level::Warning)
        // Those have sections of their own above.
        .filter(|finding| finding.waived.is_none())
        .filter(|finding| finding.rule != &GL007 && finding.rule != &GL008)
        .map(|finding| {
            format!("  {} {}: {}", finding.rule.code, finding.location.path, finding.message)
        });
    out.extend([String::new(), "Warnings".to_owned()]);
    out.extend(or_none(warnings.collect()));
    out
}

/// Every NO_GO that its person has not taken back, be it of an attempt before.
fn objections(project: &Project, now: Stamp) -> Vec<String> {
    let told = open_objections(project, now).into_iter().map(|own| {
        let Lifting { left, wanted, lacks_persons } = own.lifting;
        let worth = match (own.outvoted, left) {
            (true, _) => "outvoted".to_owned(),
            (false, false) => "it binds until it is lifted".to_owned(),
            (false, true) if lacks_persons => format!(
                "it binds, its person can sign no more, and {wanted} others would lift it, whom the policy does not have: it takes a new commit"
            ),
            (false, true) => format!(
                "it binds, and its person can sign no more: {wanted} others lift it who say GO over it"
            ),
        };
        let why = own.reason.map_or(String::new(), |why| format!("; why: {why}"));
        format!("  - NO_GO by {}, {}, attempt {}: {worth}{why}", own.person, own.at, own.attempt)
    });
    or_none(told.collect())
}

/// Who said GO, and it counts. No part of what is signed: the next may say so at the same time.
pub(super) fn agreed(project: &Project, now: Stamp) -> Vec<String> {
    let go = decisions(project).into_iter().filter(|decision| decision.is_go());
    let current = Current::of(project, now);
    let counting = go.filter(|decision| current.stands(decision));
    let told = counting.filter_map(|decision| {
        let said = decision.statement.ok()?.predicate;
        let role = said.head.role.map_or(String::new(), |role| format!(", {role}"));
        Some(format!("  {}{role}, {}", said.head.person, said.head.decided_at))
    });
    told.collect()
}

/// The digest of what `shown` is about, and of `shown` itself: whoever signs with it signs what they
/// read, and nothing that was put in its place since.
pub(super) fn seen(project: &Project, shown: &[String]) -> Sha256Digest {
    let value = json!({
        "covers": covers(project),
        "policy": project.effective().digest.to_string(),
        "shown": shown,
    });
    Sha256Digest::of(to_canonical(&value).as_bytes())
}

/// What differs between what was requested and what lies here now; `None` without a request.
pub(super) fn changed_since_request(project: &Project) -> Option<Vec<String>> {
    let requested = requested(project)?;
    let mut out = changed_files(&requested, &covers(project));
    if out.is_empty() {
        out.push("nothing".to_owned());
    }
    Some(out)
}

fn requested(project: &Project) -> Option<Vec<FileDigest>> {
    let (_, def) = crate::cli::record::approval_def(project).ok()?;
    let value = project.present(&def.path)?.value()?;
    serde_json::from_value(value.pointer("/request/covers")?.clone()).ok()
}

pub(super) fn or_none(lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() { vec!["  none".to_owned()] } else { lines }
}

fn strings<'a>(value: Option<&'a Value>, pointer: &str) -> impl Iterator<Item = &'a str> {
    let list = value.and_then(|value| value.pointer(pointer)).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str)
}

/// The sections on risks of the manifest, by their titles, as their author wrote them.
fn risks(project: &Project) -> Vec<(String, Vec<String>)> {
    let Some((kind, def)) = project.phase.identity() else { return Vec::new() };
    let text = project.evidence(kind).map(|manifest| manifest.file.text.clone());
    let text = text.unwrap_or_default();
    let sections = def.sections.iter().filter(|own| own.role == Some(SectionRole::Risks));
    let written = sections.map(|section| {
        let title = format!("## {}", project.translated(&section.title));
        let lines = text.lines().skip_while(|line| line.trim() != title).skip(1);
        let lines: Vec<String> = lines
            .take_while(|line| !line.starts_with("## "))
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect();
        let lines = if lines.is_empty() { vec!["none written".to_owned()] } else { lines };
        (section.title.clone(), lines)
    });
    written.collect()
}
