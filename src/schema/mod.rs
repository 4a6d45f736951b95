//! JSON Schemas: the source of truth for what evidence, policy and records look like.
//!
//! Faults come back with a JSON pointer and a sentence of our own; where the pointer lies in a
//! file, and what the fault means for a gate, is decided elsewhere. Nothing is read from disk.

mod explain;
mod formats;
mod runtime;
mod shape;
mod table;
mod words;

use serde_json::Value;

pub(crate) use formats::version as is_version;
pub use runtime::{RuntimeSchema, SchemaError};
pub use table::Schema;

/// One thing about a value that its schema does not allow.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SchemaFault {
    /// JSON pointer (RFC 6901) to the value at fault; for a missing key, to the object without it.
    pub pointer: String,
    /// Whether the key of the value is the place to show, rather than the value.
    pub on_key: bool,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// What would be right, or what the key means.
    pub help: Option<String>,
    /// What is to stand there instead, where that is known: the key or the value.
    pub becomes: Option<Value>,
}

/// What is wrong with `value` by the embedded schema `name`, such as `d3p` or `phase`; ordered by pointer, one fault for one cause, empty when it is valid.
///
/// `None` when there is no such schema.
pub fn validate(name: &str, value: &Value) -> Option<Vec<SchemaFault>> {
    Some(table::find(name)?.validate(value))
}

/// What the embedded schema `name` says of the value at `pointer`.
pub fn meaning(name: &str, pointer: &str) -> Option<String> {
    table::find(name)?.meaning(pointer)
}

/// The text of the embedded schema `name`, as its file has it.
pub fn text(name: &str) -> Option<&'static str> {
    table::text(name)
}

/// The embedded schema `name` as a value, parsed once in a process.
pub fn document(name: &str) -> Option<&'static Value> {
    table::document(name)
}

/// The schema of `d3p.yaml` as a value: its keys say what is stricter and what is recommended.
pub fn policy() -> &'static Value {
    document("d3p").unwrap_or(&Value::Null)
}

/// The names of all embedded schemas, sorted.
pub fn names() -> Vec<&'static str> {
    table::names().collect()
}
