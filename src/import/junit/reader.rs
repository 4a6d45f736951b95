//! From XML events to suites.

use super::case::{self, Mark, OpenCase};
use super::claims::{Claims, Counts};
use super::{Disagreement, TestReport, TestSuite};
use crate::import::xml::{Element, Event, Reader};
use crate::import::{ImportError, LONGEST};
use crate::text::quoted;
use std::collections::{BTreeMap, HashMap};

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
    Mark(Box<OpenMark>),
    /// Anything else.
    Other,
}

struct OpenMark {
    mark: Mark,
    /// Name of the element.
    name: String,
    message: Option<String>,
    kind: Option<String>,
    text: String,
}

struct Suite {
    /// Whether this is `testsuites`, whose name stands in only where no suite has one.
    is_root: bool,
    name: Option<String>,
    claims: Claims,
    cases: Vec<OpenCase>,
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
        if let Some(Frame::Mark(open)) = self.open.last_mut()
            && open.text.len() <= 4 * LONGEST
        {
            let text = &mut open.text;
            text.push_str(if text.is_empty() { more.trim_start() } else { more });
        }
    }

    fn close(&mut self, reader: &Reader<'_>) -> Result<(), ImportError> {
        match self.open.pop() {
            Some(Frame::Mark(open)) => {
                let OpenMark { mark, name, message, kind, text } = *open;
                let message = case::message(message.as_deref(), &text, kind.as_deref());
                match self.open.last_mut() {
                    Some(Frame::Case(case)) => case.mark(mark, &name, message),
                    Some(Frame::Suite(suite)) => {
                        let mut case = OpenCase::outside();
                        case.mark(mark, &name, message);
                        suite.direct.outside += 1;
                        suite.cases.push(case);
                    }
                    _ => {}
                }
            }
            Some(Frame::Case(case)) => {
                if let Some(Frame::Suite(suite)) = self.open.last_mut() {
                    suite.cases.push(case);
                }
            }
            Some(Frame::Suite(suite)) => self.close_suite(*suite, reader)?,
            Some(Frame::Other) | None => {}
        }
        Ok(())
    }

    fn close_suite(&mut self, mut suite: Suite, reader: &Reader<'_>) -> Result<(), ImportError> {
        let name = self.path(&suite, reader)?;
        suite.merge_runs();
        let mut cases = Vec::with_capacity(suite.cases.len());
        for open in suite.cases {
            let mut counts = Counts::default();
            let outcome = open.outcome();
            counts.add(&open, outcome);
            suite.direct += counts;
            cases.push(open.close());
        }
        let mut all = suite.direct;
        all += suite.within;
        self.disagreements.extend(suite.claims.disagreements(&name, suite.direct, all));
        if let Some(Frame::Suite(around)) = self.open.last_mut() {
            around.within += all;
        }
        if cases.is_empty() {
            return Ok(());
        }
        let flaky = cases.iter().filter(|case| case.flaky).count() as u64;
        let Counts { cases: total, failed, skipped, .. } = suite.direct;
        let merged = self.suites.entry(name.clone()).or_insert_with(|| TestSuite {
            name,
            total: 0,
            passed: 0,
            failed: 0,
            skipped: 0,
            flaky: 0,
            cases: Vec::new(),
        });
        merged.total += total;
        merged.failed += failed;
        merged.skipped += skipped;
        merged.passed += total - failed - skipped;
        merged.flaky += flaky;
        merged.cases.append(&mut cases);
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

    /// Counts the tests that differ, and makes one case of all runs of a test where the report
    /// itself counts so. pytest-rerunfailures writes a case for every run, and each run but the
    /// last looks as if it had passed.
    fn merge_runs(&mut self) {
        let mut places = HashMap::new();
        for (index, case) in self.cases.iter().enumerate() {
            places.entry(case.key()).or_insert_with(Vec::new).push(index);
        }
        let distinct = places.len();
        self.direct.distinct = distinct as u64;
        // Two cases without a name need not be the same test.
        let unnamed = places.iter().any(|((_, name), same)| name.is_empty() && same.len() > 1);
        if distinct == self.cases.len() || unnamed || self.claims.tests() != Some(distinct as u64) {
            return;
        }
        let mut first: Vec<usize> = (0..self.cases.len()).collect();
        for same in places.into_values() {
            same.iter().for_each(|index| first[*index] = same[0]);
        }
        // Where each kept case now stands.
        let mut kept: HashMap<usize, usize> = HashMap::new();
        for (index, case) in std::mem::take(&mut self.cases).into_iter().enumerate() {
            match kept.get(&first[index]) {
                Some(place) => self.cases[*place].merge(case),
                None => {
                    kept.insert(index, self.cases.len());
                    self.cases.push(case);
                }
            }
        }
    }
}

fn mark_frame(mark: Mark, element: &Element) -> Frame {
    let attribute = |name| element.attribute(name).map(str::to_owned);
    Frame::Mark(Box::new(OpenMark {
        mark,
        name: element.name.clone(),
        message: attribute("message"),
        kind: attribute("type"),
        text: String::new(),
    }))
}

fn wrong_root(name: &str, reader: &Reader<'_>) -> ImportError {
    let message = format!("the root element is {}, not testsuites or testsuite", quoted(name));
    reader.error(message).help("this is not JUnit XML: let the test runner write that format")
}
