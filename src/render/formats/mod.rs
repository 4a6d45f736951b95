//! Formats of the places where its users are: code scanning, test results, annotations, pages.
//!
//! Each shows every finding of the one report; what a place cannot hold is told in words.

mod github;
mod gitlab;
mod junit;
pub mod many;
mod markdown;
mod sarif;

pub use many::Sum;
pub use markdown::summary;
pub(in crate::render) use {markdown::text as escaped, sarif::uri};

use crate::decide::gate_of;
use crate::model::{Advice, Finding, Mark, Position, Sha256Digest};
use crate::project::Project;
use crate::render::json::{self, AuditView};
use crate::render::{Report, clean, html, ways};
use serde::Serialize;
use std::collections::BTreeMap;

/// A format of a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For people, at a terminal.
    Human,
    /// For programs: `schemas/check-report.v1.schema.json`.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML: a suite for each gate.
    Junit,
    /// Annotations of a GitHub workflow.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    /// A page for people.
    Markdown,
    /// A page for a browser and for paper.
    Html,
    /// A table, for spreadsheets; of lists of releases alone.
    Csv,
}

impl Format {
    /// All of them, and what each is for.
    pub const ALL: [(Self, &'static str, &'static str); 9] = [
        (Self::Human, "human", "for people"),
        (Self::Json, "json", "for programs; see `d3p schema check-report`"),
        (Self::Sarif, "sarif", "SARIF 2.1.0, for code scanning"),
        (Self::Junit, "junit", "JUnit XML, a suite for each gate"),
        (Self::Github, "github", "annotations of a workflow, and its summary"),
        (Self::Gitlab, "gitlab", "a code quality report"),
        (Self::Markdown, "markdown", "a page for people"),
        (Self::Html, "html", "one file for a browser and for paper, with charts"),
        (Self::Csv, "csv", "a table, for spreadsheets; of `population` alone"),
    ];

    /// The word for it on the command line.
    pub fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(format, ..)| *format == self);
        found.map_or("", |(_, word, _)| word)
    }

    /// What a file of this format begins with when d3p wrote it; nothing for what is no file.
    pub const fn openings(self) -> &'static [&'static str] {
        match self {
            Self::Json => &[json::OPENING, json::OPENING_OF_MANY],
            Self::Sarif => &[sarif::OPENING],
            Self::Junit => &[junit::OPENING],
            Self::Gitlab => {
                &["[]\n", "[\n]", "[\n{\"description\":", "[\n  {\n    \"description\": "]
            }
            Self::Markdown => &["# d3p "],
            Self::Html => &[html::OPENING],
            Self::Csv => &["directory,"],
            Self::Human | Self::Github => &[],
        }
    }
}

/// What stands beside the findings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// The next thing to do.
    pub next: Option<&'a Advice>,
    /// What only `verify` says.
    pub audit: Option<&'a AuditView>,
    /// How large the release is on disk.
    pub disk: Option<Disk>,
    /// Where the project lies in its repository, empty or ending in `/`: forges count from there.
    pub prefix: &'a str,
}

/// How much of a disk a release takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Disk {
    /// How many files it has.
    pub files: usize,
    /// How many bytes these are.
    pub bytes: u64,
}

/// A report as text of a format that is not for a terminal.
pub fn document(format: Format, report: &Report<'_>, beside: &Beside<'_>) -> String {
    match format {
        Format::Human | Format::Json | Format::Csv => json::report(report, beside),
        Format::Sarif => sarif::log(report, beside),
        Format::Junit => junit::suites(report),
        Format::Github => github::annotations(report, beside.prefix),
        Format::Gitlab => gitlab::issues(report, beside.prefix),
        Format::Markdown => markdown::page(report, beside, usize::MAX),
        Format::Html => html::page(report, beside),
    }
}

/// A finding with what forges ask of it.
struct Row<'a> {
    finding: &'a Finding,
    /// The file, from the root of the repository. A file that is not there has no line that a forge
    /// could show: the policy, which asks for it, stands for it.
    path: String,
    position: Option<&'a Position>,
    /// What is wrong and what to do, a line each.
    sentences: Vec<String>,
    /// Rule, path and pointer as a digest, and which of several it is: the same until it is mended,
    /// whatever moves its line.
    fingerprint: String,
}

fn rows<'a>(report: &Report<'a>, prefix: &str) -> Vec<Row<'a>> {
    let mut seen: BTreeMap<Sha256Digest, usize> = BTreeMap::new();
    let row = |finding: &&'a Finding| {
        let key = format!(
            "{}\0{prefix}{}\0{}",
            finding.rule.code,
            finding.location.path,
            pointer(finding).unwrap_or_default()
        );
        let digest = Sha256Digest::of(key.as_bytes());
        let count = seen.entry(digest).or_default();
        *count += 1;
        let there = report.project.present(&finding.location.path).is_some();
        let path = if there { finding.location.path.as_str() } else { POLICY };
        let mut sentences = sentences(finding);
        if !there && !sentences[0].contains(&finding.location.path) {
            sentences[0] = format!("{}: {}", clean(&finding.location.path), sentences[0]);
        }
        Row {
            finding,
            sentences,
            path: format!("{prefix}{path}"),
            position: finding.resolved.as_ref().filter(|_| there).map(|(position, _)| position),
            fingerprint: format!("{}:{count}", &digest.to_string()[..32]),
        }
    };
    report.findings.iter().map(row).collect()
}

/// What demands everything that is missing.
const POLICY: &str = "d3p.yaml";

fn pointer(finding: &Finding) -> Option<&str> {
    match &finding.location.mark {
        Mark::Pointer(pointer) | Mark::Key(pointer) => Some(pointer),
        Mark::File | Mark::Span { .. } => None,
    }
}

/// The finding's own place, `path:line:column` or `path#pointer`.
fn place(finding: &Finding) -> String {
    let path = clean(&finding.location.path);
    match (&finding.resolved, pointer(finding)) {
        (Some((at, _)), _) => format!("{path}:{}:{}", at.line, at.column),
        (None, Some(pointer)) if !pointer.is_empty() => format!("{path}#{}", clean(pointer)),
        _ => path.into_owned(),
    }
}

/// What is wrong and what to do, a line each.
fn sentences(finding: &Finding) -> Vec<String> {
    let mut lines = vec![clean(&finding.message).into_owned()];
    match &finding.waived {
        Some(how) => lines.push(format!("waived: {}", clean(how))),
        None => lines.extend(
            finding.advice.iter().flat_map(ways).map(|way| format!("help: {}", clean(&way))),
        ),
    }
    lines
}

/// The gate at which a finding counts: its id, or `release` for what every gate rests on.
fn suite<'a>(project: &'a Project, finding: &Finding) -> &'a str {
    gate_of(project, &finding.piece).unwrap_or("release")
}
