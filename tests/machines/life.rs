//! What becomes of a signature later: gates, keys, words and attempts.

use super::*;

/// A job that computes a gate again, finds it valid and has a key vouches for that.
#[test]
fn a_gate_that_passed_without_a_key_is_signed_later() {
    let world = prepared();
    passes(&world, &["gate", "readiness"]);
    let record = world.read(RECORD);
    let said = passes(&world, &["gate", "readiness", "--sign-key", KEY]);
    let path = envelope(&world, "1-readiness-");
    assert!(said.out.contains(&format!("signed now: {path}")), "{}", said.all());
    assert_eq!(world.read(RECORD), record);
    let ledger = world.read(LEDGER);
    let said = passes(&world, &["gate", "readiness", "--sign-key", KEY]);
    assert!(said.out.contains("nothing written") && world.read(LEDGER) == ledger, "{}", said.all());
    let said = passes(&world, &["verify", "--through", "readiness"]);
    assert!(said.out.contains("its record is signed by release-ci"), "{}", said.all());
    world.remove(&path);
    refused(&world, "GL521", "is gone");
    // One that the job does not find valid is not signed.
    let world = prepared();
    passes(&world, &["gate", "readiness"]);
    world.edit(RECORD, "\"PASSED\"", "\"PASSED\" ");
    passes(&world, &["gate", "readiness", "--sign-key", KEY]);
    assert!(!world.read(RECORD).contains("\"PASSED\" "));
}

#[test]
fn a_key_that_is_taken_out_of_the_policy_counts_no_more() {
    let world = deployed();
    let text = world.read("d3p.yaml");
    let start = text.find("machines:").unwrap();
    world.write("d3p.yaml", &text[..start]);
    let gates = facts(&world, "readiness", &[]);
    assert_eq!((&gates[0]["facts"], &gates[0]["record_signed_by"]), (&json!("L0"), &Value::Null));
    passes(&world, &["verify", "--through", "readiness"]);
    let said = world.run(&["run", "deploy-staging", "--sign-key", KEY]);
    assert_eq!(said.exit, Exit::Refused);
    assert!(said.err.contains("was taken out of d3p.yaml"), "{}", said.all());
    // A key that is added in the change that it should vouch for is a loosening.
    let world = deployed();
    let pem = make_key(&world, ".git/agent.pem", KINDS[0].1);
    let added = machine("agent", &pem).replace("machines:\n", "");
    world.write("d3p.yaml", world.read("d3p.yaml") + &added);
    let said = world.json(&["check"]);
    assert!(said.has("GL004"), "{:?}", said.rules());
    let said = world.run(&["run", "deploy-staging", "--sign-key", ".git/agent.pem"]);
    assert_eq!(said.exit, Exit::Refused);
    assert!(said.err.contains("froze its policy"), "{}", said.all());
}

#[test]
fn evidence_that_was_typed_stays_typed_whoever_signs_it() {
    let world = World::new();
    let script = release_script();
    let at = |wanted: &str| {
        let is = |step: &Step| matches!(&step.action, Action::Run { args, .. } if args.join(" ").starts_with(wanted));
        script.iter().rposition(is).unwrap()
    };
    world.play(&script[..=at("record deployment-readiness-checklist")]);
    let pem = make_key(&world, KEY, KINDS[0].1);
    world.write("d3p.yaml", world.read("d3p.yaml") + &machine("release-ci", &pem));
    world.only_var("D3P_SIGNING_KEY", Some(&world.read(KEY)));
    world.play(&script[at("gate readiness")..=at("record staging-deployment-report")]);
    envelope(&world, "staging-deployment-report-");
    let gates = facts(&world, "staging-validation", &[]);
    assert_eq!((&gates[1]["facts"], &gates[1]["typed"]), (&json!("L0"), &json!(1)), "{gates:#?}");
    // What is a person's is not signed, whatever the job has in its environment.
    world.play(
        &script[at("record staging-deployment-report") + 1..=at("record production-approval")],
    );
    assert!(!envelopes(&world).iter().any(|name| name.contains("approval")));
    let go = ["record", "production-approval", "--by", "Ana Silva", "--decision", "go"];
    let log = ["record", "deployment-communications", "--from", "-"];
    for (args, why) in [(&go[..], "no machine signs it"), (&log, "by itself")] {
        let said = world.run(&[args, &["--sign-key", KEY]].concat());
        assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
        assert!(said.err.contains(why), "{}", said.all());
    }
}

/// A release that becomes another one in its place is a way on, and needs no file to be deleted.
#[test]
fn what_an_earlier_attempt_signed_is_history() {
    let world = deployed();
    for name in ["release-manifest.md", "rollback-plan.md", "deployment-communications.md"] {
        world.edit(&format!(".artifacts/deployment/{name}"), "attempt: 1", "attempt: 2");
    }
    passes(&world, &["record", "deployment-readiness-checklist"]);
    passes(&world, &["gate", "readiness"]);
    let said = world.json(&["check", "--through", "readiness"]);
    assert!(!said.has("GL519") && !said.has("GL521"), "{:?}", said.rules());
    let gates = facts(&world, "readiness", &[]);
    assert_eq!((&gates[0]["facts"], &gates[0]["record_signed_by"]), (&json!("L0"), &Value::Null));
}
