//! SARIF 2.1.0, as real scanners write it.
//!
//! Keys that are not known here are passed over; the format is rich, and scanners add their own.
//! What decides about a release is strict: version, severity, suppression, and whether the scan
//! was carried out at all.

mod carried_out;
mod log;
mod rules;
mod severity;
#[cfg(test)]
mod tests;

use super::json::{list_of, text_of};
use super::{Doubts, ImportError, Source, ToldTime, json, shortened, stream};
use crate::text::quoted;
use carried_out::{errors, failure, notified};
use log::{Outline, Results, Run};
use serde_json::Value;

/// Most findings of a report that are kept one by one; all of them are counted.
pub const MAX_KEPT: usize = 1000;

/// The rank of a result, of 100, from which on it is no small matter.
const GRAVE_RANK: f64 = 80.0;

/// What a report of a scan holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ScanReport {
    /// The scanners, each as name and version, ordered; never empty.
    pub tools: Vec<String>,
    /// The findings.
    pub found: BySeverity,
    /// Results that would be findings, were they not suppressed by an accepted suppression.
    pub suppressed: BySeverity,
    /// Those of the findings that the report calls unchanged since its baseline.
    pub unchanged: BySeverity,
    /// Results of kind `open` or `review`, which the scanner leaves to people; no findings.
    pub undecided: u64,
    /// The commits that were scanned, as the report names them by full ids.
    pub revisions: Vec<String>,
    /// The latest time that a run says it ended or began at.
    pub told_time: Option<ToldTime>,
    /// The findings, in the order of the report, as far as they are kept: see [`MAX_KEPT`].
    pub findings: Vec<ScanFinding>,
    /// Why the scan does not count as carried out, whatever it found; `None` when it does.
    pub failed: Option<String>,
    /// What only a person can judge, a sentence each, without a full stop.
    pub doubts: Vec<String>,
}

/// How many there are of each severity.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct BySeverity {
    /// Critical ones.
    pub critical: u64,
    /// High ones.
    pub high: u64,
    /// Medium ones.
    pub medium: u64,
    /// Low ones.
    pub low: u64,
}

impl BySeverity {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.critical + self.high + self.medium + self.low
    }

    fn count(&mut self, severity: Severity) {
        *match severity {
            Severity::Critical => &mut self.critical,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
        } += 1;
    }
}

impl std::ops::AddAssign for BySeverity {
    fn add_assign(&mut self, other: Self) {
        self.critical += other.critical;
        self.high += other.high;
        self.medium += other.medium;
        self.low += other.low;
    }
}

/// One finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScanFinding {
    /// Id of the rule; `unnamed` where the report gives none.
    pub rule: String,
    /// How severe it is.
    pub severity: Severity,
    /// What was found: the beginning of what the report says.
    pub message: String,
    /// The file, as the report names it: a URI, mostly relative.
    pub path: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u64>,
}

impl ScanFinding {
    /// Rule and file: what stays the same when lines are added above it.
    pub fn which(&self) -> String {
        self.path.iter().fold(self.rule.clone(), |rule, path| format!("{rule} {path}"))
    }
}

/// How severe a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// `note`, or a score above 0.
    Low,
    /// `warning`, or a score of at least 4.
    Medium,
    /// `error`, or a score of at least 7.
    High,
    /// A score of at least 9.
    Critical,
}

/// Reads a report.
///
/// Severity is the `security-severity` of the result or of its rule, the higher one, on GitHub's
/// scale; where neither has one, the level of the result, else the one that the run was told to use
/// for the rule, else that of the rule, else `warning`. Where this is not sure, the graver reading
/// counts, and a doubt says so.
/// A result is a finding when its kind is `fail`, its level is not `none`, it is not `absent`
/// against a baseline, and it is not suppressed. Suppressed means that it has suppressions, and
/// that none of them is rejected or under review. A member that is null is as absent.
///
/// # Errors
/// What is not strict JSON, is not SARIF 2.1.0, has no run, or has a run without a tool.
pub fn read(source: &dyn Source) -> Result<ScanReport, ImportError> {
    let mut outline = Outline::default();
    stream::read(source, &mut outline)?;
    let wrong = |pointer: &str, message: String| json::at_source(source, pointer, message);
    match outline.version.as_ref().and_then(Value::as_str) {
        Some("2.1.0") => {}
        Some(other) => {
            let message = format!("the report is SARIF {}, not 2.1.0", quoted(other));
            return Err(wrong("/version", message).help("let the scanner write SARIF 2.1.0"));
        }
        None => {
            let error = ImportError::new("the report has no SARIF version");
            return Err(error.help("this is not SARIF: let the scanner write that format"));
        }
    }
    if outline.runs.is_empty() {
        return Err(wrong("/runs", "the report holds no run of a scanner".to_owned())
            .help("no scan was carried out: run the scanner"));
    }
    let mut report = ScanReport::default();
    let mut doubts = Doubts::default();
    for (index, run) in outline.runs.iter_mut().enumerate() {
        let Some(name) = run.name.clone() else {
            return Err(wrong(&format!("/runs/{index}"), "the run names no tool".to_owned()));
        };
        report.run(run, &name, &mut doubts);
    }
    report.failed = report.failed.take().or_else(|| carried_out::beside(&outline));
    let runs = &outline.runs;
    let mut written = vec![0; runs.len()];
    let mut results = Results(|index: usize, result| {
        if let Some(run) = runs.get(index) {
            written[index] += 1;
            report.result(&result, run, &mut doubts);
        }
    });
    stream::read(source, &mut results)?;
    for (run, written) in runs.iter().zip(written) {
        let (found, passed_over) = carried_out::totals(run);
        // How grave they are is told nowhere.
        report.suppressed.low = report.suppressed.low.saturating_add(passed_over);
        if found > written {
            doubts.add(format!("the scanner counts {found} issues, and writes {written} of them"));
        }
    }
    report.tools.sort();
    report.tools.dedup();
    report.doubts = doubts.told();
    Ok(report)
}

/// [`read`], of a text.
///
/// # Errors
/// As [`read`].
pub fn parse(text: &str) -> Result<ScanReport, ImportError> {
    read(&text)
}

impl ScanReport {
    fn run(&mut self, run: &mut Run, name: &str, doubts: &mut Doubts) {
        self.tools.push(match &run.version {
            Some(version) => format!("{name} {version}"),
            None => name.to_owned(),
        });
        let no = Vec::new();
        let invocations = run.invocations.as_ref().and_then(Value::as_array).unwrap_or(&no);
        run.rules.take_overrides(invocations);
        if let Some(reason) = failure(run, invocations) {
            self.failed.get_or_insert(format!("{name}: {reason}"));
        }
        carried_out::switched_off(name, invocations, doubts);
        self.revisions.extend(carried_out::revisions(run));
        let time = carried_out::told_time(invocations);
        self.told_time = ToldTime::later(self.told_time, time);
        // By the standard, an error means that the results are wrong or not complete, also where
        // the process as such succeeded: mostly a file that could not be read. But tools say so of
        // what is of no account, too.
        for error in invocations.iter().flat_map(errors) {
            let said = notified(error, run).unwrap_or_else(|| "it does not say of what".to_owned());
            doubts.count(format!("{name} tells of an error: {said}"));
        }
    }

    fn result(&mut self, result: &Value, run: &Run, doubts: &mut Doubts) {
        if !result.is_object() {
            return doubts.count("a result is no object, in {n}".to_owned());
        }
        let rule = run.rules.of_result(result);
        let (severity, unsure) = severity::of_result(result, &rule, &run.rules);
        let baseline = text_of(result, "baselineState");
        let Some(severity) = severity.filter(|_| baseline != "absent") else { return };
        match result.get("kind").map_or(Some("fail"), Value::as_str) {
            Some("fail") => {}
            Some("open" | "review") => {
                self.undecided += 1;
                return doubts.count("the scanner leaves a result to a person, in {n}".to_owned());
            }
            Some(kind @ ("pass" | "informational" | "notApplicable")) => {
                // By the standard such a result has no level: one of the two is not meant. A grave
                // rule may be met, or not apply; what is told of it is another matter.
                let level = text_of(result, "level");
                let grave =
                    if kind == "informational" { Severity::High } else { Severity::Critical };
                if matches!(level, "error" | "warning") || severity >= grave {
                    doubts.count("a result is called no failure and is severe, in {n}".to_owned());
                }
                return;
            }
            // To pass over a result of a kind that nobody knows would be to lose a finding.
            other => {
                let kind = quoted(other.unwrap_or("(no text)"));
                doubts.count(format!("the kind {kind} is not SARIF's, in {{n}}"));
            }
        }
        unsure.into_iter().for_each(|doubt| doubts.count(doubt));
        if is_suppressed(result) {
            return self.suppressed.count(severity);
        }
        let rank = result.get("rank").and_then(Value::as_f64).unwrap_or_default();
        if rank >= GRAVE_RANK && severity == Severity::Low {
            doubts.count(
                "a result is ranked among the gravest, and is called low, in {n}".to_owned(),
            );
        }
        self.found.count(severity);
        if baseline == "unchanged" {
            self.unchanged.count(severity);
        }
        if self.findings.len() < MAX_KEPT {
            let (path, line) = place(result, run);
            let message = rules::message(result, &rule);
            self.findings.push(ScanFinding { rule: rule.id, severity, message, path, line });
        }
    }
}

fn is_suppressed(result: &Value) -> bool {
    let suppressions = list_of(result, "suppressions");
    let accepted = |suppression: &Value| match suppression.get("status") {
        None => true,
        Some(status) => status == "accepted",
    };
    !suppressions.is_empty() && suppressions.iter().all(accepted)
}

/// File and line of the first location.
fn place(result: &Value, run: &Run) -> (Option<String>, Option<u64>) {
    let Some(physical) = result.pointer("/locations/0/physicalLocation") else {
        return (None, None);
    };
    let artifact = physical.get("artifactLocation").unwrap_or(&Value::Null);
    let uri = artifact.get("uri").and_then(Value::as_str).or_else(|| {
        let index = artifact.get("index")?.as_u64()?;
        run.artifacts.get(usize::try_from(index).ok()?)?.as_deref()
    });
    let line = physical.pointer("/region/startLine").and_then(Value::as_u64);
    (uri.and_then(shortened), line.filter(|line| *line > 0))
}
