//! The go-live phase under other names, as a folder of the project's own: every id is another, and no
//! line of Rust. What a name does must come from what the definition says of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::{PHASE_TEXT, World};
use d3p::Exit;
use d3p::testing::cli::demo::{Action, Step, release_script, run_script};
use d3p::testing::source::embedded;
use serde_json::{Map, Value, json};

const PHASE: &str = "phase-9-deployment-golive";

/// Where the renamed phase has its confirmation of acceptance.
const ELSEWHERE: &str = "acceptance/confirmation.json";

fn renamed(id: &str) -> String {
    format!("our-{id}")
}

/// Renames the text at each of `pointers`, where `*` stands for each member or entry.
fn rename_at(value: &mut Value, pointers: &[&str]) {
    for pointer in pointers {
        let parts: Vec<&str> = pointer.split('/').skip(1).collect();
        descend(value, &parts);
    }
}

fn descend(value: &mut Value, parts: &[&str]) {
    let Some((first, rest)) = parts.split_first() else {
        if let Value::String(id) = value {
            *id = renamed(id);
        }
        return;
    };
    match (value, *first) {
        (Value::Object(members), "*") => members.values_mut().for_each(|own| descend(own, rest)),
        (Value::Array(items), _) => items.iter_mut().for_each(|own| descend(own, rest)),
        (Value::Object(members), key) => {
            members.get_mut(key).into_iter().for_each(|own| descend(own, rest));
        }
        _ => {}
    }
}

/// The definition with every id renamed, and the ids by kind.
fn definition() -> (Value, Map<String, Value>) {
    let mut phase = d3p::testing::text::yaml::parse(PHASE_TEXT).unwrap();
    let ids = phase.as_object().unwrap().clone();
    for list in ["documents", "prerequisites", "evidence", "steps", "gates", "prompts"] {
        let members = phase[list].as_object_mut().unwrap();
        *members =
            std::mem::take(members).into_iter().map(|(id, def)| (renamed(&id), def)).collect();
    }
    rename_at(
        &mut phase,
        &[
            "/id",
            "/documents/*/sections/-/id",
            "/evidence/*/sections/-/id",
            "/evidence/*/after/-",
            "/evidence/*/native/-/approval/covers/-",
            "/evidence/*/native/-/approval/documents/-",
            "/evidence/*/native/-/rollback/authority/document",
            "/evidence/*/native/-/rollback/authority/section",
            "/evidence/*/native/-/rollback/covers/-",
            "/evidence/*/native/-/rollback/prompt",
            "/evidence/*/native/-/window/plan/*",
            "/evidence/*/native/-/incident/timeline",
            "/evidence/*/native/-/incident/cause",
            "/evidence/*/native/-/incident/fix",
            "/evidence/*/native/-/incident/settled/-",
            "/evidence/*/native/-/health_series/thresholds/*",
            "/steps/*/produces",
            "/steps/*/rehearses",
            "/steps/*/before/-/gate",
            "/steps/*/before/-/document",
            "/steps/*/before/-/evidence",
            "/prompts/*/after",
            "/emergency/may_follow/-",
            "/emergency/review",
            "/applies/context/*/prerequisites/-",
            "/activities/-/holds/-/*",
            "/checklist/-/holds/-/*",
            "/consumers/*/evidence/-",
            "/consumers/*/documents/-",
            "/consumers/*/runs/-",
            "/gates/*/after",
            "/gates/*/by_outcome/*/after",
            "/gates/*/by_outcome/*/evidence/-",
            "/gates/*/prerequisites/-",
            "/gates/*/evidence/-",
            "/gates/*/documents/-",
            "/gates/*/schedule/of/-/*",
            "/checkpoints/-/id",
            "/checkpoints/-/holds/-/*",
            "/handoff/-/id",
            "/handoff/-/holds/-/*",
        ],
    );
    // Who takes what is handed over is not of this phase.
    let text = phase.to_string().replace("\"our-protocol-", "\"protocol-");
    phase = serde_json::from_str(&text).unwrap();
    // And one of them lies where nothing of a release lies otherwise.
    phase["evidence"]["our-uat-confirmation"]["path"] = json!(ELSEWHERE);
    (phase, ids)
}

/// The folder of the renamed phase, in a project that does not exist yet.
fn folder(world: &World) -> Map<String, Value> {
    let (phase, ids) = definition();
    world.write("own/phase.yaml", serde_json::to_string_pretty(&phase).unwrap());
    let shipped = embedded(PHASE).unwrap();
    let kinds: Vec<&String> = ids["evidence"].as_object().unwrap().keys().collect();
    for name in shipped.folder.names().filter(|name| *name != "phase.yaml") {
        let mut text = shipped.folder.text(name).unwrap().to_owned();
        for kind in &kinds {
            text = text.replace(&format!("kind: {kind}\n"), &format!("kind: our-{kind}\n"));
        }
        world.write(&format!("own/{name}"), text);
    }
    for kind in kinds {
        let name = |kind: &str| format!("https://d3p.dev/schemas/{kind}.v1.schema.json");
        let mut schema: Value = serde_json::from_str(shipped.folder.schema(kind).unwrap()).unwrap();
        schema["$id"] = json!(name(&renamed(kind)));
        let properties = schema["properties"].as_object_mut().unwrap();
        properties["kind"]["const"] = json!(renamed(kind));
        if let Some(own) = properties.get_mut("$schema") {
            own["const"] = json!(name(&renamed(kind)));
        }
        world.write(&format!("own/schemas/our-{kind}.v1.schema.json"), schema.to_string());
    }
    ids
}

/// The steps of the demo, in the words of the renamed phase.
fn in_our_words(steps: Vec<Step>, ids: &Map<String, Value>) -> Vec<Step> {
    let is = |list: &str, word: &str| ids[list].get(word).is_some();
    let words = |args: &mut Vec<String>| {
        let command = args[0].clone();
        if command == "init" {
            args.extend(["--phase", "own/phase.yaml"].map(str::to_owned));
        }
        for arg in args.iter_mut().skip(1) {
            let names = match command.as_str() {
                "record" => is("evidence", arg),
                "gate" => is("gates", arg),
                "run" | "check" => is("steps", arg),
                _ => false,
            };
            if names {
                *arg = renamed(arg);
            }
        }
    };
    let kinds = ids["evidence"].as_object().unwrap().keys();
    let kinds: Vec<&String> = kinds.collect();
    let text = |path: &str, text: &mut String| {
        for kind in &kinds {
            *text = text.replace(&format!("kind: {kind}\n"), &format!("kind: our-{kind}\n"));
        }
        if path == "d3p.yaml" {
            let own = format!("phase: our-{PHASE}\ndefinition: own/phase.yaml");
            *text = text.replace(&format!("phase: {PHASE}"), &own);
            for step in ids["steps"].as_object().unwrap().keys() {
                *text = text
                    .replace(&format!("\n  {step}: {{ run"), &format!("\n  our-{step}: {{ run"));
                *text = text.replace(&format!("\n  {step}:\n"), &format!("\n  our-{step}:\n"));
            }
        }
    };
    let mut steps = steps;
    for step in &mut steps {
        match &mut step.action {
            Action::Run { args, .. } => words(args),
            Action::Write(files) => files.iter_mut().for_each(|(path, own)| text(path, own)),
            Action::Wait(_) | Action::Key { .. } => {}
        }
    }
    steps
}

/// Plays it, and insists that no name of before is said anywhere.
fn play(steps: Vec<Step>) -> World {
    let world = World::new();
    let ids = folder(&world);
    world.play(&in_our_words(steps, &ids));
    let said = world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let lists = ["evidence", "steps", "gates", "prerequisites"];
    let old = lists.iter().flat_map(|list| ids[*list].as_object().unwrap().keys());
    let old: Vec<&String> = old.filter(|id| id.contains('-')).collect();
    for args in [
        &["status"][..],
        &["status", "--format", "json"],
        &["check", "--through", "4"],
        &["verify"],
        &["explain", "our-readiness"],
        &["explain", "our-production-approval"],
        &["explain", "our-deploy-production"],
        &["approve", "show"],
        &["gate", "4", "--dry-run"],
    ] {
        let said = world.run(args).all();
        for id in &old {
            let bare = said.match_indices(id.as_str()).find(|(at, _)| {
                let before = said[..*at].chars().next_back().unwrap_or(' ');
                let after = said[at + id.len()..].chars().next().unwrap_or(' ');
                // A path keeps its name; a name of ours ends with the old one.
                !"/-".contains(before) && !before.is_alphanumeric() && !".-".contains(after)
            });
            assert!(bare.is_none(), "{args:?} says {id}:\n{said}");
        }
    }
    world
}

#[test]
fn a_phase_with_every_id_renamed_passes_all_gates_and_verifies() {
    let world = play(release_script());
    let report = world.read(".artifacts/deployment/DEPLOYMENT-REPORT.md");
    assert!(report.contains("kind: our-deployment-report"), "{report}");
    assert!(world.dir.join(ELSEWHERE).exists());
    // And is archived and verified there, with the folder that it follows.
    let said = world.run(&["archive"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(!world.dir.join(ELSEWHERE).exists(), "it goes with its release");
    let archive = ".artifacts/releases/v1.4.0+1";
    let said = world.run(&["verify", archive]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let schema = format!("{archive}/own/schemas/our-uat-confirmation.v1.schema.json");
    assert!(world.dir.join(&schema).exists(), "the archive holds what it is judged by");
    // A schema that is loosened there is another definition.
    world.write(&schema, "{}");
    let said = world.run(&["verify", archive]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
}

#[test]
fn it_runs_its_hooks_and_signs_its_approval_too() {
    let world = play(run_script(true));
    let approval: Value =
        serde_json::from_str(&world.read(".artifacts/deployment/production-approval.json"))
            .unwrap();
    assert_eq!(approval["kind"], json!("our-production-approval"));
}
