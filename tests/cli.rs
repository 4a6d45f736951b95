//! What the commands say: snapshots for people, schemas for programs, the same exit code for both.

#![allow(clippy::unwrap_used)]

use crate::common::{Said, World};
use d3p::Exit;
use d3p::testing::cli::demo::release_script;
use d3p::testing::model::Sha256Digest;
use d3p::testing::{schema, text::canonical};
use serde_json::Value;

const MANIFEST: &str = ".artifacts/deployment/release-manifest.md";
const RESULTS: &str = ".artifacts/deployment/staging-validation-results.json";
const PLAN: &str = "d3p/phase-9-deployment-golive/phase9_deployment_plan.md";
const RECORDS: &str = ".artifacts/deployment/records";
const CLEARANCE: &[&str] = &["check", "--before", "deploy-production"];

/// A project straight after `init`.
fn scaffold() -> World {
    let world = World::new();
    let script = release_script();
    let is_init = |step: &d3p::testing::cli::demo::Step| matches!(&step.action, d3p::testing::cli::demo::Action::Run { args, .. } if args[0] == "init");
    let end = script.iter().position(is_init).unwrap();
    world.play(&script[..=end]);
    world
}

/// Stages of a release, each with its name.
fn stages() -> Vec<(&'static str, World)> {
    let before = World::played_until(&["gate", "readiness"]);
    let edited = before.copy();
    edited.edit(PLAN, "T-", "T+");
    let tampered = World::played();
    tampered.edit(RESULTS, "\"passed\"", "\"pasSed\"");
    vec![
        ("scaffold", scaffold()),
        ("readiness passed", before),
        ("readiness edited", edited),
        ("cleared", World::played_until(CLEARANCE)),
        ("played", World::played()),
        ("tampered", tampered),
    ]
}

/// What was said and how it ended. Clock, randomness and commits are the harness's own, so nothing
/// has to be masked.
fn told(said: &Said) -> String {
    let mut out = format!("exit {}\n{}", said.exit.code(), said.out);
    if !said.err.is_empty() {
        out.push_str(&format!("stderr:\n{}", said.err));
    }
    out
}

#[test]
fn help_of_every_command() {
    let world = World::new();
    // The width is fixed here, because the program takes it from the terminal that a test runs in.
    let mut command = d3p::testing::cli::command().term_width(100);
    command.build();
    let mut out = command.render_help().to_string();
    for subcommand in command.get_subcommands_mut() {
        let name = subcommand.get_name().to_owned();
        let help = subcommand.render_help().to_string();
        if name != "help" {
            let said = world.run(&[&name, "--help"]);
            assert_eq!(said.exit, Exit::Passed, "{name}");
            let examples = name == "report" || said.out.contains("Examples:");
            assert!(examples, "{name} --help has no examples");
        }
        out.push_str(&format!("--- {name}\n{help}"));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn a_fresh_scaffold_is_refused() {
    let world = scaffold();
    let check = world.run(&["check"]);
    assert_eq!(check.exit, Exit::Refused);
    insta::assert_snapshot!("scaffold_check", told(&check));
    let gate = world.run(&["gate", "readiness"]);
    assert_eq!(gate.exit, Exit::Refused);
    insta::assert_snapshot!("scaffold_gate_1", told(&gate));
    for later in ["2", "3", "4"] {
        assert_eq!(world.run(&["gate", later, "--dry-run"]).exit, Exit::Refused, "gate {later}");
    }
    let asked = world.json(&["check", "--through", "stabilization"]);
    for path in [
        PLAN,
        "d3p/phase-9-deployment-golive/phase9_go_live_monitoring.md",
        "d3p/phase-9-deployment-golive/phase9_post_deployment_verification.md",
        "d3p/phase-9-deployment-golive/phase9_roll_back_strategy.md",
        MANIFEST,
        ".artifacts/deployment/rollback-plan.md",
        ".artifacts/deployment/deployment-health-log.md",
    ] {
        assert!(asked.rules().iter().any(|(_, place)| place == path), "nothing about {path}");
    }
}

#[test]
fn status_of_a_scaffold_and_of_a_played_release() {
    insta::assert_snapshot!("scaffold_status", told(&scaffold().run(&["status"])));
    insta::assert_snapshot!("scaffold_next", told(&scaffold().run(&["status", "--next"])));
    insta::assert_snapshot!("played_status", told(&World::played().run(&["status"])));
}

#[test]
fn verify_passes_and_finds_tampering() {
    let world = World::played();
    let said = world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    insta::assert_snapshot!("verify_passed", told(&said));
    world.edit(RESULTS, "\"smoke\"", "\"smoky\"");
    let said = world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Refused);
    assert!(said.out.contains(RESULTS), "{}", said.out);
    insta::assert_snapshot!("verify_tampered", told(&said));
}

#[test]
fn diff_after_an_edit() {
    let world = World::played_until(&["gate", "readiness"]);
    assert_eq!(world.run(&["diff"]).exit, Exit::Passed);
    world.edit(PLAN, "T-", "T+");
    let said = world.run(&["diff"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    insta::assert_snapshot!("diff_edited", told(&said));
    assert!(world.json(&["check"]).has("GL311"), "the gate is open again");
}

#[test]
fn launch_is_cleared_only_while_everything_holds() {
    let world = World::played_until(CLEARANCE);
    let said = world.run(CLEARANCE);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    insta::assert_snapshot!("cleared", told(&said));
    let edited = world.copy();
    edited.edit(PLAN, "T-", "T+");
    let without = world.copy();
    without.remove(".artifacts/deployment/production-approval.json");
    let late = world.copy();
    late.pass(std::time::Duration::from_secs(2 * 3600));
    let no_rollback = world.copy();
    no_rollback.remove(".artifacts/deployment/rollback-plan.md");
    for (what, world) in [
        ("an edit", edited),
        ("no approval", without),
        ("an old one", late),
        ("no way back", no_rollback),
    ] {
        let said = world.run(CLEARANCE);
        assert_eq!(said.exit, Exit::Refused, "{what}: {}", said.all());
        assert!(said.out.contains("not cleared"), "{what}: {}", said.out);
    }
}

#[test]
fn explain_one_of_each_kind() {
    let world = World::new();
    let mut out = String::new();
    for name in [
        "GL301",
        "readiness",
        "P11-2.1",
        "DLC-1",
        "staging-validation-results",
        "go-decision",
        "rollback",
        "deploy-production",
    ] {
        let said = world.run(&["explain", name]);
        assert_eq!(said.exit, Exit::Passed, "{name}");
        out.push_str(&format!("--- {name}\n{}", told(&said)));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn unknown_names_are_told() {
    let world = World::played_until(&["gate", "readiness"]);
    let mut out = String::new();
    for args in [
        &["gate", "launch"][..],
        &["explain", "GL999"],
        &["record", "smoke"],
        &["schema", "smoke"],
        &["check", "--before", "deploy"],
        &["check", "no-such-file"],
        &["chekc"],
    ] {
        let said = world.run(args);
        assert_eq!(said.exit, Exit::Incomplete, "{args:?}: {}", said.all());
        assert!(said.out.is_empty(), "{args:?} reports on an unknown name");
        out.push_str(&format!("--- d3p {}\n{}", args.join(" "), told(&said)));
    }
    insta::assert_snapshot!(out);
    assert_eq!(world.run(&["verify", "no-such-directory"]).exit, Exit::Incomplete);
}

#[test]
fn a_broken_policy_is_shown_where_it_breaks() {
    let world = scaffold();
    let good = world.read("d3p.yaml");
    let mut out = String::new();
    for (what, broken) in [
        ("syntax", good.replace("services:", "services: [")),
        ("an unknown key", format!("{good}\nservcies: [api]\n")),
        ("a wrong value", good.replace("signatures: \"on\"", "signatures: \"onn\"")),
        ("a wrong type", format!("{good}\nhealth: {{ window: 24 }}\n")),
        ("a key twice", format!("{good}\nphase_version: 2\n")),
        ("an alias", format!("{good}\ntitles: &a {{}}\nskew: *a\n")),
    ] {
        world.write("d3p.yaml", broken);
        let said = world.run(&["check"]);
        assert_eq!(said.exit, Exit::Incomplete, "{what}: {}", said.all());
        assert_eq!(world.run(&["verify"]).exit, Exit::Incomplete, "{what}");
        let json = world.json(&["check"]);
        assert_eq!(json.exit, Exit::Incomplete, "{what}");
        let place = &json.json()["error"]["places"][0]["location"];
        assert!(place["line"].is_u64() && place["column"].is_u64(), "{what}: {place}");
        out.push_str(&format!("--- {what}\n{}", told(&said)));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn reports_follow_their_schema_at_every_stage() {
    for (stage, world) in stages() {
        for args in [
            &["check"][..],
            &["check", "--through", "stabilization"],
            CLEARANCE,
            &["gate", "1", "--dry-run"],
            &["gate", "stabilization", "--dry-run"],
            &["status"],
            &["status", "--next"],
            &["verify"],
            &["verify", "--through", "readiness"],
        ] {
            let report = world.json(args).json();
            let faults = schema::validate("check-report", &report).unwrap();
            assert!(faults.is_empty(), "{stage}: {args:?}: {faults:#?}\n{report:#}");
        }
    }
}

#[test]
fn records_and_ledger_follow_their_schemas() {
    let world = World::played();
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let check = |name: &str, value: &Value| {
        let faults = schema::validate(name, value).unwrap();
        assert!(faults.is_empty(), "{name}: {faults:#?}\n{value:#}");
    };
    let ledger = world.read(&format!("{RECORDS}/ledger.jsonl"));
    let mut committed = 0;
    for line in ledger.lines() {
        let entry = parse(line);
        check("ledger-entry", &entry);
        if entry["kind"] == "gate-passed" {
            let record = world.read(entry["record"]["path"].as_str().unwrap());
            let digest = Sha256Digest::of(record.as_bytes()).to_string();
            assert_eq!(entry["record"]["sha256"], digest.as_str());
            let record = parse(&record);
            check("gate-record", &record);
            let extension = &record["predicate"]["https://d3p.dev/extensions/gate/v1"];
            assert_eq!(extension["ledgerEntry"], entry["id"]);
            assert_eq!(extension["demo"], true);
            committed += 1;
        }
    }
    assert_eq!(committed, 4);
    let policy = world.read(&format!("{RECORDS}/policy.json"));
    assert!(canonical::is_canonical(policy.trim_end()), "{policy}");
}

#[test]
fn both_formats_end_alike() {
    for (stage, world) in stages() {
        for args in [
            &["check"][..],
            &["check", "--through", "4"],
            &["check", PLAN],
            CLEARANCE,
            &["check", "--before", "nothing"],
            &["status"],
            &["gate", "1", "--dry-run"],
            &["gate", "2", "--dry-run"],
            &["gate", "3", "--dry-run"],
            &["gate", "4", "--dry-run"],
            &["gate", "5"],
            &["diff"],
            &["diff", "1"],
            &["verify"],
            &["verify", "--through", "1"],
            &["verify", "--release", "v9.9.9"],
            &["verify", "--commit", "0000000000000000000000000000000000000000"],
            &["explain", "GL301"],
            &["explain", "nothing"],
            &["schema", "header"],
            &["schema", "nothing"],
            &["init", "--release", "v2.0.0", "--service", "api", "--dry-run"],
            &["record", "nothing"],
            &["record", "staging-validation-results", "--from", "-"],
        ] {
            let human = world.copy().run_with(args, "{\"tests\": 1}");
            let json =
                world.copy().run_with(&[args, &["--format", "json"]].concat(), "{\"tests\": 1}");
            assert_eq!(human.exit, json.exit, "{stage}: {args:?}\n{}\n{}", human.all(), json.all());
            let parsed = serde_json::from_str::<Value>(&json.out);
            assert!(parsed.is_ok(), "{stage}: {args:?}: not JSON: {}", json.all());
        }
    }
}

#[test]
fn people_are_shown_as_many_findings_as_programs() {
    for (stage, world) in stages() {
        for args in [&["check"][..], &["check", "--through", "4"], &["verify"]] {
            let json = world.json(args).json();
            let findings = json["findings"].as_array().unwrap();
            let human = world.run(&[args, &["-v"]].concat());
            let shown = human.out.lines().filter(|line| {
                ["error[GL", "warning[GL", "note[GL"].iter().any(|level| line.starts_with(level))
            });
            assert_eq!(findings.len(), shown.count(), "{stage}: {args:?}\n{}", human.out);
            let summary = &json["summary"];
            let counted = ["errors", "warnings", "notes"].map(|key| summary[key].as_u64().unwrap());
            assert_eq!(counted.iter().sum::<u64>(), findings.len() as u64, "{stage}: {args:?}");
        }
    }
}

#[test]
fn colours_only_where_they_are_wanted() {
    let world = scaffold();
    for args in [&["check"][..], &["status"], &["verify"], &["gate", "1", "--dry-run"], &["--help"]]
    {
        let plain = world.run(args);
        assert!(!plain.all().contains('\u{1b}'), "{args:?} into a pipe");
        let never = world.run(&[args, &["--color", "never"]].concat());
        assert!(!never.all().contains('\u{1b}'), "{args:?} --color never");
    }
    let always = world.run(&["check", "--color", "always"]);
    assert!(always.out.contains('\u{1b}'), "{}", always.out);
}
