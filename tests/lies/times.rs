//! Lies about when something happened.

use super::story::{REPORT, path};
use super::{ago, hence, refused, refused_given};
use serde_json::json;

const RESULTS: &str = "staging-validation-results";
const STAGING: &str = "staging-deployment-report";
const PRODUCTION: &str = "production-deployment-report";
const CHECKS: &str = "post-deployment-validation";
const CHECKLIST: &str = "deployment-readiness-checklist";

#[test]
fn a_stamp_in_the_future() {
    refused(2, "GL302", |story| {
        let later = hence(story.hour(2), 3600);
        story.evidence(RESULTS, |value| value["finished_at"] = later.clone());
    });
}

#[test]
fn a_prerequisite_dated_in_the_future() {
    refused(1, "GL302", |story| {
        let go = "d3p/phase-8-readiness/phase8_go_nogo_decision.md";
        story.edit(go, "2026-11-21", "2026-11-23");
        story.evidence(CHECKLIST, |value| value["prerequisites"][0]["dated"] = json!("2026-11-23"));
    });
}

#[test]
fn a_staging_validation_that_has_expired() {
    refused(2, "GL301", |story| {
        let old = ago(story.hour(2), 73);
        story.times(STAGING, &old, &old);
        story.times(RESULTS, &old, &old);
    });
}

#[test]
fn a_prerequisite_that_has_expired() {
    let report = ".artifacts/pre-deployment/staging-validation-report.json";
    for rule in ["GL215", "GL301"] {
        refused(1, rule, |story| {
            let old = ago(story.hour(1), 24 * 7 + 1);
            story.json(report, |value| value["finished_at"] = old.clone());
            story.evidence(CHECKLIST, |value| {
                let items = value["prerequisites"].as_array_mut().unwrap();
                let own = items.iter_mut().find(|item| item["path"] == report).unwrap();
                own["dated"] = old.clone();
            });
        });
    }
}

#[test]
fn a_validation_of_staging_from_before_it_was_deployed() {
    refused(2, "GL303", |story| {
        let early = ago(story.hour(2), 1);
        story.times(RESULTS, &early, &early);
    });
}

#[test]
fn work_that_ends_before_it_starts() {
    refused(2, "GL304", |story| {
        let early = ago(story.hour(2), 1);
        story.evidence(RESULTS, |value| value["finished_at"] = early.clone());
    });
}

#[test]
fn a_deployment_before_gate_2_was_passed() {
    for rule in ["GL303", "GL305"] {
        refused(3, rule, |story| {
            let early = ago(story.hour(2), 1);
            story.times(PRODUCTION, &early, &early);
        });
    }
}

#[test]
fn a_deployment_inside_a_denied_window() {
    let start = "2026-11-25T00:00:00Z";
    refused_given(
        |story| story.edit("d3p.yaml", start, "2026-11-21T13:00:00Z"),
        3,
        "GL402",
        |story| {
            story.times(PRODUCTION, &json!("2026-11-21T13:00:30Z"), &json!("2026-11-21T13:01:00Z"))
        },
    );
}

#[test]
fn checks_dated_before_the_deployment() {
    refused(3, "GL303", |story| {
        let early = ago(story.hour(2), 0);
        story.times(CHECKS, &early, &early);
    });
}

#[test]
fn a_report_compiled_before_the_window_ended() {
    refused(4, "GL404", |story| {
        let text = story.text(REPORT);
        let compiled = text.split("finished_at: \"").nth(1).unwrap().split('"').next().unwrap();
        let (compiled, early) = (compiled.to_owned(), ago(story.hour(4), 12));
        let text = text.replace(&compiled, early.as_str().unwrap());
        story.write(REPORT, text);
        // What rests on the report keeps its own time, which is later.
        assert!(story.text(&path("retrospective-inputs")).contains("finished_at"));
    });
}
