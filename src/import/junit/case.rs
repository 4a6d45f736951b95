//! One test case while it is read.

use super::said::{self, Said};
use super::{Outcome, TestCase};
use crate::import::{shortened, xml::Element};
use crate::model::StatedOutcome;
use std::hash::{DefaultHasher, Hasher as _};

/// Name of the case that stands for a failure outside of every case.
pub(super) const OUTSIDE: &str = "(outside of every test case)";

/// What a child of a test case says about it; the worst comes last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// It failed, and passed when it was run again.
    Flaky,
    /// It did not run.
    Skipped,
    /// It failed, and failed when it was run again.
    Rerun,
    /// It could not run.
    Error,
    /// It failed.
    Failure,
}

/// Elements of a case that say nothing about how it ended.
const SILENT: [&str; 18] = [
    "attachment",
    "attachments",
    "categories",
    "comment",
    "description",
    "labels",
    "links",
    "metadata",
    "output",
    "parameters",
    "properties",
    "property",
    "steps",
    "system-err",
    "system-out",
    "systemOut",
    "tags",
    "traits",
];

/// What a child of a test case is.
pub(super) enum Child {
    /// It says how the case ended.
    Mark(Mark),
    /// It says nothing about that.
    Silent,
    /// Nobody knows what it says.
    Unknown,
}

impl Child {
    /// What the element `name` is.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "failure" => Self::Mark(Mark::Failure),
            "error" => Self::Mark(Mark::Error),
            "skipped" | "ignored" | "disabled" => Self::Mark(Mark::Skipped),
            "flakyFailure" | "flakyError" => Self::Mark(Mark::Flaky),
            "rerunFailure" | "rerunError" => Self::Mark(Mark::Rerun),
            silent if SILENT.contains(&silent) => Self::Silent,
            _ => Self::Unknown,
        }
    }
}

impl Mark {
    const ALL: [Self; 5] = [Self::Flaky, Self::Skipped, Self::Rerun, Self::Error, Self::Failure];

    fn bit(self) -> u8 {
        1 << self as u8
    }

    /// Whether it is written for a run that was not the last of its test.
    fn is_of_another_run(self) -> bool {
        matches!(self, Self::Flaky | Self::Rerun)
    }
}

/// Elements of one case, each counted: some tools claim these instead of cases.
#[derive(Clone, Copy, Default)]
pub(super) struct Elements {
    /// `failure`, `rerunFailure` and `flakyFailure`.
    pub(super) failures: u64,
    /// `error`, `rerunError` and `flakyError`.
    pub(super) errors: u64,
    /// Those of the above that tell of a run before or after the one that counts.
    pub(super) reruns: u64,
}

/// A case whose element is open.
#[derive(Default)]
pub(super) struct OpenCase {
    name: String,
    classname: Option<String>,
    time: String,
    stated: Option<Outcome>,
    /// An attribute that says how it ended in a word that nobody knows.
    pub(super) unknown: Option<String>,
    /// What stands somewhere in it and says that something failed.
    pub(super) inside: Option<String>,
    /// The marks met, with what they say.
    marks: Vec<(Mark, Option<String>)>,
    pub(super) elements: Elements,
}

/// How a case ended: what is remembered of each, however many there are.
#[derive(Clone, Copy)]
pub(super) struct Ended {
    /// What tells it from the other cases of its suite.
    pub(super) key: u64,
    marks: u8,
    /// Outcome by an attribute, for tools that write no child.
    stated: Option<Outcome>,
    pub(super) is_unnamed: bool,
    /// Whether more than one element of the report stands for it.
    merged: bool,
}

/// A case that is kept, and what each mark of it says.
pub(super) struct Kept {
    name: String,
    classname: Option<String>,
    marks: Vec<(Mark, Option<String>)>,
}

impl OpenCase {
    pub(super) fn new(element: &Element) -> Self {
        let said = |key| element.attribute(key).map(|value| (value, stated_outcome(value)));
        let (status, result) = (said("status"), said("result"));
        let unknown = [status, result].into_iter().flatten().find(|(_, stated)| stated.is_none());
        let stated = |said: Option<(&str, Option<Option<Outcome>>)>| said?.1?;
        // `result` is the more precise one in GoogleTest: status="run" result="skipped".
        let stated = match (stated(status), stated(result)) {
            (Some(Outcome::Failed), _) | (_, Some(Outcome::Failed)) => Some(Outcome::Failed),
            (status, result) => status.or(result),
        };
        let (others, odd) = said_elsewhere(element);
        let stated = match others {
            Some(Outcome::Failed) => others,
            others => stated.or(others),
        };
        Self {
            name: element.attribute("name").unwrap_or_default().to_owned(),
            classname: element.attribute("classname").map(str::to_owned),
            time: element.attribute("time").unwrap_or_default().to_owned(),
            stated,
            unknown: unknown.map(|(value, _)| value.to_owned()).or(odd),
            ..Self::default()
        }
    }

    /// A case for a `failure` or `error` that belongs to none.
    pub(super) fn outside() -> Self {
        Self { name: OUTSIDE.to_owned(), ..Self::default() }
    }

    /// Takes in the child `name`, which means `mark`.
    pub(super) fn mark(&mut self, mark: Mark, name: &str, message: Option<String>) {
        match name.to_ascii_lowercase().ends_with("error") {
            true => self.elements.errors += 1,
            false => self.elements.failures += u64::from(mark != Mark::Skipped),
        }
        self.elements.reruns += u64::from(mark.is_of_another_run());
        note(&mut self.marks, mark, message);
    }

    /// How it ended, what is kept of it, and what tells its end from all others of a suite whose path
    /// has the hash `suite`.
    pub(super) fn close(self, suite: u64) -> (Ended, Kept, u64) {
        let key = hash(&(&self.classname, &self.name));
        let marks = self.marks.iter().fold(0, |marks, (mark, _)| marks | mark.bit());
        let (stated, is_unnamed) = (self.stated, self.name.is_empty());
        let ended = Ended { key, marks, stated, is_unnamed, merged: false };
        let content = hash(&(ended.identity(suite), &self.time, ended.outcome() as u8));
        let kept = Kept { name: self.name, classname: self.classname, marks: self.marks };
        (ended, kept, content)
    }
}

impl Ended {
    /// What tells it from all other cases, in a suite whose path has the hash `suite`.
    pub(super) fn identity(self, suite: u64) -> u64 {
        hash(&(suite, self.key))
    }

    /// Takes in `other`, a run of the same test: what any of them says holds.
    pub(super) fn merge(&mut self, other: Self) {
        if other.stated == Some(Outcome::Failed) || self.stated.is_none() {
            self.stated = other.stated;
        }
        self.marks |= other.marks;
        self.merged = true;
    }

    pub(super) fn has(self, mark: Mark) -> bool {
        self.marks & mark.bit() != 0
    }

    /// Whether it failed by an attribute alone.
    pub(super) fn is_stated_failure(self) -> bool {
        self.stated == Some(Outcome::Failed) && !self.has(Mark::Failure) && !self.has(Mark::Error)
    }

    /// How it ended, by the worst that is said of it.
    pub(super) fn outcome(self) -> Outcome {
        match Mark::ALL.into_iter().rev().find(|mark| self.has(*mark)) {
            // No tool writes reruns without the failure they repeat; nothing says that it passed.
            Some(Mark::Failure | Mark::Error | Mark::Rerun) => Outcome::Failed,
            _ if self.stated == Some(Outcome::Failed) => Outcome::Failed,
            Some(Mark::Skipped) => Outcome::Skipped,
            Some(Mark::Flaky) => Outcome::Passed,
            None => self.stated.unwrap_or(Outcome::Passed),
        }
    }

    /// Whether it passed after it had failed: nobody runs a test again that passed.
    pub(super) fn is_flaky(self) -> bool {
        self.outcome() == Outcome::Passed && (self.marks != 0 || self.merged)
    }
}

impl Kept {
    /// Takes in another run of the same test.
    pub(super) fn merge(&mut self, other: Self) {
        for (mark, message) in other.marks {
            note(&mut self.marks, mark, message);
        }
    }

    pub(super) fn case(self, ended: Ended) -> TestCase {
        let worst = self.marks.into_iter().max_by_key(|(mark, _)| *mark);
        let message = worst.and_then(|(_, message)| message);
        let (outcome, flaky) = (ended.outcome(), ended.is_flaky());
        TestCase { name: self.name, classname: self.classname, outcome, flaky, message }
    }
}

/// Notes a mark; one of each kind is enough: the first says how it began.
fn note(marks: &mut Vec<(Mark, Option<String>)>, mark: Mark, message: Option<String>) {
    if marks.iter().all(|(met, _)| *met != mark) {
        marks.push((mark, message));
    }
}

/// A number for `value`, the same in every run. Two values with one number are a doubt that nobody
/// has, or a run that is not seen as one; neither makes a failed test pass.
pub(super) fn hash(value: &impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What the other attributes of a case say of its outcome, and a word among them that nobody knows.
fn said_elsewhere(element: &Element) -> (Option<Outcome>, Option<String>) {
    let (mut stated, mut unknown) = (None, None);
    let known = |name: &str| ["name", "status", "result"].contains(&name);
    for (name, value) in element.attributes.iter().filter(|(name, _)| !known(name)) {
        match said::attribute(name, value) {
            Some(Said::Failed(_)) => stated = Some(Outcome::Failed),
            Some(Said::NotRun(_)) => stated = stated.or(Some(Outcome::Skipped)),
            Some(Said::Unknown) => unknown = Some(value.clone()),
            None => {}
        }
    }
    (stated, unknown)
}

/// What CTest, GoogleTest and others say in `status` and `result`; `None` for a word that nobody
/// knows, and nothing for one that leaves the outcome to the elements.
#[allow(clippy::option_option, reason = "a word that says nothing is not one that nobody knows")]
fn stated_outcome(value: &str) -> Option<Option<Outcome>> {
    Some(match value.trim().to_ascii_lowercase().as_str() {
        "fail" | "failed" | "failure" | "error" | "errored" | "broken" | "aborted" | "timeout"
        | "timedout" | "timed out" | "crashed" => Some(Outcome::Failed),
        "notrun" | "not run" | "disabled" | "skip" | "skipped" | "ignored" | "pending" | "todo"
        | "suppressed" | "cancelled" | "canceled" => Some(Outcome::Skipped),
        "" | "run" | "executed" | "completed" | "complete" | "finished" | "done" | "pass"
        | "passed" | "success" | "successful" | "succeeded" | "ok" => None,
        word if StatedOutcome::read(word) == Some(StatedOutcome::Failed) => Some(Outcome::Failed),
        _ => return None,
    })
}

/// What an outcome's element says: its `message`, or else the first line of its text, or else its
/// `type`.
pub(super) fn message(attribute: Option<&str>, text: &str, kind: Option<&str>) -> Option<String> {
    let line = text.trim_start().lines().next().unwrap_or_default();
    attribute.and_then(shortened).or_else(|| shortened(line)).or_else(|| kind.and_then(shortened))
}
