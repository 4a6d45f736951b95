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
    /// Its name, where it is embedded.
    name: Option<&'static str>,
    compiled: OnceLock<Result<RuntimeSchema, SchemaError>>,
}

impl Schema {
    /// A schema of this text, which nobody has looked at.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), name: None, compiled: OnceLock::new() }
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
            .get_or_init(|| match self.name.and_then(document) {
                Some(known) => RuntimeSchema::of(Cow::Borrowed(known)),
                None => RuntimeSchema::compile(&self.text),
            })
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

/// An embedded schema, read and compiled when that is first needed.
struct Embedded {
    text: &'static str,
    schema: Schema,
    document: OnceLock<Option<Value>>,
}

/// By name: the file's name up to `.v1.schema.json`.
static TABLE: LazyLock<BTreeMap<&str, Embedded>> = LazyLock::new(|| {
    let named = |(file, text): (&'static str, &'static str)| {
        let name = file.strip_suffix(ENDING)?;
        let schema = Schema { name: Some(name), ..Schema::new(text) };
        Some((name, Embedded { text, schema, document: OnceLock::new() }))
    };
    assets::files("schemas").filter_map(named).collect()
});

/// The embedded schema called `name`.
pub(super) fn find(name: &str) -> Option<&'static Schema> {
    TABLE.get(name).map(|own| &own.schema)
}

/// The text of the embedded schema called `name`.
pub(super) fn text(name: &str) -> Option<&'static str> {
    TABLE.get(name).map(|own| own.text)
}

/// The embedded schema called `name` as a value.
pub(super) fn document(name: &str) -> Option<&'static Value> {
    let own = TABLE.get(name)?;
    own.document.get_or_init(|| serde_json::from_str(own.text).ok()).as_ref()
}

/// The names of all, sorted.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.keys().copied()
}
