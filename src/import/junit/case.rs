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
            marks: Vec::new(),
        }
    }

    /// A case for a `failure` or `error` that belongs to none.
    pub(super) fn outside() -> Self {
        Self { name: OUTSIDE.to_owned(), ..Self::default() }
    }

    pub(super) fn mark(&mut self, mark: Mark, message: Option<String>) {
        // One of each kind is enough: the first says how it began.
        if !self.has(mark) {
            self.marks.push((mark, message));
        }
    }

    pub(super) fn has(&self, mark: Mark) -> bool {
        self.marks.iter().any(|(met, _)| *met == mark)
    }

    /// Whether it failed by an attribute alone.
    pub(super) fn is_stated_failure(&self) -> bool {
        self.stated == Some(Outcome::Failed) && !self.has(Mark::Failure) && !self.has(Mark::Error)
    }

    pub(super) fn close(self) -> TestCase {
        let worst = self.marks.into_iter().max_by_key(|(mark, _)| *mark);
        let outcome = match worst.as_ref().map(|(mark, _)| *mark) {
            // No tool writes reruns without the failure they repeat; nothing says that it passed.
            Some(Mark::Failure | Mark::Error | Mark::Rerun) => Outcome::Failed,
            _ if self.stated == Some(Outcome::Failed) => Outcome::Failed,
            Some(Mark::Skipped) => Outcome::Skipped,
            Some(Mark::Flaky) => Outcome::Passed,
            None => self.stated.unwrap_or(Outcome::Passed),
        };
        let flaky = outcome == Outcome::Passed && worst.is_some();
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

/// What an outcome's element says: its `message`, or else the first line of its text.
pub(super) fn message(attribute: Option<&str>, text: &str) -> Option<String> {
    attribute.and_then(shortened).or_else(|| {
        let line = text.trim_start().lines().next().unwrap_or_default();
        shortened(line)
    })
}
