//! Validation on staging: suites, security findings, performance (P11-2.2, DLC-4).

use crate::definition::{EvidenceDef, ReportFormat};
use crate::derive::reading::{Doubt, left_open, read_all};
use crate::derive::twice::told_twice;
use crate::derive::{Derived, Facts, Problem, deployment, performance};
use crate::import::junit::Outcome;
use crate::import::sarif::{BySeverity, Severity};
use crate::import::{ImportError, ReportInput};
use crate::model::Sha256Digest;
use crate::project::Project;
use crate::record::Import;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// A suite of the evidence: one or more test suites of the reports.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counted {
    /// As the policy names it, or as the report does.
    pub name: String,
    /// Tests.
    pub total: u64,
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed, errors included.
    pub failed: u64,
    /// Tests that were skipped.
    pub skipped: u64,
    /// Tests that passed only when they were run again.
    pub flaky: u64,
    /// Which failed: suite, class and name.
    pub failing: Vec<String>,
}

pub(super) fn derive(
    project: &Project,
    def: &EvidenceDef,
    facts: &Facts<'_>,
) -> Result<Derived, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut derived = Derived::default();
    if !facts.runs.is_empty() {
        derived.members.insert("commands".to_owned(), deployment::commands(facts));
    }
    match counted(project, def, facts, &mut derived.doubts) {
        Ok((suites, told)) if !suites.is_empty() => {
            tests(&suites, &mut derived.members);
            derived.told.push(told);
        }
        Ok(_) => {}
        Err(wrong) => problems.extend(wrong),
    }
    match security(project, def, facts, &mut derived.doubts) {
        Ok(Some((security, told))) => {
            derived.members.insert("security".to_owned(), security);
            derived.told.push(told);
        }
        Ok(None) => {}
        Err(wrong) => problems.extend(wrong),
    }
    match performance::compare(project, facts, &mut derived.doubts) {
        Ok(Some(compared)) => {
            derived.told.push(format!("performance: {}", metrics(compared.values.len())));
            derived.members.insert("performance".to_owned(), Value::Array(compared.values));
            if let Some(baseline) = compared.baseline {
                derived.members.insert("baseline".to_owned(), baseline);
            }
        }
        Ok(None) => {}
        Err(wrong) => problems.extend(wrong),
    }
    if problems.is_empty() { Ok(derived) } else { Err(problems) }
}

fn tests(suites: &[Counted], members: &mut Map<String, Value>) {
    let list: Vec<Value> = suites
        .iter()
        .map(|suite| {
            let mut entry = json!({
                "name": suite.name, "total": suite.total, "passed": suite.passed,
                "failed": suite.failed, "skipped": suite.skipped,
            });
            if let Some(entry) = entry.as_object_mut().filter(|_| suite.flaky > 0) {
                entry.insert("flaky".to_owned(), json!(suite.flaky));
            }
            entry
        })
        .collect();
    let sum = |pick: fn(&Counted) -> u64| suites.iter().map(pick).sum::<u64>();
    let mut tests = json!({
        "total": sum(|suite| suite.total), "passed": sum(|suite| suite.passed),
        "failed": sum(|suite| suite.failed), "skipped": sum(|suite| suite.skipped),
    });
    let failing = suites.iter().flat_map(|suite| suite.failing.iter().cloned()).collect();
    if let (Some(which), Some(tests)) =
        (listed(failing, sum(|suite| suite.failed)), tests.as_object_mut())
    {
        tests.insert("failing".to_owned(), which);
    }
    members.insert("suites".to_owned(), Value::Array(list));
    members.insert("tests".to_owned(), tests);
}

/// The suites that the JUnit reports make, sorted by name, and what was read, for people. Adds what
/// they leave open to `doubts`.
///
/// # Errors
/// Reports that cannot be read.
pub fn counted(
    project: &Project,
    def: &EvidenceDef,
    facts: &Facts<'_>,
    doubts: &mut Vec<Doubt>,
) -> Result<(Vec<Counted>, String), Vec<Problem>> {
    let mut suites: Vec<Counted> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut read = 0;
    let reports = read_all(facts, ReportFormat::Junit, ReportInput::tests, doubts)?;
    for (import, report) in &reports {
        doubts.extend(left_open((project, def, facts), import, &report.doubts, report.told_time));
        read += report.suites.len();
        for suite in &report.suites {
            let name = import.suite.as_ref().unwrap_or(&suite.name);
            let index = *places.entry(name.clone()).or_insert_with(|| {
                suites.push(Counted { name: name.clone(), ..Counted::default() });
                suites.len() - 1
            });
            let all = &mut suites[index];
            all.total += suite.total;
            all.passed += suite.passed;
            all.failed += suite.failed;
            all.skipped += suite.skipped;
            all.flaky += suite.flaky;
            let failed = suite.cases.iter().filter(|case| case.outcome == Outcome::Failed);
            all.failing.extend(failed.map(|case| {
                let parts = [Some(name), case.classname.as_ref(), Some(&case.name)];
                parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("/")
            }));
        }
    }
    doubts.extend(told_twice(&reports));
    suites.sort_by(|a, b| a.name.cmp(&b.name));
    let sum = |pick: fn(&Counted) -> u64| suites.iter().map(pick).sum::<u64>();
    let mut told = format!(
        "junit: {}, {}, {}: {} passed",
        count(reports.len() as u64, "file"),
        count(read as u64, "suite"),
        count(sum(|suite| suite.total), "test"),
        sum(|suite| suite.passed),
    );
    for (number, word) in [
        (sum(|suite| suite.failed), "failed"),
        (sum(|suite| suite.skipped), "skipped"),
        (sum(|suite| suite.flaky), "flaky"),
    ] {
        if number > 0 {
            told.push_str(&format!(", {number} {word}"));
        }
    }
    Ok((suites, told))
}

/// The scanners' findings, added up.
fn security(
    project: &Project,
    def: &EvidenceDef,
    facts: &Facts<'_>,
    doubts: &mut Vec<Doubt>,
) -> Result<Option<(Value, String)>, Vec<Problem>> {
    let mut tools: Vec<String> = Vec::new();
    let (mut found, mut suppressed, mut unchanged): (BySeverity, BySeverity, BySeverity) =
        Default::default();
    let reports = read_all(facts, ReportFormat::Sarif, ReportInput::scan, doubts)?;
    if reports.is_empty() {
        return Ok(None);
    }
    let files = reports.len() as u64;
    let mut kept = Vec::new();
    for (import, report) in &reports {
        kept.extend(&report.findings);
        if let Some(why) = &report.failed {
            let message = format!("the scanner itself says that it failed: {why}");
            doubts.push(Doubt { failed: true, ..Doubt::new(import, &message) });
        }
        doubts.extend(left_open((project, def, facts), import, &report.doubts, report.told_time));
        let revisions = report.revisions.iter();
        let other = revisions.filter_map(|id| performance::of_another(project, import, Some(id)));
        doubts.extend(other);
        tools.extend(report.tools.iter().cloned());
        found += report.found;
        suppressed += report.suppressed;
        unchanged += report.unchanged;
    }
    tools.sort();
    tools.dedup();
    let BySeverity { critical, high, medium, low } = found;
    let which = [(Severity::Critical, critical), (Severity::High, high)].map(|(severity, all)| {
        let own = kept.iter().filter(|own| own.severity == severity);
        listed(own.map(|own| own.which()).collect(), all)
    });
    let mut security = json!({
        "tool": tools.join("; "), "critical": critical, "high": high, "medium": medium,
        "low": low, "suppressed": by_severity(suppressed),
    });
    let mut told = format!(
        "sarif: {}, {}: {critical} critical, {high} high, {medium} medium, {low} low, {} suppressed",
        count(files, "file"),
        tools.join("; "),
        suppressed.total(),
    );
    let which: Map<String, Value> = ["critical", "high"]
        .into_iter()
        .zip(which)
        .filter_map(|(key, which)| Some((key.to_owned(), which?)))
        .collect();
    if let (false, Some(members)) = (which.is_empty(), security.as_object_mut()) {
        members.insert("found".to_owned(), Value::Object(which));
    }
    if let (1.., Some(members)) = (unchanged.total(), security.as_object_mut()) {
        members.insert("unchanged".to_owned(), by_severity(unchanged));
        told.push_str(&format!("; {} unchanged since the baseline", unchanged.total()));
    }
    Ok(Some((security, told)))
}

/// Most of what is counted that is listed by name.
const LISTED: usize = 50;

/// Most characters of a name.
const LONGEST: usize = 200;

/// What a number counts, sorted; `None` where it counts nothing. What is too much to list, and what the
/// reader did not keep, is told by number and digest, so that another set is another list.
fn listed(mut which: Vec<String>, all: u64) -> Option<Value> {
    for own in &mut which {
        *own = own.chars().take(LONGEST).collect();
    }
    which.sort();
    let digest = Sha256Digest::of(which.join("\n").as_bytes());
    which.truncate(LISTED);
    let more = all.saturating_sub(which.len() as u64);
    if more > 0 {
        which.push(format!("and {more} more, of all sha256:{digest}"));
    }
    (!which.is_empty()).then(|| json!(which))
}

fn by_severity(counts: BySeverity) -> Value {
    let BySeverity { critical, high, medium, low } = counts;
    json!({ "critical": critical, "high": high, "medium": medium, "low": low })
}

/// A report that cannot be read, with the place.
pub(super) fn unreadable(import: &Import, error: &ImportError) -> Problem {
    let at = error.position.map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
    let message = format!("{}{at}: {}", import.source, error.message);
    let problem = Problem::new(&import.source, message);
    match &error.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// `1 file`, `3 files`.
pub(super) fn count(number: u64, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

fn metrics(number: usize) -> String {
    count(number as u64, "metric")
}
