//! The embedded schemas, each compiled when it is first needed.
//!
//! Adding a schema is adding its file under `schemas/`.

use crate::assets;
use crate::schema::{RuntimeSchema, SchemaError, SchemaFault};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

const ENDING: &str = ".v1.schema.json";

/// The text of a schema, compiled when it is first needed: most commands need a few of all.
#[derive(Debug)]
pub struct Schema {
    text: Cow<'static, str>,
    compiled: OnceLock<Result<RuntimeSchema, SchemaError>>,
}

impl Schema {
    /// A schema of this text, which nobody has looked at.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), compiled: OnceLock::new() }
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Compiled, once in a process.
    ///
    /// # Errors
    /// [`SchemaError`] when it is no schema that can be used.
    pub fn compile(&self) -> Result<&RuntimeSchema, SchemaError> {
        self.compiled
            .get_or_init(|| RuntimeSchema::compile(&self.text))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// What it says of the value at `pointer`.
    pub fn meaning(&self, pointer: &str) -> Option<String> {
        self.compile().ok()?.meaning(pointer)
    }

    /// What is wrong with `value`; everything, where the schema cannot be used.
    pub fn validate(&self, value: &Value) -> Vec<SchemaFault> {
        match self.compile() {
            Ok(compiled) => compiled.validate(value),
            Err(why) => vec![SchemaFault {
                pointer: String::new(),
                on_key: false,
                message: why.to_string(),
                help: None,
                becomes: None,
            }],
        }
    }
}

/// By name: the file's name up to `.v1.schema.json`.
static TABLE: LazyLock<BTreeMap<&str, (&str, Schema)>> = LazyLock::new(|| {
    let named = |(file, text): (&'static str, &'static str)| {
        Some((file.strip_suffix(ENDING)?, (text, Schema::new(text))))
    };
    assets::files("schemas").filter_map(named).collect()
});

/// The embedded schema called `name`.
pub(super) fn find(name: &str) -> Option<&'static Schema> {
    TABLE.get(name).map(|(_, schema)| schema)
}

/// The text of the embedded schema called `name`.
pub(super) fn text(name: &str) -> Option<&'static str> {
    TABLE.get(name).map(|(text, _)| *text)
}

/// The names of all, sorted.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.keys().copied()
}
