//! What attributes and properties say of an outcome, beside the elements and counts that every tool
//! writes.
//!
//! There are as many names as tools. Each is looked up in a table: whether it tells how something
//! ended, that it went well, that it went wrong or how often, or that it was not run. Names of
//! properties are anybody's, so of these only what is plain counts.

use crate::model::StatedOutcome;

/// What one attribute says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Said {
    /// That something failed, so often.
    Failed(u64),
    /// That so many did not run; `None` where it is said of the element itself.
    NotRun(Option<u64>),
    /// A word for an outcome that nobody knows.
    Unknown,
}

/// Names that tell how something ended, in a word or as a code.
const ENDINGS: [&str; 16] = [
    "conclusion",
    "finalresult",
    "finalstatus",
    "outcome",
    "overall",
    "overallresult",
    "overallstatus",
    "result",
    "resultstatus",
    "state",
    "status",
    "suitestatus",
    "testoutcome",
    "testresult",
    "teststatus",
    "verdict",
];

/// Names of flags that are true where all went well.
const FLAGS: [&str; 6] = ["ok", "pass", "passed", "succeeded", "success", "successful"];

/// Names of flags that are true where something was run at all.
const RUN: [&str; 4] = ["complete", "completed", "executed", "ran"];

/// Names of what went wrong: how often, whether, or what.
const BAD: [&str; 29] = [
    "abort",
    "aborted",
    "blocked",
    "broken",
    "crash",
    "crashed",
    "crashes",
    "error",
    "errorcount",
    "errored",
    "errors",
    "fail",
    "failed",
    "failedcount",
    "failedtests",
    "failing",
    "fails",
    "failure",
    "failurecount",
    "failures",
    "fatal",
    "interrupted",
    "killed",
    "notpassed",
    "panicked",
    "timedout",
    "timeouts",
    "unexpected",
    "unsuccessful",
];

/// Names of codes that are 0 where all went well.
const CODES: [&str; 8] = [
    "exitcode",
    "exitsignal",
    "exitstatus",
    "rc",
    "returncode",
    "signal",
    "statuscode",
    "termsignal",
];

/// Names of what was not run: how many, or whether.
const NOT_RUN: [&str; 9] = [
    "cancelled",
    "canceled",
    "disabled",
    "excluded",
    "ignored",
    "notexecuted",
    "notrun",
    "skip",
    "skipped",
];

/// Words that are no outcome where nobody asked for one: values of properties may be anything.
const AMBIGUOUS: [&str; 5] = ["false", "ko", "no", "red", "stop"];

/// A name without what spellings differ in.
fn fold(name: &str) -> String {
    let name = name.rsplit(':').next().unwrap_or(name);
    name.chars().filter(|c| !"-_. ".contains(*c)).flat_map(char::to_lowercase).collect()
}

/// A number as a count or a code; `None` for what is none.
fn number(value: &str) -> Option<u64> {
    let number = value.parse::<f64>().ok().filter(|number| number.is_finite())?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let rounded = number.abs().ceil() as u64;
    Some(rounded)
}

/// What the attribute `name` says with `value`; `None` where it says nothing bad.
pub(super) fn attribute(name: &str, value: &str) -> Option<Said> {
    let (name, value) = (fold(name), value.trim());
    let is_in = |names: &[&str]| names.contains(&name.as_str());
    let (read, number) = (StatedOutcome::read(value), number(value));
    let no = number == Some(0) || read == Some(StatedOutcome::Failed);
    if is_in(&ENDINGS) {
        return match (read, number) {
            (Some(StatedOutcome::Failed), _) | (_, Some(1..)) => Some(Said::Failed(1)),
            (Some(StatedOutcome::Open), _) => Some(Said::Unknown),
            (Some(StatedOutcome::Skipped), _) => Some(Said::NotRun(None)),
            (Some(StatedOutcome::Passed), _) | (_, Some(0)) => None,
            (None, None) if value.is_empty() || is_failure(value) == Some(false) => None,
            (None, None) if is_failure(value) == Some(true) => Some(Said::Failed(1)),
            (None, None) => Some(Said::Unknown).filter(|_| name != "state"),
        };
    }
    if is_in(&CODES) {
        return number.filter(|code| *code > 0).map(|_| Said::Failed(1));
    }
    if is_in(&FLAGS) {
        // Where tests are counted, none that passed is no word about the others.
        let counts = number.is_some() && name.starts_with("pass");
        return Some(Said::Failed(1)).filter(|_| no && !counts);
    }
    if is_in(&RUN) {
        return Some(Said::NotRun(None)).filter(|_| no && number.is_none());
    }
    let said = || match (read, number) {
        (_, Some(number)) => number,
        (Some(StatedOutcome::Passed), _) if matches!(value, "ok" | "OK" | "passed") => 0,
        (Some(StatedOutcome::Failed), _) if AMBIGUOUS.contains(&&*value.to_lowercase()) => 0,
        _ if ["", "none", "null", "n/a", "[]"].contains(&&*value.to_lowercase()) => 0,
        _ => 1,
    };
    // The limit is called the same, and is a number.
    if name == "timeout" || name == "abend" {
        return Some(Said::Failed(1)).filter(|_| read == Some(StatedOutcome::Passed));
    }
    if is_in(&BAD) {
        return Some(Said::Failed(said())).filter(|_| said() > 0);
    }
    let not_run = if number.is_some() { number } else { None };
    Some(Said::NotRun(not_run)).filter(|_| is_in(&NOT_RUN) && said() > 0)
}

/// Words of single tools: whether one says that it went wrong, `None` where it says neither.
fn is_failure(value: &str) -> Option<bool> {
    Some(match value.to_ascii_lowercase().as_str() {
        "crashed" | "killed" | "timedout" | "fatal" | "panicked" | "interrupted" | "hung" => true,
        "run" | "executed" | "completed" | "complete" | "finished" | "done" | "runnable" => false,
        _ => return None,
    })
}

/// What the property `name` says with `value`: only what cannot be meant otherwise.
pub(super) fn property(name: &str, value: &str) -> Option<Said> {
    let said = attribute(name, value)?;
    let folded = fold(name);
    let is_in = |names: &[&str]| names.contains(&folded.as_str());
    let value = value.trim().to_lowercase();
    let sure = match said {
        Said::Failed(_) if is_in(&ENDINGS) => {
            number(&value).is_none() && !AMBIGUOUS.contains(&value.as_str())
        }
        Said::Failed(_) if is_in(&FLAGS) => number(&value).is_none(),
        Said::Failed(_) if is_in(&BAD) => {
            number(&value).is_some() || ["true", "yes"].contains(&value.as_str())
        }
        Said::Failed(_) => true,
        Said::NotRun(_) | Said::Unknown => false,
    };
    Some(said).filter(|_| sure)
}

/// Whether `value` says No.
pub(super) fn is_denied(value: &str) -> bool {
    StatedOutcome::read(value) == Some(StatedOutcome::Failed)
}

/// Whether `value` says that something has not ended, or ended in part.
pub(super) fn is_open(value: &str) -> bool {
    StatedOutcome::read(value) == Some(StatedOutcome::Open)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Outcome, TestReport, parse};

    /// Attributes of the second of three cases, and what stands in it.
    fn case(attributes: &str, inner: &str) -> TestReport {
        parse(&format!(
            "<testsuites><testsuite name='shop' tests='3' failures='0' errors='0'>\
             <testcase classname='cart' name='adds'/>\
             <testcase classname='cart' name='pays' {attributes}>{inner}</testcase>\
             <testcase classname='cart' name='empties'/></testsuite></testsuites>"
        ))
        .unwrap()
    }

    /// Attributes of root and suite, and what stands in the suite beside three cases that passed.
    fn suite(root: &str, attributes: &str, inner: &str) -> TestReport {
        parse(&format!(
            "<testsuites {root}><testsuite name='shop' tests='3' {attributes}>{inner}\
             <testcase name='adds'/><testcase name='pays'/><testcase name='empties'/></testsuite>\
             </testsuites>"
        ))
        .unwrap()
    }

    fn passed(report: &TestReport) -> bool {
        report.doubts.is_empty() && report.suites[0].passed == 3 && report.suites[0].total == 3
    }

    #[test]
    fn an_attribute_of_a_case_that_says_failed_is_a_failure() {
        for lie in [
            "outcome='failed'",
            "success='false'",
            "passed='false'",
            "Result='Failure'",
            "test-status='timed out'",
            "verdict='FAIL'",
            "state='crashed'",
            "conclusion='1'",
            "status='unsuccessful'",
            "failed='1'",
            "error='true'",
            "failure='expected 1, got 2'",
            "crashed='true'",
            "exitcode='139'",
            "ok='0'",
            "timeout='true'",
        ] {
            assert_eq!(case(lie, "").suites[0].cases[1].outcome, Outcome::Failed, "{lie}");
        }
        for lie in ["executed='False'", "disabled='true'", "skipped='1'", "outcome='not run'"] {
            assert_eq!(case(lie, "").suites[0].cases[1].outcome, Outcome::Skipped, "{lie}");
        }
        for open in ["outcome='inconclusive'", "verdict='unstable'"] {
            assert_eq!(case(open, "").doubts.len(), 1, "{open}");
        }
        for honest in [
            "executed='True' success='True' result='Success'",
            "status='run' result='completed' timestamp='2026-11-24T12:00:00' time='0.1'",
            "outcome='Passed' passed='4' failed='0' error='' exitcode='0' assertions='3'",
            "timeout='60' state='passed' skipped='false' disabled='false' errors='0'",
            "value_param='failed' file='error.py' line='3' class='failed' retries='2'",
        ] {
            assert!(passed(&case(honest, "")), "{honest}: {:?}", case(honest, ""));
        }
    }

    #[test]
    fn what_says_so_inside_of_a_case_is_in_doubt() {
        for lie in [
            "<steps><step name='pay' status='passed'/><step name='ship' status='failed'/></steps>",
            "<output><failure message='no'/></output>",
            "<metadata><entry><error/></entry></metadata>",
            "<properties><property name='status' value='failed'/></properties>",
            "<properties><property name='success' value='false'/></properties>",
            "<properties><property name='outcome'>failed</property></properties>",
            "<properties><property name='exit_code' value='2'/></properties>",
        ] {
            let report = case("", lie);
            assert_eq!(report.doubts.len(), 1, "{lie}");
            assert!(report.doubts[0].ends_with("in a case that did not fail, in 1 place"));
        }
        for honest in [
            "<steps><step name='pay' status='passed'/><step status='skipped'/></steps>",
            "<properties><property name='failure' value='&lt;failure/&gt;'/></properties>",
            "<properties><property name='result' value='false'/></properties>",
            "<properties><property name='status' value='404'/></properties>",
            "<properties><property name='maven.test.failure.ignore' value='true'/></properties>",
            "<properties><property name='error' value='shown to the user'/></properties>",
            "<system-out>failed=\"3\" &lt;failure/&gt;</system-out>",
        ] {
            assert!(passed(&case("", honest)), "{honest}: {:?}", case("", honest).doubts);
        }
        // Where the case failed, nothing more is to be said; and a test that was run again may tell.
        let step = "<steps><step status='failed'/></steps>";
        assert!(case("", &format!("<failure/>{step}")).doubts.is_empty());
        assert!(case("", &format!("<flakyFailure/>{step}")).doubts.is_empty());
    }

    #[test]
    fn what_a_suite_says_that_no_case_shows_is_in_doubt() {
        for lie in [
            "result='failed'",
            "status='FAILED'",
            "failed='3'",
            "timeouts='2'",
            "crashed='1'",
            "exitcode='3'",
            "success='false'",
            "executed='False'",
            "outcome='incomplete'",
            "result='255'",
        ] {
            assert_eq!(suite(lie, "", "").doubts.len(), 1, "root: {lie}");
            assert_eq!(suite("", lie, "").doubts.len(), 1, "suite: {lie}");
            // Said by both, it is one thing.
            assert_eq!(suite(lie, lie, "").doubts.len(), 1, "both: {lie}");
            // Within, there are as many failures.
            let shown = "<testcase name='f'><failure/></testcase>".repeat(3);
            assert!(suite(lie, lie, &shown).doubts.is_empty(), "shown: {lie}");
        }
        for lie in [
            "<properties><property name='exitstatus' value='1'/></properties>",
            "<properties><property name='result' value='FAILED'/></properties>",
            "<summary passed='3' failed='1'/>",
            "<properties><failure/></properties>",
        ] {
            assert_eq!(suite("", "", lie).doubts.len(), 1, "{lie}");
        }
        assert_eq!(
            suite("", "failed='3'", "").doubts,
            ["suite `shop` says `failed=3`, and its test cases show 0 failures"]
        );
        // Tests that are called disabled were not run.
        for lie in ["disabled='300'", "not-run='300'", "ignored='300'"] {
            let report = suite("", lie, "");
            assert_eq!((report.suites[0].skipped, report.suites[0].total), (300, 303), "{lie}");
        }
        for honest in [
            "result='Passed' success='True' failed='0' passed='3' inconclusive='0' asserts='4'",
            "status='passed' exitcode='0' warnings='2' disabled='0' timeout='30' id='3' runstate='Runnable'",
            "errors='0' failures='0' skipped='0' unexpected='0' package='failed'",
        ] {
            assert!(
                passed(&suite(honest, honest, "")),
                "{honest}: {:?}",
                suite(honest, honest, "").doubts
            );
        }
        let surefire = "<properties><property name='skipTests' value='false'/>\
             <property name='surefire.rerunFailingTestsCount' value='2'/>\
             <property name='exit.status' value='0'/><property name='state' value='NO'/></properties>";
        assert!(passed(&suite("", "", surefire)));
    }
}
