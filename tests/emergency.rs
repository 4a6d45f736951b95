//! The shortest path that a policy allows: what follows an emergency's launch is owed by its last gate, with
//! the review of the change; and nothing of it without the policy.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, release_script};

const MANIFEST: &str = ".artifacts/deployment/release-manifest.md";
const CHANGE: &str = "change: { id: CHG-7, type: emergency, reason: orders are lost at checkout, requested_by: Mei Tanaka, incident: \"https://tickets.shop.example/INC-3\" }\nprevious_release:";
const POLICY: &str = "changes: { emergency: { after_launch: [uat-confirmation], review_within: 72h, reason: orders may be lost while users are asked, decided_by: Ana Silva } }\n";
const REVIEW: &str = r#"{ "reviewed_by": "Dana Ortiz", "role": "Change manager", "result": "successful",
    "findings": ["Orders reach the warehouse again, and nothing else was changed."], "actions": [] }"#;
const CHECKLIST: [&str; 2] = ["record", "deployment-readiness-checklist"];
const LAST: [&str; 2] = ["gate", "stabilization"];

fn args(step: &Step) -> &[String] {
    match &step.action {
        Action::Run { args, .. } => args,
        _ => &[],
    }
}

fn refused(said: &Said, why: &str) {
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains(why), "{why}: {}", said.all());
}

/// The demo release as an emergency, up to its last gate, and its acceptance by users, which is left out.
fn launched(policy: &str) -> (World, Vec<Step>) {
    let script = release_script();
    let at = |wanted: &[&str]| script.iter().position(|step| args(step) == wanted).unwrap();
    let world = World::new();
    world.play(&script[..=at(&CHECKLIST)]);
    world.edit(MANIFEST, "previous_release:", CHANGE);
    world.write("d3p.yaml", format!("{}{policy}", world.read("d3p.yaml")));
    let again = world.run(&CHECKLIST);
    assert_eq!(again.exit, Exit::Passed, "{}", again.all());
    let is_uat = |step: &Step| args(step).get(1).is_some_and(|kind| kind == "uat-confirmation");
    let (uat, rest): (Vec<Step>, Vec<Step>) =
        script.into_iter().skip_while(|step| args(step) != CHECKLIST).skip(1).partition(is_uat);
    let end = rest.iter().position(|step| args(step) == LAST).unwrap();
    for played in world.play_freely(&rest[..end]) {
        assert!(played.as_expected || policy.is_empty(), "{}", played.output);
    }
    (world, uat)
}

/// An emergency that was launched, and still owes its acceptance.
pub fn open() -> World {
    launched(POLICY).0
}

#[test]
fn what_follows_an_emergency_is_owed_by_its_last_gate() {
    let (world, uat) = launched(POLICY);
    let status = world.run(&["status"]);
    assert!(status.out.contains("emergency change CHG-7"), "{}", status.out);
    refused(&world.run(&LAST), "owes uat-confirmation (missing)");
    refused(&world.run(&LAST), "owes change-review (missing), due 2026-11-24");
    refused(&world.run(&["archive"]), "is not completed");
    world.play(&uat);
    let said = world.run_with(&["record", "change-review", "--from", "-"], REVIEW);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let report = world.run(&["report"]);
    assert_eq!(report.exit, Exit::Passed, "{}", report.all());
    let inputs = world.record_example("retrospective-inputs");
    assert_eq!(inputs.exit, Exit::Passed, "{}", inputs.all());
    let said = world.run(&LAST);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let said = world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.contains("emergency change CHG-7"), "{}", said.out);
    // It is owed for ever: what is taken away is missed.
    world.remove(".artifacts/deployment/change-review.json");
    refused(&world.run(&["verify"]), "owes change-review (missing)");
}

#[test]
fn nothing_is_an_emergency_without_the_policy() {
    let (world, _) = launched("");
    refused(&world.run(&["gate", "readiness"]), "d3p.yaml allows none");
    let clearance = world.run(&["check", "--before", "deploy-production"]);
    assert_eq!(clearance.exit, Exit::Refused, "{}", clearance.all());
}
