//! GL261: part-not-shown.

use super::Context;
use super::support::mend::mend;
use crate::definition::{FilesKind, PartDef};
use crate::model::{Finding, Location, State};
use crate::project::Evidence;
use serde_json::Value;

rule! {
    /// Evidence does not show a part of what a fact says that it has to.
    ///
    /// ## What it checks
    /// Evidence of operations has parts, such as dashboards, runbooks or a review of who has access.
    /// Each that applies by the facts of `d3p.yaml` is shown: by files of the release's commit, which are
    /// kept with their digests, or by the word of a person, where the phase takes one.
    ///
    /// ## Why it matters
    /// A file of evidence that says nothing of the runbooks looks as if they had been looked at.
    ///
    /// ## How to fix
    /// Name the files: `d3p record KIND --file PART=GLOB`; or say in the body who found that there is
    /// nothing to change. `d3p explain KIND` shows the parts.
    GL261 "part-not-shown" Error since "0.1.0" clauses ["OPS-4c", "OPS-4e", "OPS-4h", "OPS-4i", "DLC-13", "D3P-3"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    for evidence in context.readable() {
        for (id, part) in &evidence.def.parts {
            let applies = part.when.as_ref().is_none_or(|fact| fact.holds(project.facts()));
            // Rules of alerts have members of their own, which the schema demands.
            let counted = part.files == Some(FilesKind::AlertRules);
            if !applies || counted || is_shown(&evidence, id, part) {
                continue;
            }
            let by = part.when.as_ref().map(|fact| format!(", and {}", fact.told(project.facts())));
            let message = format!("does not show {}{}", part.title, by.unwrap_or_default());
            let place = Location::file(&evidence.def.path);
            out.push(
                Finding::new(&GL261, evidence.piece(), place, message)
                    .state(State::Invalid)
                    .clauses(&evidence.def.clauses)
                    .advise(mend(project, &evidence.piece()).what(ways(id, part))),
            );
        }
    }
}

/// Whether files or the word of a person show it.
fn is_shown(evidence: &Evidence<'_>, id: &str, part: &PartDef) -> bool {
    let says = |pointer: &str| {
        let value = evidence.value().and_then(|value| value.pointer(pointer));
        value.is_some_and(|value| match value {
            Value::Null => false,
            Value::Array(items) => !items.is_empty(),
            Value::Object(members) => !members.is_empty(),
            _ => true,
        })
    };
    part.files.is_some() && says(&format!("/files/{id}"))
        || part.at.as_ref().is_some_and(|pointer| says(pointer))
}

/// How it can be shown.
fn ways(id: &str, part: &PartDef) -> String {
    let files = part.files.map(|_| format!("name its files with --file {id}=GLOB"));
    let word = part.at.as_ref().map(|pointer| {
        format!("say it in the body, at {}", pointer.trim_start_matches('/').replace('/', "."))
    });
    files.into_iter().chain(word).collect::<Vec<_>>().join(", or ")
}
