//! From XML events to suites.

use super::case::{Mark, OpenCase, message};
use super::claims::{Claims, Counts};
use super::{Disagreement, Outcome, TestCase, TestReport, TestSuite};
use crate::import::xml::{Element, Event, Reader};
use crate::import::{ImportError, LONGEST};
use crate::text::quoted;
use std::collections::{BTreeMap, HashSet};

/// Longest name of a suite with those around it, in bytes. Joining names must not let a report
/// grow beyond its size.
const LONGEST_PATH: usize = 1024;

/// An element that is open.
enum Frame {
    /// `testsuites` or `testsuite`.
    Suite(Box<Suite>),
    /// `testcase`.
    Case(OpenCase),
    /// An element that says something about the case, or the suite, around it.
    Mark { mark: Mark, attribute: Option<String>, text: String },
    /// Anything else.
    Other,
}

struct Suite {
    /// Whether this is `testsuites`, whose name stands in only where no suite has one.
    is_root: bool,
    name: Option<String>,
    claims: Claims,
    cases: Vec<TestCase>,
    /// What it holds itself.
    direct: Counts,
    /// What the suites within it hold.
    within: Counts,
}

struct Builder {
    open: Vec<Frame>,
    suites: BTreeMap<String, TestSuite>,
    disagreements: Vec<Disagreement>,
}

/// Reads a whole report.
pub(super) fn read(text: &str) -> Result<TestReport, ImportError> {
    let mut reader = Reader::new(text);
    let mut builder =
        Builder { open: Vec::new(), suites: BTreeMap::new(), disagreements: Vec::new() };
    while let Some(event) = reader.next()? {
        match event {
            Event::Open(element) => builder.open(&element, &reader)?,
            Event::Text(text) => builder.text(&text),
            Event::Close => builder.close(&reader)?,
        }
    }
    if builder.suites.is_empty() {
        return Err(ImportError::new("the report holds no test case")
            .help("no test ran, or the runner found none: an empty run proves nothing"));
    }
    Ok(TestReport {
        suites: builder.suites.into_values().collect(),
        disagreements: builder.disagreements,
    })
}

impl Builder {
    fn open(&mut self, element: &Element, reader: &Reader<'_>) -> Result<(), ImportError> {
        let frame = match (element.name.as_str(), self.open.last()) {
            ("testsuites" | "testsuite", None) => Frame::Suite(Box::new(Suite::new(element))),
            (_, None) => return Err(wrong_root(&element.name, reader)),
            ("testsuite", Some(Frame::Suite(_))) => Frame::Suite(Box::new(Suite::new(element))),
            ("testcase", Some(Frame::Suite(_))) => Frame::Case(OpenCase::new(element)),
            // To pass over one of these would be to lose tests in silence.
            (name @ ("testsuites" | "testsuite" | "testcase"), Some(_)) => {
                let message = format!("{} has no place in this element", quoted(name));
                return Err(reader.error(message).help("suites hold suites and cases"));
            }
            (name, Some(Frame::Case(_))) => match Mark::of(name) {
                Some(mark) => mark_frame(mark, element),
                None => Frame::Other,
            },
            (name, Some(Frame::Suite(_))) => match Mark::of(name) {
                Some(mark @ (Mark::Failure | Mark::Error)) => mark_frame(mark, element),
                _ => Frame::Other,
            },
            _ => Frame::Other,
        };
        self.open.push(frame);
        Ok(())
    }

    fn text(&mut self, more: &str) {
        // A message is cut later; here its text only must not grow for ever.
        if let Some(Frame::Mark { text, .. }) = self.open.last_mut()
            && text.len() <= 4 * LONGEST
        {
            text.push_str(if text.is_empty() { more.trim_start() } else { more });
        }
    }

    fn close(&mut self, reader: &Reader<'_>) -> Result<(), ImportError> {
        match self.open.pop() {
            Some(Frame::Mark { mark, attribute, text }) => {
                let message = message(attribute.as_deref(), &text);
                match self.open.last_mut() {
                    Some(Frame::Case(case)) => case.mark(mark, message),
                    Some(Frame::Suite(suite)) => {
                        let mut case = OpenCase::outside();
                        case.mark(mark, message);
                        suite.direct.outside += 1;
                        suite.add(case);
                    }
                    _ => {}
                }
            }
            Some(Frame::Case(case)) => {
                if let Some(Frame::Suite(suite)) = self.open.last_mut() {
                    suite.add(case);
                }
            }
            Some(Frame::Suite(suite)) => self.close_suite(*suite, reader)?,
            Some(Frame::Other) | None => {}
        }
        Ok(())
    }

    fn close_suite(&mut self, mut suite: Suite, reader: &Reader<'_>) -> Result<(), ImportError> {
        let name = self.path(&suite, reader)?;
        suite.direct.distinct = distinct(&suite.cases);
        let mut all = suite.direct;
        all += suite.within;
        self.disagreements.extend(suite.claims.disagreements(&name, suite.direct, all));
        if let Some(Frame::Suite(around)) = self.open.last_mut() {
            around.within += all;
        }
        if suite.cases.is_empty() {
            return Ok(());
        }
        let flaky = suite.cases.iter().filter(|case| case.flaky).count() as u64;
        let Counts { cases, failed, skipped, .. } = suite.direct;
        let merged = self.suites.entry(name.clone()).or_insert_with(|| TestSuite {
            name,
            total: 0,
            passed: 0,
            failed: 0,
            skipped: 0,
            flaky: 0,
            cases: Vec::new(),
        });
        merged.total += cases;
        merged.failed += failed;
        merged.skipped += skipped;
        merged.passed += cases - failed - skipped;
        merged.flaky += flaky;
        merged.cases.append(&mut suite.cases);
        Ok(())
    }

    /// The names of the suites around `suite` and its own; the root's alone is no part of a path.
    fn path(&self, suite: &Suite, reader: &Reader<'_>) -> Result<String, ImportError> {
        let mut names: Vec<&str> = self
            .open
            .iter()
            .filter_map(|frame| match frame {
                Frame::Suite(suite) if !suite.is_root => suite.name.as_deref(),
                _ => None,
            })
            .collect();
        if !suite.is_root {
            names.extend(suite.name.as_deref());
        }
        if names.is_empty() {
            let root = self.open.first().and_then(|frame| match frame {
                Frame::Suite(root) => root.name.as_deref(),
                _ => None,
            });
            names.push(root.or(suite.name.as_deref()).unwrap_or("unnamed"));
        }
        let length = names.iter().map(|name| name.len() + 1).sum::<usize>();
        if length > LONGEST_PATH {
            let message = format!("the name of a suite is longer than {LONGEST_PATH} bytes");
            return Err(reader.error(message));
        }
        Ok(names.join("/"))
    }
}

impl Suite {
    fn new(element: &Element) -> Self {
        let name = element.attribute("name").filter(|name| !name.trim().is_empty());
        Self {
            is_root: element.name == "testsuites",
            name: name.map(str::to_owned),
            claims: Claims::of(element),
            cases: Vec::new(),
            direct: Counts::default(),
            within: Counts::default(),
        }
    }

    fn add(&mut self, case: OpenCase) {
        let failure = case.has(Mark::Failure) || case.has(Mark::Rerun) || case.is_stated_failure();
        let (error, marked) = (case.has(Mark::Error), case.has(Mark::Skipped));
        let case = case.close();
        let failed = case.outcome == Outcome::Failed;
        let skipped = case.outcome == Outcome::Skipped;
        self.direct.cases += 1;
        self.direct.failed += u64::from(failed);
        self.direct.failures += u64::from(failure);
        self.direct.errors += u64::from(error);
        self.direct.skipped += u64::from(skipped);
        self.direct.marked_skipped += u64::from(skipped && marked);
        self.cases.push(case);
    }
}

fn mark_frame(mark: Mark, element: &Element) -> Frame {
    let attribute = element.attribute("message").map(str::to_owned);
    Frame::Mark { mark, attribute, text: String::new() }
}

fn distinct(cases: &[TestCase]) -> u64 {
    let names: HashSet<_> = cases.iter().map(|case| (&case.classname, &case.name)).collect();
    names.len() as u64
}

fn wrong_root(name: &str, reader: &Reader<'_>) -> ImportError {
    let message = format!("the root element is {}, not testsuites or testsuite", quoted(name));
    reader.error(message).help("this is not JUnit XML: let the test runner write that format")
}
