//! A key of `d3p.yaml`, as its schema describes it and its phase presets it.

use crate::definition::Phase;
use crate::schema;
use serde_json::Value;
use std::fmt::Write as _;

/// The page of the key `name`, which may lie deeper: `windows`, `windows.deny`.
pub(super) fn page(name: &str, phase: &Phase) -> Option<String> {
    let schema: Value = serde_json::from_str(schema::text("d3p")?).ok()?;
    let parts: Vec<&str> = name.split('.').collect();
    let mut place = &schema;
    let mut preset = Some(&phase.defaults);
    for part in &parts {
        place = place.get("properties")?.get(part)?;
        preset = preset.and_then(|value| value.get(part));
    }
    let mut out = format!("Key of d3p.yaml: {name}\n\n{}\n", text(place));
    if let Some(keys) = place.get("properties").and_then(Value::as_object) {
        out.push_str("\nKeys in it\n");
        for (key, inner) in keys {
            let _ = writeln!(out, "  {key}: {}", text(inner));
        }
    }
    let preset = preset.map_or("none".to_owned(), Value::to_string);
    let _ = writeln!(out, "\nDefault: {preset}\n  schema: d3p schema d3p");
    Some(out)
}

fn text(schema: &Value) -> &str {
    schema.get("description").and_then(Value::as_str).unwrap_or("(see the schema)")
}
