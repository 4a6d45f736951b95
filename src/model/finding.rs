//! A finding: what is wrong, where, why it matters, and the way out.

use crate::model::{Advice, Piece, Rule, Sha256Digest, State};
use std::fmt;
use std::ops::Range;

/// How much a finding weighs (SARIF `level`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Level {
    /// For information.
    Note,
    /// Should be looked at; never blocks and never changes an exit code.
    Warning,
    /// Blocks.
    Error,
}

impl Level {
    /// The SARIF word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// A place in the text of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters (not bytes).
    pub column: usize,
}

/// How a rule names a place without counting bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Mark {
    /// The file as a whole.
    File,
    /// The value at a JSON pointer (RFC 6901), in JSON, YAML or front matter.
    Pointer(String),
    /// The key of the value at a JSON pointer.
    Key(String),
    /// Byte range in the file's text.
    Span {
        /// First byte.
        start: usize,
        /// Byte after the last.
        end: usize,
    },
}

impl From<Range<usize>> for Mark {
    fn from(range: Range<usize>) -> Self {
        Self::Span { start: range.start, end: range.end }
    }
}

/// A file and a place in it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Location {
    /// Path relative to the project, with `/`.
    pub path: String,
    /// The place in it.
    pub mark: Mark,
}

impl Location {
    /// The file as a whole.
    pub fn file(path: impl Into<String>) -> Self {
        Self { path: path.into(), mark: Mark::File }
    }

    /// The value at a JSON pointer.
    pub fn pointer(path: impl Into<String>, pointer: impl Into<String>) -> Self {
        Self { path: path.into(), mark: Mark::Pointer(pointer.into()) }
    }

    /// The key of the value at a JSON pointer.
    pub fn key(path: impl Into<String>, pointer: impl Into<String>) -> Self {
        Self { path: path.into(), mark: Mark::Key(pointer.into()) }
    }

    /// Whether it is the value at `pointer`, or within it.
    pub fn is_within(&self, pointer: &str) -> bool {
        match &self.mark {
            Mark::Pointer(own) | Mark::Key(own) => own
                .strip_prefix(pointer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            Mark::File | Mark::Span { .. } => false,
        }
    }

    /// A byte range.
    pub fn span(path: impl Into<String>, range: Range<usize>) -> Self {
        Self { path: path.into(), mark: range.into() }
    }
}

/// Another place that a finding is about: the line of the policy that decided, the earlier record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    /// Where.
    pub location: Location,
    /// What it has to do with the finding.
    pub message: String,
    /// Line, column and byte range, where the file can be read.
    pub resolved: Option<(Position, Range<usize>)>,
}

/// The finding that another one comes of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cause {
    /// Code of its rule.
    pub rule: &'static str,
    /// The file that it is in.
    pub path: String,
    /// What it says.
    pub message: String,
    /// What it makes of what it is about, with everything else that this finding comes of.
    pub state: Option<State>,
}

/// A number that is the worse the larger it is, so that one which is measured anew can be told to be no
/// worse.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Measured {
    /// What it is a number of, with what it was held against.
    pub of: String,
    /// How bad it is.
    pub thousandths: i64,
}

/// One fault in the user's files.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// What it is about.
    pub piece: Piece,
    /// How much it weighs.
    pub level: Level,
    /// What it makes of the piece's state; `None` leaves the state alone.
    pub state: Option<State>,
    /// What was measured, where it is a number that is the worse the larger it is.
    pub measured: Option<Measured>,
    /// What the number at its place counts, by digest: another set of as many is another finding.
    pub counted: Option<Sha256Digest>,
    /// Until when, by whom and why it may stand; such a finding blocks nothing.
    pub waived: Option<String>,
    /// Where; every finding has a place, a missing file its path.
    pub location: Location,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// What the place itself is labelled with, when that says more than the message.
    pub label: Option<String>,
    /// The member, key or setting that is wrong, as the file calls it.
    pub field: Option<String>,
    /// What was expected, in words or as a value.
    pub expected: Option<String>,
    /// What was found instead.
    pub found: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// What mends it.
    pub advice: Option<Advice>,
    /// The pieces that it would not have been found without: what is wrong with them is its cause.
    pub follows: Vec<Piece>,
    /// The finding that it comes of, filled in after all rules ran; with that one mended it is gone.
    pub cause: Option<Cause>,
    /// Clauses of the piece or section, where they say more than the rule's own.
    pub clauses: Vec<String>,
    /// Line, column and byte range, filled in after all rules ran, for findings that are shown.
    pub resolved: Option<(Position, Range<usize>)>,
}

impl Finding {
    /// A finding of `rule` about `piece` at `location`, at the rule's level.
    ///
    /// An error makes its piece [`State::Invalid`] until [`Self::state`] says otherwise.
    pub fn new(
        rule: &'static Rule,
        piece: Piece,
        location: Location,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            piece,
            level: rule.level,
            state: (rule.level == Level::Error).then_some(State::Invalid),
            measured: None,
            counted: None,
            waived: None,
            location,
            message: message.into(),
            label: None,
            field: None,
            expected: None,
            found: None,
            related: Vec::new(),
            advice: None,
            follows: Vec::new(),
            cause: None,
            clauses: Vec::new(),
            resolved: None,
        }
    }

    /// Sets what it makes of the piece.
    #[must_use]
    pub fn state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }

    /// Says what was measured, and how bad it is: the larger the worse.
    #[must_use]
    pub fn measured(mut self, of: impl Into<String>, value: f64) -> Self {
        let thousandths = (value * 1000.0).ceil();
        // What is too large to be told from another is none.
        self.measured = (thousandths.abs() < 1e15)
            .then(|| Measured { of: of.into(), thousandths: thousandths as i64 });
        self
    }

    /// Says what is counted at its place.
    #[must_use]
    pub fn counts(mut self, counted: &serde_json::Value) -> Self {
        self.counted = Some(Sha256Digest::of(counted.to_string().as_bytes()));
        self
    }

    /// Says of which pieces it comes, where something is wrong with them.
    #[must_use]
    pub fn follows(mut self, pieces: impl IntoIterator<Item = Piece>) -> Self {
        self.follows.extend(pieces);
        self
    }

    /// Whether it is this finding that another one comes of.
    pub fn is_cause(&self, cause: &Cause) -> bool {
        self.rule.code == cause.rule
            && self.location.path == cause.path
            && self.message == cause.message
    }

    /// Sets the level, and drops the state's effect when it no longer blocks.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        if level != Level::Error {
            self.state = None;
        }
        self
    }

    /// Lets it stand: it is no error any more, and what it was found in is waived.
    pub fn waive(&mut self, how: String) {
        self.level = Level::Warning;
        self.state = None;
        self.waived = Some(how);
    }

    /// What it makes of its piece in reports.
    pub fn effect(&self) -> Option<State> {
        if self.waived.is_some() { Some(State::Waived) } else { self.state }
    }

    /// What it makes of a verdict: what comes of nothing but doubt is doubt (DLC-7).
    pub fn weight(&self) -> Option<State> {
        let of = self.cause.as_ref().and_then(|cause| cause.state);
        if of == Some(State::Review) { self.state.and(of) } else { self.state }
    }

    /// Says how to mend it.
    #[must_use]
    pub fn advise(mut self, advice: Advice) -> Self {
        self.advice = Some(advice);
        self
    }

    /// Says that its own place is to be edited, and how.
    #[must_use]
    pub fn edit(self, what: impl Into<String>) -> Self {
        let advice = Advice::edit(self.location.clone(), what);
        self.advise(advice)
    }

    /// Says what the edit is, word by word: `text` in place of what stands at `place`.
    #[must_use]
    pub fn replacing(mut self, place: Location, text: impl Into<String>) -> Self {
        self.advice = self.advice.map(|advice| advice.replacing(place, text));
        self
    }

    /// Says which member is wrong.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Says what was expected, and what was found.
    #[must_use]
    pub fn differs(mut self, expected: impl ToString, found: impl ToString) -> Self {
        self.expected = Some(expected.to_string());
        self.found = Some(found.to_string());
        self
    }

    /// Adds another place that belongs to it.
    #[must_use]
    pub fn related(mut self, location: Location, message: impl Into<String>) -> Self {
        self.related.push(Related { location, message: message.into(), resolved: None });
        self
    }

    /// The member that is wrong: as the rule says, else the last name of its own place.
    pub fn member(&self) -> Option<&str> {
        self.field.as_deref().or_else(|| match &self.location.mark {
            Mark::Pointer(pointer) | Mark::Key(pointer) => {
                pointer.rsplit('/').next().filter(|name| !name.is_empty())
            }
            Mark::File | Mark::Span { .. } => None,
        })
    }

    /// Adds another way to mend it.
    #[must_use]
    pub fn or(mut self, other: Advice) -> Self {
        self.advice = Some(match self.advice.take() {
            Some(advice) => advice.or(other),
            None => other,
        });
        self
    }

    /// What to do about it: its advice, else the page of its rule.
    pub fn mend(&self) -> Advice {
        self.advice.clone().unwrap_or_else(|| Advice::page(["explain", self.rule.code]))
    }

    /// Labels the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds clauses.
    #[must_use]
    pub fn clauses<S: AsRef<str>>(mut self, clauses: &[S]) -> Self {
        self.clauses.extend(clauses.iter().map(|clause| clause.as_ref().to_owned()));
        self
    }

    /// The clauses it serves: those of the piece or section, else the rule's own.
    pub fn all_clauses(&self) -> Vec<&str> {
        if self.clauses.is_empty() {
            return self.rule.clauses.to_vec();
        }
        let mut all: Vec<&str> = Vec::new();
        for clause in self.clauses.iter().map(String::as_str) {
            if !all.contains(&clause) {
                all.push(clause);
            }
        }
        all
    }

    /// The order of every report: place first, then rule, then text.
    pub fn sort_key(&self) -> (&str, Option<Position>, &'static str, &str) {
        let position = self.resolved.as_ref().map(|(position, _)| *position);
        (&self.location.path, position, self.rule.code, &self.message)
    }
}
