//! Reports and baselines. More are in `tests/reports/performance` and `tests/schemas/performance`.

#![allow(clippy::unwrap_used)]

use super::{Better, baseline, parse};
use serde_json::Value;

#[test]
fn reads_what_was_measured() {
    let report = parse(
        r#"{"release": "v1.3.0", "metrics": [
            {"name": "p99", "unit": "ms", "value": 180},
            {"name": "rate", "unit": "req/s", "value": 2.5},
            {"name": "wait", "unit": "/s", "value": -1, "better": "lower"}],
           "suites": [{"name": "e2e", "total": 12.0}]}"#,
    )
    .unwrap();
    assert_eq!(report.release.as_deref(), Some("v1.3.0"));
    let metrics: Vec<_> =
        report.metrics.iter().map(|m| (m.name.as_str(), m.value, m.better)).collect();
    let expected = [
        ("p99", 180.0, Better::Lower),
        ("rate", 2.5, Better::Higher),
        ("wait", -1.0, Better::Lower),
    ];
    assert_eq!(metrics, expected);
    assert_eq!(report.suites, [("e2e".to_owned(), 12)]);
}

#[test]
fn refuses_with_a_place() {
    let refused = |text: &str| parse(text).expect_err(text).to_string();
    let twice = "{\"metrics\": [{\"name\": \"a\", \"unit\": \"ms\", \"value\": 1},\n{\"name\": \"a\", \"unit\": \"ms\", \"value\": 1}]}";
    assert_eq!(refused(twice), "line 2, column 10: the metric `a` occurs twice");
    assert!(refused("{\"metrics\": []}").starts_with("line 1, column 13"));
    assert!(refused("{}").contains("metrics"));
    assert!(refused("{\"metrics\": 1, \"metrics\": 2}").contains("occurs twice"));
    let huge = r#"{"metrics": [{"name": "a", "unit": "ms", "value": 1e308}]}"#;
    assert!(refused(huge).contains("beyond what JSON tools agree about"));
    let suites = r#"{"metrics": [{"name": "a", "unit": "ms", "value": 1}],
        "suites": [{"name": "s", "total": 1}, {"name": "s", "total": 1}]}"#;
    assert!(refused(suites).contains("the suite `s` occurs twice"));
    let kind = baseline(r#"{"kind": "uat-confirmation"}"#).unwrap_err();
    assert_eq!(
        kind.to_string(),
        "line 1, column 10: `uat-confirmation` holds no performance to compare with"
    );
}

#[test]
fn evidence_is_a_baseline() {
    let text = include_str!("../../../tests/schemas/staging-validation-results/valid/full.json");
    let value: Value = serde_json::from_str(text).unwrap();
    let report = baseline(text).unwrap();
    assert_eq!(report.release.as_deref(), value["release"].as_str());
    assert_eq!(report.metrics.len(), value["performance"].as_array().unwrap().len());
    let observed = value["performance"][0]["observed"].as_f64().unwrap();
    assert_eq!(report.metrics[0].value, observed);
    assert_eq!(report.suites.len(), value["suites"].as_array().unwrap().len());
    // It is no performance report, and broken evidence is no baseline.
    assert!(parse(text).is_err());
    let broken = text.replacen("\"observed\"", "\"measured\"", 1);
    assert!(baseline(&broken).is_err());
}
