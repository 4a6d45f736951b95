//! What a project brings: whoever has hooks and knows nothing else obeys what the tool prints, and
//! comes through the launch.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{Said, World, argv, in_words};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, run_script};
use d3p::testing::model::Sha256Digest;
use d3p::testing::schema;
use d3p::testing::text::{canonical, yaml};
use serde_json::Value;
use std::collections::BTreeSet;

const RESULTS: &str = ".artifacts/deployment/staging-validation-results.json";

const LEDGER: &str = ".artifacts/deployment/records/ledger.jsonl";

const FROZEN: &str = ".artifacts/deployment/records/policy.json";

/// Hooks as somebody writes them who has seen no example: commands, and nothing else.
const HOOKS: &str = "hooks:
  deploy-staging:
    run: [sh, scripts/deploy_backend.sh, --env, \"{env}\", --release, \"{release}\"]
  validate-staging:
    run: [sh, scripts/validate.sh]
  deploy-production:
    run: [sh, scripts/deploy_backend.sh, --env, \"{env}\", --release, \"{release}\"]
  validate-production:
    run: [sh, scripts/check.sh]
";

/// The demo's project before gate 1, its documents filled in, with `hooks` in d3p.yaml.
fn project(hooks: &str) -> World {
    let world = World::new();
    let script = run_script(true);
    let is_fill = |step: &Step| matches!(step.action, Action::Write(_));
    let filled = script.iter().position(is_fill).unwrap();
    world.play(&script[..=filled]);
    let policy = world.read("d3p.yaml");
    let (policy, _) = policy.split_once("run: {").unwrap();
    // Nothing is pinned: this is a first release.
    assert!(!policy.contains("baseline"), "{policy}");
    world.write("d3p.yaml", format!("{policy}{hooks}"));
    world
}

/// The edit of `d3p.yaml` that is one of the ways, where a line is to be put in.
fn edit_of(advice: &Value) -> Option<String> {
    let others = advice["alternatives"].as_array().unwrap().iter();
    let ways = std::iter::once(advice).chain(others);
    let edits = ways.filter(|way| way["kind"] == "edit" && way["path"] == "d3p.yaml");
    let mut lines = edits.map(|way| way["what"].as_str().unwrap().to_owned());
    lines.find(|what| what.contains("add") || what.contains("replace"))
}

/// Puts a line where an advice says, as whoever reads it would.
fn add(world: &World, told: &str) {
    let policy = world.read("d3p.yaml");
    let at = told.find("add").or_else(|| told.find("replace")).unwrap();
    let (head, line) = told[at..].split_once(": ").unwrap();
    let below = head.split_once(" below ").map_or("", |(_, below)| below);
    let policy = match below.split('.').next_back().filter(|key| !key.is_empty()) {
        None => format!("{policy}{line}\n"),
        Some(key) => {
            let indent = "  ".repeat(below.split('.').count());
            let head = format!("{}{key}:", &indent[2..]);
            let (before, after) = policy.split_once(&format!("\n{head}")).unwrap();
            match after.strip_prefix(" { ") {
                Some(inner) => format!("{before}\n{head} {{ {line}, {inner}"),
                None => format!("{before}\n{head}\n{indent}{line}{after}"),
            }
        }
    };
    let value = yaml::parse(&policy).unwrap_or_else(|faults| panic!("{told}: {faults:?}"));
    assert_eq!(schema::validate("d3p", &value), Some(Vec::new()), "{told}");
    world.write("d3p.yaml", policy);
}

/// Runs the first command of this program that an advice holds, filled in as a person would.
fn obey(world: &World, advice: &Value) -> Said {
    let others = advice["alternatives"].as_array().unwrap().iter();
    let mut ways = std::iter::once(advice).chain(others);
    let way = ways.find(|way| way["argv"][0] == "d3p");
    let way = way.unwrap_or_else(|| panic!("no command: {advice}"));
    let mut words = argv(way);
    for fill in way["fills"].as_array().unwrap() {
        let word = &mut words[usize::try_from(fill["at"].as_u64().unwrap()).unwrap()];
        assert_eq!(fill["name"], word.as_str(), "{way}");
        *word = match word.as_str() {
            "DATE" => "2026-12-01",
            "REASON" => "the first release has nothing to compare with",
            "PRINCIPAL" => "ana@shop.example",
            // The body that the example is.
            "FILE" => return world.record_example(&words[2]),
            other => panic!("cannot fill in {other}: {way}"),
        }
        .to_owned();
    }
    let mut words: Vec<&str> = words[1..].iter().map(String::as_str).collect();
    if words.first() == Some(&"waive") || words.starts_with(&["approve", "sign"]) {
        words.extend(["--key", ".git/d3p-demo-key"]);
    }
    world.run(&words)
}

/// Obeys until gate 2 has passed; gives what was told.
fn through_gate_2(world: &World) -> Vec<String> {
    through(world, "staging-validation")
}

/// Obeys until a gate has passed; gives what was told.
fn through(world: &World, gate: &str) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for _ in 0..30 {
        let now = world.next();
        let words = in_words(&now);
        assert_ne!(told.last(), Some(&words), "doing this did not help: {told:#?}");
        told.push(words.clone());
        // A decision comes before what could be changed instead.
        if let Some(line) = edit_of(&now).filter(|_| now["kind"] != "decide") {
            add(world, &line);
            continue;
        }
        let said = obey(world, &now);
        // What people must look at is recorded all the same, and waits for them.
        let waits = said.out.contains("differs between");
        let asks = argv(&now).get(1).is_some_and(|word| word == "approve");
        assert!(waits && !asks || said.exit == Exit::Passed, "{words}: {}", said.all());
        if argv(&now) == ["d3p", "gate", gate] {
            return told;
        }
    }
    panic!("gate {gate} is not passed: {told:#?}");
}

#[test]
fn whoever_has_hooks_only_is_told_what_else_they_need_and_comes_through_the_launch() {
    let world = project(HOOKS);
    let said = world.json(&["gate", "readiness"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    let lines: BTreeSet<String> = said.json()["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"] == "GL003")
        .map(|finding| finding["advice"]["what"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        "add below hooks.validate-production: reports: [{ health: reports/health.json }]",
        "add below hooks.validate-staging: reports: [{ junit: reports/smoke.xml, suite: smoke }, { junit: reports/contract.xml, suite: contract }, { sarif: reports/scan.sarif }, { performance: reports/performance.json }]",
        "add: configuration: { files: [{ name: api, staging: config/staging.env, production: config/production.env }] }",
    ];
    assert_eq!(lines, expected.map(str::to_owned).into());
    let told = through(&world, "production-launch");
    let gate = told.iter().position(|told| told.contains("d3p gate readiness")).unwrap();
    assert!(told[..3].iter().all(|told| told.contains("| add")), "{told:#?}");
    assert!(!told[gate..].iter().any(|told| told.contains("reports: ")), "{told:#?}");
    // The first release: whoever says GO has seen what was measured, and nothing is waived for it.
    assert!(!told.iter().any(|told| told.contains("d3p waive")), "{told:#?}");
    let approval = world.read(".artifacts/deployment/production-approval.json");
    assert!(approval.contains("nothing was launched from here before"), "{approval}");
    assert!(told.iter().any(|told| told.contains("allowed_differences: [\"api/DATABASE_URL\"]")));
}

/// A policy with everything but a baseline.
fn complete() -> String {
    HOOKS
        .replace(
            "    run: [sh, scripts/validate.sh]\n",
            "    run: [sh, scripts/validate.sh]\n    reports: [{ junit: reports/smoke.xml, suite: smoke }, { junit: reports/contract.xml, suite: contract }, { sarif: \"reports/*.sarif\" }, { performance: reports/performance.json }]\n",
        )
        .replace(
            "scripts/check.sh]\n",
            "scripts/check.sh]\n    reports: [{ health: reports/health.json }]\n",
        )
        + "configuration:\n  files: [{ name: shop, staging: config/staging.env, production: config/production.env }]\n  allowed_differences: [shop/DATABASE_URL]\n"
}

/// Pins a baseline; gives its digest.
fn pin(world: &World, kept: &str) -> String {
    world.write("d3p/baseline.json", kept);
    let sha256 = Sha256Digest::of(kept.as_bytes()).to_string();
    let line =
        format!("baseline: {{ release: v1.3.0, path: d3p/baseline.json, sha256: {sha256} }}");
    add(world, &format!("add below validation: {line}"));
    sha256
}

/// Obeys until something is told that contains `part`; gives it.
fn until(world: &World, part: &str) -> Value {
    for _ in 0..20 {
        let now = world.next();
        if in_words(&now).contains(part) {
            return now;
        }
        let said = obey(world, &now);
        assert!(!said.all().is_empty());
    }
    panic!("{part} is never told");
}

#[test]
fn a_baseline_that_is_pinned_after_gate_1_is_compared_with() {
    let world = project(&complete());
    until(&world, "d3p gate staging-validation");
    let kept = world.read("baseline/v1.3.0.json");
    let sha256 = pin(&world, &kept);
    let told = through_gate_2(&world);
    assert!(told[0].contains("d3p gate readiness --refreeze"), "{told:#?}");
    assert!(told.iter().any(|told| told.ends_with("| d3p run validate-staging")), "{told:#?}");
    let results: Value = serde_json::from_str(&world.read(RESULTS)).unwrap();
    assert_eq!(results["baseline"]["sha256"], sha256);
    assert_eq!(results["performance"][0]["baseline"], 45.0);
}

#[test]
fn a_report_that_no_hook_wrote_is_named_instead_of_running_the_hook_again() {
    let world = project(&complete().replace("reports/performance.json", "reports/load.json"));
    let told = until(&world, "reports/load.json");
    let expected = "let hook validate-staging write reports/load.json, or correct hooks.validate-staging.reports in d3p.yaml";
    assert_eq!(told["what"], expected);
    assert_eq!(argv(&told), ["d3p", "run", "validate-staging"]);
    // What is refused at the run itself says the same.
    let said = world.run(&["run", "validate-staging"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.out.contains("`performance` is missing"), "{}", said.out);
    assert!(said.out.contains(&format!("help: {expected}")), "{}", said.out);
    world.edit("d3p.yaml", "reports/load.json", "reports/performance.json");
    let told = through_gate_2(&world);
    assert!(told.iter().any(|told| told.ends_with("| d3p run validate-staging")), "{told:#?}");
}

#[test]
fn a_service_that_no_output_reports_is_asked_for_in_the_hooks_own_words() {
    let hook = "[sh, scripts/deploy_backend.sh, --env, \"{env}\", --release, \"{release}\"]";
    let world = project(&complete().replacen(hook, "[\"true\"]", 1));
    let told = until(&world, "::service");
    assert_eq!(
        told["what"],
        "let hook deploy-staging print ::service api=healthy v1.4.0 once it is"
    );
    assert_eq!(argv(&told), ["d3p", "run", "deploy-staging"]);
}

#[test]
fn a_script_that_a_hook_declares_must_be_a_file_of_the_release() {
    let deploy = "--release, \"{release}\"]\n";
    let declared = format!("{deploy}    scripts: [scripts/lib.sh]\n");
    let world = project(&complete().replacen(deploy, &declared, 1));
    until(&world, "d3p run deploy-staging");
    let said = world.run(&["run", "deploy-staging"]);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
    let expected =
        "hook deploy-staging declares the script scripts/lib.sh: `scripts/lib.sh` does not exist";
    assert!(said.all().contains(expected), "{}", said.all());
    world.write("scripts/lib.sh", "true\n");
    let said = world.run(&["run", "deploy-staging"]);
    assert!(
        said.all().contains("commit scripts/lib.sh, then pin that commit: d3p pin"),
        "{}",
        said.all()
    );
    assert!(!world.read(LEDGER).contains("\"began\""), "nothing was run: {}", said.all());
}

#[test]
fn what_waits_for_a_person_has_not_failed() {
    let world = project(&complete());
    // The release before did not measure it.
    let kept = world.read("baseline/v1.3.0.json");
    let p99 = ",\n    { \"name\": \"latency_p99\", \"unit\": \"ms\", \"value\": 180 }";
    assert!(kept.contains(p99));
    pin(&world, &kept.replace(p99, ""));
    let told = until(&world, "d3p waive GL219");
    for kind in ["uat-confirmation", "confirmations"] {
        assert_eq!(world.record_example(kind).exit, Exit::Passed);
    }
    let said = world.run(&["gate", "staging-validation"]);
    assert!(said.out.contains("REVIEW: a human must look at this"), "{told}: {}", said.out);
    assert!(!said.out.contains("failure handling"), "{}", said.out);
}

#[test]
fn hooks_that_come_after_gate_1_are_asked_for_the_same() {
    let world = project(&complete());
    until(&world, "d3p run deploy-staging");
    let reports = "{ sarif: \"reports/*.sarif\" }, ";
    world.edit("d3p.yaml", reports, "");
    let told = in_words(&world.next());
    assert!(told.contains("d3p gate readiness --refreeze"), "{told}");
    let said = world.json(&["gate", "readiness", "--refreeze"]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    let findings = said.json()["findings"].clone();
    let help = findings[0]["advice"]["what"].as_str().unwrap();
    assert!(help.starts_with("replace below hooks.validate-staging: "), "{help}");
    // The line holds what was there, and what is lacking.
    let line = help.split_once(": reports: ").unwrap().1;
    let reports = yaml::parse(line).unwrap();
    assert_eq!(reports.as_array().unwrap().len(), 4, "{line}");
    assert_eq!(reports[3]["sarif"], "reports/scan.sarif");

    // A policy that was frozen without them is got out of in the same way.
    world.edit(
        "d3p.yaml",
        "{ performance: ",
        &format!(
            "{reports_back}{{ performance: ",
            reports_back = "{ sarif: \"reports/*.sarif\" }, "
        ),
    );
    let mut frozen: Value = serde_json::from_str(&world.read(FROZEN)).unwrap();
    frozen
        .pointer_mut("/policy/hooks/validate-staging/reports")
        .unwrap()
        .as_array_mut()
        .unwrap()
        .clear();
    world.write(FROZEN, canonical::to_canonical(&frozen));
    let said = world.json(&["check"]);
    let findings = said.json()["findings"].as_array().cloned().unwrap();
    let lacks = findings.iter().find(|finding| finding["rule"] == "GL003").unwrap();
    assert_eq!(argv(&lacks["advice"]), ["d3p", "gate", "readiness", "--refreeze"]);
}

#[test]
fn the_book_shows_a_policy_that_lacks_nothing() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/hooks.md")).unwrap();
    let (_, section) = page.split_once("\n## A complete policy\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let (_, policy) = section.split_once("```yaml\n").unwrap();
    let (policy, _) = policy.split_once("```").unwrap();
    let value = yaml::parse(policy).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!(schema::validate("d3p", &value), Some(Vec::new()));
    let phase = d3p::testing::source::embedded_phase().unwrap();
    let hooks: Vec<&String> = value["hooks"].as_object().unwrap().keys().collect();
    // A rehearsal is run by the hook of what it rehearses.
    assert!(
        phase.steps.iter().all(|(step, def)| hooks.contains(&step) || def.rehearses.is_some()),
        "a hook for each step: {hooks:?}"
    );
    // As the policy of a project it is refused for the persons it does not name, and nothing else is told
    // but that the archive of its baseline is not there.
    let world = project("");
    world.write("d3p.yaml", policy);
    let said = world.json(&["check"]);
    let of_policy: BTreeSet<String> =
        said.rules().into_iter().filter(|(_, path)| path == "d3p.yaml").map(|own| own.0).collect();
    assert_eq!(of_policy, BTreeSet::from(["GL243", "GL516"].map(str::to_owned)), "{}", said.all());
    // And what it says of reports is so.
    for (name, kind) in [("performance.json", "performance"), ("health.json", "health-checks")] {
        let (_, text) = section.split_once(&format!("`{name}` is `")).unwrap();
        let value: Value = serde_json::from_str(text.split('`').next().unwrap()).unwrap();
        assert_eq!(schema::validate(kind, &value), Some(Vec::new()), "{name}");
    }
}

#[test]
fn the_scaffolded_policy_shows_what_hooks_need() {
    let world = World::new();
    world.play(&run_script(true)[..1]);
    let scaffold = world.read("d3p.yaml");
    let mut policy = scaffold.clone();
    for key in ["hooks", "configuration"] {
        let block = scaffold.split("\n\n").find(|block| block.contains(&format!("\n#{key}:\n")));
        let block = block.unwrap_or_else(|| panic!("{key} is not shown"));
        let lines = block.lines().filter(|line| !line.starts_with("##"));
        lines.for_each(|line| policy.push_str(&format!("{}\n", &line[1..])));
    }
    let value = yaml::parse(&policy).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!(schema::validate("d3p", &value), Some(Vec::new()));
    world.write("d3p.yaml", &policy);
    let said = world.json(&["check"]);
    assert!(!said.has("GL003"), "{}", said.all());
    // Without a part of it, it is said.
    world.edit("d3p.yaml", ", { performance: reports/performance.json }]\n  deploy", "]\n  deploy");
    assert!(world.json(&["check"]).has("GL003"));
}
