//! `DEPLOYMENT-REPORT.md`: compiled from the evidence, each piece by path and digest (P11-4.2).

use crate::definition::EvidenceFormat;
use crate::model::Stamp;
use crate::project::{Evidence, Project, Release};
use serde_json::Value;
use std::fmt::Write as _;

/// The report's text.
pub fn deployment_report(project: &Project, release: &Release, now: Stamp) -> String {
    let mut out = front_matter(project, release, now);
    let _ = writeln!(
        out,
        "\n# Deployment report: {} {}\n",
        cell(&release.repository),
        cell(&release.version)
    );
    if project.effective().policy.demo {
        out.push_str(
            "DEMO RELEASE: made by d3p demo; it proves nothing about any real release.\n\n",
        );
    }
    let _ = writeln!(
        out,
        "Commit {}, attempt {}. Compiled {now} by d3p.",
        release.commit, release.attempt
    );
    out.push_str("Signatures are off: decisions below were typed, not signed.\n\n");
    scope(project, &mut out);
    timeline(project, &mut out);
    staging(project, &mut out);
    health(project, &mut out);
    evidence_table(project, &mut out);
    out
}

/// Whole files that the report cites: everything of the gates before its own.
fn cited(project: &Project) -> impl Iterator<Item = Evidence<'_>> {
    let own = project
        .all_evidence()
        .find(|evidence| evidence.file.path.ends_with("DEPLOYMENT-REPORT.md"))
        .and_then(|report| project.phase.gate_of_evidence(report.kind))
        .map_or(u32::MAX, |(_, gate)| gate.number);
    project.all_evidence().filter(move |evidence| {
        let number =
            project.phase.gate_of_evidence(evidence.kind).map_or(u32::MAX, |(_, gate)| gate.number);
        number < own
            && evidence.def.format != EvidenceFormat::AppendOnly
            && !evidence.file.is_absent()
            && project.exemption(evidence.kind).is_none()
    })
}

fn front_matter(project: &Project, release: &Release, now: Stamp) -> String {
    let text = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let mut out = String::from("---\nschema_version: 1\nkind: deployment-report\n");
    let _ = writeln!(out, "release: {}", text(&release.version));
    let _ = writeln!(out, "commit: {}", text(&release.commit));
    let _ =
        writeln!(out, "attempt: {}\nenvironment: production\norigin: computed", release.attempt);
    let _ = writeln!(out, "finished_at: {}\ncites:", text(&now.to_string()));
    for evidence in cited(project) {
        if let Some(digest) = evidence.file.digest {
            let _ = writeln!(
                out,
                "  - path: {}\n    sha256: {}",
                text(&evidence.def.path),
                text(&digest.to_string())
            );
        }
    }
    out.push_str("---\n");
    out
}

fn scope(project: &Project, out: &mut String) {
    out.push_str("## Scope\n\n");
    let manifest = project.phase.identity().and_then(|(kind, _)| project.evidence(kind));
    let value = manifest.and_then(|manifest| manifest.value());
    for item in list(value, "/scope").filter_map(Value::as_str) {
        let _ = writeln!(out, "- {}", cell(item));
    }
    out.push_str("\n| Artifact | Type | SHA-256 |\n| --- | --- | --- |\n");
    for artifact in list(value, "/artifacts") {
        let _ = writeln!(
            out,
            "| {} | {} | {} |",
            at(artifact, "/name"),
            at(artifact, "/type"),
            at(artifact, "/sha256")
        );
    }
    out.push('\n');
}

fn timeline(project: &Project, out: &mut String) {
    out.push_str("## Timeline\n\n| Evidence | Started | Finished | Status | Try |\n| --- | --- | --- | --- | --- |\n");
    for evidence in cited(project) {
        let time = |stamp: Option<Stamp>| stamp.map_or("-".to_owned(), |stamp| stamp.to_string());
        let field =
            |pointer: &str| evidence.value().map_or("-".to_owned(), |value| at(value, pointer));
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            evidence.def.title,
            time(evidence.started()),
            time(evidence.finished()),
            field("/status"),
            field("/try"),
        );
    }
    out.push('\n');
}

fn staging(project: &Project, out: &mut String) {
    let with_suites = |evidence: &Evidence<'_>| list(evidence.value(), "/suites").next().is_some();
    let Some(results) = project.all_evidence().find(with_suites) else { return };
    out.push_str("## Staging validation\n\n| Suite | Total | Passed | Failed | Skipped |\n| --- | --- | --- | --- | --- |\n");
    for suite in list(results.value(), "/suites") {
        let numbers =
            ["/name", "/total", "/passed", "/failed", "/skipped"].map(|key| at(suite, key));
        let _ = writeln!(out, "| {} |", numbers.join(" | "));
    }
    out.push_str("\n| Metric | Before | After | Change |\n| --- | --- | --- | --- |\n");
    for metric in list(results.value(), "/performance") {
        let unit = at(metric, "/unit");
        let _ = writeln!(
            out,
            "| {} | {} {unit} | {} {unit} | {} % |",
            at(metric, "/metric"),
            at(metric, "/baseline"),
            at(metric, "/observed"),
            at(metric, "/change_percent"),
        );
    }
    out.push('\n');
}

fn health(project: &Project, out: &mut String) {
    out.push_str("## Health window\n\n");
    let policy = &project.effective().policy.health;
    for log in project.all_evidence().filter(|evidence| !evidence.file.entries().is_empty()) {
        let first = log.started().map_or("-".to_owned(), |stamp| stamp.to_string());
        let last = log.finished().map_or("-".to_owned(), |stamp| stamp.to_string());
        let count = log.file.entries().len();
        let _ = writeln!(out, "- {}: {count} entries, {first} to {last}", log.def.path);
    }
    let _ = writeln!(out, "- Policy: window {}, interval {}\n", policy.window, policy.interval);
}

fn evidence_table(project: &Project, out: &mut String) {
    out.push_str("## Evidence\n\n| Path | SHA-256 |\n| --- | --- |\n");
    for evidence in cited(project) {
        let digest = evidence.file.digest.map(|digest| digest.to_string()).unwrap_or_default();
        let _ = writeln!(out, "| {} | {digest} |", evidence.def.path);
    }
}

fn list<'a>(value: Option<&'a Value>, pointer: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.and_then(|value| value.pointer(pointer)).and_then(Value::as_array).into_iter().flatten()
}

fn at(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer) {
        Some(Value::String(text)) => cell(text),
        Some(other) => cell(&other.to_string()),
        None => "-".to_owned(),
    }
}

/// Text that stays inside a table's cell and a line.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}
