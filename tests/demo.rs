//! What `d3p demo` shows: a release whose evidence comes from runs of real scripts.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;
use std::process::Command;

#[test]
fn the_demo_runs_its_hooks_and_ends_as_it_says() {
    let world = World::new();
    let said = world.run(&["demo", "--into", "kept"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.contains("demo: every step ended as expected"), "{}", said.out);
    // What it leaves verifies, and is made of runs.
    let verified = world.run(&["-C", "kept", "verify"]);
    assert_eq!(verified.exit, Exit::Passed, "{}", verified.all());
    for kind in ["staging-deployment-report", "staging-validation-results"] {
        let evidence = world.read(&format!("kept/.artifacts/deployment/{kind}.json"));
        assert!(evidence.contains("\"origin\": \"ran\""), "{kind}: {evidence}");
    }
    what_the_readme_shows(&world);
    let again = world.run(&["demo", "--into", "kept"]);
    assert_ne!(again.exit, Exit::Passed, "it would overwrite: {}", again.all());
}

/// The session that the README shows of the result: its edit, its finding, and the way back.
fn what_the_readme_shows(world: &World) {
    let readme = include_str!("../README.md");
    let shown = readme.split("```").find(|own| own.contains("$ sed -i")).unwrap();
    let mut commands = shown.lines().filter_map(|line| line.strip_prefix("$ "));
    let (edit, check) = (commands.next().unwrap(), commands.next().unwrap());
    let mut edited = Command::new("sh");
    assert!(
        edited.current_dir(world.dir.join("kept")).args(["-c", edit]).status().unwrap().success()
    );
    let mut args = vec!["-C", "kept"];
    args.extend(check.strip_prefix("d3p ").unwrap().split(' '));
    let said = world.run(&args);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    let told = shown.lines().skip_while(|line| !line.ends_with(check)).skip(1);
    for line in told.filter(|line| !line.is_empty() && *line != "…") {
        assert!(said.all().lines().any(|own| own == line), "no {line:?} in {}", said.all());
    }
    let next = world.run(&["-C", "kept", "status", "--next"]);
    assert!(next.out.contains("d3p doctor --restore"), "{}", next.all());
    let restored = world.run(&["-C", "kept", "doctor", "--restore"]);
    assert_eq!(restored.exit, Exit::Passed, "{}", restored.all());
    for args in [&args[..], &["-C", "kept", "verify"]] {
        let said = world.run(args);
        assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    }
}
