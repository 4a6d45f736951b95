//! What is agreed before a launch, and told.

use serde::Deserialize;

/// What was agreed, as it stands in tables of documents (P11-1.3).
#[derive(Clone, Debug, Deserialize)]
pub struct ScheduleDef {
    /// The word in brackets that each entry begins with.
    pub says: String,
    /// The tables, of which each row is an entry.
    pub of: Vec<TableRef>,
}

/// A table of a document.
#[derive(Clone, Debug, Deserialize)]
pub struct TableRef {
    /// The document.
    pub document: String,
    /// Its section.
    pub section: String,
}
