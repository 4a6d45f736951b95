//! Decisions of people that the ledger names and that are gone from their file.

use super::copies::Copies;
use super::{Copy, Damaged};
use crate::decisions::GO;
use crate::definition::NativeCheck;
use crate::model::Sha256Digest;
use crate::project::Project;
use crate::record::Decided;
use crate::render::json;
use crate::source::{RAW_LIMIT, Root};
use serde_json::Value;

/// Files that lack an objection, or a decision on a rollback, that nobody has replaced since.
pub(super) fn paths(project: &Project) -> Vec<String> {
    let holding = project.all_evidence().filter(|evidence| {
        evidence.def.native.iter().any(NativeCheck::holds_decisions) && evidence.value().is_some()
    });
    let lacking =
        holding.filter(|evidence| !gone(project, &evidence.def.path, evidence.value()).is_empty());
    lacking.map(|evidence| evidence.def.path.clone()).collect()
}

/// The decisions of `path` that are gone: the last of each person. A GO that stands for nothing any
/// more falls away, which is no loss.
fn gone<'a>(project: &'a Project, path: &str, value: Option<&Value>) -> Vec<&'a Decided> {
    let release = project.told_release();
    let there: Vec<String> = decisions(value).iter().map(digest).collect();
    let named = project.ledger.decisions().filter(|(line, _)| {
        Some(&line.entry.release) == release.as_ref()
            && line.entry.digests.iter().any(|file| file.path == path)
    });
    let named: Vec<&Decided> = named.map(|(_, decided)| decided).collect();
    let last = |own: &&&Decided| {
        named.iter().rfind(|other| other.person == own.person).is_some_and(|other| *other == **own)
    };
    let lost = |own: &&&Decided| own.decision != GO && !there.contains(&own.statement);
    named.iter().filter(last).filter(lost).copied().collect()
}

fn decisions(value: Option<&Value>) -> Vec<Value> {
    let list = value.and_then(|value| value.get("decisions")?.as_array());
    list.cloned().unwrap_or_default()
}

fn digest(decision: &Value) -> String {
    let text = decision.get("statement").and_then(Value::as_str).unwrap_or_default();
    Sha256Digest::of(text.as_bytes()).to_string()
}

/// The file with the decisions that it lacks, as far as some copy has them.
pub(super) fn damaged(root: &Root, project: &Project, path: &str, copies: &Copies<'_>) -> Damaged {
    let text = root.bytes(path, RAW_LIMIT).unwrap_or_default();
    let mut value: Value = serde_json::from_slice(&text).unwrap_or_default();
    let gone = gone(project, path, Some(&value));
    let texts = copies.texts(path, &[]).into_iter().chain(tries(root, project));
    let mut known: Vec<(Value, String)> = Vec::new();
    for (text, place) in texts {
        let own = serde_json::from_str(&text).ok();
        known.extend(decisions(own.as_ref()).into_iter().map(|own| (own, place.clone())));
    }
    let published = copies.published().iter().cloned();
    known.extend(published.map(|own| (own, "what machines published".to_owned())));
    let (mut found, mut notes, mut from) = (Vec::new(), Vec::new(), String::new());
    for decided in &gone {
        match known.iter().find(|(own, _)| digest(own) == decided.statement) {
            Some((decision, place)) => {
                found.push(decision.clone());
                from.clone_from(place);
            }
            None => notes.push(format!(
                "no copy holds what {} decided ({}), sha256 {}",
                decided.person, decided.decision, decided.statement
            )),
        }
    }
    let list = value.get_mut("decisions").and_then(Value::as_array_mut);
    let bytes = match list {
        Some(list) if !found.is_empty() => {
            list.splice(0..0, found);
            Some(json::pretty(&value).into_bytes())
        }
        _ => None,
    };
    Damaged {
        path: path.to_owned(),
        what: "lacks a decision that the ledger names".to_owned(),
        named_by: "the ledger".to_owned(),
        found: bytes.map(|bytes| Copy { bytes, from }),
        denied: None,
        is_missed: true,
        notes,
    }
}

/// Earlier tries, which lie in the release itself.
fn tries(root: &Root, project: &Project) -> Vec<(String, String)> {
    let tries = project.raw.keys().filter(|path| project.places().is_attempt(path));
    let read = |path: &String| {
        let bytes = root.bytes(path, RAW_LIMIT).ok()?;
        Some((String::from_utf8_lossy(&bytes).into_owned(), path.clone()))
    };
    tries.filter_map(read).collect()
}
