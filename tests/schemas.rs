//! The schemas against the metaschema, hand-written instances, the examples and the shipped phase.
//!
//! An instance that must be refused says why, and where the faults must lie: exactly there, so a
//! cause that is told twice fails here too.

#![allow(clippy::unwrap_used)]

use d3p::testing::schema::{self, RuntimeSchema, SchemaFault};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn json_files(directory: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(directory).unwrap_or_else(|e| panic!("{}: {e}", directory.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn corpus(name: &str, side: &str) -> Vec<(PathBuf, Value)> {
    let files = json_files(&root().join("tests/schemas").join(name).join(side));
    files.into_iter().map(|path| (path.clone(), read(&path))).collect()
}

fn document(name: &str) -> Value {
    serde_json::from_str(schema::text(name).unwrap()).unwrap()
}

fn pointers(faults: &[SchemaFault]) -> Vec<&str> {
    faults.iter().map(|fault| fault.pointer.as_str()).collect()
}

#[test]
fn schemas_are_schemas_and_named_after_their_files() {
    for name in schema::names() {
        let document = document(name);
        assert!(jsonschema::draft202012::meta::is_valid(&document), "{name}");
        let file = format!("{name}.v1.schema.json");
        assert_eq!(document["$id"], format!("https://d3p.dev/schemas/{file}"), "{name}");
        assert_eq!(document["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        let on_disk = fs::read_to_string(root().join("schemas").join(&file)).unwrap();
        assert_eq!(Some(on_disk.as_str()), schema::text(name), "{name}");
    }
    assert_eq!(json_files(&root().join("schemas")).len(), schema::names().len());
}

#[test]
fn every_key_is_described_and_every_pattern_said_in_words() {
    fn walk(schema: &Value, path: &str, said: &mut Vec<String>) {
        if let Some(keys) = schema.get("properties").and_then(Value::as_object) {
            for (key, value) in keys {
                // A condition repeats a key only to look at its value; a reference brings its own.
                let conditional = path.ends_with("/if");
                let described = value.get("description").is_some() || value.get("$ref").is_some();
                if !conditional && !described {
                    said.push(format!("{path}/properties/{key}: no description"));
                }
            }
        }
        if schema.get("pattern").is_some_and(Value::is_string)
            && schema.get("x-d3p-expected").is_none()
        {
            said.push(format!("{path}: a pattern without x-d3p-expected"));
        }
        match schema {
            Value::Object(members) => {
                members.iter().for_each(|(key, value)| walk(value, &format!("{path}/{key}"), said));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, path, said)),
            _ => {}
        }
    }
    let mut said = Vec::new();
    for name in schema::names() {
        let document = document(name);
        assert!(document["title"].is_string() && document["description"].is_string(), "{name}");
        walk(&document, name, &mut said);
    }
    assert!(said.is_empty(), "{said:#?}");
}

#[test]
fn valid_instances_are_accepted() {
    for name in schema::names() {
        let instances = corpus(name, "valid");
        assert!(!instances.is_empty(), "{name}");
        for (path, instance) in instances {
            let faults = schema::validate(name, &instance).unwrap();
            assert!(faults.is_empty(), "{}: {faults:#?}", path.display());
        }
    }
}

#[test]
fn invalid_instances_are_refused_where_they_are_wrong() {
    let mut wrong = Vec::new();
    for name in schema::names() {
        let instances = corpus(name, "invalid");
        assert!(instances.len() >= 3, "{name}");
        for (path, case) in instances {
            assert!(case["why"].is_string(), "{}", path.display());
            let faults = schema::validate(name, &case["instance"]).unwrap();
            if json!(pointers(&faults)) != case["expect"] {
                wrong.push((path, case["expect"].clone(), faults));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The sentences of the whole corpus, to be read as a whole.
#[test]
fn sentences() {
    let mut out = String::new();
    for name in schema::names() {
        for (path, case) in corpus(name, "invalid") {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            out.push_str(&format!("{name}/{stem}\n"));
            for fault in schema::validate(name, &case["instance"]).unwrap() {
                let place = if fault.on_key { "key" } else { "value" };
                out.push_str(&format!("  {place} `{}`: {}\n", fault.pointer, fault.message));
                if let Some(help) = fault.help {
                    out.push_str(&format!("    help: {help}\n"));
                }
            }
        }
    }
    insta::assert_snapshot!(out);
}

fn header(kind: &str) -> Value {
    let mut header = corpus("header", "valid").remove(1).1;
    header["$schema"] = json!(format!("https://d3p.dev/schemas/{kind}.v1.schema.json"));
    header["kind"] = json!(kind);
    header
}

#[test]
fn examples_are_valid_bodies() {
    let files = json_files(&root().join("examples/evidence"));
    assert_eq!(files.len(), 14);
    for path in files {
        let kind = path.file_stem().unwrap().to_string_lossy().into_owned();
        let body = read(&path);
        let faults = match kind.as_str() {
            "deployment-health-log" => schema::validate("health-entry", &body),
            "deployment-communications" => schema::validate("communication-entry", &body),
            _ => {
                let mut whole = header(&kind);
                for (key, value) in body.as_object().unwrap() {
                    assert!(whole.get(key).is_none(), "{kind}: `{key}` belongs to the header");
                    whole[key] = value.clone();
                }
                schema::validate(&kind, &whole)
            }
        };
        assert_eq!(faults, Some(Vec::new()), "{kind}");
    }
}

#[test]
fn the_shipped_phases_are_valid_and_without_a_mistake() {
    let shipped = d3p::testing::source::embedded_phases();
    assert_eq!(shipped.len(), 2);
    for id in shipped {
        let text = fs::read_to_string(root().join(format!("templates/{id}/phase.yaml"))).unwrap();
        let raw: Value = serde_saphyr::from_str(&text).unwrap();
        assert_eq!(schema::validate("phase", &raw), Some(Vec::new()), "{id}");
        let phase = d3p::testing::source::embedded(id).unwrap();
        assert_eq!(phase.id, id);
        assert_eq!(d3p::testing::definition::mistakes(&phase, &raw), Vec::new(), "{id}");
        assert!(phase.folder.unusable().is_empty(), "{id}");
        // A schema of its own takes its example, and not nothing.
        for (kind, _) in phase.folder.schemas() {
            let body: Value = serde_json::from_str(phase.folder.example(kind).unwrap()).unwrap();
            let mut whole = header(kind);
            whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
            assert_eq!(phase.folder.faults(kind, &whole), Vec::new(), "{id}: {kind}");
            assert!(!phase.folder.faults(kind, &header(kind)).is_empty(), "{id}: {kind}");
            assert!(!phase.folder.faults(kind, &json!({})).is_empty(), "{id}: {kind}");
        }
    }
}

#[test]
fn runtime_schemas_are_refused_in_words() {
    let refused = |text: &str| RuntimeSchema::compile(text).unwrap_err().to_string();
    assert_eq!(refused("{"), "the schema is not valid JSON");
    assert!(refused(r#"{"type": "strnig"}"#).contains("/type"));
    assert!(refused(r#"{"format": "date-tiem"}"#).contains("not a JSON Schema"));
    assert!(refused(r#"{"$ref": "https://example.com/other.json"}"#).contains("known schemas"));
    let own = r#"{"$id": "https://d3p.dev/schemas/own.json", "properties": {"at": {"$ref": "header.v1.schema.json#/$defs/time"}}}"#;
    let faults = RuntimeSchema::compile(own).unwrap().validate(&json!({"at": "now"}));
    assert_eq!(pointers(&faults), ["/at"]);
    assert!(faults[0].message.contains("a time with offset"), "{faults:?}");
}

#[test]
fn hostile_instances_are_faults_and_never_a_panic() {
    let deep = (0..100).fold(json!(1), |inner, _| json!({ "every": inner }));
    let deep = json!({ "evidence": { "report": { "require": [deep] } } });
    let wide = json!(vec![json!({}); 5000]);
    for name in schema::names() {
        for value in [&deep, &wide, &json!(null), &json!({"": {"~": {"/": 1}}})] {
            let _ = schema::validate(name, value).unwrap();
        }
    }
    assert_eq!(schema::validate("no-such-schema", &json!({})), None);
}

/// Every place of a value, as pointers.
fn places(value: &Value, pointer: &str, into: &mut Vec<String>) {
    into.push(pointer.to_owned());
    match value {
        Value::Object(members) => members.iter().for_each(|(key, member)| {
            let key = key.replace('~', "~0").replace('/', "~1");
            places(member, &format!("{pointer}/{key}"), into);
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| {
            places(item, &format!("{pointer}/{index}"), into);
        }),
        _ => {}
    }
}

/// `value` with each place replaced in turn, and with a key of no meaning added to each object.
fn mutations(value: &Value) -> Vec<Value> {
    let mut pointers = Vec::new();
    places(value, "", &mut pointers);
    let mut mutated = Vec::new();
    for pointer in pointers {
        for other in [json!(null), json!(""), json!(-1), json!(true), json!([]), json!({})] {
            let mut copy = value.clone();
            *copy.pointer_mut(&pointer).unwrap() = other;
            mutated.push(copy);
        }
        let mut copy = value.clone();
        if let Some(object) = copy.pointer_mut(&pointer).unwrap().as_object_mut() {
            object.insert("nonsense".to_owned(), json!(1));
            mutated.push(copy);
        }
    }
    mutated
}

#[test]
fn no_fault_is_told_in_vague_words() {
    for name in schema::names() {
        let (_, instance) = corpus(name, "valid").remove(0);
        for mutated in mutations(&instance) {
            let faults = schema::validate(name, &mutated).unwrap();
            let vague = faults.iter().find(|fault| fault.message.contains("its schema"));
            assert!(vague.is_none(), "{name}: {vague:?}: {mutated}");
        }
    }
}

#[test]
fn strict_directions_are_known_words() {
    const DIRECTIONS: [&str; 11] = [
        "shorter", "longer", "lower", "higher", "superset", "subset", "prefix", "true", "false",
        "on", "level",
    ];
    fn walk(schema: &Value, found: &mut usize) {
        if let Some(direction) = schema.get("x-d3p-stricter") {
            assert!(DIRECTIONS.contains(&direction.as_str().unwrap()), "{direction}");
            *found += 1;
        }
        match schema {
            Value::Object(members) => members.values().for_each(|member| walk(member, found)),
            Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            _ => {}
        }
    }
    let mut found = 0;
    walk(&document("d3p"), &mut found);
    assert_eq!(found, 47);
}
