//! One file: its bytes' digest, its text, what was read from it, and what is wrong with it.

use crate::definition::EvidenceFormat;
use crate::import::{Imported, ReportInput};
use crate::markdown::{self, Document, entries, entries::Entry};
use crate::model::Sha256Digest;
use crate::record::{GateRecordClaims, Run};
use crate::text::{Fault, FaultKind, json};
use serde_json::Value;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A file that was looked at, there or not.
#[derive(Debug)]
pub struct FileEntry {
    /// Path from the project's root.
    pub path: String,
    /// Digest of its bytes, when they could be read.
    pub digest: Option<Sha256Digest>,
    /// Its text; empty when it is not text, and of a report that was read the beginning only.
    pub text: String,
    /// What was read from it.
    pub content: Content,
    /// What is wrong with it as a file or as JSON, YAML or Markdown.
    pub faults: Vec<Fault>,
    /// Read when they are first asked for.
    claims: OnceLock<Option<GateRecordClaims>>,
    run: OnceLock<Option<Run>>,
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
    /// A report of tests or of a scan.
    Report(Arc<Imported>),
}

/// What a file is to be read as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReadAs {
    /// A JSON value.
    Json,
    /// A Markdown document.
    Document,
    /// A Markdown document that must have front matter.
    FrontMatter,
    /// The same, with entries.
    Log,
    /// Nothing: only its text and digest count.
    Raw,
    /// A report of a run of tests.
    Tests,
    /// A report of a scan.
    Scan,
}

impl From<EvidenceFormat> for ReadAs {
    fn from(format: EvidenceFormat) -> Self {
        match format {
            EvidenceFormat::Json => Self::Json,
            EvidenceFormat::Markdown => Self::FrontMatter,
            EvidenceFormat::AppendOnly => Self::Log,
        }
    }
}

impl FileEntry {
    /// Reads a file's text as what it is to be.
    pub fn read(path: String, text: String, digest: Sha256Digest, format: ReadAs) -> Self {
        let (content, faults) = content(&text, format);
        Self { faults, ..Self::new(path, Some(digest), text, content) }
    }

    /// A file that `content` was read from.
    pub fn new(path: String, digest: Option<Sha256Digest>, text: String, content: Content) -> Self {
        let (claims, run) = (OnceLock::new(), OnceLock::new());
        Self { path, digest, text, content, faults: Vec::new(), claims, run }
    }

    /// What it claims as a gate record; `None` when it does not have the shape.
    pub fn claims(&self) -> Option<&GateRecordClaims> {
        self.claims.get_or_init(|| GateRecordClaims::read(self.value()?)).as_ref()
    }

    /// It as the record of a run; `None` when it does not have the shape.
    pub fn run(&self) -> Option<&Run> {
        self.run.get_or_init(|| Run::read(self.value()?)).as_ref()
    }

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
            Content::None | Content::Report(_) => None,
        }
    }

    /// The Markdown document.
    pub fn document(&self) -> Option<&Document> {
        match &self.content {
            Content::Markdown(document) | Content::Log(document, _) => Some(document),
            Content::Json(_) | Content::None | Content::Report(_) => None,
        }
    }

    /// The entries of an append-only file.
    pub fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Log(_, entries) => entries,
            _ => &[],
        }
    }

    /// It as a report: read, or as its text.
    pub fn report_input(&self) -> ReportInput<'_> {
        match &self.content {
            Content::Report(read) => ReportInput::Read(read),
            _ => ReportInput::Text(&self.text),
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

fn content(text: &str, format: ReadAs) -> (Content, Vec<Fault>) {
    match format {
        ReadAs::Raw => (Content::None, Vec::new()),
        ReadAs::Tests => (Content::Report(Arc::new(Imported::tests(&text))), Vec::new()),
        ReadAs::Scan => (Content::Report(Arc::new(Imported::scan(&text))), Vec::new()),
        ReadAs::Json => match json::parse(text) {
            Ok(value) => (Content::Json(value), Vec::new()),
            Err(faults) => (Content::None, faults),
        },
        ReadAs::Document => {
            let document = markdown::parse(text);
            let faults = document.faults.clone();
            (Content::Markdown(Box::new(document)), faults)
        }
        ReadAs::FrontMatter | ReadAs::Log => {
            let document = markdown::parse(text);
            let mut faults = document.faults.clone();
            if document.front_matter.is_none() && faults.is_empty() {
                let message = "has no front matter: the file must begin with ---, YAML, ---";
                faults.push(Fault::whole(FaultKind::FrontMatter, message));
            }
            if format == ReadAs::FrontMatter {
                return (Content::Markdown(Box::new(document)), faults);
            }
            let (entries, wrong) = entries::parse_entries(text);
            faults.extend(wrong);
            (Content::Log(Box::new(document), entries), faults)
        }
    }
}
