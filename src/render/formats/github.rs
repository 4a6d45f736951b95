//! Workflow commands of GitHub Actions: the annotations that a pull request shows.

use super::many::Trouble;
use super::{Row, place, rows};
use crate::model::Level;
use crate::render::{Report, clean};
use std::fmt::Write as _;

/// GitHub shows ten annotations of each level for a step: nine, and one that counts the rest.
pub(super) const SHOWN: usize = 9;

/// Annotations, worst first, and all findings as lines of the log.
pub(super) fn annotations(report: &Report<'_>, prefix: &str) -> String {
    let rows = rows(report, prefix);
    let mut out = String::new();
    for level in [Level::Error, Level::Warning, Level::Note] {
        let word = word(level);
        let of_level: Vec<&Row<'_>> =
            rows.iter().filter(|row| row.finding.level == level).collect();
        for row in of_level.iter().take(SHOWN) {
            out.push_str(&annotation(word, row));
        }
        if let Some(more) = of_level.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let _ = writeln!(out, "::{word} title=d3p::and {more} more: the log lists all");
        }
    }
    if !rows.is_empty() {
        let _ = writeln!(out, "::group::{} findings", rows.len());
        for row in &rows {
            let _ = writeln!(out, "{}", line(row));
        }
        out.push_str("::endgroup::\n");
    }
    let verdict = report.verdict.map_or(String::new(), |verdict| format!(": {verdict}"));
    let _ = writeln!(out, "d3p {}{verdict}", clean(&report.command));
    // A command of the old kind may stand anywhere in a line.
    out.replace("##[", "## [")
}

/// What GitHub calls a level.
pub(super) const fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    }
}

/// The annotation of what could not be judged.
pub(super) fn trouble(own: &Trouble) -> String {
    let (path, title) = (property(&own.path), property(&own.rule));
    let text =
        format!("::error file={path},line={},title={title}::{}\n", own.line, data(&own.message));
    text.replace("##[", "## [")
}

/// One annotation.
pub(super) fn annotation(word: &str, row: &Row<'_>) -> String {
    let finding = row.finding;
    let mut at = format!("file={}", property(&row.path));
    if let Some(position) = row.position {
        let _ = write!(at, ",line={},col={}", position.line, position.column);
    }
    let title = property(&format!("{} {}", finding.rule.code, finding.rule.name));
    let text = format!("::{word} {at},title={title}::{}\n", data(&row.sentences.join("\n")));
    // A command of the old kind may stand anywhere in a line.
    text.replace("##[", "## [")
}

/// A line of the log that is no command, whatever stands in it: a command begins its line, after
/// blanks.
pub(super) fn line(row: &Row<'_>) -> String {
    let finding = row.finding;
    let text = format!(
        "- {} {} {}: {}",
        finding.level,
        finding.rule.code,
        place(finding),
        row.sentences.join("; ")
    );
    text.replace("##[", "## [")
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&clean(text)).replace(':', "%3A").replace(',', "%2C")
}
