//! GL127: placeholder.

use super::Context;
use super::support::mend::mend;
use super::support::sections::{sectioned, skeletons};
use crate::definition::{EvidenceDef, Predicate, PredicateOp};
use crate::markdown::placeholder;
use crate::model::{Finding, Location, State};
use serde_json::Value;
use std::ops::Range;

rule! {
    /// A placeholder was left in.
    ///
    /// ## What it checks
    /// No `[fill: …]`, `TBD`, `TODO`, `???`, `>X%`, `{tag}`, `<slug>` or `[threshold]` stands in
    /// prose, tables, headings, front matter or JSON texts. Code is left alone. `TODO` and its kin in
    /// the middle of a sentence may be names (`the TODO list`): whoever says GO reads it.
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
            let (message, state) = told(&file.file.text, &range);
            out.push(
                Finding::new(&GL127, file.piece.clone(), file.at(range), message)
                    .state(state)
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
        let names = names(evidence.def);
        found.retain(|(pointer, _)| !names.contains(&every(pointer)));
        for (pointer, (message, state)) in found {
            out.push(
                Finding::new(
                    &GL127,
                    evidence.piece(),
                    Location::pointer(&evidence.def.path, pointer),
                    message,
                )
                .state(state)
                .clauses(&evidence.def.clauses)
                .advise(mend(context.project, &evidence.piece())),
            );
        }
    }
}

/// Where evidence has names that reports give, such as that of a test `shows <title>`: nobody left those to be
/// filled in. `*` stands for every item of a list.
fn names(def: &EvidenceDef) -> Vec<String> {
    let of = |own: &Predicate| match (&own.op, &own.counted) {
        (_, Some(counted)) => Some(format!("{counted}/*")),
        (PredicateOp::Unique(by), None) => Some(format!("{}/*{by}", own.at)),
        _ => None,
    };
    def.require.iter().filter_map(of).collect()
}

/// A pointer with `*` for the numbers of items.
fn every(pointer: &str) -> String {
    let number = |token: &&str| !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit());
    let tokens = pointer.split('/').map(|own| if number(&own) { "*" } else { own });
    tokens.collect::<Vec<_>>().join("/")
}

/// What is said of the placeholder at `range`, and whether a person may let it stand.
fn told(text: &str, range: &Range<usize>) -> (String, State) {
    let found = &text[range.clone()];
    match placeholder::is_doubtful(text, range) {
        true => {
            let more: String =
                text[range.end..].chars().take_while(|c| *c != '\n').take(24).collect();
            (format!("may be a placeholder: {found}{more}"), State::Review)
        }
        false => (format!("placeholder left in: {found}"), State::Missing),
    }
}

/// Pointers to texts that hold a placeholder. Command lines are left alone: `{` is theirs; and so is the
/// brief of a request, which shows them, and texts that are judged where people wrote them.
fn texts(value: &Value, pointer: String, out: &mut Vec<(String, (String, State))>) {
    match value {
        Value::String(text) => {
            let all = placeholder::find_all(text);
            // One that is none by any reading is told before one that may be a name.
            if let Some(range) = all.min_by_key(|own| placeholder::is_doubtful(text, own)) {
                out.push((pointer, told(text, &range)));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                texts(item, format!("{pointer}/{index}"), out);
            }
        }
        Value::Object(members) => {
            let prose = members
                .iter()
                .filter(|(key, _)| !["argv", "brief", "statement"].contains(&key.as_str()));
            for (key, item) in prose {
                let token = key.replace('~', "~0").replace('/', "~1");
                texts(item, format!("{pointer}/{token}"), out);
            }
        }
        _ => {}
    }
}
