//! What the fuzzers found, replayed: the corpus in `fuzz/corpus/`, inputs that once broke a
//! property in `fuzz/regressions/`, and every sample in `tests/reports/`.
#![allow(clippy::unwrap_used)]

mod mutated;
mod properties;
pub(crate) mod sign;
mod timestamp;

use d3p::testing::model::Stamp;
use d3p::testing::sign::{AllowedSigners, NAMESPACE};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Most files of one corpus, and the largest size of one.
const MOST: usize = 200;
const LARGEST: usize = 4096;

/// Longest that one input may take, a debug build on a busy machine included.
const LONGEST: Duration = Duration::from_secs(10);

type Property = fn(&[u8]);

const TARGETS: [(&str, Property); 9] = [
    ("junit", properties::junit),
    ("sarif", properties::sarif),
    ("prometheus", properties::prometheus),
    ("performance", properties::performance),
    ("checks", properties::checks),
    ("markers", properties::markers),
    ("sshsig", sign::sshsig),
    ("allowed_signers", sign::allowed_signers),
    ("timestamp", timestamp::timestamp),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A published package holds no `fuzz/`: that is a package of its own.
fn is_published() -> bool {
    root().join("Cargo.toml.orig").exists()
}

/// The files in `directory`, in order; none when it does not exist.
fn files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// Holds `property` against each of `files`, and names the one that breaks it.
fn replay(property: Property, files: &[PathBuf]) {
    for path in files {
        let bytes = fs::read(path).unwrap();
        let begun = Instant::now();
        if std::panic::catch_unwind(|| property(&bytes)).is_err() {
            panic!("{} breaks a property, see above", path.display());
        }
        let took = begun.elapsed();
        assert!(took < LONGEST, "{} took {took:?}", path.display());
    }
}

#[test]
fn what_was_found_breaks_nothing() {
    if is_published() {
        return;
    }
    for (target, property) in TARGETS {
        let corpus = files(&root().join("fuzz/corpus").join(target));
        assert!(!corpus.is_empty() && corpus.len() <= MOST, "{target}: {} files", corpus.len());
        for path in &corpus {
            let size = fs::metadata(path).unwrap().len();
            assert!(size <= LARGEST as u64, "{}: {size} bytes", path.display());
        }
        replay(property, &corpus);
        replay(property, &files(&root().join("fuzz/regressions").join(target)));
    }
}

/// The samples that the property of allowed signers asks about do let Ana sign.
#[test]
fn samples_of_signatures_are_good() {
    let signers = AllowedSigners::parse(include_str!("../sshsig/samples/signers"));
    assert_eq!((signers.lines.len(), signers.faults.len()), (2, 0));
    let at = Stamp::parse("2026-06-01T12:00:00Z").unwrap();
    for signature in sign::SIGNED.iter() {
        assert_eq!(signature.verify(sign::TEXT.as_bytes()), Ok(()));
        assert!(signers.find(sign::ANA, signature, NAMESPACE, at).is_ok());
    }
}

#[test]
fn samples_break_nothing() {
    for (target, property) in TARGETS {
        for folder in ["", "models/", "hostile/"] {
            let folder = root().join("tests/reports").join(format!("{folder}{target}"));
            replay(property, &files(&folder));
        }
    }
}

/// What a report repeats many times must cost so many times as much, and not the square of it.
#[test]
fn long_reports_take_no_longer_than_they_are() {
    let many = |text: &str| text.repeat(100_000 / text.len());
    let numbered = |make: fn(usize) -> String| (0..4_000).map(make).collect::<String>();
    let suites = |inner: String| format!("<testsuite name='s' tests='1'>{inner}</testsuite>");
    for text in [
        suites(many("<testcase name='t'/>")),
        suites(many("<testcase name='t'><failure>x</failure></testcase>")),
        suites(format!("<testcase name='t'>{}</testcase>", many("<failure message='m'/>"))),
        suites(format!("<testcase name='t'><failure>{}</failure></testcase>", many("&#10;x"))),
        suites(many("<testsuite name='a'><testcase name='t'/></testsuite>")),
        suites(numbered(|n| format!("<testsuite name='{n}'><testcase name='t'/></testsuite>"))),
        suites(many("<!-- -->") + "<testcase name='t'/>"),
        many("<testsuite>"),
    ] {
        timed(properties::junit, &text);
    }
    let log = |rules: &str, results: &str| {
        format!(
            "{{\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{{\"name\":\"s\",\"rules\":\
             [{rules}{{}}]}}}},\"results\":[{results}{{}}]}}]}}"
        )
    };
    let rules = numbered(|n| format!("{{\"id\":\"r{n}\"}},"));
    let results = numbered(|n| format!("{{\"ruleId\":\"r{n}/a/b/c\"}},"));
    for text in [
        log(&rules, &results),
        log("", &many("{\"message\":{\"text\":\"{0}{0}{0}\",\"arguments\":[\"x\"]}},")),
        log("", &format!("{{\"message\":{{\"text\":\"{}\"}}}},", many("{"))),
        log("", &format!("{{\"ruleId\":\"{}\"}},", many("/"))),
        log("", &format!("{}1,", many("{},"))),
        many("["),
    ] {
        timed(properties::sarif, &text);
    }
    for text in [
        numbered(|n| format!("a{{x=\"{n}\"}} 1\n")),
        format!("a{{x=\"{}\"}} 1\n", many("\\n")),
        many("# comment\n") + "a 1\n",
        many("a{") + " 1\n",
    ] {
        timed(properties::prometheus, &text);
    }
    for text in [many("::service api=healthy\n"), many("::service\n"), many("\u{1b}[m")] {
        timed(properties::markers, &text);
    }
    let metric = |n: usize| format!("{{\"name\":\"m{n}\",\"unit\":\"ms\",\"value\":1}},");
    let metrics: String = (0..2_000).map(metric).collect();
    let twice = format!("{{\"metrics\":[{metrics}{}]}}", metric(1).trim_end_matches(','));
    timed(properties::performance, &twice);
}

/// Holds `property` against a long text, in a time that its square would exceed.
fn timed(property: Property, text: &str) {
    let begun = Instant::now();
    property(text.as_bytes());
    let took = begun.elapsed();
    let start: String = text.chars().take(60).collect();
    assert!(took < LONGEST, "{} bytes of {start} took {took:?}", text.len());
}
