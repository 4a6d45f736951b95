//! The health window: what was sampled, held against the thresholds, and what went wrong.

use super::text::{NOTHING, cell, percent, stamp, table};
use super::{heading, window_end};
use crate::definition::{Cause, EvidenceFormat, NativeCheck, Obligation};
use crate::derive::health::{metrics, table as thresholds};
use crate::derive::view::{View, list};
use crate::model::{Conclusion, Condition, Quantity, Stamp};
use crate::project::Evidence;
use crate::project::sections::all_sectioned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One reading of a signal.
#[derive(Clone, Debug)]
pub struct Reading {
    /// When.
    pub at: Stamp,
    /// As it was written.
    pub text: String,
    /// As a quantity, where it is one.
    pub quantity: Option<Quantity>,
}

/// Samples since the deployment ended, by signal, and the thresholds.
#[derive(Clone, Debug)]
pub struct Window {
    first: Option<Stamp>,
    last: Option<Stamp>,
    samples: usize,
    /// What was read of each signal.
    pub signals: BTreeMap<String, Vec<Reading>>,
    /// What each is held against, as parsed and as written.
    pub thresholds: BTreeMap<String, (Condition, String)>,
}

/// What was sampled of a release's health, as far as `view` shows it.
pub fn sampled(view: &View<'_>) -> Option<Window> {
    view.health_log().map(|log| window(view, &log))
}

fn window<'a>(view: &View<'a>, log: &Evidence<'a>) -> Window {
    let project = view.project;
    let launch = project.phase.launch().and_then(|(kind, _)| project.evidence(kind));
    let start = launch.and_then(|launch| launch.finished());
    let entries = view.entries(log);
    // The tool's own announcements measure nothing.
    let samples: Vec<_> = entries
        .into_iter()
        .filter(|entry| start.is_none_or(|start| entry.at >= start))
        .filter(|entry| !metrics(&entry.payload).is_empty())
        .collect();
    let mut signals: BTreeMap<String, Vec<Reading>> = BTreeMap::new();
    for entry in &samples {
        for (name, text) in metrics(&entry.payload) {
            let quantity = Quantity::parse(&text);
            signals.entry(name).or_default().push(Reading { at: entry.at, text, quantity });
        }
    }
    let source = log.native(|native| match native {
        NativeCheck::HealthSeries { thresholds, .. } => Some(thresholds),
        _ => None,
    });
    Window {
        first: samples.first().map(|entry| entry.at),
        last: samples.last().map(|entry| entry.at),
        samples: samples.len(),
        signals,
        thresholds: source.map_or_else(BTreeMap::new, |source| thresholds(project, source)),
    }
}

impl Window {
    /// The least and the greatest reading; `None` when units are mixed or nothing can be read.
    fn extremes(readings: &[Reading]) -> Option<(&Reading, &Reading)> {
        let known: Option<Vec<(&Reading, Quantity)>> =
            readings.iter().map(|reading| Some((reading, reading.quantity?))).collect();
        let known = known?;
        let (_, unit) = known.first().map(|(reading, quantity)| (reading, quantity.unit))?;
        if known.iter().any(|(_, quantity)| quantity.unit != unit) {
            return None;
        }
        let by_value =
            |a: &&(&Reading, Quantity), b: &&(&Reading, Quantity)| a.1.value.total_cmp(&b.1.value);
        Some((known.iter().min_by(by_value)?.0, known.iter().max_by(by_value)?.0))
    }

    /// Readings that are beyond the threshold, or that cannot be held against it.
    pub fn beyond<'w>(&'w self, signal: &str, readings: &'w [Reading]) -> Vec<&'w Reading> {
        let Some((threshold, _)) = self.thresholds.get(signal) else { return Vec::new() };
        let meets = |reading: &Reading| threshold.judge(reading.quantity, None);
        readings.iter().filter(|reading| meets(reading) != Conclusion::Passed).collect()
    }
}

pub(super) fn write(view: &View<'_>, out: &mut String) {
    heading(out, "Health window");
    let log = view.health_log();
    let window = log.as_ref().map(|log| window(view, log));
    let policy = &view.project.effective().policy.health;
    let _ = writeln!(
        out,
        "Planned: a window of {} after the deployment, a sample every {}.",
        policy.window, policy.interval
    );
    match window.as_ref().filter(|window| window.samples > 0) {
        Some(window) => {
            let _ = writeln!(
                out,
                "Sampled: {} samples, the first {}, the last {}.",
                window.samples,
                stamp(window.first),
                stamp(window.last)
            );
        }
        None => out.push_str("Sampled: nothing yet when this was compiled.\n"),
    }
    match window_end(view.project) {
        Some(end) if end <= view.moment.until => {
            let _ = writeln!(out, "The window ended {end}.\n");
        }
        Some(end) => {
            let _ = writeln!(out, "The window ends {end}, after this was compiled.\n");
        }
        None => out.push_str("The window has not begun.\n\n"),
    }
    if let Some(window) = &window {
        signals(window, out);
        changes(view, window, out);
    }
    heading(out, "Alerts raised");
    let told = |rows: &[(String, String)]| -> Vec<Vec<String>> {
        rows.iter().map(|(at, what)| vec![cell(at), cell(what)]).collect()
    };
    let (alerts, incidents) = (alerts(view), incidents(view));
    table(out, &["Time", "What was announced"], &told(&alerts), "None was raised.");
    heading(out, "Incidents");
    table(out, &["Time", "What"], &told(&incidents), "The evidence reports none.");
    heading(out, "Recommendation");
    let _ =
        writeln!(out, "{}\n", recommendation(view, window.as_ref(), alerts.len(), incidents.len()));
}

/// What was announced while production was watched, since something lay beyond its threshold.
fn alerts(view: &View<'_>) -> Vec<(String, String)> {
    let gates = view.project.phase.gates.values();
    let mut alarms = gates.filter(|gate| gate.failure.cause == Cause::Threshold);
    let Some(message) = alarms.next().map(|gate| gate.failure.message.as_str()) else {
        return Vec::new();
    };
    let logs = view.project.all_evidence().filter(|own| {
        own.def.format == EvidenceFormat::AppendOnly && own.def.obligation == Obligation::Guideline
    });
    let entries = logs.flat_map(|log| view.entries(&log));
    let raised = entries.filter(|entry| entry.payload.starts_with(message));
    raised.map(|entry| (entry.at.to_string(), entry.payload.clone())).collect()
}

/// What follows from what was measured: nobody's decision, and one sentence for whoever decides.
fn recommendation(
    view: &View<'_>,
    window: Option<&Window>,
    alerts: usize,
    incidents: usize,
) -> String {
    if view.taken_back().is_some() {
        return "It was taken back: say why before anything is launched again.".to_owned();
    }
    let sampled = window.is_some_and(|window| window.samples > 0);
    if alerts + incidents > 0 {
        return format!(
            "Decide before it counts as complete: {alerts} alerts and {incidents} incidents stand above."
        );
    }
    match sampled && window_end(view.project).is_some_and(|end| end <= view.moment.until) {
        true => "Keep it in production: each sample of the window held its thresholds.".to_owned(),
        false => "Watch on: the window has not ended, or nothing was sampled.".to_owned(),
    }
}

fn signals(window: &Window, out: &mut String) {
    let rows: Vec<Vec<String>> = window
        .signals
        .iter()
        .map(|(name, readings)| {
            let text = |reading: Option<&Reading>| {
                reading.map_or(NOTHING.to_owned(), |reading| cell(&reading.text))
            };
            let extremes = Window::extremes(readings);
            let threshold = window.thresholds.get(name).map(|(_, text)| cell(text));
            let beyond = match &threshold {
                Some(_) => window.beyond(name, readings).len().to_string(),
                None => NOTHING.to_owned(),
            };
            vec![
                cell(name),
                readings.len().to_string(),
                text(extremes.map(|(least, _)| least)),
                text(extremes.map(|(_, greatest)| greatest)),
                text(readings.last()),
                threshold.unwrap_or_else(|| "none".to_owned()),
                beyond,
            ]
        })
        .collect();
    let columns = ["Signal", "Samples", "Least", "Greatest", "Last", "Threshold", "Beyond it"];
    table(out, &columns, &rows, "No signal was sampled.");
}

/// Each signal that has a baseline: before the release, and at the last sample (DLC-10).
fn changes(view: &View<'_>, window: &Window, out: &mut String) {
    let rows = before_and_after(view, window).into_iter();
    let row = |[name, before, after, change]: [String; 4]| {
        vec![cell(&name), cell(&before), cell(&after), change]
    };
    let rows: Vec<Vec<String>> = rows.map(row).collect();
    let columns = ["Metric in production", "Before", "After (last sample)", "Change"];
    table(out, &columns, &rows, "No sampled signal has a baseline.");
}

/// Metric, before, after, and by how much it changed.
pub fn before_and_after(view: &View<'_>, window: &Window) -> Vec<[String; 4]> {
    let mut rows = in_production(view, window);
    for evidence in view.whole_files() {
        let measured = evidence.native(|native| match native {
            NativeCheck::Performance { at, .. } => Some(at.as_str()),
            _ => None,
        });
        let Some(measured) = measured else { continue };
        for metric in list(evidence.value(), measured) {
            let name = metric.get("metric").and_then(Value::as_str).unwrap_or_default();
            let Some(last) = window.signals.get(name).and_then(|readings| readings.last()) else {
                continue;
            };
            if rows.iter().any(|[known, ..]| known == name) {
                continue;
            }
            let unit = metric.get("unit").and_then(Value::as_str).unwrap_or_default();
            let number = metric.get("baseline").map(ToString::to_string).unwrap_or_default();
            let before = Quantity::parse(&format!("{number} {unit}"));
            let change = match (before, last.quantity) {
                (Some(before), Some(after)) if before.unit == after.unit && before.value != 0.0 => {
                    percent((after.value - before.value) * 100.0 / before.value)
                }
                _ => NOTHING.to_owned(),
            };
            let before = format!("{number} {unit} (pinned baseline)");
            rows.push([name.to_owned(), before, last.text.clone(), change]);
        }
    }
    rows
}

/// The same of what was measured of production right before the launch, by the stages of a rollout.
fn in_production(view: &View<'_>, window: &Window) -> Vec<[String; 4]> {
    let launch = view.project.phase.launch().and_then(|(kind, _)| view.project.evidence(kind));
    let value = launch.as_ref().and_then(|launch| launch.value());
    let mut rows: Vec<[String; 4]> = Vec::new();
    for condition in list(value, "/stages").flat_map(|stage| list(Some(stage), "/conditions")) {
        let text = |key: &str| condition.get(key).and_then(Value::as_str);
        let (Some(written), Some(before)) = (text("condition"), text("baseline")) else { continue };
        let Some(name) = Condition::parse(written).ok().and_then(|own| own.subject) else {
            continue;
        };
        let last = window.signals.get(&name).and_then(|readings| readings.last());
        let after = last.map(|last| last.text.clone());
        let Some(after) = after.or_else(|| text("worst").map(str::to_owned)) else { continue };
        let change = match (Quantity::parse(before), Quantity::parse(&after)) {
            (Some(was), Some(is)) => match is.comparable(was) {
                Some((is, was)) if was != 0.0 => percent((is - was) * 100.0 / was),
                _ => NOTHING.to_owned(),
            },
            _ => NOTHING.to_owned(),
        };
        rows.retain(|[known, ..]| *known != name);
        rows.push([name, format!("{before} (production, before the launch)"), after, change]);
    }
    rows
}

/// What people wrote down of an incident: its first words, and where the rest stands.
fn described(view: &View<'_>) -> Option<(String, String)> {
    let (kind, def) = view.project.phase.incident()?;
    let evidence = view.evidence().find(|evidence| evidence.kind == kind)?;
    let files = all_sectioned(view.project);
    let file = files.iter().find(|file| file.piece == evidence.piece())?;
    let first = file.find(view.project, def.sections.first()?)?.prose().next()?;
    let at = evidence.text_at("/finished_at").unwrap_or(NOTHING).to_owned();
    Some((at, format!("{} ({})", first.text.trim(), def.path)))
}

/// Whatever the evidence says went wrong: when, and what, in the words of the files.
pub fn incidents(view: &View<'_>) -> Vec<(String, String)> {
    let window = view.health_log().map(|log| window(view, &log));
    let mut rows: Vec<(String, String)> = Vec::new();
    let text = |value: &Value, key: &str| {
        value.get(key).and_then(Value::as_str).unwrap_or(NOTHING).to_owned()
    };
    for evidence in view.evidence() {
        for incident in list(evidence.value(), "/incidents") {
            let over = match incident.get("resolved").and_then(Value::as_bool) {
                Some(true) => "resolved",
                Some(false) => "not resolved",
                None => "not said whether it is resolved",
            };
            rows.push((text(incident, "at"), format!("{} ({over})", text(incident, "summary"))));
        }
        for command in list(evidence.value(), "/commands") {
            if command.get("exit_code").and_then(Value::as_i64) != Some(0) {
                let argv: Vec<&str> =
                    list(Some(command), "/argv").filter_map(Value::as_str).collect();
                let code = command.get("exit_code").map_or(NOTHING.to_owned(), Value::to_string);
                let what = format!("{} ended with {code}", argv.join(" "));
                rows.push((text(command, "finished_at"), what));
            }
        }
    }
    rows.extend(described(view));
    if let Some(window) = &window {
        for (name, readings) in &window.signals {
            let beyond = window.beyond(name, readings).into_iter();
            rows.extend(beyond.map(|reading| {
                let what = format!("{name} was {}, beyond its threshold", reading.text);
                (reading.at.to_string(), what)
            }));
        }
    }
    rows.sort();
    rows
}
