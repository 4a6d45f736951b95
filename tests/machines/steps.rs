//! A key that the policy limits to steps signs what these make, and nothing else.

use super::{ATTESTATIONS, KEY, LEDGER, RECORD, STAGING, machine, make_key, passes, secret};
use crate::common::World;
use d3p::Exit;
use d3p::testing::sign::Envelope;
use serde_json::Value;

/// A release whose policy limits the key at [`KEY`] to `steps`.
fn limited(steps: &str) -> World {
    let world = World::new();
    world.play(&super::script_until(&["record", "deployment-readiness-checklist"]));
    let pem = make_key(&world, KEY, super::KINDS[0].1);
    let policy = machine("release-ci", &pem) + &format!("    steps: [{steps}]\n");
    world.write("d3p.yaml", world.read("d3p.yaml") + &policy);
    passes(&world, &["record", "deployment-readiness-checklist"]);
    world
}

#[test]
fn a_key_for_one_step_signs_that_step() {
    let world = limited("deploy-staging");
    passes(&world, &["gate", "readiness"]);
    passes(&world, &["run", "deploy-staging", "--sign-key", KEY]);
    let said = world.json(&["check"]);
    assert!(!said.has("GL519"), "{}", said.all());
    let lines = world.read(LEDGER);
    let signed = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert!(signed.into_iter().any(|line| line["machine"] == "release-ci"));
}

#[test]
fn it_signs_no_gate_no_other_step_and_nothing_that_no_step_makes() {
    let world = limited("deploy-production");
    let before = world.read(LEDGER);
    for args in [
        ["gate", "readiness", "--sign-key", KEY],
        ["record", "deployment-readiness-checklist", "--sign-key", KEY],
    ] {
        let said = world.run(&args);
        assert_eq!(said.exit, Exit::Refused, "{args:?}: {}", said.all());
        assert!(said.all().contains("this signature would not count"), "{}", said.all());
    }
    passes(&world, &["gate", "readiness"]);
    let said = world.run(&["run", "deploy-staging", "--sign-key", KEY]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains("deploy-production"), "{}", said.all());
    assert!(!world.dir.join(STAGING).exists(), "nothing was run");
    assert!(world.read(LEDGER).starts_with(&before));
}

#[test]
fn an_envelope_that_the_key_made_by_another_way_counts_for_nothing() {
    let world = limited("deploy-production");
    passes(&world, &["gate", "readiness"]);
    // Whoever has the key does without d3p: the record is the statement, byte for byte.
    let record = world.read(RECORD);
    let envelope = Envelope::sign(record.as_bytes(), &secret(&world, KEY)).to_text();
    let digest = d3p::testing::model::Sha256Digest::of(record.as_bytes()).to_string();
    let path = format!("{ATTESTATIONS}/1-readiness-{}.dsse.json", &digest[..16]);
    world.write(&path, envelope);
    let said = world.json(&["check"]);
    assert!(said.has("GL519") || said.has("GL909"), "{}", said.all());
    let verified = world.json(&["verify", "--through", "1"]);
    let signed = &verified.json()["audit"]["assurance"][0]["record_signed_by"];
    assert!(signed.is_null(), "{signed}");
}

#[test]
fn a_verifier_without_anything_from_outside_is_sent_away() {
    let world = limited("deploy-staging");
    passes(&world, &["gate", "readiness"]);
    let args = ["verify", "--through", "1", "--require-trust"];
    let said = world.run(&args);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    assert!(said.all().contains("no policy and no signers from outside"), "{}", said.all());
    let git = |args: &[&str]| {
        let output = std::process::Command::new("git")
            .current_dir(&world.dir)
            .args(["-c", "user.name=t", "-c", "user.email=t@shop.example"])
            .args(args)
            .output()
            .unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    git(&["add", "d3p.yaml", ".d3p"]);
    git(&["commit", "--quiet", "-m", "the policy was reviewed"]);
    let commit = git(&["rev-parse", "HEAD"]);
    // A name that moves is no trust from outside; the full id of what was reviewed is.
    let said = world.run(&[&args[..], &["--policy-commit", "HEAD"]].concat());
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    let said = world.run(&[&args[..], &["--policy-commit", &commit]].concat());
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    // Nor is a pinned policy of which this tree's is a looser copy.
    world.edit("d3p.yaml", "steps: [deploy-staging]", "steps: [deploy-staging, deploy-production]");
    passes(&world, &["gate", "readiness", "--refreeze"]);
    let said = world.run(&[&args[..], &["--policy-commit", &commit]].concat());
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
}
