//! Examples of bodies, as of now.

use crate::assets;
use crate::cli::Failure;
use crate::definition::Phase;
use crate::env::{Env, Exit};
use crate::model::{Advice, Stamp};
use crate::text::json;
use serde_json::{Map, Value};

/// A filled example body of a kind of evidence that people record: the phase's, else the one that
/// d3p brings.
pub(in crate::cli) fn example<'a>(phase: &'a Phase, kind: &str) -> Option<&'a str> {
    phase.folder.example(kind).or_else(|| assets::example(kind))
}

/// Prints the example body of a kind.
pub(super) fn print(phase: &Phase, kind: &str, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let text = example(phase, kind).ok_or_else(|| {
        Failure::usage(format!("{kind} has no body to fill in"))
            .advise(Advice::d3p(["explain", kind]))
    })?;
    let text = as_of(text, (env.now)());
    env.out.write_all(text.as_bytes())?;
    Ok(Exit::Passed)
}

/// Whether `body` is the example of its kind, at whatever time.
pub(super) fn is_example(phase: &Phase, kind: &str, body: &Map<String, Value>) -> bool {
    let example = example(phase, kind).and_then(|text| json::parse(text).ok());
    example.is_some_and(|example| same(&example, &Value::Object(body.clone())))
}

/// Whether two values differ in nothing but times.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => {
            one == other || (Stamp::parse(one).is_ok() && Stamp::parse(other).is_ok())
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same = |(key, value): (&String, &Value)| {
                other.get(key).is_some_and(|other| same(value, other))
            };
            one.len() == other.len() && one.iter().all(same)
        }
        (one, other) => one == other,
    }
}

/// An example with its times moved so that the last of them is now: yesterday's would be refused.
fn as_of(text: &str, now: Stamp) -> String {
    let stamps: Vec<(&str, Stamp)> =
        text.split('"').filter_map(|part| Some((part, Stamp::parse(part).ok()?))).collect();
    let Some(last) = stamps.iter().map(|(_, stamp)| *stamp).max() else { return text.to_owned() };
    stamps.iter().fold(text.to_owned(), |text, (written, stamp)| {
        let moved = now.minus_millis(last.millis_since(*stamp));
        text.replace(&format!("\"{written}\""), &format!("\"{moved}\""))
    })
}
