//! JSON reports: the strict reader of evidence, with errors of this module.

use super::{ImportError, Source, source, unmarked};
use crate::model::Position;
use crate::text::json;
use crate::{schema, text};
use serde_json::Value;
use std::io::Read as _;

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

/// Most bytes of a report that is read again as a whole, to say better what is wrong with it.
const REREAD: u64 = 8 * 1024 * 1024;

/// The whole text in `source`, unless it is long.
pub(super) fn short_text(source: &dyn Source) -> Option<String> {
    let mut text = String::new();
    source::text_of(source).ok()?.take(REREAD + 1).read_to_string(&mut text).ok()?;
    (text.len() as u64 <= REREAD).then_some(text)
}

/// What a reader that goes piece by piece refused with `error`.
pub(super) fn refused(source: &dyn Source, error: serde_json::Error) -> ImportError {
    if error.is_io() {
        return source::unreadable(&error.into());
    }
    if let Some(Err(own)) = short_text(source).map(|text| parse(&text)) {
        return own;
    }
    let message = error.to_string();
    let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
    let position = Some(Position { line: error.line(), column: error.column() });
    let position = position.filter(|at| at.line > 0 && at.column > 0);
    ImportError { position, ..ImportError::new(format!("this is no strict JSON: {what}")) }
}

/// An error about the value at `pointer`, or about its key.
pub(super) fn at(report: &str, pointer: &str, key: bool, message: String) -> ImportError {
    let report = unmarked(report);
    match json::locate(report, pointer, key) {
        Some(span) => ImportError::at(report, span.start, message),
        None => ImportError::new(message),
    }
}

/// An error about the value at `pointer` of the document in `source`, with its place where the
/// document is not long.
pub(super) fn at_source(source: &dyn Source, pointer: &str, message: String) -> ImportError {
    match short_text(source) {
        Some(text) => at(&text, pointer, false, message),
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
