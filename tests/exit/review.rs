//! What waits for a person stays a doubt, and is decided by a person who sees exactly that.

use super::*;

/// A signed release with everything for the last gate, in which the last sample tells of no latency.
fn ambiguous(samples: usize) -> World {
    let script = d3p::testing::cli::demo::signed_script();
    let sample = ["record", "deployment-health-log", "--from", "-"];
    let checkins: Vec<usize> = script
        .iter()
        .enumerate()
        .filter(|(_, step)| is(step, &sample))
        .map(|(index, _)| index)
        .collect();
    let end = script.iter().position(|step| is(step, &["gate", "stabilization"])).unwrap();
    let mut script = script[..end].to_vec();
    for index in checkins.iter().rev().take(samples) {
        if let Action::Run { stdin, .. } = &mut script[*index].action {
            *stdin = stdin.as_ref().map(|text| {
                let start = text.find("\"latency_p99\"").unwrap();
                let end = start + text[start..].find(',').unwrap() + 1;
                format!("{}{}", &text[..start], &text[end..])
            });
        }
    }
    let world = World::new();
    world.play(&script);
    world
}

#[test]
fn ambiguous_metrics_at_the_last_gate_wait_for_a_person() {
    let world = ambiguous(1);
    let said = world.run(&["gate", "stabilization"]);
    refused(&said, "gate stabilization: REVIEW: a human must look at this");
    assert!(said.out.contains("decide: d3p waive GL316"), "{}", said.all());
    // A doubt has not failed, and is given no name of a failure.
    assert!(!said.out.contains("HealthDegradation"), "{}", said.all());
    let waive = [
        "waive",
        "GL316",
        "--path",
        ".artifacts/deployment/deployment-health-log.md",
        "--until",
        "2026-12-01T00:00:00Z",
        "--reason",
        "the sensor of web was restarted",
        "--as",
        "ana@shop.example",
        "--key",
        ANA,
    ];
    passed(&world.run(&waive));
    passed(&world.run(&["gate", "stabilization", "--dry-run"]));
    // One more of the kind was seen by nobody.
    let more = ambiguous(2);
    refused(&more.run(&["gate", "stabilization", "--dry-run"]), "REVIEW");
    passed(&more.run(&waive));
    passed(&more.run(&["gate", "stabilization", "--dry-run"]));
    let later = more.json(&["check", "--through", "4"]);
    assert!(
        !later.json()["findings"].to_string().contains("\"state\":\"failed\""),
        "{}",
        later.all()
    );
}

#[test]
fn a_doubt_beside_a_failure_is_a_refusal() {
    let world = ambiguous(1);
    let path = ".artifacts/deployment/post-deployment-validation.json";
    world.edit(path, "\"status\": \"passed\"", "\"status\": \"failed\"");
    refused(&world.run(&["gate", "stabilization", "--dry-run"]), "gate stabilization: REFUSED");
}

/// One doubt of each gate and each kind of piece: where it is put, what is done there, and at which gate it
/// waits.
struct Row {
    until: &'static [&'static str],
    what: fn(&World),
    gate: &'static str,
    rule: &'static str,
}

const GO_DECISION: &str = "d3p/phase-8-readiness/phase8_go_nogo_decision.md";
const CHECKLIST: [&str; 2] = ["record", "deployment-readiness-checklist"];

const ROWS: [Row; 5] = [
    Row {
        until: &CHECKLIST,
        what: |world| {
            let path = "d3p/phase-9-deployment-golive/phase9_deployment_plan.md";
            let more = "\nTODO list export: items of the to-do list can be exported as CSV.\n";
            world.write(path, world.read(path) + more);
        },
        gate: "readiness",
        rule: "may be a placeholder",
    },
    Row {
        until: &CHECKLIST,
        what: |world| {
            let text = world.read(GO_DECISION) + "\n- [ ] the scan of the image is clean\n";
            world.write(GO_DECISION, text);
            let _ = world.run(&CHECKLIST);
        },
        gate: "readiness",
        rule: "GL240",
    },
    Row {
        until: &CHECKLIST,
        what: |world| {
            world.write(
                GO_DECISION,
                world.read(GO_DECISION).replacen("release:", "services: [api]\nrelease:", 1),
            );
            let _ = world.run(&CHECKLIST);
        },
        gate: "readiness",
        rule: "GL240",
    },
    Row {
        until: &["record", "uat-confirmation", "--from", "-"],
        what: |world| {
            let path = ".artifacts/deployment/staging-validation-results.json";
            let mut value: serde_json::Value = serde_json::from_str(&world.read(path)).unwrap();
            value["performance"][1]["baseline"] = 0.into();
            world.write(path, serde_json::to_string_pretty(&value).unwrap());
        },
        gate: "staging-validation",
        rule: "GL219",
    },
    Row {
        until: &["record", "post-deployment-validation", "--from", "-"],
        what: |world| {
            let question = format!(
                r#"{{"questions": [{{"id": "support", "question": "Is support staffed?", "answer": "clarify", "answered_by": "Ana Silva", "answered_at": "{}"}}]}}"#,
                world.now()
            );
            let _ = world.run_with(&["record", "confirmations", "--from", "-"], &question);
        },
        gate: "production-launch",
        rule: "clarify",
    },
];

#[test]
fn a_doubt_about_any_piece_is_a_review_of_its_gate_and_prints_what_decides() {
    let script = d3p::testing::cli::demo::release_script();
    let (world, mut played) = (World::new(), 0);
    for Row { until, what, gate, rule } in &ROWS {
        let end = script.iter().position(|step| is(step, until)).unwrap() + 1;
        if end > played {
            world.play(&script[played..end]);
            played = end;
        }
        let doubted = world.copy();
        what(&doubted);
        let said = doubted.run(&["gate", gate, "--dry-run"]);
        refused(&said, &format!("gate {gate}: REVIEW: a human must look at this"));
        assert!(said.out.contains(rule), "{rule}: {}", said.all());
        assert!(said.out.contains("decide: "), "{gate}: {}", said.all());
        for failure in ["MissingPrerequisites", "DeploymentFailure", "HealthDegradation"] {
            assert!(!said.out.contains(failure), "{failure}: {}", said.all());
        }
        // A failure beside it is a refusal: what has failed is decided by nobody.
        let path = ".artifacts/deployment/release-manifest.md";
        doubted.write(path, doubted.read(path).replacen("attempt: 1", "attempt: 7", 1));
        refused(&doubted.run(&["gate", gate, "--dry-run"]), &format!("gate {gate}: REFUSED"));
    }
}
