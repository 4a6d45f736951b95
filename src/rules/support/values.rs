//! JSON values by pointer, and in sentences.

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
