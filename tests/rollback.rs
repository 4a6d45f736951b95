//! The decision to take a launch back: by whom, about what, and what becomes of a release after it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, release_script, signed_script};
use d3p::testing::text::canonical;
use serde_json::{Value, json};
use std::process::Command;
use std::time::Duration;

const DECISIONS: &str = ".artifacts/deployment/rollback-decision.json";
const APPROVAL: &str = ".artifacts/deployment/production-approval.json";
const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";
const STRATEGY: &str = "d3p/phase-9-deployment-golive/phase9_roll_back_strategy.md";
const SIGNERS: &str = ".d3p/allowed_signers";
const ANA: &str = ".git/d3p-demo-key";
const JONAS: &str = ".git/jonas";
const DEPLOYED: [&str; 4] = ["record", "production-deployment-report", "--from", "-"];
const STABILIZATION: [&str; 3] = ["gate", "stabilization", "--dry-run"];
const BEFORE: [&str; 3] = ["check", "--before", "rollback"];
const HOOK: &str = "hooks: { rollback: { run: [sh, scripts/rollback_backend.sh] } }\n";

fn is(step: &Step, wanted: &[&str]) -> bool {
    matches!(&step.action, Action::Run { args, .. } if args == wanted)
}

/// Plays `script` up to the step that runs `d3p` with `last`; `prepare` changes the policy and the
/// signers before the first gate freezes them.
fn until(script: &[Step], last: &[&str], prepare: impl Fn(&World)) -> World {
    let world = World::new();
    let checklist =
        script.iter().position(|step| is(step, &["record", "deployment-readiness-checklist"]));
    let end = script.iter().rposition(|step| is(step, last)).unwrap();
    world.play(&script[..=checklist.unwrap()]);
    prepare(&world);
    world.play(&script[checklist.unwrap() + 1..=end]);
    world
}

/// Somebody with a key of their own, whom policy and signers know.
fn person(world: &World, name: &str, role: &str, identity: &str, key: &str) {
    ssh_keygen(world, &["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key]);
    let public = world.read(&format!("{key}.pub"));
    let public = public.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let line = format!("{identity} namespaces=\"d3p-approval\" {public}\n");
    world.write(SIGNERS, world.read(SIGNERS) + &line);
    let own = format!("persons: [{{ name: {name}, role: {role}, principals: [{identity}] }}, ");
    world.edit("d3p.yaml", "persons: [", &own);
}

/// Jonas, the second of the authority tree; Max, who is in no tree; and the hook.
fn prepare(world: &World) {
    person(world, "Jonas Weber", "engineer", "jonas@shop.example", JONAS);
    person(world, "Max Muster", "intern", "max@shop.example", ".git/max");
    world.write("d3p.yaml", world.read("d3p.yaml") + HOOK);
}

/// A signed release that was deployed to production.
fn deployed() -> World {
    until(&signed_script(), &DEPLOYED, prepare)
}

fn decide(world: &World, who: &str, key: &str, decision: &str) -> Said {
    let args =
        ["rollback", "decide", "--as", who, "--decision", decision, "--reason", "orders are lost"];
    world.run_reading_once(&[&args[..], &["--key", key]].concat())
}

fn ana(world: &World, decision: &str) -> Said {
    decide(world, "ana@shop.example", ANA, decision)
}

fn jonas(world: &World, decision: &str) -> Said {
    decide(world, "jonas@shop.example", JONAS, decision)
}

fn ssh_keygen(world: &World, args: &[&str]) {
    let said = Command::new("ssh-keygen").args(args).current_dir(&world.dir).output().unwrap();
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
}

fn signature(world: &World, key: &str, text: &str) -> String {
    world.write(".git/statement", text);
    let _ = std::fs::remove_file(world.dir.join(".git/statement.sig"));
    ssh_keygen(world, &["-q", "-Y", "sign", "-n", "d3p-approval", "-f", key, ".git/statement"]);
    world.read(".git/statement.sig").trim_end().to_owned()
}

fn file(world: &World, path: &str) -> Value {
    serde_json::from_str(&world.read(path)).unwrap()
}

fn statement(world: &World) -> Value {
    let list = file(world, DECISIONS)["decisions"].as_array().unwrap().clone();
    serde_json::from_str(list.last().unwrap()["statement"].as_str().unwrap()).unwrap()
}

/// Puts one decision in the place of all.
fn put(world: &World, path: &str, text: &str, signature: Option<&str>) {
    let mut file = file(world, path);
    file["decisions"] = json!([{ "statement": text, "signature": signature }]);
    world.write(path, serde_json::to_string_pretty(&file).unwrap() + "\n");
}

fn passed(said: &Said) {
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
}

fn refused(said: &Said, part: &str) {
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains(part), "{part}: {}", said.all());
}

/// Whether the decisions, as `d3p check` sees them, break this rule.
fn has(world: &World, rule: &str) -> bool {
    world.json(&["check", "--through", "stabilization"]).has(rule)
}

#[test]
fn a_person_of_the_tree_decides_and_the_attempt_is_over() {
    let world = until(&signed_script(), &["check", "--before", "deploy-production"], prepare);
    refused(&ana(&world, "roll-back"), "not deployed to production yet");
    let said = world.run(&["rollback", "status"]);
    assert!(said.out.contains("there is nothing to roll back"), "{}", said.all());
    // A rehearsal takes nothing back.
    passed(&world.run(&["run", "rollback"]));
    passed(&world.run(&["check", "--before", "deploy-production"]));
    assert!(!has(&world, "GL413"));

    let world = deployed();
    refused(&world.run(&BEFORE), "GL413");
    refused(&world.run(&["run", "rollback"]), "d3p rollback decide --as ana@shop.example");
    let said = ana(&world, "roll-back");
    passed(&said);
    for part in [
        "[ROLLBACK DECISION] Production anomalies detected. Execute rollback plan? (yes/no)",
        "number 1 of the authority tree (Release manager), present and reachable at Release call",
        "+ ssh-keygen -Y sign -n d3p-approval -f",
        "next: d3p run rollback",
    ] {
        assert!(said.all().contains(part), "{part}: {}", said.all());
    }
    let signed = statement(&world);
    let said = &signed["predicate"];
    assert_eq!(said["authority"]["reachableAt"], "Release call, or telephone +351 21 555 0101");
    assert_eq!((&said["present"], &said["attempt"]), (&json!(true), &json!(1)));
    let covers: Vec<&str> =
        said["covers"].as_array().unwrap().iter().filter_map(|own| own["path"].as_str()).collect();
    let plan = ".artifacts/deployment/rollback-plan.md";
    let report = ".artifacts/deployment/production-deployment-report.json";
    assert_eq!(covers, [report, plan, STRATEGY]);

    passed(&world.run(&BEFORE));
    passed(&world.run(&["run", "rollback"]));
    assert!(!has(&world, "GL413") && !has(&world, "GL526"), "{:?}", world.json(&["check"]).rules());
    refused(&world.run(&STABILIZATION), "GL412");
    let again = world.json(&["check", "--before", "deploy-production"]);
    assert!(again.has("GL410"), "{}", again.all());
    refused(&ana(&world, "continue"), "too late to continue");
    let why = ["archive", "--outcome", "abandoned", "--reason", "rolled back"];
    refused(&world.run(&why), "was rolled back: it is not abandoned");
}

#[test]
fn who_is_not_in_the_tree_or_not_known_decides_nothing() {
    let world = deployed();
    let said = decide(&world, "max@shop.example", ".git/max", "roll-back");
    refused(&said, "Max Muster is not in the authority tree");
    for part in ["1. Ana Silva", "telephone +49 30 555 0102", "--without-decision"] {
        assert!(said.all().contains(part), "{part}: {}", said.all());
    }
    refused(&decide(&world, "eve@shop.example", ".git/none", "roll-back"), "is nobody of");
    let mistyped = decide(&world, "eve@shop.example", ".git/max", "roll-back");
    refused(&mistyped, "this key is max@shop.example's");
    let full = decide(&world, "Ana Silva", ANA, "roll-back");
    refused(&full, "run it again with --as ana@shop.example");
    refused(&decide(&world, "ana@shop.example", ".git/max", "roll-back"), "would not count");
    assert!(!world.dir.join(DECISIONS).exists());
    let unasked =
        world.run(&["rollback", "decide", "--as", "ana@shop.example", "--reason", "errors"]);
    assert_eq!(unasked.exit, Exit::Incomplete, "{}", unasked.all());
    let args =
        ["rollback", "decide", "--as", "ana@shop.example", "--reason", "errors", "--key", ANA];
    let unsure = world.run_typing(&args, "perhaps\n");
    assert_eq!(unsure.exit, Exit::Incomplete, "{}", unsure.all());
    passed(&world.run_typing(&args, "no\n"));
    assert_eq!(statement(&world)["predicate"]["decision"], "CONTINUE");
}

/// Nobody but Max, who is in no tree, can sign: found before the night.
#[test]
fn a_tree_in_which_nobody_could_decide() {
    let script = signed_script();
    let checklist = ["record", "deployment-readiness-checklist"];
    let nobody = until(&script, &checklist, prepare);
    let tree = nobody
        .read(STRATEGY)
        .replace("Ana Silva", "Ada Sousa")
        .replace("Jonas Weber", "Jon Weaver");
    nobody.write(STRATEGY, tree);
    let said = nobody.json(&["check"]);
    assert!(said.has("GL003"), "{}", said.all());
    assert!(said.out.contains("nobody could decide on a rollback"), "{}", said.out);
    refused(&nobody.json(&["gate", "readiness"]), "GL003");
    let alike = until(&script, &checklist, prepare);
    alike.edit(STRATEGY, "| 1 | Ana Silva |", "| 1 | ana  silva |");
    let said = alike.json(&["check"]);
    assert!(said.out.contains("whose decision would it be"), "{}", said.out);
}

/// What the person really signed, about something else.
#[test]
fn a_decision_about_something_else() {
    let world = deployed();
    passed(&ana(&world, "roll-back"));
    let honest = statement(&world);
    for (key, value) in [
        ("release", json!("v1.3.9")),
        ("commit", json!("0".repeat(40))),
        ("attempt", json!(2)),
        ("environment", json!("staging")),
        ("policy", json!({ "sha256": "0".repeat(64) })),
        ("question", json!("Shall we?")),
        ("ledgerHeads", json!(["0".repeat(64)])),
        ("decidedAt", json!("2026-11-21T08:00:00Z")),
        ("decidedAt", json!("2027-11-21T08:00:00Z")),
        ("person", json!("Jonas Weber")),
        ("role", json!("engineer")),
        ("principal", json!("max@shop.example")),
    ] {
        let mut other = honest.clone();
        other["predicate"][key] = value;
        let text = canonical::to_canonical(&other);
        put(&world, DECISIONS, &text, Some(&signature(&world, ANA, &text)));
        assert!(has(&world, "GL526"), "{key}");
        refused(&world.run(&BEFORE), "GL413");
    }
    let mut climbed = honest.clone();
    climbed["predicate"]["authority"]["order"] = json!(0);
    let text = canonical::to_canonical(&climbed);
    put(&world, DECISIONS, &text, Some(&signature(&world, ANA, &text)));
    assert!(has(&world, "GL526"), "another place of the tree");
    refused(&world.run(&BEFORE), "GL413");
    // Nothing of this keeps the person from deciding.
    passed(&ana(&world, "roll-back"));
    passed(&world.run(&BEFORE));
    assert!(!has(&world, "GL526"));
}

#[test]
fn decisions_that_an_agent_makes_itself() {
    let world = deployed();
    passed(&ana(&world, "roll-back"));
    let honest = canonical::to_canonical(&statement(&world));
    let own = honest.replacen("ROLL_BACK", "CONTINUE", 1);
    let genuine = file(&world, DECISIONS)["decisions"][0]["signature"].clone();
    put(&world, DECISIONS, &own, genuine.as_str());
    assert!(has(&world, "GL526") && has(&world, "GL527"), "edited");
    put(&world, DECISIONS, &own, None);
    assert!(has(&world, "GL526"), "unsigned");
    put(&world, DECISIONS, &own, Some(&signature(&world, ".git/max", &own)));
    assert!(has(&world, "GL526"), "another person's key");
    for twice in [honest.replacen('{', "{ ", 1), format!("{honest} ")] {
        put(&world, DECISIONS, &twice, Some(&signature(&world, ANA, &twice)));
        assert!(has(&world, "GL526"), "two readings");
    }
    let max = honest.replace("ana@shop.example", "max@shop.example");
    let max = max.replace("Ana Silva", "Max Muster").replace("release manager", "intern");
    put(&world, DECISIONS, &max, Some(&signature(&world, ".git/max", &max)));
    assert!(has(&world, "GL526"), "in no tree, and signed");
    refused(&world.run(&BEFORE), "GL413");
    // The agent may write a decision only where the person records it.
    let typed = world.run(&["record", "rollback-decision", "--from", "-"]);
    assert_eq!(typed.exit, Exit::Incomplete, "{}", typed.all());
}

#[test]
fn one_kind_of_statement_is_never_another() {
    let world = deployed();
    passed(&ana(&world, "roll-back"));
    let approved = file(&world, APPROVAL)["decisions"][0].clone();
    let decided = file(&world, DECISIONS)["decisions"][0].clone();
    let text = |decision: &Value| decision["statement"].as_str().unwrap().to_owned();
    put(&world, DECISIONS, &text(&approved), approved["signature"].as_str());
    let said = world.json(&["check", "--through", "stabilization"]);
    assert!(said.has("GL526") && said.has("GL527"), "{:?}", said.rules());
    put(&world, APPROVAL, &text(&decided), decided["signature"].as_str());
    let said = world.json(&["check", "--through", "stabilization"]);
    assert!(said.has("GL503") && said.has("GL507"), "{:?}", said.rules());
}

#[test]
fn a_decision_does_not_vanish() {
    let world = deployed();
    passed(&jonas(&world, "continue"));
    let kept = world.read(DECISIONS);
    passed(&ana(&world, "roll-back"));
    let before = world.copy();
    world.remove(DECISIONS);
    let gone = world.json(&["check", "--through", "stabilization"]);
    assert!(gone.has("GL527") && gone.has("GL201"), "{:?}", gone.rules());
    let cleared = world.run(&STABILIZATION);
    refused(&cleared, "GL527");
    world.write(DECISIONS, kept);
    refused(&world.run(&STABILIZATION), "Ana Silva decided ROLL_BACK");
    // Both are lost for ever: who decides again is heard.
    world.remove(DECISIONS);
    passed(&ana(&world, "roll-back"));
    passed(&world.run(&BEFORE));
    assert!(has(&world, "GL527"), "Jonas");
    passed(&jonas(&world, "continue"));
    assert!(!has(&world, "GL527"));
    // Everything that was recorded is kept, in its order.
    passed(&ana(&before, "continue"));
    let all = file(&before, DECISIONS)["decisions"].as_array().unwrap().len();
    assert_eq!(all, 3);
    assert!(!has(&before, "GL526") && !has(&before, "GL527") && !has(&before, "GL412"));
}

#[test]
fn what_is_edited_afterwards_supersedes_the_leave_and_not_the_objection() {
    let world = deployed();
    passed(&ana(&world, "roll-back"));
    world.edit(STRATEGY, "route all traffic", "route the traffic");
    refused(&world.run(&BEFORE), "GL413");
    assert!(has(&world, "GL526") && has(&world, "GL412"));
    passed(&ana(&world, "roll-back"));
    passed(&world.run(&BEFORE));
    world.edit(STRATEGY, "+351 21 555 0101", "+351 21 555 9999");
    refused(&world.run(&BEFORE), "GL413");
    let status = world.run(&["rollback", "status"]);
    assert!(status.out.contains("the authority tree now says otherwise"), "{}", status.out);
    // The report of the deployment may still change.
    let world = deployed();
    passed(&ana(&world, "roll-back"));
    let report = ".artifacts/deployment/production-deployment-report.json";
    world.edit(report, "\"direct\"", "\"rolling\"");
    passed(&world.run(&BEFORE));
}

#[test]
fn the_order_of_the_tree_counts_and_the_last_word() {
    let world = deployed();
    passed(&ana(&world, "roll-back"));
    passed(&jonas(&world, "continue"));
    assert!(has(&world, "GL412"), "who stands below lifts nothing");
    passed(&world.run(&BEFORE));
    passed(&ana(&world, "continue"));
    assert!(!has(&world, "GL412"), "the same person");
    refused(&world.run(&BEFORE), "GL413");
    passed(&jonas(&world, "roll-back"));
    assert!(has(&world, "GL412"), "an earlier word from above does not bind for ever");
    passed(&world.run(&BEFORE));
    passed(&ana(&world, "continue"));
    assert!(!has(&world, "GL412"), "a later one does");
    passed(&jonas(&world, "roll-back"));
    passed(&world.run(&["run", "rollback"]));
    refused(&ana(&world, "continue"), "too late");
}

#[test]
fn a_decision_ends_and_an_objection_does_not() {
    let world = deployed();
    passed(&ana(&world, "roll-back"));
    world.pass(Duration::from_secs(4 * 3600 - 60));
    passed(&world.run(&BEFORE));
    world.pass(Duration::from_secs(120));
    refused(&world.run(&BEFORE), "decision ended");
    assert!(has(&world, "GL412"));
    passed(&ana(&world, "roll-back"));
    passed(&world.run(&BEFORE));
}

#[test]
fn nobody_is_reached_and_it_is_rolled_back_all_the_same() {
    let world = deployed();
    let elsewhere = world.run(&["run", "rollback", "--without-decision", "  "]);
    assert_eq!(elsewhere.exit, Exit::Incomplete, "{}", elsewhere.all());
    passed(&world.run(&["run", "rollback", "--without-decision", "error rate 9%"]));
    let began = "\"hook\":\"rollback\",\"undecided\":true,\"reason\":\"error rate 9%\"";
    assert!(world.read(LEDGER).contains(began));
    let said = world.json(&STABILIZATION);
    assert!(said.has("GL413") && said.out.contains("\"review\""), "{}", said.all());
    let deploy = world.json(&["check", "--before", "deploy-production"]);
    assert!(deploy.has("GL410"), "{}", deploy.all());
    refused(&jonas(&world, "continue"), "too late");
    passed(&jonas(&world, "roll-back"));
    assert!(!has(&world, "GL413") && has(&world, "GL412"));
    let status = world.run(&["rollback", "status"]);
    assert!(status.out.contains("d3p record incident"), "{}", status.out);
}

#[test]
fn two_persons_where_the_policy_wants_two() {
    let world = until(&signed_script(), &DEPLOYED, |world| {
        prepare(world);
        world.edit("d3p.yaml", "approval: {", "approval: { rollback: { threshold: 2 },");
    });
    let said = ana(&world, "roll-back");
    passed(&said);
    assert!(said.out.contains("not decided yet: 1 of 2 persons"), "{}", said.all());
    refused(&world.run(&BEFORE), "1 of 2 persons");
    passed(&ana(&world, "roll-back"));
    refused(&world.run(&BEFORE), "1 of 2 persons");
    let open = world.json(&STABILIZATION);
    assert!(open.has("GL412") && open.out.contains("\"review\""), "{}", open.all());
    passed(&jonas(&world, "roll-back"));
    passed(&world.run(&BEFORE));
}

/// A decision to go on is kept, shown and bound; afterwards the release can still be taken back.
#[test]
fn a_release_that_went_on_is_complete_and_can_be_taken_back() {
    let script = signed_script();
    let world = deployed();
    passed(&jonas(&world, "roll-back"));
    passed(&ana(&world, "continue"));
    let from = script.iter().rposition(|step| is(step, &DEPLOYED)).unwrap() + 1;
    world.play(&script[from..]);
    let report = world.read(".artifacts/deployment/DEPLOYMENT-REPORT.md");
    assert!(
        report.contains("## Rollback decisions") && report.contains("| CONTINUE |"),
        "{report}"
    );
    let record = world.read(".artifacts/deployment/records/4-stabilization.json");
    assert!(record.contains("rollback-decision.json#/decisions/1/statement"), "{record}");
    // Years later, with keys that ran out, it is what it was.
    let later = world.copy();
    later.pass(Duration::from_secs(3 * 365 * 86_400));
    passed(&later.run(&["verify"]));
    refused(&ana(&world, "continue"), "is complete");
    passed(&ana(&world, "roll-back"));
    passed(&world.run(&["run", "rollback"]));
    let said = world.json(&["verify"]);
    assert!(said.has("GL412"), "{:?}", said.rules());
    let given_up = world.run(&["archive", "--outcome", "abandoned", "--reason", "orders are lost"]);
    refused(&given_up, "it is not abandoned");
    // The report that the last gate bound is history; what became of the launch stands in another one.
    crate::exit::explain(&world);
    let close = ["archive", "--outcome", "rolled-back"];
    refused(&world.run(&close), "closing report does not exist");
    passed(&world.run(&["report"]));
    let closing = world.read(".artifacts/deployment/CLOSING-REPORT.md");
    for part in
        ["**It was taken back**", "ROLLBACK_TRIGGERED", "what it says of production is history"]
    {
        assert!(closing.contains(part), "{part}: {closing}");
    }
    world.edit(".artifacts/deployment/CLOSING-REPORT.md", "It was taken back", "It was kept");
    refused(&world.run(&close), "GL225");
    world.edit(".artifacts/deployment/CLOSING-REPORT.md", "It was kept", "It was taken back");
    passed(&world.run(&close));
    let said = world.run(&["verify", ".artifacts/releases/v1.4.0+1"]);
    passed(&said);
    assert!(said.out.contains("closed: rolled back"), "{}", said.all());
}

/// A release without any such decision, taken back after it was complete.
#[test]
fn a_complete_release_is_taken_back() {
    let world = until(&signed_script(), &["verify"], prepare);
    passed(&ana(&world, "roll-back"));
    let said = world.json(&["verify"]);
    assert_eq!(
        said.rules(),
        [("GL412".to_owned(), DECISIONS.to_owned())],
        "its history stays what it was"
    );
}

#[test]
fn typed_decisions_where_nothing_is_signed() {
    let world = until(&release_script(), &DEPLOYED, |world| {
        world.write("d3p.yaml", world.read("d3p.yaml") + HOOK);
    });
    let decide = |who: &str| {
        world.run(&[
            "rollback",
            "decide",
            "--as",
            who,
            "--decision",
            "roll-back",
            "--reason",
            "errors",
        ])
    };
    passed(&world.run(&BEFORE));
    refused(&decide("Max Muster"), "is nobody of");
    refused(&decide("Jonas Weber"), "does not name them");
    let said = decide("Ana Silva");
    passed(&said);
    assert!(said.err.contains("typed, not signed"), "{}", said.all());
    refused(&world.run(&STABILIZATION), "GL412");
    assert!(!has(&world, "GL526"));
    let status = world.run(&["rollback", "status"]);
    assert!(status.out.contains(", typed"), "{}", status.out);
    let mut own = file(&world, DECISIONS);
    own["decisions"][0]["signature"] = json!("-----BEGIN SSH SIGNATURE-----");
    world.write(DECISIONS, own.to_string());
    assert!(has(&world, "GL526"), "a signature that nobody checks");
}
