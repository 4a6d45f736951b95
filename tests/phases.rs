//! A phase is a folder: a project's own works without a new build, and a mistake in one is told with
//! its place and with what may stand there.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{PHASE_TEXT, World};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, release_script};
use std::path::Path;

/// A scaffolded release, which follows `definition` at `own/phase.yaml`.
fn following(definition: &str) -> World {
    let world = World::new();
    let is_init =
        |step: &Step| matches!(&step.action, Action::Run { args, .. } if args[0] == "init");
    let script = release_script();
    let end = script.iter().position(is_init).unwrap();
    world.play(&script[..=end]);
    world.write("own/phase.yaml", definition);
    let policy = world.read("d3p.yaml");
    world.write("d3p.yaml", format!("{policy}\ndefinition: own/phase.yaml\n"));
    world
}

/// What is written wrongly in place of what, the words that the place is found by, and what the
/// message must say besides.
const MISTAKES: [(&str, &str, &str, &[&str]); 14] = [
    // An unknown key, and a word that is none of the list.
    (
        "title: Deployment & Go-Live",
        "titel: Deployment & Go-Live",
        "titel",
        &["did you mean `title`"],
    ),
    (
        "format: append-only",
        "format: appendonly",
        "appendonly",
        &["`json`, `markdown` or `append-only`", "did you mean `append-only`"],
    ),
    (
        "columns: { Step: text, Owner: person",
        "columns: { Step: txt, Owner: person",
        "txt",
        &["`text`", "`person`"],
    ),
    // A duration, and a check that d3p does not have.
    ("max_age: 72h", "max_age: 72", "72\n", &["must be"]),
    (
        "native: [ { readiness: {} } ]",
        "native: [ { readyness: {} } ]",
        "readyness",
        &["did you mean `readiness`"],
    ),
    // Names that lead nowhere.
    (
        "after: production-launch",
        "after: production-lunch",
        "production-lunch",
        &["known: readiness, staging-validation"],
    ),
    (
        "documents: [plan, rollback]",
        "documents: [plan, roll-back]",
        "roll-back]",
        &["known: plan, monitoring, verification, rollback"],
    ),
    ("produces: smoke-tests", "produces: smoketests", "smoketests", &["known: release-manifest"]),
    (
        "thresholds: { document: monitoring, section: signals }",
        "thresholds: { document: monitoring, section: prompt-first-hours }",
        "{ document: monitoring, section: prompt-first-hours }",
        &["those are: dashboards, signals"],
    ),
    // A kind for which anything would pass, a skeleton that is not there, two pieces in one place.
    (
        "evidence:\n  release-manifest:",
        "evidence:\n  weather-report:\n    { title: Weather, path: own/weather.json, format: json, environment: production, clauses: [D3P-1] }\n  release-manifest:",
        "weather-report",
        &["has no schema", "schemas/weather-report.v1.schema.json", "uat-confirmation"],
    ),
    (
        "template: phase9_deployment_plan.md",
        "template: phase9_deployment_plam.md",
        "phase9_deployment_plam.md",
        &["no skeleton", "phase9_deployment_plan.md, phase9_go_live"],
    ),
    (
        "path: .artifacts/deployment/rollback-plan.md",
        "path: .artifacts/deployment/release-manifest.md",
        ".artifacts/deployment/release-manifest.md\n    format: markdown\n    template: rollback-plan.md",
        &["lies where `release-manifest` lies"],
    ),
    // A key of the policy that this phase does not have, and a clause that nobody wrote down.
    (
        "covers: policy#/validation/suites",
        "covers: policy#/validation/suits",
        "policy#/validation/suits",
        &["nothing that the policy of this phase has", "services, signatures, skew"],
    ),
    (
        "clauses: [P11-1.3, P11-C1]",
        "clauses: [P11-1.3, P11-C99]",
        "P11-C99",
        &["those are: D3P-1, D3P-2"],
    ),
];

#[test]
fn a_phase_with_a_mistake_is_told_where_and_what_may_stand_there() {
    for (right, wrong, place, words) in MISTAKES {
        assert!(PHASE_TEXT.contains(right), "{right}");
        let text = PHASE_TEXT.replacen(right, wrong, 1);
        let at = text.find(place).unwrap_or_else(|| panic!("{place}"));
        let line = text[..at].matches('\n').count() + 1;
        let column = at - text[..at].rfind('\n').map_or(0, |end| end + 1) + 1;
        let world = following(&text);
        let said = world.run(&["check"]);
        assert_eq!(said.exit, Exit::Incomplete, "{wrong}: {}", said.all());
        let place = format!("own/phase.yaml:{line}:{column}");
        assert!(said.err.contains(&place), "{wrong}: wanted {place}\n{}", said.err);
        for word in words {
            assert!(said.err.contains(word), "{wrong}: wanted {word}\n{}", said.err);
        }
    }
    assert_eq!(following(PHASE_TEXT).run(&["status"]).exit, Exit::Passed, "without one it is used");
}

#[test]
fn a_schema_beside_a_definition_is_used_and_one_that_is_none_is_told() {
    let kind = "weather-report";
    let entry = format!(
        "evidence:\n  {kind}:\n    {{ title: Weather, path: own/weather.json, format: json, environment: production, clauses: [D3P-1] }}\n"
    );
    let text = PHASE_TEXT.replacen("evidence:\n", &entry, 1).replacen(
        "evidence: [release-manifest, rollback-plan,",
        &format!("evidence: [{kind}, release-manifest, rollback-plan,"),
        1,
    );
    let world = following(&text);
    let schema = "own/schemas/weather-report.v1.schema.json";
    world.write(schema, "{\n  \"type\": \"objekt\"\n}\n");
    let said = world.run(&["check"]);
    assert_eq!(said.exit, Exit::Incomplete);
    assert!(said.err.contains(&format!("{schema}:2:11")), "{}", said.err);
    assert!(said.err.contains("JSON Schema 2020-12"), "{}", said.err);
    let honest = r#"{
      "allOf": [{ "$ref": "header.v1.schema.json" }],
      "properties": { "wind": { "enum": ["calm", "storm"], "description": "The wind." } },
      "required": ["wind"]
    }"#;
    world.write(schema, honest);
    let shown = world.run(&["schema", kind]);
    assert_eq!((shown.exit, shown.out.as_str()), (Exit::Passed, honest));
    // Any body passed once, even this one.
    for (body, told) in
        [(r#"{"x-note": "1"}"#, "`wind` is missing"), (r#"{"wind": "fresh"}"#, "`calm` or `storm`")]
    {
        let said = world.run_with(&["record", kind, "--from", "-"], body);
        assert_eq!(said.exit, Exit::Refused, "{body}: {}", said.all());
        assert!(said.all().contains(told), "{body}: {}", said.all());
    }
    let said = world.run_with(&["record", kind, "--from", "-"], r#"{"wind": "calm"}"#);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(
        Path::new(&world.dir.join("own/weather.json")).exists(),
        "it lies where the phase says"
    );
    // Loosening the schema afterwards is loosening the definition.
    let digest = |world: &World| {
        let said = world.run(&["check"]).all();
        said.split("sha256 ").nth(1).map(|rest| rest[..64].to_owned()).unwrap()
    };
    let before = digest(&world);
    world.write(schema, honest.replace("\"storm\"", "\"storm\", \"fresh\""));
    assert_ne!(digest(&world), before);
}

#[test]
fn what_a_phase_does_not_declare_is_no_part_of_its_policy() {
    // Without user acceptance: neither the evidence nor the key is there, and nobody asks for them.
    let from = PHASE_TEXT.find("  uat-confirmation:\n").unwrap();
    let to = from + PHASE_TEXT[from..].find("  confirmations:\n").unwrap();
    let text = format!("{}{}", &PHASE_TEXT[..from], &PHASE_TEXT[to..])
        .replacen("  uat: { required: true }\n", "", 1)
        .replacen("staging-validation-results, uat-confirmation]", "staging-validation-results]", 1)
        .replacen("may_follow: [uat-confirmation, ", "may_follow: [", 1);
    let world = following(&text);
    let said = world.run(&["status"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(!said.out.contains("uat"), "{}", said.out);
    let policy = world.read("d3p.yaml");
    world.write("d3p.yaml", format!("{policy}uat: {{ required: true }}\n"));
    let said = world.run(&["status"]);
    assert_eq!(said.exit, Exit::Incomplete);
    assert!(said.err.contains("has nothing that `uat` decides"), "{}", said.err);
}
