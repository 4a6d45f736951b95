//! Health checks. More are in `tests/reports/checks` and `tests/schemas/health-checks`.

#![allow(clippy::unwrap_used)]

use super::parse;

#[test]
fn reads_checks_and_metrics() {
    let report = parse(
        r#"{"checks": [
            {"name": "answers", "service": "api", "status": "passed", "detail": "200"},
            {"name": "answers", "service": "web", "status": "failed"}],
           "metrics": [{"name": "error_rate", "value": 0.2, "unit": "%"}]}"#,
    )
    .unwrap();
    assert!(report.checks[0].passed && !report.checks[1].passed);
    assert_eq!(report.checks[0].detail.as_deref(), Some("200"));
    assert_eq!(report.metrics[0].value, 0.2);
}

#[test]
fn refuses_with_a_place() {
    let refused = |text: &str| parse(text).expect_err(text).to_string();
    assert!(refused("{\"checks\": []}").starts_with("line 1, column 12"));
    let check = r#"{"name": "a", "service": "api", "status": "passed"}"#;
    let twice = format!("{{\"checks\": [{check},\n{check}]}}");
    assert_eq!(refused(&twice), "line 2, column 10: the check `a` of `api` occurs twice");
    assert!(
        refused(r#"{"checks": [{"name": "a", "service": "api", "status": "ok"}]}"#)
            .contains("passed")
    );
    let metric = r#"{"name": "m", "value": 1, "unit": "%"}"#;
    let twice = format!("{{\"checks\": [{check}], \"metrics\": [{metric}, {metric}]}}");
    assert!(refused(&twice).contains("the metric `m` occurs twice"));
}
