//! A piece of evidence as loaded.

use crate::definition::{EvidenceDef, EvidenceFormat, NativeCheck};
use crate::model::{Location, Piece, Stamp};
use crate::project::FileEntry;
use serde_json::Value;

/// A piece of evidence: what the phase says of it and the file that holds it.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// Its kind.
    pub kind: &'a str,
    /// What the phase says of it.
    pub def: &'a EvidenceDef,
    /// The file.
    pub file: &'a FileEntry,
}

impl<'a> Evidence<'a> {
    /// The thing findings are about.
    pub fn piece(&self) -> Piece {
        Piece::Evidence(self.kind.to_owned())
    }

    /// Its JSON value or front matter.
    pub fn value(&self) -> Option<&'a Value> {
        self.file.value()
    }

    /// A place in it.
    pub fn at(&self, pointer: impl Into<String>) -> Location {
        Location::pointer(&self.def.path, pointer)
    }

    /// A text in it.
    pub fn text_at(&self, pointer: &str) -> Option<&'a str> {
        self.value()?.pointer(pointer)?.as_str()
    }

    /// The pointer to the time its work began.
    pub fn start_pointer(&self) -> &'static str {
        let has =
            |pointer: &str| self.value().is_some_and(|value| value.pointer(pointer).is_some());
        ["/started_at", "/created_at", "/finished_at"]
            .into_iter()
            .find(|pointer| has(pointer))
            .unwrap_or("/started_at")
    }

    /// The pointer to the time its work ended.
    pub fn finish_pointer(&self) -> &'static str {
        let has =
            |pointer: &str| self.value().is_some_and(|value| value.pointer(pointer).is_some());
        ["/finished_at", "/created_at"]
            .into_iter()
            .find(|pointer| has(pointer))
            .unwrap_or("/finished_at")
    }

    /// When its work began: for a log, its first entry.
    pub fn started(&self) -> Option<Stamp> {
        if self.def.format == EvidenceFormat::AppendOnly {
            return self.file.entries().iter().map(|entry| entry.at).min();
        }
        Stamp::parse(self.text_at(self.start_pointer())?).ok()
    }

    /// When its work ended: for a log, its last entry.
    pub fn finished(&self) -> Option<Stamp> {
        if self.def.format == EvidenceFormat::AppendOnly {
            return self.file.entries().iter().map(|entry| entry.at).max();
        }
        Stamp::parse(self.text_at(self.finish_pointer())?).ok()
    }

    /// What its header cites: index, path, digest as written.
    pub fn cites(&self) -> impl Iterator<Item = (usize, &'a str, &'a str)> {
        let cites = self.value().and_then(|value| value.get("cites")).and_then(Value::as_array);
        cites.into_iter().flatten().enumerate().filter_map(|(index, cite)| {
            Some((index, cite.get("path")?.as_str()?, cite.get("sha256")?.as_str()?))
        })
    }

    /// A native check that the phase puts on it.
    pub fn native<T>(&self, pick: impl Fn(&'a NativeCheck) -> Option<T>) -> Option<T> {
        self.def.native.iter().find_map(pick)
    }
}
