//! What was decided of a rollout, and what nobody looked at.

use super::{ANA, CANARY, Says, Server, cleared, decide, healthy, passed, refused, report, status};
use std::time::Duration;

#[test]
fn after_an_abort_the_rollout_says_what_was_decided_and_what_comes_next() {
    let server = Server::new(|query, moment| match query.starts_with("errors") {
        true => Says::Value(0.07),
        false => healthy(query, moment),
    });
    let world = cleared(CANARY, &server);
    refused(&world.run(&["rollout", "run"]), "[ALERT]");
    let said = decide(&world, "abort", "ana@shop.example", ANA);
    passed(&said);
    assert!(said.out.contains("next: d3p run rollback"), "{}", said.all());
    let said = world.run(&["rollout", "run"]);
    refused(&said, "Ana Silva decided to roll back");
    assert!(said.all().contains("d3p run rollback"), "{}", said.all());
    assert!(!said.all().contains("rollout promote"), "{}", said.all());
    passed(&world.run(&["run", "rollback"]));
    refused(&world.run(&["rollout", "run"]), "the launch was taken back at");
    let said = world.run(&["rollout", "status"]);
    assert!(said.out.contains("no stage begins any more"), "{}", said.all());
    assert!(said.out.contains("d3p record incident"), "{}", said.all());
}

#[test]
fn a_rollback_in_the_middle_of_a_stage_ends_it_as_not_passed() {
    let server = Server::new(healthy);
    let world = cleared(CANARY, &server);
    passed(&world.run(&["run", "deploy-production"]));
    assert_eq!(status(&world)[0], "watching");
    passed(&decide(&world, "abort", "ana@shop.example", ANA));
    passed(&world.run(&["run", "rollback"]));
    assert_eq!(status(&world)[0], "taken-back");
    let said = world.run(&["rollout", "status"]);
    assert!(said.out.contains("did not pass: the launch was taken back at"), "{}", said.all());
    // However long one waits, and however healthy it was.
    world.pass(Duration::from_secs(300));
    refused(&world.run(&["rollout", "run"]), "the launch was taken back at");
    assert_eq!(status(&world)[0], "taken-back");
    assert!(world.json(&["check", "--through", "production-launch"]).has("GL323"));
}

#[test]
fn a_canary_that_nobody_looks_at_is_none() {
    let server = Server::new(|_, _| Says::Value(0.9));
    let world = cleared(
        "rollout: { strategy: canary, stages: [{ weight: 5% }, { weight: 100% }] }\n",
        &server,
    );
    let said = world.run(&["approve", "show"]);
    assert!(
        said.out.contains("GL247") && said.out.contains("nothing of it is judged"),
        "{}",
        said.all()
    );
    passed(&world.run(&["rollout", "run"]));
    assert_eq!(status(&world), ["unjudged", "unjudged"]);
    assert_eq!(report(&world)["strategy"], "unwatched");
    assert!(report(&world)["stages"][0].get("found").is_none());
}
