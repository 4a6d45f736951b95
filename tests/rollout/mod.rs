//! Rollouts judged while they happen, under a clock and before a metric server of the test's own.
//! `tests/rollout/play` plays them with a real Prometheus.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod asked;
mod decided;
mod down;
mod elsewhere;
mod engine;
mod lies;
mod policy;
pub(crate) mod serve;
mod server;
mod unsure;
mod window;

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, run_script};
use d3p::testing::model::Stamp;
use serde_json::Value;
use server::{Says, Server};
use std::process::Command;
use std::time::Duration;

const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const REPORT: &str = ".artifacts/deployment/production-deployment-report.json";
const TOLD: &str = ".artifacts/deployment/deployment-communications.md";
const ANA: &str = ".git/d3p-demo-key";
const JONAS: &str = ".git/jonas";

/// The protocol's own canary, but for how long it takes, with what a trigger does.
const CANARY: &str = r#"rollout:
  interval: 10s
  strategy: canary
  stages:
    - weight: 5%
      duration: 1m
      gates: [error_rate < 1%, latency_p99 < baseline * 1.1]
    - weight: 25%
      duration: 1m
      gates: [error_rate < 1%, latency_p99 < baseline * 1.1]
    - weight: 100%
  triggers: [error_rate > 5%]
"#;

fn metrics(port: u16) -> String {
    format!(
        r#"metrics:
  source: {{ prometheus: "http://127.0.0.1:{port}", scrape: 1s, timeout: 2s }}
  error_rate: {{ query: 'errors{{version="{{version}}"}}', unit: ratio }}
  latency_p99: {{ query: 'latency{{version="{{version}}"}}', unit: s }}
  volume: {{ query: 'volume{{version="{{version}}"}}', at_least: 10 }}
"#
    )
}

/// A healthy service: one error in a thousand, 180 ms before and 185 ms now.
fn healthy(query: &str, _: i64) -> Says {
    Says::Value(match query {
        query if query.starts_with("errors") => 0.001,
        query if query.starts_with("volume") => 500.0,
        query if query.contains("v1.3.0") => 0.180,
        _ => 0.185,
    })
}

fn is(step: &Step, wanted: &[&str]) -> bool {
    matches!(&step.action, Action::Run { args, .. } if args == wanted)
}

fn ssh_keygen(world: &World, args: &[&str]) {
    let said = Command::new("ssh-keygen").args(args).current_dir(&world.dir).output().unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
}

/// A signed release that may be launched, with this rollout; `edit` changes the policy further.
fn cleared_with(rollout: &str, server: &Server, edit: impl Fn(String) -> String) -> World {
    cleared_at(None, rollout, server, edit)
}

/// The same, begun at another time.
fn cleared_at(
    begins: Option<Stamp>,
    rollout: &str,
    server: &Server,
    edit: impl Fn(String) -> String,
) -> World {
    let world = World::new();
    if let Some(begins) = begins {
        world.at(begins);
    }
    let script = run_script(true);
    let checklist =
        script.iter().position(|step| is(step, &["record", "deployment-readiness-checklist"]));
    let end = script.iter().rposition(|step| is(step, &["check", "--before", "deploy-production"]));
    world.play(&script[..=checklist.unwrap()]);
    // Jonas is the second of the authority tree.
    ssh_keygen(&world, &["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", JONAS]);
    let public = world.read(&format!("{JONAS}.pub"));
    let public = public.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let signers = ".d3p/allowed_signers";
    let line = format!("jonas@shop.example namespaces=\"d3p-approval\" {public}\n");
    world.write(signers, world.read(signers) + &line);
    let person =
        "persons: [{ name: Jonas Weber, role: engineer, principals: [jonas@shop.example] }, ";
    let policy = world.read("d3p.yaml").replacen("persons: [", person, 1);
    let run = "[sh, scripts/deploy_backend.sh, --env, \"{env}\", --weight, \"{weight}\", --release, \"{release}\"]";
    let policy = policy.replace(
        "deploy-production: { run: [sh, scripts/deploy_backend.sh, --env, \"{env}\", --release, \"{release}\"] }",
        &format!("deploy-production: {{ run: {run} }}\n  next-stage: {{ run: {run} }}"),
    );
    assert!(policy.contains("next-stage"), "{policy}");
    world.write("d3p.yaml", edit(policy + rollout + &metrics(server.port)));
    world.play(&script[checklist.unwrap() + 1..=end.unwrap()]);
    world
}

fn cleared(rollout: &str, server: &Server) -> World {
    cleared_with(rollout, server, |policy| policy)
}

fn passed(said: &Said) {
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

fn refused(said: &Said, part: &str) {
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains(part), "{part}: {}", said.all());
}

fn status(world: &World) -> Vec<String> {
    let said = world.json(&["rollout", "status"]);
    let stages = said.json()["stages"].as_array().unwrap().clone();
    stages.iter().map(|stage| stage["state"].as_str().unwrap().to_owned()).collect()
}

fn report(world: &World) -> Value {
    serde_json::from_str(&world.read(REPORT)).unwrap()
}

fn decide(world: &World, what: &str, who: &str, key: &str) -> Said {
    world.run(&[
        "rollout",
        what,
        "--as",
        who,
        "--reason",
        "the errors were of the load test",
        "--key",
        key,
    ])
}

/// The records of what was measured, and where they lie.
fn records(world: &World) -> Vec<(String, Value)> {
    let dir = ".artifacts/deployment/raw/watched";
    let mut names: Vec<String> = std::fs::read_dir(world.dir.join(dir))
        .map(|all| all.map(|own| own.unwrap().file_name().into_string().unwrap()).collect())
        .unwrap_or_default();
    names.sort();
    let read = |name: &String| serde_json::from_str(&world.read(&format!("{dir}/{name}"))).unwrap();
    names.iter().map(|name| (format!("{dir}/{name}"), read(name))).collect()
}

/// Since when the release has been in production, in the story of these tests.
fn after_launch(moment: i64, seconds: i64) -> bool {
    let start = d3p::testing::model::Stamp::parse(crate::common::START).unwrap();
    moment - start.timestamp().as_second() > seconds
}

#[test]
fn the_protocols_own_canary_passes_stage_by_stage() {
    let server = Server::new(healthy);
    let world = cleared(CANARY, &server);
    let said = world.run(&["approve", "show"]);
    for part in [
        "strategy canary",
        "stage 1 (5%) watched for 1m: error_rate < 1%",
        "triggers, each of which asks a person: error_rate > 5%",
        "asks nobody who they are (L0)",
        "error_rate is measured by errors{version=\"v1.4.0\"}",
        "volume is measured by",
    ] {
        assert!(said.all().contains(part), "{part}: {}", said.all());
    }
    let said = world.run(&["rollout", "run"]);
    passed(&said);
    for part in [
        "stage 1 (5%) passed, 6 of 6 samples could be judged",
        "latency_p99 < baseline * 1.1 (0.185s, before the launch 0.18s)",
        "stage 2 (25%) passed",
        "rollout (canary): all 3 stages are done",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.all());
    }
    assert_eq!(status(&world), ["passed", "passed", "unjudged"]);
    let told = report(&world);
    assert_eq!(told["strategy"], "canary");
    assert_eq!(told["stages"].as_array().unwrap().len(), 3);
    assert_eq!(told["stages"][0]["conditions"][1]["baseline"], "0.18s");
    assert_eq!(told["commands"].as_array().unwrap().len(), 3);
    // What was asked about are scheduled moments, and before the launch those of the release before.
    let asked = server.asked();
    assert!(asked.iter().any(|own| own.contains("query_range") && own.contains("v1.3.0")));
    assert_eq!(records(&world).len(), 2);
    assert!(!world.json(&["check", "--through", "production-launch"]).has("GL321"));
    passed(&world.run(&["rollout", "run"]));
    // One stage after the other, and none twice.
    refused(&world.run(&["run", "next-stage"]), "every stage of the rollout has begun");
}

#[test]
fn a_trigger_ends_it_at_once_and_waits_for_an_answer() {
    let server = Server::new(|query, moment| match query.starts_with("errors") {
        true if after_launch(moment, 70) => Says::Value(0.07),
        _ => healthy(query, moment),
    });
    let world = cleared(CANARY, &server);
    let said = world.run(&["rollout", "run"]);
    refused(&said, "HealthDegradation: [ALERT] Post-deployment metrics outside thresholds.");
    for part in [
        "error_rate > 5% fired at",
        "error_rate was 0.07ratio",
        "recovery: Engage Protocol 12",
        "d3p rollout abort --as",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.all());
    }
    assert!(world.read(TOLD).contains("[ALERT] Post-deployment metrics outside thresholds."));
    assert!(world.read(LEDGER).contains(r#""found":"failed""#));
    // Promotion is shut, whatever way it is tried; so is the gate.
    refused(&world.run(&["run", "next-stage"]), "GL323");
    refused(&world.run(&["rollout", "run"]), "waits for a person of the authority tree");
    refused(&world.run(&["check", "--before", "next-stage"]), "GL323");
    assert!(world.json(&["check", "--through", "production-launch"]).has("GL323"));
    passed(&world.run(&["record", "production-deployment-report"]));
    assert_eq!(report(&world)["strategy"], "unfinished");
    // A person of the tree decides to go on, and the next one takes that back.
    let mut promoted = world.copy();
    passed(&decide(&promoted, "promote", "jonas@shop.example", JONAS));
    assert!(status(&promoted).contains(&"promoted".to_owned()));
    passed(&promoted.run(&["check", "--before", "next-stage"]));
    passed(&decide(&promoted, "abort", "ana@shop.example", ANA));
    refused(&promoted.run(&["run", "next-stage"]), "decided to roll this attempt back");
    promoted = world.copy();
    passed(&decide(&promoted, "abort", "jonas@shop.example", JONAS));
    refused(&promoted.run(&["run", "next-stage"]), "GL323");
}

#[test]
fn where_the_policy_says_so_a_trigger_rolls_back_and_a_person_answers_afterwards() {
    let server = Server::new(|query, moment| match query.starts_with("errors") {
        true => Says::Value(0.5),
        false => healthy(query, moment),
    });
    let world = cleared(&format!("{CANARY}  on_trigger: roll-back\n"), &server);
    let said = world.run(&["rollout", "run"]);
    refused(&said, "on_trigger: roll-back: running rollback");
    let ledger = world.read(LEDGER);
    let began = ledger.lines().find(|line| line.contains(r#""hook":"rollback""#)).unwrap();
    assert!(
        began.contains(r#""undecided":true"#) && began.contains("error_rate > 5% fired"),
        "{began}"
    );
    assert!(
        world.json(&["check", "--through", "stabilization"]).has("GL413"),
        "nobody decided yet"
    );
    refused(&world.run(&["run", "next-stage"]), "was rolled back");
}

#[test]
fn a_gate_that_does_not_hold_ends_the_stage() {
    let server = Server::new(|query, moment| match query.starts_with("latency") {
        true if after_launch(moment, 70) && query.contains("v1.4.0") => Says::Value(0.2),
        _ => healthy(query, moment),
    });
    let world = cleared(CANARY, &server);
    let said = world.json(&["rollout", "run"]);
    refused(&said, "latency_p99 < baseline * 1.1 did not hold at");
    // Programs are told once, in one document.
    assert_eq!(said.json()["stages"][1]["state"], "failed", "{}", said.all());
    assert_eq!(status(&world), ["passed", "failed", "waiting"]);
}

#[test]
fn a_runner_that_is_gone_cuts_nothing_short() {
    let server = Server::new(healthy);
    let live = cleared(CANARY, &server);
    let late = live.copy();
    passed(&live.run(&["run", "deploy-production"]));
    passed(&late.run(&["run", "deploy-production"]));
    assert_eq!(status(&late), ["watching", "waiting", "waiting"]);
    refused(&late.run(&["run", "next-stage"]), "GL321");
    // Nobody was there for most of it: what was missed is asked for in one go.
    late.pass(Duration::from_secs(45));
    passed(&live.run(&["rollout", "run"]));
    passed(&late.run(&["rollout", "run"]));
    let asked = |world: &World| {
        let record = records(world)[0].1.clone();
        let answers = record["answers"].as_array().unwrap().clone();
        let of_stage = answers.into_iter().filter(|own| own["baseline"] != true);
        let ranges = of_stage.filter(|own| own["from"] != own["to"]).count();
        (ranges, report(world)["stages"][0]["conditions"].clone(), record["from"].clone())
    };
    let ((none, seen, from), (some, same, began)) = (asked(&live), asked(&late));
    assert_eq!((none, some > 0), (0, true));
    assert_eq!((seen, from), (same, began), "the same server says the same of the same moments");
}

#[test]
fn a_stage_without_a_duration_is_done_with_its_hook_and_direct_has_no_stages() {
    let server = Server::new(healthy);
    let world =
        cleared("rollout: { strategy: rolling, max_unavailable: 25%, max_surge: 25% }\n", &server);
    passed(&world.run(&["rollout", "run"]));
    // Nobody watched it: the name alone makes no rolling release.
    assert_eq!(report(&world)["strategy"], "unwatched");
    assert_eq!(report(&world)["stages"], Value::Null);
    let world = cleared("rollout: { strategy: direct }\n", &server);
    passed(&world.run(&["run", "deploy-production"]));
    assert_eq!(report(&world)["strategy"], "direct");
}

#[test]
fn blue_green_is_watched_for_its_validation_period() {
    let server = Server::new(|query, moment| match query.starts_with("errors") {
        true if after_launch(moment, 120) => Says::Value(0.03),
        _ => healthy(query, moment),
    });
    let rollout = "rollout:\n  strategy: blue-green\n  validation_period: 15m\n  rollback_trigger: error_rate > 2%\n";
    let world = cleared(rollout, &server);
    refused(&world.run(&["rollout", "run"]), "error_rate > 2% fired at");
    assert_eq!(report(&world)["strategy"], "unfinished");
}
