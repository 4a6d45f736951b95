//! What must hold of an importer whatever bytes it is given, one function for each.
//!
//! The fuzzers in `fuzz/` look for bytes that break one of these; the replay beside this file runs
//! them on the bytes that were found. A property is never that some input is accepted: only that
//! an answer is an answer. None of them may take more than a moment.

use d3p::testing::import::prometheus::Sample;
use d3p::testing::import::sarif::Severity;
use d3p::testing::import::{
    self, ImportError, Source, checks, copy, junit, performance, prometheus, sarif,
};
use d3p::testing::import::{junit::Outcome, markers::Markers};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::io::Write;

/// Most characters of a message that is kept, and the mark that it was cut.
const LONGEST_MESSAGE: usize = 1001;

/// JUnit XML.
pub(crate) fn junit(bytes: &[u8]) {
    let Some((text, report)) = read(bytes, junit::parse) else { return };
    let mut names = BTreeSet::new();
    let (mut total, mut kept) = (0, 0);
    assert!(!report.suites.is_empty(), "an empty run was read");
    for suite in &report.suites {
        assert!(names.insert(&suite.name), "the suite {:?} comes twice", suite.name);
        let of = |outcome| suite.cases.iter().filter(|case| case.outcome == outcome).count() as u64;
        let flaky = suite.cases.iter().filter(|case| case.flaky);
        assert!(flaky.clone().all(|case| case.outcome == Outcome::Passed));
        let written = suite.total - suite.unwritten;
        assert_eq!(written, suite.passed + suite.failed + suite.skipped - suite.unwritten);
        // Of a long report not every case is kept.
        if suite.cases.len() as u64 == written {
            assert_eq!(suite.passed, of(Outcome::Passed));
            assert_eq!(suite.failed, of(Outcome::Failed));
            assert_eq!(suite.skipped - suite.unwritten, of(Outcome::Skipped));
            assert_eq!(suite.flaky, flaky.count() as u64);
        }
        kept += suite.cases.len();
        assert!(suite.total > 0, "a suite without a case was read");
        suite.cases.iter().for_each(|case| is_short(case.message.as_deref()));
        total += suite.total - suite.unwritten;
    }
    assert!(names.iter().is_sorted());
    // Each case is an element of its own, or a failure outside of every case.
    let elements = ["testcase", "failure", "error"].map(|word| text.matches(word).count());
    assert!(total <= elements.iter().sum::<usize>() as u64, "more was counted than was read");
    // Runs of one test that are told as cases are one case, and were kept as several.
    assert!(kept as u64 == total || total > junit::MAX_KEPT as u64 / 2);
    are_doubts(&report.doubts);
    assert!(report.identities.is_sorted_by(|a, b| a < b));
    assert!(report.identities.len() as u64 <= total);
    is_copied(bytes, copy::xml, |copied| junit::read(&copied).map(|again| again.suites.len()));
}

/// What nothing is taken out of says the same when it is written again; and what everything that
/// can be is taken out of can be read.
fn is_copied<T: Debug>(
    bytes: &[u8],
    copy: fn(&dyn Source, &copy::Mask<'_>, &mut dyn Write) -> Result<u64, ImportError>,
    read: fn(&[u8]) -> Result<T, ImportError>,
) {
    let mut same = Vec::new();
    assert_eq!(copy(&bytes, &|_, _| None, &mut same), Ok(0), "what was read cannot be copied");
    assert_same(&read(bytes), &read(&same));
    let mut masked = Vec::new();
    let mask = |_: &str, value: &str| {
        value.contains(char::is_whitespace).then(|| "\"<&]]>--\\\n".to_owned())
    };
    copy(&bytes, &mask, &mut masked).expect("a mask keeps it from being copied");
    assert!(std::str::from_utf8(&masked).is_ok());
}

/// Doubts are few, short, on one line, and end without a full stop.
fn are_doubts(doubts: &[String]) {
    assert!(doubts.len() <= 21);
    for doubt in doubts {
        assert!(!doubt.trim().is_empty() && !doubt.ends_with('.'), "{doubt:?}");
        is_short(Some(&doubt[..doubt.floor_char_boundary(LONGEST_MESSAGE / 2)]));
    }
}

/// SARIF.
pub(crate) fn sarif(bytes: &[u8]) {
    let Some((text, report)) = read(bytes, sarif::parse) else { return };
    let of = |severity| report.findings.iter().filter(|f| f.severity == severity).count() as u64;
    let found = report.found.total();
    match found <= sarif::MAX_KEPT as u64 {
        true => {
            assert_eq!(report.found.critical, of(Severity::Critical));
            assert_eq!(report.found.high, of(Severity::High));
            assert_eq!(report.found.medium, of(Severity::Medium));
            assert_eq!(report.found.low, of(Severity::Low));
        }
        false => assert_eq!(report.findings.len(), sarif::MAX_KEPT),
    }
    assert!(report.unchanged.total() <= found);
    are_doubts(&report.doubts);
    is_copied(bytes, copy::json, |copied| {
        sarif::read(&copied).map(|again| (again.found, again.suppressed, again.doubts))
    });
    // Each result is an object of its own.
    let objects = text.matches('{').count() as u64;
    assert!(found + report.suppressed.total() + report.undecided < objects);
    assert!(!report.tools.is_empty());
    assert!(report.tools.is_sorted_by(|a, b| a < b), "a tool comes twice, or out of order");
    for finding in &report.findings {
        assert!(!finding.rule.trim().is_empty());
        assert_ne!(finding.line, Some(0));
        let texts = [Some(&finding.rule), Some(&finding.message), finding.path.as_ref()];
        texts.into_iter().for_each(|text| is_short(text.map(String::as_str)));
    }
}

/// Prometheus text. Each sample, written again, is read as the same sample, and is found by a
/// selector that names all its labels, unless another sample has these labels and more.
pub(crate) fn prometheus(bytes: &[u8]) {
    let Some((text, samples)) = read(bytes, prometheus::parse) else { return };
    assert!(!samples.is_empty());
    assert!(samples.len() <= text.split('\n').count(), "more was counted than was read");
    let mut series = BTreeSet::new();
    for sample in samples.iter().take(100) {
        assert!(!sample.name.is_empty());
        assert!(sample.labels.is_sorted_by(|a, b| a.0 < b.0));
        assert!(series.insert((&sample.name, &sample.labels)), "a series comes twice");
        let selector = written(sample);
        let stamp = sample.timestamp_ms.map_or(String::new(), |stamp| format!(" {stamp}"));
        let again = prometheus::parse(&format!("{selector} {}{stamp}\n", sample.value));
        assert_eq!(format!("{again:?}"), format!("{:?}", Ok::<_, ImportError>(vec![sample])));
        let holds = |other: &&Sample| {
            other.name == sample.name && sample.labels.iter().all(|l| other.labels.contains(l))
        };
        let selected = prometheus::select(&samples, &selector);
        match samples.iter().filter(holds).count() == 1 && sample.value.is_finite() {
            true => assert_eq!(selected, Ok(sample.value)),
            false => assert!(selected.is_err()),
        }
    }
    is_copied(bytes, copy::exposition, |copied| {
        import::read_text(&copied).and_then(|text| prometheus::parse(&text))
    });
    // What was scraped can be what somebody asks for.
    let first = text.lines().next().unwrap_or_default();
    assert_same(&prometheus::select(&samples, first), &prometheus::select(&samples, first));
}

/// Performance reports, and evidence as a baseline.
pub(crate) fn performance(bytes: &[u8]) {
    for parse in [performance::parse, performance::baseline] {
        let Some((text, report)) = read(bytes, parse) else { continue };
        let metrics: BTreeSet<&str> = report.metrics.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(metrics.len(), report.metrics.len(), "a metric comes twice");
        assert!(report.metrics.iter().all(|metric| metric.value.is_finite()));
        let suites: BTreeSet<&str> = report.suites.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(suites.len(), report.suites.len(), "a suite comes twice");
        assert!(report.suites.iter().all(|(_, total)| *total <= 1 << 53));
        assert!(metrics.len() + suites.len() < text.matches('{').count());
    }
}

/// Health checks.
pub(crate) fn checks(bytes: &[u8]) {
    let Some((text, report)) = read(bytes, checks::parse) else { return };
    assert!(!report.checks.is_empty());
    let names: BTreeSet<_> = report.checks.iter().map(|c| (&c.service, &c.name)).collect();
    assert_eq!(names.len(), report.checks.len(), "a check comes twice");
    assert!(report.checks.iter().all(|c| !c.name.is_empty() && !c.service.is_empty()));
    let metrics: BTreeSet<_> = report.metrics.iter().map(|metric| &metric.name).collect();
    assert_eq!(metrics.len(), report.metrics.len(), "a metric comes twice");
    assert!(report.metrics.iter().all(|metric| metric.value.is_finite()));
    assert!(names.len() + metrics.len() < text.matches('{').count());
}

/// Markers. Every line that begins as one is counted as what it says, or told as malformed.
pub(crate) fn markers(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let read = Markers::read(&text);
    assert_same(&read, &Markers::read(&text));
    let known = ["::service ", "::metric ", "::critical ", "::incident ", "::observation "];
    let count = |words: &[&str]| {
        let begins = |line: &&str| words.iter().any(|word| line.starts_with(word));
        text.strip_prefix('\u{feff}').unwrap_or(&text).split('\n').filter(begins).count()
    };
    let malformed = read.malformed.len();
    assert!(malformed <= text.matches("::").count());
    // What two lines say together, such as a metric told twice, is of no line, and comes last.
    let of_lines: Vec<usize> =
        read.malformed.iter().map(|(line, _)| *line).filter(|line| *line > 0).collect();
    assert!(of_lines.is_sorted_by(|a, b| a < b));
    let lines = text.split('\n').count();
    assert!(of_lines.iter().all(|line| *line <= lines));
    let loud = read.critical.len() + read.incidents.len();
    assert!(loud + malformed >= count(&known[2..4]), "an incident was lost");
    let names = read.services.iter().map(|service| &service.name);
    assert!(names.collect::<Vec<_>>().is_sorted_by(|a, b| a < b));
    assert!(read.metrics.is_sorted_by(|a, b| a.0 < b.0));
    for said in read.critical.iter().chain(&read.incidents) {
        assert!(!said.trim().is_empty());
        is_short(Some(said));
    }
    // Where one marker of a kind stands, and nothing is malformed, it says something.
    if malformed == 0 {
        assert!(!read.services.is_empty() || count(&known[..1]) == 0, "a service was lost");
        assert!(!read.metrics.is_empty() || count(&known[1..2]) == 0, "a metric was lost");
        assert!(read.observation.is_some() || count(&known[4..]) == 0, "a line was lost");
    }
}

/// Decodes and parses twice. Gives the text and what was read; checks what is said of an error.
fn read<T: Debug>(bytes: &[u8], parse: fn(&str) -> Result<T, ImportError>) -> Option<(String, T)> {
    let decoded = import::decode(bytes.to_vec());
    assert_same(&decoded, &import::decode(bytes.to_vec()));
    let text = match decoded {
        Ok(text) => text,
        Err(error) => {
            is_an_answer("", &error);
            return None;
        }
    };
    let parsed = parse(&text);
    assert_same(&parsed, &parse(&text));
    // A mark at the start changes nothing, wherever it is taken off.
    if !text.starts_with('\u{feff}') {
        assert_same(&parsed, &parse(&format!("\u{feff}{text}")));
    }
    match parsed {
        Ok(parsed) => Some((text, parsed)),
        Err(error) => {
            is_an_answer(&text, &error);
            None
        }
    }
}

/// An error says something, not too much, on one line, and of a place that exists.
fn is_an_answer(text: &str, error: &ImportError) {
    let message = &error.message;
    assert!(!message.trim().is_empty() && !message.ends_with('.'), "{message:?}");
    assert!(message.chars().count() <= LONGEST_MESSAGE, "{message:?}");
    assert!(!message.chars().any(char::is_control), "{message:?}");
    if let Some(help) = &error.help {
        assert!(
            !help.chars().any(char::is_control) && help.len() < 4 * LONGEST_MESSAGE,
            "{help:?}"
        );
    }
    if let Some(at) = error.position {
        let line = text.split('\n').nth(at.line - 1);
        let columns = line.map(|line| 1 + line.chars().count());
        assert!(columns.is_some_and(|last| (1..=last).contains(&at.column)), "{at:?}: {message}");
    }
}

/// A series, with its name in quotes, as Prometheus writes names beyond ASCII.
fn written(sample: &Sample) -> String {
    let quoted = |text: &str| {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("\"{escaped}\"")
    };
    let mut parts = vec![quoted(&sample.name)];
    parts.extend(sample.labels.iter().map(|(k, v)| format!("{}={}", quoted(k), quoted(v))));
    format!("{{{}}}", parts.join(","))
}

fn is_short(message: Option<&str>) {
    let length = message.map_or(0, |message| message.chars().count());
    assert!(length <= LONGEST_MESSAGE, "{length} characters");
}

/// Compares what is shown: `NaN` is not equal to itself.
fn assert_same(a: &impl Debug, b: &impl Debug) {
    assert_eq!(format!("{a:?}"), format!("{b:?}"), "read twice, and not the same");
}
