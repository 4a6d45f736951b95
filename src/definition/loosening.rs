//! What an edit of the policy means: stricter, looser, or other.
//!
//! Each key of the policy's schema states its strict direction (`x-d3p-stricter`). A key without
//! one loosens by any change, so that a new key is safe before anyone thought about it.

use crate::model::{Assurance, Span};
use serde_json::Value;

/// One difference between two policies.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// JSON pointer into `d3p.yaml`.
    pub pointer: String,
    /// The frozen value, if any.
    pub was: Option<Value>,
    /// The value now, if any.
    pub now: Option<Value>,
    /// What it does to the gates.
    pub direction: Direction,
    /// Whether the key says which direction is stricter; otherwise nobody can tell.
    pub directed: bool,
}

/// What a change does to the gates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// Demands more.
    Stricter,
    /// Demands less, or nobody can tell.
    Looser,
}

/// All differences from `was` to `now`, judged by the policy's `schema`.
pub fn changes(was: &Value, now: &Value, schema: &Value) -> Vec<Change> {
    let mut out = Vec::new();
    walk(Some(was), Some(now), Some(schema), schema, &mut String::new(), &mut out);
    out
}

fn walk(
    was: Option<&Value>,
    now: Option<&Value>,
    schema: Option<&Value>,
    root: &Value,
    pointer: &mut String,
    out: &mut Vec<Change>,
) {
    if was == now {
        return;
    }
    let schema = schema.map(|schema| follow(schema, root));
    if let (Some(Value::Object(before)), Some(Value::Object(after))) = (was, now) {
        let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            let inner = schema.and_then(|schema| member(schema, key));
            walk(before.get(key), after.get(key), inner, root, pointer, out);
            pointer.truncate(length);
        }
        return;
    }
    let word = schema.and_then(|schema| schema.get("x-d3p-stricter")).and_then(Value::as_str);
    if let (Some(was), Some(now)) = (was, now)
        && means_the_same(word, was, now)
    {
        return;
    }
    if word == Some("level") {
        // Without a level nothing is demanded, which is what the lowest demands.
        let level = |value: Option<&Value>| {
            value.and_then(Value::as_str).and_then(Assurance::parse).unwrap_or_default()
        };
        let direction =
            if level(now) < level(was) { Direction::Looser } else { Direction::Stricter };
        out.push(Change {
            pointer: pointer.clone(),
            was: was.cloned(),
            now: now.cloned(),
            direction,
            directed: true,
        });
        return;
    }
    let direction = match (was, now) {
        (Some(was), Some(now)) if stricter(word, was, now) => Direction::Stricter,
        _ => Direction::Looser,
    };
    let (was, now, directed) = (was.cloned(), now.cloned(), word.is_some());
    out.push(Change { pointer: pointer.clone(), was, now, direction, directed });
}

pub(super) fn follow<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| reference.strip_prefix('#'))
        .and_then(|pointer| root.pointer(pointer))
        .unwrap_or(schema)
}

pub(super) fn member<'a>(schema: &'a Value, key: &str) -> Option<&'a Value> {
    schema
        .get("properties")
        .and_then(|properties| properties.get(key))
        .or_else(|| schema.get("additionalProperties").filter(|inner| inner.is_object()))
}

pub(super) fn stricter(word: Option<&str>, was: &Value, now: &Value) -> bool {
    let spans = || Some((Span::parse(was.as_str()?).ok()?, Span::parse(now.as_str()?).ok()?));
    let numbers = || Some((number(was)?, number(now)?));
    let sets = || Some((was.as_array()?, now.as_array()?));
    match word {
        Some("shorter") => spans().is_some_and(|(was, now)| now < was),
        Some("longer") => spans().is_some_and(|(was, now)| now > was),
        Some("lower") => numbers().is_some_and(|(was, now)| now < was),
        Some("higher") => numbers().is_some_and(|(was, now)| now > was),
        Some("superset") => {
            sets().is_some_and(|(was, now)| was.iter().all(|item| now.contains(item)))
        }
        Some("subset") => {
            sets().is_some_and(|(was, now)| now.iter().all(|item| was.contains(item)))
        }
        // What is looked through in order: only without its end it finds nothing else than before.
        Some("prefix") => sets().is_some_and(|(was, now)| was.starts_with(now)),
        Some("true") => now == &Value::Bool(true),
        Some("on") => now == "on",
        Some("false") => now == &Value::Bool(false),
        _ => false,
    }
}

/// Whether two spellings say one thing: `1h` and `60m`, or the members of a set in another order.
pub(super) fn means_the_same(word: Option<&str>, was: &Value, now: &Value) -> bool {
    let span = |value: &Value| Span::parse(value.as_str()?).ok();
    match word {
        Some("shorter" | "longer") => span(was).is_some() && span(was) == span(now),
        Some("lower" | "higher") => number(was).is_some() && number(was) == number(now),
        Some("superset" | "subset") => stricter(word, was, now) && stricter(word, now, was),
        _ => false,
    }
}

/// A number, or a percentage written as text.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.strip_suffix('%')?.trim().parse().ok())
}
