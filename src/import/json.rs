//! JSON reports: the strict reader of evidence, with errors of this module.

use super::{ImportError, unmarked};
use crate::text::json;
use crate::{schema, text};
use serde_json::Value;

/// Reads `text` as one JSON value.
pub(super) fn parse(report: &str) -> Result<Value, ImportError> {
    let report = unmarked(report);
    json::parse(report).map_err(|faults| match faults.into_iter().next() {
        Some(fault) => ImportError {
            position: fault.span.map(|span| text::position(report, span.start)),
            message: fault.message,
            help: fault.help,
        },
        None => ImportError::new("the report is not JSON"),
    })
}

/// An error about the value at `pointer`, or about its key.
pub(super) fn at(report: &str, pointer: &str, key: bool, message: String) -> ImportError {
    let report = unmarked(report);
    match json::locate(report, pointer, key) {
        Some(span) => ImportError::at(report, span.start, message),
        None => ImportError::new(message),
    }
}

/// Checks `value`, which was read from `report`, against the embedded schema `name`.
pub(super) fn check(name: &str, report: &str, value: &Value) -> Result<(), ImportError> {
    // A name that is not embedded would be our own mistake, and must not pass for a valid report.
    let faults = schema::validate(name, value)
        .ok_or_else(|| ImportError::new(format!("there is no schema `{name}`")))?;
    let Some(fault) = faults.into_iter().next() else { return Ok(()) };
    let error = at(report, &fault.pointer, fault.on_key, fault.message);
    let help = fault.help.unwrap_or_else(|| format!("d3p schema {name} shows the format"));
    Err(error.help(help))
}

/// The text under `key`; empty when there is none.
pub(super) fn text_of<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The entries of the array under `key`; none when there is none.
pub(super) fn list_of<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The count under `key`, which the schema asked for; a whole number may be written `3.0`.
pub(super) fn count_of(value: &Value, key: &str) -> u64 {
    let count = value.get(key);
    // The strict reader keeps numbers within ±2^53, and the schema refuses the rest.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let written_as_float = || count.and_then(Value::as_f64).map(|count| count as u64);
    count.and_then(Value::as_u64).or_else(written_as_float).unwrap_or_default()
}
