//! The same validation for a schema that comes as text, such as that of a custom phase.
//!
//! References reach the embedded schemas and nothing else: nothing is fetched from the network or
//! the disk.

use crate::schema::{SchemaFault, explain, formats, table};
use jsonschema::{Draft, Registry, Validator};
use serde_json::Value;
use std::fmt;

/// A schema that was compiled while the program ran.
#[derive(Debug)]
pub struct RuntimeSchema {
    schema: Value,
    validator: Validator,
}

/// Why a text is not a schema that can be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SchemaError {
    /// The text is not JSON.
    NotJson,
    /// The text is JSON and not a schema: where, as a JSON pointer into it.
    NotASchema(String),
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson => f.write_str("the schema is not valid JSON"),
            Self::NotASchema(pointer) if pointer.is_empty() => {
                f.write_str("not a JSON Schema of draft 2020-12 that refers to known schemas only")
            }
            Self::NotASchema(pointer) => {
                write!(f, "not a JSON Schema of draft 2020-12: see {pointer}")
            }
        }
    }
}

impl std::error::Error for SchemaError {}

impl RuntimeSchema {
    /// Compiles `text` as draft 2020-12, with our formats asserted.
    ///
    /// # Errors
    /// [`SchemaError`] when it is not JSON, not a schema, names a format that nobody checks, or
    /// refers to a schema that is not embedded.
    pub fn compile(text: &str) -> Result<Self, SchemaError> {
        let schema: Value = serde_json::from_str(text).map_err(|_| SchemaError::NotJson)?;
        let mut registry = Registry::new().draft(Draft::Draft202012);
        for embedded in table::TABLE {
            let document: Value =
                serde_json::from_str(embedded.text).map_err(|_| SchemaError::NotJson)?;
            let id = document.get("$id").and_then(Value::as_str).unwrap_or_default().to_owned();
            // A schema under the id of an embedded one stands for itself.
            let same = schema.get("$id").and_then(Value::as_str) == Some(id.as_str());
            let document = if same { schema.clone() } else { document };
            registry = registry.add(id, document).map_err(|_| unusable())?;
        }
        let registry = registry.prepare().map_err(|_| unusable())?;
        let mut options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&registry)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false);
        for format in &formats::FORMATS {
            options = options.with_format(format.name, format.check);
        }
        let validator = options
            .build(&schema)
            .map_err(|error| SchemaError::NotASchema(error.instance_path().as_str().to_owned()))?;
        Ok(Self { schema, validator })
    }

    /// What is wrong with `value`; the same faults as [`crate::schema::validate`] gives.
    pub fn validate(&self, value: &Value) -> Vec<SchemaFault> {
        let mut errors = self.validator.iter_errors(value).peekable();
        if errors.peek().is_none() {
            return Vec::new();
        }
        explain::explain(self.schema.clone(), value, errors)
    }
}

fn unusable() -> SchemaError {
    SchemaError::NotASchema(String::new())
}
