//! A person lets a finding stand for a while: what that does, and what an agent that may write every
//! file, and holds no key of theirs, cannot make of it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod command;
mod forged;
mod gates;

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, signed_script};
use d3p::testing::model::{Sha256Digest, Stamp};
use d3p::testing::schema;
use d3p::testing::text::canonical;
use serde_json::{Value, json};
use std::process::Command;

const WAIVERS: &str = ".artifacts/deployment/records/waivers.json";
const HEALTH: &str = ".artifacts/deployment/deployment-health-log.md";
const RESULTS: &str = ".artifacts/deployment/staging-validation-results.json";
const APPROVAL: &str = ".artifacts/deployment/production-approval.json";
const RECORD_2: &str = ".artifacts/deployment/records/2-staging-validation.json";
const RECORD_4: &str = ".artifacts/deployment/records/4-stabilization.json";
const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const SIGNERS: &str = ".d3p/allowed_signers";
const ANA: &str = ".git/d3p-demo-key";
const GATE_4: [&str; 2] = ["gate", "stabilization"];
const SIGN: [&str; 8] =
    ["approve", "sign", "--as", "ana@shop.example", "--decision", "go", "--key", ANA];
const CLEARANCE: [&str; 3] = ["check", "--before", "deploy-production"];
const BEFORE_GATE_4: [&str; 4] = ["record", "retrospective-inputs", "--from", "-"];

/// The signed release with texts of one kind's bodies replaced.
fn script(kind: &str, edits: &[(&str, &str)]) -> Vec<Step> {
    let mut script = signed_script();
    let mut open: Vec<_> = edits.to_vec();
    for step in &mut script {
        let Action::Run { args, stdin: Some(stdin), .. } = &mut step.action else { continue };
        if args[1] == kind {
            open.retain(|(from, to)| {
                let found = stdin.contains(from);
                *stdin = stdin.replace(from, to);
                !found
            });
        }
    }
    assert!(open.is_empty(), "{open:?}");
    script
}

fn is(step: &Step, wanted: &[&str]) -> bool {
    matches!(&step.action, Action::Run { args, .. } if args == wanted)
}

fn until(world: &World, script: &[Step], first: usize, last: &[&str]) -> usize {
    let end = script.iter().rposition(|step| is(step, last)).unwrap() + 1;
    world.play_freely(&script[first..end]);
    end
}

/// A release whose health window has one sample outside of its threshold, before gate 4.
pub(crate) fn bad_sample() -> World {
    let world = World::new();
    let script = script("deployment-health-log", &[("0.23%", "5.23%")]);
    until(&world, &script, 0, &BEFORE_GATE_4);
    world
}

/// A release whose validation on staging got slower than the policy allows, before gate 2.
fn slower() -> (World, Vec<Step>, usize) {
    let world = World::new();
    let worse = "\"observed\": 270, \"change_percent\": 50.0";
    let script = script(
        "staging-validation-results",
        &[("\"observed\": 189, \"change_percent\": 5.0", worse)],
    );
    let next = until(&world, &script, 0, &["record", "uat-confirmation", "--from", "-"]);
    (world, script, next)
}

/// `slower`, with that waived and gate 2 passed, and the rest of the script.
fn slower_waived() -> (World, Vec<Step>, usize) {
    let (world, script, _) = slower();
    let said = waive(&world, &["GL219", "--path", RESULTS]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let next = script.iter().rposition(|step| is(step, &["gate", "staging-validation"])).unwrap();
    let end = until(&world, &script, next, &["approve", "request", "production"]);
    (world, script, end)
}

fn waive(world: &World, args: &[&str]) -> Said {
    let common = ["--until", "2026-11-22", "--reason", "the nightly import runs until Monday"];
    let who = ["--as", "ana@shop.example", "--key", ANA];
    world.run_reading_once(&[&["waive"], args, &common, &who].concat())
}

/// Waives the bad sample.
fn waived_sample() -> World {
    let world = bad_sample();
    let said = waive(&world, &["GL315"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    world
}

fn file(world: &World) -> Value {
    serde_json::from_str(&world.read(WAIVERS)).unwrap()
}

fn statement(world: &World) -> Value {
    let text = file(world)["waivers"][0]["statement"].as_str().unwrap().to_owned();
    serde_json::from_str(&text).unwrap()
}

fn ssh_keygen(world: &World, args: &[&str]) {
    let said = Command::new("ssh-keygen").args(args).current_dir(&world.dir).output().unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
}

fn own_key(world: &World, name: &str) -> (String, String) {
    let path = format!(".git/{name}");
    ssh_keygen(world, &["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", &path]);
    let public = world.read(&format!("{path}.pub"));
    (path, public.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
}

fn signature(world: &World, key: &str, namespace: &str, text: &str) -> String {
    world.write(".git/statement", text);
    let _ = std::fs::remove_file(world.dir.join(".git/statement.sig"));
    ssh_keygen(world, &["-q", "-Y", "sign", "-n", namespace, "-f", key, ".git/statement"]);
    world.read(".git/statement.sig").trim_end().to_owned()
}

/// Puts waivers into the file by hand, as text and signature.
fn put(world: &World, waivers: &[(&str, &str)]) {
    let waivers: Vec<Value> = waivers
        .iter()
        .map(|(statement, signature)| json!({ "statement": statement, "signature": signature }))
        .collect();
    let file = json!({
        "$schema": "https://d3p.dev/schemas/waivers.v1.schema.json",
        "schema_version": 1,
        "waivers": waivers,
    });
    world.write(WAIVERS, serde_json::to_string_pretty(&file).unwrap() + "\n");
}

/// Signs a statement with Ana's key and puts it there alone.
fn put_signed(world: &World, statement: &Value) {
    let text = canonical::to_canonical(statement);
    let signature = signature(world, ANA, "d3p-approval", &text);
    put(world, &[(&text, &signature)]);
}

/// Refused, by these rules among others.
#[track_caller]
fn refused(said: &Said, rules: &[&str], what: &str) {
    assert_eq!(said.exit, Exit::Refused, "{what}: {:?} {}", said.rules(), said.err);
    for rule in rules {
        assert!(said.has(rule), "{what}: {rule} not in {:?}", said.rules());
    }
}

/// Gate 4 refuses the sample, and the waiver is reported by `rule`.
#[track_caller]
fn worthless(world: &World, rule: &str, what: &str) {
    refused(&world.json(&["gate", "stabilization", "--dry-run"]), &["GL315"], what);
    let check = world.json(&["check"]);
    refused(&check, &["GL315", rule], what);
}

fn level(world: &World, path: &str) -> String {
    let record: Value = serde_json::from_str(&world.read(path)).unwrap();
    record["predicate"]["verifiedLevels"][0].as_str().unwrap().to_owned()
}
