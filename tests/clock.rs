//! A clock that goes back, and one that was ahead.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;
use d3p::testing::model::Stamp;
use serde_json::Value;
use std::time::Duration;

const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";

fn back(world: &World, by: Duration) -> Stamp {
    let moved = world.now().timestamp() - jiff::SignedDuration::try_from(by).unwrap();
    let at = Stamp::from_timestamp(moved);
    world.at(at);
    at
}

fn last(world: &World) -> Value {
    serde_json::from_str(world.read(LEDGER).lines().last().unwrap()).unwrap()
}

#[test]
fn a_clock_that_is_a_little_behind_takes_the_time_of_the_newest_line() {
    let world = World::played_until(&["gate", "readiness"]);
    let newest = last(&world)["at"].clone();
    let clock = back(&world, Duration::from_secs(120));
    assert_eq!(world.run(&["announce", "Said by a clock that is behind."]).exit, Exit::Passed);
    let line = last(&world);
    assert_eq!(line["at"], newest);
    let told = Stamp::parse(line["clock"].as_str().unwrap()).unwrap();
    assert!(
        told >= clock && told < clock.plus(d3p::testing::model::Span::from_seconds(1)),
        "{line:#}"
    );
    assert!(!world.json(&["check"]).has("GL302"));
    // A clock that is right says nothing of itself.
    world.pass(Duration::from_secs(600));
    assert_eq!(world.run(&["announce", "Said by a clock that is right."]).exit, Exit::Passed);
    assert!(last(&world).get("clock").is_none());
}

#[test]
fn a_gate_that_is_passed_by_such_a_clock_counts() {
    let world = World::played_until(&["record", "deployment-readiness-checklist"]);
    back(&world, Duration::from_secs(30));
    let said = world.run(&["gate", "readiness"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let report = world.json(&["status"]).json();
    assert_eq!(report["gates"][0]["valid"], true, "{:#}", report["gates"]);
}

#[test]
fn a_clock_that_is_far_behind_is_refused_with_both_times() {
    let world = World::played_until(&["gate", "readiness"]);
    let before = world.read(LEDGER);
    let newest = last(&world)["at"].as_str().unwrap().to_owned();
    back(&world, Duration::from_secs(365 * 86_400));
    for args in [&["announce", "A year ago."][..], &["gate", "readiness", "--refreeze"]] {
        let said = world.run(args);
        assert_eq!(said.exit, Exit::Refused, "{args:?}: {}", said.all());
        for words in ["the clock says 2025-11-21T", &newest, "set the clock"] {
            assert!(said.all().contains(words), "no {words} in {}", said.all());
        }
        assert_eq!(world.read(LEDGER), before);
    }
    let said = world.run(&["doctor"]);
    assert!(said.all().contains("clock: the clock says 2025"), "{}", said.all());
}

/// What is judged then is judged as it is by a clock that is right: a decision, too.
#[test]
fn such_a_clock_judges_nothing_otherwise() {
    let script = d3p::testing::cli::demo::release_script();
    let is_decided = |step: &d3p::testing::cli::demo::Step| {
        matches!(&step.action, d3p::testing::cli::demo::Action::Run { args, .. }
            if args.starts_with(&["record".to_owned(), "production-approval".to_owned()]))
    };
    let last = script.iter().rposition(is_decided).unwrap();
    let world = World::new();
    world.play(&script[..=last]);
    let wrong = |world: &World| {
        let report = world.json(&["check", "--through", "staging-validation"]).json();
        let of_approval = world.json(&["check", ".artifacts/deployment/production-approval.json"]);
        let all =
            [report, of_approval.json()].map(|own| own["findings"].as_array().unwrap().clone());
        let all = all.into_iter().flatten().filter(|own| own["level"] == "error");
        all.map(|own| own["message"].to_string()).collect::<Vec<_>>()
    };
    let before = wrong(&world);
    back(&world, Duration::from_secs(60));
    assert_eq!(wrong(&world), before);
}
