//! One test case while it is read.

use super::{Outcome, TestCase};
use crate::import::{shortened, xml::Element};

/// Name of the case that stands for a failure outside of every case.
pub(super) const OUTSIDE: &str = "(outside of every test case)";

/// What a child of a test case says about it.
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

impl Mark {
    /// What the element `name` says; `None` for all that says nothing about the outcome.
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "failure" => Self::Failure,
            "error" => Self::Error,
            "skipped" => Self::Skipped,
            "flakyFailure" | "flakyError" => Self::Flaky,
            "rerunFailure" | "rerunError" => Self::Rerun,
            _ => return None,
        })
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
    /// Outcome by an attribute, for tools that write no child.
    stated: Option<Outcome>,
    /// The marks met, with what they say.
    marks: Vec<(Mark, Option<String>)>,
    elements: Elements,
    /// Whether more than one element of the report stands for it.
    merged: bool,
}

impl OpenCase {
    pub(super) fn new(element: &Element) -> Self {
        let stated = |key| element.attribute(key).and_then(stated_outcome);
        // `result` is the more precise one in GoogleTest: status="run" result="skipped".
        let stated = match (stated("status"), stated("result")) {
            (Some(Outcome::Failed), _) | (_, Some(Outcome::Failed)) => Some(Outcome::Failed),
            (status, result) => status.or(result),
        };
        Self {
            name: element.attribute("name").unwrap_or_default().to_owned(),
            classname: element.attribute("classname").map(str::to_owned),
            stated,
            ..Self::default()
        }
    }

    /// A case for a `failure` or `error` that belongs to none.
    pub(super) fn outside() -> Self {
        Self { name: OUTSIDE.to_owned(), ..Self::default() }
    }

    /// What tells it from the other cases of its suite.
    pub(super) fn key(&self) -> (Option<&str>, &str) {
        (self.classname.as_deref(), &self.name)
    }

    /// Takes in `other`, a run of the same test: what any of them says holds.
    pub(super) fn merge(&mut self, other: Self) {
        if other.stated == Some(Outcome::Failed) || self.stated.is_none() {
            self.stated = other.stated;
        }
        for (mark, message) in other.marks {
            self.note(mark, message);
        }
        self.elements.failures += other.elements.failures;
        self.elements.errors += other.elements.errors;
        self.elements.reruns += other.elements.reruns;
        self.merged = true;
    }

    /// Takes in the child `name`, which means `mark`.
    pub(super) fn mark(&mut self, mark: Mark, name: &str, message: Option<String>) {
        match name.to_ascii_lowercase().ends_with("error") {
            true => self.elements.errors += 1,
            false => self.elements.failures += u64::from(mark != Mark::Skipped),
        }
        self.elements.reruns += u64::from(mark.is_of_another_run());
        self.note(mark, message);
    }

    fn note(&mut self, mark: Mark, message: Option<String>) {
        // One of each kind is enough: the first says how it began.
        if !self.has(mark) {
            self.marks.push((mark, message));
        }
    }

    pub(super) fn has(&self, mark: Mark) -> bool {
        self.marks.iter().any(|(met, _)| *met == mark)
    }

    /// The elements that say how it ended.
    pub(super) fn elements(&self) -> Elements {
        self.elements
    }

    /// Whether it failed by an attribute alone.
    pub(super) fn is_stated_failure(&self) -> bool {
        self.stated == Some(Outcome::Failed) && !self.has(Mark::Failure) && !self.has(Mark::Error)
    }

    /// How it ended, by the worst that is said of it.
    pub(super) fn outcome(&self) -> Outcome {
        match self.marks.iter().map(|(mark, _)| *mark).max() {
            // No tool writes reruns without the failure they repeat; nothing says that it passed.
            Some(Mark::Failure | Mark::Error | Mark::Rerun) => Outcome::Failed,
            _ if self.stated == Some(Outcome::Failed) => Outcome::Failed,
            Some(Mark::Skipped) => Outcome::Skipped,
            Some(Mark::Flaky) => Outcome::Passed,
            None => self.stated.unwrap_or(Outcome::Passed),
        }
    }

    pub(super) fn close(self) -> TestCase {
        let outcome = self.outcome();
        let worst = self.marks.into_iter().max_by_key(|(mark, _)| *mark);
        // Nobody runs a test again that passed.
        let flaky = outcome == Outcome::Passed && (worst.is_some() || self.merged);
        let message = worst.and_then(|(_, message)| message);
        TestCase { name: self.name, classname: self.classname, outcome, flaky, message }
    }
}

/// What CTest and GoogleTest say in `status` and `result`.
fn stated_outcome(value: &str) -> Option<Outcome> {
    match value.trim().to_ascii_lowercase().as_str() {
        "fail" | "failed" | "failure" | "error" | "errored" => Some(Outcome::Failed),
        "notrun" | "disabled" | "skipped" | "ignored" | "pending" | "suppressed" => {
            Some(Outcome::Skipped)
        }
        _ => None,
    }
}

/// What an outcome's element says: its `message`, or else the first line of its text, or else its
/// `type`.
pub(super) fn message(attribute: Option<&str>, text: &str, kind: Option<&str>) -> Option<String> {
    let line = text.trim_start().lines().next().unwrap_or_default();
    attribute.and_then(shortened).or_else(|| shortened(line)).or_else(|| kind.and_then(shortened))
}
