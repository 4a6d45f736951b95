//! What `d3p.yaml` says for each of its phases: a file that names several has what they share at the
//! top, and what belongs to one of them below `phases`.

use crate::definition::{Mistake, Phase};
use serde_json::{Map, Value};

/// The key below which each phase has its own part.
const PHASES: &str = "phases";

/// Keys that say which phase it is: where there are several, each says it of itself.
const OWN: [&str; 3] = ["phase", "phase_version", "definition"];

/// The policy of one phase, as it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyPart {
    /// Id of the phase.
    pub phase: String,
    /// Its keys: its own, and those that it shares.
    pub value: Value,
    /// The keys that stand below its id; `None` where the whole file is of this phase.
    own: Option<Vec<String>>,
}

/// The parts of a `d3p.yaml`, in its order; one where it is all of one phase.
pub fn parts(raw: &Value) -> Vec<PolicyPart> {
    let Some(phases) = raw.get(PHASES).and_then(Value::as_object) else {
        let phase = raw.get("phase").and_then(Value::as_str).unwrap_or_default().to_owned();
        return vec![PolicyPart { phase, value: raw.clone(), own: None }];
    };
    let shared = raw.as_object().into_iter().flatten();
    let shared: Map<String, Value> = shared
        .filter(|(key, _)| *key != PHASES)
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    phases
        .iter()
        .map(|(id, part)| {
            let own = part.as_object().cloned().unwrap_or_default();
            let keys = own.keys().cloned().collect();
            let mut value = shared.clone();
            value.extend(own);
            value.insert("phase".to_owned(), Value::String(id.clone()));
            PolicyPart { phase: id.clone(), value: Value::Object(value), own: Some(keys) }
        })
        .collect()
}

impl PolicyPart {
    /// Where a key of this policy stands in the file.
    pub fn pointer(&self, within: &str) -> String {
        let Some(own) = &self.own else { return within.to_owned() };
        let (first, id) = (within.split('/').nth(1).unwrap_or_default(), &self.phase);
        match first {
            // Its name is the key of its part.
            "phase" => format!("/{PHASES}/{id}"),
            key if own.iter().any(|own| own == key) => format!("/{PHASES}/{id}{within}"),
            _ => within.to_owned(),
        }
    }

    /// Takes out what is shared and belongs to other phases: keys that count only where a phase has a
    /// default for them, as `schema` says of each.
    pub fn keep_declared(&mut self, phase: &Phase, schema: &Value) {
        let shared: Vec<String> = self.value.as_object().map_or_else(Vec::new, |members| {
            members.keys().filter(|key| self.shares(key)).cloned().collect()
        });
        for key in shared {
            let foreign = |inner: &String| {
                let place = format!("/properties/{key}/properties/{inner}/x-d3p-where-declared");
                schema.pointer(&place) == Some(&Value::Bool(true))
                    && phase.defaults.get(&key).is_none_or(|own| own.get(inner).is_none())
            };
            if let Some(Value::Object(members)) = self.value.get_mut(&key) {
                members.retain(|inner, _| !foreign(inner));
            }
        }
    }

    /// Whether `key` is one that several phases share.
    pub fn shares(&self, key: &str) -> bool {
        self.own.as_ref().is_some_and(|own| !own.iter().any(|own| own == key))
    }
}

/// What stands in the wrong place of a `d3p.yaml` with several phases.
pub fn misplaced(raw: &Value) -> Vec<Mistake> {
    let Some(phases) = raw.get(PHASES).and_then(Value::as_object) else { return Vec::new() };
    let on_key = |pointer: String, message: String, help: &str| Mistake {
        pointer,
        on_key: true,
        message,
        help: Some(help.to_owned()),
    };
    let mut out = Vec::new();
    for key in OWN.iter().filter(|key| raw.get(**key).is_some()) {
        let message = format!("`{key}` stands at the top, and `{PHASES}` names several phases");
        out.push(on_key(format!("/{key}"), message, "move it below the id of its phase"));
    }
    for (id, part) in phases {
        for key in part.as_object().into_iter().flatten().map(|(key, _)| key) {
            if raw.get(key).is_some() && !OWN.contains(&key.as_str()) {
                let place = format!("/{PHASES}/{id}/{key}");
                let message =
                    format!("`{key}` stands at the top too: one of them would be ignored");
                out.push(on_key(place, message, "keep one: at the top where all phases share it"));
            }
        }
    }
    out
}

/// Where two phases of one project would write into each other's files: the second one, and why.
pub fn colliding(phases: &[&Phase]) -> Option<(String, String)> {
    let inside = |path: &str, dir: &str| {
        path.strip_prefix(dir).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let dirs =
        |phase: &Phase| [phase.places.directory().to_owned(), phase.places.archives().to_owned()];
    let files = |phase: &Phase| -> Vec<String> {
        let documents = phase.documents.values().map(|def| def.path.clone());
        documents.chain(phase.evidence.values().map(|def| def.path.clone())).collect()
    };
    for (index, second) in phases.iter().enumerate() {
        for first in &phases[..index] {
            let theirs = dirs(first);
            let all = |phase: &Phase| dirs(phase).into_iter().chain(files(phase));
            let taken = all(second)
                .find(|path| theirs.iter().any(|dir| inside(path, dir)))
                .or_else(|| {
                    all(first).find(|path| dirs(second).iter().any(|dir| inside(path, dir)))
                })
                .or_else(|| files(second).into_iter().find(|path| files(first).contains(path)));
            if let Some(path) = taken {
                let why = format!("phases {} and {} would both write {path}", first.id, second.id);
                return Some((second.id.clone(), why));
            }
        }
    }
    None
}
