#![allow(clippy::unwrap_used)]

use super::*;
use crate::import::{junit, sarif};

fn kept(format: ReportFormat, report: &str) -> (Import, String) {
    let redactor = Redactor::new(&[("KEY".to_owned(), "hunter2hunter2".to_owned())]);
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("report"), report).unwrap();
    let root = Root::open(dir.path()).unwrap();
    let (import, kept) = keep(format, "report", &root, &root, &redactor).unwrap();
    let bytes = match kept {
        Kept::Bytes(bytes) => bytes,
        Kept::Held(held) => std::fs::read(held.path()).unwrap(),
        Kept::There(_) => panic!("nothing lies there"),
    };
    assert_eq!(import.sha256, Sha256Digest::of(&bytes).to_string());
    let left = std::fs::read_dir(dir.path().join(".d3p")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "a draft is left");
    (import, String::from_utf8(bytes).unwrap())
}

#[test]
fn a_report_without_secrets_is_kept_as_it_is() {
    let report = "<testsuite ><testcase name='a'/>\n<!-- fine --></testsuite>";
    let (import, text) = kept(ReportFormat::Junit, report);
    assert_eq!((text.as_str(), import.original, import.masked), (report, None, None));
    let (import, text) = kept(ReportFormat::Junit, &format!("\u{feff}{report}"));
    assert_eq!((text.as_str(), import.masked), (report, None));
    assert!(import.original.is_some(), "the mark is gone, and nothing says so");
}

#[test]
fn masks_reach_no_further_than_their_value() {
    // The marks of a private key in two outputs, and a failed test between them.
    let report = "<testsuite><testcase name='reads'><system-out>-----BEGIN PRIVATE KEY-----\
         </system-out></testcase><testcase name='pays'><failure message='twice'/></testcase>\
         <testcase name='writes'><system-out>-----END PRIVATE KEY-----</system-out></testcase>\
         </testsuite>";
    let (import, text) = kept(ReportFormat::Junit, report);
    assert_eq!((import.masked, import.unread), (Some(1), None));
    let suite = junit::parse(&text).unwrap().suites.remove(0);
    assert_eq!((suite.total, suite.passed, suite.failed), (3, 2, 1));
    // A header that ends where the character data does.
    let report = "<testsuite><testcase name='a'><system-out><![CDATA[Authorization: Bearer \
         abcdefgh.ijklmnop]]></system-out></testcase></testsuite>";
    let (import, text) = kept(ReportFormat::Junit, report);
    assert_eq!((import.masked, import.unread), (Some(1), None));
    assert!(text.contains("Bearer [redacted:authorization]</system-out>"), "{text}");
    // Code that ends in a quote, as a scanner shows it.
    let report = r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"s"}},"results":[
        {"ruleId":"R","level":"error","message":{"text":"m"},"snippet":"password=\"hunter9hunter9\";"}]}]}"#;
    let (import, text) = kept(ReportFormat::Sarif, report);
    assert_eq!((import.masked, import.unread), (Some(1), None));
    assert_eq!(sarif::parse(&text).unwrap().found.high, 1);
    assert!(!text.contains("hunter9"), "{text}");
}

#[test]
fn secrets_hide_behind_no_escape_and_no_name() {
    let report = "<testsuite name='hunter2&#104;unter2'><properties><property name='db.password' \
         value='correct horse'/></properties><testcase name='a'><system-out>hunter2<![CDATA[hunt]]>er2\
         </system-out><!-- hunter2hunter2 --></testcase></testsuite>";
    let (import, text) = kept(ReportFormat::Junit, report);
    assert_eq!((import.masked, import.unread), (Some(4), None));
    assert!(!text.contains("hunter2") && !text.contains("horse"), "{text}");
    let report = r#"{"metrics":[{"name":"latency_p99","unit":"ms","value":1,"better":"lower"}],"x-hunter2hunter2":"h\u0075nter2hunter2"}"#;
    let (import, text) = kept(ReportFormat::Performance, report);
    assert!(!text.contains("hunter2"), "{text}");
    assert_eq!((import.masked, import.unread), (Some(2), None));
    let scrape = "# HELP up hunter2hunter2\nup{key=\"hunter2hunter2\",b=\"c\"} 1\n";
    let (import, text) = kept(ReportFormat::Prometheus, scrape);
    assert_eq!(text, "# HELP up [redacted:KEY]\nup{key=\"[redacted:KEY]\",b=\"c\"} 1\n");
    assert_eq!((import.masked, import.unread), (Some(2), None));
}

#[test]
fn what_cannot_be_kept_counts_for_nothing() {
    let (import, text) = kept(ReportFormat::Junit, "<testsuite>hunter2hunter2");
    assert!(import.unread.unwrap().contains("ends inside"));
    assert_eq!(text, "<testsuite>[redacted:KEY]");
    // Two tests of one name would be one.
    let cases = "<testsuite tests='1'><testcase name='hunter2hunter2'/><testcase name='aHVudGVyMmh1bnRlcjI='/></testsuite>";
    let (import, _) = kept(ReportFormat::Junit, cases);
    assert!(import.unread.unwrap().contains("says something else"));
}
