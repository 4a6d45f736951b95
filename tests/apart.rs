//! Signing without a clone: a bundle goes out, a signature comes back, and both sides judge it alike.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, run_script};
use serde_json::Value;
use std::fs;

const REQUEST: [&str; 3] = ["approve", "request", "production"];
const APPROVAL: &str = ".artifacts/deployment/production-approval.json";
const BUNDLE: &str = "../release.tar.gz";
const SIGNED: &str = "release.tar.gz.signed.json";

fn position(script: &[Step], wanted: &[&str]) -> usize {
    let is = |step: &Step| matches!(&step.action, Action::Run { args, .. } if args == wanted);
    script.iter().rposition(is).unwrap_or_else(|| panic!("no step {wanted:?}"))
}

/// A release that waits for its approval, its bundle, and another machine that has the bundle and the
/// person's key, and nothing else.
fn waiting() -> (World, World) {
    let ours = World::new();
    let script = run_script(true);
    ours.play(&script[..=position(&script, &REQUEST)]);
    let theirs = World::new();
    let key = |name: &str| ours.dir.join(".git").join(name);
    for name in ["d3p-demo-key", "d3p-demo-key.pub"] {
        fs::copy(key(name), theirs.dir.join(name)).unwrap();
    }
    pack(&ours, &theirs);
    (ours, theirs)
}

fn pack(ours: &World, theirs: &World) {
    let from = ours.dir.join(BUNDLE);
    let _ = fs::remove_file(&from);
    must(ours.run(&["bundle", "create", BUNDLE]), Exit::Passed);
    fs::copy(from, theirs.dir.join("release.tar.gz")).unwrap();
    theirs.at(ours.now());
}

fn must(said: Said, exit: Exit) -> String {
    assert_eq!(said.exit, exit, "{}", said.all());
    said.all()
}

fn sign(theirs: &World, decision: &str, exit: Exit) -> String {
    let args = ["approve", "sign", "release.tar.gz", "--as", "ana@shop.example"];
    let rest = ["--key", "d3p-demo-key", "--decision", decision];
    must(theirs.run(&[&args[..], &rest].concat()), exit)
}

/// Brings the signature back, changed by `change`; the path that it lies at.
fn back(ours: &World, theirs: &World, change: impl FnOnce(&mut Value)) -> String {
    let mut value: Value = serde_json::from_str(&theirs.read(SIGNED)).unwrap();
    change(&mut value);
    let path = ours.dir.with_file_name("signed.json");
    fs::write(&path, value.to_string()).unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn who_has_no_clone_signs_a_bundle_and_the_clone_takes_it() {
    let (ours, theirs) = waiting();
    let said = sign(&theirs, "go", Exit::Passed);
    assert!(said.contains("d3p approve add release.tar.gz.signed.json"), "{said}");
    assert!(theirs.run(&["status"]).exit != Exit::Passed, "there is no project there");
    let file = back(&ours, &theirs, |_| {});
    ours.at(theirs.now());
    let said = must(ours.run(&["approve", "add", &file]), Exit::Passed);
    assert!(said.contains("the approval is in force"), "{said}");
    must(ours.run(&["check", "--before", "deploy-production"]), Exit::Passed);
    // It is one decision, however often it is brought.
    let said = must(ours.run(&["approve", "add", &file]), Exit::Refused);
    assert!(said.contains("it is recorded already"), "{said}");
}

#[test]
fn a_no_go_from_elsewhere_stops_the_launch() {
    let (ours, theirs) = waiting();
    sign(&theirs, "no-go", Exit::Passed);
    let file = back(&ours, &theirs, |_| {});
    ours.at(theirs.now());
    let said = must(ours.run(&["approve", "add", &file]), Exit::Refused);
    assert!(said.contains("the launch is off"), "{said}");
    assert!(ours.read(APPROVAL).contains("NO_GO"));
}

#[test]
fn what_was_changed_on_the_way_or_is_about_something_else_by_now_does_not_count() {
    let (ours, theirs) = waiting();
    // Nobody who may not decide signs there, and no other file is taken for a bundle.
    let stranger = ["approve", "sign", "release.tar.gz", "--as", "eve@shop.example"];
    let rest = ["--key", "d3p-demo-key", "--decision", "go"];
    assert_ne!(theirs.run(&[&stranger[..], &rest].concat()).exit, Exit::Passed);
    let whole = fs::read(theirs.dir.join("release.tar.gz")).unwrap();
    fs::write(theirs.dir.join("release.tar.gz"), &whole[..whole.len() / 2]).unwrap();
    sign(&theirs, "go", Exit::Refused);
    assert!(!theirs.dir.join(SIGNED).exists(), "nothing is written where nothing was signed");
    fs::write(theirs.dir.join("release.tar.gz"), whole).unwrap();
    sign(&theirs, "go", Exit::Passed);
    // What lies there is never overwritten.
    assert_ne!(
        theirs
            .run(&[
                "approve",
                "sign",
                "release.tar.gz",
                "--as",
                "ana@shop.example",
                "--key",
                "d3p-demo-key",
                "--decision",
                "go",
            ])
            .exit,
        Exit::Passed
    );
    ours.at(theirs.now());
    let before = ours.read(APPROVAL);
    let refused = |file: &str, why: &str| {
        let said = must(ours.run(&["approve", "add", file]), Exit::Refused);
        assert!(said.contains(why), "{why}: {said}");
        assert_eq!(ours.read(APPROVAL), before);
    };
    let file = back(&ours, &theirs, |own| {
        own["statement"] = own["statement"].as_str().unwrap().replace("\"GO\"", "\"NO_GO\"").into();
    });
    refused(&file, "does not count here");
    let file = back(&ours, &theirs, |own| own["signature"] = "".into());
    refused(&file, "does not count here");
    // The plan is another one by now.
    let plan = "d3p/phase-9-deployment-golive/phase9_deployment_plan.md";
    let text = ours.read(plan);
    ours.write(plan, text.replacen("## ", "\nOne more sentence.\n\n## ", 1));
    let file = back(&ours, &theirs, |_| {});
    let said = ours.run(&["approve", "add", &file]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert_eq!(ours.read(APPROVAL), before);
    // Asked for again, it is about other bytes.
    for gate in ["readiness", "staging-validation"] {
        must(ours.run(&["gate", gate]), Exit::Passed);
    }
    must(ours.run(&REQUEST), Exit::Passed);
    let before = ours.read(APPROVAL);
    let said = must(ours.run(&["approve", "add", &file]), Exit::Refused);
    assert!(said.contains("does not count here") && said.contains(plan), "{said}");
    assert_eq!(ours.read(APPROVAL), before);
    // A file that is none.
    fs::write(&file, "{}").unwrap();
    assert_eq!(ours.run(&["approve", "add", &file]).exit, Exit::Incomplete);
}

#[test]
fn a_job_of_a_forge_signs_what_a_gate_says_and_others_check_it() {
    let world = World::new();
    let script = run_script(true);
    world.play(&script[..position(&script, &["gate", "readiness"])]);
    world.write("../mine.json", "{\"mine\": true}\n");
    let said = world.run(&["gate", "readiness", "--predicate-out", "../mine.json"]);
    assert_ne!(said.exit, Exit::Passed, "a file of somebody's is not overwritten");
    world.vars(&[(
        "GITHUB_WORKFLOW_REF",
        "acme/shop/.github/workflows/release.yml@refs/heads/main",
    )]);
    let args = ["gate", "readiness", "--predicate-out", "../predicate.json"];
    let said = must(world.run(&args), Exit::Passed);
    let record: Value =
        serde_json::from_str(&world.read(".artifacts/deployment/records/1-readiness.json"))
            .unwrap();
    let written: Value = serde_json::from_str(&world.read("../predicate.json")).unwrap();
    assert_eq!(written, record["predicate"]);
    for part in [
        "cosign verify-blob-attestation --bundle BUNDLE --type https://slsa.dev/verification_summary/v1",
        "--certificate-identity 'https://github.com/acme/shop/.github/workflows/release.yml@refs/heads/main'",
        "--certificate-oidc-issuer https://token.actions.githubusercontent.com --digest ",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    // Once more it is the same file.
    must(world.run(&args), Exit::Passed);
}
