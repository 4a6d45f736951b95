//! Validation by a schema that comes as text: an embedded one, or that of a custom phase.
//!
//! References reach the embedded schemas and nothing else: nothing is fetched from the network or
//! the disk.

use crate::schema::shape::Library;
use crate::schema::{SchemaFault, explain, formats};
use jsonschema::{Draft, Registry, Validator};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// What a schema is called that does not say so.
const OWN: &str = "https://d3p.dev/schemas/own.schema.json";

/// A schema that was compiled while the program ran.
#[derive(Debug)]
pub struct RuntimeSchema {
    library: Library,
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

impl SchemaError {
    /// Where it is wrong, as a JSON pointer into it, when that is known.
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Self::NotJson => None,
            Self::NotASchema(pointer) => Some(pointer),
        }
    }

    /// What would be right.
    pub fn help(&self) -> String {
        let formats: Vec<&str> = formats::FORMATS.iter().map(|format| format.name).collect();
        format!(
            "write JSON Schema 2020-12; it may refer to the schemas that `d3p schema` lists, and use the formats {}",
            formats.join(", ")
        )
    }
}

impl RuntimeSchema {
    /// Compiles `text` as draft 2020-12, with our formats asserted.
    ///
    /// # Errors
    /// [`SchemaError`] when it is not JSON, not a schema, names a format that nobody checks, or
    /// refers to a schema that is not embedded.
    pub fn compile(text: &str) -> Result<Self, SchemaError> {
        let mut schema: Value = serde_json::from_str(text).map_err(|_| SchemaError::NotJson)?;
        // What it refers to lies beside the embedded ones.
        if let Some(members) = schema.as_object_mut().filter(|members| !members.contains_key("$id"))
        {
            members.insert("$id".to_owned(), Value::from(OWN));
        }
        Self::of(Cow::Owned(schema))
    }

    /// Compiles a schema that has an id.
    ///
    /// # Errors
    /// [`SchemaError`] as [`Self::compile`] says.
    pub(super) fn of(schema: Cow<'static, Value>) -> Result<Self, SchemaError> {
        let library = Library::new(schema);
        let validator = Self::validator(&library)?;
        Ok(Self { library, validator })
    }

    fn validator(library: &Library) -> Result<Validator, SchemaError> {
        let mut registry = Registry::new().draft(Draft::Draft202012);
        for document in library.referred() {
            let id = document.get("$id").and_then(Value::as_str).unwrap_or_default();
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
        options
            .build(library.root())
            .map_err(|error| SchemaError::NotASchema(error.instance_path().as_str().to_owned()))
    }

    /// What the value at `pointer` means, and must be; nothing where the schema does not say.
    pub fn meaning(&self, pointer: &str) -> Option<String> {
        let place = self.library.at(pointer);
        let description = place.description()?;
        Some(format!("{description}\n\nIt must {}.", place.demand()))
    }

    /// What is wrong with `value`; the same faults as [`crate::schema::validate`] gives.
    pub fn validate(&self, value: &Value) -> Vec<SchemaFault> {
        let mut errors = self.validator.iter_errors(value).peekable();
        if errors.peek().is_none() {
            return Vec::new();
        }
        explain::explain(&self.library, value, errors)
    }
}

fn unusable() -> SchemaError {
    SchemaError::NotASchema(String::new())
}
