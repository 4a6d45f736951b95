//! The report as one page for people: no script, nothing from elsewhere, readable on paper.
//!
//! Whatever comes from a file is cleaned, and put into the template as text.

mod chart;
mod events;

use crate::assets;
use crate::decide::{Account, gate_of};
use crate::definition::ReportOf;
use crate::derive::Moment;
use crate::derive::report::{before_and_after, incidents, sampled, view};
use crate::model::{Finding, Level, Piece, State, Verdict};
use crate::render::formats::Beside;
use crate::render::json::{self, AuditView};
use crate::render::{Report, banner, clean, size, tally, waived, way, ways};
use chart::{Chart, charts};
use events::{Event, events};
use serde::Serialize;
use tera::Context;

/// What a page begins with.
pub(super) const OPENING: &str = "<!DOCTYPE html>\n<html lang=\"en\" data-by=\"d3p\">";

#[derive(Serialize)]
struct Page<'a> {
    command: String,
    title: String,
    verdict: &'static str,
    good: bool,
    why: Vec<String>,
    banner: Vec<String>,
    tally: String,
    judged: String,
    release: Vec<[String; 2]>,
    next: Option<[String; 2]>,
    gates: Vec<GateRow>,
    decisions: Vec<[String; 3]>,
    audit: Option<&'a AuditView>,
    findings: Vec<FindingRow>,
    not_due: usize,
    events: Vec<Event>,
    charts: Vec<Chart>,
    sampled: String,
    changes: Vec<[String; 4]>,
    incidents: Vec<[String; 2]>,
    version: &'static str,
}

#[derive(Serialize)]
struct GateRow {
    number: u32,
    id: String,
    title: String,
    verdict: &'static str,
    state: String,
    good: bool,
    pieces: Vec<PieceRow>,
}

#[derive(Serialize)]
struct PieceRow {
    kind: &'static str,
    id: String,
    path: String,
    sha256: String,
    state: &'static str,
    good: bool,
}

#[derive(Serialize)]
struct FindingRow {
    level: &'static str,
    rule: &'static str,
    name: &'static str,
    place: String,
    message: String,
    ways: Vec<String>,
    waived: Option<String>,
}

/// The page.
pub(super) fn page(report: &Report<'_>, beside: &Beside<'_>) -> String {
    let text = assets::template("report.html").unwrap_or_default();
    let mut context = Context::new();
    context.insert("page", &content(report, beside));
    // A test renders it; what a template engine says of itself is no verdict.
    let body = assets::render_page(text, &context).unwrap_or_else(|why| why.to_string());
    format!("{OPENING}\n{body}")
}

fn content<'a>(report: &Report<'_>, beside: &Beside<'a>) -> Page<'a> {
    let project = report.project;
    let account = Account::of(project, report.assessment);
    let mut lines: Vec<String> = banner(project).lines().map(str::to_owned).collect();
    lines.extend(waived(&report.assessment.waivers).lines().map(str::to_owned));
    let (verdict, good) = verdict(report);
    let decision = |own: &crate::decide::DecisionTold| {
        texts([own.at.to_string(), own.decision.clone(), own.person.clone()])
    };
    let measured = measured(report);
    Page {
        command: clean(&report.command).into_owned(),
        title: clean(&format!("{} {}", account.project, account.release)).into_owned(),
        verdict,
        good,
        why: why(report, good),
        banner: lines.iter().map(|line| clean(line).into_owned()).collect(),
        tally: tally(&report.findings),
        judged: report.now.to_string(),
        release: facts(&account, beside),
        next: beside.next.map(|next| texts([way(next), next.why.clone()])),
        gates: gates(report),
        decisions: account.decisions.iter().map(decision).collect(),
        audit: beside.audit,
        findings: report.findings.iter().map(|finding| row(finding)).collect(),
        not_due: report.not_due,
        events: events(project, &account),
        charts: measured.charts,
        sampled: measured.planned,
        changes: measured.changes,
        incidents: measured.incidents,
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// Texts of files, cleaned.
fn texts<const N: usize>(all: [String; N]) -> [String; N] {
    all.map(|text| clean(&text).into_owned())
}

/// What was measured of production, and what went wrong.
struct Measured {
    planned: String,
    charts: Vec<Chart>,
    changes: Vec<[String; 4]>,
    incidents: Vec<[String; 2]>,
}

fn measured(report: &Report<'_>) -> Measured {
    let project = report.project;
    let health = &project.effective().policy.health;
    let planned = format!(
        "Planned: a window of {} after the deployment, a reading at least every {}. A stretch without one for longer is drawn as a gap.",
        health.window, health.interval
    );
    let mut made =
        Measured { planned, charts: Vec::new(), changes: Vec::new(), incidents: Vec::new() };
    let Some(release) = project.release() else { return made };
    let view =
        view(project, &release, ReportOf::Release, Moment { until: report.now, optional: None });
    made.incidents = incidents(&view).into_iter().map(|(at, what)| texts([at, what])).collect();
    if let Some(window) = sampled(&view) {
        let interval = i64::try_from(health.interval.seconds()).unwrap_or(i64::MAX / 4_000);
        // One that is late is no gap yet.
        made.charts = charts(&window, interval.saturating_mul(1_500));
        // A first release has nothing before it.
        let before = |[name, before, after, change]: [String; 4]| {
            let none = before.starts_with("null");
            texts([name, if none { "none".to_owned() } else { before }, after, change])
        };
        made.changes = before_and_after(&view, &window).into_iter().map(before).collect();
    }
    made
}

/// The verdict in a word, and whether it is a good one.
fn verdict(report: &Report<'_>) -> (&'static str, bool) {
    let errors = report.findings.iter().any(|own| own.level == Level::Error);
    match report.verdict {
        Some(Verdict::Passed) => ("PASSED", true),
        Some(Verdict::Refused) => ("NOT PASSED", false),
        Some(Verdict::Review) => ("A PERSON HAS TO DECIDE", false),
        None if errors => ("NO VERDICT ASKED FOR: THERE ARE ERRORS", false),
        None => ("NO VERDICT ASKED FOR: NO ERROR FOUND", true),
    }
}

/// Why, in sentences: the first errors, or what was looked at.
fn why(report: &Report<'_>, good: bool) -> Vec<String> {
    /// How many errors stand beside the verdict; all are listed below.
    const FIRST: usize = 5;
    if good {
        let passed = report.assessment.gates.iter().filter(|gate| gate.is_valid()).count();
        let all = report.assessment.gates.len();
        return vec![format!(
            "{passed} of {all} gates are passed and still hold: everything that they bound was computed again from the files."
        )];
    }
    let errors: Vec<&&Finding> =
        report.findings.iter().filter(|own| own.level == Level::Error).collect();
    let sentence = |own: &&&Finding| {
        clean(&format!("{}: {} ({})", own.location.path, own.message, own.rule.code)).into_owned()
    };
    let mut out: Vec<String> = errors.iter().take(FIRST).map(sentence).collect();
    if errors.len() > FIRST {
        out.push(format!("and {} more errors, all below", errors.len() - FIRST));
    }
    out
}

fn facts(account: &Account, beside: &Beside<'_>) -> Vec<[String; 2]> {
    let time = |at: Option<crate::model::Stamp>| at.map_or(String::new(), |at| at.to_string());
    let change = account.change.as_ref().map(|own| {
        let incident = own.incident.as_ref().map_or(String::new(), |own| format!(" ({own})"));
        format!(
            "{}, {}: {}; asked for by {}{incident}",
            own.id, own.kind, own.reason, own.requested_by
        )
    });
    let rows = [
        ("Commit", account.commit.clone()),
        ("Phase", account.phase.clone()),
        ("Outcome", account.word().replace('-', " ")),
        ("Change record", change.unwrap_or_default()),
        ("First line of its ledger", time(account.began)),
        ("Launch began", time(account.launched)),
        ("Taking it back began", time(account.rolled_back)),
        ("Closed", time(account.ended)),
        ("Refusals", account.refusals.to_string()),
        ("On disk", beside.disk.map_or(String::new(), |disk| size(disk.bytes))),
    ];
    let told = rows.into_iter().filter(|(_, value)| !value.is_empty());
    told.map(|(name, value)| [name.to_owned(), clean(&value).into_owned()]).collect()
}

fn gates(report: &Report<'_>) -> Vec<GateRow> {
    let project = report.project;
    let row = |gate: &crate::decide::GateAssessment| {
        let state = match gate.recorded {
            crate::decide::Recorded::Valid(at) => format!("passed {at}"),
            crate::decide::Recorded::Reopened => "its record no longer counts".to_owned(),
            crate::decide::Recorded::No => "no record".to_owned(),
        };
        let waiver = if gate.with_waiver { ", with a waiver" } else { "" };
        let states = report.assessment.states.iter();
        let own = states.filter(|(piece, _)| gate_of(project, piece) == Some(gate.id.as_str()));
        let own = own.filter(|(piece, _)| !matches!(piece, Piece::Gate(_)));
        let def = project.phase.gates.get(&gate.id);
        GateRow {
            number: gate.number,
            id: clean(&gate.id).into_owned(),
            title: def.map_or(String::new(), |def| clean(&def.title).into_owned()),
            verdict: gate.verdict.word(),
            state: format!("{state}{waiver}"),
            good: gate.is_valid(),
            pieces: own.map(|(piece, state)| self::piece(report, piece, *state)).collect(),
        }
    };
    report.assessment.gates.iter().map(row).collect()
}

fn piece(report: &Report<'_>, piece: &Piece, state: State) -> PieceRow {
    let project = report.project;
    let path = match piece {
        Piece::Record(id) => project
            .phase
            .gates
            .get(id)
            .map(|def| project.places().gate(def.number, id))
            .unwrap_or_default(),
        piece => json::path(project, piece).unwrap_or_default().to_owned(),
    };
    let digest = project.file(&path).and_then(|file| file.digest);
    PieceRow {
        kind: piece.kind(),
        id: clean(piece.id()).into_owned(),
        path: clean(&path).into_owned(),
        sha256: digest.map_or(String::new(), |digest| digest.to_string()),
        state: state.word(),
        good: state.satisfies(),
    }
}

fn row(finding: &Finding) -> FindingRow {
    let words = |text: &str| clean(text).into_owned();
    let at = finding.resolved.as_ref().map(|(at, _)| format!(":{}:{}", at.line, at.column));
    FindingRow {
        level: finding.level.word(),
        rule: finding.rule.code,
        name: finding.rule.name,
        place: words(&format!("{}{}", finding.location.path, at.unwrap_or_default())),
        message: words(&finding.message),
        ways: finding.advice.iter().flat_map(ways).map(|way| words(&way)).collect(),
        waived: finding.waived.as_deref().map(words),
    }
}
