//! GitLab's code quality report: an array of issues. Issues of equal fingerprints would be one.

use super::many::Trouble;
use super::{Row, rows};
use crate::model::{Level, State};
use crate::render::{Report, json};
use serde_json::{Value, json};

/// The report.
pub(super) fn issues(report: &Report<'_>, prefix: &str) -> String {
    json::pretty(&Value::Array(rows(report, prefix).iter().map(issue).collect()))
}

/// One issue.
pub(super) fn issue(row: &Row<'_>) -> Value {
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
}

/// One of what could not be judged.
pub(super) fn trouble(own: &Trouble) -> Value {
    json!({
        "description": own.message,
        "check_name": own.rule,
        "fingerprint": own.fingerprint,
        "severity": "blocker",
        "location": { "path": own.path, "lines": { "begin": own.line } },
    })
}
