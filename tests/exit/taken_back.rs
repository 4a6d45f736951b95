//! What `run rollback` and its rehearsal report.

use super::*;
use d3p::testing::source::Root;
use d3p::testing::write::Lock;
use serde_json::json;
use std::time::Instant;

#[test]
fn a_rollback_is_reported_service_by_service() {
    let world = failed_launch(BACK);
    let said = roll_back(&world);
    passed(&said);
    let report: serde_json::Value = serde_json::from_str(&world.read(REPORT)).unwrap();
    assert_eq!(report["status"], "passed");
    assert_eq!(report["outcome"], "ROLLBACK_TRIGGERED");
    assert_eq!(report["returns_to"], "v1.3.0");
    let services = json!([
        { "name": "api", "status": "healthy", "version": "v1.3.0", "before": "v1.4.0" },
        { "name": "web", "status": "healthy", "version": "v1.3.0" },
    ]);
    assert_eq!(report["services"], services);
}

#[test]
fn a_rollback_to_another_version_or_of_one_service_is_a_failed_one() {
    let other = BACK.replace("api=healthy v1.3.0", "api=healthy v1.2.9");
    let world = failed_launch(&other);
    let said = roll_back(&world);
    refused(&said, "api is healthy at v1.2.9, and has to be healthy at v1.3.0");
    let report: serde_json::Value = serde_json::from_str(&world.read(REPORT)).unwrap();
    assert_eq!(
        (&report["status"], &report["outcome"]),
        (&json!("failed"), &json!("ROLLBACK_TRIGGERED"))
    );
    // Half a rollback closes nothing, and the command that is printed is the rollback.
    explain(&world);
    passed(&world.run(&["report"]));
    refused(&world.run(&CLOSE), "api is healthy at v1.2.9");
    assert_eq!(crate::common::argv(&world.next()), ["d3p", "run", "rollback"]);
    // That a service is back is measured: nobody types it.
    world.edit(REPORT, "v1.2.9", "v1.3.0");
    refused(&world.run(&CLOSE), "GL230");
}

#[test]
fn where_nothing_can_be_taken_back_it_is_halted() {
    let halt = "echo ::service api=halted v1.4.0; echo ::service web=halted";
    for (policy, line, fine) in
        [("rollback: halt\n", halt, true), ("", halt, false), ("rollback: halt\n", BACK, false)]
    {
        let script = run_script(true);
        let world = World::new();
        let checklist = ["record", "deployment-readiness-checklist"];
        let first = script.iter().position(|step| is(step, &checklist)).unwrap();
        let launch =
            script.iter().position(|step| is(step, &["run", "deploy-production"])).unwrap();
        world.play(&script[..=first]);
        hook(&world, "deploy-production", HALF);
        hook(&world, "rollback", line);
        world.write("d3p.yaml", world.read("d3p.yaml") + policy);
        world.play(&script[first + 1..launch]);
        refused(&world.run(&["run", "deploy-production"]), "DeploymentFailure");
        let said = roll_back(&world);
        assert_eq!(said.exit == Exit::Passed, fine, "{policy}{line}: {}", said.all());
    }
}

#[test]
fn the_first_release_of_all_is_taken_back_to_anything_but_itself() {
    let stays = "echo ::service api=healthy v1.4.0; echo ::service web=healthy v1.4.0";
    let halt = "echo ::service api=halted v1.4.0; echo ::service web=halted";
    for (line, fine) in [(BACK, true), (halt, true), (stays, false)] {
        let script = run_script(true);
        let world = World::new();
        let checklist = ["record", "deployment-readiness-checklist"];
        let first = script.iter().position(|step| is(step, &checklist)).unwrap();
        let launch =
            script.iter().position(|step| is(step, &["run", "deploy-production"])).unwrap();
        world.play(&script[..first]);
        let manifest = ".artifacts/deployment/release-manifest.md";
        world.edit(manifest, "previous_release: \"v1.3.0\"", "previous_release: none");
        hook(&world, "deploy-production", HALF);
        hook(&world, "rollback", line);
        world.play(&script[first..launch]);
        refused(&world.run(&["run", "deploy-production"]), "DeploymentFailure");
        let said = roll_back(&world);
        assert_eq!(said.exit == Exit::Passed, fine, "{line}: {}", said.all());
        // Nothing is asked for over and over.
        let next = crate::common::argv(&world.next());
        assert_eq!(next == ["d3p", "run", "rollback"], !fine, "{line}: {next:?}");
    }
}

#[test]
fn a_cause_that_is_still_looked_for_waits_for_a_person() {
    let world = explained();
    let cause = "web needs a column that only the migration of api adds.";
    world.edit(INCIDENT, cause, "The root cause analysis is pending.");
    let said = world.run(&CLOSE);
    assert_ne!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.all().contains("root cause may leave it open"), "{}", said.all());
}

#[test]
fn a_rehearsal_shows_that_this_release_can_be_taken_back() {
    let rehearse = ["run", "rehearse-rollback"];
    let world = until_launch(HALF, BACK);
    passed(&world.run(&rehearse));
    let path = ".artifacts/deployment/rollback-rehearsal.json";
    let report: serde_json::Value = serde_json::from_str(&world.read(path)).unwrap();
    assert_eq!((&report["environment"], &report["status"]), (&json!("staging"), &json!("passed")));
    assert_eq!(report["services"][0]["before"], "v1.4.0");
    assert_eq!(report["commands"][0]["argv"][3], "staging");
    // It is no rollback of production.
    let status = world.run(&["rollback", "status"]);
    assert!(status.out.contains("Nothing was deployed"), "{}", status.all());

    let never = "echo ::service api=healthy v1.3.0; echo ::service web=healthy v1.3.0";
    let world = until_launch(HALF, never);
    refused(&world.run(&rehearse), "does not tell what answered before");
    let other = BACK.replace("api=healthy v1.4.0", "api=healthy v1.1.0");
    let world = until_launch(HALF, &other);
    refused(&world.run(&rehearse), "took back v1.1.0, and not v1.4.0");
}

#[test]
fn a_hook_that_is_not_told_where_it_runs_is_not_rehearsed() {
    let world = until_launch(HALF, BACK);
    let text = world.read("d3p.yaml").replace(", \"{env}\"] }", "] }");
    world.write("d3p.yaml", text);
    world.remove(".artifacts/deployment/records/policy.json");
    world.remove(".artifacts/deployment/records/1-readiness.json");
    refused(&world.run(&["run", "rehearse-rollback"]), "would do it in production");
}

/// What other commands refuse keeps nobody from taking a launch back: it is brought back, or left out.
#[test]
fn a_broken_policy_a_lost_manifest_or_a_held_lock_is_in_nobodys_way() {
    let played = decided(BACK);
    git(&played, &["add", "--all"]);
    git(&played, &["commit", "--quiet", "-m", "evidence"]);
    for (path, text) in [
        ("d3p.yaml", Some("\u{1}: [garbage")),
        ("d3p.yaml", Some("<<<<<<< HEAD\nproject: a\n=======\nproject: b\n>>>>>>> other\n")),
        ("d3p.yaml", Some("")),
        ("d3p.yaml", None),
        (MANIFEST, Some("no front matter")),
        (MANIFEST, None),
    ] {
        let world = played.copy();
        match text {
            Some(text) => world.write(path, text),
            None => world.remove(path),
        }
        // Other commands go on refusing.
        assert_ne!(world.run(&["gate", "readiness"]).exit, Exit::Passed, "{path}");
        let said = world.run(&["run", "rollback"]);
        passed(&said);
        assert!(said.all().contains(&format!("{path} could not be used")), "{}", said.all());
        assert_eq!(world.read(path), played.read(path), "{text:?}");
        if text.is_some_and(|text| !text.is_empty()) {
            assert!(said.all().contains("what lay there is .d3p/replaced/"), "{}", said.all());
        }
    }
}

/// Where git has none, what the first gate froze stands in.
#[test]
fn a_policy_that_git_never_had_comes_back_as_it_was_frozen() {
    let world = failed_launch(BACK);
    std::fs::remove_dir_all(world.dir.join(".git/refs")).unwrap();
    std::fs::create_dir(world.dir.join(".git/refs")).unwrap();
    world.remove("d3p.yaml");
    world.remove(".git/index");
    let _ = std::fs::remove_file(world.dir.join(".git/packed-refs"));
    let _ = std::fs::remove_dir_all(world.dir.join(".git/logs"));
    let said = world.run(&["doctor"]);
    assert!(said.all().contains("as gate 1 froze it"), "{}", said.all());
    assert!(world.run(&["doctor", "--restore"]).all().contains("policy.json"));
    let said = world.run(&["verify"]);
    assert!(!said.all().contains("GL001"), "{}", said.all());
}

/// A directory for trees that cannot be used.
#[test]
fn a_rollback_finds_another_place_for_its_tree() {
    let world = decided(BACK);
    world.write("no-directory", "a file");
    let place = world.dir.join("no-directory");
    world.only_var("XDG_STATE_HOME", Some(place.to_str().unwrap()));
    passed(&world.run(&["run", "rollback"]));
}

/// A launch that failed, and that is to be taken back.
fn decided(back: &str) -> World {
    let world = failed_launch(back);
    world.pass(Duration::from_secs(300));
    passed(&decide(&world, "roll-back"));
    world
}

/// Somebody holds the lock and does not let go: the hook runs all the same, and is recorded when the
/// lock is free.
#[test]
fn a_held_lock_keeps_no_rollback_from_running() {
    let place = tempfile::tempdir().unwrap();
    let begun = place.path().join("begun");
    let world = decided(&format!("{BACK}; : > '{}'", begun.display()));
    let before = world.read(LEDGER).lines().count();
    let root = Root::open(&world.dir).unwrap();
    let lock = Lock::of_phase(&root, "phase-9-deployment-golive", Duration::ZERO).unwrap();
    let held = std::thread::spawn(move || {
        let until = Instant::now() + Duration::from_secs(120);
        while !begun.exists() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(lock);
    });
    let said = world.run(&["run", "rollback"]);
    held.join().unwrap();
    passed(&said);
    assert!(said.all().contains("it begins all the same"), "{}", said.all());
    let ledger = world.read(LEDGER);
    let own = |line: &&str| line.contains("\"hook\":\"rollback\"");
    let lines: Vec<&str> = ledger.lines().skip(before).filter(own).collect();
    assert!(lines[0].contains("\"began\"") && lines[1].contains("\"ran\""), "{lines:?}");
    // It has happened, and is not asked for again.
    assert_eq!(crate::common::argv(&world.next()), ["d3p", "record", "incident"]);
}
