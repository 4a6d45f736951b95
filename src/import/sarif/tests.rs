//! What makes a result a finding, and how severe. Whole reports are in `tests/reports/sarif`.

#![allow(clippy::unwrap_used)]

use super::{ScanReport, Severity, parse};
use serde_json::{Value, json};

fn scan(tool: Value, results: Value) -> ScanReport {
    let log = json!({ "version": "2.1.0", "runs": [{ "tool": tool, "results": results }] });
    parse(&log.to_string()).unwrap_or_else(|error| panic!("{error}: {log}"))
}

fn driver(rules: Value) -> Value {
    json!({ "driver": { "name": "scanner", "version": "1.2", "rules": rules } })
}

/// Severity of one result by itself and `rule`; `None` when it is no finding.
fn severity(mut result: Value, mut rule: Value) -> Option<Severity> {
    rule["id"] = json!("R1");
    result["ruleId"] = json!("R1");
    scan(driver(json!([rule])), json!([result])).findings.first().map(|found| found.severity)
}

#[test]
fn severity_comes_from_scores_and_levels() {
    use Severity::{Critical, High, Low, Medium};
    let scored = |score: Value| json!({ "properties": { "security-severity": score } });
    let level = |level: &str| json!({ "level": level });
    let scale =
        [("10.0", Critical), ("9.0", Critical), ("8.9", High), ("7", High), ("6.9", Medium)]
            .into_iter()
            .chain([("4.0", Medium), ("3.9", Low), ("0.1", Low)]);
    for (score, expected) in scale {
        assert_eq!(severity(json!({}), scored(json!(score))), Some(expected), "{score}");
        assert_eq!(severity(scored(json!(score)), json!({})), Some(expected), "{score}");
    }
    assert_eq!(severity(json!({}), scored(json!(9.8))), Some(Critical));
    // What is no score says nothing.
    for score in ["0.0", "-1", "NaN", "inf", "high", ""] {
        assert_eq!(severity(level("note"), scored(json!(score))), Some(Low), "{score}");
    }
    // Of two scores the higher one counts, and a score beats a level.
    assert_eq!(severity(scored(json!("2")), scored(json!("9.1"))), Some(Critical));
    let both = json!({ "level": "none", "properties": { "security-severity": "9.1" } });
    assert_eq!(severity(both, json!({})), Some(Critical));
    assert_eq!(severity(level("error"), json!({})), Some(High));
    assert_eq!(severity(level("none"), json!({})), None);
    let configured = json!({ "defaultConfiguration": { "level": "error" } });
    assert_eq!(severity(json!({}), configured.clone()), Some(High));
    assert_eq!(severity(level("note"), configured), Some(Low));
    assert_eq!(severity(json!({}), json!({})), Some(Medium));
}

#[test]
fn kinds_baselines_and_suppressions() {
    let count = |result: Value| {
        let scan = scan(driver(json!([])), json!([result]));
        (scan.medium, scan.suppressed, scan.unchanged, scan.undecided)
    };
    assert_eq!(count(json!({})), (1, 0, 0, 0));
    for kind in ["pass", "informational", "notApplicable"] {
        assert_eq!(count(json!({ "kind": kind })), (0, 0, 0, 0), "{kind}");
    }
    assert_eq!(count(json!({ "kind": "review" })), (0, 0, 0, 1));
    assert_eq!(count(json!({ "baselineState": "absent" })), (0, 0, 0, 0));
    assert_eq!(count(json!({ "baselineState": "unchanged" })), (1, 0, 1, 0));
    assert_eq!(count(json!({ "baselineState": "new" })), (1, 0, 0, 0));
    let suppressed = |list: Value| count(json!({ "suppressions": list })).1 == 1;
    assert!(!suppressed(json!([])));
    assert!(suppressed(json!([{ "kind": "inSource" }])));
    assert!(suppressed(json!([{ "kind": "external", "status": "accepted" }])));
    assert!(!suppressed(json!([{ "kind": "external", "status": "rejected" }])));
    assert!(!suppressed(json!([{ "kind": "external", "status": "underReview" }])));
    assert!(!suppressed(json!([{ "kind": "inSource" }, { "status": "rejected" }])));
}

#[test]
fn rules_are_found_in_every_way() {
    let rule = |id: &str, score: &str| json!({ "id": id, "guid": format!("guid-{id}"), "properties": { "security-severity": score } });
    let tool = json!({
        "driver": { "name": "s", "rules": [rule("A", "1"), rule("B", "9.5")] },
        "extensions": [
            { "name": "pack", "guid": "1-2-3", "rules": [rule("C", "7.5")] },
            { "name": "other", "rules": [rule("D", "4.5"), rule("A", "9.9")] },
        ],
    });
    let found = |result: Value| {
        let finding = scan(tool.clone(), json!([result])).findings.remove(0);
        (finding.rule, finding.severity)
    };
    let is = |id: &str, severity| (id.to_owned(), severity);
    assert_eq!(found(json!({ "ruleId": "B" })), is("B", Severity::Critical));
    assert_eq!(found(json!({ "ruleIndex": 1 })), is("B", Severity::Critical));
    assert_eq!(found(json!({ "rule": { "index": 1 } })), is("B", Severity::Critical));
    assert_eq!(found(json!({ "rule": { "id": "B" } })), is("B", Severity::Critical));
    assert_eq!(found(json!({ "ruleId": "B/sub/1" })), is("B/sub/1", Severity::Critical));
    assert_eq!(found(json!({ "ruleId": "B/s", "ruleIndex": 1 })), is("B/s", Severity::Critical));
    // An index that names another rule is wrong; the id counts.
    assert_eq!(found(json!({ "ruleId": "B", "ruleIndex": 0 })), is("B", Severity::Critical));
    assert_eq!(found(json!({ "ruleId": "Bx", "ruleIndex": 1 })), is("Bx", Severity::Medium));
    assert_eq!(found(json!({ "ruleId": "C" })), is("C", Severity::High));
    let at = |component: Value| json!({ "rule": { "index": 0, "toolComponent": component } });
    assert_eq!(found(at(json!({ "index": 0 }))), is("C", Severity::High));
    assert_eq!(found(at(json!({ "name": "other" }))), is("D", Severity::Medium));
    assert_eq!(found(at(json!({ "guid": "1-2-3" }))), is("C", Severity::High));
    let other = json!({ "ruleId": "A", "rule": { "toolComponent": { "index": 1 } } });
    assert_eq!(found(other), is("A", Severity::Critical));
    assert_eq!(found(json!({ "ruleIndex": 99 })), is("unnamed", Severity::Medium));
    assert_eq!(found(json!({})), is("unnamed", Severity::Medium));
}

#[test]
fn messages_and_places() {
    let rule =
        json!({ "id": "R", "messageStrings": { "m": { "text": "{0} in {1}, {0} {2} {x}" } } });
    let result = json!({
        "ruleId": "R",
        "message": { "id": "m", "arguments": ["a", "b{0}"] },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "index": 0 }, "region": { "startLine": 7 },
        } }],
    });
    let log = json!({ "version": "2.1.0", "runs": [{
        "tool": driver(json!([rule])),
        "artifacts": [{ "location": { "uri": "src/a.rs" } }],
        "results": [result],
    }] });
    let finding = parse(&log.to_string()).unwrap().findings.remove(0);
    assert_eq!(finding.message, "a in b{0}, a {2} {x}");
    assert_eq!((finding.path.as_deref(), finding.line), (Some("src/a.rs"), Some(7)));
    // Arguments cannot make a message grow.
    let long = json!({ "text": "{0}".repeat(100_000), "arguments": ["x".repeat(100_000)] });
    let finding = scan(driver(json!([])), json!([{ "message": long }])).findings.remove(0);
    assert_eq!(finding.message.chars().count(), 1001);
}

#[test]
fn a_scan_that_was_not_carried_out_has_failed() {
    let failed = |run: Value| {
        let mut run = run;
        run["tool"] = driver(json!([]));
        parse(&json!({ "version": "2.1.0", "runs": [run] }).to_string()).unwrap().failed
    };
    let because = |reason: &str| Some(format!("scanner: {reason}"));
    assert_eq!(failed(json!({ "results": [] })), None);
    let fine = json!({ "results": [], "invocations": [{ "executionSuccessful": true }] });
    assert_eq!(failed(fine), None);
    let invocation = |more: Value| {
        let mut invocation = more;
        invocation["executionSuccessful"] = json!(false);
        failed(
            json!({ "results": [], "invocations": [{ "executionSuccessful": true }, invocation] }),
        )
    };
    assert_eq!(invocation(json!({})), because("it says that it was not successful"));
    let code = json!({ "exitCodeDescription": "out of memory" });
    assert_eq!(invocation(code), because("out of memory"));
    let notified = json!({ "toolExecutionNotifications": [
        { "level": "note", "message": { "text": "started" } },
        { "level": "error", "message": { "text": "cannot parse" } },
    ] });
    assert_eq!(invocation(notified.clone()), because("cannot parse"));
    // An error means that something was not scanned, even if the process succeeded.
    let told =
        |notifications: Value| failed(json!({ "results": [], "invocations": [notifications] }));
    assert_eq!(told(notified), because("it tells of an error: cannot parse"));
    let place = json!([{ "physicalLocation": { "artifactLocation": { "uri": "a.py" } } }]);
    let configured = json!({ "executionSuccessful": true, "toolConfigurationNotifications": [
        { "level": "error", "message": { "text": "bad syntax" }, "locations": place },
    ] });
    assert_eq!(told(configured), because("it tells of an error: bad syntax (a.py)"));
    let silent = json!({ "toolExecutionNotifications": [{ "level": "error" }] });
    assert_eq!(told(silent), because("it tells of an error: it does not say of what"));
    let mild = json!({ "toolExecutionNotifications": [{ "level": "warning" }, {}] });
    assert_eq!(told(mild), None);
    let text = json!({ "results": [], "invocations": [{ "executionSuccessful": "false" }] });
    assert_eq!(failed(text), because("it says that it was not successful"));
    let object = json!({ "results": [], "invocations": { "executionSuccessful": false } });
    assert_eq!(failed(object), because("what it says of its invocations is not a list"));
    assert_eq!(failed(json!({})), because("it has no results, not even an empty list of them"));
    assert_eq!(
        failed(json!({ "externalPropertyFileReferences": { "results": [] } })),
        because("its results are in another file, which is not read")
    );
}

#[test]
fn what_is_no_report_is_refused() {
    let message = |text: &str| parse(text).expect_err(text).message;
    assert!(message("").contains("no JSON"));
    assert!(message("[]").contains("no SARIF version"));
    assert!(message(r#"{"version": 2.1, "runs": []}"#).contains("no SARIF version"));
    assert!(message(r#"{"version": "2.0.0", "runs": []}"#).contains("`2.0.0`"));
    assert!(message(r#"{"version": "2.1.0"}"#).contains("no run"));
    assert!(message(r#"{"version": "2.1.0", "runs": []}"#).contains("no run"));
    assert!(message(r#"{"version": "2.1.0", "runs": [{}]}"#).contains("no tool"));
    assert!(message(r#"{"version": "2.1.0", "runs": [1]}"#).contains("no tool"));
    let with = |result: &str| {
        format!(
            "{{\"version\": \"2.1.0\", \"runs\": [{{\"tool\": {{\"driver\": {{\"name\": \"s\"}}}},\n\
             \"results\": [{result}]}}]}}"
        )
    };
    let level = parse(&with(r#"{"level": "fatal"}"#)).unwrap_err();
    assert_eq!(level.to_string(), "line 2, column 13: the level `fatal` is not SARIF's");
    assert!(message(&with(r#"{"kind": "bug"}"#)).contains("`bug`"));
    assert!(message(&with("null")).contains("must be an object"));
}

#[test]
fn tools_are_listed_once() {
    let run = |name: &str, version: &str| json!({ "tool": { "driver": { "name": name, "semanticVersion": version } }, "results": [] });
    let runs = json!([run("z", "1"), run("a", "2"), run("z", "1"), run("n", "")]);
    let log = json!({ "version": "2.1.0", "runs": runs });
    assert_eq!(parse(&log.to_string()).unwrap().tools, ["a 2", "n", "z 1"]);
}
