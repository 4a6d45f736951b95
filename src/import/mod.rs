//! Readers of reports that other tools wrote: JUnit XML, SARIF, Prometheus text, and our own small
//! formats for performance, health checks and the markers in a hook's output.
//!
//! Text goes in, typed values or an [`ImportError`] come out. There is no input, output or clock
//! here but a [`Source`]. Every reader is total (no panic on any text) and bounded in depth; test
//! reports and scans are read piece by piece, so that their size costs next to no memory. What a
//! report claims about itself is never taken where it can be counted.

pub mod alert_rules;
pub mod checks;
pub mod copy;
pub mod engine;
mod input;
mod json;
pub mod junit;
pub mod markers;
pub mod performance;
pub mod prometheus;
pub mod promtool;
pub mod sarif;
mod source;
mod stream;
mod told_time;
mod xml;

pub use input::{Imported, ReportInput};
pub use source::Source;
pub use told_time::ToldTime;

use crate::model::Position;
use crate::text;
use std::fmt;
use std::io::Read as _;

/// Most characters that are kept of one message of a report: the report itself stays cited.
const LONGEST: usize = 1000;

/// Why a report was not read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportError {
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// How to mend it, or what would be right.
    pub help: Option<String>,
    /// Line and column in the report, both from 1, where there is a place. A byte order mark at
    /// the start counts for nothing.
    pub position: Option<Position>,
}

impl ImportError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, position: None }
    }

    /// An error at the byte at `offset` of `text`.
    fn at(text: &str, offset: usize, message: impl Into<String>) -> Self {
        Self { position: Some(text::position(text, offset)), ..Self::new(message) }
    }

    #[must_use]
    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Position { line, column }) = self.position {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ImportError {}

/// Most doubts that are told of one report, each by itself.
const MAX_DOUBTS: usize = 20;

/// What a report leaves open, while it is read: the same is told once, with how often it is so.
#[derive(Default)]
struct Doubts(Vec<(String, u64)>, u64);

impl Doubts {
    /// Adds a sentence.
    fn add(&mut self, doubt: String) {
        match self.0.len() < MAX_DOUBTS {
            true => self.0.push((doubt, 1)),
            false => self.1 += 1,
        }
    }

    /// Adds what may be so of several things; `{n}` stands for how many.
    fn count(&mut self, doubt: String) {
        match self.0.iter_mut().find(|(told, _)| *told == doubt) {
            Some((_, number)) => *number += 1,
            None => self.add(doubt),
        }
    }

    /// All of them, in the order of the report.
    fn told(self) -> Vec<String> {
        let number = |number: u64| match number {
            1 => "1 place".to_owned(),
            number => format!("{number} places"),
        };
        let more =
            (self.1 > 0).then(|| format!("and there is more of this, in {}", number(self.1)));
        let told = self.0.into_iter().map(|(doubt, n)| doubt.replace("{n}", &number(n)));
        told.chain(more).collect()
    }
}

/// Decodes the bytes of a report: UTF-8, without NUL.
///
/// Unlike evidence, a report may start with a UTF-8 byte order mark: tools of the .NET world write
/// one, and nobody can ask them not to. The readers skip it.
///
/// # Errors
/// What is not UTF-8, and where.
pub fn decode(bytes: Vec<u8>) -> Result<String, ImportError> {
    let marked = bytes.starts_with(b"\xef\xbb\xbf");
    let bytes = if marked { bytes[3..].to_vec() } else { bytes };
    text::decode(bytes).map_err(|fault| {
        let error = ImportError::new(fault.message);
        error.help("let the tool write its report as UTF-8, or convert it with iconv")
    })
}

/// The whole text in `source`, without a byte order mark.
///
/// # Errors
/// What is not UTF-8, and where; what cannot be read.
pub fn read_text(source: &dyn Source) -> Result<String, ImportError> {
    let mut text = String::new();
    let read = source::text_of(source)?.read_to_string(&mut text);
    read.map(|_| text).map_err(|error| source::unreadable(&error))
}

/// `text` without a byte order mark at its start.
fn unmarked(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The beginning of `text`, trimmed, as it is kept of a message; `None` when it is blank.
fn shortened(text: &str) -> Option<String> {
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        _ if text.is_empty() => None,
        Some((end, _)) => Some(format!("{}…", &text[..end])),
        None => Some(text.to_owned()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_skipped_and_what_is_no_text_is_named() {
        assert_eq!(decode(b"\xef\xbb\xbf<a/>".to_vec()).unwrap(), "<a/>");
        assert_eq!(decode(b"<a/>".to_vec()).unwrap(), "<a/>");
        let message = |bytes: &[u8]| decode(bytes.to_vec()).unwrap_err().message;
        assert!(message(b"\xff\xfe<\0").contains("UTF-16"));
        assert!(message(b"\xef\xbb\xbf\xef\xbb\xbf").contains("byte order mark"));
        assert_eq!(message(b"a\nb\0"), "byte 3, in line 2, is NUL");
        assert_eq!(message(b"caf\xe9"), "byte 3, in line 1, is not UTF-8");
    }

    #[test]
    fn messages_are_cut_between_characters() {
        assert_eq!(shortened(" \n\t"), None);
        assert_eq!(shortened(" a "), Some("a".to_owned()));
        let long = "é".repeat(LONGEST + 1);
        assert_eq!(shortened(&long).unwrap().chars().count(), LONGEST + 1);
        assert_eq!(shortened(&long[2..]).unwrap(), long[2..]);
    }
}
