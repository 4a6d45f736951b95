//! GL215: readiness-disagrees.

use super::{Context, PrerequisiteStatus};
use crate::definition::NativeCheck;
use crate::model::{Advice, Finding, State};
use crate::project::Evidence;
use serde_json::Value;

rule! {
    /// The readiness checklist does not say what the prerequisite files say.
    ///
    /// ## What it checks
    /// Each prerequisite that gate 1 demands is listed with the path, digest and date of the file
    /// that lies there, and is `met` only when the file really is: looked at again, every time.
    ///
    /// ## Why it matters
    /// A checklist made from claims is how releases start with a rollback that nobody rehearsed.
    ///
    /// ## How to fix
    /// Record the checklist again (`d3p record KIND`); it looks at the files itself.
    GL215 "readiness-disagrees" Error since "0.1.0" clauses ["P11-1.1", "P11-G1"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for evidence in context.readable() {
        let readiness = |native: &NativeCheck| matches!(native, NativeCheck::Readiness {});
        if !evidence.def.native.iter().any(readiness) {
            continue;
        }
        let at = context.evidence_judged_at(&evidence);
        let gates = &context.project.phase.gates;
        for id in gates.values().flat_map(|gate| &gate.prerequisites) {
            if context.project.prerequisite_exemption(id).is_some() {
                continue;
            }
            let Some(status) = context.prerequisite(id, at) else { continue };
            if let Some((pointer, message, state)) = disagreement(&evidence, id, &status) {
                out.push(
                    Finding::new(&GL215, evidence.piece(), evidence.at(pointer), message)
                        .state(state)
                        .clauses(&evidence.def.clauses)
                        .advise(Advice::d3p(["record", evidence.kind])),
                );
            }
        }
    }
}

fn disagreement(
    evidence: &Evidence<'_>,
    id: &str,
    status: &PrerequisiteStatus,
) -> Option<(String, String, State)> {
    let items = evidence.value()?.get("prerequisites").and_then(Value::as_array)?;
    let text = |item: &Value, key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut listed =
        items.iter().enumerate().filter(|(_, item)| text(item, "id").as_deref() == Some(id));
    let Some((index, item)) = listed.next() else {
        return Some(("/prerequisites".to_owned(), format!("{id} is not listed"), State::Invalid));
    };
    let at = |key: &str| format!("/prerequisites/{index}/{key}");
    if listed.next().is_some() {
        return Some((at("id"), format!("{id} is listed twice"), State::Invalid));
    }
    if text(item, "path").as_ref() != Some(&status.path) {
        return Some((at("path"), format!("{id} lies at {}", status.path), State::Stale));
    }
    let listed_digest = text(item, "sha256");
    if listed_digest != status.digest.map(|digest| digest.to_string()) {
        // Where the checklist cites the same file, the broken citation says so.
        if evidence.cites().any(|(_, path, sha256)| {
            path == status.path && Some(sha256) == listed_digest.as_deref()
        }) {
            return None;
        }
        return Some((
            at("sha256"),
            format!("{id} has changed since the checklist was made"),
            State::Stale,
        ));
    }
    if text(item, "dated") != status.readable_date().map(str::to_owned) {
        return Some((at("dated"), format!("{id} carries another date"), State::Invalid));
    }
    let said = text(item, "status");
    if said.as_deref() == Some("met") && status.word != "met" {
        let why = status.reason.as_deref().unwrap_or_default();
        let state = if status.word == "stale" { State::Stale } else { State::Invalid };
        return Some((
            at("status"),
            format!("{id} is listed as met, but is {}: {why}", status.word),
            state,
        ));
    }
    None
}
