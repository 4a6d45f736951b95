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

/// What `<testsuite ATTRIBUTES>INNER</testsuite>` leaves open.
fn doubts(attributes: &str, inner: &str) -> Vec<String> {
    read(&format!("<testsuite name='s' {attributes}>{inner}</testsuite>")).doubts
}

#[test]
fn claims_are_compared_with_every_honest_reading() {
    let none: [&str; 0] = [];
    let pass = "<testcase name='p'/>";
    let fail = "<testcase name='f'><failure/></testcase>";
    let error = "<testcase name='e'><error/></testcase>";
    let skip = "<testcase name='s'><skipped/></testcase>";
    let all = format!("{pass}{fail}{error}{skip}");
    assert_eq!(doubts("", &all), none);
    assert_eq!(doubts("tests='4' failures='1' errors='1' skipped='1'", &all), none);
    assert_eq!(doubts("tests='3' failures='2' errors='0' skipped='1'", &all), none);
    assert_eq!(doubts("failures='2' errors='1'", &all), none);
    assert_eq!(doubts("tests='6'", &all), ["suite `s` claims 6 tests, and holds 4"]);
    assert_eq!(doubts("tests='2'", pass), ["suite `s` claims 2 tests, and holds 1"]);
    let three = "suite `s` claims 3 failures and errors, and its test cases show 2";
    assert_eq!(doubts("failures='3'", &all), [three]);
    assert_eq!(doubts("failures='1' errors='2'", &all), [three]);
    // Less than is held says nothing: what is held counts.
    assert_eq!(doubts("tests='1' failures='0' errors='0' skipped='0'", &all), none);
    assert_eq!(doubts("tests='-1' failures='' errors='1.0'", pass).len(), 3);
    // A suite may count those within it, or not.
    let within = format!("{pass}<testsuite name='w'>{fail}</testsuite>");
    assert_eq!(doubts("tests='1' failures='0'", &within), none);
    assert_eq!(doubts("tests='2' failures='1'", &within), none);
    assert_eq!(doubts("tests='3'", &within), ["suite `s` claims 3 tests, and holds 2"]);
    // pytest: a passed test whose teardown fails counts twice, a failed one is written twice.
    assert_eq!(doubts("tests='2' failures='0' errors='1'", error), none);
    let both = "<testcase name='b'><failure/></testcase><testcase name='b'><error/></testcase>";
    assert_eq!(doubts("tests='1' failures='1' errors='1'", both), none);
    let empty = format!("{pass}<testsuite name='w' tests='5'/>");
    assert_eq!(doubts("", &empty), ["suite `s/w` claims 5 tests, and holds 0"]);
}

#[test]
fn an_error_without_a_case_is_told_once() {
    let jest = "<testsuites name='jest tests' tests='1' failures='0' errors='1'>\
         <testsuite name='a' errors='0' failures='0' skipped='0' tests='1'>\
         <testcase classname='a' name='works'/></testsuite>\
         <testsuite name='b' errors='1' failures='0' skipped='0' tests='0'></testsuite></testsuites>";
    let report = read(jest);
    assert_eq!(
        report.doubts,
        ["suite `b` claims 1 failures and errors, and its test cases show 0"]
    );
    assert_eq!((report.suites.len(), report.suites[0].passed), (1, 1));
    let clean = "<testcase name='create' classname='s'/>";
    assert_eq!(doubts("tests='1' errors='1' skipped='0' failures='0'", clean).len(), 1);
    let shown = "<testcase name='create' classname='s'><error/></testcase>";
    assert_eq!(doubts("tests='1' errors='1' skipped='0' failures='0'", shown).len(), 0);
}

#[test]
fn pytest_counts_parts_that_it_does_not_write() {
    let case = "<testcase classname='test_x' name='test_many'/>";
    let suite = |name: &str, more: &str| {
        format!("<testsuite name='{name}' errors='0' {more} tests='4'>{case}</testsuite>")
    };
    let pytest = suite("pytest", "failures='0' skipped='0'");
    assert_eq!(
        read(&format!("<testsuites name='pytest tests'>{pytest}</testsuites>")).doubts.len(),
        0
    );
    assert_eq!(read(&pytest).doubts.len(), 0);
    assert_eq!(read(&suite("other", "failures='0' skipped='0'")).doubts.len(), 1);
    // But a failure that no case shows is one for pytest, too.
    assert_eq!(read(&suite("pytest", "failures='1'")).doubts.len(), 1);
}

#[test]
fn skipped_tests_count_where_they_are_only_claimed() {
    let counts = |text: &str| {
        let suites = read(text).suites;
        suites.into_iter().map(|s| (s.total, s.passed, s.skipped, s.unwritten)).collect::<Vec<_>>()
    };
    let pass = "<testcase name='p'/>";
    let skip = "<testcase name='s'><skipped/></testcase>";
    let suite = |claim: u64, inner: &str| {
        format!("<testsuite name='m' skipped='{claim}'>{inner}</testsuite>")
    };
    assert_eq!(counts(&suite(2, pass)), [(3, 1, 2, 2)]);
    assert_eq!(counts(&suite(1, &[pass, skip].concat())), [(2, 1, 1, 0)]);
    assert_eq!(counts(&suite(2, &[pass, skip].concat())), [(3, 1, 2, 1)]);
    // What a suite around them claims is the same tests.
    let around = format!("<testsuites skipped='2' tests='3'>{}</testsuites>", suite(2, pass));
    assert_eq!(counts(&around), [(3, 1, 2, 2)]);
    assert_eq!(read(&around).doubts.len(), 0);
    // mocha says of the whole report only how many were skipped.
    let nested = format!(
        "<testsuites skipped='2'><testsuite name='m' tests='3'>{pass}</testsuite></testsuites>"
    );
    assert_eq!(read(&nested).suites.iter().map(|suite| suite.skipped).sum::<u64>(), 2);
    assert_eq!(read(&nested).doubts.len(), 0);
    assert_eq!(read(&nested.replace("skipped='2'", "skipped='1'")).doubts.len(), 1);
    // Nobody skips a million tests; but it is no pass, either.
    let many = suite(u64::MAX, pass);
    assert_eq!(counts(&many)[0].3, 1_000_000);
}

#[test]
fn outcomes_that_nobody_knows_are_open() {
    let none: [&str; 0] = [];
    assert_eq!(case("", "<ignored/>").0, Outcome::Skipped);
    assert_eq!(case("", "<disabled/>").0, Outcome::Skipped);
    assert_eq!(case(" status='Timed Out'", "").0, Outcome::Failed);
    let case = |inner: &str| doubts("", &format!("<testcase name='t'>{inner}</testcase>"));
    for silent in ["system-out", "properties", "attachments", "failure", "skipped"] {
        assert_eq!(case(&format!("<{silent}/>")), none, "{silent}");
    }
    let unknown = "`<blocked>`, which nobody knows as an outcome, stands in 1 place";
    assert_eq!(case("<blocked/>"), [unknown]);
    let twice = "<testcase name='a'><blocked/></testcase><testcase name='b'><blocked/></testcase>";
    assert_eq!(doubts("", twice), [unknown.replace("1 place", "2 places")]);
    let stated = |word: &str| doubts("", &format!("<testcase name='t' status='{word}'/>"));
    assert_eq!(stated("Passed"), none);
    assert_eq!(
        stated("inconclusive"),
        ["`inconclusive`, which nobody knows as an outcome, is said of 1 place"]
    );
    let outside = "<testcase name='t'/><skipped/>";
    assert_eq!(doubts("", outside), ["`<skipped>` stands outside of every case, in 1 place"]);
    // Many kinds of one fault are told as far as somebody reads.
    let many: String = (0..100).map(|n| format!("<testcase name='t'><b{n}/></testcase>")).collect();
    assert_eq!(doubts("", &many).len(), 21);
}

#[test]
fn every_run_of_a_test_may_be_claimed() {
    // Maven surefire: what is run again counts again.
    let reruns = "<testcase name='f'><failure/><rerunFailure/><rerunFailure/></testcase>\
         <testcase name='e'><error/><rerunError/></testcase>\
         <testcase name='k'><flakyFailure/><flakyError/></testcase>";
    assert_eq!(doubts("tests='8' failures='4' errors='3'", reruns).len(), 0);
    assert_eq!(doubts("tests='19' failures='5' errors='4'", reruns).len(), 2);
    // pytest: each part of a test that fails counts.
    let parts = "<testcase name='p'><failure/><failure/></testcase>";
    assert_eq!(doubts("tests='1' failures='2'", parts).len(), 0);
    assert_eq!(doubts("tests='1' failures='3'", parts).len(), 1);
}

#[test]
fn reports_are_told_apart_by_their_cases() {
    let suite = |inner: &str| read(&format!("<testsuite name='s'>{inner}</testsuite>"));
    let one = suite("<testcase classname='c' name='a' time='1'/><testcase name='b'/>");
    let other = suite("<testcase name='b'/>\n<testcase time='1' name='a' classname='c'/>");
    assert_eq!((&one.identities, one.content), (&other.identities, other.content));
    let later = suite("<testcase classname='c' name='a' time='2'/><testcase name='b'/>");
    assert_eq!(one.identities, later.identities);
    assert_ne!(one.content, later.content);
    let failed =
        suite("<testcase classname='c' name='a' time='1'><error/></testcase><testcase name='b'/>");
    assert_ne!(one.content, failed.content);
    assert_ne!(one.identities, suite("<testcase name='a'/><testcase name='b'/>").identities);
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
