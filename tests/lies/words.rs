//! Words that say nothing, persons who are one, and prose that says the opposite of the field beside it.

use super::story::{COMMUNICATIONS, HEALTH, Story};
use super::{passes, refused};
use serde_json::json;

const PLAN: &str = "d3p/phase-9-deployment-golive/phase9_deployment_plan.md";
const MONITORING: &str = "d3p/phase-9-deployment-golive/phase9_go_live_monitoring.md";
const STRATEGY: &str = "d3p/phase-9-deployment-golive/phase9_roll_back_strategy.md";
const MANIFEST: &str = ".artifacts/deployment/release-manifest.md";
const GO: &str = "d3p/phase-8-readiness/phase8_go_nogo_decision.md";
const SMOKE: &str = ".artifacts/pre-deployment/smoke-test-results.json";
const ENVIRONMENT: &str = ".artifacts/environment/validation-suite-report.json";

#[test]
fn one_person_in_every_place_of_the_authority_tree() {
    refused(1, "GL145", |story| {
        story.edit(STRATEGY, "| 2 | Jonas Weber |", "| 2 | Ana Silva |");
        story.edit(STRATEGY, "| 3 | Mei Tanaka |", "| 3 | Ana Silva |");
    });
}

#[test]
fn sign_offs_of_years_ago_and_of_one_person_twice() {
    let signed = |story: &mut Story, name: &str, at: &str| {
        let row = format!(
            "sign_offs:\n  - name: \"{name}\"\n    role: \"support lead\"\n    at: \"{at}\"\n"
        );
        story.edit(MANIFEST, "sign_offs:\n", &row);
    };
    refused(1, "GL301", |story| signed(story, "Lena Koch", "2016-11-20"));
    refused(1, "GL212", |story| signed(story, "mei tanaka", "2026-11-20"));
    let mut story = Story::honest();
    signed(&mut story, "Lena Koch", "2026-11-05");
    passes(&story);
}

#[test]
fn reports_of_another_environment() {
    for (path, environment) in
        [(ENVIRONMENT, "staging"), (ENVIRONMENT, "dev"), (SMOKE, "production")]
    {
        refused(1, "GL221", |story| {
            story.json(path, |value| value["environment"] = json!(environment));
        });
    }
    refused(1, "GL240", |story| {
        story.json(ENVIRONMENT, |value| value["environment"] = json!("eu-west-1"));
    });
    let mut story = Story::honest();
    story.json(ENVIRONMENT, |value| value["environment"] = json!("prod-eu-1"));
    passes(&story);
}

#[test]
fn words_that_say_nothing() {
    let step = "Redeploy the previous release of web";
    for nothing in [".", "As usual", "See the wiki", "n/a", "Follow the runbook"] {
        refused(1, "GL124", |story| story.edit(STRATEGY, step, nothing));
    }
    // A place that can be looked up is for a person to judge; beside what is done it is welcome.
    refused(1, "GL144", |story| story.edit(STRATEGY, step, "See https://wiki.example/rollback"));
    refused(3, "GL124", |story| {
        story.edit(MONITORING, "https://grafana.shop.example/d/web-overview", "somewhere");
    });
    refused(1, "GL202", |story| story.edit(MANIFEST, "scope:\n", "scope:\n  - \".\"\n"));
    refused(4, "GL405", |story| {
        story.edit(
            COMMUNICATIONS,
            "Release v1.4.0 goes live today. Questions to the release channel.",
            ".",
        );
    });
    refused(2, "GL202", |story| {
        story.evidence("uat-confirmation", |value| value["scenarios"][0]["name"] = json!("test"));
    });
    let mut story = Story::honest();
    story.edit(STRATEGY, step, "Redeploy web, see https://wiki.example/rollback");
    story.edit(MONITORING, "https://grafana.shop.example/d/web-overview", "Grafana");
    story.edit(PLAN, "Chat channel support-desk", "Chat");
    story.edit(MANIFEST, "scope:\n", "scope:\n  - \"Hotfix\"\n");
    passes(&story);
}

#[test]
fn prose_that_says_that_a_part_passed() {
    let rests = "The Go decision of Phase 8 rests on four conditions, and each one is met:";
    refused(1, "GL146", |story| story.edit(PLAN, rests, "14 looked at, 3 hold."));
    refused(1, "GL240", |story| {
        story.edit(GO, "No blocker is open,", "12 of 14 scenarios passed,");
    });
    refused(4, "GL146", |story| {
        story.edit(HEALTH, " :: ", " :: 2 of 3 instances healthy, ");
    });
    let mut story = Story::honest();
    story.edit(PLAN, rests, "4 of 4 conditions are met; we stop if 2 of 3 checks fail.");
    passes(&story);
}
