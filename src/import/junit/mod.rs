//! JUnit XML, as cargo-nextest, pytest, Maven surefire, jest-junit and go-junit-report write it.
//!
//! There is no standard, only habits. Counts are made from the test cases; what an element claims
//! in its own attributes is compared with them, and a claim that fits none of the habits is a
//! [`Disagreement`]. Times and time stamps are not read.

mod case;
mod claims;
mod reader;
#[cfg(test)]
mod tests;

use super::ImportError;

/// What a report of a test run holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TestReport {
    /// The suites that directly hold test cases, each name once, ordered by name; never empty.
    pub suites: Vec<TestSuite>,
    /// Where the report claims other numbers than it holds, in the order of the report.
    pub disagreements: Vec<Disagreement>,
}

/// One suite, with all that a report has under its name.
///
/// `passed + failed + skipped == total == cases.len()`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TestSuite {
    /// Its name as written; behind the names of the suites around it, joined by `/`.
    pub name: String,
    /// How many test cases there are.
    pub total: u64,
    /// How many passed, at once or on a rerun.
    pub passed: u64,
    /// How many failed, errors included.
    pub failed: u64,
    /// How many did not run.
    pub skipped: u64,
    /// How many of those that passed had failed before.
    pub flaky: u64,
    /// The cases, in the order of the report.
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

/// A number that an element claims and its content does not bear out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Disagreement {
    /// The suite that claims it.
    pub suite: String,
    /// The attribute: `tests`, `failures`, `errors` or `skipped`.
    pub attribute: &'static str,
    /// What it says, as written.
    pub claimed: String,
    /// What was counted, in the suite and in those within it.
    pub counted: u64,
}

/// Reads a report.
///
/// Failed is a case that holds `failure` or `error`, or says so in an attribute `status` or
/// `result`. A case with `flakyFailure` or `flakyError` alone passed on a rerun. `rerunFailure`
/// beside a `failure` is the same failed test. A `failure` or `error` in a suite and outside of
/// every case, as for a setup that broke, counts as a failed case. Cases of one name and class are
/// several tests, unless their suite says that it holds as many tests as there are names: then they
/// are runs of one test, which passed if every run that is told did, and is flaky.
///
/// # Errors
/// What is not XML in UTF-8 with the root `testsuites` or `testsuite`, is cut off, declares a
/// document type, nests too deeply, or holds no test case.
pub fn parse(text: &str) -> Result<TestReport, ImportError> {
    reader::read(text)
}
