//! The health window, measured by a metric server: as it comes, or afterwards in one go.

use super::server::{Says, Server};
use super::{after_launch, cleared_with, passed, refused};
use crate::common::World;
use d3p::Exit;
use std::time::Duration;

const LOG: &str = ".artifacts/deployment/deployment-health-log.md";
const LEDGER: &str = super::LEDGER;

fn says(query: &str, moment: i64) -> Says {
    // Something always moves.
    let wave = f64::from(u32::try_from(moment.rem_euclid(7)).unwrap());
    match query.split('{').next().unwrap() {
        "errors" => Says::Value(0.001 + wave / 10_000.0),
        "latency" => Says::Value(0.18 + wave / 1000.0),
        "cpu" => Says::Value(40.0 + wave),
        "count(up)" => Says::Value(2.0),
        other => panic!("{other}"),
    }
}

/// A release in production whose health window a metric server measures.
fn launched(server: &Server, health: &str) -> World {
    let world = cleared_with("", server, |policy| {
        let lines = policy.lines().filter(|line| !line.contains("health-check:"));
        let text: Vec<&str> = lines.collect();
        let text = text.join("\n") + "\n";
        let old = text.lines().find(|line| line.starts_with("health:")).unwrap().to_owned();
        let text = text.replace(&old, health);
        assert!(text.contains(health), "{text}");
        let volume = text.lines().find(|line| line.contains("  volume:")).unwrap().to_owned();
        text.replace(&volume, "  cpu: { query: 'cpu', unit: \"%\" }")
    });
    passed(&world.run(&["run", "deploy-production"]));
    world
}

const HEALTH: &str =
    "health: { window: 20s, interval: 5s, signals: [error_rate, latency_p99, cpu] }";

/// What the log says, without the random ids of its entries.
fn entries(world: &World) -> Vec<String> {
    let text = world.read(LOG);
    let lines = text.lines().filter(|line| line.starts_with("- 20"));
    lines
        .map(|line| {
            line.splitn(4, ' ')
                .enumerate()
                .filter(|(i, _)| *i != 2)
                .map(|(_, word)| word)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

fn wrong(world: &World) -> Vec<String> {
    let rules = world.json(&["check", "--through", "stabilization"]).rules();
    let own = ["GL312", "GL313", "GL314", "GL315", "GL316", "GL325", "GL912", "GL324"];
    rules.into_iter().map(|(rule, _)| rule).filter(|rule| own.contains(&rule.as_str())).collect()
}

#[test]
fn watched_live_or_asked_for_afterwards_the_samples_are_the_same() {
    let server = Server::new(says);
    let live = launched(&server, HEALTH);
    let late = live.copy();
    passed(&live.run(&["watch", "--rehearse"]));
    let said = live.run(&["watch"]);
    passed(&said);
    assert!(said.out.contains("health window: every check-in is recorded"), "{}", said.all());
    refused(&late.run(&["watch", "--backfill"]), "check-ins are not due yet");
    late.pass(Duration::from_secs(60));
    passed(&late.run(&["watch", "--backfill"]));
    assert_eq!(entries(&live), entries(&late));
    assert_eq!(entries(&live).len(), 4);
    assert_eq!((wrong(&live), wrong(&late)), (Vec::new(), Vec::new()));
    // A record for each check-in as it came, or one for the whole part.
    assert_eq!(super::records(&live).len(), 4);
    assert_eq!(super::records(&late).len(), 1);
    // Nothing is asked or written twice.
    let before = late.read(LEDGER);
    passed(&late.run(&["watch"]));
    assert_eq!(before, late.read(LEDGER));
}

#[test]
fn the_window_begins_with_a_closer_look() {
    let server = Server::new(says);
    let first = "health: { window: 20s, interval: 5s, first: [{ for: 10s, every: 2s }], signals: [error_rate, latency_p99, cpu] }";
    let world = launched(&server, first);
    world.pass(Duration::from_secs(60));
    passed(&world.run(&["watch", "--backfill"]));
    assert_eq!(entries(&world).len(), 7);
    assert!(!wrong(&world).contains(&"GL313".to_owned()));
    // A check-in that is missed at the beginning is missed.
    let text = world.read(LOG);
    let lost: Vec<&str> = text.lines().filter(|line| line.starts_with("- 20")).collect();
    world.write(
        LOG,
        text.replace(&format!("{}\n", lost[1]), "").replace(&format!("{}\n", lost[2]), ""),
    );
    assert!(wrong(&world).contains(&"GL313".to_owned()), "{:?}", wrong(&world));
}

#[test]
fn a_breach_is_told_at_once() {
    let server = Server::new(|query, moment| match query.starts_with("errors") {
        true if after_launch(moment, 8) => Says::Value(0.05),
        _ => says(query, moment),
    });
    let world = launched(&server, HEALTH);
    world.pass(Duration::from_secs(40));
    let said = world.run(&["watch", "--backfill"]);
    refused(&said, "HealthDegradation: [ALERT] Post-deployment metrics outside thresholds.");
    assert!(world.read(super::TOLD).contains("error_rate was 0.05ratio"));
    assert!(wrong(&world).contains(&"GL315".to_owned()));
}

#[test]
fn no_data_is_a_sample_that_lacks_something() {
    let server = Server::new(|query, moment| match query.starts_with("cpu") {
        true => Says::Nothing,
        false => says(query, moment),
    });
    let world = launched(&server, HEALTH);
    assert_eq!(world.run(&["watch", "--rehearse"]).exit, Exit::Refused);
    world.pass(Duration::from_secs(60));
    passed(&world.run(&["watch", "--backfill"]));
    assert!(world.read(LOG).contains("cpu: there is no data"));
    assert!(wrong(&world).contains(&"GL316".to_owned()));
}

#[test]
fn a_check_in_that_nobody_measured_does_not_count() {
    let server = Server::new(says);
    let world = launched(&server, HEALTH);
    world.pass(Duration::from_secs(60));
    passed(&world.run(&["watch", "--backfill"]));
    let typed = world.copy();
    let body = r#"{"metrics": {"error_rate": "0.1%", "latency_p99": "180ms", "cpu": "40%"}, "observation": "all quiet"}"#;
    passed(&typed.run_with(&["record", "deployment-health-log", "--from", "-"], body));
    assert!(wrong(&typed).contains(&"GL325".to_owned()));
    // One that says something else than was answered is seen, and so is a record that was edited.
    let edited = world.copy();
    let text = edited.read(LOG);
    let line = text.lines().find(|line| line.starts_with("- 20")).unwrap();
    edited.write(LOG, text.replace(line, &line.replace("cpu=4", "cpu=3")));
    assert!(
        wrong(&edited).contains(&"GL912".to_owned())
            || wrong(&edited).contains(&"GL325".to_owned())
    );
    let (path, _) = super::records(&world).remove(0);
    let forged = world.read(&path).replacen("0.001", "0.002", 1);
    world.write(&path, forged);
    assert!(wrong(&world).contains(&"GL324".to_owned()));
}

#[test]
fn a_server_that_forgets_is_known_before_the_launch() {
    let server = Server::new(|query, moment| match query {
        "count(up)" => Says::Nothing,
        _ => says(query, moment),
    });
    let world = launched(&server, HEALTH);
    refused(
        &world.run(&["watch", "--rehearse"]),
        "data as old as the window (20s) are kept: there is no data",
    );
    let world = super::cleared(super::CANARY, &server);
    refused(&world.run(&["watch"]), "the health window is not measured by queries");
}

/// The `Date` of an answer is a clock that is not ours: one that contradicts it is refused before anything
/// is written by it, and nothing else is.
#[test]
fn a_clock_that_the_server_contradicts_writes_nothing() {
    let server = Server::new(says);
    let world = launched(&server, HEALTH);
    world.pass(Duration::from_secs(60));
    let before = world.read(LEDGER);
    let says = |seconds: i64, more: &str| {
        let at = world.now().timestamp() + jiff::SignedDuration::from_secs(seconds);
        let date = at.strftime("%a, %d %b %Y %H:%M:%S GMT");
        *server.headers.lock().unwrap() = format!("Date: {date}\r\n{more}");
        at.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    // A year ahead of everybody, an hour ahead, and an hour behind; the policy allows five minutes.
    for seconds in [-365 * 86_400, -3_600, 3_600] {
        let there = says(seconds, "");
        let said = world.run(&["watch", "--backfill"]);
        refused(&said, &format!("the metric server's clock says {there}"));
        let here = world.now().to_string();
        assert!(said.all().contains(&format!("the one here {}", &here[..16])), "{}", said.all());
        assert_eq!(world.read(LEDGER), before);
    }
    refused(&world.run(&["watch", "--rehearse"]), "the metric server's clock says");
    // Within what the policy allows, from a cache, and what is no time.
    let fine = [(-240, ""), (240, ""), (-3_600, "Age: 3600\r\n")];
    for (seconds, more) in fine {
        says(seconds, more);
        passed(&world.copy().run(&["watch", "--backfill"]));
    }
    *server.headers.lock().unwrap() = "Date: yesterday\r\n".to_owned();
    passed(&world.run(&["watch", "--backfill"]));
    assert_eq!(entries(&world).len(), 4);
}
