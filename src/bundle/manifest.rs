//! The manifest: what a bundle holds, and of what release.

use super::names::{Taken, refused};
use super::{LIMITS, Limits, MANIFEST};
use crate::model::{Reason, Sha256Digest};
use crate::schema;
use crate::text::json;
use serde_json::{Value, json};

const SCHEMA: &str = "https://d3p.dev/schemas/bundle-manifest.v1.schema.json";

/// What a bundle holds, and of what release.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manifest {
    /// The version of d3p that packed it.
    pub packed_by: String,
    /// Version and attempt, `v1.4.0+1`.
    pub release: String,
    /// The release's commit.
    pub commit: String,
    /// The heads of its ledger.
    pub heads: Vec<Sha256Digest>,
    /// Every member but the manifest, by path.
    pub files: Vec<Member>,
}

/// A member as the manifest lists it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Its path: in the project, or below `d3p-bundle/`.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its digest.
    pub sha256: Sha256Digest,
}

impl Manifest {
    /// Its text.
    pub fn to_text(&self) -> String {
        let files: Vec<Value> = self
            .files
            .iter()
            .map(|file| {
                json!({ "path": file.path, "bytes": file.bytes, "sha256": file.sha256.to_string() })
            })
            .collect();
        let heads: Vec<String> = self.heads.iter().map(ToString::to_string).collect();
        let value = json!({
            "$schema": SCHEMA,
            "schema_version": 1,
            "packed_by": self.packed_by,
            "release": self.release,
            "commit": self.commit,
            "heads": heads,
            "files": files,
        });
        format!("{value:#}\n")
    }

    /// Reads a text that nobody vouches for.
    ///
    /// # Errors
    /// A sentence about the first thing that is wrong with it.
    pub(super) fn read(text: &str, limits: &Limits) -> Result<Self, Reason> {
        let value = json::parse(text).map_err(|faults| {
            faults
                .into_iter()
                .next()
                .map_or_else(|| "is not JSON".to_owned(), |fault| fault.message)
        })?;
        let version = value.get("schema_version").and_then(Value::as_u64);
        if let Some(version) = version.filter(|version| *version != 1) {
            return Err(
                format!("has version {version} of its format; this d3p reads version 1").into()
            );
        }
        let faults = schema::validate("bundle-manifest", &value).unwrap_or_default();
        if let Some(fault) = faults.into_iter().next() {
            let place = if fault.pointer.is_empty() { "/" } else { &fault.pointer };
            return Err(format!("does not follow its schema at {place}: {}", fault.message).into());
        }
        let manifest = Self::of(&value).ok_or("does not follow its schema")?;
        match manifest.wrong(limits) {
            Some(why) => Err(why.into()),
            None => Ok(manifest),
        }
    }

    fn of(value: &Value) -> Option<Self> {
        let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let member = |file: &Value| {
            Some(Member {
                path: file.get("path")?.as_str()?.to_owned(),
                bytes: file.get("bytes")?.as_u64()?,
                sha256: Sha256Digest::parse(file.get("sha256")?.as_str()?)?,
            })
        };
        let heads = value.get("heads")?.as_array()?;
        Some(Self {
            packed_by: text("packed_by")?,
            release: text("release")?,
            commit: text("commit")?,
            heads: heads
                .iter()
                .map(|head| Sha256Digest::parse(head.as_str()?))
                .collect::<Option<_>>()?,
            files: value.get("files")?.as_array()?.iter().map(member).collect::<Option<_>>()?,
        })
    }

    /// What no bundle may list.
    fn wrong(&self, limits: &Limits) -> Option<String> {
        let mut taken = Taken::default();
        // Sorted, the manifest's own name would stand among the others.
        let _ = taken.take(MANIFEST);
        for file in &self.files {
            let path = &file.path;
            if let Some(why) = refused(path).or_else(|| taken.take(path)) {
                return Some(format!("lists a member whose path {why}: {path:?}"));
            }
        }
        if !self.files.is_sorted_by(|a, b| a.path < b.path) {
            return Some("does not list its members in the order of their paths".to_owned());
        }
        self.too_large(limits)
    }

    /// Why so much is neither packed nor read.
    fn too_large(&self, limits: &Limits) -> Option<String> {
        if self.files.len() >= limits.members {
            return Some(format!(
                "lists {} members; at most {} are read",
                self.files.len() + 1,
                limits.members
            ));
        }
        if let Some(file) = self.files.iter().find(|file| file.bytes > limits.member) {
            return Some(format!(
                "lists `{}` with {} bytes; at most {} are read",
                file.path, file.bytes, limits.member
            ));
        }
        let total = self.files.iter().fold(0_u64, |total, file| total.saturating_add(file.bytes));
        (total > limits.total)
            .then(|| format!("lists {total} bytes; at most {} are read", limits.total))
    }

    /// Why no d3p would read this manifest; `None` when it is as it should be.
    pub fn fault(&self) -> Option<String> {
        Self::read(&self.to_text(), &LIMITS).err().map(Reason::into_text)
    }
}
