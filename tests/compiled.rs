//! What whoever decides reads is compiled before anybody is asked, covered by the GO, and refused where it
//! is not what the evidence makes (DLC-10).

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, run_script};

const VALIDATION: &str = ".artifacts/deployment/STAGING-VALIDATION-REPORT.md";
const PLAN: &str = ".artifacts/deployment/PRODUCTION-DEPLOYMENT-PLAN.md";
const APPROVAL: &str = ".artifacts/deployment/production-approval.json";

fn is(step: &Step, wanted: &[&str]) -> bool {
    matches!(&step.action, Action::Run { args, .. } if args == wanted)
}

/// A signed release, played until just before this.
fn before(last: &[&str]) -> World {
    let script = run_script(true);
    let end = script.iter().position(|step| is(step, last)).unwrap();
    let world = World::new();
    world.play(&script[..end]);
    world
}

#[test]
fn both_are_compiled_before_anybody_is_asked_and_the_go_covers_them() {
    let request = ["approve", "request", "production"];
    // Where a gate before is not passed nobody is asked, and nothing is compiled.
    let early = before(&["gate", "staging-validation"]);
    assert_eq!(early.run(&request).exit, Exit::Refused);
    assert!(!early.dir.join(VALIDATION).exists() && !early.dir.join(PLAN).exists());
    let world = before(&request);
    let said = world.run(&request);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let report = world.read(VALIDATION);
    for part in [
        "# Staging validation report:",
        "**Recommendation: none. Whoever approves judges what waits for them. Passed: Readiness",
        "| **All** |",
        "| Scanner | Critical | High |",
        "staging-validation-results.json",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    let plan = world.read(PLAN);
    for part in [
        "# Production deployment plan:",
        "## Strategy",
        "| Stage | Weight | Watched for | Conditions |",
        "## Monitoring once all traffic is moved",
        "## Rollback\n\nIt goes back to v1.3.0. Planned to take",
        "## Data migration",
    ] {
        assert!(plan.contains(part), "{part}: {plan}");
    }
    // Asked again, nothing changes; and what is signed names both.
    assert_eq!(world.run(&request).exit, Exit::Passed);
    assert_eq!((world.read(VALIDATION), world.read(PLAN)), (report, plan));
    let covered = world.read(APPROVAL);
    assert!(covered.contains(VALIDATION) && covered.contains(PLAN), "{covered}");
}

#[test]
fn what_was_edited_or_left_behind_is_not_what_was_approved() {
    let launch = ["check", "--before", "deploy-production"];
    let world = before(&["run", "deploy-production"]);
    assert_eq!(world.run(&launch).exit, Exit::Passed);
    let edited = world.copy();
    edited.edit(VALIDATION, "Recommendation: none", "Recommendation: deploy");
    let said = edited.json(&["check", VALIDATION]);
    assert!(said.has("GL225"), "{:?}", said.rules());
    // So it is where a gate is no longer passed.
    let reopened = world.copy();
    reopened.remove(".artifacts/deployment/records/2-staging-validation.json");
    let said = reopened.json(&["check", VALIDATION]);
    assert!(
        said.out.contains("do not deploy to production. Staging Validation Gate is not passed"),
        "{}",
        said.out
    );
    // The GO was given on another text.
    let refused = edited.json(&launch);
    assert!(refused.exit == Exit::Refused && refused.has("GL504"), "{:?}", refused.rules());
    // A document of the plan changes after it was compiled: it is asked for again.
    let monitoring = "d3p/phase-9-deployment-golive/phase9_go_live_monitoring.md";
    world.write(monitoring, world.read(monitoring) + "\nOne more line.\n");
    let said = world.json(&["check", PLAN]);
    assert!(said.has("GL223") && said.out.contains("\"request\""), "{}", said.out);
}
