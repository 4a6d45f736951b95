//! A person lets a finding stand for a while: what that does, and what an agent that may write every
//! file, and holds no key of theirs, cannot make of it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod common;

use common::{Said, World};
use d3p::Exit;
use d3p::cli::demo::{Action, Step, signed_script};
use d3p::model::{Sha256Digest, Stamp};
use d3p::schema;
use d3p::text::canonical;
use serde_json::{Value, json};
use std::process::Command;

const WAIVERS: &str = ".artifacts/deployment/records/waivers.json";
const HEALTH: &str = ".artifacts/deployment/deployment-health-log.md";
const RESULTS: &str = ".artifacts/deployment/staging-validation-results.json";
const APPROVAL: &str = ".artifacts/deployment/production-approval.json";
const RECORD_2: &str = ".artifacts/deployment/records/2-staging-validation.json";
const RECORD_4: &str = ".artifacts/deployment/records/4-stabilization.json";
const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const SIGNERS: &str = ".d3p/allowed_signers";
const ANA: &str = ".git/d3p-demo-key";
const GATE_4: [&str; 2] = ["gate", "stabilization"];
const SIGN: [&str; 8] =
    ["approve", "sign", "--as", "ana@shop.example", "--decision", "go", "--key", ANA];
const CLEARANCE: [&str; 3] = ["check", "--before", "deploy-production"];
const BEFORE_GATE_4: [&str; 4] = ["record", "retrospective-inputs", "--from", "-"];

/// The signed release with texts of one kind's bodies replaced.
fn script(kind: &str, edits: &[(&str, &str)]) -> Vec<Step> {
    let mut script = signed_script();
    let mut open: Vec<_> = edits.to_vec();
    for step in &mut script {
        let Action::Run { args, stdin: Some(stdin), .. } = &mut step.action else { continue };
        if args[1] == kind {
            open.retain(|(from, to)| {
                let found = stdin.contains(from);
                *stdin = stdin.replace(from, to);
                !found
            });
        }
    }
    assert!(open.is_empty(), "{open:?}");
    script
}

fn is(step: &Step, wanted: &[&str]) -> bool {
    matches!(&step.action, Action::Run { args, .. } if args == wanted)
}

fn until(world: &World, script: &[Step], first: usize, last: &[&str]) -> usize {
    let end = script.iter().rposition(|step| is(step, last)).unwrap() + 1;
    world.play_freely(&script[first..end]);
    end
}

/// A release whose health window has one sample outside of its threshold, before gate 4.
fn bad_sample() -> World {
    let world = World::new();
    let script = script("deployment-health-log", &[("0.23%", "5.23%")]);
    until(&world, &script, 0, &BEFORE_GATE_4);
    world
}

/// A release whose validation on staging got slower than the policy allows, before gate 2.
fn slower() -> (World, Vec<Step>, usize) {
    let world = World::new();
    let worse = "\"observed\": 270, \"change_percent\": 50.0";
    let script = script(
        "staging-validation-results",
        &[("\"observed\": 189, \"change_percent\": 5.0", worse)],
    );
    let next = until(&world, &script, 0, &["record", "uat-confirmation", "--from", "-"]);
    (world, script, next)
}

/// `slower`, with both findings waived and gate 2 passed, and the rest of the script.
fn slower_waived() -> (World, Vec<Step>, usize) {
    let (world, script, _) = slower();
    for rule in ["GL219", "GL217"] {
        let said = waive(&world, &[rule, "--path", RESULTS]);
        assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    }
    let next = script.iter().rposition(|step| is(step, &["gate", "staging-validation"])).unwrap();
    let end = until(&world, &script, next, &["approve", "request", "production"]);
    (world, script, end)
}

fn waive(world: &World, args: &[&str]) -> Said {
    let common = ["--until", "2026-11-22", "--reason", "the nightly import runs until Monday"];
    let who = ["--as", "ana@shop.example", "--key", ANA];
    world.run(&[&["waive"], args, &common, &who].concat())
}

/// Waives the bad sample.
fn waived_sample() -> World {
    let world = bad_sample();
    let said = waive(&world, &["GL315"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    world
}

fn file(world: &World) -> Value {
    serde_json::from_str(&world.read(WAIVERS)).unwrap()
}

fn statement(world: &World) -> Value {
    let text = file(world)["waivers"][0]["statement"].as_str().unwrap().to_owned();
    serde_json::from_str(&text).unwrap()
}

fn ssh_keygen(world: &World, args: &[&str]) {
    let said = Command::new("ssh-keygen").args(args).current_dir(&world.dir).output().unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
}

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

/// Puts waivers into the file by hand, as text and signature.
fn put(world: &World, waivers: &[(&str, &str)]) {
    let waivers: Vec<Value> = waivers
        .iter()
        .map(|(statement, signature)| json!({ "statement": statement, "signature": signature }))
        .collect();
    let file = json!({
        "$schema": "https://d3p.dev/schemas/waivers.v1.schema.json",
        "schema_version": 1,
        "waivers": waivers,
    });
    world.write(WAIVERS, serde_json::to_string_pretty(&file).unwrap() + "\n");
}

/// Signs a statement with Ana's key and puts it there alone.
fn put_signed(world: &World, statement: &Value) {
    let text = canonical::to_canonical(statement);
    let signature = signature(world, ANA, "d3p-approval", &text);
    put(world, &[(&text, &signature)]);
}

/// Refused, by these rules among others.
#[track_caller]
fn refused(said: &Said, rules: &[&str], what: &str) {
    assert_eq!(said.exit, Exit::Refused, "{what}: {:?} {}", said.rules(), said.err);
    for rule in rules {
        assert!(said.has(rule), "{what}: {rule} not in {:?}", said.rules());
    }
}

/// Gate 4 refuses the sample, and the waiver is reported by `rule`.
#[track_caller]
fn worthless(world: &World, rule: &str, what: &str) {
    refused(&world.json(&["gate", "stabilization", "--dry-run"]), &["GL315"], what);
    let check = world.json(&["check"]);
    refused(&check, &["GL315", rule], what);
}

fn level(world: &World, path: &str) -> String {
    let record: Value = serde_json::from_str(&world.read(path)).unwrap();
    record["predicate"]["verifiedLevels"][0].as_str().unwrap().to_owned()
}

#[test]
fn a_waived_finding_stands_and_everything_says_so() {
    let world = bad_sample();
    refused(&world.json(&GATE_4), &["GL315"], "not waived yet");
    let said = waive(&world, &["GL315"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.contains("error_rate was 5.23%"), "{}", said.out);
    assert!(said.err.contains("+ ssh-keygen -Y sign -n d3p-approval"), "{}", said.err);
    let gate = world.run(&GATE_4);
    assert_eq!(gate.exit, Exit::Passed, "{}", gate.all());
    assert_eq!(level(&world, RECORD_4), "D3P_GATE_4_STABILIZATION_WITH_WAIVER");
    let record: Value = serde_json::from_str(&world.read(RECORD_4)).unwrap();
    let faults = schema::validate("gate-record", &record).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    let digest = Sha256Digest::of(canonical::to_canonical(&statement(&world)).as_bytes());
    let extension = &record["predicate"]["https://d3p.dev/extensions/gate/v1"];
    assert_eq!(extension["waivers"][0]["statements"], json!([digest.to_string()]));
    let ledger = world.read(LEDGER);
    assert!(ledger.contains(&format!("{WAIVERS}#/waivers\",\"sha256\":\"{digest}")), "{ledger}");
    // On top of every report, for people and for programs.
    let line = format!(
        "\nwaived: GL315 at {HEALTH} until 2026-11-22T00:00:00Z by Ana Silva: the nightly import runs until Monday\n"
    );
    for args in [&["verify"][..], &["status"], &["check"], &GATE_4, &["waive", "--list"]] {
        let said = world.run(args);
        assert_eq!(said.exit, Exit::Passed, "{args:?} {}", said.all());
        assert!(said.out.contains(&line), "{args:?} {}", said.out);
        let said = world.json(args);
        let report = said.json();
        let faults = schema::validate("check-report", &report).unwrap();
        assert!(faults.is_empty(), "{args:?} {faults:?}");
        assert_eq!(report["waivers"][0]["state"], "in-force", "{args:?}");
    }
    let verify = world.json(&["verify"]).json();
    let finding = verify["findings"].as_array().unwrap().iter().find(|one| one["rule"] == "GL315");
    assert_eq!(finding.unwrap()["level"], "warning");
    assert_eq!(finding.unwrap()["state"], "waived");
    assert!(finding.unwrap()["waived"].as_str().unwrap().contains("by Ana Silva"));
    // A completed release never ages, and neither does what it was let stand by.
    world.at(Stamp::parse("2031-01-01T00:00:00Z").unwrap());
    let later = world.run(&["verify"]);
    assert_eq!(later.exit, Exit::Passed, "{}", later.all());
    let archived = world.run(&["archive"]);
    assert_eq!(archived.exit, Exit::Passed, "{}", archived.all());
    let said = world.run(&["verify", ".artifacts/releases/v1.4.0+1"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(said.out.contains(&line), "{}", said.out);
}

/// Evidence goes on to say what happened; the gates before and after it keep their plain levels.
#[test]
fn a_gate_before_the_launch_with_waivers() {
    let (world, script, next) = slower_waived();
    assert_eq!(level(&world, RECORD_2), "D3P_GATE_2_STAGING_VALIDATION_WITH_WAIVER");
    let results: Value = serde_json::from_str(&world.read(RESULTS)).unwrap();
    assert_eq!(results["status"], "failed");
    let show = world.run(&["approve", "show"]);
    assert!(show.out.contains("  - waived: GL219 at"), "{}", show.out);
    let end = until(&world, &script, next, &["verify"]);
    assert_eq!(end, script.len());
    let said = world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    for (path, plain) in
        [("1-readiness", "D3P_GATE_1_READINESS"), ("4-stabilization", "D3P_GATE_4_STABILIZATION")]
    {
        let path = format!(".artifacts/deployment/records/{path}.json");
        assert_eq!(level(&world, &path), plain);
    }
    let report = world.read(".artifacts/deployment/DEPLOYMENT-REPORT.md");
    assert!(report.contains("## Waivers\n\n- Gate 2: GL217 at"), "{report}");
    // What an approver took over stands in what they signed.
    let approval: Value = serde_json::from_str(&world.read(APPROVAL)).unwrap();
    let go = approval["decisions"][0]["statement"].as_str().unwrap();
    assert!(go.contains("waived: GL219 at"), "{go}");
}

#[test]
fn what_nobody_saw_is_not_waived() {
    // Another sample, worse than the one that was seen.
    let world = waived_sample();
    let more = r#"{"metrics": {"error_rate": "70%", "latency_p99": "181ms", "cpu": "40%"}, "observation": "checkout is down"}"#;
    world.run_with(&["record", "deployment-health-log", "--from", "-"], more);
    refused(&world.json(&["check", "--through", "4"]), &["GL315"], "another sample");
    // The one that was seen, edited.
    let world = waived_sample();
    world.edit(HEALTH, "5.23%", "9.99%");
    worthless(&world, "GL524", "an edited sample");
    // The same place in evidence, another value.
    let (world, ..) = slower();
    waive(&world, &["GL219"]);
    assert!(!world.json(&["gate", "2", "--dry-run"]).has("GL219"));
    world.edit(RESULTS, "50.0", "900.0");
    world.edit(RESULTS, "270", "1800");
    refused(&world.json(&["gate", "2", "--dry-run"]), &["GL219"], "another value");
    // A file that is gone was seen by nobody.
    let world = waived_sample();
    world.remove(HEALTH);
    refused(&world.json(&GATE_4), &["GL201"], "no log");
}

#[test]
fn a_waiver_that_the_agent_writes_itself() {
    let world = waived_sample();
    let text = canonical::to_canonical(&statement(&world));
    let (agent, _) = own_key(&world, "agent");
    for (what, key, namespace) in [
        ("a key that nobody listed", &*agent, "d3p-approval"),
        ("another namespace", ANA, "git"),
        ("another namespace", ANA, "d3p-waiver"),
    ] {
        let signature = signature(&world, key, namespace, &text);
        put(&world, &[(&text, &signature)]);
        worthless(&world, "GL522", what);
    }
    let genuine = signature(&world, ANA, "d3p-approval", &text);
    put(&world, &[(&text, "no signature at all")]);
    worthless(&world, "GL522", "no signature");
    for (what, from, to) in [
        ("a longer end", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"),
        ("another reason", "nightly", "daily"),
        ("another rule", "GL315", "GL316"),
        ("a space", "{\"_type\"", "{ \"_type\""),
        ("a key twice", "\"rule\":", "\"rule\":\"GL316\",\"rule\":"),
    ] {
        assert!(text.contains(from), "{from}");
        put(&world, &[(&text.replacen(from, to, 1), &genuine)]);
        worthless(&world, "GL522", what);
    }
    put(&world, &[(&text, &genuine)]);
    assert_eq!(world.run(&GATE_4).exit, Exit::Passed, "the genuine one");
}

/// What the person really signed, about something else.
#[test]
fn a_waiver_of_something_else() {
    let world = waived_sample();
    for (key, value) in [
        ("release", json!("v1.3.9")),
        ("commit", json!("0".repeat(40))),
        ("attempt", json!(2)),
        ("role", json!("sre-lead")),
        ("principal", json!("Mei Tanaka")),
        ("identity", json!("mei@shop.example")),
        ("decidedAt", json!("2027-01-01T00:00:00Z")),
    ] {
        let mut other = statement(&world.copy());
        other["predicate"][key] = value;
        let copy = world.copy();
        put_signed(&copy, &other);
        worthless(&copy, "GL522", key);
    }
    for (key, value) in [
        ("path", json!("*")),
        ("path", json!(".artifacts/deployment/*.md")),
        ("path", json!(RESULTS)),
        ("pointer", json!("/status")),
        ("seen", json!(["0".repeat(64)])),
        ("rule", json!("GL316")),
    ] {
        let mut other = statement(&world);
        other["predicate"][key] = value.clone();
        let copy = world.copy();
        put_signed(&copy, &other);
        worthless(&copy, "GL524", &format!("{key} {value}"));
    }
}

#[test]
fn rules_that_can_never_be_waived() {
    for rule in d3p::rules::RULES {
        let group = &rule.code[..3];
        let never = ["GL0", "GL1", "GL5", "GL9"].contains(&group);
        assert!(!d3p::rules::is_waivable(rule) || !never, "{}", rule.code);
    }
    let world = waived_sample();
    for rule in ["GL001", "GL401", "GL504", "GL522", "GL901"] {
        let said = waive(&world, &[rule]);
        assert_eq!(said.exit, Exit::Refused, "{rule}: {}", said.all());
        assert!(said.err.contains("can never be waived"), "{}", said.all());
    }
    // Signed all the same.
    for rule in ["GL004", "GL201", "GL311", "GL401", "GL501", "GL901", "GL999"] {
        let mut other = statement(&world);
        other["predicate"]["rule"] = json!(rule);
        let copy = world.copy();
        put_signed(&copy, &other);
        worthless(&copy, "GL522", rule);
    }
    // An approval, the policy and records, whatever the rule.
    for path in [APPROVAL, "d3p.yaml", RECORD_2, LEDGER] {
        let mut other = statement(&world);
        other["predicate"]["path"] = json!(path);
        let copy = world.copy();
        put_signed(&copy, &other);
        if path == "d3p.yaml" {
            worthless(&copy, "GL524", path);
        } else {
            worthless(&copy, "GL522", path);
        }
    }
}

#[test]
fn a_waiver_that_has_ended() {
    let world = waived_sample();
    world.at(Stamp::parse("2026-11-22T00:00:01Z").unwrap());
    worthless(&world, "GL523", "ended");
    // The way out needs no editor: what is over is dropped with the next one.
    let again = world.run(&[
        "waive",
        "GL315",
        "--until",
        "2026-11-23",
        "--reason",
        "still the import",
        "--as",
        "ana@shop.example",
        "--key",
        ANA,
    ]);
    assert_eq!(again.exit, Exit::Passed, "{}", again.all());
    assert!(again.out.contains("dropped: GL315"), "{}", again.out);
    assert_eq!(file(&world)["waivers"].as_array().unwrap().len(), 1);
    let gate = world.run(&GATE_4);
    assert_eq!(gate.exit, Exit::Passed, "{}", gate.all());
    // Longer than the policy lets a waiver hold.
    let world = waived_sample();
    let mut long = statement(&world);
    long["predicate"]["notAfter"] = json!("2030-01-01T00:00:00Z");
    put_signed(&world, &long);
    assert_eq!(world.run(&["gate", "4", "--dry-run"]).exit, Exit::Passed);
    world.at(Stamp::parse("2026-12-22T00:00:00Z").unwrap());
    worthless(&world, "GL523", "longer than max_age");
}

/// The key ran out; a statement can say that it is of the day before.
#[test]
fn a_waiver_that_is_dated_back_to_when_its_key_was_good() {
    let world = waived_sample();
    let honest = statement(&world);
    world.edit(SIGNERS, "d3p-approval\"", "d3p-approval\",valid-before=\"20261121Z\"");
    let mut dated = honest;
    dated["predicate"]["decidedAt"] = json!("2026-11-20T12:00:00Z");
    put_signed(&world, &dated);
    worthless(&world, "GL522", "dated back");
}

#[test]
fn a_waiver_is_no_approval_and_an_approval_no_waiver() {
    let (world, script, next) = slower_waived();
    until(&world, &script, next, &SIGN);
    assert_eq!(world.run(&CLEARANCE).exit, Exit::Passed);
    let mut approval: Value = serde_json::from_str(&world.read(APPROVAL)).unwrap();
    let go = approval["decisions"][0].clone();
    let waivers = file(&world);
    approval["decisions"] = json!([waivers["waivers"][0]]);
    world.write(APPROVAL, serde_json::to_string_pretty(&approval).unwrap() + "\n");
    refused(&world.json(&CLEARANCE), &["GL503"], "a waiver as approval");
    approval["decisions"] = json!([go]);
    world.write(APPROVAL, serde_json::to_string_pretty(&approval).unwrap() + "\n");
    let text = |key| go[key].as_str().unwrap();
    put(&world, &[(text("statement"), text("signature"))]);
    let said = world.json(&["check"]);
    refused(&said, &["GL522", "GL219"], "an approval as waiver");
}

#[test]
fn a_waiver_after_the_go_supersedes_it_unless_it_is_for_later() {
    let (world, script, next) = slower_waived();
    let end = until(&world, &script, next, &SIGN);
    assert_eq!(world.run(&CLEARANCE).exit, Exit::Passed);
    let waivers = file(&world);
    let with = |path: &str, rule: &str| {
        let mut one = statement(&world);
        one["predicate"]["path"] = json!(path);
        one["predicate"]["rule"] = json!(rule);
        let text = canonical::to_canonical(&one);
        let mut all: Vec<(String, String)> = waivers["waivers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                let text = |key: &str| one[key].as_str().unwrap().to_owned();
                (text("statement"), text("signature"))
            })
            .collect();
        all.push((text.clone(), signature(&world, ANA, "d3p-approval", &text)));
        let all: Vec<(&str, &str)> = all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        put(&world, &all);
    };
    for path in [
        ".artifacts/deployment/release-manifest.md",
        "d3p/phase-8-readiness/phase8_go_nogo_decision.md",
        "d3p/phase-9-deployment-golive/phase9_go_live_monitoring.md",
        ".artifacts/deployment/rollback-plan.md",
    ] {
        with(path, "GL301");
        refused(&world.json(&CLEARANCE), &["GL504"], path);
    }
    // One for what is judged after the launch changes nothing before it.
    with(HEALTH, "GL315");
    let said = world.run(&CLEARANCE);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    for gate in ["1", "2"] {
        let said = world.run(&["gate", gate]);
        assert!(said.out.contains("still valid"), "{}", said.all());
    }
    // What led to the launch is history afterwards.
    world.write(WAIVERS, serde_json::to_string_pretty(&waivers).unwrap());
    until(&world, &script, end, &["gate", "production-launch"]);
    let said = waive(&world, &["GL219", "--path", RESULTS]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.err.contains("history"), "{}", said.err);
    let said = world.run(&["waive", "GL219", "--remove"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.err.contains("history"), "{}", said.err);
    // Dated after the launch, it never was in force for it.
    let mut late = statement(&world);
    late["predicate"]["rule"] = json!("GL301");
    late["predicate"]["decidedAt"] = json!("2026-11-21T09:00:00Z");
    world.at(Stamp::parse("2026-11-21T11:00:00Z").unwrap());
    late["predicate"]["decidedAt"] = json!("2026-11-21T10:30:00Z");
    put_signed(&world, &late);
    refused(&world.json(&["check"]), &["GL522", "GL219"], "late");
}

#[test]
fn a_gate_that_was_passed_with_a_waiver_stands_and_falls_with_it() {
    let world = waived_sample();
    assert_eq!(world.run(&GATE_4).exit, Exit::Passed);
    let kept = world.read(WAIVERS);
    world.remove(WAIVERS);
    let said = world.json(&["verify"]);
    refused(&said, &["GL315", "GL901"], "removed");
    let help = said.json()["findings"].to_string();
    let copy = help.split("and its waivers: cp ").nth(1).unwrap().split(' ').next().unwrap();
    assert_eq!(world.read(copy), kept);
    let status = world.json(&["status"]).json();
    assert_eq!(status["gates"][3]["valid"], false);
    world.write(WAIVERS, &kept);
    assert_eq!(world.run(&["verify"]).exit, Exit::Passed);
    // Signers that the auditor kept, who do not know the key.
    let (_, public) = own_key(&world, "kept");
    world.write("../signers", format!("ana@shop.example namespaces=\"d3p-approval\" {public}\n"));
    let outside = world.dir.parent().unwrap().join("signers");
    let said = world.json(&["verify", "--trust-root", outside.to_str().unwrap()]);
    refused(&said, &["GL315", "GL522", "GL901", "GL512"], "the signers that the auditor kept");
    // A record that does not tell of it.
    let record = world.read(RECORD_4);
    world.edit(RECORD_4, "STABILIZATION_WITH_WAIVER", "STABILIZATION");
    refused(&world.json(&["verify"]), &["GL901"], "a plain level");
    let mut plain: Value = serde_json::from_str(&record).unwrap();
    let predicate = &mut plain["predicate"];
    predicate["verifiedLevels"] = json!(["D3P_GATE_4_STABILIZATION"]);
    let extension = predicate["https://d3p.dev/extensions/gate/v1"].as_object_mut().unwrap();
    extension.shift_remove("waivers");
    let inputs = predicate["inputAttestations"].as_array_mut().unwrap();
    inputs.retain(|input| !input["uri"].as_str().unwrap().contains("waivers.json"));
    let text = serde_json::to_string_pretty(&plain).unwrap() + "\n";
    let (old, new) = (Sha256Digest::of(record.as_bytes()), Sha256Digest::of(text.as_bytes()));
    world.write(RECORD_4, &text);
    world.edit(LEDGER, &old.to_string(), &new.to_string());
    let said = world.json(&["verify"]);
    refused(&said, &["GL901"], "rewritten together with the ledger");
    assert!(said.out.contains("does not tell of a waiver"), "{}", said.out);
    // And one that tells of a waiver that nobody signed.
    let honest = World::new();
    honest.play(&signed_script());
    let record = ".artifacts/deployment/records/4-stabilization.json";
    honest.edit(record, "D3P_GATE_4_STABILIZATION", "D3P_GATE_4_STABILIZATION_WITH_WAIVER");
    refused(&honest.json(&["verify"]), &["GL901"], "a waiver that is not there");
}

/// Two persons are wanted; Ana has two keys.
fn two_persons() -> (World, String, String) {
    let world = World::new();
    let script = script("deployment-health-log", &[("0.23%", "5.23%")]);
    let next = until(&world, &script, 0, &["record", "deployment-readiness-checklist"]);
    world.edit("d3p.yaml", "approval: {", "approval: { waiver: { threshold: 2, max_age: 3d }, ");
    world.edit(
        "d3p.yaml",
        "persons: [",
        "persons: [{ name: Mei Tanaka, role: sre-lead, principals: [mei@shop.example] }, ",
    );
    world.edit("d3p.yaml", "[ana@shop.example]", "[ana@shop.example, ana@home.example]");
    let (mei, public) = own_key(&world, "mei");
    let (second, other) = own_key(&world, "second");
    let lines = world.read(SIGNERS)
        + &format!("mei@shop.example namespaces=\"d3p-approval\" {public}\n")
        + &format!("ana@home.example namespaces=\"d3p-approval\" {other}\n");
    world.write(SIGNERS, lines);
    until(&world, &script, next, &BEFORE_GATE_4);
    (world, mei, second)
}

#[test]
fn as_many_persons_as_the_policy_wants_sign_the_same_words() {
    let (world, mei, second) = two_persons();
    let said = waive(&world, &["GL315"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.out.contains("1 of 2 persons"), "{}", said.out);
    worthless(&world, "GL525", "one of two");
    let first = file(&world);
    for again in [ANA, &second] {
        let name = if again == ANA { "ana@shop.example" } else { "ana@home.example" };
        let said = world.run(&["waive", "GL315", "--as", name, "--key", again]);
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        assert!(said.err.contains("signed this waiver already"), "{}", said.all());
    }
    assert_eq!(file(&world), first);
    // Put side by side by hand, two keys are one person.
    let mut own = statement(&world);
    own["predicate"]["identity"] = json!("ana@home.example");
    let text = canonical::to_canonical(&own);
    let other = signature(&world, &second, "d3p-approval", &text);
    let one = |key: &str| first["waivers"][0][key].as_str().unwrap();
    put(&world, &[(one("statement"), one("signature")), (&text, &other)]);
    worthless(&world, "GL525", "one person, two keys");
    // Other words are another waiver.
    put(&world, &[(one("statement"), one("signature"))]);
    let words = ["waive", "GL315", "--until", "2026-11-22", "--reason", "something else"];
    let said = world.run(&[&words[..], &["--as", "mei@shop.example", "--key", &mei]].concat());
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    worthless(&world, "GL525", "other words");
    assert!(
        world
            .run(&["waive", "GL315", "--as", "mei@shop.example", "--key", &mei])
            .err
            .contains("say which")
    );
    put(&world, &[(one("statement"), one("signature"))]);
    let said = world.run(&["waive", "GL315", "--as", "mei@shop.example", "--key", &mei]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let gate = world.run(&GATE_4);
    assert_eq!(gate.exit, Exit::Passed, "{}", gate.all());
    assert!(gate.out.contains("by Ana Silva, Mei Tanaka: the nightly"), "{}", gate.out);
    let verify = world.run(&["verify"]);
    assert_eq!(verify.exit, Exit::Passed, "{}", verify.all());
    // One more signature after the gate changes nothing of it.
    let said = world.run(&[
        "waive",
        "GL315",
        "--as",
        "mei@shop.example",
        "--key",
        &mei,
        "--until",
        "2026-11-22",
        "--reason",
        "the nightly import runs until Monday",
    ]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert_eq!(world.run(&["verify"]).exit, Exit::Passed);
}

#[test]
fn what_the_command_refuses() {
    let world = bad_sample();
    let before = world.read(LEDGER);
    let ana = ["--as", "ana@shop.example", "--key", ANA];
    let tail = |until: &'static str, reason: &'static str| ["--until", until, "--reason", reason];
    let cases: &[(&[&str], &str)] = &[
        (&["GL999"], "there is no rule"),
        (&["GL401"], "can never be waived"),
        (&["GL316"], "finds nothing"),
        (&["GL315", "--path", "*"], "finds nothing in *"),
        (&["GL315", "--pointer", "/status"], "finds nothing"),
    ];
    for (args, why) in cases {
        let said = world.run(&[&["waive"][..], args, &tail("2026-11-22", "x y"), &ana].concat());
        assert_ne!(said.exit, Exit::Passed, "{args:?} {}", said.all());
        assert!(said.err.contains(why), "{args:?} {}", said.all());
    }
    for (until, reason, why) in [
        ("2027-06-01", "why not", "the latest possible: --until 2026-12-21T09:00"),
        ("2026-11-21", "why not", "is over"),
        ("next week", "why not", "not a day"),
        ("2026-11-22", " ", "say why"),
        ("2026-11-22", "TBD", "say why"),
    ] {
        let said = world.run(&[&["waive", "GL315"][..], &tail(until, reason), &ana].concat());
        assert_ne!(said.exit, Exit::Passed, "{until} {reason} {}", said.all());
        assert!(said.err.contains(why), "{until} {reason} {}", said.all());
    }
    let (agent, _) = own_key(&world, "agent");
    let other = ["--as", "ana@shop.example", "--key", &agent];
    let said = world.run(&[&["waive", "GL315"][..], &tail("2026-11-22", "x y"), &other].concat());
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.err.contains("would not count"), "{}", said.all());
    let nobody = ["--as", "max@shop.example", "--key", &agent];
    let said = world.run(&[&["waive", "GL315"][..], &tail("2026-11-22", "x y"), &nobody].concat());
    assert!(said.err.contains("may not decide in this project yet"), "{}", said.all());
    assert_eq!(world.read(LEDGER), before);
    assert!(!world.dir.join(WAIVERS).exists());
    let typed = World::played_until(&["gate", "production-launch"]);
    let said = typed.run(&[&["waive", "GL315"][..], &tail("2026-11-22", "x y"), &ana].concat());
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    assert!(said.err.contains("a waiver is signed"), "{}", said.all());
}

#[test]
fn several_places_are_listed() {
    let world = World::new();
    let script = script("deployment-health-log", &[("0.23%", "5.23%"), ("0.20%", "2.20%")]);
    until(&world, &script, 0, &BEFORE_GATE_4);
    let said = waive(&world, &["GL315"]);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    let listed = said.err.matches(&format!("--path {HEALTH}: error_rate was")).count();
    assert_eq!(listed, 2, "{}", said.err);
    let said = waive(&world, &["GL315", "--path", HEALTH]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert_eq!(world.run(&GATE_4).exit, Exit::Passed);
}

#[test]
fn waivers_are_renewed_listed_and_dropped_without_an_editor() {
    let world = waived_sample();
    let longer = [
        "waive",
        "GL315",
        "--until",
        "2026-11-24",
        "--reason",
        "one day more",
        "--as",
        "ana@shop.example",
        "--key",
        ANA,
    ];
    let said = world.run(&longer);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert_eq!(file(&world)["waivers"].as_array().unwrap().len(), 1);
    assert!(said.out.contains("which this one replaces"), "{}", said.out);
    let shorter = waive(&world, &["GL315"]);
    assert_eq!(shorter.exit, Exit::Refused, "{}", shorter.all());
    assert!(shorter.err.contains("it is waived already"), "{}", shorter.all());
    let said = world.run(&["waive", "GL316", "--remove"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    let said = world.json(&["waive", "GL315", "--remove"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert_eq!(said.json()["waivers"], json!([]));
    refused(&world.json(&GATE_4), &["GL315"], "dropped");
    let list = world.run(&["waive", "--list"]);
    assert!(list.out.contains("no waivers"), "{}", list.out);
    assert!(world.json(&["check"]).rules().iter().all(|(code, _)| !code.starts_with("GL5")));
    // What is not one of ours goes, too; what cannot be read at all is not written over.
    let mut other = statement(&waived_sample());
    other["predicate"]["commit"] = json!("0".repeat(40));
    put_signed(&world, &other);
    let said = world.run(&["waive", "--remove"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert_eq!(file(&world)["waivers"], json!([]));
    for broken in ["{", "{}", "", "<<<<<<< ours\n{}\n"] {
        world.write(WAIVERS, broken);
        let said = world.json(&["check"]);
        refused(&said, &["GL522", "GL315"], broken);
        let said = waive(&world, &["GL315"]);
        assert_eq!(said.exit, Exit::Refused, "{}", said.all());
        assert!(said.err.contains("git checkout"), "{}", said.all());
        assert_eq!(world.read(WAIVERS), broken);
    }
}

/// Taking the waivers away never makes anything better, whatever they are worth.
#[test]
fn losing_the_waivers_improves_nothing() {
    let honest = waived_sample();
    let passed = honest.copy();
    assert_eq!(passed.run(&GATE_4).exit, Exit::Passed);
    let forged = honest.copy();
    let text = canonical::to_canonical(&statement(&honest));
    put(&forged, &[(&text, "no signature")]);
    let broken = honest.copy();
    broken.write(WAIVERS, "{");
    let (staged, ..) = slower_waived();
    for (what, world) in [
        ("in force", honest),
        ("used", passed),
        ("forged", forged),
        ("broken", broken),
        ("before launch", staged),
    ] {
        let questions: [&[&str]; 8] = [
            &["gate", "1", "--dry-run"],
            &["gate", "2", "--dry-run"],
            &["gate", "3", "--dry-run"],
            &["gate", "4", "--dry-run"],
            &CLEARANCE,
            &["check"],
            &["verify"],
            &["verify", "--through", "2"],
        ];
        let before: Vec<u8> = questions.iter().map(|args| world.run(args).exit.code()).collect();
        world.remove(WAIVERS);
        for (args, before) in questions.iter().zip(before) {
            let after = world.run(args);
            assert!(after.exit.code() >= before, "{what} {args:?}: {}", after.all());
        }
    }
}
