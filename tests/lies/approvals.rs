//! Lies about who approved what, and when.

use super::story::{APPROVAL, Story, path};
use super::{ago, refused};
use serde_json::{Value, json};

/// A change of what the statement says.
fn says(story: &mut Story, key: &'static str, value: Value) {
    story.statement(move |statement| statement["predicate"][key] = value.clone());
}

#[test]
fn an_approval_older_than_what_it_covers() {
    refused(3, "GL506", |story| {
        let early = ago(story.hour(1), 0);
        says(story, "decidedAt", early);
    });
}

#[test]
fn an_approval_that_had_expired() {
    refused(3, "GL505", |story| {
        let end = ago(story.hour(2), 0);
        says(story, "notAfter", end);
    });
}

#[test]
fn an_approval_made_after_the_launch() {
    refused(3, "GL506", |story| {
        let late = ago(story.hour(3), 0);
        says(story, "decidedAt", late);
    });
}

#[test]
fn an_approval_for_other_bytes() {
    refused(3, "GL504", |story| {
        story.statement(|statement| {
            let covers =
                statement.pointer_mut("/predicate/covers").unwrap().as_array_mut().unwrap();
            covers[4]["sha256"] = json!("0".repeat(64));
        });
    });
    refused(3, "GL504", |story| {
        story.statement(|statement| {
            statement.pointer_mut("/predicate/covers").unwrap().as_array_mut().unwrap().remove(2);
        });
    });
}

#[test]
fn an_approval_of_another_release() {
    for (key, other) in [
        ("release", json!("v1.3.9")),
        ("commit", json!("0123456789abcdef0123456789abcdef01234567")),
        ("attempt", json!(2)),
        ("gate", json!("readiness")),
        ("policy", json!({ "sha256": "0".repeat(64) })),
    ] {
        refused(3, "GL504", |story| says(story, key, other.clone()));
    }
}

#[test]
fn an_approval_over_another_ledger() {
    refused(3, "GL506", |story| says(story, "ledgerHeads", json!(["0".repeat(64)])));
}

#[test]
fn an_approval_by_a_role() {
    for title in ["Release Manager", "release-manager", "CTO", "The team", "Ana"] {
        refused(3, "GL508", |story| says(story, "person", json!(title)));
    }
}

#[test]
fn a_refusal_taken_for_an_approval() {
    refused(3, "GL502", |story| says(story, "decision", json!("NO_GO")));
}

#[test]
fn a_request_taken_for_an_approval() {
    refused(3, "GL501", |story| {
        story.evidence("production-approval", |value| value["decisions"] = json!([]))
    });
}

#[test]
fn a_statement_of_another_type() {
    refused(3, "GL503", |story| {
        story.statement(|statement| {
            statement["predicateType"] = json!("https://slsa.dev/verification_summary/v1");
        });
    });
    refused(3, "GL503", |story| {
        story
            .statement(|statement| statement["_type"] = json!("https://in-toto.io/Statement/v0.1"));
    });
}

#[test]
fn no_approval_at_all() {
    refused(3, "GL201", |story| story.remove(APPROVAL));
    assert_eq!(APPROVAL, path("production-approval"));
}
