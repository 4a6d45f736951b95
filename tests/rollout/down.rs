//! Whether services answer while they are replaced, and for how long they did not (P11-0).

use super::server::{Says, Server};
use super::{CANARY, cleared, healthy, passed, refused, report, status};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A service that does not answer the probes from the `first` one on, `count` times.
fn down(first: usize, count: usize) -> Server {
    let asked = AtomicUsize::new(0);
    Server::new(move |query, moment| {
        if !query.is_empty() {
            return healthy(query, moment);
        }
        let number = asked.fetch_add(1, Ordering::SeqCst);
        match (first..first + count).contains(&number) {
            true => Says::Status(503),
            false => Says::Value(1.0),
        }
    })
}

fn probed(server: &Server, more: &str) -> String {
    let url = format!("http://127.0.0.1:{}/health", server.port);
    format!("{CANARY}  probes: [{{ service: api, url: \"{url}\" }}]\n")
        .replace("triggers: [", &format!("triggers: [{more}"))
}

#[test]
fn how_long_a_service_was_down_is_a_figure() {
    let server = down(1, 1);
    let world = cleared(&probed(&server, ""), &server);
    passed(&world.run(&["rollout", "run"]));
    let stages = report(&world)["stages"].clone();
    assert_eq!(stages[0]["down_seconds"]["api"], 10);
    assert_eq!(stages[1]["down_seconds"]["api"], 0);
    let said = world.run(&["rollout", "status"]);
    assert!(said.out.contains("api did not answer for 10 s"), "{}", said.all());
    let said = world.run(&["approve", "show"]);
    assert!(said.out.contains("nobody asks meanwhile whether these answer: web"), "{}", said.all());
}

#[test]
fn one_that_stays_down_ends_the_rollout() {
    let server = down(2, 100);
    let world = cleared(&probed(&server, "unhealthy for 30s, "), &server);
    refused(&world.run(&["rollout", "run"]), "unhealthy for 30s fired at");
    assert_eq!(status(&world)[0], "failed");
    // One that comes back in time does not.
    let server = down(2, 2);
    let world = cleared(&probed(&server, "unhealthy for 30s, "), &server);
    passed(&world.run(&["rollout", "run"]));
}

#[test]
fn what_nobody_probed_nobody_knows() {
    let server = down(0, 0);
    let world = cleared(&probed(&server, "unhealthy for 30s, "), &server);
    passed(&world.run(&["run", "deploy-production"]));
    world.pass(std::time::Duration::from_secs(40));
    refused(&world.run(&["rollout", "run"]), "no service was asked at that moment");
    assert_eq!(status(&world)[0], "inconclusive");
}
