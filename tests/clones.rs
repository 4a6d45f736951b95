//! Another machine verifies the same release: line endings, and merged branches.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{World, copy_tree};
use d3p::Exit;
use d3p::testing::cli::demo::{Step, release_script, signed_script};
use std::path::Path;
use std::process::Command;

const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const COMMUNICATIONS: &str = ".artifacts/deployment/deployment-communications.md";
const HEALTH: &str = ".artifacts/deployment/deployment-health-log.md";

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
    String::from_utf8(output.stdout).unwrap()
}

fn commit(world: &World, message: &str) {
    git(&world.dir, &["add", "--all"]);
    git(&world.dir, &["commit", "--quiet", "-m", message]);
}

/// A played release, committed.
fn committed() -> World {
    let world = World::played();
    commit(&world, "evidence of the release");
    world
}

/// A clone made under other settings, in a world at the same time.
fn clone(world: &World, settings: &[&str]) -> World {
    let copy = World::new();
    copy.at(world.now());
    let from = world.dir.to_str().unwrap();
    let to = copy.dir.to_str().unwrap();
    let args = [&["clone", "--quiet"], settings, &[from, to]].concat();
    git(&world.dir, &args);
    copy
}

#[test]
fn other_line_endings_change_no_digest() {
    let world = committed();
    for settings in [
        &[][..],
        &["-c", "core.autocrlf=true"],
        &["-c", "core.autocrlf=input"],
        &["-c", "core.eol=crlf"],
        &["-c", "core.autocrlf=true", "-c", "core.eol=crlf"],
    ] {
        let clone = clone(&world, settings);
        let said = clone.run(&["verify"]);
        assert_eq!(said.exit, Exit::Passed, "{settings:?}\n{}", said.all());
        let ours = std::fs::read(world.dir.join(LEDGER)).unwrap();
        assert_eq!(ours, std::fs::read(clone.dir.join(LEDGER)).unwrap(), "{settings:?}");
    }
}

#[test]
fn without_gitattributes_line_endings_would_change_and_be_seen() {
    let world = World::played();
    world.remove(".gitattributes");
    commit(&world, "no attributes");
    let clone = clone(&world, &["-c", "core.autocrlf=true"]);
    assert!(clone.read("d3p.yaml").contains("\r\n"), "git left the line endings alone");
    assert_eq!(clone.run(&["verify"]).exit, Exit::Refused);
}

#[test]
fn evidence_is_recorded_from_a_clone_with_other_line_endings() {
    let world = World::played_until(&["gate", "readiness"]);
    commit(&world, "gate 1");
    let clone = clone(&world, &["-c", "core.autocrlf=true"]);
    assert!(clone.read("services/api/main.sh").contains("\r\n"), "git left it alone");
    let script = d3p::testing::cli::demo::release_script();
    let staging = script.iter().position(|step| step.title == "deploy to staging").unwrap();
    clone.play(&script[staging..=staging]);
}

fn tell(world: &World, text: &str) {
    let body = serde_json::json!({ "text": text }).to_string();
    let said = world.run_with(&["record", "deployment-communications", "--from", "-"], &body);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

fn watch(world: &World, note: &str) {
    let metrics = serde_json::json!({ "error_rate": "0.2%", "latency_p99": "180ms", "cpu": "40%" });
    let body = serde_json::json!({ "metrics": metrics, "observation": note }).to_string();
    let said = world.run_with(&["record", "deployment-health-log", "--from", "-"], &body);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

/// Adds a refusal to the ledger: for a moment a file is not what the gate bound.
fn refuse(world: &World) {
    let path = ".artifacts/deployment/uat-confirmation.json";
    let honest = world.read(path);
    world.edit(path, "accepted", "rejected");
    assert_eq!(world.run(&["gate", "staging-validation"]).exit, Exit::Refused);
    world.write(path, honest);
}

#[test]
fn branches_that_both_appended_are_merged_and_joined() {
    let ours = committed();
    let theirs = World::new();
    theirs.at(ours.now());
    theirs.reseed(5_000_000);
    std::fs::remove_dir(&theirs.dir).unwrap();
    copy_tree(&ours.dir, &theirs.dir);
    for (world, branch) in [(&ours, "ours"), (&theirs, "theirs")] {
        git(&world.dir, &["switch", "--quiet", "-c", branch]);
        tell(world, &format!("Told on {branch}."));
        watch(world, &format!("seen on {branch}"));
        refuse(world);
        assert_eq!(world.run(&["verify"]).exit, Exit::Passed);
        commit(world, branch);
    }
    git(&ours.dir, &["fetch", "--quiet", theirs.dir.to_str().unwrap(), "theirs"]);
    git(&ours.dir, &["merge", "--quiet", "--no-edit", "FETCH_HEAD"]);
    for (path, text) in [(COMMUNICATIONS, "Told on"), (HEALTH, "seen on")] {
        for branch in ["ours", "theirs"] {
            assert!(ours.read(path).contains(&format!("{text} {branch}")), "{path} lost {branch}");
        }
    }
    let merged = ours.json(&["verify"]);
    assert_eq!(merged.exit, Exit::Passed, "{}", merged.all());
    assert!(merged.has("GL905"), "{:?}", merged.rules());

    refuse(&ours);
    let last = ours.read(LEDGER).lines().last().unwrap().to_owned();
    let line: serde_json::Value = serde_json::from_str(&last).unwrap();
    assert_eq!(line["heads"].as_array().map(Vec::len), Some(2), "{last}");
    let joined = ours.json(&["verify"]);
    assert_eq!(joined.exit, Exit::Passed, "{}", joined.all());
    assert!(!joined.has("GL905"), "{:?}", joined.rules());
}

/// How a branch comes to another one.
#[derive(Clone, Copy, Debug)]
enum How {
    Merge,
    Squash,
    Rebase,
}

/// A release that is made on a branch of its own, in three commits, while the other one moves on.
fn on_a_branch(script: &[Step]) -> World {
    let world = World::new();
    let place = |title: &str| script.iter().position(|step| step.title == title).unwrap();
    world.play(&script[..=place("gate 1")]);
    git(&world.dir, &["switch", "--quiet", "-c", "release"]);
    commit(&world, "ready");
    world.play(&script[place("gate 1") + 1..=place("gate 2")]);
    commit(&world, "on staging");
    world.play(&script[place("gate 2") + 1..]);
    commit(&world, "live");
    git(&world.dir, &["switch", "--quiet", "main"]);
    world.write("NOTES.md", "Something else went on.\n");
    commit(&world, "something else");
    world
}

#[test]
fn a_release_of_a_branch_verifies_where_it_is_merged() {
    verifies_where_it_is_merged(&release_script());
}

#[test]
fn a_signed_release_of_a_branch_verifies_where_it_is_merged() {
    verifies_where_it_is_merged(&signed_script());
}

fn verifies_where_it_is_merged(script: &[Step]) {
    let branched = on_a_branch(script);
    for how in [How::Merge, How::Squash, How::Rebase] {
        let world = branched.copy();
        let git = |args: &[&str]| git(&world.dir, args);
        match how {
            How::Merge => {
                git(&["merge", "--quiet", "--no-ff", "--no-edit", "release"]);
            }
            How::Squash => {
                git(&["merge", "--quiet", "--squash", "release"]);
                git(&["commit", "--quiet", "-m", "the release"]);
                git(&["branch", "--quiet", "-D", "release"]);
            }
            How::Rebase => {
                git(&["switch", "--quiet", "release"]);
                git(&["rebase", "--quiet", "main"]);
                git(&["switch", "--quiet", "main"]);
                git(&["merge", "--quiet", "--ff-only", "release"]);
            }
        }
        assert!(world.dir.join("NOTES.md").exists());
        for world in [&world, &clone(&world, &[])] {
            let said = world.run(&["verify"]);
            assert_eq!(said.exit, Exit::Passed, "{how:?}\n{}", said.all());
        }
        // It is the release itself that is verified, and not only that something lies there.
        world.edit(HEALTH, "error_rate=0.21%", "error_rate=0.20%");
        assert_eq!(world.run(&["verify"]).exit, Exit::Refused, "{how:?}");
    }
}
