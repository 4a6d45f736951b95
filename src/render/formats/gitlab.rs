//! GitLab's code quality report: an array of issues. Issues of equal fingerprints would be one.

use super::rows;
use crate::model::{Level, State};
use crate::render::{Report, json};
use serde_json::{Value, json};

/// The report.
pub(super) fn issues(report: &Report<'_>, prefix: &str) -> String {
    let rows = rows(report, prefix);
    let issue = |row: &super::Row<'_>| {
        let finding = row.finding;
        let severity = match (finding.level, finding.effect()) {
            (Level::Error, Some(State::Review)) => "critical",
            (Level::Error, _) => "major",
            (Level::Warning, _) => "minor",
            (Level::Note, _) => "info",
        };
        json!({
            "description": row.sentences.join("\n"),
            "check_name": format!("{} {}", finding.rule.code, finding.rule.name),
            "fingerprint": row.fingerprint,
            "severity": severity,
            "location": {
                "path": row.path,
                "lines": { "begin": row.position.map_or(1, |position| position.line) },
            },
        })
    };
    json::pretty(&Value::Array(rows.iter().map(issue).collect()))
}
