//! The ledger: one JSON object a line, only ever added to.
//!
//! Each line names, in `heads`, the digests of all lines that no earlier line had named. So the
//! lines form a DAG: two branches merged by git's union driver are legal, and the next line joins
//! them. The line of a pass is written last and commits the change.

use super::{Decided, Entry, EntryKind};
use crate::model::{Reason, Sha256Digest, Stamp};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Most lines of a ledger in which the same is wrong that are told of one by one.
pub const MOST_FAULTS: usize = 20;

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
    pub fn parse(text: &str, strict: impl Fn(&str) -> Result<serde_json::Value, Reason>) -> Self {
        let mut ledger = Self { cut: !text.is_empty() && !text.ends_with('\n'), ..Self::default() };
        let mut start = 0;
        for piece in text.split_inclusive('\n') {
            let line = piece.strip_suffix('\n').unwrap_or(piece);
            let range = start..start + line.len();
            start += piece.len();
            let digest = Sha256Digest::of(line.as_bytes());
            let parsed = match ledger.places.contains_key(&digest) {
                // An old pass that is written once more is no new one.
                true => Err("the line stands there before".into()),
                false => Self::parse_line(line, &strict),
            };
            match parsed {
                Ok((entry, at)) => {
                    ledger.places.insert(digest, ledger.lines.len());
                    ledger.lines.push(Line { entry, at, digest, range });
                }
                Err(_) if ledger.malformed.len() >= MOST_FAULTS => ledger.more_malformed += 1,
                Err(reason) => ledger.malformed.push((range, reason.into_text())),
            }
        }
        ledger
    }

    fn parse_line(
        line: &str,
        strict: &impl Fn(&str) -> Result<serde_json::Value, Reason>,
    ) -> Result<(Entry, Stamp), Reason> {
        let value = strict(line)?;
        let entry: Entry = serde_json::from_value(value).map_err(|error| error.to_string())?;
        if entry.to_line() != line {
            return Err("the line is not in the form d3p writes".into());
        }
        if let Some(lacking) = entry.lacking() {
            return Err(format!("the line lacks `{lacking}`, which a line of its kind has").into());
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
        let digests = self.lines.iter().map(|line| line.digest);
        digests.filter(|digest| !named.contains(digest)).collect()
    }

    /// Whether a line names the decision with this digest.
    pub fn names_decision(&self, statement: &str) -> bool {
        self.decisions().any(|(_, decided)| decided.statement == statement)
    }

    /// The lines that name a decision, and what each decided.
    pub fn decisions(&self) -> impl Iterator<Item = (&Line, &Decided)> {
        self.lines.iter().filter_map(|line| Some((line, line.entry.decided.as_ref()?)))
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
