//! What is wrong with a phase definition beyond its schema: names, places and files that lead nowhere.

use crate::definition::folder::{CLAUSES, schema_file, skeleton_file};
use crate::definition::{NativeCheck, Phase, unknown_references};
use serde_json::Value;
use std::collections::BTreeMap;

/// Prefix of a reference into the policy.
const POLICY: &str = "policy#";

/// Keys of `d3p.yaml` that every project writes, whatever its phase.
const WRITTEN: [&str; 4] = ["phase", "phase_version", "project", "services"];

/// One mistake of a definition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// JSON pointer into the definition.
    pub pointer: String,
    /// Whether the key is the place to show.
    pub on_key: bool,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

impl Mistake {
    fn at(pointer: impl Into<String>, message: String) -> Self {
        Self { pointer: pointer.into(), on_key: false, message, help: None }
    }

    fn help(self, help: String) -> Self {
        Self { help: Some(help), ..self }
    }
}

/// Every mistake of `phase`, whose definition was read from `raw`; empty when it can be used.
pub fn mistakes(phase: &Phase, raw: &Value) -> Vec<Mistake> {
    let unknown = unknown_references(phase).into_iter();
    let mut out: Vec<Mistake> =
        unknown.map(|(pointer, message)| Mistake::at(pointer, message)).collect();
    schemas(phase, &mut out);
    skeletons(phase, &mut out);
    paths(phase, &mut out);
    sections(phase, &mut out);
    policy(phase, raw, &mut String::new(), &mut out);
    clauses(phase, raw, &mut out);
    out
}

/// A kind without a schema would take any body, and a checklist of the schema decides nothing.
fn schemas(phase: &Phase, out: &mut Vec<Mistake>) {
    for kind in phase.evidence.keys().filter(|kind| phase.folder.schema(kind).is_none()) {
        let message = format!("evidence `{kind}` has no schema, so anything would pass for it");
        let mut mistake = Mistake::at(format!("/evidence/{kind}"), message).help(format!(
            "put its schema into {} beside this file, or name a kind of which d3p has one: {}",
            schema_file(kind),
            shared().join(", ")
        ));
        mistake.on_key = true;
        out.push(mistake);
    }
}

/// The schemas of d3p that evidence may have: those with the shared header.
fn shared() -> Vec<&'static str> {
    let header = "\"$ref\": \"header.v1.schema.json\"";
    let has = |name: &&str| crate::schema::text(name).is_some_and(|text| text.contains(header));
    crate::schema::names().into_iter().filter(has).collect()
}

fn skeletons(phase: &Phase, out: &mut Vec<Mistake>) {
    let documents = phase.documents.iter();
    let documents = documents.map(|(id, def)| (format!("/documents/{id}"), Some(&def.template)));
    let evidence = phase.evidence.iter();
    let evidence = evidence.map(|(kind, def)| (format!("/evidence/{kind}"), def.template.as_ref()));
    for (pointer, template) in documents.chain(evidence) {
        let Some(name) = template.filter(|name| phase.folder.skeleton(name).is_none()) else {
            continue;
        };
        let there: Vec<&str> =
            phase.folder.names().filter_map(|name| name.strip_suffix(".tera")).collect();
        out.push(
            Mistake::at(format!("{pointer}/template"), format!("there is no skeleton `{name}`"))
                .help(format!(
                    "put it into {} beside this file; there are: {}",
                    skeleton_file(name),
                    list(&there)
                )),
        );
    }
}

/// Two pieces at one path would overwrite each other.
fn paths(phase: &Phase, out: &mut Vec<Mistake>) {
    let documents = phase.documents.iter().map(|(id, def)| ("documents", id, &def.path));
    let evidence = phase.evidence.iter().map(|(kind, def)| ("evidence", kind, &def.path));
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for (list, id, path) in documents.chain(evidence) {
        if let Some(other) = taken.insert(path, id) {
            let message = format!("`{id}` lies where `{other}` lies, at {path}");
            out.push(
                Mistake::at(format!("/{list}/{id}/path"), message)
                    .help("give each a path of its own".to_owned()),
            );
        }
    }
}

/// Tables that checks look into.
fn sections(phase: &Phase, out: &mut Vec<Mistake>) {
    let documents =
        phase.documents.iter().map(|(id, def)| (format!("/documents/{id}"), &def.sections));
    let evidence =
        phase.evidence.iter().map(|(id, def)| (format!("/evidence/{id}"), &def.sections));
    for (pointer, sections) in documents.chain(evidence) {
        for (index, table) in
            sections.iter().enumerate().filter_map(|(at, own)| Some((at, own.table.as_ref()?)))
        {
            for name in table.distinct.iter().filter(|name| !table.columns.contains_key(*name)) {
                let pointer = format!("{pointer}/sections/{index}/table/distinct");
                out.push(Mistake::at(pointer, format!("`{name}` is no column of this table")));
            }
        }
    }
    for (kind, def) in &phase.evidence {
        for (index, native) in def.native.iter().enumerate() {
            let wanted: Vec<(&str, &str, &str)> = match native {
                NativeCheck::HealthSeries { thresholds, .. } => {
                    vec![("health_series/thresholds", &thresholds.document, &thresholds.section)]
                }
                NativeCheck::Window { plan: Some(plan), .. } => vec![
                    ("window/plan", &plan.document, &plan.window),
                    ("window/plan", &plan.document, &plan.steps),
                ],
                _ => Vec::new(),
            };
            for (key, document, section) in wanted {
                let Some(def) = phase.documents.get(document) else { continue };
                let has = |with_table: bool| {
                    let sections = def.sections.iter();
                    sections.filter(move |own| own.table.is_some() || !with_table)
                };
                if !has(true).any(|own| own.id == section) {
                    let known: Vec<&str> = has(true).map(|own| own.id.as_str()).collect();
                    let pointer = format!("/evidence/{kind}/native/{index}/{key}");
                    let message =
                        format!("`{section}` is no section of document {document} with a table");
                    out.push(
                        Mistake::at(pointer, message).help(format!("those are: {}", list(&known))),
                    );
                }
            }
        }
    }
}

/// References into the policy: to what the phase has a default for, or what every project writes.
fn policy(phase: &Phase, value: &Value, pointer: &mut String, out: &mut Vec<Mistake>) {
    let member = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                let length = pointer.len();
                pointer.push_str(&format!("/{}", member(key)));
                policy(phase, inner, pointer, out);
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                let length = pointer.len();
                pointer.push_str(&format!("/{index}"));
                policy(phase, inner, pointer, out);
                pointer.truncate(length);
            }
        }
        Value::String(text) => {
            let exemption = pointer.ends_with("/exempt_unless/policy").then_some(text.as_str());
            let Some(wanted) = text.strip_prefix(POLICY).or(exemption) else { return };
            let first = wanted.split('/').nth(1).unwrap_or_default();
            if !WRITTEN.contains(&first) && phase.defaults.pointer(wanted).is_none() {
                let keys = phase.defaults.as_object().into_iter().flatten().map(|(key, _)| key);
                let keys: Vec<&str> = WRITTEN.into_iter().chain(keys.map(String::as_str)).collect();
                let message = format!("`{wanted}` is nothing that the policy of this phase has");
                out.push(Mistake::at(pointer.clone(), message).help(format!(
                    "give it a default in `defaults`; the policy has: {}",
                    list(&keys)
                )));
            }
        }
        _ => {}
    }
}

/// Clauses that `clauses.yaml` does not have, where there is one.
fn clauses(phase: &Phase, raw: &Value, out: &mut Vec<Mistake>) {
    let Some(known) = phase.folder.clauses() else { return };
    let mut named = Vec::new();
    walk_clauses(raw, &mut String::new(), &mut named);
    for (pointer, id) in named {
        if !known.contains(&id) {
            let message = format!("`{id}` is no clause of {CLAUSES} beside this file");
            let all: Vec<&str> = known.iter().map(String::as_str).collect();
            out.push(Mistake::at(pointer, message).help(format!("those are: {}", list(&all))));
        }
    }
}

fn walk_clauses(value: &Value, pointer: &mut String, out: &mut Vec<(String, String)>) {
    let length = pointer.len();
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                pointer.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1")));
                match (key.as_str(), inner) {
                    ("clauses", Value::Array(ids)) => {
                        let ids = ids.iter().enumerate();
                        out.extend(ids.filter_map(|(index, id)| {
                            Some((format!("{pointer}/{index}"), id.as_str()?.to_owned()))
                        }));
                    }
                    _ => walk_clauses(inner, pointer, out),
                }
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                pointer.push_str(&format!("/{index}"));
                walk_clauses(inner, pointer, out);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
