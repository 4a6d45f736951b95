//! JUnit XML, as cargo-nextest, pytest, Maven surefire, jest-junit and go-junit-report write it.
//!
//! There is no standard, only habits. Counts are made from the test cases. What an element claims in
//! its own attributes beyond them is a doubt, which a person has to look at; so is an outcome that
//! nobody knows. Only skipped tests are taken from a claim: tools leave them out, and to count them
//! makes nothing look better.

mod case;
mod claims;
mod reader;
mod said;
#[cfg(test)]
mod tests;

use super::{ImportError, Source, ToldTime};

/// Most cases of a report that are kept one by one; all of them are counted.
pub const MAX_KEPT: usize = 10_000;

/// What a report of a test run holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TestReport {
    /// The suites that directly hold test cases, each name once, ordered by name; never empty.
    pub suites: Vec<TestSuite>,
    /// What only a person can judge, a sentence each, without a full stop.
    pub doubts: Vec<String>,
    /// The latest time that a suite or a case says it is of.
    pub told_time: Option<ToldTime>,
    /// What tells its cases from others, by suite, class and name; ordered, each once.
    pub identities: Vec<u64>,
    /// What tells this run of tests from another: identities, outcomes and times, in any order.
    pub content: u64,
}

/// One suite, with all that a report has under its name.
///
/// `passed + failed + skipped == total`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TestSuite {
    /// Its name as written; behind the names of the suites around it, joined by `/`.
    pub name: String,
    /// How many test cases there are, and how many more are claimed to be skipped.
    pub total: u64,
    /// How many passed, at once or on a rerun.
    pub passed: u64,
    /// How many failed, errors included.
    pub failed: u64,
    /// How many did not run.
    pub skipped: u64,
    /// How many of those that were skipped are claimed only, and not written.
    pub unwritten: u64,
    /// How many of those that passed had failed before.
    pub flaky: u64,
    /// The cases, in the order of the report, as far as they are kept: see [`MAX_KEPT`].
    pub cases: Vec<TestCase>,
}

/// One test case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TestCase {
    /// Its name, as written.
    pub name: String,
    /// The class, module or file that it belongs to, as written.
    pub classname: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether it passed after it had failed.
    pub flaky: bool,
    /// Why it failed, was skipped or was flaky: the beginning of what the report says.
    pub message: Option<String>,
}

/// How a test case ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It passed, at once or on a rerun.
    Passed,
    /// It failed, or could not run because of an error.
    Failed,
    /// It did not run.
    Skipped,
}

/// Reads a report.
///
/// Failed is a case that holds `failure` or `error`, or says so in an attribute that speaks of its
/// outcome, such as `status`, `outcome` or `success`. What says so deeper in a passed case (a step, a
/// property), and of a suite in which nothing failed, is a doubt. A case with `flakyFailure` or `flakyError` alone passed on a rerun. `rerunFailure`
/// beside a `failure` is the same failed test. A `failure` or `error` in a suite and outside of
/// every case, as for a setup that broke, counts as a failed case. Cases of one name and class are
/// several tests, unless their suite says that it holds as many tests as there are names: then they
/// are runs of one test, which passed if every run that is told did, and is flaky.
///
/// # Errors
/// What is not XML in UTF-8 with the root `testsuites` or `testsuite`, is cut off, declares a
/// document type, nests too deeply, or holds no test case.
pub fn read(source: &dyn Source) -> Result<TestReport, ImportError> {
    reader::read(source)
}

/// [`read`], of a text.
///
/// # Errors
/// As [`read`].
pub fn parse(text: &str) -> Result<TestReport, ImportError> {
    read(&text)
}
