//! States after a step failed (DLC-7, P11-C3): what is printed leads on, or to the honest end.

use super::faults::LEDGER;
use super::table;
use crate::common::{World, argv};
use crate::exit::{ANA, INCIDENT, explain_in, is};
use d3p::Exit;
use d3p::Stamp;
use d3p::testing::cli::demo::run_script;
use serde_json::Value;
use std::fs;

/// Most commands that lead out of a state.
const MOST: usize = 14;

/// What each hook is, in the demo's policy.
const HOOKS: [(&str, &str); 5] = [
    ("deploy-staging", "sh, scripts/deploy_backend.sh, --env, \"{env}\", --release, \"{release}\""),
    ("validate-staging", "sh, scripts/validate.sh"),
    (
        "deploy-production",
        "sh, scripts/deploy_backend.sh, --env, \"{env}\", --release, \"{release}\"",
    ),
    ("validate-production", "sh, scripts/check.sh"),
    ("rollback", "sh, scripts/rollback_backend.sh"),
];

/// Lets a hook do something else the first time.
fn first_does(world: &World, step: &str, does: &str) {
    let (_, run) = HOOKS.iter().find(|(name, _)| *name == step).unwrap();
    let once = world.dir.with_file_name(format!("once-{step}"));
    let normal = run.replace(['"', ','], "");
    let line = format!(
        "if [ ! -e {0} ]; then : > {0}; {does} || exit 1; else {normal}; fi",
        once.display()
    );
    let text = world.read("d3p.yaml");
    let at = text.find(&format!("\n  {step}:")).unwrap();
    let (head, tail) = text.split_at(at);
    let made = tail.replacen(&format!("run: [{run}]"), &format!("run: [sh, -c, \"{line}\"]"), 1);
    assert_ne!(made, tail, "{step}");
    world.write("d3p.yaml", format!("{head}{made}"));
}

/// The release, just before the step is taken the first time.
fn before(step: &str, does: &str) -> World {
    let script = run_script(true);
    let world = World::new();
    let checklist = ["record", "deployment-readiness-checklist"];
    let first = script.iter().position(|own| is(own, &checklist)).unwrap();
    let played = if step == "rollback" { "deploy-production" } else { step };
    let end = script.iter().position(|own| is(own, &["run", played])).unwrap();
    world.play(&script[..=first]);
    if step == "rollback" {
        first_does(&world, "deploy-production", "echo ::service api=healthy {release}; exit 1");
    }
    first_does(&world, step, does);
    world.play(&script[first + 1..end]);
    if step == "rollback" {
        assert_eq!(world.run(&["run", "deploy-production"]).exit, Exit::Refused);
        world.pass(std::time::Duration::from_secs(120));
        let args = ["rollback", "decide", "--as", "ana@shop.example", "--decision", "roll-back"];
        let said = world.run(&[&args[..], &["--reason", "it is half-way", "--key", ANA]].concat());
        assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    }
    world
}

/// As if whoever watched the run had been killed: it began, and nobody knows how it ended.
fn forget_the_end(world: &World, step: &str) {
    let text = world.read(LEDGER);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let began = |line: &&str| line.contains("\"began\"") && line.contains(step);
    let at = lines.iter().rposition(began).unwrap();
    let line: Value = serde_json::from_str(lines[at]).unwrap();
    let id = line["id"].as_str().unwrap()[..8].to_owned();
    world.write(LEDGER, lines[..=at].concat());
    for (name, _) in HOOKS.iter().filter(|(name, _)| *name == step) {
        let _ = name;
        let produced = evidence(step);
        let _ = fs::remove_file(world.dir.join(produced));
    }
    for entry in fs::read_dir(world.dir.join(".artifacts/deployment/raw/runs")).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().contains(&id) {
            fs::remove_file(path).unwrap();
        }
    }
}

fn evidence(step: &str) -> &'static str {
    match step {
        "deploy-staging" => ".artifacts/deployment/staging-deployment-report.json",
        "validate-staging" => ".artifacts/deployment/staging-validation-results.json",
        "deploy-production" => ".artifacts/deployment/production-deployment-report.json",
        "validate-production" => ".artifacts/deployment/post-deployment-validation.json",
        _ => ".artifacts/deployment/rollback-report.json",
    }
}

/// Whether the step is done, or the attempt has its honest end.
fn is_out(world: &World, step: &str) -> bool {
    let passed = || {
        let text = fs::read_to_string(world.dir.join(evidence(step))).unwrap_or_default();
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        value["status"] == "passed"
    };
    let closed = world.dir.join(".artifacts/releases/v1.4.0+1").exists();
    closed || (step != "rollback" && passed())
}

/// Does what is printed first, as whoever is told to.
fn follow(world: &World, next: &Value) -> String {
    let words = argv(next);
    match next["kind"].as_str().unwrap() {
        "edit" if next["path"] == INCIDENT => {
            explain_in(world);
            format!("edit {INCIDENT}")
        }
        "wait" => {
            let until = Stamp::parse(next["not_before"].as_str().unwrap_or_default());
            until
                .map_or_else(|_| world.pass(std::time::Duration::from_secs(60)), |at| world.at(at));
            "wait".to_owned()
        }
        "run" | "decide" => {
            let fills = next["fills"].as_array().unwrap();
            let mut args: Vec<String> = words[1..].to_vec();
            for fill in fills {
                let at = usize::try_from(fill["at"].as_u64().unwrap()).unwrap() - 1;
                args[at] = match fill["name"].as_str().unwrap() {
                    "PRINCIPAL" => "ana@shop.example",
                    "NAME" => "Ana Silva",
                    "DECISION" => "roll-back",
                    _ => "it is half-way",
                }
                .to_owned();
            }
            if args.iter().any(|arg| arg == "--as") {
                args.extend(["--key".to_owned(), ANA.to_owned()]);
            }
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let said = world.run(&args);
            format!("{} -> {:?}", args.join(" "), said.exit)
        }
        other => format!("[{other} {}]", next["what"]),
    }
}

fn out_of(step: &str, end: &Value) -> Result<(), String> {
    let name = end["name"].as_str().unwrap();
    let world = before(step, end["does"].as_str().unwrap_or("exit 1"));
    world.run(&["run", step]);
    if name == "killed" {
        forget_the_end(&world, step);
    }
    assert!(!is_out(&world, step), "{step} {name}: nothing is wrong");
    let mut told = Vec::new();
    while told.len() < MOST {
        let next = world.next();
        told.push(follow(&world, &next));
        if is_out(&world, step) {
            return Ok(());
        }
    }
    Err(format!("{step} {name}:\n    {}", told.join("\n    ")))
}

fn all_of(step: &str) {
    let table = table();
    let steps = table["failures"]["steps"].as_array().unwrap();
    assert!(steps.iter().any(|own| own == step));
    let ends = table["failures"]["ends"].as_array().unwrap();
    let lost: Vec<String> = ends.iter().filter_map(|end| out_of(step, end).err()).collect();
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

macro_rules! steps {
    ($($test:ident $step:literal),* $(,)?) => {
        $(
            #[test]
            fn $test() {
                all_of($step);
            }
        )*
    };
}

steps! {
    after_staging_was_not_deployed "deploy-staging",
    after_staging_was_not_validated "validate-staging",
    after_a_launch "deploy-production",
    after_production_was_not_validated "validate-production",
    after_a_rollback "rollback",
}
