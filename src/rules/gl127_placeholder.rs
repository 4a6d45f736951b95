//! GL127: placeholder.

use super::Context;
use super::support::mend::mend;
use super::support::sections::{sectioned, skeletons};
use crate::markdown::placeholder;
use crate::model::{Finding, Location, State};
use serde_json::Value;

rule! {
    /// A placeholder was left in.
    ///
    /// ## What it checks
    /// No `[fill: …]`, `TBD`, `TODO`, `???`, `>X%`, `{tag}`, `<slug>` or `[threshold]` stands in
    /// prose, tables, headings, front matter or JSON texts. Code is left alone.
    ///
    /// ## Why it matters
    /// `Error rate increases by >X%` looks like a threshold until the error rate increases.
    ///
    /// ## How to fix
    /// Write the real value in its place.
    GL127 "placeholder" Error since "0.1.0" clauses ["X-4", "P8-3"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in sectioned(context.project) {
        for range in file.document.placeholders().iter().cloned() {
            let found = &file.file.text[range.clone()];
            let message = format!("placeholder left in: {found}");
            out.push(
                Finding::new(&GL127, file.piece.clone(), file.at(range), message)
                    .state(State::Missing)
                    .edit("write what belongs there"),
            );
        }
    }
    let skeletons = skeletons(context.project);
    for evidence in
        context.readable().filter(|evidence| !skeletons.contains(&evidence.def.path.as_str()))
    {
        let Some(value) = evidence.value() else { continue };
        let mut found = Vec::new();
        texts(value, String::new(), &mut found);
        for (pointer, text) in found {
            let message = format!("placeholder left in: {text}");
            out.push(
                Finding::new(
                    &GL127,
                    evidence.piece(),
                    Location::pointer(&evidence.def.path, pointer),
                    message,
                )
                .state(State::Missing)
                .clauses(&evidence.def.clauses)
                .advise(mend(context.project, &evidence.piece())),
            );
        }
    }
}

/// Pointers to texts that hold a placeholder. Command lines are left alone: `{` is theirs.
fn texts(value: &Value, pointer: String, out: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => {
            if let Some(range) = placeholder::find(text) {
                out.push((pointer, text[range].to_owned()));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                texts(item, format!("{pointer}/{index}"), out);
            }
        }
        Value::Object(members) => {
            let prose =
                members.iter().filter(|(key, _)| !["argv", "statement"].contains(&key.as_str()));
            for (key, item) in prose {
                let token = key.replace('~', "~0").replace('/', "~1");
                texts(item, format!("{pointer}/{token}"), out);
            }
        }
        _ => {}
    }
}
