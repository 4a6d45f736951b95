//! From XML events to suites.

use super::case::{self, Child, Ended, Kept, Mark, OpenCase, hash};
use super::claims::{Claims, Counts, shown};
use super::said::{self, Said};
use super::{MAX_KEPT, Outcome, TestReport, TestSuite};
use crate::import::xml::{Element, Event, Reader};
use crate::import::{Doubts, ImportError, LONGEST, Source, ToldTime};
use crate::text::quoted;
use std::collections::BTreeMap;

/// Longest name of a suite with those around it, in bytes. Joining names must not let a report
/// grow beyond its size.
const LONGEST_PATH: usize = 1024;

/// An element that is open.
enum Frame {
    /// `testsuites` or `testsuite`.
    Suite(Box<Suite>),
    /// `testcase`.
    Case(Box<OpenCase>),
    /// An element that says something about the case, or the suite, around it.
    Mark(Box<OpenMark>),
    /// A property whose value is its text: its name, and the text.
    Property(String, String),
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
    /// The names of the suites around it and its own; the root's alone is no part of it.
    path: String,
    claims: Claims,
    cases: Vec<Ended>,
    /// What is kept of the first of them, in their order.
    kept: Vec<Kept>,
    /// What it holds itself, and what the suites within it hold.
    direct: Counts,
    within: Counts,
}

#[derive(Default)]
struct Builder {
    open: Vec<Frame>,
    suites: BTreeMap<String, TestSuite>,
    doubts: Doubts,
    /// How many cases are kept one by one.
    kept: usize,
    /// Whether the report is pytest's, which counts parts of a test that it does not write.
    parts: bool,
    identities: Vec<u64>,
    content: u64,
    told_time: Option<ToldTime>,
}

/// Reads a whole report.
pub(super) fn read(source: &dyn Source) -> Result<TestReport, ImportError> {
    let mut reader = Reader::new(source)?;
    let mut builder = Builder::default();
    while let Some(event) = reader.next()? {
        match event {
            Event::Open(element) => builder.open(&element, &reader)?,
            Event::Text(text) => builder.text(&text),
            Event::Close => builder.close(),
            Event::Comment(_) => {}
        }
    }
    if builder.suites.is_empty() {
        return Err(ImportError::new("the report holds no test case")
            .help("no test ran, or the runner found none: an empty run proves nothing"));
    }
    builder.identities.sort_unstable();
    builder.identities.dedup();
    builder.identities.shrink_to_fit();
    Ok(TestReport {
        suites: builder.suites.into_values().collect(),
        doubts: builder.doubts.told(),
        identities: builder.identities,
        content: builder.content,
        told_time: builder.told_time,
    })
}

impl Builder {
    fn open(&mut self, element: &Element, reader: &Reader<'_>) -> Result<(), ImportError> {
        let frame = match (element.name.as_str(), self.open.last()) {
            ("testsuites" | "testsuite", None) | ("testsuite", Some(Frame::Suite(_))) => {
                self.suite(element, reader)?
            }
            (_, None) => return Err(wrong_root(&element.name, reader)),
            ("testcase", Some(Frame::Suite(_))) => Frame::Case(Box::new(OpenCase::new(element))),
            // To pass over one of these would be to lose tests in silence.
            (name @ ("testsuites" | "testsuite" | "testcase"), Some(_)) => {
                let message = format!("{} has no place in this element", quoted(name));
                return Err(reader.error(message).help("suites hold suites and cases"));
            }
            (name, Some(Frame::Case(_))) => match Child::of(name) {
                Child::Mark(mark) => mark_frame(mark, element),
                Child::Silent => Frame::Other,
                Child::Unknown => {
                    self.doubts.count(format!(
                        "{}, which nobody knows as an outcome, stands in {{n}}",
                        quoted(&format!("<{name}>"))
                    ));
                    Frame::Other
                }
            },
            (name, Some(Frame::Suite(_))) => match Child::of(name) {
                Child::Mark(mark @ (Mark::Failure | Mark::Error)) => mark_frame(mark, element),
                Child::Mark(_) => {
                    let shown = quoted(&format!("<{name}>"));
                    self.doubts.count(format!("{shown} stands outside of every case, in {{n}}"));
                    Frame::Other
                }
                _ => Frame::Other,
            },
            _ => Frame::Other,
        };
        if let (Frame::Suite(_) | Frame::Case(_), Some(time)) =
            (&frame, element.attribute("timestamp"))
        {
            self.told_time = ToldTime::later(self.told_time, ToldTime::read(time));
        }
        let frame = match frame {
            Frame::Other => self.inside(element),
            frame => frame,
        };
        self.open.push(frame);
        Ok(())
    }

    /// What an element that is no outcome itself says of the case, or the suite, that it stands in.
    fn inside(&mut self, element: &Element) -> Frame {
        if element.name == "property" {
            let name = element.attribute("name").unwrap_or_default();
            return match element.attribute("value") {
                Some(value) => {
                    self.say(name, value, said::property(name, value));
                    Frame::Other
                }
                None => Frame::Property(name.to_owned(), String::new()),
            };
        }
        let is_direct = matches!(self.open.last(), Some(Frame::Case(_) | Frame::Suite(_)));
        let is_mark = matches!(Child::of(&element.name), Child::Mark(Mark::Failure | Mark::Error));
        if is_mark && !is_direct {
            self.say(&element.name, "", Some(Said::Failed(1)));
        }
        for (name, value) in &element.attributes {
            self.say(name, value, said::attribute(name, value));
        }
        Frame::Other
    }

    /// Takes in what something says that stands in a case or in a suite.
    fn say(&mut self, name: &str, value: &str, said: Option<Said>) {
        let mut around = self.open.iter_mut().rev();
        match around.find(|frame| matches!(frame, Frame::Case(_) | Frame::Suite(_))) {
            Some(Frame::Case(case)) if matches!(said, Some(Said::Failed(_))) => {
                case.inside.get_or_insert_with(|| shown(name, value));
            }
            Some(Frame::Suite(suite)) => suite.claims.say(name, value, said),
            _ => {}
        }
    }

    fn text(&mut self, more: &str) {
        if let Some(Frame::Property(_, text)) = self.open.last_mut()
            && text.len() <= LONGEST
        {
            text.push_str(&more[..more.floor_char_boundary(LONGEST)]);
        }
        // A message is cut later; here its text only must not grow for ever.
        if let Some(Frame::Mark(open)) = self.open.last_mut()
            && open.text.len() <= 4 * LONGEST
        {
            let more = if open.text.is_empty() { more.trim_start() } else { more };
            open.text.push_str(&more[..more.floor_char_boundary(4 * LONGEST)]);
        }
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Frame::Mark(open)) => {
                let OpenMark { mark, name, message, kind, text } = *open;
                let message = case::message(message.as_deref(), &text, kind.as_deref());
                match self.open.last_mut() {
                    Some(Frame::Case(case)) => case.mark(mark, &name, message),
                    Some(Frame::Suite(_)) => {
                        let mut case = OpenCase::outside();
                        case.mark(mark, &name, message);
                        self.close_case(case);
                    }
                    _ => {}
                }
            }
            Some(Frame::Case(case)) => self.close_case(*case),
            Some(Frame::Suite(suite)) => self.close_suite(*suite),
            Some(Frame::Property(name, value)) => {
                self.say(&name, &value, said::property(&name, &value));
            }
            Some(Frame::Other) | None => {}
        }
    }

    fn close_case(&mut self, case: OpenCase) {
        let Some(Frame::Suite(suite)) = self.open.last_mut() else { return };
        if let Some(word) = &case.unknown {
            let word = quoted(word);
            self.doubts
                .count(format!("{word}, which nobody knows as an outcome, is said of {{n}}"));
        }
        suite.direct.add_elements(case.elements);
        let inside = case.inside.clone();
        let (ended, kept, content) = case.close(hash(&suite.path));
        if let Some(saying) = inside
            && ended.outcome() != Outcome::Failed
            && !ended.is_flaky()
        {
            self.doubts.count(format!("{saying} stands in a case that did not fail, in {{n}}"));
        }
        self.content = self.content.wrapping_add(content);
        // Suites within this one may have used up the room: then nothing more is kept of it.
        if self.kept < MAX_KEPT && suite.kept.len() == suite.cases.len() {
            self.kept += 1;
            suite.kept.push(kept);
        }
        suite.cases.push(ended);
    }

    fn close_suite(&mut self, mut suite: Suite) {
        let path = hash(&suite.path);
        // Not while it is read, and for the first suite in one piece: a list that grows costs twice
        // its size.
        if self.identities.is_empty() {
            self.identities.reserve_exact(suite.cases.len());
        }
        self.identities.extend(suite.cases.iter().map(|case| case.identity(path)));
        suite.merge_runs();
        suite.cases.iter().for_each(|case| suite.direct.add(*case));
        let mut all = suite.direct;
        all += suite.within;
        let unwritten = suite.claims.unwritten(&all);
        all.skipped += unwritten;
        all.cases += unwritten;
        // mocha-junit-reporter says of the whole report only how many were skipped.
        let around = self.open.iter().map(|frame| match frame {
            Frame::Suite(around) => around.claims.spare(&around.within),
            _ => 0,
        });
        let spare = if self.parts { u64::MAX } else { around.max().unwrap_or_default() };
        for doubt in suite.claims.doubts(&suite.path, spare, &mut all) {
            self.doubts.add(doubt);
        }
        if let Some(Frame::Suite(around)) = self.open.last_mut() {
            around.within += all;
        }
        if suite.cases.is_empty() && unwritten == 0 {
            return;
        }
        let Counts { cases, failed, skipped, .. } = suite.direct;
        let merged = self.suites.entry(suite.path.clone()).or_default();
        merged.name = suite.path;
        merged.total += cases + unwritten;
        merged.failed += failed;
        merged.skipped += skipped + unwritten;
        merged.unwritten += unwritten;
        merged.passed += cases - failed - skipped;
        merged.flaky += suite.cases.iter().filter(|case| case.is_flaky()).count() as u64;
        let kept = suite.cases.iter().zip(suite.kept);
        merged.cases.extend(kept.map(|(ended, kept)| kept.case(*ended)));
    }

    fn suite(&mut self, element: &Element, reader: &Reader<'_>) -> Result<Frame, ImportError> {
        let name = element.attribute("name").filter(|name| !name.trim().is_empty());
        let is_root = element.name == "testsuites";
        self.parts |= match is_root {
            true => name == Some("pytest tests"),
            false => name == Some("pytest"),
        };
        Ok(Frame::Suite(Box::new(Suite {
            is_root,
            path: self.path(is_root, name, reader)?,
            name: name.map(str::to_owned),
            claims: Claims::of(element),
            cases: Vec::new(),
            kept: Vec::new(),
            direct: Counts::default(),
            within: Counts::default(),
        })))
    }

    /// The path of a suite that begins here.
    fn path(
        &self,
        is_root: bool,
        name: Option<&str>,
        reader: &Reader<'_>,
    ) -> Result<String, ImportError> {
        let mut names: Vec<&str> = self
            .open
            .iter()
            .filter_map(|frame| match frame {
                Frame::Suite(suite) if !suite.is_root => suite.name.as_deref(),
                _ => None,
            })
            .collect();
        if !is_root {
            names.extend(name);
        }
        if names.is_empty() {
            let root = self.open.first().and_then(|frame| match frame {
                Frame::Suite(root) => root.name.as_deref(),
                _ => None,
            });
            names.push(root.or(name).unwrap_or("unnamed"));
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
    /// Makes one case of all runs of a test where the report itself counts so.
    /// pytest-rerunfailures writes a case for every run, and each run but the last looks as if it
    /// had passed.
    fn merge_runs(&mut self) {
        let mut order: Vec<u32> = (0..).take(self.cases.len()).collect();
        let cases = &self.cases;
        order.sort_unstable_by_key(|index| (cases[*index as usize].key, *index));
        let is_run = |pair: &[u32]| cases[pair[0] as usize].key == cases[pair[1] as usize].key;
        let runs = order.windows(2).filter(|pair| is_run(pair)).count();
        // Two cases without a name need not be the same test.
        let unnamed =
            order.windows(2).any(|pair| is_run(pair) && cases[pair[0] as usize].is_unnamed);
        let distinct = (self.cases.len() - runs) as u64;
        if runs == 0 || unnamed || self.claims.tests() != Some(distinct) {
            return;
        }
        let mut kept: Vec<Option<Kept>> =
            std::mem::take(&mut self.kept).into_iter().map(Some).collect();
        let mut merged = vec![false; self.cases.len()];
        let mut first = None;
        for index in order.into_iter().map(|index| index as usize) {
            let Some(of) = first.filter(|of: &usize| self.cases[*of].key == self.cases[index].key)
            else {
                first = Some(index);
                continue;
            };
            let run = self.cases[index];
            self.cases[of].merge(run);
            merged[index] = true;
            let run = kept.get_mut(index).and_then(Option::take);
            if let (Some(Some(of)), Some(run)) = (kept.get_mut(of), run) {
                of.merge(run);
            }
        }
        let mut at = 0;
        self.cases.retain(|_| {
            at += 1;
            !merged[at - 1]
        });
        self.kept = kept.into_iter().flatten().collect();
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
