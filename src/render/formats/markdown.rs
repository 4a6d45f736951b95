//! A page in Markdown, for job summaries, comments and wikis.

use super::{Beside, place};
use crate::model::{Finding, Level};
use crate::render::{Report, banner, clean, tally, waived, way, ways};
use std::fmt::Write as _;

/// GitHub takes a job summary of less than a mebibyte.
const SUMMARY: usize = 900_000;

/// The page, cut to what a job summary holds; a cut is told.
pub fn summary(report: &Report<'_>, beside: &Beside<'_>) -> String {
    page(report, beside, SUMMARY)
}

/// The page, of at most about `limit` bytes.
pub(super) fn page(report: &Report<'_>, beside: &Beside<'_>, limit: usize) -> String {
    let mut out = String::new();
    let verdict = report.verdict.map_or(String::new(), |verdict| format!(": {verdict}"));
    let _ = writeln!(out, "# d3p {}{verdict}\n", text(&report.command));
    for line in banner(report.project).lines().chain(waived(&report.assessment.waivers).lines()) {
        let _ = writeln!(out, "{}  ", text(line));
    }
    let _ = writeln!(out, "\n**{}**, judged {}\n", tally(&report.findings), report.now);
    if let Some(audit) = beside.audit {
        let _ = writeln!(out, "{}\n", text(&audit.trust));
    }
    out.push_str("| Gate | Verdict | Valid |\n|---|---|---|\n");
    for gate in &report.assessment.gates {
        let valid = if gate.is_valid() { "yes" } else { "no" };
        let _ = writeln!(
            out,
            "| {} {} | {} | {valid} |",
            gate.number,
            text(&gate.id),
            text(gate.verdict.word())
        );
    }
    let mut left_out = 0;
    for (level, title) in
        [(Level::Error, "Errors"), (Level::Warning, "Warnings"), (Level::Note, "Notes")]
    {
        let of_level: Vec<&&Finding> =
            report.findings.iter().filter(|finding| finding.level == level).collect();
        if of_level.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n## {title} ({})\n", of_level.len());
        for finding in of_level {
            let item = item(finding);
            if out.len() + item.len() > limit {
                left_out += 1;
            } else {
                out.push_str(&item);
            }
        }
    }
    if left_out > 0 {
        let _ = writeln!(
            out,
            "\n{left_out} more findings do not fit on this page: `d3p {}` lists all",
            report.command.replace('`', "'")
        );
    }
    if let Some(next) = beside.next {
        let _ = writeln!(out, "\nNext: {}\n\nWhy: {}", code(&way(next)), text(&next.why));
    }
    if let Some(audit) = beside.audit {
        out.push_str("\n## This cannot exclude\n\n");
        for line in &audit.cannot_exclude {
            let _ = writeln!(out, "- {}", text(line));
        }
    }
    out
}

fn item(finding: &Finding) -> String {
    let mut out = format!(
        "- **{} {}** {}: {}\n",
        finding.rule.code,
        finding.rule.name,
        code(&place(finding)),
        text(&finding.message)
    );
    match &finding.waived {
        Some(how) => {
            let _ = writeln!(out, "  - waived {}", text(how));
        }
        None => {
            for way in finding.advice.iter().flat_map(ways) {
                let _ = writeln!(out, "  - {}", code(&way));
            }
        }
    }
    out
}

/// Text that stays text: no markup, mention or link of a hostile file comes to life.
pub(in crate::render) fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in clean(words).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '!' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.replace("://", ":&#47;/").replace("www.", "www&#46;")
}

/// A code span; backticks in it make its marks longer (CommonMark 6.1).
pub(super) fn code(words: &str) -> String {
    let words = clean(words);
    let mut longest = 0;
    let mut run = 0;
    for c in words.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let marks = "`".repeat(longest + 1);
    let pad = if words.starts_with('`') || words.ends_with('`') { " " } else { "" };
    format!("{marks}{pad}{words}{pad}{marks}")
}
