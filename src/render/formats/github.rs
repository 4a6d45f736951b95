//! Workflow commands of GitHub Actions: the annotations that a pull request shows.

use super::{Row, place, rows};
use crate::model::Level;
use crate::render::{Report, clean};
use std::fmt::Write as _;

/// GitHub shows ten annotations of each level for a step: nine, and one that counts the rest.
const SHOWN: usize = 9;

/// Annotations, worst first, and all findings as lines of the log.
pub(super) fn annotations(report: &Report<'_>, prefix: &str) -> String {
    let rows = rows(report, prefix);
    let mut out = String::new();
    for (level, word) in
        [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "notice")]
    {
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

fn annotation(word: &str, row: &Row<'_>) -> String {
    let finding = row.finding;
    let mut at = format!("file={}", property(&row.path));
    if let Some(position) = row.position {
        let _ = write!(at, ",line={},col={}", position.line, position.column);
    }
    let title = property(&format!("{} {}", finding.rule.code, finding.rule.name));
    format!("::{word} {at},title={title}::{}\n", data(&row.sentences.join("\n")))
}

/// A line of the log that is no command, whatever stands in it: a command begins its line, after
/// blanks.
fn line(row: &Row<'_>) -> String {
    let finding = row.finding;
    format!(
        "- {} {} {}: {}",
        finding.level,
        finding.rule.code,
        place(finding),
        row.sentences.join("; ")
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&clean(text)).replace(':', "%3A").replace(',', "%2C")
}
