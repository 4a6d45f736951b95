//! Validation on staging: suites, security findings, performance (P11-2.2, DLC-4).

use crate::definition::ReportFormat;
use crate::derive::{Derived, Facts, Problem, deployment, performance};
use crate::import::{ImportError, junit, sarif};
use crate::project::Project;
use crate::record::Import;
use serde_json::{Map, Value, json};

/// A suite of the evidence: one or more test suites of the reports.
#[derive(Clone, PartialEq, Eq, Debug)]
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
}

pub(super) fn derive(project: &Project, facts: &Facts<'_>) -> Result<Derived, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut derived = Derived::default();
    if !facts.runs.is_empty() {
        derived.members.insert("commands".to_owned(), deployment::commands(facts));
    }
    match counted(facts) {
        Ok((suites, told)) if !suites.is_empty() => {
            tests(&suites, &mut derived.members);
            derived.told.push(told);
        }
        Ok(_) => {}
        Err(wrong) => problems.extend(wrong),
    }
    match security(facts) {
        Ok(Some((security, told))) => {
            derived.members.insert("security".to_owned(), security);
            derived.told.push(told);
        }
        Ok(None) => {}
        Err(wrong) => problems.extend(wrong),
    }
    match performance::compare(project, facts) {
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
    let tests = json!({
        "total": sum(|suite| suite.total), "passed": sum(|suite| suite.passed),
        "failed": sum(|suite| suite.failed), "skipped": sum(|suite| suite.skipped),
    });
    members.insert("suites".to_owned(), Value::Array(list));
    members.insert("tests".to_owned(), tests);
}

/// The suites that the JUnit reports make, sorted by name, and what was read, for people.
///
/// # Errors
/// Reports that cannot be read.
pub fn counted(facts: &Facts<'_>) -> Result<(Vec<Counted>, String), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut suites: Vec<Counted> = Vec::new();
    let (mut files, mut read) = (0, 0);
    for (import, text) in facts.of(ReportFormat::Junit) {
        let report = match junit::parse(text) {
            Ok(report) => report,
            Err(error) => {
                problems.push(unreadable(import, &error));
                continue;
            }
        };
        files += 1;
        read += report.suites.len();
        for suite in report.suites {
            let name = import.suite.clone().unwrap_or(suite.name);
            let index = suites.iter().position(|known| known.name == name).unwrap_or_else(|| {
                suites.push(Counted { name, total: 0, passed: 0, failed: 0, skipped: 0, flaky: 0 });
                suites.len() - 1
            });
            let all = &mut suites[index];
            all.total += suite.total;
            all.passed += suite.passed;
            all.failed += suite.failed;
            all.skipped += suite.skipped;
            all.flaky += suite.flaky;
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    suites.sort_by(|a, b| a.name.cmp(&b.name));
    let sum = |pick: fn(&Counted) -> u64| suites.iter().map(pick).sum::<u64>();
    let mut told = format!(
        "junit: {}, {}, {}: {} passed",
        count(files, "file"),
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
fn security(facts: &Facts<'_>) -> Result<Option<(Value, String)>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut tools: Vec<String> = Vec::new();
    let (mut files, mut counts) = (0, [0u64; 5]);
    for (import, text) in facts.of(ReportFormat::Sarif) {
        match sarif::parse(text) {
            Ok(report) => {
                if let Some(why) = &report.failed {
                    let message =
                        format!("{}: the scanner itself says that it failed: {why}", import.source);
                    problems.push(
                        Problem::new(&import.source, message)
                            .help("mend the scan and run it again"),
                    );
                }
                files += 1;
                tools.extend(report.tools.iter().cloned());
                let found =
                    [report.critical, report.high, report.medium, report.low, report.suppressed];
                counts.iter_mut().zip(found).for_each(|(sum, found)| *sum += found);
            }
            Err(error) => problems.push(unreadable(import, &error)),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if files == 0 {
        return Ok(None);
    }
    tools.sort();
    tools.dedup();
    let [critical, high, medium, low, suppressed] = counts;
    let security = json!({
        "tool": tools.join("; "), "critical": critical, "high": high, "medium": medium,
        "low": low, "suppressed": suppressed,
    });
    let told = format!(
        "sarif: {}, {}: {critical} critical, {high} high, {medium} medium, {low} low, {suppressed} suppressed",
        count(files, "file"),
        tools.join("; "),
    );
    Ok(Some((security, told)))
}

/// What one imported JUnit report holds, for rules that look at it alone.
///
/// # Errors
/// When it cannot be read.
pub fn imported(text: &str) -> Result<junit::TestReport, ImportError> {
    junit::parse(text)
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
