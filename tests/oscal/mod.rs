//! Assessment results: what verify says, control by control, and what nobody can prove; `play` has
//! compliance-trestle read them.

#![allow(clippy::unwrap_used)]

use crate::common::{Said, World, copy_tree};
use d3p::Exit;
use serde_json::Value;
use std::collections::BTreeSet;

const RESULTS: &str = ".artifacts/deployment/staging-validation-results.json";

fn export(world: &World, args: &[&str]) -> (Exit, Value) {
    let now = world.now();
    let said = world.run(&[&["export", "oscal"], args].concat());
    world.at(now);
    let text: Value = serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{}", said.all()));
    (said.exit, text["assessment-results"].clone())
}

fn ok(world: &World, args: &[&str]) -> Said {
    let said = world.run(args);
    assert_eq!(said.exit, Exit::Passed, "{args:?}: {}", said.all());
    said
}

fn verified(world: &World) -> (Exit, Value) {
    let now = world.now();
    let said = world.run(&["verify", "--format", "json"]);
    world.at(now);
    (said.exit, said.json())
}

fn list<'a>(value: &'a Value, key: &str) -> Vec<&'a Value> {
    value[key].as_array().into_iter().flatten().collect()
}

/// The controls, and whether the result says that they are satisfied.
fn controls(result: &Value) -> Vec<(String, bool)> {
    let one = |own: &&Value| {
        let target = &own["target"];
        let state = target["status"]["state"].as_str().unwrap();
        (target["target-id"].as_str().unwrap().to_owned(), state == "satisfied")
    };
    list(result, "findings").iter().map(one).collect()
}

/// Whatever a document refers to is in it, and no id is given twice.
fn is_closed(results: &Value) {
    fn walk(value: &Value, ids: &mut Vec<String>, refs: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (key, inner) in members {
                    match (key.as_str(), inner.as_str()) {
                        ("uuid", Some(id)) => ids.push(id.to_owned()),
                        ("observation-uuid" | "risk-uuid" | "subject-uuid", Some(id)) => {
                            refs.push(id.to_owned());
                        }
                        ("href", Some(id)) if id.starts_with('#') => refs.push(id[1..].to_owned()),
                        ("party-uuids", None) => {
                            refs.extend(
                                list(value, key).iter().map(|id| id.as_str().unwrap().to_owned()),
                            );
                        }
                        _ => walk(inner, ids, refs),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, ids, refs)),
            _ => {}
        }
    }
    let (mut ids, mut refs) = (Vec::new(), Vec::new());
    walk(results, &mut ids, &mut refs);
    let known: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(known.len(), ids.len(), "an id is given twice");
    assert!(refs.len() > 20, "{}", refs.len());
    for id in &refs {
        assert!(known.contains(id), "{id} is nowhere");
    }
}

#[test]
fn an_honest_release_shows_its_controls() {
    let world = World::played();
    let (exit, results) = export(&world, &[]);
    let (verified, report) = verified(&world);
    assert_eq!((exit, verified), (Exit::Passed, Exit::Passed));
    is_closed(&results);
    let result = &results["results"][0];
    let shown = controls(result);
    assert_eq!(shown.len(), 14, "{shown:?}");
    assert!(shown.iter().all(|(_, satisfied)| *satisfied), "{shown:#?}");
    assert_eq!(list(result, "risks").len(), 0);
    let unproven = list(&report["audit"], "cannot_exclude").len();
    assert!(unproven > 3);
    let told = list(result, "observations");
    assert_eq!(told.iter().filter(|own| own["title"] == "Not proven").count(), unproven);
    assert!(!list(result, "attestations").is_empty(), "nobody decided");
    // The same release has the same ids, and the same bytes at the same time.
    assert_eq!(export(&world, &[]).1, results);
    world.pass(std::time::Duration::from_secs(60));
    let later = export(&world, &[]).1;
    assert_eq!(later["results"][0]["uuid"], result["uuid"]);
    assert_ne!(later["uuid"], results["uuid"], "another document");
}

#[test]
fn what_does_not_hold_satisfies_no_control() {
    let world = World::played();
    world.edit(RESULTS, "\"passed\"", "\"pasSed\"");
    let (exit, results) = export(&world, &[]);
    let (refused, report) = verified(&world);
    assert_eq!((exit, refused), (Exit::Refused, Exit::Refused));
    is_closed(&results);
    let result = &results["results"][0];
    let shown = controls(result);
    for control in ["cm-3.2", "si-2", "KSI-CMT-VTD", "CC8.1"] {
        assert!(shown.contains(&(control.to_owned(), false)), "{control}: {shown:?}");
    }
    let errors = list(&report, "findings");
    let errors = errors.iter().filter(|own| own["level"] == "error").count();
    assert_eq!(list(result, "risks").len(), errors);
    // What was never begun is not satisfied, either, and does not count as failed.
    let begun = World::played_until(&["gate", "readiness"]);
    let (_, results) = export(&begun, &[]);
    is_closed(&results);
    let shown = controls(&results["results"][0]);
    assert!(shown.iter().all(|(id, satisfied)| !satisfied || id == "OSPS-BR-02.01"), "{shown:#?}");
    let other = list(&results["results"][0], "findings");
    assert!(other.iter().any(|own| own["target"]["status"]["reason"] == "other"));
}

#[test]
fn texts_of_files_stay_texts() {
    let world = World::played();
    let hostile = "<img src=x onerror=own()> [own](http://own) `own` \\u001b[31m";
    let text = world.read(RESULTS);
    let at = text.find("\"status\": \"").unwrap() + "\"status\": \"".len();
    let end = at + text[at..].find('"').unwrap();
    world.write(RESULTS, format!("{}{hostile}{}", &text[..at], &text[end..]));
    let (_, results) = export(&world, &[]);
    let told = results.to_string();
    assert!(told.contains("&lt;img src=x onerror=own()&gt;"), "it is not told at all");
    for live in ["<img", "[own](", "http://own", "\\u001b"] {
        assert!(!told.contains(live), "{live}");
    }
}

#[test]
fn many_releases_are_one_document() {
    let (played, world) = (World::played(), World::new());
    ok(&played, &["archive"]);
    for name in ["a", "b"] {
        copy_tree(&played.dir, &world.dir.join(name));
    }
    let (exit, results) = export(&world, &["-r", "a", "b"]);
    assert_eq!(exit, Exit::Passed);
    is_closed(&results);
    assert_eq!(list(&results, "results").len(), 2);
    world.write("b/.artifacts/releases/v1.4.0+1/d3p.yaml", "a: [");
    let (exit, results) = export(&world, &["-r", "a", "b"]);
    assert_eq!(exit, Exit::Incomplete);
    let told = list(&results, "results");
    assert_eq!(told.len(), 2);
    assert!(told[1]["title"].as_str().unwrap().ends_with("cannot be read"), "{}", told[1]);
    let said = world.run(&["export", "oscal", "-r", "a", "--expect-head", "sha256:00"]);
    assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
}

#[test]
fn a_control_is_explained_with_its_source() {
    let world = World::played_until(&["gate", "readiness"]);
    let said = ok(&world, &["explain", "CM-3.2"]);
    for words in
        ["Control cm-3.2", "5.2.0", "https://", "referred to by: KSI-CMT-", "P11-2.2", "gate "]
    {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    let view = ok(&world, &["explain", "cc8.1", "--format", "json"]).json();
    assert_eq!(view["about"][0]["kind"], "control");
    assert!(view["about"][0]["source"]["address"].as_str().unwrap().starts_with("https://"));
    assert!(ok(&world, &["explain", "P11-2.2"]).out.contains("controls: cm-3.2"));
    assert!(ok(&world, &["explain", "--list"]).out.contains("KSI-CMT-RMV"));
}
