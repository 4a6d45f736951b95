//! Raw files that are written as they come: logs of runs.

use crate::model::Sha256Digest;
use crate::source::Root;
use crate::write::WriteError;
use crate::write::place::{Place, create_dir};
use sha2::{Digest as _, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};

/// A new file that grows while a command runs. It is complete, and its digest known, at
/// [`RawFile::finish`]; what a crash leaves is a log that nothing names.
#[derive(Debug)]
pub struct RawFile {
    rel: String,
    file: File,
    hasher: Sha256,
    size: u64,
}

impl RawFile {
    /// Creates `rel`, which must not exist.
    ///
    /// # Errors
    /// [`WriteError`] when it exists or cannot be created.
    pub fn create(root: &Root, rel: &str) -> Result<Self, WriteError> {
        let place = Place::of(root, rel)?;
        if place.exists {
            return Err(WriteError::exists(rel));
        }
        let io = |error: io::Error| WriteError::io(rel, "created", &error);
        for dir in &place.missing {
            create_dir(dir).map_err(io)?;
        }
        let file = OpenOptions::new().write(true).create_new(true).open(&place.path).map_err(io)?;
        Ok(Self { rel: rel.to_owned(), file, hasher: Sha256::new(), size: 0 })
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// What the system says, such as a full disk.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Makes it durable; its digest and size in bytes.
    ///
    /// # Errors
    /// [`WriteError`] when the system cannot.
    pub fn finish(self) -> Result<(Sha256Digest, u64), WriteError> {
        let io = |error: io::Error| WriteError::io(&self.rel, "written", &error);
        self.file.sync_all().map_err(io)?;
        Ok((Sha256Digest::from_bytes(self.hasher.finalize().into()), self.size))
    }
}

/// Moves a file within the project to a place that must be free.
///
/// # Errors
/// [`WriteError`] when it cannot be moved; then it lies where it lay.
pub fn move_file(root: &Root, from: &str, to: &str) -> Result<(), WriteError> {
    let source = Place::of(root, from)?;
    let target = Place::of(root, to)?;
    if target.exists {
        return Err(WriteError::exists(to));
    }
    let io = |error: io::Error| WriteError::io(from, "moved", &error);
    for dir in &target.missing {
        create_dir(dir).map_err(io)?;
    }
    fs::rename(&source.path, &target.path).map_err(io)
}
