//! Whether a scan was carried out as a whole, and what it left out.

use super::driver;
use crate::import::sarif::{ScanReport, parse};
use serde_json::{Value, json};

/// A run with one low result and these members besides, and what stands beside its runs.
fn with(members: &Value, beside: &Value) -> ScanReport {
    let result = json!({ "ruleId": "R1", "level": "note", "message": { "text": "small" } });
    let mut run = json!({ "tool": driver(json!([])), "results": [result] });
    run.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    let mut log = json!({ "version": "2.1.0", "runs": [run] });
    log.as_object_mut().unwrap().extend(beside.as_object().unwrap().clone());
    parse(&log.to_string()).unwrap_or_else(|error| panic!("{error}: {log}"))
}

#[test]
fn a_scan_that_broke_off_or_lies_elsewhere_has_failed() {
    let invoked = |own: Value| json!({ "invocations": [own] });
    let none = json!({});
    for members in [
        invoked(json!({ "executionSuccessful": true, "exitSignalName": "SIGKILL" })),
        invoked(json!({ "executionSuccessful": true, "exitSignalNumber": 9 })),
        invoked(
            json!({ "executionSuccessful": true, "processStartFailureMessage": "no such file" }),
        ),
        json!({ "conversion": { "invocation": { "executionSuccessful": false } } }),
        json!({ "externalPropertyFileReferences": { "results": [{ "itemCount": 900 }] } }),
        json!({ "externalPropertyFileReferences": { "results": [{ "location": {} }] } }),
    ] {
        assert!(with(&members, &none).failed.is_some(), "{members}");
    }
    let inline = json!({ "inlineExternalProperties": [{ "results": [{ "level": "error" }] }] });
    assert!(with(&none, &inline).failed.is_some());
    for members in [
        invoked(
            json!({ "executionSuccessful": true, "exitSignalNumber": 0, "exitSignalName": "" }),
        ),
        json!({ "conversion": { "invocation": { "executionSuccessful": true } } }),
        json!({ "externalPropertyFileReferences": { "results": [{ "itemCount": 0 }] } }),
    ] {
        let report =
            with(&members, &json!({ "inlineExternalProperties": [{ "artifacts": [{}] }] }));
        assert_eq!((report.failed, report.doubts), (None, vec![]), "{members}");
    }
}

#[test]
fn what_a_scan_left_out_is_told() {
    let left_out = json!({ "invocations": [{ "executionSuccessful": true, "ruleConfigurationOverrides": [
        { "descriptor": { "id": "R9" }, "configuration": { "enabled": false } },
    ] }] });
    let told = with(&left_out, &json!({})).doubts;
    assert!(told[0].contains("was told to leave out the rule `R9`"), "{told:?}");
    let totals = |high: u64, nosec: u64| json!({ "properties": { "metrics": { "_totals": { "SEVERITY.HIGH": high, "nosec": nosec } } } });
    let report = with(&totals(2, 3), &json!({}));
    assert!(report.doubts[0].contains("counts 2 issues, and writes 1"), "{:?}", report.doubts);
    assert_eq!(report.suppressed.low, 3);
    assert_eq!(with(&totals(1, 0), &json!({})).doubts, Vec::<String>::new());
    let ranked = |rank: f64, kind: &str, score: &str| {
        let result = json!({
            "ruleId": "R1", "level": "note", "kind": kind, "rank": rank,
            "properties": { "security-severity": score },
        });
        with(&json!({ "results": [result] }), &json!({})).doubts.len()
    };
    assert_eq!(ranked(99.0, "fail", "1.0"), 1);
    assert_eq!(ranked(20.0, "fail", "1.0"), 0);
    assert_eq!(ranked(20.0, "informational", "8.8"), 1);
    assert_eq!(ranked(20.0, "informational", "6.5"), 0);
    assert_eq!(ranked(20.0, "pass", "8.8"), 0);
}
