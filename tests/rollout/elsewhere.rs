//! A launch that goes on in stages listens to the other machines before each.

use super::server::{Says, Server};
use super::{ANA, CANARY, JONAS, cleared_with, decide, healthy, passed, refused};
use crate::common::World;
use std::fs;
use std::process::Command;

/// A launch that waits at its second stage and may go on, and the repository that everybody pushes to.
fn waiting(server: &Server) -> (World, tempfile::TempDir) {
    let remote = tempfile::tempdir().unwrap();
    let init = ["init", "--quiet", "--bare", "."];
    assert!(Command::new("git").args(init).current_dir(remote.path()).status().unwrap().success());
    let url = remote.path().display().to_string();
    let world = cleared_with(CANARY, server, |policy| {
        format!("{policy}launch_lock: {{ url: \"file://{url}\" }}\n")
    });
    refused(&world.run(&["rollout", "run"]), "HealthDegradation");
    passed(&decide(&world, "promote", "jonas@shop.example", JONAS));
    (world, remote)
}

fn fails(query: &str, moment: i64) -> Says {
    match query.starts_with("errors") {
        true if super::after_launch(moment, 70) => Says::Value(0.07),
        _ => healthy(query, moment),
    }
}

const CLEARANCE: [&str; 3] = ["check", "--before", "next-stage"];
const NEXT: [&str; 2] = ["run", "next-stage"];

#[test]
fn a_no_go_of_another_machine_ends_the_stages() {
    let server = Server::new(fails);
    let (world, _remote) = waiting(&server);
    passed(&world.run(&CLEARANCE));
    let theirs = world.copy();
    let no_go =
        ["approve", "sign", "--as", "ana@shop.example", "--key", ANA, "--decision", "no-go"];
    refused(&theirs.run(&no_go), "published at");
    refused(&world.run(&CLEARANCE), "GL541");
    // It is taken over, and binds here as every other one.
    refused(&world.run(&NEXT), "GL502");
    refused(&world.run(&CLEARANCE), "GL502");
    refused(&theirs.run(&NEXT), "GL502");
    // What serves can be taken back, and that is said.
    refused(&world.run(&CLEARANCE), "take the launch back");
    let decide = ["rollback", "decide", "--as", "ana@shop.example", "--key", ANA, "--decision"];
    let why = ["roll-back", "--reason", "it was objected to"];
    passed(&world.run(&[&decide[..], &why].concat()));
    passed(&world.run(&["run", "rollback"]));
}

#[test]
fn a_stage_does_not_begin_while_nobody_can_be_asked_and_a_rollback_does() {
    let server = Server::new(fails);
    let (world, remote) = waiting(&server);
    fs::rename(remote.path().join("HEAD"), remote.path().join("GONE")).unwrap();
    for args in [&CLEARANCE[..], &NEXT] {
        let said = world.run(args);
        refused(&said, "GL540");
        assert!(said.all().contains("can be taken back"), "{}", said.all());
    }
    let back = world.copy();
    passed(&back.run(&["run", "rollback", "--without-decision", "every third order fails"]));
    fs::rename(remote.path().join("GONE"), remote.path().join("HEAD")).unwrap();
    passed(&world.run(&NEXT));
}
