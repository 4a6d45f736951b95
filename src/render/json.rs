//! The report as JSON: `schemas/check-report.v1.schema.json`.

mod audit;
mod failure;
mod many;
mod pieces;

pub use audit::{AssuranceView, AuditView, BundleView, FactView, FactsView, TimeView};
pub use failure::{FailureView, PlaceView, failure};
pub(in crate::render) use many::{
    OPENING as OPENING_OF_MANY, closing_of_many, failed_of_many, of_many, opening_of_many,
};

pub(in crate::render) use pieces::path;

use crate::decide::is_handed_over;
use crate::decisions::{WaiverSet, loosened, loosened_since};
use crate::definition::Checkpoint;
use crate::model::{Advice, Finding, Level, Location, Mark, Position};
use crate::render::{Beside, Disk, Report, waiver_state};
use crate::rules::checkpoint_holds;
use serde::Serialize;

const SCHEMA: &str = "https://d3p.dev/schemas/check-report.v1.schema.json";
/// What a report begins with, as it is written here.
pub(super) const OPENING: &str =
    "{\n  \"schema\": \"https://d3p.dev/schemas/check-report.v1.schema.json\"";

/// The report.
#[derive(Serialize, Debug)]
pub struct CheckReport<'a> {
    schema: &'static str,
    tool: Tool,
    command: &'a str,
    release: Option<ReleaseView>,
    demo: bool,
    signatures: &'a str,
    separation: &'a str,
    waivers: Vec<WaiverView<'a>>,
    checked_at: String,
    verdict: Option<&'static str>,
    summary: Summary,
    findings: Vec<FindingView<'a>>,
    pieces: Vec<PieceView<'a>>,
    gates: Vec<GateView<'a>>,
    checkpoints: Vec<CheckpointView<'a>>,
    checklist: Vec<CheckpointView<'a>>,
    handoff: HandoffView<'a>,
    exemptions: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    looser: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disk: Option<Disk>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<AdviceView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audit: Option<&'a AuditView>,
}

#[derive(Serialize, Debug)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize, Debug)]
struct ReleaseView {
    version: String,
    commit: String,
    attempt: u64,
}

#[derive(Serialize, Debug)]
struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
    not_due: usize,
}

#[derive(Serialize, Debug)]
struct FindingView<'a> {
    rule: &'a str,
    name: &'a str,
    level: &'a str,
    piece: PieceRef<'a>,
    state: Option<&'a str>,
    message: &'a str,
    waived: Option<&'a str>,
    label: Option<&'a str>,
    field: Option<&'a str>,
    expected: Option<&'a str>,
    found: Option<&'a str>,
    advice: Option<AdviceView<'a>>,
    cause: Option<CauseView<'a>>,
    clauses: Vec<&'a str>,
    docs: String,
    location: LocationView<'a>,
    related: Vec<RelatedView<'a>>,
}

/// The finding that another one comes of.
#[derive(Serialize, Debug)]
struct CauseView<'a> {
    rule: &'a str,
    path: &'a str,
    message: &'a str,
}

#[derive(Serialize, Debug)]
struct RelatedView<'a> {
    message: &'a str,
    location: LocationView<'a>,
}

/// Advice, in every format that programs read.
#[derive(Serialize, Debug)]
pub struct AdviceView<'a> {
    kind: &'static str,
    argv: &'a [String],
    actor: &'static str,
    path: Option<&'a str>,
    line: Option<usize>,
    not_before: Option<String>,
    due: Option<String>,
    what: &'a str,
    why: &'a str,
    fills: Vec<FillView>,
    alternatives: Vec<Self>,
}

#[derive(Serialize, Debug)]
struct FillView {
    at: usize,
    name: &'static str,
    meaning: &'static str,
}

/// A view of advice.
pub fn advice(advice: &Advice) -> AdviceView<'_> {
    AdviceView {
        kind: advice.kind.word(),
        argv: &advice.argv,
        actor: advice.actor.word(),
        path: advice.place.as_ref().map(|place| place.path.as_str()),
        line: advice.line,
        not_before: advice.not_before.map(|moment| moment.to_string()),
        due: advice.due.map(|moment| moment.to_string()),
        what: &advice.what,
        why: &advice.why,
        fills: advice
            .fills
            .iter()
            .map(|fill| FillView {
                at: fill.at,
                name: fill.placeholder.name,
                meaning: fill.placeholder.meaning,
            })
            .collect(),
        alternatives: advice.alternatives.iter().map(self::advice).collect(),
    }
}

#[derive(Serialize, Debug)]
struct PieceRef<'a> {
    kind: &'a str,
    id: &'a str,
}

/// A place in a file.
#[derive(Serialize, Debug)]
pub struct LocationView<'a> {
    pub(in crate::render) path: &'a str,
    pub(in crate::render) line: Option<usize>,
    column: Option<usize>,
    pointer: Option<&'a str>,
}

#[derive(Serialize, Debug)]
struct PieceView<'a> {
    kind: &'a str,
    id: &'a str,
    path: Option<&'a str>,
    state: &'a str,
}

#[derive(Serialize, Debug)]
struct GateView<'a> {
    id: &'a str,
    number: u32,
    verdict: &'static str,
    recorded: bool,
    with_waiver: bool,
    valid: bool,
}

#[derive(Serialize, Debug)]
struct CheckpointView<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    holds: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_applicable: Option<String>,
}

#[derive(Serialize, Debug)]
struct HandoffView<'a> {
    complete: bool,
    items: Vec<CheckpointView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_phase: Option<&'a str>,
}

#[derive(Serialize, Debug)]
struct WaiverView<'a> {
    rule: &'a str,
    path: &'a str,
    pointer: Option<&'a str>,
    until: String,
    reason: &'a str,
    by: Vec<String>,
    state: &'static str,
    why: String,
    statements: Vec<String>,
}

/// Renders a report.
pub fn report(report: &Report<'_>, beside: &Beside<'_>) -> String {
    pretty(&view(report, beside))
}

fn view<'a>(report: &'a Report<'a>, beside: &Beside<'a>) -> CheckReport<'a> {
    let project = report.project;
    let policy = &project.effective().policy;
    let count =
        |level: Level| report.findings.iter().filter(|finding| finding.level == level).count();
    CheckReport {
        schema: SCHEMA,
        tool: Tool { name: "d3p", version: env!("CARGO_PKG_VERSION") },
        command: &report.command,
        release: project.release().map(|release| ReleaseView {
            version: release.version,
            commit: release.commit,
            attempt: release.attempt,
        }),
        demo: policy.demo,
        signatures: &policy.signatures,
        separation: &policy.approval.separation,
        waivers: report.assessment.waivers.sets.iter().map(waiver_view).collect(),
        checked_at: report.now.to_string(),
        verdict: report.verdict.map(|verdict| verdict.word()),
        summary: Summary {
            errors: count(Level::Error),
            warnings: count(Level::Warning),
            notes: count(Level::Note),
            not_due: report.not_due,
        },
        findings: report.findings.iter().map(|finding| finding_view(finding)).collect(),
        pieces: pieces::pieces(report),
        gates: report
            .assessment
            .gates
            .iter()
            .map(|gate| GateView {
                id: &gate.id,
                number: gate.number,
                verdict: gate.verdict.word(),
                recorded: gate.recorded != crate::decide::Recorded::No,
                with_waiver: gate.with_waiver,
                valid: gate.is_valid(),
            })
            .collect(),
        checkpoints: items(report, &project.phase.checkpoints),
        checklist: items(report, &project.phase.checklist),
        handoff: handoff(report),
        exemptions: project.exemptions(),
        looser: loosened(project)
            .into_iter()
            .chain(loosened_since(project))
            .map(|looser| looser.message)
            .collect(),
        disk: beside.disk,
        next: beside.next.map(advice),
        audit: beside.audit,
    }
}

fn items<'a>(report: &Report<'a>, items: &'a [Checkpoint]) -> Vec<CheckpointView<'a>> {
    let states = &report.assessment.states;
    let view = |item: &'a Checkpoint| CheckpointView {
        id: &item.id,
        title: &item.title,
        group: item.group.as_deref(),
        holds: checkpoint_holds(report.project, states, item).is_ok(),
        not_applicable: report.project.removed_by_fact(item.unless.as_ref()),
    };
    items.iter().map(view).collect()
}

fn handoff<'a>(report: &Report<'a>) -> HandoffView<'a> {
    let phase = &report.project.phase;
    let complete = is_handed_over(report.project, report.assessment);
    HandoffView {
        complete,
        items: items(report, &phase.handoff),
        message: complete.then_some(phase.completion.message.as_str()),
        next_phase: complete.then_some(phase.completion.next.as_str()),
    }
}

/// Any serialisable value as pretty JSON with a final newline.
pub fn pretty<T: Serialize>(value: &T) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("our views have text keys only");
    text.push('\n');
    text
}

fn finding_view(finding: &Finding) -> FindingView<'_> {
    let position = finding.resolved.as_ref().map(|(position, _)| position);
    FindingView {
        rule: finding.rule.code,
        name: finding.rule.name,
        level: finding.level.word(),
        piece: PieceRef { kind: finding.piece.kind(), id: finding.piece.id() },
        state: finding.effect().map(|state| state.word()),
        message: &finding.message,
        waived: finding.waived.as_deref(),
        label: finding.label.as_deref(),
        field: finding.member(),
        expected: finding.expected.as_deref(),
        found: finding.found.as_deref(),
        advice: finding.advice.as_ref().map(advice),
        cause: finding.cause.as_ref().map(|cause| CauseView {
            rule: cause.rule,
            path: &cause.path,
            message: &cause.message,
        }),
        clauses: finding.all_clauses(),
        docs: finding.rule.docs(),
        location: location(&finding.location, position),
        related: finding
            .related
            .iter()
            .map(|related| RelatedView {
                message: &related.message,
                location: location(&related.location, related.resolved.as_ref().map(|at| &at.0)),
            })
            .collect(),
    }
}

/// A view of a place.
pub fn location<'a>(location: &'a Location, position: Option<&Position>) -> LocationView<'a> {
    LocationView {
        path: &location.path,
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
        pointer: match &location.mark {
            Mark::Pointer(pointer) | Mark::Key(pointer) => Some(pointer),
            Mark::File | Mark::Span { .. } => None,
        },
    }
}

fn waiver_view(set: &WaiverSet) -> WaiverView<'_> {
    let (state, why) = waiver_state(set);
    WaiverView {
        rule: &set.said.rule,
        path: &set.said.path,
        pointer: set.said.pointer.as_deref(),
        until: set.ends().to_string(),
        reason: &set.said.reason,
        by: set.persons(),
        state,
        why,
        statements: set.parts.iter().map(|part| part.digest.to_string()).collect(),
    }
}
