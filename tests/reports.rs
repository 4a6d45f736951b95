//! Reports that real tools wrote, models of what others write, and hostile documents: what the
//! importers make of each. `tests/reports/README.md` says who wrote which.
//!
//! `said.tsv` has what a tool said of its run on the terminal, typed by hand; the snapshot beside
//! each file has all that was read of it.

#![allow(clippy::unwrap_used)]

use d3p::testing::import::{self, ImportError, checks, junit, performance, prometheus, sarif};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Largest sample; larger ones say no more.
const LARGEST: usize = 30_000;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports")
}

/// The samples in `folder`, by name: every file that is no snapshot and no README.
fn samples(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|e| panic!("{folder}: {e}"));
    let files = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let samples: BTreeMap<_, _> = files
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path))
        .filter(|(name, _)| !name.contains(".snap") && name != "README.md")
        .map(|(name, path)| (name, fs::read(path).unwrap()))
        .collect();
    assert!(!samples.is_empty(), "{folder}");
    samples
}

/// Compares what was read with the snapshot that lies beside the sample.
fn compare(folder: &str, name: &str, read: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, read));
}

/// What `parse` makes of `bytes`, as `show` shows it.
fn reading<T>(
    bytes: &[u8],
    parse: fn(&str) -> Result<T, ImportError>,
    show: fn(&T) -> String,
) -> String {
    let parsed = import::decode(bytes.to_vec()).and_then(|text| parse(&text));
    match parsed {
        Ok(report) => show(&report),
        Err(error) => {
            let help =
                error.help.as_deref().map_or(String::new(), |help| format!("help: {help}\n"));
            format!("refused: {error}\n{help}")
        }
    }
}

fn shown_junit(report: &junit::TestReport) -> String {
    let mut out = String::new();
    for suite in &report.suites {
        let junit::TestSuite { name, total, passed, failed, skipped, flaky, .. } = suite;
        writeln!(
            out,
            "{name:?}: {total} tests: {passed} passed, {failed} failed, {skipped} skipped; \
             {flaky} flaky"
        )
        .unwrap();
        for case in &suite.cases {
            let outcome = format!("{:?}", case.outcome).to_lowercase();
            let flaky = if case.flaky { ", flaky" } else { "" };
            let class = case.classname.as_ref().map_or(String::new(), |name| format!("{name:?} "));
            write!(out, "  {outcome}{flaky}: {class}{:?}", case.name).unwrap();
            if let Some(message) = &case.message {
                let start: String = message.chars().take(100).collect();
                write!(out, " {start:?}").unwrap();
            }
            out.push('\n');
        }
    }
    for doubt in &report.doubts {
        writeln!(out, "in doubt: {doubt}").unwrap();
    }
    out
}

fn shown_sarif(report: &sarif::ScanReport) -> String {
    let counts = |of: &sarif::BySeverity| {
        let sarif::BySeverity { critical, high, medium, low } = of;
        format!("{critical} critical, {high} high, {medium} medium, {low} low")
    };
    let mut out = format!("{:?}: {}\n", report.tools, counts(&report.found));
    for (what, of) in [("suppressed", &report.suppressed), ("unchanged", &report.unchanged)] {
        if of.total() > 0 {
            writeln!(out, "{what}: {}", counts(of)).unwrap();
        }
    }
    for finding in &report.findings {
        let start: String = finding.message.chars().take(100).collect();
        let place = finding.path.as_deref().unwrap_or("nowhere");
        let line = finding.line.map_or(String::new(), |line| format!(":{line}"));
        writeln!(out, "  {:?} {} at {place}{line}: {start:?}", finding.severity, finding.rule)
            .unwrap();
    }
    if let Some(reason) = &report.failed {
        writeln!(out, "not carried out: {reason:?}").unwrap();
    }
    for doubt in &report.doubts {
        writeln!(out, "in doubt: {doubt}").unwrap();
    }
    out
}

fn shown_prometheus(samples: &Vec<prometheus::Sample>) -> String {
    let mut out = String::new();
    for prometheus::Sample { name, labels, value, timestamp_ms } in samples {
        let stamp = timestamp_ms.map_or(String::new(), |stamp| format!(" at {stamp}"));
        writeln!(out, "{name:?} {labels:?} {value:?}{stamp}").unwrap();
    }
    out
}

fn shown_performance(report: &performance::PerformanceReport) -> String {
    format!("{report:#?}\n")
}

fn shown_checks(report: &checks::HealthReport) -> String {
    format!("{report:#?}\n")
}

/// What the importer that `format` names makes of `bytes`.
fn read_as(format: &str, bytes: &[u8]) -> String {
    match format {
        "junit" => reading(bytes, junit::parse, shown_junit),
        "sarif" => reading(bytes, sarif::parse, shown_sarif),
        "prometheus" => reading(bytes, prometheus::parse, shown_prometheus),
        "performance" => reading(bytes, performance::parse, shown_performance),
        "checks" => reading(bytes, checks::parse, shown_checks),
        other => panic!("no importer is named {other}"),
    }
}

const FORMATS: [&str; 5] = ["junit", "sarif", "prometheus", "performance", "checks"];

/// Folders of samples, and the importer of each.
fn folders() -> Vec<(String, &'static str)> {
    let all = FORMATS.iter().flat_map(|format| {
        ["", "models/", "hostile/"].map(|parent| (format!("{parent}{format}"), *format))
    });
    all.filter(|(folder, _)| root().join(folder).is_dir()).collect()
}

#[test]
fn every_sample_is_read_as_its_snapshot_says() {
    let mut snapshots = BTreeSet::new();
    for (folder, format) in folders() {
        for (name, bytes) in samples(&folder) {
            compare(&folder, &name, &read_as(format, &bytes));
            snapshots.insert(root().join(&folder).join(format!("{name}.snap")));
        }
        let entries = fs::read_dir(root().join(&folder)).unwrap();
        for path in entries.map(|entry| entry.unwrap().path()) {
            let is_snapshot = path.extension().is_some_and(|extension| extension == "snap");
            assert!(!is_snapshot || snapshots.contains(&path), "no sample: {}", path.display());
        }
    }
}

/// The lines of `said.tsv` for `folder`: name of the file, and the numbers.
fn said(folder: &str) -> BTreeMap<String, Vec<u64>> {
    let text = fs::read_to_string(root().join("said.tsv")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let rows = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row[0].starts_with(&format!("{folder}/")))
        .map(|row| {
            let numbers =
                row[1].split(' ').map(|n| n.parse().unwrap_or_else(|e| panic!("{e}: {row:?}")));
            (row[0][folder.len() + 1..].to_owned(), numbers.collect())
        })
        .collect()
}

#[test]
fn what_is_read_of_test_reports_is_what_the_tools_said() {
    let mut read = BTreeMap::new();
    for (name, bytes) in samples("junit") {
        let report = junit::parse(&import::decode(bytes).unwrap()).unwrap();
        let sum = |of: fn(&junit::TestSuite) -> u64| report.suites.iter().map(of).sum();
        let doubts = report.doubts.len() as u64;
        let numbers =
            [sum(|s| s.passed), sum(|s| s.failed), sum(|s| s.skipped), sum(|s| s.flaky), doubts];
        read.insert(name, numbers.to_vec());
    }
    assert_eq!(read, said("junit"));
}

#[test]
fn what_is_read_of_scans_is_what_the_scanners_said() {
    let mut read = BTreeMap::new();
    for (name, bytes) in samples("sarif") {
        let report = sarif::parse(&import::decode(bytes).unwrap()).unwrap();
        let sarif::BySeverity { critical, high, medium, low } = report.found;
        let (suppressed, failed) = (report.suppressed.total(), u64::from(report.failed.is_some()));
        let doubts = report.doubts.len() as u64;
        read.insert(name, vec![critical, high, medium, low, suppressed, failed, doubts]);
    }
    assert_eq!(read, said("sarif"));
}

#[test]
fn samples_are_small_and_say_nothing_of_a_machine() {
    for (folder, _) in folders() {
        for (name, bytes) in samples(&folder) {
            assert!(bytes.len() <= LARGEST, "{folder}/{name}: {} bytes", bytes.len());
            let text = String::from_utf8_lossy(&bytes);
            for place in ["/root/", "/home/", "/work/", "/Users/", "\\Users\\"] {
                assert!(!text.contains(place), "{folder}/{name}: {place}");
            }
        }
    }
}

/// A report that is made while it is read: a beginning, `times` pieces, an end.
#[cfg(target_os = "linux")]
struct Made {
    begin: &'static str,
    piece: fn(usize) -> String,
    times: usize,
    end: &'static str,
}

#[cfg(target_os = "linux")]
impl import::Source for Made {
    fn open(&self) -> std::io::Result<Box<dyn std::io::Read + '_>> {
        struct Pieces<'a>(&'a Made, usize, std::collections::VecDeque<u8>);
        impl std::io::Read for Pieces<'_> {
            fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
                while self.2.is_empty() && self.1 <= self.0.times {
                    let piece = (self.0.piece)(self.1);
                    self.2.extend(piece.bytes());
                    self.1 += 1;
                    if self.1 > self.0.times {
                        self.2.extend(self.0.end.bytes());
                    }
                }
                self.2.read(into)
            }
        }
        Ok(Box::new(Pieces(self, 1, self.begin.bytes().collect())))
    }
}

/// The most memory that this process had, in KiB.
#[cfg(target_os = "linux")]
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Reads and copies reports that are made on the way. `IMPORT_SCALE=100` makes them as large as the
/// largest that are meant: 500,000 test cases, and more than 100 MB of SARIF.
#[test]
#[cfg(target_os = "linux")]
fn the_size_of_a_report_costs_next_to_no_memory() {
    // The peak is that of the whole process, which other tests share: so it is measured in one of its own.
    if std::env::var_os("ALONE").is_none() {
        let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
        alone
            .args(["--exact", "reports::the_size_of_a_report_costs_next_to_no_memory"])
            .env("ALONE", "1");
        let said = alone.output().unwrap();
        let told = String::from_utf8_lossy(&said.stdout);
        assert!(said.status.success() && told.contains("1 passed"), "{told}");
        return;
    }
    let scale: usize = std::env::var("IMPORT_SCALE").map_or(1, |scale| scale.parse().unwrap());
    let junit = Made {
        begin: "<testsuites><testsuite name='s'>",
        piece: |n| {
            format!(
                "<testcase classname='shop.orders.test_{}' name='test_case_{n}' time='0.1'>\
                 <system-out>order {n} was kept, paid and sent</system-out></testcase>\n",
                n % 100
            )
        },
        times: 5_000 * scale,
        end: "</testsuite></testsuites>",
    };
    let scan = Made {
        begin: r#"{"version":"2.1.0","runs":[{"results":[{}"#,
        piece: |n| {
            format!(
                r#",{{"ruleId":"R{}","level":"note","message":{{"text":"the value of {n} is not looked at"}},
                "locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":"src/{n}.py"}},"region":{{"startLine":{n}}}}}}}],
                "partialFingerprints":{{"primaryLocationLineHash":"{n:032x}"}},"properties":{{"tags":["security","correctness"]}}}}"#,
                n % 100
            )
        },
        times: 3_000 * scale,
        end: r#"],"tool":{"driver":{"name":"scanner"}}}]}"#,
    };
    let mask = |_: &str, value: &str| value.ends_with("99").then(|| "[redacted]".to_owned());
    let before = peak();
    let report = junit::read(&junit).unwrap();
    assert_eq!(report.suites[0].passed, junit.times as u64);
    assert!(import::copy::xml(&junit, &mask, &mut std::io::sink()).unwrap() > 0);
    drop(report);
    let report = sarif::read(&scan).unwrap();
    assert_eq!(report.found.low, scan.times as u64);
    assert!(import::copy::json(&scan, &mask, &mut std::io::sink()).unwrap() > 0);
    let grown = peak() - before;
    // Kept one by one are 10,000 cases and 1,000 findings; each case more costs a few numbers.
    let most = 24 * 1024 + 256 * scale as u64;
    assert!(grown < most, "{grown} KiB more, not {most}");
}
