//! What was approved is what runs: each way to run something else, played up to the launch,
//! and each honest way of working that must pass without a detour.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod attacks;
mod carry;
mod honest;
mod pin;
mod repositories;

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::assets;
use d3p::testing::cli::demo::{Step, run_script};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};

/// Where a release stands, by the title of the demo's last step before it.
const BEFORE_STAGING: &str = "gate 1";
const BEFORE_GO: &str = "not cleared without a decision";
const BEFORE_LAUNCH: &str = "launch clearance";

/// The deploy hook, as the demo declares it.
const DEPLOY: &str = "deploy-production: { run: [sh, scripts/deploy_backend.sh, --env, \"{env}\", --release, \"{release}\"] }";

/// git with an identity of its own and no configuration of the machine's.
fn git(world: &World, args: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(&world.dir)
        .args(["-c", "user.name=tester", "-c", "user.email=tester@example.invalid"])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {}: {said}", args.join(" "));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn commit(world: &World, message: &str) -> String {
    git(world, &["add", "--all"]);
    git(world, &["commit", "--quiet", "--allow-empty", "-m", message]);
    git(world, &["rev-parse", "HEAD"])
}

/// A release of the demo's repository and `files`, whose policy `edit` changed, played up to and
/// including the step called `last`.
fn release(files: &[(&str, &str)], edit: &dyn Fn(&World), last: &str) -> World {
    let init = |world: &World| {
        git(world, &["init", "--quiet", "--initial-branch=main"]);
        files.iter().for_each(|(path, text)| world.write(path, text));
    };
    release_in(&init, edit, last)
}

/// The same in a repository that `init` makes.
fn release_in(init: &dyn Fn(&World), edit: &dyn Fn(&World), last: &str) -> World {
    let world = World::new();
    init(&world);
    assets::files("demo/repository").for_each(|(path, text)| {
        if !world.dir.join(path).exists() {
            world.write(path, text);
        }
    });
    commit(&world, "the services");
    let script = run_script(false);
    let at = |title: &str| script.iter().position(|step: &Step| step.title == title).unwrap();
    let filled = at("people fill in the documents; other phases hand over");
    world.play(&script[..=filled]);
    edit(&world);
    world.play(&script[filled + 1..=at(last)]);
    world
}

/// The plain demo, approved and not launched.
fn approved() -> World {
    static WORLD: OnceLock<Mutex<World>> = OnceLock::new();
    let world = WORLD.get_or_init(|| Mutex::new(release(&[], &|_| {}, BEFORE_LAUNCH)));
    world.lock().unwrap_or_else(PoisonError::into_inner).copy()
}

/// The plain demo before anything was deployed to staging.
fn ready() -> World {
    static WORLD: OnceLock<Mutex<World>> = OnceLock::new();
    let world = WORLD.get_or_init(|| Mutex::new(release(&[], &|_| {}, BEFORE_STAGING)));
    world.lock().unwrap_or_else(PoisonError::into_inner).copy()
}

fn launch(world: &World) -> Said {
    world.run(&["run", "deploy-production"])
}

/// The files of the last run of a hook that end so.
fn of_run(world: &World, hook: &str, ending: &str) -> Vec<PathBuf> {
    let dir = world.dir.join(".artifacts/deployment/raw/runs");
    let named = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with(&format!("{hook}-")) && name.ends_with(ending)
    };
    let mut found: Vec<PathBuf> =
        fs::read_dir(dir).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    found.retain(named);
    found.sort_by_key(|path| fs::metadata(path).unwrap().modified().unwrap());
    found
}

fn log_of(world: &World, hook: &str) -> String {
    fs::read_to_string(of_run(world, hook, ".log").last().unwrap()).unwrap()
}

fn record_of(world: &World, hook: &str) -> serde_json::Value {
    let path = of_run(world, hook, ".json").pop().unwrap();
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[track_caller]
fn passes(said: &Said) {
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

#[track_caller]
fn refuses(said: &Said, words: &str) {
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains(words), "{}", said.all());
}

/// What was approved was deployed, and nothing else ran.
#[track_caller]
fn deploys_what_was_approved(world: &World) {
    passes(&launch(world));
    let log = log_of(world, "deploy-production");
    assert!(log.contains("deploying api v1.4.0 to production"), "{log}");
    assert!(!log.contains("EVIL"), "{log}");
}
