//! The whole release, from `init` to `verify`, as the demo plays it.

use crate::common::World;
use d3p::Exit;

#[test]
fn an_honest_release_passes_all_gates_and_verifies() {
    let world = World::played();
    let said = world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.starts_with("SELF-CONSISTENT ONLY"), "{}", said.out);
    assert!(said.out.contains("DEMO RELEASE"), "{}", said.out);
}

#[test]
fn a_valid_pass_is_a_no_op() {
    let world = World::played_until(&["gate", "readiness"]);
    let ledger = world.read(".artifacts/deployment/records/ledger.jsonl");
    world.pass(std::time::Duration::from_secs(3600));
    let said = world.run(&["gate", "1"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.contains("still valid; nothing written"), "{}", said.out);
    assert_eq!(ledger, world.read(".artifacts/deployment/records/ledger.jsonl"));
}

#[test]
fn a_completed_release_never_ages() {
    let world = World::played();
    world.pass(std::time::Duration::from_secs(10 * 365 * 86_400));
    let said = world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

#[test]
fn output_is_the_same_on_a_second_run() {
    let (one, two) = (World::played(), World::played());
    for args in [&["status"][..], &["verify"], &["explain", "readiness"]] {
        let clean = |world: &World| world.run(args).out.replace(&world.now().to_string(), "NOW");
        assert_eq!(clean(&one), clean(&two), "{args:?}");
    }
}
