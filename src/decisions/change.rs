//! What a release changes, as git told it, held against the facts that the policy gives (OPS-2).

use crate::definition::{ReasonDef, told};
use crate::project::Project;
use crate::record::CheckedChange;
use serde_json::Value;

/// The first circumstance of the phase under which it is skipped.
pub fn skip_reason(project: &Project) -> Option<&ReasonDef> {
    project.phase.applies.skip.iter().find(|own| own.holds(project.facts()))
}

/// Whether a fact says something that a change can be held against.
pub fn is_held(project: &Project) -> bool {
    let (def, facts) = (&project.phase.applies, project.facts());
    let given = |fact: &String| facts.get(fact).is_some_and(|own| !own.is_null());
    def.change.as_ref().is_some_and(given) || def.besides.keys().any(given)
}

/// What a change says against the facts: for each contradiction the fact, and a sentence.
pub fn contradictions(project: &Project, change: &CheckedChange) -> Vec<(String, String)> {
    let (def, facts) = (&project.phase.applies, project.facts());
    let mut out = Vec::new();
    let shown = |kind: &str| {
        let paths = change.kinds.get(kind).map(Vec::as_slice).unwrap_or_default();
        paths.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ")
    };
    if let Some(fact) = def.change.as_ref().filter(|fact| facts.get(*fact).is_some()) {
        let words = facts[fact].as_array().into_iter().flatten().filter_map(Value::as_str);
        let declared: Vec<&str> = words.collect();
        let covered = |kind: &str| {
            declared.iter().any(|own| {
                let also = def.implies.get(*own).into_iter().flatten();
                *own == kind || also.into_iter().any(|word| word == kind)
            })
        };
        let is_kind = |kind: &&String| !def.besides.contains_key(*kind);
        for kind in change.kinds.keys().filter(is_kind).filter(|kind| !covered(kind)) {
            let message =
                format!("{}, and the release changes {kind}: {}", told(fact, facts), shown(kind));
            out.push((fact.clone(), message));
        }
    }
    for fact in def.besides.keys() {
        let denied = facts.get(fact) == Some(&Value::Bool(false));
        if denied && change.kinds.contains_key(fact) {
            let message = format!(
                "{}, and the release changes such files: {}",
                told(fact, facts),
                shown(fact)
            );
            out.push((fact.clone(), message));
        }
    }
    out
}
