//! An agent that may write every file and run every command, and holds no approver's key, wants the
//! launch to be approved. Each way is refused by the rule that is named; what cannot be seen without
//! something from outside is said in words.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod common;

use common::{Said, World};
use d3p::Exit;
use d3p::cli::demo::{Action, Step, signed_script};
use d3p::text::canonical;
use serde_json::{Value, json};
use std::process::Command;

const APPROVAL: &str = ".artifacts/deployment/production-approval.json";
const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const SIGNERS: &str = ".d3p/allowed_signers";
const ANA: &str = ".git/d3p-demo-key";
const SIGN: [&str; 8] =
    ["approve", "sign", "--as", "ana@shop.example", "--decision", "go", "--key", ANA];
const CLEARANCE: [&str; 3] = ["check", "--before", "deploy-production"];

fn is(step: &Step, wanted: &[&str]) -> bool {
    matches!(&step.action, Action::Run { args, .. } if args == wanted)
}

/// A release that is signed, up to the step that runs `d3p` with `last`.
fn signed_until(last: &[&str]) -> World {
    let world = World::new();
    let script = signed_script();
    let end = script.iter().rposition(|step| is(step, last)).unwrap();
    world.play(&script[..=end]);
    world
}

/// The same, with d3p.yaml and the signers changed before the first gate freezes them.
fn prepared(policy: &[(&str, &str)], signers: &[(&str, &str)]) -> World {
    let world = signed_until(&["record", "deployment-readiness-checklist"]);
    for (path, edits) in [("d3p.yaml", policy), (SIGNERS, signers)] {
        edits.iter().for_each(|(from, to)| world.edit(path, from, to));
    }
    world
}

/// Goes on to the step before the decision.
fn go_on(world: &World) {
    let script = signed_script();
    let from = script.iter().position(|step| is(step, &["gate", "readiness"]) && refusing(step));
    assert!(from.is_some());
    let start = script.iter().rposition(|step| is(step, &["gate", "readiness"])).unwrap();
    let end = script.iter().position(|step| is(step, &SIGN)).unwrap();
    world.play(&script[start..end]);
}

fn refusing(step: &Step) -> bool {
    matches!(&step.action, Action::Run { expect, .. } if *expect == Exit::Refused)
}

fn ssh_keygen(world: &World, args: &[&str]) {
    let said = Command::new("ssh-keygen").args(args).current_dir(&world.dir).output().unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
}

/// A key of the agent's own: its path, and the public half.
fn own_key(world: &World, name: &str) -> (String, String) {
    let path = format!(".git/{name}");
    ssh_keygen(world, &["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", &path]);
    let public = world.read(&format!("{path}.pub"));
    (path, public.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
}

fn signature(world: &World, key: &str, namespace: &str, text: &str) -> String {
    world.write(".git/statement", text);
    let _ = std::fs::remove_file(world.dir.join(".git/statement.sig"));
    ssh_keygen(world, &["-q", "-Y", "sign", "-n", namespace, "-f", key, ".git/statement"]);
    world.read(".git/statement.sig").trim_end().to_owned()
}

fn approval(world: &World) -> Value {
    serde_json::from_str(&world.read(APPROVAL)).unwrap()
}

fn statement(world: &World) -> Value {
    let text = approval(world)["decisions"][0]["statement"].as_str().unwrap().to_owned();
    serde_json::from_str(&text).unwrap()
}

/// Puts a decision of the agent's making into the file.
fn put(world: &World, text: &str, signature: Option<&str>) {
    let mut file = approval(world);
    file["decisions"] = json!([{ "statement": text, "signature": signature }]);
    world.write(APPROVAL, serde_json::to_string_pretty(&file).unwrap() + "\n");
}

/// Refused, by this rule among others.
fn refused(said: &Said, rule: &str, what: &str) {
    assert_eq!(said.exit, Exit::Refused, "{what}: {}", said.all());
    assert!(said.has(rule), "{what}: {:?}\n{}", said.rules(), said.all());
}

fn not_cleared(world: &World, rule: &str, what: &str) {
    refused(&world.json(&CLEARANCE), rule, what);
}

#[test]
fn an_honest_signature_clears_the_launch() {
    let world = signed_until(&SIGN);
    let said = world.run(&CLEARANCE);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

#[test]
fn an_approval_that_it_writes_itself() {
    let world = signed_until(&SIGN);
    let mut own = statement(&world);
    own["predicate"]["nonce"] = json!("0".repeat(32));
    put(&world, &canonical::to_canonical(&own), None);
    not_cleared(&world, "GL510", "no signature");
    let (key, _) = own_key(&world, "agent");
    let text = canonical::to_canonical(&own);
    put(&world, &text, Some(&signature(&world, &key, "d3p-approval", &text)));
    not_cleared(&world, "GL512", "a key that nobody listed");
    put(&world, &text, Some("-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----"));
    not_cleared(&world, "GL511", "no signature at all");
    let typed =
        world.run(&["record", "production-approval", "--by", "Ana Silva", "--decision", "go"]);
    assert_eq!(typed.exit, Exit::Incomplete, "{}", typed.all());
}

#[test]
fn a_signature_that_was_made_for_something_else() {
    let world = signed_until(&SIGN);
    let text = canonical::to_canonical(&statement(&world));
    for namespace in ["git", "file", "d3p-approval2", "D3P-APPROVAL"] {
        put(&world, &text, Some(&signature(&world, ANA, namespace, &text)));
        not_cleared(&world, "GL511", namespace);
    }
}

/// What the approver really signed, about another release.
#[test]
fn an_approval_of_something_else() {
    let world = signed_until(&SIGN);
    for (key, value) in [
        ("release", json!("v1.3.9")),
        ("commit", json!("0".repeat(40))),
        ("environment", json!("staging")),
        ("gate", json!("staging-validation")),
        ("attempt", json!(2)),
        ("exemptions", json!(["uat is not required"])),
        ("policy", json!({ "sha256": "0".repeat(64) })),
    ] {
        let mut other = statement(&world);
        other["predicate"][key] = value;
        let text = canonical::to_canonical(&other);
        put(&world, &text, Some(&signature(&world, ANA, "d3p-approval", &text)));
        not_cleared(&world, "GL504", key);
    }
}

#[test]
fn an_approval_that_has_ended_or_was_given_in_advance() {
    let world = signed_until(&SIGN);
    for (key, rule) in [("notAfter", "GL505"), ("decidedAt", "GL506")] {
        let mut other = statement(&world);
        other["predicate"][key] = json!("2026-11-21T08:00:00Z");
        let text = canonical::to_canonical(&other);
        put(&world, &text, Some(&signature(&world, ANA, "d3p-approval", &text)));
        not_cleared(&world, rule, key);
    }
}

/// The key ran out yesterday; a statement can say that it is of the day before.
#[test]
fn a_key_that_ran_out_and_a_statement_that_is_dated_back() {
    let old = ("d3p-approval\"", "d3p-approval\",valid-before=\"20261121Z\"");
    let world = prepared(&[], &[old]);
    go_on(&world);
    let refused_at_once = world.run(&SIGN);
    assert_eq!(refused_at_once.exit, Exit::Refused, "{}", refused_at_once.all());
    let genuine = signed_until(&SIGN);
    let mut dated = statement(&genuine);
    dated["predicate"]["decidedAt"] = json!("2026-11-20T12:00:00Z");
    let text = canonical::to_canonical(&dated);
    put(&world, &text, Some(&signature(&world, ANA, "d3p-approval", &text)));
    not_cleared(&world, "GL512", "dated back");
}

#[test]
fn evidence_that_is_edited_after_the_signature() {
    let world = signed_until(&SIGN);
    world.edit(".artifacts/deployment/rollback-plan.md", "## ", "##  ");
    not_cleared(&world, "GL504", "a covered file");
}

#[test]
fn one_person_who_is_counted_twice() {
    let two = "persons: [{ name: Mei Tanaka, role: sre-lead, principals: [mei@shop.example] }, ";
    let world = prepared(
        &[
            ("threshold: 1", "threshold: 2"),
            ("persons: [", two),
            ("principals: [ana@shop.example]", "principals: [ana@shop.example, ana@home.example]"),
        ],
        &[],
    );
    let (second, public) = own_key(&world, "second");
    let (_, mei) = own_key(&world, "mei");
    let lines = world.read(SIGNERS)
        + &format!("ana@home.example namespaces=\"d3p-approval\" {public}\n")
        + &format!("mei@shop.example namespaces=\"d3p-approval\" {mei}\n");
    world.write(SIGNERS, lines);
    go_on(&world);
    world.run(&SIGN);
    let again =
        ["approve", "sign", "--as", "ana@home.example", "--decision", "go", "--key", &second];
    world.run(&again);
    not_cleared(&world, "GL507", "one person, two keys");
    // Both statements put side by side, by hand.
    let mut file = approval(&world);
    let decisions = file["decisions"].as_array().unwrap().clone();
    file["decisions"] = json!([decisions[0], decisions[0]]);
    world.write(APPROVAL, serde_json::to_string_pretty(&file).unwrap() + "\n");
    not_cleared(&world, "GL507", "one decision, twice");
}

#[test]
fn signers_that_let_in_whom_nobody_wrote_down() {
    for (what, from, to) in [
        ("a pattern", "ana@shop.example ", "ana@shop.example,* "),
        ("any namespace", " namespaces=\"d3p-approval\"", ""),
        ("a namespace pattern", "\"d3p-approval\"", "\"d3p-*\""),
        ("more namespaces", "\"d3p-approval\"", "\"d3p-approval,git\""),
    ] {
        let world = prepared(&[], &[(from, to)]);
        refused(&world.json(&["gate", "readiness"]), "GL516", what);
    }
}

#[test]
fn statements_with_two_readings_or_of_another_type() {
    let world = signed_until(&SIGN);
    let honest = canonical::to_canonical(&statement(&world));
    let of_type = |from: &str, to: &str| {
        assert!(honest.contains(from), "{from}");
        honest.replacen(from, to, 1)
    };
    for (what, text) in [
        ("a waiver", of_type("predicates/approval/v1", "predicates/waiver/v1")),
        ("spaces", of_type("{\"_type\"", "{ \"_type\"")),
        (
            "a key twice",
            of_type("\"decision\":\"GO\"", "\"decision\":\"NO_GO\",\"decision\":\"GO\""),
        ),
        ("a lone surrogate", of_type("Ana Silva", "Ana Silva\\ud800")),
        ("another spelling", of_type("Ana Silva", "\\u0041na Silva")),
        ("an unknown key", of_type("\"decision\":\"GO\"", "\"decision\":\"GO\",\"force\":true")),
        ("text behind it", format!("{honest} ")),
    ] {
        put(&world, &text, Some(&signature(&world, ANA, "d3p-approval", &text)));
        not_cleared(&world, "GL503", what);
    }
}

#[test]
fn a_role_that_the_policy_does_not_give() {
    let world = signed_until(&SIGN);
    let mut other = statement(&world);
    other["predicate"]["role"] = json!("sre-lead");
    let text = canonical::to_canonical(&other);
    put(&world, &text, Some(&signature(&world, ANA, "d3p-approval", &text)));
    not_cleared(&world, "GL512", "a role");
}

#[test]
fn a_policy_that_is_loosened_after_the_gates() {
    for (what, from, to) in [
        ("no signatures", "signatures: \"on\"", "signatures: \"off\""),
        ("a longer validity", "max_age: 1h", "max_age: 900h"),
        (
            "another approver",
            "persons: [",
            "persons: [{ name: Max Muster, role: agent, principals: [max@shop.example] }, ",
        ),
        ("no separation", "approval: {", "approval: { separation: \"off\","),
        (
            "no acceptance",
            "demo: true",
            "demo: true\nuat: { required: false, reason: none, decided_by: Ana Silva }",
        ),
    ] {
        let world = signed_until(&SIGN);
        world.edit("d3p.yaml", from, to);
        refused(&world.json(&CLEARANCE), "GL004", what);
    }
    let world = signed_until(&SIGN);
    let (_, public) = own_key(&world, "agent");
    let more =
        world.read(SIGNERS) + &format!("max@shop.example namespaces=\"d3p-approval\" {public}\n");
    world.write(SIGNERS, more);
    refused(&world.json(&CLEARANCE), "GL004", "a signer");
}

#[test]
fn a_no_go_that_is_deleted() {
    let world = signed_until(&["approve", "request", "production"]);
    let requested = world.read(APPROVAL);
    let before = world.read(LEDGER);
    let no = ["approve", "sign", "--as", "ana@shop.example", "--decision", "no-go", "--key", ANA];
    assert_eq!(world.run(&no).exit, Exit::Refused);
    not_cleared(&world, "GL502", "it stands");
    let head = world.read(LEDGER).lines().last().unwrap().to_owned();
    let head = d3p::model::Sha256Digest::of(head.as_bytes()).to_string();
    world.write(APPROVAL, &requested);
    not_cleared(&world, "GL509", "deleted");
    // The ledger is cut as well: only whoever kept its head can tell.
    world.write(LEDGER, before);
    let verify = ["verify", "--through", "staging-validation"];
    let blind = world.run(&verify);
    assert_eq!(blind.exit, Exit::Passed, "{}", blind.all());
    assert!(
        blind.out.contains("refusals were deleted from the end of the ledger"),
        "{}",
        blind.out
    );
    let kept = format!("sha256:{head}");
    let seen = world.json(&[&verify[..], &["--expect-head", &kept]].concat());
    refused(&seen, "GL914", "with the head");
}

fn git(world: &World, args: &[&str]) -> String {
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

/// Everything is made anew, with a key of the agent's own from the start.
#[test]
fn a_release_that_is_made_up_from_the_start() {
    let honest = signed_until(&["verify"]);
    git(&honest, &["add", "--all"]);
    git(&honest, &["commit", "--quiet", "-m", "the reviewed policy and signers"]);
    let reviewed = git(&honest, &["rev-parse", "HEAD"]);
    let made_up = signed_until(&["verify"]);
    git(&made_up, &["fetch", "--quiet", honest.dir.to_str().unwrap(), "HEAD"]);
    git(&made_up, &["add", "--all"]);
    git(&made_up, &["commit", "--quiet", "-m", "made up"]);
    let own = git(&made_up, &["rev-parse", "HEAD"]);
    // It agrees with itself, and says what that is worth.
    let said = made_up.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.starts_with("SELF-CONSISTENT ONLY"), "{}", said.out);
    assert!(said.out.contains("production-launch: approval L1"), "{}", said.out);
    assert!(said.out.contains("that a signer was added by whoever wrote the rest"), "{}", said.out);
    refused(&made_up.json(&["verify", "--min-assurance", "L2"]), "GL915", "L2 demanded");
    // A name that the agent can move is worth no more, whatever it is called.
    for (kind, name) in [("update-ref", "refs/remotes/origin/main"), ("tag", "origin/main")] {
        git(&made_up, &[kind, name, &own]);
        let moved =
            made_up.json(&["verify", "--policy-commit", "origin/main", "--min-assurance", "L2"]);
        refused(&moved, "GL915", name);
        assert!(moved.out.contains("TRUST ROOT, MOVABLE"), "{}", moved.out);
    }
    // The reviewed commit, by its full id, does not know the key; replacing it changes nothing.
    for replaced in [false, true] {
        if replaced {
            git(&made_up, &["replace", &reviewed, &own]);
        }
        let said = made_up.json(&["verify", "--policy-commit", &reviewed]);
        refused(&said, "GL512", "the reviewed signers");
        refused(&said, "GL913", "the reviewed signers");
    }
    honest.write("../signers", honest.read(SIGNERS));
    let outside = honest.dir.parent().unwrap().join("signers");
    let root = made_up.json(&["verify", "--trust-root", outside.to_str().unwrap()]);
    refused(&root, "GL512", "the signers that the auditor kept");
    // The honest release stands before the same demands.
    let said = honest.run(&["verify", "--policy-commit", &reviewed, "--min-assurance", "L2"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}
