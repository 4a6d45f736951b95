//! Time from outside: stamps of a real authority bound what happened, and everything that is not one
//! counts for nothing.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::authority::{Authority, Manner, openssl};
use crate::common::{Said, World};
use base64ct::{Base64, Encoding as _};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, run_script};
use d3p::testing::model::{Sha256Digest, Stamp};
use d3p::testing::sign::timestamp::{Roots, verify};
use serde_json::Value;
use std::fs;

const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const ROOTS: &str = ".d3p/timestamp-roots.pem";
const CLEARANCE: [&str; 3] = ["check", "--before", "deploy-production"];
const READY: [&str; 2] = ["record", "deployment-readiness-checklist"];
const REQUEST: [&str; 3] = ["approve", "request", "production"];
const GO: [&str; 8] = [
    "approve",
    "sign",
    "--as",
    "ana@shop.example",
    "--key",
    ".git/d3p-demo-key",
    "--decision",
    "go",
];
const GATE: [&str; 2] = ["gate", "readiness"];
const LAUNCH: [&str; 2] = ["run", "deploy-production"];

fn position(script: &[Step], wanted: &[&str]) -> usize {
    let is = |step: &Step| matches!(&step.action, Action::Run { args, .. } if args == wanted);
    script.iter().rposition(is).unwrap_or_else(|| panic!("no step {wanted:?}"))
}

fn now() -> Stamp {
    Stamp::from_timestamp(jiff::Timestamp::now()).to_millis()
}

/// A release whose policy names `authority`, ready for its first gate; and what is played from there.
fn ready(authority: &Authority, more: &str) -> (World, Vec<Step>) {
    let world = World::new();
    world.at(now());
    let script = run_script(true);
    let at = position(&script, &READY);
    world.play(&script[..at]);
    world.write(ROOTS, authority.root("own"));
    let mut policy = world.read("d3p.yaml");
    policy.push_str(&format!(
        "timestamp: {{ url: \"{}\", roots: {ROOTS}, timeout: 2s{more} }}\n",
        authority.url
    ));
    world.write("d3p.yaml", policy);
    (world, script[at..].to_vec())
}

fn play_to(world: &World, script: &[Step], last: &[&str]) {
    world.play(&script[..=position(script, last)]);
}

fn play_before(world: &World, script: &[Step], last: &[&str]) {
    world.play(&script[..position(script, last)]);
}

fn lines(world: &World, kind: &str) -> Vec<Value> {
    let text = world.read(LEDGER);
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["kind"] == kind).collect()
}

fn must(said: Said, exit: Exit) -> String {
    assert_eq!(said.exit, exit, "{}", said.all());
    said.all()
}

#[test]
fn gates_decisions_and_launches_are_stamped_and_verified_without_a_network() {
    let authority = Authority::new();
    let (world, script) = ready(&authority, ", required: true");
    play_to(&world, &script, &CLEARANCE);
    let stamps = lines(&world, "timestamped");
    assert!(stamps.len() >= 5, "gates twice, and the GO: {stamps:#?}");
    // openssl takes each for what it is, too.
    let last = stamps.last().unwrap()["timestamp"].clone();
    fs::write(
        authority.dir.join("token"),
        Base64::decode_vec(last["token"].as_str().unwrap()).unwrap(),
    )
    .unwrap();
    let of = last["of"].as_str().unwrap();
    openssl(
        &authority.dir,
        &["ts", "-verify", "-digest", of, "-in", "token", "-token_in", "-CAfile", "own-root.pem"],
    );
    play_to(&world, &script[position(&script, &CLEARANCE) + 1..], &LAUNCH);
    // Before it began, and after.
    let text = world.read(LEDGER);
    let kinds: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| {
            format!("{} {}", line["kind"].as_str().unwrap(), line["hook"].as_str().unwrap_or(""))
        })
        .collect();
    let began = kinds.iter().rposition(|own| own == "began deploy-production").unwrap();
    assert_eq!(
        (kinds[began - 1].trim(), kinds[began + 1].trim()),
        ("timestamped", "timestamped"),
        "{kinds:#?}"
    );
    // The authority is gone, and so is the file of its roots: the frozen policy has them.
    drop(authority);
    world.remove(ROOTS);
    let said = world.json(&["verify", "--through", "2"]);
    assert!(!said.has("GL544") && !said.has("GL545") && !said.has("GL546"), "{}", said.all());
    let times = said.json()["audit"]["times"].as_array().unwrap().clone();
    let whats: Vec<&str> = times.iter().map(|own| own["what"].as_str().unwrap()).collect();
    assert!(
        whats.contains(&"deploy-production began") && whats.contains(&"Ana Silva said GO"),
        "{whats:?}"
    );
    assert!(times.iter().all(|own| own["before"].is_string()), "{times:#?}");
    assert!(!said.out.contains("times were claimed"), "{}", said.out);
}

#[test]
fn without_an_authority_every_time_is_claimed() {
    let world = World::new();
    let script = run_script(true);
    world.play(&script[..=position(&script, &CLEARANCE)]);
    let said = world.run(&["verify", "--through", "2"]);
    assert!(said.all().contains("that times were claimed"), "{}", said.all());
}

#[test]
fn what_is_no_stamp_of_this_line_by_this_authority_is_not_written() {
    let authority = Authority::new();
    let (world, _) = ready(&authority, "");
    for (manner, why) in [
        (Manner::OtherNonce, "it answers another request: the nonce"),
        (Manner::OtherDigest, "and not about this line"),
        (Manner::Refuses, "the authority refuses (status 2)"),
        (Manner::Silent, "did not stamp the ledger"),
        (Manner::Cut, "no time stamp of RFC 3161"),
        (Manner::Garbage, "no time stamp of RFC 3161"),
        (Manner::Other, "no root of the policy vouches for its signer"),
        (Manner::Expired, "no root of the policy vouches for its signer"),
    ] {
        authority.is(manner);
        let before = world.read(LEDGER);
        let said = must(world.run(&["timestamp"]), Exit::Refused);
        assert!(said.contains(why) && said.contains("d3p timestamp"), "{manner:?}: {said}");
        assert_eq!(world.read(LEDGER), before, "{manner:?}");
    }
    // A root that is known, and was not in force when it stamped.
    world.write(ROOTS, authority.root("own") + &authority.root("expired"));
    let said = must(world.run(&["timestamp"]), Exit::Refused);
    assert!(said.contains("the root that vouches for it was not in force"), "{said}");
    authority.is(Manner::Honest);
    let said = must(world.run(&["timestamp"]), Exit::Passed);
    assert!(said.contains("stamped by http://127.0.0.1:"), "{said}");
    // A file of roots that has none is told before it is frozen.
    world.write(ROOTS, "none\n");
    assert!(world.json(&["check", "--through", "1"]).has("GL543"));
    must(world.run(&["timestamp"]), Exit::Refused);
}

#[test]
fn a_clock_that_contradicts_the_authority_writes_no_stamp() {
    let authority = Authority::new();
    let (world, script) = ready(&authority, ", required: true");
    play_to(&world, &script, &CLEARANCE);
    // An hour ahead, as a machine whose clock is wrong.
    world.at(now().minus_millis(-3_600_000));
    let said = must(world.run(&["timestamp"]), Exit::Refused);
    assert!(
        said.contains("its clock says") && said.contains("set the one that is wrong"),
        "{said}"
    );
}

#[test]
fn where_nobody_answers_the_policy_decides_whether_that_refuses() {
    let authority = Authority::new();
    authority.is(Manner::Garbage);
    let (world, script) = ready(&authority, "");
    play_before(&world, &script, &GATE);
    let said = must(world.run(&GATE), Exit::Passed);
    assert!(said.contains("its time stays claimed") && said.contains("d3p timestamp"), "{said}");

    let (world, script) = ready(&authority, ", required: true");
    play_before(&world, &script, &GATE);
    let said = must(world.run(&GATE), Exit::Refused);
    assert!(said.contains("the policy demands it") && said.contains("d3p timestamp"), "{said}");
    assert_eq!(lines(&world, "gate-refused").last().unwrap()["rules"][0], "GL545");
    assert!(lines(&world, "gate-passed").is_empty());
    authority.is(Manner::Honest);
    must(world.run(&GATE), Exit::Passed);
    // A GO is never in the way of the network; what it is for waits until it is stamped.
    play_to(&world, &script[position(&script, &GATE) + 1..], &REQUEST);
    authority.is(Manner::Garbage);
    let said = world.run(&GO).all();
    assert!(said.contains("nothing goes on until it does"), "{said}");
    let refused = world.json(&CLEARANCE);
    assert_eq!(refused.exit, Exit::Refused);
    assert!(refused.has("GL545"), "{}", refused.all());
    authority.is(Manner::Honest);
    must(world.run(&["timestamp"]), Exit::Passed);
    must(world.run(&CLEARANCE), Exit::Passed);
    // Nor does a launch begin that nobody could stamp.
    authority.is(Manner::Cut);
    let said = must(world.run(&["run", "deploy-production"]), Exit::Refused);
    assert!(said.contains("nothing was run"), "{said}");
    assert!(lines(&world, "began").iter().all(|line| line["hook"] != "deploy-production"));
    authority.is(Manner::Honest);
    must(world.run(&["run", "deploy-production"]), Exit::Passed);
}

/// The ledger with the last line that `which` picks changed, and its chain of heads made anew, as
/// somebody does who has all files.
fn forge(world: &World, mut change: impl FnMut(usize, &mut Value)) {
    let text = world.read(LEDGER);
    let mut renamed: Vec<(String, String)> = Vec::new();
    let mut out = String::new();
    for (number, line) in text.lines().enumerate() {
        let was = Sha256Digest::of(line.as_bytes()).to_string();
        let mut own = line.to_owned();
        for (from, to) in &renamed {
            own = own.replace(from, to);
        }
        let mut value: Value = serde_json::from_str(&own).unwrap();
        change(number, &mut value);
        let own = serde_json::to_string(&value).unwrap();
        renamed.push((was, Sha256Digest::of(own.as_bytes()).to_string()));
        out.push_str(&own);
        out.push('\n');
    }
    world.write(LEDGER, out);
}

#[test]
fn a_stamp_of_another_line_is_found_however_the_ledger_was_made_anew() {
    let authority = Authority::new();
    let (world, script) = ready(&authority, ", required: true");
    play_to(&world, &script, &CLEARANCE);
    // The GO is said to have been an hour ago: every stamp that covers it is of another line then.
    forge(&world, |_, line| {
        if line["decided"]["decision"] == "GO" {
            let at = Stamp::parse(line["at"].as_str().unwrap()).unwrap();
            line["at"] = at.minus_millis(1000).to_string().into();
        }
    });
    let said = world.json(&["verify", "--through", "2"]);
    assert!(said.has("GL544") && said.has("GL545"), "{}", said.all());
    assert!(said.all().contains("and not about this line"), "{}", said.all());
}

#[test]
fn a_launch_that_is_put_back_into_its_window_is_contradicted_by_the_stamp_before_it() {
    let authority = Authority::new();
    let (world, script) = ready(&authority, "");
    play_to(&world, &script, &LAUNCH);
    assert!(!world.json(&["check"]).has("GL546"));
    // What was written after the last stamp before the launch says that it was hours before.
    let last = world.read(LEDGER);
    let kept: Vec<&str> = last.lines().collect();
    let began = kept.iter().rposition(|line| line.contains("\"kind\":\"began\"")).unwrap();
    let kept = kept[..=began].join("\n") + "\n";
    world.write(LEDGER, kept);
    forge(&world, |number, line| {
        if number == began {
            let at = Stamp::parse(line["at"].as_str().unwrap()).unwrap();
            line["at"] = at.minus_millis(7_200_000).to_string().into();
        }
    });
    let said = world.json(&["check"]);
    assert!(said.has("GL546"), "{}", said.all());
    assert!(said.all().contains("it was written later"), "{}", said.all());
}

#[test]
fn a_key_that_has_expired_since_counts_by_a_stamp_from_before() {
    let authority = Authority::new();
    for stamps in [true, false] {
        let (world, script) = ready(&authority, "");
        let signers = world.read(".d3p/allowed_signers");
        let until = now().minus_millis(-600_000).to_string();
        let digits: String = until.chars().filter(char::is_ascii_digit).take(14).collect();
        let limited =
            signers.replace("namespaces=", &format!("valid-before=\"{digits}Z\",namespaces="));
        assert_ne!(limited, signers);
        world.write(".d3p/allowed_signers", limited);
        if !stamps {
            authority.is(Manner::Garbage);
        }
        play_to(&world, &script, &CLEARANCE);
        authority.is(Manner::Honest);
        world.at(now().minus_millis(-1_200_000));
        let said = world.run(&["approve", "status"]);
        assert_eq!(said.all().contains(", signed with SHA256:"), stamps, "{}", said.all());
    }
}

#[test]
fn bytes_of_any_kind_are_no_stamp_and_break_nothing() {
    let authority = Authority::new();
    let (world, _) = ready(&authority, "");
    must(world.run(&["timestamp"]), Exit::Passed);
    let line = lines(&world, "timestamped").pop().unwrap()["timestamp"].clone();
    let token = Base64::decode_vec(line["token"].as_str().unwrap()).unwrap();
    let of = Sha256Digest::parse(line["of"].as_str().unwrap()).unwrap();
    let roots = Roots::parse(&authority.root("own")).unwrap();
    let honest = verify(&token, &of, &roots).unwrap();
    for end in 0..token.len() {
        assert!(verify(&token[..end], &of, &roots).is_err(), "cut at {end}");
    }
    for at in 0..token.len() {
        for flip in [1, 0x80] {
            let mut other = token.clone();
            other[at] ^= flip;
            // Of what is not signed some may be changed; never what it says.
            if let Ok(found) = verify(&other, &of, &roots) {
                assert_eq!(found, honest, "byte {at}");
            }
        }
    }
    let mut longer = token.clone();
    longer.push(0);
    assert!(verify(&longer, &of, &roots).is_err());
}
