//! Approvals that somebody really signed: of something else, or at another time.

use super::*;

/// What the approver really signed, about another release.
#[test]
fn an_approval_of_something_else() {
    let world = signed_until(&SIGN);
    for (key, value) in [
        ("release", json!("v1.3.9")),
        ("commit", json!("0".repeat(40))),
        ("environment", json!("staging")),
        ("gate", json!("staging-validation")),
        ("attempt", json!(2)),
        ("exemptions", json!(["uat is not required"])),
        ("policy", json!({ "sha256": "0".repeat(64) })),
    ] {
        let mut other = statement(&world);
        other["predicate"][key] = value;
        let text = canonical::to_canonical(&other);
        put(&world, &text, Some(&signature(&world, ANA, "d3p-approval", &text)));
        not_cleared(&world, "GL504", key);
    }
}

#[test]
fn an_approval_that_has_ended_or_was_given_in_advance() {
    let world = signed_until(&SIGN);
    for (key, rule) in [("notAfter", "GL505"), ("decidedAt", "GL506")] {
        let mut other = statement(&world);
        other["predicate"][key] = json!("2026-11-21T08:00:00Z");
        let text = canonical::to_canonical(&other);
        put(&world, &text, Some(&signature(&world, ANA, "d3p-approval", &text)));
        not_cleared(&world, rule, key);
    }
}

/// The key ran out yesterday; a statement can say that it is of the day before.
#[test]
fn a_key_that_ran_out_and_a_statement_that_is_dated_back() {
    let old = ("d3p-approval\"", "d3p-approval\",valid-before=\"20261121Z\"");
    let world = prepared(&[], &[old]);
    go_on(&world);
    let refused_at_once = world.run(&SIGN);
    assert_eq!(refused_at_once.exit, Exit::Refused, "{}", refused_at_once.all());
    let genuine = signed_until(&SIGN);
    let mut dated = statement(&genuine);
    dated["predicate"]["decidedAt"] = json!("2026-11-20T12:00:00Z");
    let text = canonical::to_canonical(&dated);
    put(&world, &text, Some(&signature(&world, ANA, "d3p-approval", &text)));
    not_cleared(&world, "GL512", "dated back");
}

#[test]
fn evidence_that_is_edited_after_the_signature() {
    let world = signed_until(&SIGN);
    world.edit(".artifacts/deployment/rollback-plan.md", "## ", "##  ");
    not_cleared(&world, "GL504", "a covered file");
}

/// It is signed over one record of the gate before, and there is another.
#[test]
fn an_approval_over_another_record_of_the_gate_before() {
    let world = signed_until(&SIGN);
    let mut other = statement(&world);
    assert_eq!(
        other["predicate"]["previousGate"]["path"],
        ".artifacts/deployment/records/2-staging-validation.json"
    );
    for value in [Some(json!("0".repeat(64))), None] {
        match value {
            Some(value) => other["predicate"]["previousGate"]["sha256"] = value,
            None => {
                other["predicate"].as_object_mut().unwrap().remove("previousGate");
            }
        }
        let text = canonical::to_canonical(&other);
        put(&world, &text, Some(&signature(&world, ANA, "d3p-approval", &text)));
        not_cleared(&world, "GL506", "another record");
    }
}

/// Readers of in-toto go by the subject.
#[test]
fn an_approval_whose_subject_is_another() {
    let world = signed_until(&SIGN);
    for (pointer, value) in [
        ("/subject/0/digest/gitCommit", json!("0".repeat(40))),
        ("/subject/1/digest/sha256", json!("0".repeat(64))),
    ] {
        let mut other = statement(&world);
        *other.pointer_mut(pointer).unwrap() = value;
        let text = canonical::to_canonical(&other);
        put(&world, &text, Some(&signature(&world, ANA, "d3p-approval", &text)));
        not_cleared(&world, "GL504", pointer);
    }
}

/// The very bytes that the approver signed, for another release of the same project.
#[test]
fn an_approval_that_is_carried_to_another_release() {
    let first = signed_until(&SIGN);
    let second = signed_until(&["approve", "request", "production"]);
    let taken = approval(&first)["decisions"][0].clone();
    let mut file = approval(&second);
    file["decisions"] = json!([taken]);
    second.write(APPROVAL, serde_json::to_string_pretty(&file).unwrap() + "\n");
    let said = second.json(&CLEARANCE);
    // Each world has a key of its own; a shared one would meet GL504.
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    second.write(SIGNERS, first.read(SIGNERS));
    let said = second.json(&CLEARANCE);
    refused(&said, "GL504", "the signers are shared as well");
}

/// An obligation is taken away after the person has signed, by the way that is meant for it.
#[test]
fn an_exemption_that_is_added_after_the_signature() {
    let world = signed_until(&SIGN);
    let none = "demo: true\nuat: { required: false, reason: no users yet, decided_by: Mei Tanaka }";
    world.edit("d3p.yaml", "demo: true", none);
    let again = world.run(&["gate", "readiness", "--refreeze"]);
    assert_eq!(again.exit, Exit::Passed, "{}", again.all());
    let again = world.run(&["gate", "staging-validation"]);
    assert_eq!(again.exit, Exit::Passed, "{}", again.all());
    not_cleared(&world, "GL504", "an exemption");
    let status = world.run(&["approve", "status"]);
    assert!(
        status.out.contains("does not know of the exemption: uat-confirmation"),
        "{}",
        status.out
    );
    // Nobody signs in vain: what they would read tells of gates that were passed again since.
    let vain = world.run(&SIGN);
    assert_eq!(vain.exit, Exit::Refused, "{}", vain.all());
    assert!(vain.all().contains("d3p approve request"), "{}", vain.all());
    for command in [&["status", "--next"][..], &["approve", "show"], &["approve", "status"]] {
        let said = world.run(command).all();
        assert!(said.contains("d3p approve request"), "{command:?}: {said}");
    }
    // The way out is the person's, who is asked once more, and needs no file to be touched.
    world.run(&["approve", "request"]);
    let renewed = world.run(&SIGN);
    assert_eq!(renewed.exit, Exit::Passed, "{}", renewed.all());
    assert_eq!(world.run(&CLEARANCE).exit, Exit::Passed);
}

/// What is read before a decision is taken away, or edited, and the decision signed all the same.
#[test]
fn papers_that_nobody_can_have_read() {
    let world = signed_until(&["approve", "request", "production"]);
    let plan = ".artifacts/deployment/PRODUCTION-DEPLOYMENT-PLAN.md";
    let kept = world.read(plan);
    let refused = |why: &str| {
        let said = world.run(&SIGN);
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        assert!(said.all().contains(why), "{}", said.all());
        assert!(said.all().contains("d3p approve request"), "{}", said.all());
    };
    world.remove(plan);
    refused("PRODUCTION-DEPLOYMENT-PLAN.md is not compiled");
    world.write(plan, kept.replacen("# ", "# Another ", 1));
    refused("was edited by hand");
    assert_eq!(world.run(&["approve", "request"]).exit, Exit::Passed);
    assert_eq!(world.run(&SIGN).exit, Exit::Passed);
    assert_eq!(world.run(&CLEARANCE).exit, Exit::Passed);
}

/// No state is a dead end: the deployment failed, and meanwhile the approval ran out.
#[test]
fn a_deployment_that_failed_is_tried_again_under_a_new_approval() {
    let world = signed_until(&SIGN);
    let report = ["record", "production-deployment-report", "--from", "-"];
    let mut step = signed_script().into_iter().find(|step| is(step, &report)).unwrap();
    if let Action::Run { stdin: Some(body), expect, .. } = &mut step.action {
        *body = body.replacen("\"exit_code\": 0", "\"exit_code\": 1", 1);
        *expect = Exit::Refused;
    }
    world.play(&[step]);
    // Nothing changed, and the approval is in force: it may be tried again at once.
    assert_eq!(world.run(&CLEARANCE).exit, Exit::Passed, "{}", world.run(&CLEARANCE).all());
    world.pass(std::time::Duration::from_secs(2 * 3600));
    not_cleared(&world, "GL505", "it ran out");
    let renewed = world.run(&SIGN);
    assert_eq!(renewed.exit, Exit::Passed, "{}", renewed.all());
    let cleared = world.run(&CLEARANCE);
    assert_eq!(cleared.exit, Exit::Passed, "{}", cleared.all());
}

/// No state is a dead end: something behind both gates is edited, and everything is made again.
#[test]
fn what_lies_behind_passed_gates_can_be_made_again() {
    let world = signed_until(&SIGN);
    let plan = ".artifacts/deployment/rollback-plan.md";
    world.write(plan, world.read(plan) + "\nThe on-call engineer has done this before.\n");
    not_cleared(&world, "GL504", "a covered file");
    world.pass(std::time::Duration::from_secs(60));
    let script = signed_script();
    let from =
        script.iter().position(|step| is(step, &["record", "deployment-readiness-checklist"]));
    let to =
        script.iter().position(|step| is(step, &["approve", "request", "production"])).unwrap();
    for step in &script[from.unwrap()..to] {
        let mut step = step.clone();
        if let Action::Run { args, expect: Exit::Passed, .. } = &mut step.action {
            let log = args.iter().any(|arg| arg == "deployment-communications");
            if args[0] == "record" && !log {
                args.push("--reopen".to_owned());
            }
            world.play(&[step]);
        }
    }
    world.run(&["approve", "request"]);
    let renewed = world.run(&SIGN);
    assert_eq!(renewed.exit, Exit::Passed, "{}", renewed.all());
    assert_eq!(world.run(&CLEARANCE).exit, Exit::Passed);
}

/// The launch succeeded; its report is made to say that it did not, so that it may be "tried again".
#[test]
fn an_approval_that_was_used() {
    const REPORT: &str = ".artifacts/deployment/production-deployment-report.json";
    let world = signed_until(&["record", "production-deployment-report", "--from", "-"]);
    not_cleared(&world, "GL410", "launched");
    let told = world.read(REPORT);
    world.edit(REPORT, "\"status\": \"passed\"", "\"status\": \"failed\"");
    not_cleared(&world, "GL410", "edited");
    let ledger = world.read(LEDGER);
    assert!(ledger.contains("\"status\":\"passed\""), "{ledger}");
    world.write(REPORT, "{}");
    not_cleared(&world, "GL410", "emptied");
    world.remove(REPORT);
    not_cleared(&world, "GL410", "removed");
    world.write(REPORT, told);
    not_cleared(&world, "GL410", "put back");
}
