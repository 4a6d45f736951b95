//! Lies about what was tested, deployed and looked at.

use super::story::{Story, path, sealed};
use super::{numbers, refused};
use d3p::Exit;
use d3p::testing::cli::demo::release_script;
use serde_json::{Value, json};

const RESULTS: &str = "staging-validation-results";
const STAGING: &str = "staging-deployment-report";
const PRODUCTION: &str = "production-deployment-report";
const CHECKS: &str = "post-deployment-validation";
const VERIFICATION: &str = "d3p/phase-9-deployment-golive/phase9_post_deployment_verification.md";
const MANIFEST: &str = ".artifacts/deployment/release-manifest.md";
const GO: &str = "d3p/phase-8-readiness/phase8_go_nogo_decision.md";
const SMOKE: &str = ".artifacts/pre-deployment/smoke-test-results.json";

#[test]
fn a_failed_test_with_its_totals_adjusted() {
    for rule in ["GL208", "GL209"] {
        refused(2, rule, |story| {
            story.evidence(RESULTS, |value| {
                numbers(value, "/suites/1", &[("passed", 40), ("failed", 1)]);
                numbers(value, "/tests", &[("passed", 52), ("failed", 1)]);
            });
        });
    }
}

#[test]
fn a_failed_test_hidden_in_the_totals() {
    refused(2, "GL207", |story| {
        story.evidence(RESULTS, |value| {
            numbers(value, "/suites/1", &[("passed", 40), ("failed", 1)])
        });
    });
}

#[test]
fn an_emptied_test_list() {
    for rule in ["GL209", "GL210"] {
        refused(2, rule, |story| {
            story.evidence(RESULTS, |value| {
                value["suites"] = json!([]);
                numbers(
                    value,
                    "/tests",
                    &[("total", 0), ("passed", 0), ("failed", 0), ("skipped", 0)],
                );
            });
        });
    }
}

#[test]
fn a_suite_that_skipped_all_its_tests() {
    refused(2, "GL209", |story| {
        story.evidence(RESULTS, |value| {
            numbers(value, "/suites/1", &[("passed", 0), ("skipped", 41)]);
            numbers(value, "/tests", &[("passed", 12), ("skipped", 41)]);
        });
    });
}

#[test]
fn a_dropped_suite() {
    refused(2, "GL210", |story| {
        story.evidence(RESULTS, |value| {
            value["suites"].as_array_mut().unwrap().remove(1);
            numbers(value, "/tests", &[("total", 12), ("passed", 12)]);
        });
    });
}

fn without_web(story: &mut Story, kind: &str, list: &str) {
    story.evidence(kind, |value| {
        let of_web = |item: &Value| item["name"] == "web" || item["service"] == "web";
        value[list].as_array_mut().unwrap().retain(|item| !of_web(item));
        if kind == CHECKS {
            numbers(value, "/summary", &[("total", 3), ("passed", 3)]);
        }
    });
}

#[test]
fn a_dropped_service() {
    refused(1, "GL210", |story| story.edit(MANIFEST, "  - \"web\"\n", ""));
    refused(2, "GL210", |story| without_web(story, STAGING, "services"));
    refused(3, "GL210", |story| without_web(story, PRODUCTION, "services"));
    refused(3, "GL210", |story| without_web(story, CHECKS, "checks"));
    refused(4, "GL125", |story| {
        let text = story.text(VERIFICATION);
        let (start, end) = (text.find("### web").unwrap(), text.find("## Manual").unwrap());
        let text = format!("{}{}", &text[..start], &text[end..]);
        story.write(VERIFICATION, text);
    });
}

#[test]
fn status_passed_over_a_command_that_failed() {
    for (gate, kind) in [(2, STAGING), (3, PRODUCTION)] {
        for rule in ["GL208", "GL209"] {
            refused(gate, rule, |story| {
                story.evidence(kind, |value| value["commands"][0]["exit_code"] = json!(3));
            });
        }
    }
}

#[test]
fn configuration_that_drifted_between_staging_and_production() {
    refused(2, "GL218", |story| {
        story.evidence(STAGING, |value| {
            value["configuration"][1]["production_sha256"] = json!("0".repeat(64));
        });
    });
}

#[test]
fn evidence_of_another_release() {
    for (key, other) in [
        ("commit", json!("0123456789abcdef0123456789abcdef01234567")),
        ("release", json!("v1.3.9")),
        ("attempt", json!(2)),
        ("environment", json!("production")),
    ] {
        refused(2, "GL203", |story| story.evidence(RESULTS, |value| value[key] = other.clone()));
    }
    refused(3, "GL203", |story| {
        story.evidence(PRODUCTION, |value| value["environment"] = json!("staging"))
    });
}

#[test]
fn a_second_value_hidden_behind_a_first() {
    refused(2, "GL113", |story| {
        story.edit(&path(RESULTS), "\"failed\": 0", "\"failed\": 1,\n      \"failed\": 0");
    });
}

#[test]
fn a_go_decision_that_is_none() {
    for (decision, rule) in
        [("NO-GO", "GL221"), ("NO_GO", "GL221"), ("pending", "GL221"), ("GO?", "GL240")]
    {
        refused(1, rule, |story| story.edit(GO, "\"GO\"", &format!("\"{decision}\"")));
    }
    refused(1, "GL221", |story| story.edit(GO, "decision: \"GO\"\n", ""));
}

#[test]
fn a_checklist_typed_over_a_missing_prerequisite() {
    for rule in ["GL205", "GL220"] {
        refused(1, rule, |story| story.remove(SMOKE));
    }
}

#[test]
fn a_checklist_typed_over_a_prerequisite_that_failed() {
    for rule in ["GL215", "GL221"] {
        refused(1, rule, |story| story.json(SMOKE, |value| value["status"] = json!("failed")));
    }
}

#[test]
fn a_checklist_that_leaves_a_prerequisite_out() {
    refused(1, "GL215", |story| {
        story.evidence("deployment-readiness-checklist", |value| {
            value["prerequisites"].as_array_mut().unwrap().pop();
            numbers(value, "/summary", &[("total", 5), ("met", 5)]);
        });
    });
}

#[test]
fn documents_as_they_were_scaffolded() {
    let scaffold = crate::common::World::new();
    scaffold.play(&release_script()[..1]);
    let commit = |text: &str| {
        let from = text.find("commit: \"").map(|at| at + 9)?;
        Some(text[from..from + 40].to_owned())
    };
    for (gate, file) in [
        (1, "d3p/phase-9-deployment-golive/phase9_deployment_plan.md"),
        (1, "d3p/phase-9-deployment-golive/phase9_roll_back_strategy.md"),
        (1, ".artifacts/deployment/rollback-plan.md"),
        (3, "d3p/phase-9-deployment-golive/phase9_go_live_monitoring.md"),
        (4, VERIFICATION),
    ] {
        refused(gate, "GL102", |story| {
            let mut text = scaffold.read(file);
            if let (Some(was), Some(is)) = (commit(&text), commit(story.text(MANIFEST))) {
                text = text.replace(&was, &is);
            }
            story.write(file, text);
        });
    }
}

#[test]
fn a_box_ticked_before_the_launch() {
    let ticked = |tick: bool| {
        let mut story = Story::honest();
        if tick {
            story.edit(VERIFICATION, "- [ ] Go-live executed", "- [x] Go-live executed");
        }
        let told = story.tell_until(2);
        assert!(told.refused.is_none());
        told.world.json(&["check", "--through", "2"])
    };
    let (honest, lie) = (ticked(false), ticked(true));
    assert!(!honest.has("GL129"), "{:?}", honest.rules());
    assert_eq!(lie.exit, Exit::Refused, "{:?}", lie.rules());
    assert!(lie.has("GL129"), "{:?}", lie.rules());
}

#[test]
fn a_box_that_nothing_backs() {
    refused(4, "GL129", |story| {
        story.edit(VERIFICATION, "- [ ] Rollback plan confirmed", "- [x] Rollback plan confirmed");
        story.entries(super::story::HEALTH, |entries| entries.truncate(20));
    });
}

#[test]
fn no_rollback_plan() {
    let plan = ".artifacts/deployment/rollback-plan.md";
    refused(1, "GL201", |story| story.remove(plan));
    // Taken away between the gates, and with the launch already done.
    refused(3, "GL401", |story| story.before(3, move |world| world.remove(plan)));
}

#[test]
fn facts_that_say_the_opposite_of_the_outcome() {
    refused(2, "GL209", |story| {
        story.evidence(RESULTS, |value| value["security"]["critical"] = json!(1));
    });
    refused(2, "GL219", |story| {
        story.evidence(RESULTS, |value| value["performance"][1]["observed"] = json!(216));
    });
    refused(2, "GL219", |story| {
        story.evidence(RESULTS, |value| {
            value["performance"][1]["observed"] = json!(216);
            value["performance"][1]["change_percent"] = json!(20.0);
        });
    });
    refused(2, "GL209", |story| {
        story.evidence("uat-confirmation", |value| {
            value["scenarios"][0]["result"] = json!("rejected");
        });
    });
    refused(2, "GL213", |story| {
        story.evidence("uat-confirmation", |value| value["confirmed_by"] = json!("Product Owner"));
    });
    refused(3, "GL209", |story| {
        story.evidence(PRODUCTION, |value| value["critical_errors"] = json!(1));
    });
    refused(3, "GL209", |story| {
        story.evidence(PRODUCTION, |value| value["services"][0]["status"] = json!("degraded"));
    });
    refused(3, "GL209", |story| {
        story.evidence(CHECKS, |value| value["outcome"] = json!("DEPLOYMENT_PARTIAL"));
    });
}

#[test]
fn evidence_that_rests_on_other_bytes() {
    refused(2, "GL205", |story| {
        story.evidence(RESULTS, |value| value["cites"][0]["sha256"] = json!("0".repeat(64)));
    });
    refused(2, "GL206", |story| story.evidence(RESULTS, |value| value["cites"] = json!([])));
    refused(4, "GL223", |story| {
        story.report(|text| sealed(&text.replace(&path(CHECKS), &path("others"))));
    });
}

#[test]
fn a_report_with_other_numbers() {
    let lie = |text: &str| {
        assert!(text.contains("| contract | 41 | 41 | 0 | 0 |"), "{text}");
        text.replace("| contract | 41 | 41 | 0 | 0 |", "| contract | 99 | 99 | 0 | 0 |")
    };
    refused(4, "GL225", |story| story.report(lie));
    // Sealed again, it is still not what the evidence makes.
    refused(4, "GL223", |story| story.report(move |text| sealed(&lie(text))));
}

#[test]
fn a_report_that_leaves_something_out() {
    refused(4, "GL223", |story| {
        story.report(|text| {
            let (start, _) = text.split_once("## Incidents").unwrap();
            let (_, end) = text.split_once("## Decisions").unwrap();
            sealed(&format!("{start}## Decisions{end}"))
        });
    });
}
