//! Puts the evidence header around a body.

use crate::definition::EvidenceDef;
use crate::model::Stamp;
use crate::project::{Project, Release};
use crate::record::{FileDigest, Import};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What the header needs to know besides the release.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    /// Kind of evidence.
    pub kind: &'a str,
    /// What the phase says of it.
    pub def: &'a EvidenceDef,
    /// Where the facts come from: `computed`, `ran`, `imported` or `typed`.
    pub origin: &'static str,
    /// HEAD, when it is another commit with the same tree.
    pub observed_commit: Option<String>,
    /// Files it rests on besides its predecessors: path → digest.
    pub cites: BTreeMap<String, String>,
    /// The runs of hooks that it was made of.
    pub runs: &'a [FileDigest],
    /// The reports that it was made of.
    pub imports: &'a [Import],
    /// Re-recordings of this file, from 1.
    pub recording: u64,
    /// Now.
    pub now: Stamp,
}

/// Keys of the header, which no body may carry. The two times may stand in a body: a person says
/// when the work was done.
pub fn header_keys() -> [&'static str; 15] {
    [
        "$schema",
        "schema_version",
        "kind",
        "release",
        "commit",
        "environment",
        "attempt",
        "try",
        "origin",
        "generated_by",
        "cites",
        "runs",
        "imports",
        "observed_commit",
        "status",
    ]
}

/// Header and body as one value; `status` is what `passed` says.
pub fn compose(
    project: &Project,
    release: &Release,
    envelope: &Envelope<'_>,
    body: &Map<String, Value>,
    passed: bool,
) -> Value {
    let Envelope { kind, def, origin, now, recording, .. } = envelope;
    let (started, finished) = times(body, *now);
    let mut value = Map::new();
    let mut put = |key: &str, item: Value| value.insert(key.to_owned(), item);
    put("$schema", json!(format!("https://d3p.dev/schemas/{kind}.v1.schema.json")));
    put("schema_version", json!(1));
    put("kind", json!(kind));
    put("release", json!(release.version));
    put("commit", json!(release.commit));
    put("environment", json!(def.environment));
    put("attempt", json!(release.attempt));
    put("try", json!(recording));
    put("origin", json!(origin));
    put("started_at", started);
    put("finished_at", finished);
    put("generated_by", json!(concat!("d3p ", env!("CARGO_PKG_VERSION"))));
    put("cites", cites(project, envelope, body));
    if !envelope.runs.is_empty() {
        put("runs", json!(envelope.runs));
    }
    if !envelope.imports.is_empty() {
        put("imports", json!(envelope.imports));
    }
    if let Some(observed) = &envelope.observed_commit {
        put("observed_commit", json!(observed));
    }
    put("status", json!(if passed { "passed" } else { "failed" }));
    for (key, item) in
        body.iter().filter(|(key, _)| !["started_at", "finished_at"].contains(&key.as_str()))
    {
        put(key, item.clone());
    }
    if let (Some(outcome), false) = (&def.outcome, body.contains_key("outcome")) {
        let word = if passed { Some(&outcome.passed) } else { outcome.failed.as_ref() };
        if let Some(word) = word {
            put("outcome", json!(word));
        }
    }
    Value::Object(value)
}

/// When the work was done: as the body says, else as its commands say, else now.
fn times(body: &Map<String, Value>, now: Stamp) -> (Value, Value) {
    let commands = body.get("commands").and_then(Value::as_array);
    let stamps = |key: &str| {
        let texts = commands.into_iter().flatten().filter_map(|command| command.get(key)?.as_str());
        texts.filter_map(|text| Stamp::parse(text).ok()).collect::<Vec<_>>()
    };
    let own = |key: &str| body.get(key).cloned();
    let text = |stamp: Option<Stamp>| json!(stamp.unwrap_or(now).to_string());
    let finished =
        own("finished_at").unwrap_or_else(|| text(stamps("finished_at").into_iter().max()));
    let started =
        own("started_at").unwrap_or_else(|| match stamps("started_at").into_iter().min() {
            Some(stamp) => text(Some(stamp)),
            None => finished.clone(),
        });
    (started, finished)
}

/// Predecessors, everything the body refers to by path and digest, and what the collector adds.
fn cites(project: &Project, envelope: &Envelope<'_>, body: &Map<String, Value>) -> Value {
    let mut all = envelope.cites.clone();
    for kind in &envelope.def.after {
        let Some(def) = project.phase.evidence.get(kind) else { continue };
        if let Some(digest) = project.digest_of(&def.path) {
            all.insert(def.path.clone(), digest.to_string());
        }
    }
    // A request is a draft: what it was about is not what is decided on now.
    for (_, item) in body.iter().filter(|(key, _)| *key != "request") {
        referenced(item, &mut all);
    }
    for run in envelope.runs {
        all.insert(run.path.clone(), run.sha256.clone());
    }
    for import in envelope.imports {
        all.insert(import.path.clone(), import.sha256.clone());
    }
    all.into_iter().map(|(path, sha256)| json!({ "path": path, "sha256": sha256 })).collect()
}

fn referenced(value: &Value, all: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            let text = |key: &str| members.get(key).and_then(Value::as_str);
            // What is kept out of git cannot be demanded of everybody.
            let here = !members.contains_key("detached");
            if let (Some(path), Some(sha256), true) = (text("path"), text("sha256"), here) {
                all.insert(path.to_owned(), sha256.to_owned());
            }
            members.values().for_each(|member| referenced(member, all));
        }
        Value::Array(items) => items.iter().for_each(|item| referenced(item, all)),
        _ => {}
    }
}
