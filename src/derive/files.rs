//! Files that are kept by digest, and what tests say of those that hold rules of alerts (OPS-4d).

use crate::definition::{EvidenceDef, FilesKind, ReportFormat};
use crate::derive::reading::{Doubt, left_open, read_all};
use crate::derive::validation::count;
use crate::derive::{Derived, Facts, Problem, deployment};
use crate::import::alert_rules::{self, RuleFile};
use crate::import::{ReportInput, promtool};
use crate::project::{Project, glob};
use crate::record::Import;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn derive(
    project: &Project,
    def: &EvidenceDef,
    facts: &Facts<'_>,
) -> Result<Derived, Vec<Problem>> {
    let mut derived = Derived::default();
    if facts.is_empty() {
        return Ok(derived);
    }
    let mut problems = unknown_parts(def, facts);
    if !facts.runs.is_empty() {
        derived.members.insert("commands".to_owned(), deployment::commands(facts));
    }
    let mut kept = Map::new();
    for (id, part) in &def.parts {
        let files: Vec<(&Import, ReportInput<'_>)> =
            facts.of(ReportFormat::File).filter(|(own, _)| own.name.as_ref() == Some(id)).collect();
        match part.files {
            Some(FilesKind::AlertRules) => {
                let mut tested =
                    Tested { project, def, doubts: &mut derived.doubts, problems: &mut problems };
                let (members, told) = tested.alerts(&files, facts);
                derived.members.extend(members);
                derived.told.extend(told);
            }
            Some(FilesKind::Kept | FilesKind::Changed) if !files.is_empty() => {
                let unread = files.iter().filter_map(|(import, _)| {
                    let message = format!("{}: {}", import.source, import.unread.as_ref()?);
                    Some(Problem::new(&import.source, message))
                });
                problems.extend(unread);
                let list = files
                    .iter()
                    .map(|(import, _)| json!({ "file": import.source, "sha256": import.sha256 }));
                let list: Vec<Value> = list.collect();
                derived.told.push(format!("{id}: {}", count(list.len() as u64, "file")));
                kept.insert(id.clone(), Value::Array(list));
            }
            Some(FilesKind::Kept | FilesKind::Changed) | None => {}
        }
    }
    if !kept.is_empty() {
        derived.members.insert("files".to_owned(), Value::Object(kept));
    }
    if problems.is_empty() { Ok(derived) } else { Err(problems) }
}

/// Files that are said to show nothing of this evidence.
fn unknown_parts(def: &EvidenceDef, facts: &Facts<'_>) -> Vec<Problem> {
    let known: Vec<&str> = def
        .parts
        .iter()
        .filter(|(_, part)| part.files.is_some())
        .map(|(id, _)| id.as_str())
        .collect();
    let files = facts.of(ReportFormat::File);
    let strange =
        files.filter(|(own, _)| !own.name.as_deref().is_some_and(|id| known.contains(&id)));
    let problem = |(import, _): (&Import, ReportInput<'_>)| {
        let message = match &import.name {
            Some(name) => format!("{} is said to show `{name}`, which is no part", import.source),
            None => format!("{} is not said to show anything", import.source),
        };
        let parts = known.join(", ");
        Problem::new(&import.source, message).help(format!("name its part: {parts}"))
    };
    strange.map(problem).collect()
}

/// A file of tests, and what it came to.
#[derive(Default)]
struct Suite {
    total: u64,
    passed: u64,
    failed: u64,
}

/// Judges rules by the reports of their tests.
struct Tested<'d> {
    project: &'d Project,
    def: &'d EvidenceDef,
    doubts: &'d mut Vec<Doubt>,
    problems: &'d mut Vec<Problem>,
}

impl Tested<'_> {
    fn alerts(
        &mut self,
        files: &[(&Import, ReportInput<'_>)],
        facts: &Facts<'_>,
    ) -> (Map<String, Value>, Vec<String>) {
        let read = self.read(files);
        let suites = self.suites(&read, facts);
        let fires = self.fires(&read, &suites);
        let (mut rules, mut total, mut tested) = (Vec::new(), 0, 0);
        for (import, own) in &read {
            let RuleFile::Rules { alerts, recordings } = own else { continue };
            for alert in alerts {
                total += 1;
                if fires.contains(&(import.source.as_str(), alert.as_str())) {
                    tested += 1;
                } else {
                    let message = format!("no test that ran lets the alert {alert} fire");
                    self.doubts.push(Doubt::new(import, &message));
                }
            }
            rules.push(json!({
                "file": import.source, "sha256": import.sha256, "alerts": alerts.len(),
                "recordings": recordings,
            }));
        }
        let sum = |pick: fn(&Suite) -> u64| suites.values().map(pick).sum::<u64>();
        let told = format!(
            "alerts: {} in {}, {tested} of them tested; {}: {} passed, {} failed",
            count(total, "alert"),
            count(rules.len() as u64, "file"),
            count(sum(|own| own.total), "test"),
            sum(|own| own.passed),
            sum(|own| own.failed),
        );
        let members = [
            ("rules", Value::Array(rules)),
            ("rule_tests", each_suite(&read, &suites)),
            ("tests", all_suites(&suites)),
            ("alerts", json!({ "total": total, "tested": tested })),
        ];
        let members = members.into_iter().map(|(key, value)| (key.to_owned(), value));
        (members.collect(), vec![told])
    }

    /// The alerts that a test lets fire which ran: the file of their rules, and their name.
    fn fires<'f>(
        &mut self,
        read: &'f [(&'f Import, RuleFile)],
        suites: &BTreeMap<String, Suite>,
    ) -> BTreeSet<(&'f str, &'f str)> {
        let mut fires: BTreeSet<(&str, &str)> = BTreeSet::new();
        for (test, own) in read.iter().filter(|(test, _)| suites.contains_key(test.source.as_str()))
        {
            let RuleFile::Tests { rule_files, fires: names, .. } = own else { continue };
            for pattern in rule_files {
                let of = rules_of(read, &test.source, pattern);
                if of.is_empty() {
                    let message =
                        format!("{} tests {pattern}, which is not among the files", test.source);
                    self.problems.push(
                        Problem::new(&test.source, message).help("name the file of its rules, too"),
                    );
                }
                fires.extend(of.iter().flat_map(|rules| {
                    names.iter().map(|name| (rules.source.as_str(), name.as_str()))
                }));
            }
        }
        fires
    }

    /// The files that hold rules or tests.
    fn read<'f>(&mut self, files: &[(&'f Import, ReportInput<'_>)]) -> Vec<(&'f Import, RuleFile)> {
        let mut read = Vec::new();
        for (import, input) in files {
            match (&import.unread, input.text().and_then(alert_rules::parse)) {
                (None, Ok(own)) => read.push((*import, own)),
                (None, Err(error)) => {
                    self.problems.push(super::validation::unreadable(import, &error));
                }
                (Some(why), _) => {
                    let message = format!("{}: {why}", import.source);
                    self.problems.push(Problem::new(&import.source, message));
                }
            }
        }
        read
    }

    /// What reports say of each file of tests: the report, the file, its tests where they are counted,
    /// and whether it passed.
    fn told<'f>(&mut self, facts: &'f Facts<'_>) -> Vec<(&'f Import, String, Option<Suite>, bool)> {
        let mut told = Vec::new();
        match read_all(
            facts,
            ReportFormat::Promtool,
            |own| promtool::parse(own.text()?),
            self.doubts,
        ) {
            Ok(reports) => told.extend(reports.into_iter().flat_map(|(import, files)| {
                files.into_iter().map(move |file| (import, file.path, None, file.passed))
            })),
            Err(wrong) => self.problems.extend(wrong),
        }
        match read_all(facts, ReportFormat::Junit, ReportInput::tests, self.doubts) {
            Ok(reports) => {
                for (import, report) in reports {
                    self.doubts.extend(left_open(
                        (self.project, self.def, facts),
                        import,
                        &report.doubts,
                        report.told_time,
                    ));
                    told.extend(report.suites.iter().map(|own| {
                        let suite =
                            Suite { total: own.total, passed: own.passed, failed: own.failed };
                        (import, own.name.clone(), Some(suite), own.failed == 0)
                    }));
                }
            }
            Err(wrong) => self.problems.extend(wrong),
        }
        told
    }

    /// What each file of tests came to, by where it lies. What is not among the files cannot be counted.
    fn suites(
        &mut self,
        read: &[(&Import, RuleFile)],
        facts: &Facts<'_>,
    ) -> BTreeMap<String, Suite> {
        let told = self.told(facts);
        let mut suites = BTreeMap::new();
        for (import, path, counted, passed) in told {
            let file = read.iter().find_map(|(own, file)| match file {
                RuleFile::Tests { groups, .. } if is_same(&own.source, &path) => {
                    Some((own, *groups))
                }
                _ => None,
            });
            let Some((file, groups)) = file else {
                let message = format!(
                    "{} tells of {path}, which is not among the files: nobody can count its tests",
                    import.source
                );
                let help = "name the file of tests, too";
                self.problems.push(Problem::new(&import.source, message).help(help));
                continue;
            };
            // The text says of a file that it failed, and not how many of its tests did.
            let own = counted.unwrap_or(match passed {
                true => Suite { total: groups, passed: groups, failed: 0 },
                false => Suite { total: groups.max(1), passed: 0, failed: groups.max(1) },
            });
            if own.total < groups {
                let message = format!("{path} has {groups} tests, and {} are told of", own.total);
                self.doubts.push(Doubt::new(import, &message));
            }
            if suites.insert(file.source.clone(), own).is_some() {
                let message = format!("{path} is told of twice");
                self.problems.push(
                    Problem::new(&import.source, message).help("name one report of each file"),
                );
            }
        }
        suites
    }
}

/// Each file of tests, and what it came to.
fn each_suite(read: &[(&Import, RuleFile)], suites: &BTreeMap<String, Suite>) -> Value {
    let list = suites.iter().map(|(source, suite)| {
        let file = read.iter().find(|(own, _)| own.source == *source);
        let sha256 = file.map(|(own, _)| own.sha256.as_str());
        let Suite { total, passed, failed } = suite;
        json!({ "file": source, "sha256": sha256, "total": total, "passed": passed, "failed": failed })
    });
    list.collect()
}

/// All tests together.
fn all_suites(suites: &BTreeMap<String, Suite>) -> Value {
    let sum = |pick: fn(&Suite) -> u64| suites.values().map(pick).sum::<u64>();
    json!({
        "total": sum(|own| own.total), "passed": sum(|own| own.passed),
        "failed": sum(|own| own.failed),
    })
}

/// Whether a report's path is that of a file: the tool may have run in a directory of its own.
fn is_same(source: &str, told: &str) -> bool {
    let told = told.trim_start_matches("./");
    source == told || source.ends_with(&format!("/{told}")) || told.ends_with(&format!("/{source}"))
}

/// The files of rules that a pattern means, from where its file of tests lies.
fn rules_of<'f>(read: &[(&'f Import, RuleFile)], test: &str, pattern: &str) -> Vec<&'f Import> {
    let here = test.rsplit_once('/').map_or("", |(dir, _)| dir);
    let mut parts: Vec<&str> = here.split('/').filter(|part| !part.is_empty()).collect();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let Some(glob) = glob(&parts.join("/")) else { return Vec::new() };
    let rules = read.iter().filter(|(_, own)| matches!(own, RuleFile::Rules { .. }));
    rules.filter(|(own, _)| glob.is_match(&own.source)).map(|(own, _)| *own).collect()
}
