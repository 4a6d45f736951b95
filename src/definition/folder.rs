//! What lies beside a `phase.yaml`: skeletons, schemas, clauses and examples of the phase's own.

use crate::model::Sha256Digest;
use crate::schema::{self, Schema, SchemaError, SchemaFault};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// The definition itself.
pub(crate) const DEFINITION: &str = "phase.yaml";
/// What the protocols demand, in the phase's words.
pub(crate) const CLAUSES: &str = "clauses.yaml";

/// The folder of a phase: its files by their names in it.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    files: Arc<BTreeMap<String, String>>,
    schemas: Arc<BTreeMap<String, Schema>>,
}

/// Where the schema of a kind of evidence lies in a folder.
pub(crate) fn schema_file(kind: &str) -> String {
    format!("schemas/{kind}.v1.schema.json")
}

/// Where the skeleton of that name lies in a folder.
pub(crate) fn skeleton_file(name: &str) -> String {
    format!("{name}.tera")
}

/// Where the filled example of a kind of evidence lies in a folder.
pub(crate) fn example_file(kind: &str) -> String {
    format!("examples/{kind}.json")
}

impl Folder {
    /// A folder with these files; a schema is compiled when it is first needed.
    pub fn new(files: BTreeMap<String, String>) -> Self {
        let named = |(path, text): (&String, &String)| {
            let kind = path.strip_prefix("schemas/")?.strip_suffix(".v1.schema.json")?;
            Some((kind.to_owned(), Schema::new(text.clone())))
        };
        let schemas = files.iter().filter_map(named).collect();
        Self { files: Arc::new(files), schemas: Arc::new(schemas) }
    }

    /// A file of it.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// The names of its files, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The skeleton of a document or of evidence, as a template.
    pub fn skeleton(&self, name: &str) -> Option<&str> {
        self.text(&skeleton_file(name))
    }

    /// The filled example of a kind of evidence.
    pub fn example(&self, kind: &str) -> Option<&str> {
        self.text(&example_file(kind))
    }

    /// The schemas that it brings: kind of evidence and text, sorted.
    pub fn schemas(&self) -> impl Iterator<Item = (&str, &str)> {
        self.schemas.iter().map(|(kind, schema)| (kind.as_str(), schema.text()))
    }

    /// The schema of a kind of evidence: its own, else the one that d3p brings.
    pub fn schema(&self, kind: &str) -> Option<&str> {
        self.schemas.get(kind).map(Schema::text).or_else(|| schema::text(kind))
    }

    /// What is wrong with `value` by the schema of its kind.
    pub fn faults(&self, kind: &str, value: &Value) -> Vec<SchemaFault> {
        match self.schemas.get(kind) {
            Some(own) => own.validate(value),
            None => schema::validate(kind, value).unwrap_or_default(),
        }
    }

    /// What the schema of a kind says of the value at `pointer`.
    pub fn meaning(&self, kind: &str, pointer: &str) -> Option<String> {
        match self.schemas.get(kind) {
            Some(own) => own.meaning(pointer),
            None => schema::meaning(kind, pointer),
        }
    }

    /// The schemas of its own that cannot be used, by their names in the folder, and why.
    pub fn unusable(&self) -> Vec<(String, SchemaError)> {
        let each = self.schemas.iter();
        each.filter_map(|(kind, own)| Some((schema_file(kind), own.compile().err()?))).collect()
    }

    /// The ids of the clauses that it describes; `None` without such a file.
    pub fn clauses(&self) -> Option<Vec<String>> {
        let text = self.text(CLAUSES)?;
        let ids = text.lines().filter_map(|line| line.strip_prefix("- id:"));
        Some(ids.map(|id| id.trim().trim_matches('"').to_owned()).collect())
    }

    /// This folder, with what it lacks taken from `other`.
    pub fn over(self, other: &Self) -> Self {
        let mut files = other.files.as_ref().clone();
        files.extend(self.files.iter().map(|(name, text)| (name.clone(), text.clone())));
        Self::new(files)
    }

    /// Digest of the definition with the schemas that are its own: whatever it is judged by.
    pub fn digest(&self) -> Sha256Digest {
        let mut parts = self.text(DEFINITION).unwrap_or_default().to_owned();
        for (kind, text) in self.schemas() {
            let _ = write!(parts, "\n{kind} {}", Sha256Digest::of(text.as_bytes()));
        }
        Sha256Digest::of(parts.as_bytes())
    }
}
