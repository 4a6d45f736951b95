//! What makes a result a finding, and how severe. Whole reports are in `tests/reports/sarif`.

#![allow(clippy::unwrap_used)]

mod whole;

use super::{BySeverity, ScanReport, Severity, parse};
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
    for score in ["0.0", "-1", "NaN", "inf", "grave", ""] {
        assert_eq!(severity(level("note"), scored(json!(score))), Some(Low), "{score}");
    }
    // A word is as good as a score, under that name; under another it only raises.
    for (word, expected) in
        [("critical", Critical), ("High", High), ("moderate", Medium), ("low", Low)]
    {
        assert_eq!(severity(level("note"), scored(json!(word))), Some(expected), "{word}");
    }
    let worded = |word: &str| json!({ "properties": { "severity": word } });
    assert_eq!(severity(worded("CRITICAL"), json!({})), Some(Critical));
    assert_eq!(severity(json!({ "level": "error" }), worded("low")), Some(High));
    assert_eq!(severity(json!({ "level": "note" }), worded("error")), Some(Low));
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
        (scan.found.medium, scan.suppressed.total(), scan.unchanged.total(), scan.undecided)
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
    // An index that names another rule is wrong; the graver of both counts.
    assert_eq!(found(json!({ "ruleId": "B", "ruleIndex": 0 })), is("B", Severity::Critical));
    assert_eq!(found(json!({ "ruleId": "A", "ruleIndex": 1 })), is("A", Severity::Critical));
    assert_eq!(found(json!({ "ruleId": "Bx", "ruleIndex": 1 })), is("Bx", Severity::Critical));
    assert_eq!(found(json!({ "rule": { "guid": "guid-C" } })), is("C", Severity::High));
    assert_eq!(
        found(json!({ "ruleId": "x", "rule": { "guid": "guid-B" } })),
        is("x", Severity::Critical)
    );
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
    // An error of a process that succeeded is for a person to judge.
    let told = |notifications: Value| {
        let run =
            json!({ "tool": driver(json!([])), "results": [], "invocations": [notifications] });
        let scan = parse(&json!({ "version": "2.1.0", "runs": [run] }).to_string()).unwrap();
        assert_eq!(scan.failed, None);
        scan.doubts
    };
    let mut fine = notified;
    fine["executionSuccessful"] = json!(true);
    assert_eq!(told(fine), ["scanner tells of an error: cannot parse"]);
    let place = json!([{ "physicalLocation": { "artifactLocation": { "uri": "a.py" } } }]);
    let configured = json!({ "executionSuccessful": true, "toolConfigurationNotifications": [
        { "level": "error", "message": { "text": "bad syntax" }, "locations": place },
    ] });
    assert_eq!(told(configured), ["scanner tells of an error: bad syntax (a.py)"]);
    let silent = json!({ "toolExecutionNotifications": [{ "level": "error" }] });
    assert_eq!(told(silent), ["scanner tells of an error: it does not say of what"]);
    let mild = json!({ "toolExecutionNotifications": [{ "level": "warning" }, {}] });
    assert!(told(mild).is_empty());
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
    // Strict wherever it stands, also in what is passed over.
    let twice = r#"{"version": "2.1.0", "x": [{"a": 1, "a": 2}], "runs": []}"#;
    assert!(
        message(twice).contains("twice") || message(twice).contains("duplicate"),
        "{}",
        message(twice)
    );
    let large = message(r#"{"version": "2.1.0", "x": 9007199254740993, "runs": []}"#);
    assert!(large.contains("9007199254740993"), "{large}");
    let deep = format!(r#"{{"version": "2.1.0", "x": {}}}"#, "[".repeat(100_000));
    assert!(message(&deep).contains("deep"), "{}", message(&deep));
    let tool = r#"{"driver":{"name":"s"}}"#;
    let extensions = vec!["{}"; 1001].join(",");
    let many = format!(
        r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"s"}},"extensions":[{extensions}]}}}}]}}"#
    );
    assert!(message(&many).contains("more extensions"), "{}", message(&many));
    let last = format!(r#"{{"version":"2.1.0","runs":[{{"results":[{{}}],"tool":{tool}}}]}}"#);
    assert_eq!(parse(&last).unwrap().found.medium, 1, "the rules may stand behind the results");
}

#[test]
fn what_is_not_sure_is_counted_and_told() {
    let scanned = |tool: Value, result: Value| {
        let scan = scan(tool, json!([result, result]));
        (scan.found, scan.doubts)
    };
    let rule = json!({
        "id": "A", "name": "alias", "deprecatedIds": ["old"],
        "properties": { "security-severity": "9.8" }, "defaultConfiguration": { "level": "error" },
    });
    let tool = driver(json!([rule]));
    let critical = BySeverity { critical: 2, ..BySeverity::default() };
    let none = Vec::<String>::new();
    for id in ["A", "A/1", "alias", "old"] {
        let found = scanned(tool.clone(), json!({ "ruleId": id, "ruleIndex": 0 }));
        assert_eq!(found, (critical, none.clone()), "{id}");
    }
    let (found, doubts) = scanned(tool.clone(), json!({ "ruleId": "B", "ruleIndex": 0 }));
    assert_eq!(found, critical);
    assert!(doubts[0].ends_with("and it was taken, in 2 places"), "{doubts:?}");
    let (_, doubts) = scanned(tool.clone(), json!({ "ruleIndex": 7 }));
    assert!(doubts[0].contains("does not describe"), "{doubts:?}");
    let (_, doubts) = scanned(tool.clone(), json!({ "rule": { "guid": "x" } }));
    assert!(doubts[0].contains("does not describe"), "{doubts:?}");
    // A level of its own needs no rule; and reports without rules are usual.
    assert_eq!(scanned(tool.clone(), json!({ "ruleIndex": 7, "level": "note" })).1, none);
    assert_eq!(scanned(driver(json!([])), json!({ "ruleId": "B" })).1, none);
    let (found, doubts) = scanned(driver(json!([])), json!({ "level": "fatal" }));
    assert_eq!((found.high, doubts.len()), (2, 1));
    assert_eq!(doubts[0], "the level `fatal` is not SARIF's, in 2 places");
    let (found, doubts) = scanned(driver(json!([])), json!({ "kind": "bug" }));
    assert_eq!(
        (found.medium, doubts[0].as_str()),
        (2, "the kind `bug` is not SARIF's, in 2 places")
    );
    let (found, doubts) = scanned(driver(json!([])), json!(null));
    assert_eq!((found.total(), doubts[0].as_str()), (0, "a result is no object, in 2 places"));
    let grave = json!({ "properties": { "security-severity": "grave" } });
    let (_, doubts) = scanned(driver(json!([])), grave);
    assert_eq!(doubts, ["security-severity is `grave`, which is no score, in 2 places"]);
    for result in [
        json!({ "kind": "informational", "level": "error" }),
        json!({ "kind": "pass", "properties": { "security-severity": "9.8" } }),
    ] {
        let (found, doubts) = scanned(driver(json!([])), result);
        assert_eq!(found.total(), 0);
        assert_eq!(doubts, ["a result is called no failure and is severe, in 2 places"]);
    }
    for level in ["none", "note"] {
        let result = json!({ "kind": "informational", "level": level });
        assert_eq!(scanned(driver(json!([])), result).1, none);
    }
    let (_, doubts) = scanned(driver(json!([])), json!({ "kind": "review" }));
    assert_eq!(doubts, ["the scanner leaves a result to a person, in 2 places"]);
}

#[test]
fn null_is_as_absent() {
    let result = json!({ "ruleId": "R", "level": null, "kind": null, "suppressions": null,
        "baselineState": null, "rule": null, "ruleIndex": null, "properties": null });
    let run = json!({ "tool": { "driver": { "name": "x", "rules": null, "version": null }, "extensions": null },
        "invocations": null, "artifacts": null, "results": [result] });
    let scan = parse(&json!({ "version": "2.1.0", "runs": [run] }).to_string()).unwrap();
    assert_eq!((scan.found.medium, scan.doubts.len(), scan.failed), (1, 0, None));
    let null = parse(
        &json!({ "version": "2.1.0", "runs": [{ "tool": driver(json!(null)), "results": null }] })
            .to_string(),
    );
    assert!(null.unwrap().failed.unwrap().contains("no results"));
}

#[test]
fn a_run_may_be_told_other_levels() {
    let found = |results: Value, levels: &[&str]| {
        let over = |level: &&str| {
            json!({ "executionSuccessful": true, "ruleConfigurationOverrides": [
            { "descriptor": { "index": 0 }, "configuration": { "level": level } },
        ] })
        };
        let invocations: Vec<Value> = levels.iter().map(over).collect();
        let rule = json!({ "id": "A", "defaultConfiguration": { "level": "note" } });
        let log = json!({ "version": "2.1.0", "runs": [{
            "tool": driver(json!([rule])), "invocations": invocations, "results": results,
        }] });
        let found = parse(&log.to_string()).unwrap().found;
        (found.high, found.medium, found.low)
    };
    let result = json!([{ "ruleId": "A" }]);
    assert_eq!(found(result.clone(), &[]), (0, 0, 1));
    assert_eq!(found(result.clone(), &["error"]), (1, 0, 0));
    let of = |invocation: u64| json!([{ "ruleId": "A", "provenance": { "invocationIndex": invocation } }]);
    assert_eq!(found(of(1), &["error", "warning"]), (0, 1, 0));
    assert_eq!(found(of(0), &["none"]), (0, 0, 0));
    // Which of them holds is not said: the graver one, also than the rule's own.
    assert_eq!(found(result.clone(), &["warning", "error"]), (1, 0, 0));
    assert_eq!(found(result, &["none"]), (0, 0, 1));
    assert_eq!(found(json!([{ "ruleId": "A", "level": "warning" }]), &["error"]), (0, 1, 0));
}

#[test]
fn tools_are_listed_once() {
    let run = |name: &str, version: &str| json!({ "tool": { "driver": { "name": name, "semanticVersion": version } }, "results": [] });
    let runs = json!([run("z", "1"), run("a", "2"), run("z", "1"), run("n", "")]);
    let log = json!({ "version": "2.1.0", "runs": runs });
    assert_eq!(parse(&log.to_string()).unwrap().tools, ["a 2", "n", "z 1"]);
}
