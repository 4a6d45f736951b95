//! A CI job signs what it records; whoever has no key of it tries to make use of that.
//!
//! Keys are made by openssl, as a user would make them.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod forged;
mod life;
mod signs;
mod steps;

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, release_script, run_script};
use d3p::testing::record::{Attested, EvidenceStatement};
use d3p::testing::sign::{Envelope, MachineSecret, pae};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const ATTESTATIONS: &str = ".artifacts/deployment/attestations";
const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const HEALTH: &str = ".artifacts/deployment/deployment-health-log.md";
const RECORD: &str = ".artifacts/deployment/records/1-readiness.json";
const STAGING: &str = ".artifacts/deployment/staging-deployment-report.json";
const KEY: &str = ".git/ci.pem";
type Change = fn(&mut Attested);
type Edit = fn(&str) -> String;

const KINDS: [(&str, &[&str]); 3] = [
    ("ed25519", &["-algorithm", "ed25519"]),
    ("P-256", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ("P-384", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]),
];

fn openssl(world: &World, args: &[&str]) -> String {
    let said = Command::new("openssl").args(args).current_dir(&world.dir).output().unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap()
}

/// A key at `path`; its public half as PEM.
fn make_key(world: &World, path: &str, kind: &[&str]) -> String {
    openssl(world, &[&["genpkey"], kind, &["-out", path]].concat());
    openssl(world, &["pkey", "-in", path, "-pubout"])
}

fn ran(step: &Step, wanted: &[&str]) -> bool {
    matches!(&step.action, Action::Run { args, .. } if args == wanted)
}

fn script_until(last: &[&str]) -> Vec<Step> {
    let mut script = run_script(false);
    let end = script.iter().rposition(|step| ran(step, last)).unwrap();
    script.truncate(end + 1);
    script
}

/// The lines of the policy that let a key sign, as a block of text.
fn machine(name: &str, pem: &str) -> String {
    let block: String = pem.lines().map(|line| format!("      {line}\n")).collect();
    format!("machines:\n  - name: {name}\n    key: |\n{block}")
}

/// A release whose readiness is recorded and whose policy lists the key at [`KEY`]; nothing is
/// signed yet.
fn prepared_with(kind: &[&str]) -> World {
    let world = World::new();
    world.play(&script_until(&["record", "deployment-readiness-checklist"]));
    let pem = make_key(&world, KEY, kind);
    world.write("d3p.yaml", world.read("d3p.yaml") + &machine("release-ci", &pem));
    world
}

fn prepared() -> World {
    prepared_with(KINDS[0].1)
}

fn passes(world: &World, args: &[&str]) -> Said {
    let said = world.run(args);
    assert_eq!(said.exit, Exit::Passed, "{args:?}: {}", said.all());
    said
}

/// The same, up to staging, with everything signed.
fn deployed() -> World {
    let world = prepared();
    passes(&world, &["record", "deployment-readiness-checklist", "--sign-key", KEY]);
    passes(&world, &["gate", "readiness", "--sign-key", KEY]);
    passes(&world, &["run", "deploy-staging", "--sign-key", KEY]);
    world
}

fn envelopes(world: &World) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(world.dir.join(ATTESTATIONS)) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Path of the one envelope whose name begins so.
fn envelope(world: &World, stem: &str) -> String {
    let found: Vec<String> =
        envelopes(world).into_iter().filter(|name| name.starts_with(stem)).collect();
    assert_eq!(found.len(), 1, "{stem}: {:?}", envelopes(world));
    format!("{ATTESTATIONS}/{}", found[0])
}

fn secret(world: &World, path: &str) -> MachineSecret {
    MachineSecret::parse(&world.read(path)).unwrap()
}

fn facts(world: &World, through: &str, args: &[&str]) -> Vec<Value> {
    let said = world.json(&[&["verify", "--through", through], args].concat());
    said.json()["audit"]["assurance"].as_array().unwrap().clone()
}

/// `verify` refuses, by this rule, for this reason.
fn refused(world: &World, rule: &str, why: &str) {
    let said = world.json(&["verify", "--through", "readiness"]);
    assert_eq!(said.exit, Exit::Refused, "{rule} {why}: {}", said.all());
    let findings = said.json()["findings"].as_array().unwrap().clone();
    let found = findings.iter().any(|finding| {
        finding["rule"] == rule && finding["message"].as_str().unwrap().contains(why)
    });
    assert!(found, "{rule} {why}: {findings:#?}");
}
