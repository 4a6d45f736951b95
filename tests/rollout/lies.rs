//! Lies about rollouts: each is refused, waits for review, or is said.

use super::server::{Says, Server};
use super::{
    CANARY, LEDGER, after_launch, cleared, cleared_with, healthy, passed, records, refused, status,
};
use crate::common::World;
use d3p::Exit;

/// A rollout of which every stage passed.
fn rolled_out(server: &Server) -> World {
    let world = cleared(CANARY, server);
    passed(&world.run(&["rollout", "run"]));
    assert!(!found(&world, "GL324") && !found(&world, "GL321"));
    world
}

fn found(world: &World, rule: &str) -> bool {
    world.json(&["check", "--through", "production-launch"]).has(rule)
}

#[test]
fn a_stage_is_shortened() {
    let server = Server::new(healthy);
    let world = cleared(CANARY, &server);
    // After the GO the policy is what it was.
    world.write("d3p.yaml", world.read("d3p.yaml").replace("duration: 1m", "duration: 10s"));
    refused(&world.run(&["rollout", "run"]), "GL004");
    // Before gate 1 it is another policy: one in which nothing would be measured is refused.
    let short = CANARY.replace("duration: 1m", "duration: 5s");
    let world = World::new();
    world.play(&d3p::testing::cli::demo::run_script(true)[..3]);
    world.write("d3p.yaml", world.read("d3p.yaml") + &short + &super::metrics(server.port));
    let said = world.run(&["check"]);
    assert!(said.out.contains("none would be taken"), "{}", said.all());
}

#[test]
fn a_sample_is_removed() {
    let server = Server::new(|query, moment| match query.starts_with("errors") {
        true if after_launch(moment, 30) => Says::Value(0.02),
        _ => healthy(query, moment),
    });
    let world = cleared(CANARY, &server);
    refused(&world.run(&["rollout", "run"]), "error_rate < 1% did not hold");
    let (path, mut record) = records(&world).remove(0);
    let answers = record["answers"].as_array_mut().unwrap();
    let bad = answers.iter().position(|own| own["body"].as_str().unwrap().contains("0.02"));
    answers.remove(bad.unwrap());
    world.write(&path, serde_json::to_string_pretty(&record).unwrap() + "\n");
    assert!(found(&world, "GL324"));
    assert_eq!(status(&world)[0], "failed", "what failed stays failed");
}

#[test]
fn a_record_is_taken_away_or_laid_there() {
    let server = Server::new(healthy);
    let world = rolled_out(&server);
    let (path, _) = records(&world).remove(0);
    let text = world.read(&path);
    std::fs::remove_file(world.dir.join(&path)).unwrap();
    assert!(found(&world, "GL324"));
    world.write(&path, &text);
    assert!(!found(&world, "GL324"));
    world.write(&path.replace("stage-1-", "stage-3-"), &text);
    assert!(found(&world, "GL324"));
}

#[test]
fn a_trigger_that_fired_is_deleted() {
    let server = Server::new(|query, moment| match query.starts_with("errors") {
        true => Says::Value(0.5),
        false => healthy(query, moment),
    });
    let world = cleared(CANARY, &server);
    refused(&world.run(&["rollout", "run"]), "fired");
    let (path, _) = records(&world).remove(0);
    std::fs::remove_file(world.dir.join(&path)).unwrap();
    let ledger = world.read(LEDGER);
    let kept: Vec<&str> =
        ledger.lines().filter(|line| !line.contains(r#""kind":"watched""#)).collect();
    world.write(LEDGER, kept.join("\n") + "\n");
    // Without the line the stage was not watched: nothing is gained, and nothing passes.
    assert_eq!(status(&world)[0], "watching");
    refused(&world.run(&["run", "next-stage"]), "GL321");
    assert!(found(&world, "GL321"));
    // What was announced with it tells that it is gone.
    let said = world.json(&["check", "--through", "production-launch"]);
    assert!(said.has("GL324"), "{:?}", said.rules());
    assert!(
        said.out.contains("that stage 1 failed, and no line of the ledger tells of it"),
        "{}",
        said.out
    );
}

#[test]
fn a_query_is_changed_after_the_go() {
    let server = Server::new(healthy);
    let world = cleared(CANARY, &server);
    world.write("d3p.yaml", world.read("d3p.yaml").replace("errors{version", "no_errors{version"));
    refused(&world.run(&["rollout", "run"]), "GL004");
}

#[test]
fn a_query_does_not_ask_for_the_version_or_makes_values_of_nothing() {
    let server = Server::new(healthy);
    for (from, to, why) in [
        ("errors{version=\"{version}\"}", "errors", "does not ask for the version"),
        (
            "errors{version=\"{version}\"}",
            "errors{version=\"{version}\"} or vector(0)",
            "vector(…)",
        ),
    ] {
        let world = World::new();
        let script = d3p::testing::cli::demo::run_script(true);
        let end =
            script.iter().position(|step| super::is(step, &["approve", "request", "production"]));
        let checklist = script
            .iter()
            .position(|step| super::is(step, &["record", "deployment-readiness-checklist"]))
            .unwrap();
        world.play(&script[..=checklist]);
        let text = world.read("d3p.yaml")
            + &CANARY.replace("latency_p99 < baseline * 1.1", "latency_p99 < 1s");
        let text = text + &super::metrics(server.port).replace(from, to);
        let run =
            "  next-stage: { run: [sh, scripts/deploy_backend.sh, \"{weight}\"] }\n  rollback:";
        world.write("d3p.yaml", text.replacen("  rollback:", run, 1));
        world.play(&script[checklist + 1..=end.unwrap()]);
        // It waits for whoever approves, and their statement names it.
        let said = world.json(&["check", "--before", "deploy-production"]);
        assert!(said.has("GL535"), "{}", said.all());
        let said = world.run(&["approve", "show"]);
        assert!(said.out.contains(why), "{why}: {}", said.all());
        let go = [
            "approve",
            "sign",
            "--as",
            "ana@shop.example",
            "--decision",
            "go",
            "--key",
            super::ANA,
        ];
        let said = world.run(&go);
        assert_eq!(said.exit, Exit::Passed, "{}", said.all());
        passed(&world.run(&["check", "--before", "deploy-production"]));
    }
}

#[test]
fn a_baseline_is_measured_after_the_launch() {
    let server = Server::new(healthy);
    let world = rolled_out(&server);
    let (path, record) = records(&world).remove(0);
    let launched = world.read(LEDGER);
    let launched = launched.lines().find(|line| {
        line.contains(r#""kind":"began""#) && line.contains(r#""hook":"deploy-production""#)
    });
    let launched: serde_json::Value = serde_json::from_str(launched.unwrap()).unwrap();
    let stamp = |value: &serde_json::Value| {
        d3p::testing::model::Stamp::parse(value.as_str().unwrap()).unwrap()
    };
    let launched = stamp(&launched["at"]);
    let before = record["answers"].as_array().unwrap().iter().filter(|own| own["baseline"] == true);
    for answer in before {
        assert!(stamp(&answer["to"]) <= launched, "{path}: {answer}, {launched}");
    }
    // What is said of later moments is not looked at.
    let server = Server::new(|query, moment| match query.contains("v1.3.0") {
        true if after_launch(moment, 600) => Says::Nothing,
        _ => healthy(query, moment),
    });
    let world = cleared_with(CANARY, &server, |policy| policy);
    passed(&world.run(&["rollout", "run"]));
}
