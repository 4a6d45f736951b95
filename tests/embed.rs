//! The library as another program uses it: the example answers as the command does.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;

#[path = "../examples/may_launch.rs"]
mod may_launch;

/// What the example says of the deployment to production, asked in the world's directory at its time.
fn asked(world: &World) -> (Exit, Vec<String>) {
    let phase = d3p::testing::source::embedded_phase().unwrap();
    let launch = phase.launch().map(|(kind, _)| kind);
    let (step, _) = phase.steps.iter().find(|(_, def)| def.produces.as_deref() == launch).unwrap();
    let vars = std::env::vars_os().filter(|(name, _)| name == "PATH").collect();
    let (exit, report) = may_launch::ask(&world.dir, step, vars, &|| world.now());
    (exit, may_launch::objections(&report))
}

#[test]
fn a_cleared_launch_may_begin_for_a_program_too() {
    let world = World::played_until(&[
        "record",
        "production-approval",
        "--by",
        "Ana Silva",
        "--decision",
        "go",
    ]);
    let (exit, objections) = asked(&world);
    assert_eq!((exit, objections), (Exit::Passed, Vec::new()));
}

#[test]
fn a_launch_that_nobody_approved_may_not() {
    let world = World::played_until(&["gate", "staging-validation"]);
    let (exit, objections) = asked(&world);
    assert_eq!(exit, Exit::Refused);
    assert!(!objections.is_empty());
}
