//! JSON values by pointer, and in sentences.

use crate::model::Sha256Digest;
use serde_json::Value;

/// The number at a pointer, or the sum over a list where the pointer says `*`.
pub(super) fn sum_at(item: &Value, pointer: &str) -> f64 {
    match pointer.split_once("/*") {
        None => item.pointer(pointer).and_then(Value::as_f64).unwrap_or(f64::NAN),
        Some((list, rest)) => item
            .pointer(list)
            .and_then(Value::as_array)
            .map_or(f64::NAN, |members| members.iter().map(|member| sum_at(member, rest)).sum()),
    }
}

/// The first of what a number counts, behind a sentence: `: smoke/pays, smoke/signs in and 3 more`.
pub(super) fn some_of(counted: &[Value]) -> String {
    const SHOWN: usize = 3;
    let all: Vec<&str> = counted.iter().filter_map(Value::as_str).collect();
    let shown = all[..all.len().min(SHOWN)].join(", ");
    match all.len().saturating_sub(SHOWN) {
        0 => format!(": {shown}"),
        more => format!(": {shown} and {more} more"),
    }
}

/// Why a list is not what the number `name` counts: whoever types one lists each, and d3p says behind the
/// first fifty how many more there are.
pub(super) fn miscounted(number: &Value, counted: &[Value], name: &str) -> Option<String> {
    let more = counted.last().and_then(Value::as_str).and_then(|last| {
        let (more, digest) = last.strip_prefix("and ")?.split_once(" more, of all sha256:")?;
        Sha256Digest::parse(digest)?;
        more.parse::<u64>().ok()
    });
    let own = u64::try_from(counted.len()).unwrap_or(u64::MAX);
    let listed = more.map_or(own, |more| more.saturating_add(own - 1));
    let number = number.as_u64().filter(|number| *number != listed)?;
    Some(format!("`{name}` is {number}, and {listed} are listed"))
}

pub(super) fn last(pointer: &str) -> &str {
    let mut parts = pointer.rsplit('/');
    parts
        .find(|part| !part.is_empty() && !part.bytes().all(|byte| byte.is_ascii_digit()))
        .unwrap_or(pointer)
}

/// A JSON value in a sentence.
pub(crate) fn show(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{text}\""),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    }
}

/// The values at a pointer in which `*` stands for each entry of a list or object, each with the
/// pointer to it.
pub(crate) fn each_at<'a>(value: &'a Value, pattern: &str) -> Vec<(String, &'a Value)> {
    let Some((list, rest)) = pattern.split_once("/*") else {
        return value
            .pointer(pattern)
            .map(|found| (pattern.to_owned(), found))
            .into_iter()
            .collect();
    };
    let below = |key: String, item: &'a Value| {
        let at = format!("{list}/{key}");
        each_at(item, rest).into_iter().map(move |(inner, found)| (format!("{at}{inner}"), found))
    };
    match value.pointer(list) {
        Some(Value::Array(items)) => items
            .iter()
            .enumerate()
            .flat_map(|(index, item)| below(index.to_string(), item))
            .collect(),
        Some(Value::Object(members)) => members
            .iter()
            .flat_map(|(key, item)| below(key.replace('~', "~0").replace('/', "~1"), item))
            .collect(),
        _ => Vec::new(),
    }
}
