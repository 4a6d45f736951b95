//! What was tested, planned and done: suites, steps, commands, checks.

use super::heading;
use super::text::{NOTHING, at, cell, length, percent, rows, stamp, table, time};
use crate::definition::{CellType, NativeCheck, SectionDef};
use crate::derive::view::{View, list};
use crate::model::{Piece, Span, Stamp};
use crate::project::Evidence;
use crate::project::sections::{Sectioned, all_sectioned, says_when};
use serde_json::Value;
use std::fmt::Write as _;

pub(super) fn write(view: &View<'_>, out: &mut String) {
    validation(view, out);
    plan(view, out);
    // One section for each piece of evidence, whatever it holds.
    for evidence in view.evidence() {
        let (ran, checked) = (has(&evidence, "/commands"), has(&evidence, "/checks"));
        if ran || checked {
            heading(out, &cell(&evidence.def.title));
            outcome(view, &evidence, out);
        }
        if ran {
            commands(&evidence, out);
        }
        if checked {
            let keys = ["/name", "/service", "/status"];
            let checks = rows(evidence.value(), "/checks", &keys);
            table(out, &["Check", "Service", "Status"], &checks, "No check is there.");
        }
    }
    durations(view, out);
}

fn has(evidence: &Evidence<'_>, pointer: &str) -> bool {
    list(evidence.value(), pointer).next().is_some()
}

/// `Started …, finished … after …; passed on attempt 4.`
pub(super) fn outcome(view: &View<'_>, evidence: &Evidence<'_>, out: &mut String) {
    let (started, finished) = (evidence.started(), evidence.finished());
    let took = match (started, finished) {
        (Some(started), Some(finished)) => length(finished.millis_since(started)),
        _ => NOTHING.to_owned(),
    };
    let status = evidence.value().map_or(NOTHING.to_owned(), |value| at(value, "/status"));
    let _ = writeln!(
        out,
        "Environment {}, from {} to {}, {took}; {status} on attempt {}.\n",
        cell(&evidence.def.environment),
        stamp(started),
        stamp(finished),
        view.tries(evidence),
    );
}

pub(super) fn validation(view: &View<'_>, out: &mut String) {
    heading(out, "Staging validation");
    let Some(results) = view.evidence().find(|evidence| has(evidence, "/suites")) else {
        out.push_str("No results are there.\n\n");
        return;
    };
    outcome(view, &results, out);
    let value = results.value();
    let keys = ["/name", "/total", "/passed", "/failed", "/skipped"];
    let mut suites = rows(value, "/suites", &keys);
    if let Some(totals) = value.and_then(|value| value.get("tests")) {
        let mut row: Vec<String> = keys.iter().map(|key| at(totals, key)).collect();
        "**All**".clone_into(&mut row[0]);
        suites.push(row);
    }
    table(out, &["Suite", "Total", "Passed", "Failed", "Skipped"], &suites, "No suite ran.");
    if let Some(security) = value.and_then(|value| value.get("security")) {
        let keys = ["/tool", "/critical", "/high", "/medium", "/low"];
        let row = keys.iter().map(|key| at(security, key)).collect();
        table(out, &["Scanner", "Critical", "High", "Medium", "Low"], &[row], "");
    }
    let measured = results.native(|native| match native {
        NativeCheck::Performance { at, .. } => Some(at.as_str()),
        _ => None,
    });
    let metrics: Vec<Vec<String>> = list(value, measured.unwrap_or("/performance"))
        .map(|metric| {
            let unit = at(metric, "/unit");
            let change = metric.get("change_percent").and_then(Value::as_f64);
            vec![
                at(metric, "/metric"),
                format!("{} {unit}", at(metric, "/baseline")),
                format!("{} {unit}", at(metric, "/observed")),
                change.map_or(NOTHING.to_owned(), percent),
            ]
        })
        .collect();
    table(out, &["Metric", "Before", "After", "Change"], &metrics, "Nothing was measured.");
}

/// A document's table: the cells as the report shows them, column by column of the definition.
struct PlanTable {
    title: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    spans: Vec<Span>,
    /// The steps: what is done, when after the beginning, and how long it takes.
    steps: Vec<(String, String, String)>,
}

/// The tables of the plan: those that say when something is done and how long it takes, and those
/// that give a window.
fn plan_tables(view: &View<'_>) -> Vec<PlanTable> {
    let mut tables = Vec::new();
    for file in all_sectioned(view.project) {
        if matches!(file.piece, Piece::Document(_)) {
            tables.extend(file.sections.iter().filter_map(|def| plan_table(view, &file, def)));
        }
    }
    tables
}

fn plan_table(view: &View<'_>, file: &Sectioned<'_>, def: &SectionDef) -> Option<PlanTable> {
    let columns = def.table.as_ref()?;
    if !says_when(columns) {
        return None;
    }
    let (found, places) = file.find(view.project, def)?.table(view.project, columns)?;
    let lasts = columns.columns.values().position(|cell| *cell == CellType::Duration);
    let text = |row: &crate::markdown::Row, place: usize| {
        crate::project::sections::cell(row, place).to_owned()
    };
    let spans = found.rows.iter().filter_map(|row| Span::parse(&text(row, places[lasts?])).ok());
    let starts = columns.columns.values().position(|cell| *cell == CellType::Offset);
    let step = |row: &crate::markdown::Row| {
        let at = |column: Option<usize>| Some(text(row, *places.get(column?)?));
        Some((at(Some(0))?, at(starts)?, at(lasts)?))
    };
    let timed = found.rows.iter().filter_map(step).collect();
    Some(PlanTable {
        steps: timed,
        title: cell(&def.title),
        columns: columns.columns.keys().map(|name| cell(name)).collect(),
        rows: found
            .rows
            .iter()
            .map(|row| places.iter().map(|place| cell(&text(row, *place))).collect())
            .collect(),
        spans: spans.collect(),
    })
}

pub(super) fn plan(view: &View<'_>, out: &mut String) {
    heading(out, "Production plan");
    let tables = plan_tables(view);
    if tables.is_empty() {
        out.push_str("The plan has no steps and no window that can be read.\n\n");
    }
    for plan in tables {
        let _ = writeln!(out, "### {}\n", plan.title);
        let columns: Vec<&str> = plan.columns.iter().map(String::as_str).collect();
        table(out, &columns, &plan.rows, "The table is empty.");
    }
}

pub(super) fn commands(evidence: &Evidence<'_>, out: &mut String) {
    let value = evidence.value();
    let row = |command: &Value| {
        let argv: Vec<&str> = list(Some(command), "/argv").filter_map(Value::as_str).collect();
        let (started, finished) = (time(command, "/started_at"), time(command, "/finished_at"));
        let took = match (started, finished) {
            (Some(started), Some(finished)) => length(finished.millis_since(started)),
            _ => NOTHING.to_owned(),
        };
        vec![
            cell(&argv.join(" ")),
            at(command, "/attempt"),
            at(command, "/exit_code"),
            stamp(started),
            took,
            at(command, "/log/path"),
            at(command, "/log/sha256"),
        ]
    };
    let commands: Vec<Vec<String>> = list(value, "/commands").map(row).collect();
    let columns = ["Command", "Attempt", "Exit", "Started", "Took", "Log", "SHA-256 of the log"];
    table(out, &columns, &commands, "No command is recorded.");
    let services = rows(value, "/services", &["/name", "/version", "/status"]);
    table(out, &["Service", "Version", "Status"], &services, "No service is reported.");
    rollout(value, out);
}

/// The stages of a rollout, where there are any: when each served, and what was measured of it.
fn rollout(value: Option<&Value>, out: &mut String) {
    let conditions = |stage: &Value| -> Vec<String> {
        let told = list(Some(stage), "/conditions").map(|own| {
            let worst = own.get("worst").and_then(Value::as_str).map(|worst| format!(" ({worst})"));
            format!("{}{}: {}", at(own, "/condition"), worst.unwrap_or_default(), at(own, "/found"))
        });
        told.collect()
    };
    let down = |stage: &Value| -> Vec<String> {
        let services = stage.get("down_seconds").and_then(Value::as_object).into_iter().flatten();
        services.map(|(name, seconds)| format!("{} {seconds} s", cell(name))).collect()
    };
    let row = |stage: &Value| {
        vec![
            at(stage, "/stage"),
            at(stage, "/weight"),
            stamp(time(stage, "/served_from")),
            format!("{} of {}", at(stage, "/judged"), at(stage, "/samples")),
            at(stage, "/found"),
            conditions(stage).join("; "),
            down(stage).join("; "),
        ]
    };
    let stages: Vec<Vec<String>> = list(value, "/stages").map(row).collect();
    if stages.is_empty() {
        return;
    }
    let strategy = value.map_or(NOTHING.to_owned(), |value| at(value, "/strategy"));
    let _ = writeln!(out, "Strategy {strategy}.\n");
    let columns = ["Stage", "Weight", "From", "Samples", "Found", "Conditions", "Down"];
    table(out, &columns, &stages, "");
}

/// Planned and actual length of the deployment, in milliseconds.
pub(crate) struct Durations {
    /// As the report says, else the sum of the plan's steps; and which of the two.
    pub(crate) planned: Option<(i64, &'static str)>,
    /// From its start to its end.
    pub(crate) actual: Option<i64>,
}

impl Durations {
    /// Those of the launch.
    pub(crate) fn of(view: &View<'_>) -> Self {
        let launch = view.project.phase.launch().and_then(|(kind, _)| view.project.evidence(kind));
        let stated = launch
            .as_ref()
            .and_then(|launch| launch.value()?.get("planned_duration_seconds")?.as_i64());
        let steps: u64 = plan_tables(view)
            .iter()
            .flat_map(|plan| &plan.spans)
            .fold(0, |sum, span| sum.saturating_add(span.seconds()));
        let steps = i64::try_from(steps).unwrap_or(i64::MAX);
        let planned = match stated {
            Some(seconds) => {
                Some((seconds.saturating_mul(1000), "as the deployment's report says"))
            }
            None if steps > 0 => Some((steps.saturating_mul(1000), "the sum of the plan's steps")),
            None => None,
        };
        let span = |launch: Evidence<'_>| -> Option<(Stamp, Stamp)> {
            Some((launch.started()?, launch.finished()?))
        };
        let actual = launch.and_then(span).map(|(from, to)| to.millis_since(from));
        Self { planned, actual }
    }

    /// Actual in percent of planned.
    pub(crate) fn share(&self) -> Option<f64> {
        let (planned, _) = self.planned.filter(|(planned, _)| *planned > 0)?;
        #[expect(clippy::cast_precision_loss, reason = "centuries fit")]
        Some(self.actual? as f64 * 100.0 / planned as f64)
    }

    /// The class of OPS-5 that the plan falls into.
    fn class(&self) -> &'static str {
        const HOUR: i64 = 3_600_000;
        match self.planned {
            Some((planned, _)) if planned <= 2 * HOUR => "simple (up to 2 hours)",
            Some((planned, _)) if planned <= 8 * HOUR => "standard (up to 8 hours)",
            Some(_) => "complex (more than 8 hours)",
            None => NOTHING,
        }
    }
}

fn durations(view: &View<'_>, out: &mut String) {
    heading(out, "Planned and actual duration");
    let durations = Durations::of(view);
    let planned = durations
        .planned
        .map_or("not planned".to_owned(), |(millis, from)| format!("{} ({from})", length(millis)));
    let row = vec![
        planned,
        durations.actual.map_or("not reported".to_owned(), length),
        durations.share().map_or(NOTHING.to_owned(), |share| format!("{share:.1} %")),
        durations.class().to_owned(),
    ];
    table(out, &["Planned", "Actual", "Actual of planned", "Class of the plan"], &[row], "");
    steps(view, out);
}

/// Each step of the plan, beside the last run of the hook that it names (OPS-5).
fn steps(view: &View<'_>, out: &mut String) {
    let launch = view.project.phase.launch().and_then(|(kind, _)| view.project.evidence(kind));
    let began = launch.and_then(|launch| launch.started());
    let mut ran: Vec<(String, Stamp, Stamp)> = Vec::new();
    for evidence in view.evidence() {
        for command in list(evidence.value(), "/commands") {
            let times = (time(command, "/started_at"), time(command, "/finished_at"));
            let hook = command.get("hook").and_then(Value::as_str);
            if let (Some(hook), (Some(from), Some(to))) = (hook, times) {
                ran.push((hook.to_owned(), from, to));
            }
        }
    }
    let of = |step: &str| {
        let words: Vec<&str> =
            step.split(|c: char| !(c.is_alphanumeric() || "-_.".contains(c))).collect();
        ran.iter().rev().find(|(hook, ..)| words.contains(&hook.as_str()))
    };
    let row = |(step, start, lasts): &(String, String, String)| {
        let own = of(step);
        let after = own.zip(began).map(|((_, from, _), began)| match from.millis_since(began) {
            before @ ..0 => format!("{} before", length(-before)),
            after => format!("{} after", length(after)),
        });
        let took = own.map(|(_, from, to)| length(to.millis_since(*from)));
        let unmeasured = || "no run of its own".to_owned();
        vec![
            cell(step),
            cell(start),
            after.unwrap_or_else(|| NOTHING.to_owned()),
            cell(lasts),
            took.unwrap_or_else(unmeasured),
        ]
    };
    let rows: Vec<Vec<String>> =
        plan_tables(view).iter().flat_map(|plan| &plan.steps).map(row).collect();
    let columns = ["Step", "Planned start", "Began, from the launch", "Planned", "Took"];
    table(out, &columns, &rows, "The plan has no steps.");
}
