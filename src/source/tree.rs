//! Where the files of a project come from: a directory, or the memory of this program.

use crate::model::Sha256Digest;
use crate::source::discover::list_directories;
use crate::source::load::{Loaded, to_text, too_large};
use crate::source::path::check_path;
use crate::source::walk::{absent, misspelt, not_regular};
use crate::source::{Listing, RAW_LIMIT, Reader, Report, Root, limit_of, list_files};
use crate::text::Fault;
use std::collections::BTreeMap;

/// The files of a project.
pub trait Tree {
    /// The bytes of `rel`.
    ///
    /// # Errors
    /// The fault that keeps it from being read, one of its size above `limit` bytes.
    fn bytes(&self, rel: &str, limit: u64) -> Result<Vec<u8>, Fault>;

    /// Digest and size of `rel`.
    ///
    /// # Errors
    /// The fault that keeps it from being read.
    fn digest(&self, rel: &str) -> Result<(Sha256Digest, u64), Fault> {
        self.digest_within(rel, u64::MAX)
    }

    /// Digest and size of `rel`.
    ///
    /// # Errors
    /// The fault that keeps it from being read, one of its size above `limit` bytes.
    fn digest_within(&self, rel: &str, limit: u64) -> Result<(Sha256Digest, u64), Fault>;

    /// Reads the report `rel` as `read` reads it.
    ///
    /// # Errors
    /// The fault that keeps it from being read.
    fn report(&self, rel: &str, read: Reader) -> Result<Report, Fault> {
        self.bytes(rel, RAW_LIMIT).map(|bytes| Report::of(&bytes, read))
    }

    /// Whether anything at all is at `rel`.
    fn exists(&self, rel: &str) -> bool;

    /// What is below `dir`.
    fn list(&self, dir: &str) -> Listing;

    /// Names of the directories in `dir`, sorted; none where it cannot be read.
    fn directories(&self, dir: &str) -> Vec<String>;

    /// Reads `rel`, at most [`limit_of`] it in bytes.
    fn load(&self, rel: &str) -> Loaded {
        self.load_within(rel, limit_of(rel))
    }

    /// Reads `rel`; more than `limit` bytes are a fault.
    fn load_within(&self, rel: &str, limit: u64) -> Loaded {
        match self.bytes(rel, limit) {
            Ok(bytes) => to_text(rel, bytes),
            Err(fault) => Loaded::Faulty { fault, digest: None },
        }
    }
}

impl Tree for Root {
    fn bytes(&self, rel: &str, limit: u64) -> Result<Vec<u8>, Fault> {
        Root::bytes(self, rel, limit)
    }

    fn digest_within(&self, rel: &str, limit: u64) -> Result<(Sha256Digest, u64), Fault> {
        Root::digest_within(self, rel, limit)
    }

    fn report(&self, rel: &str, read: Reader) -> Result<Report, Fault> {
        self.open_report(rel)?.read(read)
    }

    fn exists(&self, rel: &str) -> bool {
        Root::exists(self, rel)
    }

    fn list(&self, dir: &str) -> Listing {
        list_files(self, dir)
    }

    fn directories(&self, dir: &str) -> Vec<String> {
        list_directories(self, dir)
    }
}

/// Files that are in memory, under names that were looked at before: no two differ in case only,
/// and none is a directory of another.
#[derive(Debug, Default)]
pub struct MemoryTree {
    files: BTreeMap<String, MemoryFile>,
}

#[derive(Debug)]
struct MemoryFile {
    digest: Sha256Digest,
    bytes: u64,
    /// `None` where it is so large that only the digest is ever asked for.
    content: Option<Vec<u8>>,
}

impl MemoryTree {
    /// Puts a file in.
    pub fn insert(
        &mut self,
        path: String,
        digest: Sha256Digest,
        bytes: u64,
        content: Option<Vec<u8>>,
    ) {
        self.files.insert(path, MemoryFile { digest, bytes, content });
    }

    /// As a directory would say it: what keeps `rel` from being a file.
    fn find(&self, rel: &str) -> Result<&MemoryFile, Fault> {
        let parts = check_path(rel)?;
        if let Some(file) = self.files.get(rel) {
            return Ok(file);
        }
        let mut seen = String::new();
        for part in parts {
            let parent = seen.clone();
            if !seen.is_empty() {
                seen.push('/');
            }
            seen.push_str(part);
            if self.files.contains_key(&seen) {
                let message = format!("`{rel}` does not exist: `{seen}` is a file");
                return Err(absent(rel, message));
            }
            if self.is_directory(&seen) {
                continue;
            }
            return Err(match self.other_spelling(&parent, part) {
                Some(actual) => misspelt(&seen, part, &actual),
                None => absent(rel, format!("`{rel}` does not exist")),
            });
        }
        Err(not_regular(
            format!("`{rel}` is a directory; evidence must be a regular file"),
            "move it away and put the file in its place",
        ))
    }

    fn below(&self, dir: &str) -> impl Iterator<Item = &String> {
        let prefix = if dir.is_empty() { String::new() } else { format!("{dir}/") };
        let start = prefix.clone();
        let files = self.files.range(start..).map(|(path, _)| path);
        files.take_while(move |path| path.starts_with(&prefix))
    }

    fn is_directory(&self, path: &str) -> bool {
        self.below(path).next().is_some()
    }

    fn other_spelling(&self, parent: &str, part: &str) -> Option<String> {
        let at = if parent.is_empty() { 0 } else { parent.len() + 1 };
        let lower = part.to_lowercase();
        let names = self.below(parent).filter_map(|path| path[at..].split('/').next());
        names.filter(|name| name.to_lowercase() == lower).min().map(str::to_owned)
    }
}

impl Tree for MemoryTree {
    fn bytes(&self, rel: &str, limit: u64) -> Result<Vec<u8>, Fault> {
        let file = self.find(rel)?;
        match &file.content {
            Some(content) if file.bytes <= limit => Ok(content.clone()),
            _ => Err(too_large(rel, Some(file.bytes), limit)),
        }
    }

    fn digest_within(&self, rel: &str, limit: u64) -> Result<(Sha256Digest, u64), Fault> {
        let file = self.find(rel)?;
        match file.bytes <= limit {
            true => Ok((file.digest, file.bytes)),
            false => Err(too_large(rel, Some(file.bytes), limit)),
        }
    }

    fn report(&self, rel: &str, read: Reader) -> Result<Report, Fault> {
        let file = self.find(rel)?;
        match &file.content {
            Some(content) => Ok(Report::of(content, read)),
            None => Err(too_large(rel, Some(file.bytes), RAW_LIMIT)),
        }
    }

    fn exists(&self, rel: &str) -> bool {
        self.files.contains_key(rel) || self.is_directory(rel)
    }

    fn directories(&self, dir: &str) -> Vec<String> {
        let names = self.below(dir).filter_map(|path| path[dir.len() + 1..].split_once('/'));
        let mut names: Vec<String> = names.map(|(name, _)| name.to_owned()).collect();
        names.dedup();
        names
    }

    fn list(&self, dir: &str) -> Listing {
        let files = if self.files.contains_key(dir) {
            vec![dir.to_owned()]
        } else {
            self.below(dir).cloned().collect()
        };
        Listing { files, faults: Vec::new() }
    }
}
