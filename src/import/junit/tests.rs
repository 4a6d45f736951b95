//! The shapes that suites and cases come in. Whole reports are in `tests/reports/junit`.

#![allow(clippy::unwrap_used)]

use super::{Outcome, TestReport, parse};
use crate::import::ImportError;

fn read(text: &str) -> TestReport {
    parse(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn refused(text: &str) -> ImportError {
    parse(text).expect_err(text)
}

/// Outcome, flakiness and message of the one case of `inner`.
fn case(attributes: &str, inner: &str) -> (Outcome, bool, Option<String>) {
    let text = format!("<testsuite><testcase name='t'{attributes}>{inner}</testcase></testsuite>");
    let mut report = read(&text);
    let case = report.suites[0].cases.remove(0);
    (case.outcome, case.flaky, case.message)
}

fn said(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn outcomes() {
    use Outcome::{Failed, Passed, Skipped};
    assert_eq!(case("", ""), (Passed, false, None));
    assert_eq!(case("", "<system-out>failure</system-out>"), (Passed, false, None));
    assert_eq!(case("", "<failure message='no'/>"), (Failed, false, said("no")));
    assert_eq!(case("", "<error>\n  first\n  second</error>"), (Failed, false, said("first")));
    assert_eq!(case("", "<skipped/>"), (Skipped, false, None));
    assert_eq!(case("", "<skipped message='a &lt; b&#10;c'/>"), (Skipped, false, said("a < b\nc")));
    assert_eq!(case("", "<flakyFailure message='once'/>"), (Passed, true, said("once")));
    let reruns = "<failure message='a'/><rerunFailure message='b'/><rerunFailure message='c'/>";
    assert_eq!(case("", reruns), (Failed, false, said("a")));
    assert_eq!(case("", "<flakyError/><failure message='a'/>"), (Failed, false, said("a")));
    assert_eq!(case("", "<rerunError/>"), (Failed, false, None));
    assert_eq!(case("", "<failure type='test timeout'/>"), (Failed, false, said("test timeout")));
    assert_eq!(case("", "<failure type='T'>why</failure>"), (Failed, false, said("why")));
    assert_eq!(case("", "<skipped/><failure message='a'/>"), (Failed, false, said("a")));
    assert_eq!(case(" status='fail'", ""), (Failed, false, None));
    assert_eq!(case(" status='run' result='skipped'", ""), (Skipped, false, None));
    assert_eq!(case(" status='notrun'", ""), (Skipped, false, None));
    assert_eq!(case(" status='failed'", "<skipped/>"), (Failed, false, None));
    assert_eq!(
        case("", "<failure><![CDATA[<a> & b]]></failure>"),
        (Failed, false, said("<a> & b"))
    );
    // Only the child itself counts, not what lies in it or beside it.
    assert_eq!(case("", "<properties><failure/></properties>"), (Passed, false, None));
}

#[test]
fn names_are_joined_and_merged() {
    let names = |text: &str| -> Vec<(String, u64)> {
        read(text).suites.into_iter().map(|suite| (suite.name, suite.total)).collect()
    };
    let one = |name: &str, total| vec![(name.to_owned(), total)];
    let case = "<testcase name='t'/>";
    assert_eq!(names(&format!("<testsuite>{case}</testsuite>")), one("unnamed", 1));
    assert_eq!(names(&format!("<testsuite name='a'>{case}</testsuite>")), one("a", 1));
    let root = format!("<testsuites name='r'><testsuite name=' '>{case}</testsuite></testsuites>");
    assert_eq!(names(&root), one("r", 1));
    assert_eq!(names(&format!("<testsuites name='r'>{case}</testsuites>")), one("r", 1));
    let nested = format!(
        "<testsuites name='r'><testsuite name='a'><testsuite><testsuite name='b'>{case}\
         </testsuite></testsuite></testsuite></testsuites>"
    );
    assert_eq!(names(&nested), one("a/b", 1));
    let twice = format!(
        "<testsuites><testsuite name='b'>{case}</testsuite><testsuite name='a'>{case}</testsuite>\
         <testsuite name='b'>{case}{case}</testsuite></testsuites>"
    );
    assert_eq!(names(&twice), [("a".to_owned(), 1), ("b".to_owned(), 3)]);
}

#[test]
fn a_failure_outside_of_cases_counts() {
    let report = read("<testsuite><testcase name='t'/><error message='setup'/></testsuite>");
    let suite = &report.suites[0];
    assert_eq!((suite.total, suite.passed, suite.failed), (2, 1, 1));
    assert_eq!(suite.cases[1].message, said("setup"));
}

#[test]
fn claims_are_compared_with_every_honest_reading() {
    let disagreements = |attributes: &str, inner: &str| -> Vec<String> {
        read(&format!("<testsuite {attributes}>{inner}</testsuite>"))
            .disagreements
            .into_iter()
            .map(|d| format!("{} {} {}", d.attribute, d.claimed, d.counted))
            .collect()
    };
    let none: [&str; 0] = [];
    let pass = "<testcase name='p'/>";
    let fail = "<testcase name='f'><failure/></testcase>";
    let error = "<testcase name='e'><error/></testcase>";
    let skip = "<testcase name='s'><skipped/></testcase>";
    let all = format!("{pass}{fail}{error}{skip}");
    assert_eq!(disagreements("", &all), none);
    assert_eq!(disagreements("tests='4' failures='1' errors='1' skipped='1'", &all), none);
    assert_eq!(disagreements("tests='3' failures='2' errors='0' skipped='1'", &all), none);
    assert_eq!(disagreements("tests='6'", &all), ["tests 6 4"]);
    assert_eq!(disagreements("tests='2'", pass), ["tests 2 1"]);
    assert_eq!(disagreements("failures='0'", &all), ["failures 0 2"]);
    assert_eq!(disagreements("failures='1' errors='0'", &all), ["errors 0 1"]);
    assert_eq!(disagreements("skipped='0'", &all), ["skipped 0 1"]);
    assert_eq!(disagreements("tests='-1' failures='' errors='1.0'", pass).len(), 3);
    // A suite may count those within it, or not.
    let within = format!("{pass}<testsuite name='w'>{fail}</testsuite>");
    assert_eq!(disagreements("tests='1' failures='0'", &within), none);
    assert_eq!(disagreements("tests='2' failures='1'", &within), none);
    assert_eq!(disagreements("tests='3'", &within), ["tests 3 2"]);
    // pytest: a passed test whose teardown fails counts twice, a failed one is written twice.
    assert_eq!(disagreements("tests='2' failures='0' errors='1'", error), none);
    let both = "<testcase name='b'><failure/></testcase><testcase name='b'><error/></testcase>";
    assert_eq!(disagreements("tests='1' failures='1' errors='1'", both), none);
    let empty = format!("{pass}<testsuite name='w' tests='5'/>");
    assert_eq!(disagreements("", &empty), ["tests 5 0"]);
}

#[test]
fn every_run_of_a_test_may_be_claimed() {
    let claims = |claims: &str, inner: &str| {
        read(&format!("<testsuite {claims}>{inner}</testsuite>")).disagreements.len()
    };
    // Maven surefire: what is run again counts again.
    let reruns = "<testcase name='f'><failure/><rerunFailure/><rerunFailure/></testcase>\
         <testcase name='e'><error/><rerunError/></testcase>\
         <testcase name='k'><flakyFailure/><flakyError/></testcase>";
    assert_eq!(claims("tests='8' failures='4' errors='3'", reruns), 0);
    assert_eq!(claims("tests='9' failures='5' errors='4'", reruns), 3);
    // pytest: each part of a test that fails counts.
    let parts = "<testcase name='p'><failure/><failure/></testcase>";
    assert_eq!(claims("tests='1' failures='2'", parts), 0);
    assert_eq!(claims("tests='1' failures='3'", parts), 1);
}

#[test]
fn runs_that_are_told_as_cases_are_one_test_if_the_suite_says_so() {
    let counts = |claim: &str, cases: &str| {
        let suite = read(&format!("<testsuite {claim}>{cases}</testsuite>")).suites.remove(0);
        (suite.total, suite.passed, suite.failed, suite.skipped, suite.flaky)
    };
    let pass = |name: &str| format!("<testcase classname='c' name='{name}'/>");
    let fail = |name: &str| format!("<testcase classname='c' name='{name}'><failure/></testcase>");
    let twice = [pass("a"), pass("b"), pass("a")].concat();
    assert_eq!(counts("tests='2'", &twice), (2, 2, 0, 0, 1));
    assert_eq!(counts("tests='3'", &twice), (3, 3, 0, 0, 0));
    assert_eq!(counts("", &twice), (3, 3, 0, 0, 0));
    // The worst that is said of a test holds, in whatever order.
    assert_eq!(counts("tests='1'", &(pass("a") + &fail("a"))), (1, 0, 1, 0, 0));
    assert_eq!(counts("tests='1'", &(fail("a") + &pass("a"))), (1, 0, 1, 0, 0));
    let stated = "<testcase name='a'/><testcase name='a' status='failed'/>";
    assert_eq!(counts("tests='1'", stated), (1, 0, 1, 0, 0));
    let skipped = "<testcase name='a'/><testcase name='a'><skipped/></testcase>";
    assert_eq!(counts("tests='1'", skipped), (1, 0, 0, 1, 0));
    // What differs in class, or has no name, is not one test.
    assert_eq!(counts("tests='1'", "<testcase/><testcase/>"), (2, 2, 0, 0, 0));
    let classes = "<testcase classname='x' name='a'/><testcase classname='y' name='a'/>";
    assert_eq!(counts("tests='1'", classes), (2, 2, 0, 0, 0));
}

#[test]
fn what_is_no_report_is_refused() {
    let message = |text: &str| refused(text).message;
    assert_eq!(message(""), "there is no XML in the report");
    assert_eq!(message("  \n"), "there is no XML in the report");
    assert!(message("<html/>").contains("`html`"));
    assert!(message("hello").contains("text before the root"));
    assert_eq!(message("<testsuite/>"), "the report holds no test case");
    assert!(message("<testsuite><testcase name='a'/>").contains("ends inside of `testsuite`"));
    assert!(message("<testsuite><testcase name='a'").contains("not closed"));
    assert!(message("<testsuite></testsuites>").contains("`testsuites` is closed"));
    assert!(message("<testsuite/><testsuite/>").contains("second root"));
    assert!(message("<testsuite/>x").contains("text after the root"));
    assert!(message("<testsuite><x><testcase/></x></testsuite>").contains("no place"));
    assert!(message("<testsuite a='1' a='2'/>").contains("attributes"));
    assert!(message("<testsuite>&nbsp;</testsuite>").contains("`nbsp`"));
    assert!(message("<testsuite name='&nbsp;'/>").contains("`nbsp`"));
    assert!(message("<testsuite>&#0;</testsuite>").contains("reference"));
    assert!(message("<testsuite>a & b</testsuite>").contains("no `;`"));
    let latin = "<?xml version='1.0' encoding='ISO-8859-1'?><testsuite/>";
    assert!(message(latin).contains("`ISO-8859-1`"));
    let doctype = refused("<?xml version='1.0'?>\n<!DOCTYPE x SYSTEM 'file:///etc/passwd'>\n<x/>");
    assert!(doctype.message.contains("document type declaration"));
    assert_eq!(doctype.to_string()[..16], *"line 2, column 1");
    let long = format!("<testsuite name='{}'><testcase/></testsuite>", "x".repeat(1025));
    assert!(message(&long).contains("longer than 1024"));
}

#[test]
fn nesting_is_bounded_without_recursion() {
    let deep = "<testsuite>".repeat(100_000);
    assert!(refused(&deep).message.contains("deeper than 100"));
    let other = format!("<testsuite><testcase>{}", "<a>".repeat(100_000));
    assert!(refused(&other).message.contains("deeper than 100"));
}
