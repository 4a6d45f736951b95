//! What an engine that moves traffic says of a rollout, as `kubectl get … -o json` writes it: Argo's
//! `AnalysisRun` and `Rollout`, Flagger's `Canary`, and the workloads beside them, which name images.
//!
//! No phase is taken for what it says: each measurement is judged anew by its value, and the worse of
//! both counts. What is not there, has not ended, was cut short or cannot be judged is inconclusive.

mod analysis;
mod condition;
mod flagger;
mod rollout;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use super::{ImportError, json};
use crate::model::{Judgement, Stamp};
use serde_json::Value;

/// A metric of an analysis.
#[derive(Clone, PartialEq, Debug)]
pub struct EngineMetric {
    /// Its name, with the condition that it was judged by.
    pub condition: String,
    /// How many measurements it should have.
    pub wanted: usize,
    /// How many of them could be judged.
    pub judged: usize,
    /// The last value, or the first one that did not hold.
    pub value: Option<f64>,
    /// What it came to.
    pub verdict: Judgement,
    /// Why it did not pass.
    pub why: Option<String>,
}

/// One object.
#[derive(Clone, PartialEq, Debug)]
pub struct EngineObject {
    /// What it is and how it is called, such as `AnalysisRun api-7f9c-2`.
    pub name: String,
    /// What it came to, its metrics included.
    pub verdict: Judgement,
    /// Why it did not pass.
    pub why: Option<String>,
    /// The share of the traffic that the release gets by what it says, in percent.
    pub weight: Option<f64>,
    /// What was measured; empty where the engine measured nothing itself.
    pub metrics: Vec<EngineMetric>,
    /// The images that it runs.
    pub images: Vec<String>,
    /// Other words in which it may name what it is about: labels, arguments, queries.
    pub words: Vec<String>,
    /// The hash of the pods that it is about.
    pub pods: Option<String>,
    /// When something changed in it last.
    pub newest: Option<Stamp>,
    /// When the first of what it measured was measured.
    pub oldest: Option<Stamp>,
    workload: bool,
}

/// Reads one object or a list of them.
///
/// # Errors
/// What is not strict JSON, or holds nothing that an engine writes.
pub fn parse(text: &str) -> Result<Vec<EngineObject>, ImportError> {
    let value = json::parse(text)?;
    let items = match at(&value, "/kind") {
        "List" => list(&value, "/items").iter().collect(),
        kind if kind.ends_with("List") => list(&value, "/items").iter().collect(),
        _ => vec![&value],
    };
    let read = |item: &&Value| match (group(item), at(item, "/kind")) {
        ("argoproj.io", "AnalysisRun") => Some(analysis::read(item)),
        ("argoproj.io", "Rollout") => Some(rollout::read(item)),
        ("flagger.app", "Canary") => Some(flagger::read(item)),
        ("apps", "Deployment" | "DaemonSet" | "StatefulSet" | "ReplicaSet") => Some(workload(item)),
        _ => None,
    };
    let objects: Vec<EngineObject> = items.iter().filter_map(read).collect();
    if objects.is_empty() {
        return Err(ImportError::new("it holds no AnalysisRun, Rollout or Canary").help(
            "write what the engine knows: kubectl get analysisrun,rollout -o json, or canary,deployment",
        ));
    }
    Ok(objects)
}

/// An object of which nothing is known yet.
fn object(item: &Value) -> EngineObject {
    let labels = ["/metadata/labels", "/metadata/annotations"].into_iter().flat_map(|pointer| {
        let own = item.pointer(pointer).and_then(Value::as_object).into_iter().flatten();
        // What was applied is the object itself once more, as somebody wrote it.
        own.filter(|(key, _)| !key.ends_with("last-applied-configuration"))
            .filter_map(|(_, value)| value.as_str().map(str::to_owned))
    });
    EngineObject {
        name: format!("{} {}", at(item, "/kind"), at(item, "/metadata/name")),
        verdict: Judgement::Passed,
        why: None,
        weight: None,
        metrics: Vec::new(),
        images: images(item),
        words: labels.collect(),
        pods: None,
        newest: None,
        oldest: None,
        workload: false,
    }
}

impl EngineObject {
    /// Whether it only says what runs, and nothing of how a rollout goes.
    pub fn is_workload(&self) -> bool {
        self.workload
    }

    /// It is at least as bad as this.
    fn worse(&mut self, verdict: Judgement, why: impl Into<String>) {
        if verdict > self.verdict {
            self.verdict = verdict;
            self.why = Some(why.into());
        }
    }
}

fn workload(item: &Value) -> EngineObject {
    EngineObject { workload: true, ..object(item) }
}

/// The images of a template of pods.
fn images(item: &Value) -> Vec<String> {
    let all = ["/spec/template/spec/containers", "/spec/template/spec/initContainers"];
    let all = all.into_iter().flat_map(|pointer| list(item, pointer));
    all.map(|own| at(own, "/image").to_owned()).filter(|own| !own.is_empty()).collect()
}

/// The newest of the times that stand at `key` in each of `items`.
fn newest<'v>(items: impl IntoIterator<Item = &'v Value>, keys: &[&str]) -> Option<Stamp> {
    times(items, keys).max()
}

/// The times that stand at `key` in each of `items`.
fn times<'v>(
    items: impl IntoIterator<Item = &'v Value>,
    keys: &[&str],
) -> impl Iterator<Item = Stamp> {
    items.into_iter().flat_map(move |item| {
        keys.iter().filter_map(move |key| Stamp::parse(item.pointer(key)?.as_str()?).ok())
    })
}

/// The text at `pointer`; empty where there is none.
fn at<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A finite number, which Kubernetes also writes as a text.
fn number(value: &Value, pointer: &str) -> Option<f64> {
    let own = value.pointer(pointer)?;
    let number = own.as_f64().or_else(|| own.as_str()?.trim_end_matches('%').parse().ok());
    number.filter(|own| own.is_finite())
}

/// Whether it is there at all.
fn is_there(value: &Value, pointer: &str) -> bool {
    value.pointer(pointer).is_some_and(|own| !own.is_null())
}

/// The group of `apiVersion`.
fn group(item: &Value) -> &str {
    at(item, "/apiVersion").split('/').next().unwrap_or_default()
}
