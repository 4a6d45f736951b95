//! JUnit XML: a suite for each gate, a case for each piece that it rests on and each finding.

use super::many::Trouble;
use super::{place, sentences, suite};
use crate::decide::gate_of;
use crate::model::{Finding, Level, Piece, State};
use crate::render::{Report, clean};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::collections::BTreeMap;
use std::io;

/// What a report begins with, as it is written here.
pub(super) const OPENING: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"d3p";

/// How a case ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Result {
    Passed,
    Failure,
    /// Nobody can say: a person has to look (DLC-7).
    Error,
    Skipped,
}

struct Case {
    name: String,
    result: Result,
    /// The state, or the level of what does not fail.
    word: &'static str,
    text: Vec<String>,
}

/// The whole report.
pub(super) fn suites(report: &Report<'_>) -> String {
    let suites = cases(report);
    in_memory(|writer| write(writer, report, &suites))
}

/// The cases of each suite, gates in their order.
fn cases<'a>(report: &Report<'a>) -> Vec<(&'a str, Vec<Case>)> {
    let project = report.project;
    let mut all: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    for (piece, state) in report.assessment.states.iter() {
        let result = match state {
            State::Passed => Result::Passed,
            State::Exempt => Result::Skipped,
            // What was found in it says so.
            _ => continue,
        };
        let case = Case { name: named(piece), result, word: state.word(), text: Vec::new() };
        all.entry(gate_of(project, piece).unwrap_or("release")).or_default().push(case);
    }
    for finding in &report.findings {
        all.entry(suite(project, finding)).or_default().push(found(finding));
    }
    for cases in all.values_mut() {
        tell_apart(cases);
    }
    let gates = report.assessment.gates.iter().map(|gate| gate.id.as_str());
    let order = std::iter::once("release").chain(gates);
    order.filter_map(|id| all.remove_entry(id)).collect()
}

fn named(piece: &Piece) -> String {
    format!("{} {}", piece.kind(), clean(piece.id()))
}

fn found(finding: &Finding) -> Case {
    let result = match (&finding.waived, finding.level, finding.effect()) {
        (Some(_), ..) => Result::Skipped,
        (None, Level::Error, Some(State::Review)) => Result::Error,
        (None, Level::Error, _) => Result::Failure,
        (None, Level::Warning | Level::Note, _) => Result::Passed,
    };
    let word = match result {
        Result::Passed | Result::Skipped => finding.level.word(),
        Result::Failure | Result::Error => finding.effect().map_or("error", State::word),
    };
    let name = format!("{} {}", finding.rule.code, place(finding));
    Case { name, result, word, text: sentences(finding) }
}

/// Cases of one name would be one case to whoever reads them.
fn tell_apart(cases: &mut [Case]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases {
        let count = seen.entry(case.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            case.name = format!("{} ({count})", case.name);
        }
    }
}

fn counts<'a>(cases: impl Iterator<Item = &'a Case> + Clone) -> [(&'static str, String); 4] {
    let of = |result: Result| cases.clone().filter(|case| case.result == result).count();
    [
        ("tests", cases.clone().count().to_string()),
        ("failures", of(Result::Failure).to_string()),
        ("errors", of(Result::Error).to_string()),
        ("skipped", of(Result::Skipped).to_string()),
    ]
}

fn write(
    writer: &mut Writer<Vec<u8>>,
    report: &Report<'_>,
    suites: &[(&str, Vec<Case>)],
) -> io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut root = BytesStart::new("testsuites");
    root.push_attribute(("name", &*format!("d3p {}", clean(&report.command))));
    for (key, value) in counts(suites.iter().flat_map(|(_, cases)| cases)) {
        root.push_attribute((key, &*value));
    }
    writer.write_event(Event::Start(root))?;
    write_suites(writer, &report.now.to_string(), suites, "")?;
    writer.write_event(Event::End(BytesEnd::new("testsuites")))
}

/// The suites, each by the name of its gate behind `prefix`.
fn write_suites(
    writer: &mut Writer<Vec<u8>>,
    now: &str,
    suites: &[(&str, Vec<Case>)],
    prefix: &str,
) -> io::Result<()> {
    for (id, cases) in suites {
        let id = &*format!("{prefix}{id}");
        let mut start = BytesStart::new("testsuite");
        start.push_attribute(("name", id));
        for (key, value) in counts(cases.iter()) {
            start.push_attribute((key, &*value));
        }
        start.push_attribute(("time", "0"));
        if !now.is_empty() {
            start.push_attribute(("timestamp", now));
        }
        writer.write_event(Event::Start(start))?;
        for case in cases {
            write_case(writer, id, case)?;
        }
        writer.write_event(Event::End(BytesEnd::new("testsuite")))?;
    }
    Ok(())
}

/// How a report of many releases begins; how many cases there are is told at each suite.
pub(super) fn opening_of_many(command: &str) -> String {
    format!("{OPENING} {command}\">\n")
}

/// The suites of one of many releases.
pub(super) fn of_many(report: &Report<'_>, dir: &str) -> String {
    let prefix = format!("{}: ", xml(&clean(dir)));
    in_memory(|writer| write_suites(writer, &report.now.to_string(), &cases(report), &prefix))
}

/// The suite of a release that could not be judged.
pub(super) fn troubles(dir: &str, own: &[Trouble]) -> String {
    let case = |own: &Trouble| Case {
        name: format!("{} {}:{}", own.rule, own.path, own.line),
        result: Result::Error,
        word: "error",
        text: vec![own.message.clone()],
    };
    let mut cases: Vec<Case> = own.iter().map(case).collect();
    tell_apart(&mut cases);
    let dir = xml(&clean(dir));
    in_memory(|writer| write_suites(writer, "", &[(&dir, cases)], ""))
}

fn in_memory(write: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing into memory cannot fail.
    let _ = write(&mut writer);
    let mut text = String::from_utf8(writer.into_inner()).unwrap_or_default();
    text.push('\n');
    text
}

fn write_case(writer: &mut Writer<Vec<u8>>, suite: &str, case: &Case) -> io::Result<()> {
    let mut start = BytesStart::new("testcase");
    start.push_attribute(("classname", &*format!("d3p.{suite}")));
    start.push_attribute(("name", &*xml(&case.name)));
    start.push_attribute(("time", "0"));
    let element = match case.result {
        Result::Passed if case.text.is_empty() => {
            return writer.write_event(Event::Empty(start));
        }
        Result::Passed => "system-out",
        Result::Failure => "failure",
        Result::Error => "error",
        Result::Skipped => "skipped",
    };
    writer.write_event(Event::Start(start))?;
    let mut inner = BytesStart::new(element);
    let first = case.text.first().map_or(case.word, String::as_str);
    match case.result {
        Result::Passed => {}
        Result::Skipped => {
            let reason = case.text.iter().find(|line| line.starts_with("waived: "));
            inner.push_attribute(("message", &*xml(reason.map_or(first, String::as_str))));
        }
        Result::Failure | Result::Error => {
            inner.push_attribute(("message", &*xml(first)));
            inner.push_attribute(("type", case.word));
        }
    }
    writer.write_event(Event::Start(inner))?;
    let text = match case.result {
        Result::Passed => format!("{}: {}", case.word, case.text.join("\n")),
        _ => case.text.join("\n"),
    };
    writer.write_event(Event::Text(BytesText::new(&xml(&text))))?;
    writer.write_event(Event::End(BytesEnd::new(element)))?;
    writer.write_event(Event::End(BytesEnd::new("testcase")))
}

/// Text without what XML 1.0 cannot hold; control characters are code points already.
fn xml(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
