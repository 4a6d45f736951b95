//! The ledger: one JSON object a line, only ever added to.
//!
//! Each line names, in `heads`, the digests of all lines that no earlier line had named. So the
//! lines form a DAG: two branches merged by git's union driver are legal, and the next line joins
//! them. The line of a pass is written last and commits the change.

use crate::model::{Sha256Digest, Stamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Most unreadable lines that are told of one by one.
const MOST_FAULTS: usize = 20;

/// What a line tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// A gate was computed to pass, and its record written.
    GatePassed,
    /// A gate was computed not to pass.
    GateRefused,
    /// A person's decision was recorded.
    Recorded,
    /// A hook begins to run; the line's id is the run's.
    Began,
    /// A hook was run, and its record written.
    Ran,
    /// A release was closed.
    Archived,
}

/// A file and its digest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDigest {
    /// Path from the project's root.
    pub path: String,
    /// Lower-case SHA-256.
    pub sha256: String,
}

/// The record that a pass wrote.
pub type RecordRef = FileDigest;

/// One line of the ledger, as written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Sixteen random hexadecimal digits.
    pub id: String,
    /// When, by the writer's clock (a claim).
    pub at: String,
    /// Who ran the command (a claim).
    pub actor: String,
    /// What happened.
    pub kind: EntryKind,
    /// Release version and attempt, `v1.4.0+1`.
    pub release: String,
    /// Full id of the commit that a person decided on, for decisions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The gate, for gate lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// The record of a pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordRef>,
    /// Codes of the rules that refused, or the reason given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Other files that the line is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub digests: Vec<FileDigest>,
    /// Digests of all lines that no earlier line had named.
    pub heads: Vec<String>,
}

impl Entry {
    /// Whether a decision that it names is about `commit`, in whatever attempt at `version`. Where it
    /// does not say, it may be.
    pub fn is_about(&self, version: &str, commit: &str) -> bool {
        let own = self.release.rsplit_once('+').map_or(self.release.as_str(), |(own, _)| own);
        own == version && self.commit.as_deref().is_none_or(|own| own == commit)
    }

    /// The decision that it names, if it does.
    pub fn decided(&self) -> Option<Decided<'_>> {
        let named = |file: &&FileDigest| file.path.ends_with(super::DECISIONS);
        let statement = self.digests.iter().find(named)?.sha256.as_str();
        let (decision, person) = self.reason.as_deref()?.split_once(" by ")?;
        (self.kind == EntryKind::Recorded).then_some(Decided { decision, person, statement })
    }

    /// The line without its newline.
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).expect("an entry has only strings")
    }
}

/// A decision that a line names, whatever the path of its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decided<'a> {
    /// What was decided, `GO`.
    pub decision: &'a str,
    /// Full name of the person.
    pub person: &'a str,
    /// SHA-256 of the exact text.
    pub statement: &'a str,
}

/// A parsed line and where it stands.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it says.
    pub entry: Entry,
    /// When, parsed.
    pub at: Stamp,
    /// SHA-256 of the line's bytes without its newline.
    pub digest: Sha256Digest,
    /// Its bytes in the file.
    pub range: Range<usize>,
}

/// The ledger and what is wrong with its lines.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Readable lines, in file order, none of them twice.
    pub lines: Vec<Line>,
    /// Their places, by digest.
    places: BTreeMap<Sha256Digest, usize>,
    /// The first unreadable lines: where and why.
    pub malformed: Vec<(Range<usize>, String)>,
    /// How many more there are.
    pub more_malformed: usize,
    /// Whether the last line lacks its newline: a write was cut short.
    pub cut: bool,
}

impl Ledger {
    /// Reads all lines; what cannot be read is listed, never skipped in silence.
    ///
    /// `strict` parses one line as JSON and refuses duplicate keys and the like.
    pub fn parse(text: &str, strict: impl Fn(&str) -> Result<serde_json::Value, String>) -> Self {
        let mut ledger = Self { cut: !text.is_empty() && !text.ends_with('\n'), ..Self::default() };
        let mut start = 0;
        for piece in text.split_inclusive('\n') {
            let line = piece.strip_suffix('\n').unwrap_or(piece);
            let range = start..start + line.len();
            start += piece.len();
            let digest = Sha256Digest::of(line.as_bytes());
            let parsed = match ledger.places.contains_key(&digest) {
                // An old pass that is written once more is no new one.
                true => Err("the line stands there before".to_owned()),
                false => Self::parse_line(line, &strict),
            };
            match parsed {
                Ok((entry, at)) => {
                    ledger.places.insert(digest, ledger.lines.len());
                    ledger.lines.push(Line { entry, at, digest, range });
                }
                Err(_) if ledger.malformed.len() >= MOST_FAULTS => ledger.more_malformed += 1,
                Err(reason) => ledger.malformed.push((range, reason)),
            }
        }
        ledger
    }

    fn parse_line(
        line: &str,
        strict: &impl Fn(&str) -> Result<serde_json::Value, String>,
    ) -> Result<(Entry, Stamp), String> {
        let value = strict(line)?;
        let entry: Entry = serde_json::from_value(value).map_err(|error| error.to_string())?;
        if entry.to_line() != line {
            return Err("the line is not in the form d3p writes".to_owned());
        }
        let at = Stamp::parse(&entry.at).map_err(|error| format!("`at`: {error}"))?;
        Ok((entry, at))
    }

    /// Digests of all lines that no line names, in file order: what the next line must name.
    pub fn heads(&self) -> Vec<Sha256Digest> {
        let named: BTreeSet<Sha256Digest> = self
            .lines
            .iter()
            .flat_map(|line| &line.entry.heads)
            .filter_map(|head| Sha256Digest::parse(head))
            .collect();
        let mut heads: Vec<Sha256Digest> = Vec::new();
        for line in &self.lines {
            if !named.contains(&line.digest) && !heads.contains(&line.digest) {
                heads.push(line.digest);
            }
        }
        heads
    }

    /// Whether a line names the decision with this digest.
    pub fn names_decision(&self, statement: &str) -> bool {
        let mut decided = self.lines.iter().filter_map(|line| line.entry.decided());
        decided.any(|decided| decided.statement == statement)
    }

    /// The last pass of `gate`, if any.
    pub fn last_pass(&self, gate: &str) -> Option<&Line> {
        self.lines.iter().rev().find(|line| {
            line.entry.kind == EntryKind::GatePassed && line.entry.gate.as_deref() == Some(gate)
        })
    }

    /// The line with this digest.
    pub fn line(&self, digest: &str) -> Option<&Line> {
        self.place(digest).map(|place| &self.lines[place])
    }

    /// Its place in `lines`.
    pub fn place(&self, digest: &str) -> Option<usize> {
        self.places.get(&Sha256Digest::parse(digest)?).copied()
    }
}
