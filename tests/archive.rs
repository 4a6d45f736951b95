//! Closing a release whose evidence comes from runs: it verifies where it lies, for ever, and the
//! next one begins clean.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, release_script, run_script};

const ARCHIVE: &str = ".artifacts/releases/v1.4.0+1";

/// The demo, whose evidence comes from runs, up to the step that runs `d3p` with `last`.
fn ran_until(last: &[&str]) -> World {
    let world = World::new();
    let script = run_script(false);
    let is_last = |step: &Step| matches!(&step.action, Action::Run { args, .. } if args == last);
    let end = script.iter().rposition(is_last).unwrap_or_else(|| panic!("no step {last:?}"));
    world.play(&script[..=end]);
    world
}

/// The next release begins as if there had been none before.
fn next_is_clean(world: &World, attempt: u64) {
    let said = world.run(&["init", "--release", "v1.4.0"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.contains(&format!("attempt {attempt} at")), "{}", said.out);
    let status = world.json(&["status"]).json();
    for gate in status["gates"].as_array().unwrap() {
        assert_eq!(gate["recorded"], false, "{gate}");
    }
    let deployment = world.dir.join(".artifacts/deployment");
    for left in ["raw", "records", "production-approval.json", "staging-deployment-report.json"] {
        assert!(!deployment.join(left).exists(), "{left} was left behind");
    }
}

#[test]
fn a_completed_release_verifies_where_it_is_kept() {
    let world = ran_until(&["gate", "stabilization"]);
    let said = world.run(&["archive"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    next_is_clean(&world, 2);
    // The project goes on: other scripts, other configuration, another baseline.
    for path in ["scripts/deploy_backend.sh", "config/production.env", "baseline/v1.3.0.json"] {
        world.write(path, "changed since\n");
    }
    world.pass(std::time::Duration::from_secs(400 * 86_400));
    let verified = world.run(&["verify", ARCHIVE]);
    assert_eq!(verified.exit, Exit::Passed, "{}", verified.all());
    let log = std::fs::read_dir(world.dir.join(ARCHIVE).join(".artifacts/deployment/raw/runs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|end| end == "log"))
        .unwrap();
    std::fs::write(&log, "nothing happened\n").unwrap();
    let tampered = world.run(&["verify", ARCHIVE]);
    assert_eq!(tampered.exit, Exit::Refused, "{}", tampered.all());
}

#[test]
fn documents_of_the_release_before_are_taken_over_and_pass_no_gate_of_the_next() {
    let world = World::new();
    world.play(&release_script());
    assert_eq!(world.run(&["archive"]).exit, Exit::Passed);
    let init = ["init", "--release", "v1.5.0"];
    let said = world.json(&[&init[..], &["--dry-run"]].concat()).json();
    assert_eq!(said["of_another_release"], serde_json::json!([]), "{said}");
    let carried = said["carried"].as_array().cloned().unwrap();
    let documents: Vec<&str> = carried
        .iter()
        .filter_map(|own| own.as_str())
        .filter(|own| own.starts_with("d3p/") && own.ends_with(".md"))
        .collect();
    assert_eq!(documents.len(), 4, "{said}");
    let before = world.read(documents[0]);
    assert!(before.contains("release: \"v1.4.0\""), "a dry run writes nothing: {before}");
    assert_eq!(world.run(&init).exit, Exit::Passed);
    for path in &documents {
        let now = world.read(path);
        assert!(now.contains("release: \"v1.5.0\"") && !now.contains("v1.4.0"), "{now}");
        assert!(!now.contains("- [x]"), "what was seen of the release before: {now}");
    }
    // What is to be thought about again keeps the first gate shut.
    let said = world.json(&["gate", "readiness"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    let open = |path: &str| said.rules().iter().any(|own| own.0 == "GL127" && own.1 == path);
    assert!(documents.iter().any(|path| open(path)), "{:?}", said.rules());
    // The archive is what it was.
    let verified = world.run(&["verify", ARCHIVE]);
    assert_eq!(verified.exit, Exit::Passed, "{}", verified.all());
}

#[test]
fn a_superseded_release_verifies_as_far_as_it_came() {
    let world = ran_until(&["gate", "staging-validation"]);
    let why = "v1.4.1 mends the login before launch";
    let unsaid = world.run(&["archive", "--outcome", "superseded"]);
    assert_eq!(unsaid.exit, Exit::Incomplete, "{}", unsaid.all());
    let said = world.run(&["archive", "--outcome", "superseded", "--reason", why]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(
        world.read(&format!("{ARCHIVE}/.artifacts/deployment/records/ledger.jsonl")).contains(why)
    );
    next_is_clean(&world, 2);
    let through = world.run(&["verify", ARCHIVE, "--through", "staging-validation"]);
    assert_eq!(through.exit, Exit::Passed, "{}", through.all());
    let whole = world.run(&["verify", ARCHIVE]);
    assert_eq!(whole.exit, Exit::Refused, "{}", whole.all());
}

#[test]
fn an_abandoned_release_verifies_as_far_as_it_came() {
    let world = ran_until(&["run", "deploy-staging"]);
    let refused = world.run(&["archive"]);
    assert_eq!(refused.exit, Exit::Refused, "{}", refused.all());
    let why = ["archive", "--outcome", "abandoned", "--reason", "the window closed"];
    let said = world.run(&why);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    next_is_clean(&world, 2);
    let through = world.run(&["verify", ARCHIVE, "--through", "readiness"]);
    assert_eq!(through.exit, Exit::Passed, "{}", through.all());
    // And once more, of the same release.
    assert_eq!(world.run(&why).exit, Exit::Passed);
    next_is_clean(&world, 3);
}

#[test]
fn a_detached_log_is_supplied_from_elsewhere() {
    let world = World::new();
    let mut script = run_script(false);
    for step in &mut script {
        if let Action::Write(files) = &mut step.action {
            for (_, text) in files.iter_mut().filter(|(path, _)| path == "d3p.yaml") {
                let detached = "run: { detach_above: 10, detached_at: \"s3://ci-logs\", ";
                *text = text.replacen("run: { ", detached, 1);
            }
        }
    }
    let is_last = |step: &Step| matches!(&step.action, Action::Run { args, .. } if args[..] == ["gate", "staging-validation"]);
    let end = script.iter().rposition(is_last).unwrap();
    world.play(&script[..=end]);
    let verify = ["verify", "--through", "staging-validation"];
    assert_eq!(world.run(&verify).exit, Exit::Passed, "the logs lie here");
    let kept = world.dir.parent().unwrap().join("kept");
    std::fs::rename(world.dir.join(".artifacts/deployment/raw/detached"), &kept).unwrap();
    let said = world.json(&verify);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.has("GL238"), "{}", said.all());
    assert!(said.out.contains("\"review\""), "{}", said.out);
    let supplied = [&verify[..], &["--raw", "../kept"]].concat();
    let said = world.run(&supplied);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    for entry in std::fs::read_dir(&kept).unwrap() {
        std::fs::write(entry.unwrap().path(), "another log\n").unwrap();
    }
    let said = world.json(&supplied);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.has("GL238") && said.out.contains("\"invalid\""), "{}", said.out);
    let nowhere = world.run(&[&verify[..], &["--raw", "../nowhere"]].concat());
    assert_eq!(nowhere.exit, Exit::Incomplete, "{}", nowhere.all());
}

const RELEASES: &str = ".artifacts/releases";
const LINES: &str = ".artifacts/deployment/records/ledger.jsonl";

fn abandon(world: &World) -> crate::common::Said {
    world.run(&["archive", "--outcome", "abandoned", "--reason", "it is over"])
}

/// What cannot be laid out closes nothing, however often it is tried.
#[test]
fn an_archive_that_fails_has_changed_nothing() {
    let world = World::played_until(&["gate", "readiness"]);
    let before = world.read(LINES);
    world.write(RELEASES, "a file in its place");
    for _ in 0..3 {
        let said = abandon(&world);
        assert_ne!(said.exit, Exit::Passed, "{}", said.all());
        assert_eq!(world.read(LINES), before);
    }
    world.remove(RELEASES);
    assert_eq!(world.run(&["announce", "The release goes on."]).exit, Exit::Passed);
    assert_eq!(abandon(&world).exit, Exit::Passed);
}

/// Killed between the rename that closes the release and the removal of what it was made of.
#[test]
fn an_archive_that_was_killed_is_finished_and_made_once() {
    let world = World::played_until(&["gate", "readiness"]);
    let killed = world.copy();
    assert_eq!(abandon(&world).exit, Exit::Passed);
    let archive = format!("{RELEASES}/v1.4.0+1");
    crate::common::copy_tree(&world.dir.join(&archive), &killed.dir.join(&archive));
    // What a try before it left is no archive.
    killed.write(&format!("{RELEASES}/v1.4.0+1.2.tmp/left"), "over");
    let said = killed.run(&["announce", "One more line."]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    let said = abandon(&killed);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let names: Vec<String> = std::fs::read_dir(killed.dir.join(RELEASES))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, ["v1.4.0+1"]);
    assert!(!killed.dir.join(".artifacts/deployment").exists());
    let closed = killed.read(&format!("{archive}/{LINES}"));
    assert_eq!(closed.matches("\"kind\":\"archived\"").count(), 1, "{closed}");
    assert_eq!(closed, world.read(&format!("{archive}/{LINES}")));
}
