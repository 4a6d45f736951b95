//! What is written must mean something: files that are whole, signed for and in order, and say
//! nothing, or the opposite. `docs/what-the-gate-sees.md` lists them.

use super::story::{HEALTH, REPORT, Story};
use super::{numbers, passes, refused};
use crate::common::World;
use d3p::Exit;
use serde_json::{Value, json};

const PLAN: &str = "d3p/phase-9-deployment-golive/phase9_deployment_plan.md";
const MONITORING: &str = "d3p/phase-9-deployment-golive/phase9_go_live_monitoring.md";
const STRATEGY: &str = "d3p/phase-9-deployment-golive/phase9_roll_back_strategy.md";
const VERIFICATION: &str = "d3p/phase-9-deployment-golive/phase9_post_deployment_verification.md";
const MANIFEST: &str = ".artifacts/deployment/release-manifest.md";
const GO: &str = "d3p/phase-8-readiness/phase8_go_nogo_decision.md";
const SMOKE: &str = ".artifacts/pre-deployment/smoke-test-results.json";
const REHEARSAL: &str = ".artifacts/pre-deployment/rollback-rehearsal-log.json";
const ENVIRONMENT: &str = ".artifacts/environment/validation-suite-report.json";

/// Gives the plan another window.
fn window(story: &mut Story, change: impl Fn(&str, &str) -> (String, String)) {
    let text = story.text(PLAN).to_owned();
    let row = text.lines().find(|line| line.starts_with("| 20")).unwrap();
    let cells: Vec<&str> = row.split('|').map(str::trim).collect();
    let (start, end) = change(cells[1], cells[2]);
    let both = |start: &str, end: &str| format!("| {start} | {end} |");
    let other = row.replacen(&both(cells[1], cells[2]), &both(&start, &end), 1);
    assert_ne!(other, row, "the plan has another form");
    story.edit(PLAN, row, &other);
}

#[test]
fn a_window_in_2020() {
    refused(1, "GL143", |story| {
        window(story, |start, end| (start.replace("2026", "2020"), end.replace("2026", "2020")));
    });
}

#[test]
fn a_window_that_is_swapped() {
    refused(1, "GL143", |story| window(story, |start, end| (end.to_owned(), start.to_owned())));
}

#[test]
fn a_window_that_is_too_short() {
    refused(1, "GL143", |story| {
        window(story, |start, _| (start.to_owned(), start.replace("T09:", "T10:")));
    });
}

#[test]
fn a_window_inside_a_freeze() {
    refused(1, "GL133", |story| {
        let freeze = "start: \"2026-11-25T00:00:00Z\", end: \"2026-11-26T00:00:00Z\"";
        let now = "start: \"2026-11-20T00:00:00Z\", end: \"2026-11-26T00:00:00Z\"";
        story.edit("d3p.yaml", freeze, now);
    });
}

#[test]
fn smoke_tests_of_another_release() {
    refused(1, "GL221", |story| story.json(SMOKE, |value| value["release"] = json!("v1.3.0")));
    refused(1, "GL221", |story| story.json(SMOKE, |value| value["commit"] = json!("0".repeat(40))));
}

#[test]
fn smoke_tests_none_of_five_and_passed() {
    refused(1, "GL221", |story| {
        story.json(SMOKE, |value| numbers(value, "/summary", &[("passed", 0), ("failed", 5)]));
    });
}

#[test]
fn an_environment_of_which_one_check_ran() {
    refused(1, "GL221", |story| {
        story.json(ENVIRONMENT, |value| {
            let change = [("executed", 1), ("passed", 1), ("skipped", 17)];
            numbers(value, "/validation_summary", &change);
        });
    });
}

#[test]
fn a_rehearsal_that_missed_its_target() {
    refused(1, "GL221", |story| {
        story.json(REHEARSAL, |value| value["actual_recovery_time_seconds"] = json!(4200));
    });
}

#[test]
fn a_prerequisite_with_two_keys() {
    let two = |value: &mut Value| {
        let finished = value["finished_at"].clone();
        *value = json!({ "status": "passed", "finished_at": finished });
    };
    refused(1, "GL240", |story| story.json(SMOKE, two));
}

#[test]
fn a_go_over_a_no_go() {
    refused(1, "GL221", |story| {
        story.edit(GO, "GO for the gift card release", "NO-GO for the release")
    });
}

#[test]
fn services_without_one_that_is_deployed() {
    refused(2, "GL211", |story| {
        story.edit("d3p.yaml", "services: [api, web]", "services: [api]");
        story.edit(MANIFEST, "  - \"web\"\n", "");
    });
}

#[test]
fn a_rehearsal_in_its_own_protocols_words() {
    let mut story = Story::honest();
    let finished: Value = serde_json::from_str(story.text(REHEARSAL)).unwrap();
    let own = json!({
        "rollback_verification_date": finished["finished_at"],
        "status": "success",
        "rto_target_seconds": 600,
        "actual_recovery_time_seconds": 420,
        "rto_met": true,
        "steps": [{ "step": "1", "action": "switch traffic back", "status": "success" }],
    });
    story.json(REHEARSAL, |value| *value = own.clone());
    passes(&story);
}

#[test]
fn nobody_is_present() {
    refused(1, "GL140", |story| {
        story.edit(STRATEGY, "All three confirmed that they are present", "Nobody is present");
    });
    refused(1, "GL140", |story| story.edit(PLAN, "Yes.\n", "No, nobody is briefed.\n"));
}

#[test]
fn a_rollback_that_takes_nothing_back() {
    refused(1, "GL141", |story| {
        story.edit(
            STRATEGY,
            "Redeploy the previous release of web",
            "Nothing, there is no way back",
        );
    });
}

#[test]
fn headings_as_people_write_them() {
    let mut story = Story::honest();
    for (from, to) in [
        ("## Go conditions", "## 1. Go conditions"),
        ("## Release window", "## 2. Release window:"),
        ("## Deployment steps", "## \u{1f680} Deployment steps"),
        ("## Support coverage", "## Support coverage {#coverage}"),
    ] {
        story.edit(PLAN, from, to);
    }
    passes(&story);
}

#[test]
fn thresholds_that_nothing_breaks() {
    refused(3, "GL134", |story| story.edit(MONITORING, "< 1%", "< 101%"));
    refused(1, "GL134", |story| story.edit(STRATEGY, "> 2%", "> 200%"));
}

#[test]
fn signals_that_are_not_what_is_watched() {
    refused(3, "GL135", |story| story.edit(MONITORING, "< 300ms | 1h |", "< 300ms | 15m |"));
    refused(3, "GL136", |story| story.edit(MONITORING, "| orders |", "| error_budget |"));
    refused(3, "GL134", |story| story.edit(MONITORING, "< 300ms", "< 300MiB"));
}

#[test]
fn a_box_that_says_ok() {
    refused(4, "GL138", |story| {
        let text = story.text(VERIFICATION).to_owned();
        let line = text.lines().find(|line| line.starts_with("- [x] Sign-in")).unwrap();
        let (_, mark) = line.rsplit_once('(').unwrap();
        story.edit(VERIFICATION, line, &format!("- [x] ok ({mark}"));
    });
}

#[test]
fn a_box_that_nobody_ticked() {
    refused(4, "GL137", |story| {
        let text = story.text(VERIFICATION).to_owned();
        let line = text.lines().find(|line| line.starts_with("- [x] Sign-in")).unwrap();
        let (bare, _) = line.rsplit_once(" (").unwrap();
        story.edit(VERIFICATION, line, bare);
    });
}

#[test]
fn a_box_ticked_before_its_deployment() {
    refused(4, "GL137", |story| {
        let text = story.text(VERIFICATION).to_owned();
        let line = text.lines().find(|line| line.starts_with("- [x] Sign-in")).unwrap();
        let (item, _) = line.rsplit_once(" (").unwrap();
        story.edit(VERIFICATION, line, &format!("{item} (Mei Tanaka, 2026-11-20T10:00:00Z)"));
    });
}

#[test]
fn a_tracker_without_its_open_row() {
    refused(4, "GL139", |story| {
        story.edit(VERIFICATION, "- [ ] Smoke testing and feature validation completed\n", "");
    });
}

#[test]
fn constant_samples() {
    refused(4, "GL314", |story| {
        story.entries(HEALTH, |entries| {
            for entry in entries.iter_mut() {
                let head: Vec<&str> = entry.splitn(4, ' ').take(3).collect();
                let said = "cpu=41% error_rate=0.20% latency_p99=190ms :: sampled by its hook";
                *entry = format!("{} {said}", head.join(" "));
            }
        });
    });
}

#[test]
fn a_metric_told_twice_and_one_that_cannot_be() {
    refused(4, "GL316", |story| {
        story.edit(HEALTH, "error_rate=0.20%", "error_rate=0.20% error_rate=50%");
    });
    refused(4, "GL316", |story| story.edit(HEALTH, "error_rate=0.20%", "error_rate=-1%"));
    refused(4, "GL316", |story| story.edit(HEALTH, "latency_p99=190ms", "latency_p99=0ms"));
}

#[test]
fn a_launch_outside_of_its_window() {
    // It is over twenty minutes before the launch, and long enough for the steps.
    refused(3, "GL415", |story| {
        window(story, |start, _| (start.to_owned(), format!("{}T10:59:00Z", &start[..10])));
    });
}

#[test]
fn a_failure_is_named_by_its_own_cause() {
    let world = World::played_until(&["record", "deployment-readiness-checklist"]);
    let refuses = |world: &World| {
        let said = world.run(&["gate", "readiness"]);
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        said.all()
    };
    world.edit(PLAN, "## Go conditions", "## What we rest on");
    assert!(!refuses(&world).contains("MissingPrerequisites"), "a section is no artifact");
    world.remove(SMOKE);
    assert!(refuses(&world).contains("MissingPrerequisites"));
}

#[test]
fn ill_health_is_named_by_its_own_cause() {
    let world = World::played_until(&["record", "retrospective-inputs", "--from", "-"]);
    let refuses = |world: &World| {
        let said = world.run(&["gate", "stabilization"]);
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        said.all()
    };
    let stale = world.copy();
    stale.edit(REPORT, "compiled_sha256: \"", "compiled_sha256: \"0");
    assert!(!refuses(&stale).contains("HealthDegradation"), "a report is no metric");
    stale.remove(REPORT);
    assert!(!refuses(&stale).contains("HealthDegradation"), "nor is one that is gone");
    world.edit(HEALTH, "error_rate=0.21%", "error_rate=9.21%");
    assert!(refuses(&world).contains("HealthDegradation"));
}

#[test]
fn a_rehearsal_compares_and_keeps_nothing() {
    let world = World::played_until(&["gate", "readiness"]);
    let hook = "hooks: { health-check: { shell: \"sh scripts/sample.sh; echo ::metric queue_depth=3\" } }\n";
    let policy = world.read("d3p.yaml");
    world.write("d3p.yaml", format!("{policy}{hook}"));
    let ledger = world.read(".artifacts/deployment/records/ledger.jsonl");
    let said = world.run(&["gate", "readiness", "--refreeze"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let frozen = world.read(".artifacts/deployment/records/ledger.jsonl");
    assert_ne!(ledger, frozen);
    let said = world.run(&["run", "health-check", "--rehearse"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    for part in ["fine  error_rate", "fine  orders: a person judges it", "wrong queue_depth"] {
        assert!(said.all().contains(part), "{part}: {}", said.all());
    }
    assert_eq!(world.read(".artifacts/deployment/records/ledger.jsonl"), frozen);
    assert!(!world.dir.join(".artifacts/deployment/raw/runs").exists());
}
