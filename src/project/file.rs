//! One file: its bytes' digest, its text, what was read from it, and what is wrong with it.

use crate::markdown::{Document, entries::Entry};
use crate::model::Sha256Digest;
use crate::text::{Fault, FaultKind};
use serde_json::Value;
use std::ops::Range;

/// A file that was looked at, there or not.
#[derive(Debug)]
pub struct FileEntry {
    /// Path from the project's root.
    pub path: String,
    /// Digest of its bytes, when they could be read.
    pub digest: Option<Sha256Digest>,
    /// Its text; empty when it is not text.
    pub text: String,
    /// What was read from it.
    pub content: Content,
    /// What is wrong with it as a file or as JSON, YAML or Markdown.
    pub faults: Vec<Fault>,
}

/// What was read from a file.
#[derive(Debug)]
pub enum Content {
    /// Nothing usable.
    None,
    /// A JSON value.
    Json(Value),
    /// A Markdown document.
    Markdown(Box<Document>),
    /// A Markdown document with entries.
    Log(Box<Document>, Vec<Entry>),
}

impl FileEntry {
    /// Whether there is no such file.
    pub fn is_absent(&self) -> bool {
        self.faults.iter().any(|fault| fault.kind == FaultKind::Absent)
    }

    /// The JSON value, or the front matter.
    pub fn value(&self) -> Option<&Value> {
        match &self.content {
            Content::Json(value) => Some(value),
            Content::Markdown(document) | Content::Log(document, _) => {
                document.front_matter.as_ref().map(|matter| &matter.value)
            }
            Content::None => None,
        }
    }

    /// The Markdown document.
    pub fn document(&self) -> Option<&Document> {
        match &self.content {
            Content::Markdown(document) | Content::Log(document, _) => Some(document),
            Content::Json(_) | Content::None => None,
        }
    }

    /// The entries of an append-only file.
    pub fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Log(_, entries) => entries,
            _ => &[],
        }
    }

    /// Everything before the first entry of an append-only file.
    pub fn head(&self) -> Range<usize> {
        log_head(&self.text, self.entries())
    }
}

/// Everything before the first entry, without trailing white space; so that the head does not
/// change when the first entry is added.
pub fn log_head(text: &str, entries: &[Entry]) -> Range<usize> {
    let end = entries.first().map_or(text.len(), |entry| entry.range.start);
    0..text[..end].trim_end().len()
}
