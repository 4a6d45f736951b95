//! What is no answer is decided before any condition: never passed, and decided by a person.

use super::server::{Says, Server};
use super::{ANA, CANARY, JONAS, after_launch, cleared, decide, healthy, passed, refused, status};
use d3p::Exit;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Plays the first stage where one metric says this once, and returns what was said of it.
fn inconclusive(metric: &'static str, says: Says, why: &str) {
    let server = Server::new(move |query, moment| {
        let once = query.starts_with(metric) && query.contains("v1.4.0");
        match once && after_launch(moment, 30) {
            true => says.clone(),
            false => healthy(query, moment),
        }
    });
    let world = cleared(CANARY, &server);
    let said = world.run(&["rollout", "run"]);
    refused(&said, "nobody can tell");
    assert!(said.out.contains(why), "{why}: {}", said.all());
    assert!(said.out.contains("or go on with it: d3p rollout promote --as"), "{}", said.all());
    assert_eq!(status(&world)[0], "inconclusive", "{}", said.all());
    refused(&world.run(&["run", "next-stage"]), "GL322");
    assert!(world.json(&["check", "--through", "production-launch"]).has("GL322"));
}

#[test]
fn no_data_is_never_good_data() {
    inconclusive("errors", Says::Nothing, "there is no data");
    inconclusive("volume", Says::Nothing, "there is no data");
}

#[test]
fn what_is_no_number_is_no_value() {
    inconclusive("errors", Says::Text("NaN"), "no finite number");
    inconclusive("latency", Says::Text("+Inf"), "no finite number");
    inconclusive("errors", Says::Text("-0.5"), "impossible");
}

#[test]
fn an_answer_that_is_not_whole_is_none() {
    inconclusive("errors", Says::Several, "2 series");
    inconclusive("errors", Says::Warns, "the server warns");
    inconclusive("errors", Says::Partial, "a part of one");
    inconclusive("errors", Says::Error, "the server says: parse error");
}

#[test]
fn another_page_and_another_host_are_no_answer() {
    inconclusive("errors", Says::Garbage, "no metrics");
    inconclusive("errors", Says::Redirect, "it answered 302");
    inconclusive("errors", Says::Status(403), "it answered 403");
}

#[test]
fn with_too_little_traffic_nothing_is_known() {
    inconclusive("volume", Says::Value(9.0), "below 10 nothing is known");
}

#[test]
fn without_a_baseline_nothing_is_compared() {
    for (says, why) in [
        (Says::Nothing, "there is no baseline: there is no data"),
        (Says::Value(0.0), "the baseline is zero"),
    ] {
        let server = Server::new(move |query, moment| match query.contains("v1.3.0") {
            true => says.clone(),
            false => healthy(query, moment),
        });
        let world = cleared(CANARY, &server);
        refused(&world.run(&["rollout", "run"]), why);
        assert_eq!(status(&world)[0], "inconclusive");
    }
}

#[test]
fn data_that_come_later_are_asked_for_again() {
    let gone = Arc::new(AtomicBool::new(true));
    let own = Arc::clone(&gone);
    let server = Server::new(move |query, moment| match own.load(Ordering::SeqCst) {
        true => Says::Status(503),
        false => healthy(query, moment),
    });
    let world = cleared(CANARY, &server);
    refused(&world.run(&["rollout", "run"]), "it answered 503");
    // Nothing new is known: nothing is written.
    let before = world.read(super::LEDGER);
    refused(&world.run(&["rollout", "run"]), "waits for a person");
    assert_eq!(before, world.read(super::LEDGER));
    gone.store(false, Ordering::SeqCst);
    passed(&world.run(&["rollout", "run"]));
    assert_eq!(status(&world), ["passed", "passed", "unjudged"]);
}

#[test]
fn a_person_who_did_not_deploy_it_promotes_by_signature() {
    let server = Server::new(|_, _| Says::Status(404));
    let world = cleared(CANARY, &server);
    world.vars(&[("USER", "ana")]);
    refused(&world.run(&["rollout", "run"]), "nobody can tell");
    // Who deployed it does not promote it.
    refused(
        &decide(&world, "promote", "ana@shop.example", ANA),
        "goes on with what `ana` deployed",
    );
    let other = world.run(&[
        "rollback",
        "decide",
        "--as",
        "ana@shop.example",
        "--decision",
        "continue",
        "--reason",
        "the errors were of the load test",
        "--key",
        ANA,
    ]);
    passed(&other);
    refused(
        &world.run(&["run", "next-stage"]),
        "a decision does not count: Ana Silva goes on with what `ana` deployed",
    );
    let said = decide(&world, "promote", "jonas@shop.example", JONAS);
    passed(&said);
    assert!(said.out.contains("Jonas Weber decided to go on"), "{}", said.all());
    passed(&world.run(&["run", "next-stage"]));
    // It was a decision on the first stage, and not on those that come.
    refused(&world.run(&["rollout", "run"]), "nobody can tell");
    assert_eq!(status(&world)[..2], ["promoted", "inconclusive"]);
    let said = decide(&world, "promote", "jonas@shop.example", JONAS);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let said = decide(&world, "promote", "jonas@shop.example", JONAS);
    refused(&said, "no stage of the rollout waits for a decision");
}
