//! Raw files that are written as they come: logs of runs.

use crate::model::Sha256Digest;
use crate::source::{Root, is_same_file};
use crate::write::WriteError;
use crate::write::place::{Place, create_dir};
use crate::write::sweep::temp_file;
use sha2::{Digest as _, Sha256};
use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, Write as _};
use std::path::PathBuf;

/// How much of the end is kept of what is more than a file may have, in bytes.
const TAIL: usize = 1024 * 1024;

/// A new file that grows while a command runs. It is complete, and its digest known, at
/// [`RawFile::finish`].
///
/// Nothing that goes wrong with it is a failure of whoever says something: what cannot be written is
/// counted, and of more than the file may have the beginning and the end are kept.
#[derive(Debug)]
pub struct RawFile {
    path: PathBuf,
    file: File,
    hasher: Sha256,
    size: u64,
    /// How many bytes the beginning may still have.
    head: u64,
    /// The end of what came after the beginning.
    tail: VecDeque<u8>,
    left_out: u64,
    lost: u64,
    /// Bytes that were lost since something was last written, and why.
    gap: Option<(u64, String)>,
}

/// What became of such a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RawDone {
    /// Digest of the bytes that were written.
    pub digest: Sha256Digest,
    /// How many there are.
    pub size: u64,
    /// How many bytes of the middle were left out.
    pub left_out: u64,
    /// How many bytes could not be written.
    pub lost: u64,
}

impl RawFile {
    /// Creates `rel`, which must not exist, and which will have at most `limit` bytes, more or less
    /// a sentence.
    ///
    /// # Errors
    /// [`WriteError`] when it exists or cannot be created.
    pub fn create(root: &Root, rel: &str, limit: u64) -> Result<Self, WriteError> {
        let place = Place::of(root, rel)?;
        if place.exists {
            return Err(WriteError::exists(rel));
        }
        let io = |error: io::Error| WriteError::io(rel, "created", &error);
        for dir in &place.missing {
            create_dir(dir).map_err(io)?;
        }
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).open(&place.path).map_err(io)?;
        Ok(Self {
            path: place.path,
            file,
            hasher: Sha256::new(),
            size: 0,
            head: limit.saturating_sub(TAIL as u64),
            tail: VecDeque::new(),
            left_out: 0,
            lost: 0,
            gap: None,
        })
    }

    /// Adds bytes, as far as they fit.
    pub fn write(&mut self, bytes: &[u8]) {
        let head = usize::try_from(self.head).unwrap_or(usize::MAX).min(bytes.len());
        let (head, rest) = bytes.split_at(head);
        if !head.is_empty() {
            self.head -= head.len() as u64;
            self.put(head);
        }
        let rest = match rest.len().checked_sub(TAIL) {
            Some(over) => {
                self.left_out += self.tail.len() as u64 + over as u64;
                self.tail.clear();
                &rest[over..]
            }
            None => rest,
        };
        let over = (self.tail.len() + rest.len()).saturating_sub(TAIL);
        self.left_out += over as u64;
        self.tail.drain(..over);
        self.tail.extend(rest);
    }

    /// Writes to the file, and first says what is missing there.
    fn put(&mut self, bytes: &[u8]) {
        if let Some((lost, why)) = self.gap.take() {
            let note = format!("\n[d3p: {lost} bytes of the output could not be written: {why}]\n");
            if let Err(why) = self.put_all(note.as_bytes()) {
                self.lost += bytes.len() as u64;
                self.gap = Some((lost + bytes.len() as u64, why.1.to_string()));
                return;
            }
        }
        if let Err((rest, why)) = self.put_all(bytes) {
            self.lost += rest as u64;
            self.gap = Some((rest as u64, why.to_string()));
        }
    }

    /// Writes all of it, or says how much of it is not written, and why.
    fn put_all(&mut self, mut bytes: &[u8]) -> Result<(), (usize, io::Error)> {
        while !bytes.is_empty() {
            match self.file.write(bytes) {
                Ok(0) => return Err((bytes.len(), io::ErrorKind::WriteZero.into())),
                Ok(length) => {
                    self.hasher.update(&bytes[..length]);
                    self.size += length as u64;
                    bytes = &bytes[length..];
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err((bytes.len(), error)),
            }
        }
        Ok(())
    }

    /// Writes the end of what was more than there is room for; what the file is now. It still is to be
    /// made durable.
    pub fn end(&mut self) -> RawDone {
        let tail: Vec<u8> = std::mem::take(&mut self.tail).into();
        if self.left_out > 0 {
            let note =
                format!("\n[d3p: {} bytes of the output are left out here]\n", self.left_out);
            self.put(note.as_bytes());
        }
        if !tail.is_empty() {
            self.put(&tail);
        }
        let digest = Sha256Digest::from_bytes(self.hasher.clone().finalize().into());
        RawDone { digest, size: self.size, left_out: self.left_out, lost: self.lost }
    }

    /// Makes it durable. A file that was taken away meanwhile, or exchanged, is put there again.
    ///
    /// # Errors
    /// What the system says; what was written so far may be there or not.
    pub fn finish(mut self) -> io::Result<()> {
        let own = self.file.metadata()?;
        let there = fs::symlink_metadata(&self.path).is_ok_and(|there| is_same_file(&there, &own));
        if there {
            return self.file.sync_all();
        }
        let dir = self.path.parent().unwrap_or(&self.path);
        fs::create_dir_all(dir)?;
        let mut again = temp_file(dir, true)?;
        self.file.rewind()?;
        io::copy(&mut self.file, &mut again)?;
        again.as_file().sync_all()?;
        again.persist(&self.path).map_err(|failed| failed.error)?;
        Ok(())
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
    match fs::rename(&source.path, &target.path) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let mut copy = temp_file(&target.dir, true).map_err(io)?;
            io::copy(&mut File::open(&source.path).map_err(io)?, &mut copy).map_err(io)?;
            copy.as_file().sync_all().map_err(io)?;
            copy.persist_noclobber(&target.path).map_err(|failed| io(failed.error))?;
            fs::remove_file(&source.path).map_err(io)
        }
        moved => moved.map_err(io),
    }
}
