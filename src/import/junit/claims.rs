//! What an element claims in its attributes, beyond what it holds.
//!
//! Tools count differently and honestly: `failures` with or without errors, nested suites included
//! or not, skipped tests as tests or not. pytest counts a test whose teardown fails twice when the
//! test passed, and writes it twice, counted once, when the test failed. Maven surefire counts
//! every run of a test that it runs again, and pytest every part of a test that fails. jest-junit
//! writes a file that cannot be run as cases, and counts it not. So a claim of less than is held
//! says nothing; and one of more is a doubt only where none of these habits explains it.

use super::Outcome;
use super::case::{Elements, Ended, Mark};
use super::said::{self, Said};
use crate::import::xml::Element;
use crate::text::quoted;
use std::ops::AddAssign;

/// Most skipped tests that are believed to be there without being written.
const MAX_UNWRITTEN: u64 = 1_000_000;

/// Numbers of one suite, or of a suite with those within it.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Counts {
    /// Test cases.
    pub(super) cases: u64,
    /// Cases that failed in any way.
    pub(super) failed: u64,
    /// Cases with an `error`.
    pub(super) errors: u64,
    /// Cases that failed by an attribute alone.
    pub(super) stated: u64,
    /// Cases that did not run, and those that are only claimed to be there.
    pub(super) skipped: u64,
    pub(super) unwritten: u64,
    /// Elements that tell of failures and errors, of every run.
    pub(super) elements: u64,
    /// Runs beside the one of each case that counts.
    pub(super) reruns: u64,
    /// Failures and tests that were claimed beyond all this, and told already.
    told_failures: u64,
    told_tests: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.cases += other.cases;
        self.failed += other.failed;
        self.errors += other.errors;
        self.stated += other.stated;
        self.skipped += other.skipped;
        self.unwritten += other.unwritten;
        self.elements += other.elements;
        self.reruns += other.reruns;
        self.told_failures = self.told_failures.saturating_add(other.told_failures);
        self.told_tests = self.told_tests.saturating_add(other.told_tests);
    }
}

impl Counts {
    /// Counts a case.
    pub(super) fn add(&mut self, case: Ended) {
        let outcome = case.outcome();
        self.cases += 1;
        self.failed += u64::from(outcome == Outcome::Failed);
        self.errors += u64::from(case.has(Mark::Error));
        self.stated += u64::from(case.is_stated_failure());
        self.skipped += u64::from(outcome == Outcome::Skipped);
    }

    /// Counts the elements of a case, which stay as many when runs become one test.
    pub(super) fn add_elements(&mut self, elements: Elements) {
        self.elements += elements.failures + elements.errors;
        self.reruns += elements.reruns;
    }

    /// Most failures that any habit makes of what is held.
    fn most_failures(&self) -> u64 {
        self.failed.max(self.elements + self.stated).saturating_add(self.told_failures)
    }

    /// How many of the claimed failures and errors no habit makes of what is held.
    fn failures_beyond(&self, failures: u64, errors: u64) -> u64 {
        let most = self.most_failures();
        // Errors may be told twice: among the failures, and as what they are.
        match failures <= self.failed && errors <= self.errors {
            true => 0,
            false => failures.saturating_add(errors).saturating_sub(most),
        }
    }

    /// Most tests that any habit makes of what is held.
    fn most_tests(&self) -> u64 {
        (self.cases + self.errors.max(self.reruns))
            .saturating_add(self.told_failures)
            .saturating_add(self.told_tests)
    }
}

/// The attributes of an element that claim numbers.
#[derive(Clone, Default)]
pub(super) struct Claims {
    counts: [Option<String>; 4],
    /// What it says of failures under other names, and in its properties: how, and how many.
    bad: Vec<(String, u64)>,
    /// How many tests it says were not run, under other names than `skipped`.
    not_run: u64,
}

/// Most sayings of a suite that are kept; one is enough.
const MAX_BAD: usize = 8;

const ATTRIBUTES: [&str; 4] = ["tests", "failures", "errors", "skipped"];

impl Claims {
    pub(super) fn of(element: &Element) -> Self {
        let value = |name| element.attribute(name).map(|value: &str| value.trim().to_owned());
        let mut own = Self { counts: ATTRIBUTES.map(value), ..Self::default() };
        let counted = |name: &str| ATTRIBUTES.contains(&name) || name == "name";
        for (name, value) in element.attributes.iter().filter(|(name, _)| !counted(name)) {
            own.say(name, value, said::attribute(name, value));
        }
        own
    }

    /// Takes in what is said under `name`.
    pub(super) fn say(&mut self, name: &str, value: &str, said: Option<Said>) {
        let failed = match said {
            Some(Said::NotRun(Some(number))) => {
                self.not_run = self.not_run.max(number);
                return;
            }
            Some(Said::Failed(number)) => number,
            // Suites are of words of their own, and one that was skipped has skipped cases.
            Some(Said::NotRun(None)) if said::is_denied(value) => 1,
            Some(Said::Unknown) if said::is_open(value) => 1,
            _ => return,
        };
        if self.bad.len() < MAX_BAD {
            self.bad.push((shown(name, value), failed));
        }
    }

    fn number(&self, index: usize) -> Option<u64> {
        self.counts[index].as_deref().and_then(number)
    }

    /// How many tests are claimed.
    pub(super) fn tests(&self) -> Option<u64> {
        self.number(0)
    }

    /// How many skipped tests are claimed beyond those in `all`, which the suite and those within
    /// it hold. Some tools count what they skip and write nothing of it.
    pub(super) fn unwritten(&self, all: &Counts) -> u64 {
        let claimed = self.number(3).unwrap_or_default().max(self.not_run);
        claimed.saturating_sub(all.skipped).min(MAX_UNWRITTEN)
    }

    /// How many tests of the suites within, which hold `within`, may be skipped and not written.
    pub(super) fn spare(&self, within: &Counts) -> u64 {
        self.number(3).unwrap_or_default().max(self.not_run).saturating_sub(within.skipped)
    }

    /// What the suite `name` claims beyond `all`, which it and those within it hold; notes there
    /// what is told. As many as `spare` of its tests need not be written.
    pub(super) fn doubts(&self, name: &str, spare: u64, all: &mut Counts) -> Vec<String> {
        let mut out = Vec::new();
        for (attribute, claimed) in ATTRIBUTES.iter().zip(&self.counts) {
            if let Some(claimed) = claimed.as_deref().filter(|claimed| number(claimed).is_none()) {
                let claimed = quoted(claimed);
                out.push(format!(
                    "suite {} says {attribute}={claimed}, which is no count",
                    quoted(name)
                ));
            }
        }
        let [failures, errors] = [1, 2].map(|index| self.number(index).unwrap_or_default());
        let beyond = all.failures_beyond(failures, errors);
        if beyond > 0 {
            all.told_failures = all.told_failures.saturating_add(beyond);
            let bad = failures.saturating_add(errors);
            out.push(format!(
                "suite {} claims {bad} failures and errors, and its test cases show {}",
                quoted(name),
                all.failed
            ));
        }
        for (saying, number) in &self.bad {
            let beyond = number.saturating_sub(all.most_failures());
            if beyond > 0 {
                all.told_failures = all.told_failures.saturating_add(beyond);
                out.push(format!(
                    "suite {} says {saying}, and its test cases show {} failures",
                    quoted(name),
                    all.failed
                ));
            }
        }
        let tests = self.number(0).unwrap_or_default();
        let beyond = tests.saturating_sub(all.most_tests().saturating_add(spare));
        if beyond > 0 {
            all.told_tests = all.told_tests.saturating_add(beyond);
            out.push(format!(
                "suite {} claims {tests} tests, and holds {}",
                quoted(name),
                all.cases
            ));
        }
        out
    }
}

/// An attribute or a property, for people.
pub(super) fn shown(name: &str, value: &str) -> String {
    let value = value[..value.floor_char_boundary(60)].trim();
    match value.is_empty() {
        true => quoted(&format!("<{name}>")),
        false => quoted(&format!("{name}={value}")),
    }
}

/// A count as written: digits alone.
fn number(claim: &str) -> Option<u64> {
    let digits = !claim.is_empty() && claim.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| claim.parse().ok())?
}
