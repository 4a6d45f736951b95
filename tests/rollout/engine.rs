//! Stages that an engine judged: its reports are read as what is measured here is.

use super::server::Server;
use super::{
    ANA, CANARY, JONAS, LEDGER, TOLD, cleared_with, decide, healthy, passed, refused, report,
    status,
};
use crate::common::World;
use serde_json::{Value, json};
use std::path::Path;

/// The protocol's canary, moved and judged by an engine.
const BY_ENGINE: &str = "rollout:\n  strategy: canary\n  stages:\n    - { weight: 5% }\n    - { weight: 25% }\n    - { weight: 100% }\n";

fn model(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports/models/engine").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A cleared release whose hooks bring what lies in `engine-STAGE.json` in a directory of the engine's.
fn cleared(rollout: &str, engine: &Path) -> World {
    let server = Server::new(healthy);
    let at = engine.display().to_string();
    cleared_with(rollout, &server, move |policy| {
        let own = "[sh, scripts/deploy_backend.sh, --env, \"{env}\", --weight, \"{weight}\", --release, \"{release}\"] }";
        let with = format!(
            "shell: 'sh scripts/deploy_backend.sh --env {{env}} --weight {{weight}} --release {{release}} && cp {at}/engine-{{stage}}.json engine.json', reports: [{{ engine: engine.json }}] }}"
        );
        let policy = policy.replace(&format!("run: {own}"), &with);
        assert!(policy.contains("engine.json"), "{policy}");
        policy
    })
}

/// What Argo says at a stage, now.
fn argo(world: &World, weight: u64) -> Value {
    let now = world.now().to_string();
    let mut list = model("argo-list.json");
    let run = &mut list["items"][0];
    for own in run["status"]["metricResults"][0]["measurements"].as_array_mut().unwrap() {
        own["startedAt"] = json!(now);
        own["finishedAt"] = json!(now);
    }
    let rollout = &mut list["items"][1];
    rollout["status"]["conditions"][0]["lastUpdateTime"] = json!(now);
    rollout["status"]["conditions"][0]["lastTransitionTime"] = json!(now);
    rollout["status"]["canary"]["weights"] = json!({ "canary": { "weight": weight } });
    if weight == 100 {
        rollout["status"]["stableRS"] = rollout["status"]["currentPodHash"].clone();
        rollout["status"]["phase"] = json!("Healthy");
    }
    list
}

fn say(engine: &Path, stage: u64, value: &Value) {
    std::fs::write(engine.join(format!("engine-{stage}.json")), value.to_string()).unwrap();
}

/// A copy of the world, with an engine that says this of its stages.
fn played(world: &World, engine: &Path, change: impl Fn(u64, &mut Value)) -> World {
    for (stage, weight) in [(1, 5), (2, 25), (3, 100)] {
        let mut list = argo(world, weight);
        change(stage, &mut list);
        say(engine, stage, &list);
    }
    world.copy()
}

/// Three values that break the condition, whatever phase stands beside them.
fn broken(list: &mut Value) {
    let result = &mut list["items"][0]["status"]["metricResults"][0];
    for own in result["measurements"].as_array_mut().unwrap() {
        own["value"] = json!("[0.5]");
    }
}

#[test]
fn stages_that_argo_judged_pass_fail_or_judge_nothing() {
    let engine = tempfile::tempdir().unwrap();
    let cleared = cleared(BY_ENGINE, engine.path());
    let said = cleared.run(&["approve", "show"]);
    assert!(said.out.contains("stage 1 (5%) judged by what the engine measures"), "{}", said.all());
    // Healthy: they are a canary, and the report cites what was measured.
    let world = played(&cleared, engine.path(), |_, _| ());
    passed(&world.run(&["rollout", "run"]));
    assert_eq!(status(&world), ["passed", "passed", "passed"]);
    let told = report(&world);
    assert_eq!(told["strategy"], "canary");
    let condition = &told["stages"][0]["conditions"][0];
    assert_eq!(
        condition["condition"],
        "AnalysisRun api-6c5b7d9f4-2-1, success-rate: result[0] >= 0.95"
    );
    assert_eq!(
        (condition["found"].as_str(), condition["worst"].as_str()),
        (Some("passed"), Some("0.999"))
    );
    assert!(!world.json(&["check", "--through", "production-launch"]).has("GL247"));
    // A value beyond its condition ends it at once, and a person decides.
    let world = played(&cleared, engine.path(), |stage, list| {
        if stage == 2 {
            broken(list)
        }
    });
    let said = world.run(&["rollout", "run"]);
    refused(
        &said,
        "HealthDegradation: [ALERT] Post-deployment metrics outside thresholds. Stage 2",
    );
    assert!(said.out.contains("success-rate: 3 of 3 did not hold"), "{}", said.all());
    assert!(world.read(TOLD).contains("[ALERT] Post-deployment metrics outside thresholds."));
    assert_eq!(status(&world), ["passed", "failed", "waiting"]);
    refused(&world.run(&["run", "next-stage"]), "GL323");
    assert_eq!(report(&world)["strategy"], "unfinished");
    passed(&decide(&world, "promote", "jonas@shop.example", JONAS));
    assert_eq!(status(&world)[1], "promoted");
    passed(&world.run(&["check", "--before", "next-stage"]));
    // Shares alone judge nothing.
    let world = played(&cleared, engine.path(), |_, list| {
        drop(list["items"].as_array_mut().unwrap().remove(0));
    });
    refused(&world.run(&["rollout", "run"]), "the engine measured nothing of it");
    assert_eq!(status(&world), ["inconclusive", "waiting", "waiting"]);
}

type Change = fn(&mut Value);

/// What a report may say that leaves a stage open, and the words that tell so.
fn doubts() -> [(Change, &'static str); 6] {
    [
        (
            |list| list["items"][0]["status"]["phase"] = json!("Inconclusive"),
            "the engine calls it Inconclusive",
        ),
        (
            |list| {
                let pods = &mut list["items"][1]["spec"]["template"]["spec"];
                pods["containers"][0]["image"] = json!("registry.example.com/shop/api:v1.3.0");
            },
            "does not say that it is about v1.4.0",
        ),
        (
            |list| {
                let result = &mut list["items"][0]["status"]["metricResults"][0];
                for own in result["measurements"].as_array_mut().unwrap() {
                    own["finishedAt"] = json!("2026-11-20T10:01:00Z");
                }
            },
            "before the stage began",
        ),
        (
            // The first of three is of the release before.
            |list| {
                let result = &mut list["items"][0]["status"]["metricResults"][0];
                let first = &mut result["measurements"][0];
                first["startedAt"] = json!("2026-11-20T10:00:00Z");
                first["finishedAt"] = json!("2026-11-20T10:01:00Z");
            },
            "which is before the launch",
        ),
        (
            |list| list["items"][1]["status"]["canary"]["weights"]["canary"]["weight"] = json!(50),
            "serves 50%, and the stage is 5%",
        ),
        (|list| *list = json!({ "kind": "Pod" }), "no AnalysisRun, Rollout or Canary"),
    ]
}

#[test]
fn what_argo_leaves_open_is_decided_by_a_person() {
    let engine = tempfile::tempdir().unwrap();
    let cleared = cleared(BY_ENGINE, engine.path());
    for (change, why) in doubts() {
        let world = played(&cleared, engine.path(), |stage, list| {
            if stage == 1 {
                change(list);
            }
        });
        refused(&world.run(&["rollout", "run"]), why);
        assert_eq!(status(&world)[0], "inconclusive", "{why}");
        refused(&world.run(&["run", "next-stage"]), "GL322");
    }
    // Nothing new is known by asking again, and nothing is written.
    let world = played(&cleared, engine.path(), |stage, list| {
        if stage == 1 {
            doubts()[0].0(list)
        }
    });
    refused(&world.run(&["rollout", "run"]), "waits for a person");
    let ledger = world.read(LEDGER);
    refused(&world.run(&["rollout", "run"]), "waits for a person");
    assert_eq!(world.read(LEDGER), ledger);
    let before = world.copy();
    passed(&decide(&world, "promote", "jonas@shop.example", JONAS));
    passed(&world.run(&["rollout", "run"]));
    assert_eq!(status(&world), ["promoted", "passed", "passed"]);
    passed(&decide(&before, "abort", "ana@shop.example", ANA));
    refused(&before.run(&["rollout", "run"]), "decided to roll back");
}

#[test]
fn flagger_says_the_share_and_the_values_come_from_the_metric_server() {
    let engine = tempfile::tempdir().unwrap();
    let server = Server::new(healthy);
    let at = engine.path().display().to_string();
    let world = cleared_with(CANARY, &server, move |policy| {
        policy.replace(
            "run: [sh, scripts/deploy_backend.sh, --env, \"{env}\", --weight, \"{weight}\", --release, \"{release}\"] }",
            &format!("shell: 'sh scripts/deploy_backend.sh --env {{env}} --weight {{weight}} --release {{release}} && cp {at}/engine-{{stage}}.json engine.json', reports: [{{ engine: engine.json }}] }}"),
        )
    });
    let flagger = |phase: &str, weight: u64| {
        let mut list = model("flagger-list.json");
        let status = &mut list["items"][0]["status"];
        status["phase"] = json!(phase);
        status["canaryWeight"] = json!(weight);
        status["lastTransitionTime"] = json!(world.now().to_string());
        status["conditions"] = json!([]);
        list
    };
    say(engine.path(), 1, &flagger("Progressing", 5));
    say(engine.path(), 2, &flagger("Failed", 0));
    refused(&world.run(&["rollout", "run"]), "Canary api: the engine calls it Failed");
    assert_eq!(status(&world), ["passed", "failed", "waiting"]);
    let told = report(&world);
    assert_eq!(told["stages"][0]["found"], "passed");
    assert_eq!(told["stages"][1]["found"], "failed");
}
