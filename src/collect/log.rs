//! Entries of append-only logs: a small JSON body becomes one line.

use crate::definition::{EvidenceDef, NativeCheck};
use crate::schema::{self, SchemaFault};
use serde_json::Value;

/// The text of an entry made from `body`.
///
/// # Errors
/// What the body lacks, by the schema of the log's entries.
pub fn log_payload(def: &EvidenceDef, body: &Value) -> Result<String, Vec<SchemaFault>> {
    let health = def.native.iter().any(|native| matches!(native, NativeCheck::HealthSeries { .. }));
    let name = if health { "health-entry" } else { "communication-entry" };
    let faults = schema::validate(name, body).unwrap_or_default();
    if !faults.is_empty() {
        return Err(faults);
    }
    if !health {
        return Ok(body.get("text").and_then(Value::as_str).unwrap_or_default().trim().to_owned());
    }
    let mut metrics: Vec<String> = body
        .get("metrics")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            format!("{name}={}", value.as_str().unwrap_or_default().replace(' ', ""))
        })
        .collect();
    metrics.sort();
    let observation = body.get("observation").and_then(Value::as_str).unwrap_or_default().trim();
    Ok(format!("{} :: {observation}", metrics.join(" ")))
}
