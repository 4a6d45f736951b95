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
