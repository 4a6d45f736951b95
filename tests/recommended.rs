//! The staging validation report and `approve show` recommend the same, whatever happened (DLC-10).

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, signed_script};

const REPORT: &str = ".artifacts/deployment/STAGING-VALIDATION-REPORT.md";
const APPROVAL: &str = ".artifacts/deployment/production-approval.json";
const KEPT: &str = ".artifacts/deployment/raw/attempts/production-approval.1.1.json";
const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const ANA: &str = ".git/d3p-demo-key";
const CHECKLIST: [&str; 2] = ["record", "deployment-readiness-checklist"];
const REQUEST: [&str; 3] = ["approve", "request", "production"];
const GO: [&str; 8] =
    ["approve", "sign", "--as", "ana@shop.example", "--decision", "go", "--key", ANA];
const NO_GO: [&str; 8] =
    ["approve", "sign", "--as", "ana@shop.example", "--decision", "no-go", "--key", ANA];
const CLEARANCE: [&str; 3] = ["check", "--before", "deploy-production"];

fn place(script: &[Step], wanted: &[&str]) -> usize {
    let is = |step: &Step| matches!(&step.action, Action::Run { args, .. } if args == wanted);
    script.iter().rposition(is).unwrap_or_else(|| panic!("no step {wanted:?}"))
}

/// A signed release, played through `last`.
fn through(last: &[&str]) -> World {
    let script = signed_script();
    let world = World::new();
    world.play(&script[..=place(&script, last)]);
    world
}

/// Goes on with what comes after `done`, through `last`.
fn go_on(world: &World, done: &[&str], last: &[&str]) {
    let script = signed_script();
    world.play(&script[place(&script, done) + 1..=place(&script, last)]);
}

fn passed(world: &World, args: &[&str]) {
    let said = world.run(args);
    assert_eq!(said.exit, Exit::Passed, "{args:?}: {}", said.all());
}

fn shown(world: &World) -> String {
    let said = world.run(&["approve", "show"]).out;
    said.lines().find(|line| line.starts_with("Recommendation: ")).unwrap().to_owned()
}

/// What both say; the report is what d3p would compile now.
pub fn told(world: &World) -> String {
    let report = world.read(REPORT);
    let own = report.lines().find_map(|line| line.strip_prefix("**")?.strip_suffix("**")).unwrap();
    let shown = shown(world);
    assert_eq!(own, shown);
    let said = world.json(&["check", REPORT]);
    assert!(!said.has("GL223") && !said.has("GL225"), "{}", said.all());
    shown
}

#[test]
fn a_launch_is_recommended_where_nothing_waits() {
    let world = through(&REQUEST);
    let all = told(&world);
    let wanted = "Recommendation: deploy to production. Nothing waits. Passed: Readiness Confirmation Gate 2026-11-";
    assert!(all.starts_with(wanted) && all.contains(", Staging Validation Gate 2026-11-"), "{all}");
    passed(&world, &GO);
    assert_eq!(told(&world), all);
    passed(&world, &CLEARANCE);
}

#[test]
fn nothing_is_recommended_over_what_waits_for_whoever_says_go() {
    let world = through(&CHECKLIST);
    world.edit(
        ".artifacts/deployment/rollback-plan.md",
        "| Jonas Weber | 2m |",
        "| Jonas Weber | 10h |",
    );
    passed(&world, &CHECKLIST);
    go_on(&world, &CHECKLIST, &REQUEST);
    let none = told(&world);
    assert!(none.starts_with("Recommendation: none. Whoever approves judges what waits"), "{none}");
    // That they saw it and said GO changes nothing of what they read.
    passed(&world, &GO);
    assert_eq!(told(&world), none);
    passed(&world, &CLEARANCE);
    // Who recommends a launch all the same is found out.
    world.edit(
        REPORT,
        "none. Whoever approves judges what waits for them.",
        "deploy to production. Nothing waits.",
    );
    assert!(world.json(&["check", REPORT]).has("GL225"));
}

#[test]
fn a_condition_that_is_open_is_told_before_and_after_it_is_waived() {
    let world = through(&CHECKLIST);
    let decision = "d3p/phase-8-readiness/phase8_go_nogo_decision.md";
    world.write(decision, world.read(decision) + "\n- [ ] the scan of the image is clean\n");
    let _ = world.run(&CHECKLIST);
    assert_eq!(world.run(&["gate", "readiness"]).exit, Exit::Refused);
    let open = shown(&world);
    let wanted =
        "Recommendation: do not deploy to production. Readiness Confirmation Gate is not passed.";
    assert_eq!(open, wanted);
    let common = ["--until", "2026-11-22", "--reason", "the scan is repeated on Monday"];
    let waive = ["waive", "GL240", "--as", "ana@shop.example", "--key", ANA];
    passed(&world, &[&waive[..], &common].concat());
    go_on(&world, &CHECKLIST, &REQUEST);
    let none = told(&world);
    assert!(none.starts_with("Recommendation: none. "), "{none}");
    // A gate that is no longer passed takes it back.
    world.remove(".artifacts/deployment/records/2-staging-validation.json");
    let wanted =
        "Recommendation: do not deploy to production. Staging Validation Gate is not passed.";
    assert_eq!(shown(&world), wanted);
    let said = world.json(&["check", REPORT]);
    assert!(said.has("GL223") && said.out.contains(wanted), "{}", said.all());
}

#[test]
fn whoever_objects_stands_in_the_report_from_then_on() {
    let objected = "do not deploy to production while a NO_GO binds: Ana Silva. Passed: ";
    let world = through(&REQUEST);
    // On another machine, whose files come here.
    let other = world.copy();
    assert_eq!(world.run(&NO_GO).exit, Exit::Refused);
    assert!(told(&world).contains(objected));
    for path in [APPROVAL, LEDGER, KEPT] {
        other.write(path, world.read(path));
    }
    let said = other.json(&["check", REPORT]);
    assert!(said.has("GL223") && said.out.contains(objected), "{}", said.all());
    let refused = other.run(&GO);
    assert_eq!(refused.exit, Exit::Refused, "{}", refused.all());
    assert!(refused.all().contains("d3p approve request"), "{}", refused.all());
    passed(&other, &REQUEST);
    assert!(told(&other).contains(objected));
    // It is lifted over a report that tells of it, and that goes on to be what was decided on.
    passed(&world, &GO);
    assert!(told(&world).contains(objected));
    passed(&world, &CLEARANCE);
    go_on(&world, &GO, &["verify"]);
    passed(&world, &["archive"]);
    passed(&world, &["verify", ".artifacts/releases/v1.4.0+1"]);
}

#[test]
fn an_objection_before_anybody_is_asked_is_told_by_what_is_compiled_then() {
    let world = through(&["gate", "staging-validation"]);
    assert_eq!(world.run(&NO_GO).exit, Exit::Refused);
    assert!(!world.dir.join(REPORT).exists());
    go_on(&world, &["gate", "staging-validation"], &REQUEST);
    assert!(told(&world).contains("while a NO_GO binds: Ana Silva. "));
}
