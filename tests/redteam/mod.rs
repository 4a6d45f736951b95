//! An agent that may write every file and run every command, and holds no approver's key, wants the
//! launch to be approved. Each way is refused by the rule that is named; what cannot be seen without
//! something from outside is said in words.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod broken;
mod forged;
mod history;
mod outside;
mod persons;
mod replayed;
mod used;

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, signed_script};
use d3p::testing::decisions::{ApprovalRequest, Decider, GO, approval_statement};
use d3p::testing::model::{Caller, CallerKind, Sha256Digest};
use d3p::testing::record::{Decided, Ended, Ending, Entry, EntryKind, FileDigest};
use d3p::testing::source::{Root, load_project};
use d3p::testing::text::canonical;
use serde_json::{Value, json};
use std::process::Command;

pub(crate) const APPROVAL: &str = ".artifacts/deployment/production-approval.json";
pub(crate) const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
pub(crate) const SIGNERS: &str = ".d3p/allowed_signers";
pub(crate) const ANA: &str = ".git/d3p-demo-key";
pub(crate) const SIGN: [&str; 8] =
    ["approve", "sign", "--as", "ana@shop.example", "--decision", "go", "--key", ANA];
pub(crate) const CLEARANCE: [&str; 3] = ["check", "--before", "deploy-production"];

pub(crate) fn is(step: &Step, wanted: &[&str]) -> bool {
    matches!(&step.action, Action::Run { args, .. } if args == wanted)
}

/// A release that is signed, up to the step that runs `d3p` with `last`.
pub(crate) fn signed_until(last: &[&str]) -> World {
    let world = World::new();
    let script = signed_script();
    let end = script.iter().rposition(|step| is(step, last)).unwrap();
    world.play(&script[..=end]);
    world
}

/// The same, with d3p.yaml and the signers changed before the first gate freezes them.
pub(crate) fn prepared(policy: &[(&str, &str)], signers: &[(&str, &str)]) -> World {
    let world = signed_until(&["record", "deployment-readiness-checklist"]);
    for (path, edits) in [("d3p.yaml", policy), (SIGNERS, signers)] {
        edits.iter().for_each(|(from, to)| world.edit(path, from, to));
    }
    world
}

/// Goes on to the step before the decision.
pub(crate) fn go_on(world: &World) {
    let script = signed_script();
    let from = script.iter().position(|step| is(step, &["gate", "readiness"]) && refusing(step));
    assert!(from.is_some());
    let start = script.iter().rposition(|step| is(step, &["gate", "readiness"])).unwrap();
    let end = script.iter().position(|step| is(step, &SIGN)).unwrap();
    world.play(&script[start..end]);
}

pub(crate) fn refusing(step: &Step) -> bool {
    matches!(&step.action, Action::Run { expect, .. } if *expect == Exit::Refused)
}

pub(crate) fn ssh_keygen(world: &World, args: &[&str]) {
    let said = Command::new("ssh-keygen").args(args).current_dir(&world.dir).output().unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
}

/// A key of the agent's own: its path, and the public half.
pub(crate) fn own_key(world: &World, name: &str) -> (String, String) {
    let path = format!(".git/{name}");
    ssh_keygen(world, &["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", &path]);
    let public = world.read(&format!("{path}.pub"));
    (path, public.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
}

pub(crate) fn signature(world: &World, key: &str, namespace: &str, text: &str) -> String {
    world.write(".git/statement", text);
    let _ = std::fs::remove_file(world.dir.join(".git/statement.sig"));
    ssh_keygen(world, &["-q", "-Y", "sign", "-n", namespace, "-f", key, ".git/statement"]);
    world.read(".git/statement.sig").trim_end().to_owned()
}

pub(crate) fn approval(world: &World) -> Value {
    serde_json::from_str(&world.read(APPROVAL)).unwrap()
}

pub(crate) fn statement(world: &World) -> Value {
    let text = approval(world)["decisions"][0]["statement"].as_str().unwrap().to_owned();
    serde_json::from_str(&text).unwrap()
}

/// What Ana would sign now, for a key that only a test has.
pub(crate) fn statement_of(world: &World) -> Value {
    let project = load_project(&Root::open(&world.dir).unwrap()).unwrap();
    let request = ApprovalRequest {
        decider: Decider {
            person: "Ana Silva",
            principal: Some("ana@shop.example"),
            role: None,
            nonce: "0".repeat(32),
            now: world.now(),
        },
        decision: GO,
        reason: None,
        gate: "production-launch",
        reviews: Vec::new(),
        window_overrides: Vec::new(),
        take_over: Vec::new(),
        without_lock: false,
    };
    json!(approval_statement(&project, &project.release().unwrap(), &request))
}

/// Puts a decision of the agent's making into the file.
pub(crate) fn put(world: &World, text: &str, signature: Option<&str>) {
    let mut file = approval(world);
    file["decisions"] = json!([{ "statement": text, "signature": signature }]);
    world.write(APPROVAL, serde_json::to_string_pretty(&file).unwrap() + "\n");
}

pub(crate) fn sha256(text: &str) -> String {
    Sha256Digest::of(text.as_bytes()).to_string()
}

/// A line that says that somebody decided, over a text of which it names the digest.
pub(crate) fn tell(world: &World, decision: &str, person: &str, text: &str) {
    let digest = sha256(&world.read(APPROVAL));
    let statement: Value = serde_json::from_str(text).unwrap();
    let decided = Decided {
        decision: decision.to_owned(),
        person: person.to_owned(),
        commit: statement["predicate"]["commit"].as_str().unwrap().to_owned(),
        statement: sha256(text),
        signed: None,
    };
    add_line(world, EntryKind::Recorded, |entry| {
        entry.decided = Some(decided);
        entry.digests = vec![FileDigest { path: APPROVAL.to_owned(), sha256: digest }];
    });
}

/// Adds a line of somebody's making, in the form in which d3p writes them.
pub(crate) fn add_line(world: &World, kind: EntryKind, fill: impl FnOnce(&mut Entry)) {
    let ledger = world.read(LEDGER);
    let heads = [Sha256Digest::of(ledger.lines().last().unwrap().as_bytes())];
    let actor = Caller { kind: CallerKind::Person, name: "ana".to_owned() };
    let id = "00112233445566aa".to_owned();
    let mut entry = Entry::new(id, world.now(), actor, kind, "v1.4.0+1".to_owned(), &heads);
    fill(&mut entry);
    world.write(LEDGER, format!("{ledger}{}\n", entry.to_line()));
}

/// Refused, by this rule among others.
pub(crate) fn refused(said: &Said, rule: &str, what: &str) {
    assert_eq!(said.exit, Exit::Refused, "{what}: {}", said.all());
    assert!(said.has(rule), "{what}: {:?}\n{}", said.rules(), said.all());
}

pub(crate) fn not_cleared(world: &World, rule: &str, what: &str) {
    refused(&world.json(&CLEARANCE), rule, what);
}

#[test]
fn an_honest_signature_clears_the_launch() {
    let world = signed_until(&SIGN);
    let said = world.run(&CLEARANCE);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

pub(crate) fn git(world: &World, args: &[&str]) -> String {
    let said = Command::new("git")
        .args(["-c", "user.name=T", "-c", "user.email=t@example.com"])
        .args(args)
        .current_dir(&world.dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}
