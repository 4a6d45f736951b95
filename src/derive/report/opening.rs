//! Front matter, what was released, and what it rested on.

use super::text::{at, cell, rows, table};
use super::{LAYOUT, heading, region, report_def, report_of};
use crate::decisions::loosened;
use crate::definition::{NativeCheck, ReportOf};
use crate::derive::view::{View, list};
use crate::model::Stamp;
use crate::record::GateRecordClaims;
use std::collections::BTreeMap;
use std::fmt::Write as _;

pub(super) fn write(view: &View<'_>, stamp: Stamp, out: &mut String) {
    title(view, ReportOf::Release, stamp, &citations(view), out);
    outcome(view, out);
    if view.project.effective().policy.signatures == "off" {
        let _ = writeln!(out, "Signatures are off: decisions below were typed, not signed.\n");
    }
    let policy = &view.project.effective().policy;
    if policy.signatures != "off" && policy.approval.separation == "off" {
        let _ = writeln!(
            out,
            "Separation is off: whoever wrote or deployed it may have approved it.\n"
        );
    }
    let looser = loosened(view.project);
    if !looser.is_empty() {
        let _ = writeln!(out, "Looser than recommended: {}.\n", looser.len());
        for own in looser {
            let _ = writeln!(out, "- {}", cell(&own.message));
        }
        out.push('\n');
    }
    waivers(view, out);
    region(out, "Summary", "summary");
    scope(view, out);
}

/// Front matter, title, and of what and when it is.
pub(super) fn title(
    view: &View<'_>,
    of: ReportOf,
    stamp: Stamp,
    cites: &BTreeMap<String, String>,
    out: &mut String,
) {
    front_matter(view, of, stamp, cites, out);
    let release = view.release;
    let title = format!("{} {}", cell(&release.repository), cell(&release.version));
    let def = report_of(view.project, of).map(|(_, def)| def);
    let own = def.map_or("", |def| def.title.as_str());
    let environment = def.map_or("", |def| def.environment.as_str());
    let _ = writeln!(out, "\n# {own}: {title}\n");
    if view.project.effective().policy.demo {
        let _ = writeln!(
            out,
            "DEMO RELEASE: made by d3p demo; it proves nothing about any real release.\n"
        );
    }
    let _ = writeln!(
        out,
        "Commit {}, attempt {}, environment {environment}.\nCompiled {stamp} by d3p from the files it cites; what is dated later is not in it.\n",
        cell(&release.commit),
        release.attempt
    );
}

/// What earlier gates were passed with, though a rule found something; as their records tell, for
/// those move no more.
pub(super) fn waivers(view: &View<'_>, out: &mut String) {
    let own = report_def(view.project)
        .and_then(|(kind, _)| view.project.phase.gate_of_evidence(kind))
        .map_or(u32::MAX, |(_, gate)| gate.number);
    let mut lines = Vec::new();
    for (id, gate) in view.project.phase.gates.iter().filter(|(_, gate)| gate.number < own) {
        let record = view.project.file(&view.project.places().gate(gate.number, id));
        let record = record.and_then(|record| record.value());
        for waiver in record.map(GateRecordClaims::recorded_waivers).unwrap_or_default() {
            lines.push(format!("- Gate {}: {}", gate.number, cell(&waiver.words())));
        }
    }
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "Passed with waivers:\n\n{}\n", lines.join("\n"));
}

/// Paths and digests of everything that the text rests on, sorted by path.
pub fn citations(view: &View<'_>) -> BTreeMap<String, String> {
    let mut cites = BTreeMap::new();
    for evidence in view.whole_files() {
        if let Some(digest) = evidence.file.digest {
            cites.insert(evidence.def.path.clone(), digest.to_string());
        }
    }
    // The plan and the thresholds stand in documents.
    for def in view.project.phase.documents.iter().filter(|(id, _)| used(view, id)) {
        if let Some(digest) = view.project.digest_of(&def.1.path) {
            cites.insert(def.1.path.clone(), digest.to_string());
        }
    }
    cites
}

/// Whether the report takes something from a document.
fn used(view: &View<'_>, id: &str) -> bool {
    let own = report_def(view.project)
        .and_then(|(kind, _)| view.project.phase.gate_of_evidence(kind))
        .map_or(u32::MAX, |(_, gate)| gate.number);
    view.project.phase.gate_of_document(id).is_some_and(|(_, gate)| gate.number < own)
}

fn front_matter(
    view: &View<'_>,
    of: ReportOf,
    stamp: Stamp,
    cites: &BTreeMap<String, String>,
    out: &mut String,
) {
    let text = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let release = view.release;
    let (kind, def) = report_of(view.project, of).unzip();
    let (kind, environment) =
        (kind.unwrap_or_default(), def.map_or("", |def| def.environment.as_str()));
    let _ = writeln!(out, "---\nschema_version: 1\nkind: {kind}");
    let _ = writeln!(out, "release: {}", text(&release.version));
    let _ = writeln!(out, "commit: {}", text(&release.commit));
    let _ =
        writeln!(out, "attempt: {}\nenvironment: {environment}\norigin: computed", release.attempt);
    let _ = writeln!(out, "layout: {LAYOUT}\nfinished_at: {}", text(&stamp.to_string()));
    out.push_str("compiled_sha256: \"\"\ncites:\n");
    for (path, sha256) in cites {
        let _ = writeln!(out, "  - path: {}\n    sha256: {}", text(path), text(sha256));
    }
    out.push_str("---\n");
}

/// What the launch's own report says, in one sentence.
fn outcome(view: &View<'_>, out: &mut String) {
    let launch = view.project.phase.launch().and_then(|(kind, _)| view.project.evidence(kind));
    let Some(value) = launch.as_ref().and_then(|launch| launch.value()) else {
        out.push_str("No deployment is reported.\n\n");
        return;
    };
    let _ = writeln!(
        out,
        "The deployment reports {}: outcome {}, strategy {}, critical errors {}.\n",
        at(value, "/status"),
        at(value, "/outcome"),
        at(value, "/strategy"),
        at(value, "/critical_errors"),
    );
    taken_back(view, out);
}

/// That the launch was taken back, which the report of the launch itself cannot know.
pub(super) fn taken_back(view: &View<'_>, out: &mut String) {
    let Some(began) = view.taken_back() else { return };
    let report =
        view.project.phase.taken_back(false).and_then(|(kind, _)| view.project.evidence(kind));
    let value = report.as_ref().and_then(|report| report.value());
    let told = value.map_or("not reported".to_owned(), |value| {
        format!("{}, outcome {}", at(value, "/status"), at(value, "/outcome"))
    });
    let _ = writeln!(
        out,
        "**It was taken back** by {}, {}: {told}. Production does not run this release.\n",
        cell(began.hook),
        began.line.at
    );
}

fn scope(view: &View<'_>, out: &mut String) {
    heading(out, "Scope");
    let manifest = view.project.phase.identity().and_then(|(kind, _)| view.project.evidence(kind));
    let value = manifest.as_ref().and_then(|manifest| manifest.value());
    for item in list(value, "/scope").filter_map(serde_json::Value::as_str) {
        let _ = writeln!(out, "- {}", cell(item));
    }
    let services: Vec<String> =
        list(value, "/services").filter_map(serde_json::Value::as_str).map(cell).collect();
    let previous = value.map_or("-".to_owned(), |value| at(value, "/previous_release"));
    let _ = writeln!(out, "\nServices: {}. Release before: {previous}.\n", services.join(", "));
    let keys = ["/name", "/type", "/version", "/commit", "/sha256"];
    table(
        out,
        &["Artifact", "Type", "Version", "Commit", "SHA-256"],
        &rows(value, "/artifacts", &keys),
        "The manifest lists no artifact.",
    );
    let keys = ["/name", "/role", "/at"];
    table(
        out,
        &["Signed off by", "Role", "At"],
        &rows(value, "/sign_offs", &keys),
        "The manifest lists no sign-off.",
    );
}

/// What other phases handed over, as the readiness checklist found it.
pub(super) fn readiness(view: &View<'_>, out: &mut String) {
    heading(out, "Readiness");
    let is_checklist = |native: &NativeCheck| matches!(native, NativeCheck::Readiness {});
    let checklist = view.evidence().find(|evidence| evidence.def.native.iter().any(is_checklist));
    let value = checklist.as_ref().and_then(|checklist| checklist.value());
    let keys = ["/id", "/status", "/dated", "/path", "/sha256"];
    table(
        out,
        &["Prerequisite", "Status", "Dated", "Path", "SHA-256"],
        &rows(value, "/prerequisites", &keys),
        "No readiness checklist is there.",
    );
}
