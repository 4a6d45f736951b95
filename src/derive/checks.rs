//! Immediate checks after a deployment (P11-3.3).

use crate::definition::{EvidenceDef, ReportFormat};
use crate::derive::reading::{Doubt, left_open, read_all};
use crate::derive::twice::told_twice;
use crate::derive::validation::count;
use crate::derive::{Derived, Facts, Problem, deployment, performance};
use crate::import::{ReportInput, checks, junit};
use crate::model::Quantity;
use crate::project::Project;
use crate::record::Import;
use serde::Serialize;
use serde_json::{Value, json};

pub(super) fn derive(
    project: &Project,
    def: &EvidenceDef,
    facts: &Facts<'_>,
) -> Result<Derived, Vec<Problem>> {
    let mut read = Read::default();
    read.reports(project, def, facts);
    read.metrics(project, facts);
    let Read { list, metrics, doubts, problems } = read;
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut derived = Derived { doubts, ..Derived::default() };
    if !facts.runs.is_empty() {
        derived.members.insert("commands".to_owned(), deployment::commands(facts));
    }
    if !list.is_empty() {
        let is = |word: &str| list.iter().filter(|check| check["status"] == word).count() as u64;
        let (passed, failed) = (is("passed"), is("failed"));
        derived.told.push(format!(
            "checks: {}: {passed} passed, {failed} failed",
            count(list.len() as u64, "check")
        ));
        let summary = json!({ "total": list.len(), "passed": passed, "failed": failed });
        derived.members.insert("summary".to_owned(), summary);
        derived.members.insert("checks".to_owned(), Value::Array(list));
    }
    if !metrics.is_empty() {
        derived.members.insert("metrics".to_owned(), Value::Array(metrics));
    }
    Ok(derived)
}

/// What reports and runs say, before it is known whether all of it can be used.
#[derive(Default)]
struct Read {
    list: Vec<Value>,
    metrics: Vec<Value>,
    doubts: Vec<Doubt>,
    problems: Vec<Problem>,
}

impl Read {
    fn reports(&mut self, project: &Project, def: &EvidenceDef, facts: &Facts<'_>) {
        let Self { list, metrics, doubts, problems } = self;
        match read_all(facts, ReportFormat::Health, |own| checks::parse(own.text()?), doubts) {
            Ok(reports) => {
                for (_, report) in reports {
                    list.extend(report.checks.iter().map(|check| {
                        entry(&check.name, &check.service, check.passed, check.detail.as_deref())
                    }));
                    let measured = report.metrics.iter();
                    metrics.extend(measured.map(|own| metric(&own.name, own.value, &own.unit)));
                }
            }
            Err(wrong) => problems.extend(wrong),
        }
        match read_all(facts, ReportFormat::Junit, ReportInput::tests, doubts) {
            Ok(reports) => {
                for (import, report) in &reports {
                    doubts.extend(left_open(
                        (project, def, facts),
                        import,
                        &report.doubts,
                        report.told_time,
                    ));
                    cases(project, import, report, list, problems);
                }
                doubts.extend(told_twice(&reports));
            }
            Err(wrong) => problems.extend(wrong),
        }
    }

    fn metrics(&mut self, project: &Project, facts: &Facts<'_>) {
        match performance::measured(project, facts, &mut self.doubts) {
            Ok(measured) => self.metrics.extend(
                measured
                    .iter()
                    .map(|own| &own.median)
                    .map(|own| metric(&own.name, own.value, &own.unit)),
            ),
            Err(wrong) => self.problems.extend(wrong),
        }
        for (name, text) in facts.runs.iter().flat_map(|(_, run)| &run.said.metrics) {
            let quantity = Quantity::parse(text);
            self.metrics.extend(quantity.map(|own| metric(name, own.value, own.unit.name())));
        }
    }
}

fn metric(name: &str, value: impl Into<Value>, unit: impl Serialize) -> Value {
    json!({ "name": name, "value": value.into(), "unit": unit })
}

fn entry(name: &str, service: &str, passed: bool, detail: Option<&str>) -> Value {
    let mut entry = json!({
        "name": name, "service": service, "status": if passed { "passed" } else { "failed" },
    });
    if let (Some(detail), Some(entry)) =
        (detail.filter(|text| !text.trim().is_empty()), entry.as_object_mut())
    {
        entry.insert("detail".to_owned(), json!(detail.trim()));
    }
    entry
}

/// Test cases as checks. A skipped one checked nothing, and counts for nothing.
fn cases(
    project: &Project,
    import: &Import,
    report: &junit::TestReport,
    list: &mut Vec<Value>,
    problems: &mut Vec<Problem>,
) {
    let services = &project.effective().policy.services;
    let counted: u64 = report.suites.iter().map(|suite| suite.total - suite.unwritten).sum();
    if counted > junit::MAX_KEPT as u64 {
        let message = format!(
            "{}: {counted} test cases are more than the {} that are read as checks",
            import.source,
            junit::MAX_KEPT
        );
        return problems.push(
            Problem::new(&import.source, message).help("let the hook report what it checks only"),
        );
    }
    for suite in &report.suites {
        let named = |name: &&String| services.contains(name);
        let own = import.service.as_ref().or(import.suite.as_ref().filter(named));
        let service = match (own, services.as_slice()) {
            (Some(service), _) => service,
            (None, [only]) => only,
            (None, _) if services.contains(&suite.name) => &suite.name,
            (None, _) => {
                problems.push(
                    Problem::new(
                        &import.source,
                        format!("suite {} does not say which service it checks", suite.name),
                    )
                    .help("say it: --junit SERVICE=FILE, or service: in the hook's reports"),
                );
                continue;
            }
        };
        for case in &suite.cases {
            let name = match &case.classname {
                Some(class) => format!("{class}::{}", case.name),
                None => case.name.clone(),
            };
            match case.outcome {
                junit::Outcome::Skipped => {}
                junit::Outcome::Passed => list.push(entry(&name, service, true, None)),
                junit::Outcome::Failed => {
                    list.push(entry(&name, service, false, case.message.as_deref()));
                }
            }
        }
    }
}
