//! What `d3p demo` shows: a release whose evidence comes from runs of real scripts.

#![cfg(unix)]

use crate::common::World;
use d3p::Exit;

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
    let again = world.run(&["demo", "--into", "kept"]);
    assert_ne!(again.exit, Exit::Passed, "it would overwrite: {}", again.all());
}
