//! Bundles: the same bytes twice, verified anywhere as the directory would be, and hostile ones
//! refused.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod case;
mod create;
mod honest;
mod hostile;
mod members;
mod stream;

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, run_script, signed_script};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

const BUNDLE: &str = "../release.tar.gz";
const CREATE: [&str; 3] = ["bundle", "create", BUNDLE];
const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const ARCHIVE: &str = ".artifacts/releases/v1.4.0+1";

/// What is done to a release.
type Change<'a> = &'a dyn Fn(&World);

/// The release whose evidence comes from runs, signed or not.
fn ran(signed: bool) -> World {
    let world = World::new();
    world.play(&run_script(signed));
    world
}

/// The release that is signed, up to the step that runs `d3p` with `last`.
fn signed_until(last: &[&str]) -> World {
    let world = World::new();
    let script = signed_script();
    let is_last = |step: &Step| matches!(&step.action, Action::Run { args, .. } if args == last);
    let end = script.iter().rposition(is_last).unwrap_or_else(|| panic!("no step {last:?}"));
    world.play(&script[..=end]);
    world
}

/// Runs `d3p`, and insists on how it ends.
fn run(world: &World, args: &[&str], exit: Exit) -> Said {
    let said = world.run(args);
    assert_eq!(said.exit, exit, "{args:?}: {}", said.all());
    said
}

/// The text of evidence that the ledger names, as an earlier try of it has it.
fn recorded(world: &World) -> String {
    world.read(".artifacts/deployment/uat-confirmation.json")
}

fn bytes(world: &World, path: &str) -> Vec<u8> {
    fs::read(world.dir.join(path)).unwrap()
}

/// An empty directory at the same time, where no program is found.
fn elsewhere(world: &World, bundle: &str) -> World {
    let other = World::new();
    other.at(world.now());
    other.without_programs();
    fs::write(other.dir.join("release.tar.gz"), bytes(world, bundle)).unwrap();
    other
}

/// git with an identity of its own and no configuration of the machine's.
fn git(dir: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(dir)
        .args(["-c", "user.name=tester", "-c", "user.email=tester@example.invalid"])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {}: {said}", args.join(" "));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn commit(world: &World) -> String {
    git(&world.dir, &["add", "--all"]);
    git(&world.dir, &["commit", "--quiet", "--allow-empty", "-m", "evidence"]);
    git(&world.dir, &["rev-parse", "HEAD"])
}

/// The rules that a report or a refusal names, each with its path.
fn told(said: &Said) -> Vec<(String, String)> {
    let value = said.json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match value.pointer("/error/places").and_then(Value::as_array) {
        Some(places) => places
            .iter()
            .map(|place| (text(&place["rule"]), text(&place["location"]["path"])))
            .collect(),
        None => said.rules(),
    }
}

fn has(said: &Said, rule: &str, path: &str) -> bool {
    told(said).iter().any(|(code, place)| code == rule && place == path)
}
