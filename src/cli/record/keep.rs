//! The copy of a report that is kept: the report itself where it holds no secret, else the same
//! written anew without them.

use crate::definition::ReportFormat;
use crate::import::{self, Source, checks, copy, junit, performance, prometheus, sarif};
use crate::model::Sha256Digest;
use crate::process::Redactor;
use crate::record::Import;

/// The copy of `bytes`, a report of `format` that lay at `source`, and what is recorded of it. Where
/// the copy lies is left open.
///
/// What is counted must be the same in both: where masks would change it, the report counts as one
/// that cannot be read.
pub(in crate::cli) fn keep(
    format: ReportFormat,
    source: &str,
    bytes: Vec<u8>,
    redactor: &Redactor,
) -> (Import, Vec<u8>) {
    let original = Sha256Digest::of(&bytes).to_string();
    let (kept, masked, unread) = match copied(format, &bytes, redactor) {
        Ok(None) => (without_mark(&bytes).to_vec(), None, None),
        Ok(Some((kept, masked))) => (kept, Some(masked), None),
        Err(why) => {
            let text = String::from_utf8_lossy(without_mark(&bytes)).replace('\0', "\u{fffd}");
            (redactor.redact_text(&text).into_bytes(), None, Some(redactor.redact_text(&why)))
        }
    };
    let sha256 = Sha256Digest::of(&kept).to_string();
    let import = Import {
        format: format.word().to_owned(),
        // A name may hold a secret, too.
        source: redactor.redact_text(source),
        original: (original != sha256).then_some(original),
        sha256,
        masked,
        unread,
        ..Import::default()
    };
    (import, kept)
}

/// `bytes` without a byte order mark, which counts for nothing.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The report written anew, and how many of its values were masked; nothing where none has to be.
fn copied(
    format: ReportFormat,
    bytes: &[u8],
    redactor: &Redactor,
) -> Result<Option<(Vec<u8>, u64)>, String> {
    let said = |error: import::ImportError| error.to_string();
    let before = numbers(format, &bytes).map_err(said)?;
    let mask = |name: &str, value: &str| redactor.redact_value(name, value);
    let mut kept = Vec::with_capacity(bytes.len());
    let masked = match format {
        ReportFormat::Junit => copy::xml(&bytes, &mask, &mut kept),
        ReportFormat::Prometheus => copy::exposition(&bytes, &mask, &mut kept),
        _ => copy::json(&bytes, &mask, &mut kept),
    };
    let masked = masked.map_err(said)?;
    if masked == 0 {
        return Ok(None);
    }
    match numbers(format, &kept.as_slice()) {
        Ok(after) if after == before => Ok(Some((kept, masked))),
        _ => Err("it cannot be kept: without its secrets it says something else; \
                  do not name tests, rules or metrics after secrets"
            .to_owned()),
    }
}

/// Everything in a report that can be counted, and nothing that may be a secret.
fn numbers(format: ReportFormat, source: &dyn Source) -> Result<Vec<u64>, import::ImportError> {
    let text = || import::read_text(source);
    Ok(match format {
        ReportFormat::Junit => {
            let report = junit::read(source)?;
            let suites = report.suites.iter().flat_map(|suite| {
                [suite.passed, suite.failed, suite.skipped, suite.unwritten, suite.flaky]
            });
            let mut numbers: Vec<u64> = suites.collect();
            // Masks may change the order of names.
            numbers.sort_unstable();
            numbers.extend([report.doubts.len() as u64, report.identities.len() as u64]);
            numbers
        }
        ReportFormat::Sarif => {
            let report = sarif::read(source)?;
            let counts = [report.found, report.suppressed, report.unchanged];
            let counts = counts.iter().flat_map(|of| [of.critical, of.high, of.medium, of.low]);
            let rest = [report.undecided, u64::from(report.failed.is_some())];
            counts.chain(rest).chain([report.doubts.len() as u64]).collect()
        }
        ReportFormat::Prometheus => {
            let samples = prometheus::parse(&text()?)?;
            samples.iter().map(|sample| sample.value.to_bits()).collect()
        }
        ReportFormat::Health => {
            let report = checks::parse(&text()?)?;
            let checks = report.checks.iter().map(|check| u64::from(check.passed));
            checks.chain(report.metrics.iter().map(|metric| metric.value.to_bits())).collect()
        }
        ReportFormat::Performance | ReportFormat::Configuration | ReportFormat::Baseline => {
            let report = performance::parse(&text()?)?;
            let values = report.metrics.iter().map(|metric| metric.value.to_bits());
            values.chain(report.suites.iter().map(|(_, total)| *total)).collect()
        }
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn kept(format: ReportFormat, report: &str) -> (Import, String) {
        let redactor = Redactor::new(&[("KEY".to_owned(), "hunter2hunter2".to_owned())]);
        let (import, bytes) = keep(format, "a report", report.as_bytes().to_vec(), &redactor);
        assert_eq!(import.sha256, Sha256Digest::of(&bytes).to_string());
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
}
