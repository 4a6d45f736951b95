//! The embedded schemas, each compiled when it is first needed.
//!
//! Adding a schema is adding its file under `schemas/`.

use crate::assets;
use crate::schema::RuntimeSchema;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

const ENDING: &str = ".v1.schema.json";

/// A schema that is part of this program.
pub(super) struct Embedded {
    /// The text of its file.
    pub(super) text: &'static str,
    compiled: OnceLock<RuntimeSchema>,
}

impl Embedded {
    /// Compiled, once in a process: most commands need a few of all.
    pub(super) fn compiled(&self) -> &RuntimeSchema {
        self.compiled.get_or_init(|| {
            RuntimeSchema::compile(self.text).expect("a test compiles every embedded schema")
        })
    }
}

/// By name: the file's name up to `.v1.schema.json`.
static TABLE: LazyLock<BTreeMap<&str, Embedded>> = LazyLock::new(|| {
    let named = |(file, text): (&'static str, _)| {
        Some((file.strip_suffix(ENDING)?, Embedded { text, compiled: OnceLock::new() }))
    };
    assets::files("schemas").filter_map(named).collect()
});

/// The embedded schema called `name`.
pub(super) fn find(name: &str) -> Option<&'static Embedded> {
    TABLE.get(name)
}

/// The names of all, sorted.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.keys().copied()
}
