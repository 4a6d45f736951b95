//! Persons who leave and keys that end: what they said stays, and nobody is locked out by it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World, in_words};
use crate::redteam::{ANA, CLEARANCE, go_on, own_key, signed_until, ssh_keygen};
use d3p::Exit;

const SIGNERS: &str = ".d3p/allowed_signers";

/// A release with Ana, Bob and Cleo, of whom two have to say GO, ready for its first gate.
fn three() -> World {
    let world = signed_until(&["record", "deployment-readiness-checklist"]);
    let mut persons = String::from("persons: [");
    let mut signers = world.read(SIGNERS);
    for (name, full) in [("bob", "Bob Ng"), ("cleo", "Cleo Haas")] {
        let (_, public) = own_key(&world, name);
        signers.push_str(&line(name, &public, ""));
        persons.push_str(&format!(
            "{{ name: {full}, role: engineer, principals: [{name}@shop.example] }}, "
        ));
    }
    world.write(SIGNERS, signers);
    world.edit("d3p.yaml", "persons: [", &persons);
    world.edit("d3p.yaml", "threshold: 1", "threshold: 2");
    world
}

fn line(name: &str, public: &str, options: &str) -> String {
    format!("{name}@shop.example {options}namespaces=\"d3p-approval\" {public}\n")
}

fn say(world: &World, who: &str, key: &str, decision: &str) -> Said {
    let principal = format!("{who}@shop.example");
    world.run(&["approve", "sign", "--as", &principal, "--key", key, "--decision", decision])
}

/// Ends the key of somebody, as of now, in a change of the signers that gate 1 freezes again.
fn leaves(world: &World, who: &str) {
    // What they said before was said while the key counted.
    world.pass(std::time::Duration::from_secs(5));
    let digits: String =
        world.now().to_string().chars().filter(char::is_ascii_digit).take(14).collect();
    let own = format!("{who}@shop.example ");
    world.edit(SIGNERS, &own, &format!("{own}valid-before=\"{digits}Z\","));
    world.pass(std::time::Duration::from_secs(2));
    let said = world.run(&["gate", "readiness", "--refreeze"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let said = world.run(&["gate", "staging-validation"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    world.run(&["approve", "request"]);
}

/// What is said of how the NO_GO can be lifted.
fn lifts(world: &World) -> Vec<String> {
    let found = world.json(&CLEARANCE).json()["findings"].as_array().unwrap().clone();
    let no_go = found.iter().find(|own| own["rule"] == "GL502").unwrap();
    in_words(&no_go["advice"]).lines().map(str::to_owned).collect()
}

fn cleared(world: &World) -> bool {
    world.run(&CLEARANCE).exit == Exit::Passed
}

#[test]
fn the_no_go_of_who_left_is_lifted_by_everybody_who_is_left_and_by_nobody_less() {
    let world = three();
    go_on(&world);
    assert_eq!(say(&world, "ana", ANA, "no-go").exit, Exit::Refused);
    // While she is there, two are not enough: she can take it back herself.
    say(&world, "bob", ".git/bob", "go");
    let still = world.copy();
    let said = say(&still, "cleo", ".git/cleo", "go");
    assert!(said.all().contains("2 of the 3 others whom it takes"), "{}", said.all());
    assert!(!cleared(&still));
    // Three others are more than there are: she takes it back, or it takes a new commit.
    let advice = lifts(&still);
    assert!(advice[0].contains("--as ana@shop.example --decision go"), "{advice:?}");
    assert!(advice[1].contains("a new commit"), "{advice:?}");
    leaves(&world, "ana");
    let advice = lifts(&world);
    assert!(advice[0].contains("can sign no more: let 2 other persons say GO"), "{advice:?}");
    assert!(!advice.concat().contains("--as ana@shop.example"), "{advice:?}");
    let shown = world.run(&["approve", "show"]).all();
    assert!(shown.contains("its person can sign no more: 2 others lift it"), "{shown}");
    let said = say(&world, "ana", ANA, "go");
    assert_ne!(said.exit, Exit::Passed, "her key has ended: {}", said.all());
    // One of two is not everybody.
    say(&world, "bob", ".git/bob", "go");
    assert!(!cleared(&world));
    let said = say(&world, "cleo", ".git/cleo", "go");
    assert!(said.all().contains("this OUTVOTES the NO_GO of Ana Silva"), "{}", said.all());
    assert!(cleared(&world), "{}", world.run(&CLEARANCE).all());
}

#[test]
fn a_key_that_is_revoked_or_has_ended_clears_nothing_and_one_in_its_place_does() {
    let world = three();
    go_on(&world);
    say(&world, "bob", ".git/bob", "go");
    say(&world, "cleo", ".git/cleo", "go");
    assert!(cleared(&world), "{}", world.run(&CLEARANCE).all());
    // Cleo's key is lost: it is revoked, whatever was frozen.
    ssh_keygen(&world, &["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", ".git/new"]);
    let public = world.read(".git/cleo.pub");
    let listed = std::process::Command::new("ssh-keygen")
        .args(["-lf", ".git/cleo.pub"])
        .current_dir(&world.dir)
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let print = listed.split_whitespace().nth(1).unwrap().to_owned();
    world.edit("d3p.yaml", "approval: { ", &format!("approval: {{ revoked: [\"{print}\"], "));
    assert!(!cleared(&world));
    let said = world.run(&["approve", "status"]).all();
    assert!(said.contains("is revoked"), "{said}");
    // She moves to another key, such as one in hardware: a reviewed change, and a new decision.
    let new: Vec<String> =
        world.read(".git/new.pub").split_whitespace().take(2).map(str::to_owned).collect();
    let old: Vec<&str> = public.split_whitespace().take(2).collect();
    world.edit(SIGNERS, &old.join(" "), &new.join(" "));
    for gate in [&["gate", "readiness", "--refreeze"][..], &["gate", "staging-validation"]] {
        let said = world.run(gate);
        assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    }
    world.run(&["approve", "request"]);
    let said = say(&world, "cleo", ".git/cleo", "go");
    assert_ne!(said.exit, Exit::Passed, "{}", said.all());
    say(&world, "bob", ".git/bob", "go");
    let said = say(&world, "cleo", ".git/new", "go");
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(cleared(&world), "{}", world.run(&CLEARANCE).all());
}
