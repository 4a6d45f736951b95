//! What an element claims in its attributes, against what it holds.
//!
//! Tools count differently and honestly: `failures` with or without errors, nested suites included
//! or not, skipped tests as tests or not. pytest counts a test whose teardown fails twice when the
//! test passed, and writes it twice, counted once, when the test failed. Maven surefire counts
//! every run of a test that it runs again, and pytest every part of a test that fails. A claim is
//! refused only if it fits none of these.

use super::case::{Mark, OpenCase};
use super::{Disagreement, Outcome};
use crate::import::xml::Element;
use crate::text::quoted;
use std::ops::AddAssign;

/// Numbers of one suite, or of a suite with those within it.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Counts {
    /// Test cases.
    pub(super) cases: u64,
    /// Test cases that differ in class or name.
    pub(super) distinct: u64,
    /// Failures outside of every case; counted among the cases.
    pub(super) outside: u64,
    /// Cases that failed in any way.
    pub(super) failed: u64,
    /// Cases with a `failure`, or failed by an attribute.
    pub(super) failures: u64,
    /// Cases with an `error`.
    pub(super) errors: u64,
    /// Cases that did not run.
    pub(super) skipped: u64,
    /// Cases with a `skipped` that did not run.
    pub(super) marked_skipped: u64,
    /// Elements that tell of failures, of every run.
    pub(super) failure_elements: u64,
    /// Elements that tell of errors, of every run.
    pub(super) error_elements: u64,
    /// Runs beside the one of each case that counts.
    pub(super) reruns: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.cases += other.cases;
        self.distinct += other.distinct;
        self.outside += other.outside;
        self.failed += other.failed;
        self.failures += other.failures;
        self.errors += other.errors;
        self.skipped += other.skipped;
        self.marked_skipped += other.marked_skipped;
        self.failure_elements += other.failure_elements;
        self.error_elements += other.error_elements;
        self.reruns += other.reruns;
    }
}

impl Counts {
    /// Counts `case`, which ended as `outcome`.
    pub(super) fn add(&mut self, case: &OpenCase, outcome: Outcome) {
        let failure = case.has(Mark::Failure) || case.has(Mark::Rerun) || case.is_stated_failure();
        let skipped = outcome == Outcome::Skipped;
        self.cases += 1;
        self.failed += u64::from(outcome == Outcome::Failed);
        self.failures += u64::from(failure);
        self.errors += u64::from(case.has(Mark::Error));
        self.skipped += u64::from(skipped);
        self.marked_skipped += u64::from(skipped && case.has(Mark::Skipped));
        let elements = case.elements();
        self.failure_elements += elements.failures;
        self.error_elements += elements.errors;
        self.reruns += elements.reruns;
    }

    fn fits_tests(&self, claim: u64) -> bool {
        let twice = self.distinct..=self.cases + self.errors;
        let runs = self.cases + self.reruns;
        [self.cases, self.distinct, self.cases - self.outside, self.cases - self.skipped, runs]
            .contains(&claim)
            || self.errors > 0 && twice.contains(&claim)
    }

    fn fits_failures(&self, claim: u64) -> bool {
        [self.failures, self.failed, self.failed - self.errors, self.failure_elements]
            .contains(&claim)
    }

    fn fits_errors(&self, claim: u64, failures: Option<u64>) -> bool {
        // Errors that were told as failures are none here.
        claim == 0 && failures == Some(self.failed)
            || [self.errors, self.failed - self.failures, self.error_elements].contains(&claim)
    }

    fn fits_skipped(&self, claim: u64) -> bool {
        [self.skipped, self.marked_skipped].contains(&claim)
    }
}

/// The attributes of an element that claim numbers.
#[derive(Clone, Default)]
pub(super) struct Claims([Option<String>; 4]);

const ATTRIBUTES: [&str; 4] = ["tests", "failures", "errors", "skipped"];

impl Claims {
    pub(super) fn of(element: &Element) -> Self {
        Self(ATTRIBUTES.map(|name| element.attribute(name).map(|value| value.trim().to_owned())))
    }

    /// How many tests are claimed.
    pub(super) fn tests(&self) -> Option<u64> {
        self.0[0].as_deref().and_then(number)
    }

    /// The claims that fit neither the suite itself nor the suite with those within it.
    pub(super) fn disagreements(
        &self,
        suite: &str,
        direct: Counts,
        all: Counts,
    ) -> Vec<Disagreement> {
        let failures = self.0[1].as_deref().and_then(number);
        let counted = [all.cases, all.failed, all.errors, all.skipped];
        let mut out = Vec::new();
        for (index, claimed) in self.0.iter().enumerate() {
            let Some(claimed) = claimed else { continue };
            let fits = number(claimed).is_some_and(|claim| {
                [direct, all].iter().any(|counts| match index {
                    0 => counts.fits_tests(claim),
                    1 => counts.fits_failures(claim),
                    2 => counts.fits_errors(claim, failures),
                    _ => counts.fits_skipped(claim),
                })
            });
            if !fits {
                out.push(Disagreement {
                    suite: suite.to_owned(),
                    attribute: ATTRIBUTES[index],
                    claimed: quoted(claimed).trim_matches('`').to_owned(),
                    counted: counted[index],
                });
            }
        }
        out
    }
}

/// A count as written: digits alone.
fn number(claim: &str) -> Option<u64> {
    claim.bytes().all(|byte| byte.is_ascii_digit()).then(|| claim.parse().ok())?
}
