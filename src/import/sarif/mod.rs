//! SARIF 2.1.0, as real scanners write it.
//!
//! Keys that are not known here are passed over; the format is rich, and scanners add their own.
//! What decides about a release is strict: version, severity, suppression, and whether the scan
//! was carried out at all.

mod rules;
#[cfg(test)]
mod tests;

use super::json::{list_of, text_of};
use super::{ImportError, json, shortened};
use crate::text::quoted;
use rules::{Rule, Rules};
use serde_json::Value;

/// Most extensions of one tool: each may have to be asked for the rule of each result.
const MAX_EXTENSIONS: usize = 1000;

/// What a report of a scan holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScanReport {
    /// The scanners, each as name and version, ordered; never empty.
    pub tools: Vec<String>,
    /// Findings that are critical.
    pub critical: u64,
    /// Findings that are high.
    pub high: u64,
    /// Findings that are medium.
    pub medium: u64,
    /// Findings that are low.
    pub low: u64,
    /// Results that would be findings, were they not suppressed by an accepted suppression.
    pub suppressed: u64,
    /// How many of the findings the report calls unchanged since its baseline.
    pub unchanged: u64,
    /// Results of kind `open` or `review`, which the scanner leaves to people; no findings.
    pub undecided: u64,
    /// The findings, in the order of the report.
    pub findings: Vec<ScanFinding>,
    /// Why the scan does not count as carried out, whatever it found; `None` when it does.
    pub failed: Option<String>,
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
/// scale; where neither has one, the level of the result, else that of its rule, else `warning`.
/// A result is a finding when its kind is `fail`, its level is not `none`, it is not `absent`
/// against a baseline, and it is not suppressed. Suppressed means that it has suppressions, and
/// that none of them is rejected or under review.
///
/// # Errors
/// What is not strict JSON, is not SARIF 2.1.0, has no run, or has a run without a tool.
pub fn parse(text: &str) -> Result<ScanReport, ImportError> {
    let log = json::parse(text)?;
    let wrong = |pointer: &str, message: String| json::at(text, pointer, false, message);
    match log.get("version").and_then(Value::as_str) {
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
    let runs = list_of(&log, "runs");
    if runs.is_empty() {
        return Err(wrong("/runs", "the report holds no run of a scanner".to_owned())
            .help("no scan was carried out: run the scanner"));
    }
    let mut report = ScanReport {
        tools: Vec::new(),
        critical: 0,
        high: 0,
        medium: 0,
        low: 0,
        suppressed: 0,
        unchanged: 0,
        undecided: 0,
        findings: Vec::new(),
        failed: None,
    };
    for (index, run) in runs.iter().enumerate() {
        let pointer = format!("/runs/{index}");
        report.run(run, &pointer).map_err(|(pointer, message)| wrong(&pointer, message))?;
    }
    report.tools.sort();
    report.tools.dedup();
    Ok(report)
}

/// A pointer to what is wrong, and what is wrong.
type Wrong = (String, String);

impl ScanReport {
    fn run(&mut self, run: &Value, pointer: &str) -> Result<(), Wrong> {
        let driver = run.pointer("/tool/driver").unwrap_or(&Value::Null);
        let name = shortened(text_of(driver, "name"))
            .ok_or_else(|| (pointer.to_owned(), "the run names no tool".to_owned()))?;
        let version = ["semanticVersion", "version", "dottedQuadFileVersion"]
            .iter()
            .find_map(|key| shortened(text_of(driver, key)));
        self.tools.push(match version {
            Some(version) => format!("{name} {version}"),
            None => name.clone(),
        });
        if let Some(reason) = failure(run) {
            self.failed.get_or_insert(format!("{name}: {reason}"));
        }
        let extensions = list_of(&run["tool"], "extensions").len();
        if extensions > MAX_EXTENSIONS {
            let message = format!("a tool has {extensions} extensions, more than are read");
            return Err((format!("{pointer}/tool/extensions"), message));
        }
        let rules = Rules::of(run);
        for (index, result) in list_of(run, "results").iter().enumerate() {
            let pointer = format!("{pointer}/results/{index}");
            self.result(result, run, &rules).map_err(|message| (pointer, message))?;
        }
        Ok(())
    }

    fn result(&mut self, result: &Value, run: &Value, rules: &Rules<'_>) -> Result<(), String> {
        if !result.is_object() {
            return Err("a result must be an object".to_owned());
        }
        let rule = rules.of_result(result);
        let Some(severity) = severity(result, &rule)? else { return Ok(()) };
        match kind(result)? {
            Kind::Finding => {}
            Kind::Undecided => {
                self.undecided += 1;
                return Ok(());
            }
            Kind::Other => return Ok(()),
        }
        let baseline = text_of(result, "baselineState");
        if baseline == "absent" {
            return Ok(());
        }
        if is_suppressed(result) {
            self.suppressed += 1;
            return Ok(());
        }
        self.unchanged += u64::from(baseline == "unchanged");
        match severity {
            Severity::Critical => self.critical += 1,
            Severity::High => self.high += 1,
            Severity::Medium => self.medium += 1,
            Severity::Low => self.low += 1,
        }
        let (path, line) = place(result, run);
        let message = rules::message(result, &rule);
        self.findings.push(ScanFinding { rule: rule.id, severity, message, path, line });
        Ok(())
    }
}

enum Kind {
    Finding,
    Undecided,
    Other,
}

fn kind(result: &Value) -> Result<Kind, String> {
    match result.get("kind").map_or(Some("fail"), Value::as_str) {
        Some("fail") => Ok(Kind::Finding),
        Some("open" | "review") => Ok(Kind::Undecided),
        Some("pass" | "informational" | "notApplicable") => Ok(Kind::Other),
        // To pass over a result of a kind that nobody knows would be to lose a finding.
        other => Err(format!("the kind {} is not SARIF's", quoted(other.unwrap_or("(no text)")))),
    }
}

/// `None` for a result of level `none`, which is no problem by its own account.
fn severity(result: &Value, rule: &Rule<'_>) -> Result<Option<Severity>, String> {
    let scores = [Some(result), rule.definition].into_iter().flatten().filter_map(score);
    if let Some(highest) = scores.max_by(f64::total_cmp) {
        return Ok(Some(match highest {
            9.0.. => Severity::Critical,
            7.0.. => Severity::High,
            4.0.. => Severity::Medium,
            _ => Severity::Low,
        }));
    }
    let configured = rule.definition.and_then(|rule| rule.pointer("/defaultConfiguration/level"));
    match result.get("level").or(configured).map_or(Some("warning"), Value::as_str) {
        Some("error") => Ok(Some(Severity::High)),
        Some("warning") => Ok(Some(Severity::Medium)),
        Some("note") => Ok(Some(Severity::Low)),
        Some("none") => Ok(None),
        other => Err(format!("the level {} is not SARIF's", quoted(other.unwrap_or("(no text)")))),
    }
}

/// The `security-severity` among the properties of a result or rule: text or number, above 0.
fn score(holder: &Value) -> Option<f64> {
    let score = holder.pointer("/properties/security-severity")?;
    let score = match score {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    };
    score.filter(|score: &f64| score.is_finite() && *score > 0.0)
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
fn place(result: &Value, run: &Value) -> (Option<String>, Option<u64>) {
    let Some(physical) = result.pointer("/locations/0/physicalLocation") else {
        return (None, None);
    };
    let artifact = physical.get("artifactLocation").unwrap_or(&Value::Null);
    let uri = match artifact.get("uri").and_then(Value::as_str) {
        Some(uri) => Some(uri),
        None => artifact
            .get("index")
            .and_then(Value::as_u64)
            .and_then(|index| list_of(run, "artifacts").get(usize::try_from(index).ok()?))
            .and_then(|artifact| artifact.pointer("/location/uri"))
            .and_then(Value::as_str),
    };
    let line = physical.pointer("/region/startLine").and_then(Value::as_u64);
    (uri.and_then(shortened), line.filter(|line| *line > 0))
}

/// Why the run does not count as a scan that was carried out.
fn failure(run: &Value) -> Option<String> {
    if run.get("invocations").is_some_and(|invocations| !invocations.is_array()) {
        return Some("what it says of its invocations is not a list".to_owned());
    }
    let invocations = list_of(run, "invocations");
    let unsuccessful = invocations.iter().find(|invocation| {
        // Only `true` says that it was; a text such as "false" does not.
        invocation.get("executionSuccessful").is_some_and(|success| *success != true)
    });
    if let Some(invocation) = unsuccessful {
        let said = ["exitCodeDescription", "exitSignalName", "processStartFailureMessage"]
            .iter()
            .find_map(|key| shortened(text_of(invocation, key)))
            .or_else(|| errors(invocation).find_map(|error| notified(error, run)));
        return Some(said.unwrap_or_else(|| "it says that it was not successful".to_owned()));
    }
    // By the standard, an error means that the results are wrong or not complete, also where the
    // process as such succeeded: mostly a file that could not be read, and so was not scanned.
    if let Some(error) = invocations.iter().flat_map(errors).next() {
        let said = notified(error, run).unwrap_or_else(|| "it does not say of what".to_owned());
        return Some(format!("it tells of an error: {said}"));
    }
    // By the standard, a scan that found nothing has an empty array.
    match run.get("results") {
        Some(Value::Array(_)) => None,
        _ if run.pointer("/externalPropertyFileReferences/results").is_some() => {
            Some("its results are in another file, which is not read".to_owned())
        }
        _ => Some("it has no results, not even an empty list of them".to_owned()),
    }
}

/// What an invocation tells of that is an error.
fn errors(invocation: &Value) -> impl Iterator<Item = &Value> {
    ["toolExecutionNotifications", "toolConfigurationNotifications"]
        .into_iter()
        .flat_map(|key| list_of(invocation, key))
        .filter(|notification| text_of(notification, "level") == "error")
}

/// What a notification says, and of which file.
fn notified(notification: &Value, run: &Value) -> Option<String> {
    let said = shortened(text_of(&notification["message"], "text"))?;
    Some(match place(notification, run).0 {
        Some(path) => format!("{said} ({path})"),
        None => said,
    })
}
