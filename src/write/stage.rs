//! Making a change set real: everything is staged beside its destination and made durable, then
//! checked again, then renamed into place; lines come last.
//!
//! A crash between two renames leaves whole files and no line in the ledger: an interrupted change,
//! which the ledger shows. It never leaves half a file.

use crate::model::Sha256Digest;
use crate::source::{Held, Root};
use crate::text::FaultKind;
use crate::write::changeset::{Change, ChangeSet, What};
use crate::write::place::{Place, create_dir, sync_dir};
use crate::write::sweep::{sweep_dir, temp_file};
use crate::write::undo::{CreatedDirs, Undo, Undone};
use crate::write::{WriteError, append};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, TempPath};

/// A change set of which everything is on disk, and nothing in place.
pub(super) struct Staged<'a> {
    root: &'a Root,
    unchanged: &'a [(String, Option<Sha256Digest>)],
    room: u64,
    files: Vec<StagedFile<'a>>,
    lines: Vec<StagedLines<'a>>,
    // Last, so that it is dropped when the temporary files in these directories are gone.
    dirs: CreatedDirs,
}

struct StagedFile<'a> {
    rel: &'a str,
    place: Place,
    /// Closed, since there may be many.
    new: TempPath,
    old: Option<Old>,
    is_create: bool,
}

/// What is replaced.
struct Old {
    copy: TempPath,
    digest: Sha256Digest,
}

struct StagedLines<'a> {
    rel: &'a str,
    place: Place,
    text: String,
}

impl<'a> Staged<'a> {
    /// Looks at every destination before touching any, then writes the temporary files.
    pub(super) fn stage(set: &'a ChangeSet) -> Result<Self, WriteError> {
        let root = &set.root;
        let mut places = Vec::new();
        for change in set.changes.iter().filter(|change| !matches!(change.what, What::Keep)) {
            let place = Place::of(root, &change.path)?;
            if place.exists && matches!(change.what, What::Create(_) | What::Hold(_)) {
                return Err(WriteError::exists(&change.path));
            }
            places.push((change, place));
        }
        let mut staged = Self {
            root,
            unchanged: &set.unchanged,
            room: set.room,
            files: Vec::new(),
            lines: Vec::new(),
            dirs: CreatedDirs::default(),
        };
        let dirs: BTreeSet<&Path> = places.iter().map(|(_, place)| place.dir.as_path()).collect();
        dirs.into_iter().for_each(sweep_dir);
        for (change, place) in places {
            staged.add(change, place)?;
        }
        Ok(staged)
    }

    fn add(&mut self, change: &'a Change, place: Place) -> Result<(), WriteError> {
        let rel = change.path.as_str();
        for dir in &place.missing {
            if !self.dirs.contains(dir) {
                create_dir(dir).map_err(|error| WriteError::io(rel, "written", &error))?;
                self.dirs.push(dir.clone());
            }
        }
        let (bytes, expected, is_create) = match &change.what {
            What::Keep => return Ok(()),
            What::Append(line) => {
                self.add_line(rel, place, line);
                return Ok(());
            }
            What::Create(bytes) => (Ok(bytes), None, true),
            What::Hold(held) => (Err(held), None, true),
            What::Replace(bytes, expected) => (Ok(bytes), *expected, false),
        };
        let old = self.old(rel, &place, expected)?;
        let new = match bytes {
            Ok(bytes) => write_temp(&place, |file| file.write_all(bytes)),
            Err(held) => write_temp(&place, |file| copy_held(held, file)),
        };
        let new = new.map_err(|error| WriteError::io(rel, "written", &error))?;
        self.files.push(StagedFile { rel, place, new, old, is_create });
        Ok(())
    }

    fn add_line(&mut self, rel: &'a str, place: Place, line: &str) {
        let lines = match self.lines.iter_mut().position(|lines| lines.rel == rel) {
            // The file of the last line is written last.
            Some(at) => self.lines.remove(at),
            None => StagedLines { rel, place, text: String::new() },
        };
        self.lines.push(lines);
        if let Some(lines) = self.lines.last_mut() {
            lines.text.push_str(line);
            lines.text.push('\n');
        }
    }

    /// Copies what will be replaced, so that it can be put back.
    fn old(
        &self,
        rel: &str,
        place: &Place,
        expected: Option<Sha256Digest>,
    ) -> Result<Option<Old>, WriteError> {
        if !place.exists {
            return if expected.is_some() { Err(WriteError::changed_since(rel)) } else { Ok(None) };
        }
        let digest = digest(self.root, rel)?.ok_or_else(|| WriteError::changed_since(rel))?;
        if expected.is_some_and(|expected| expected != digest) {
            return Err(WriteError::changed_since(rel));
        }
        let copy = temp_file(&place.dir, false)
            .map(NamedTempFile::into_temp_path)
            .and_then(|copy| fs::copy(&place.path, &copy).map(|_| copy))
            .map_err(|error| WriteError::io(rel, "copied", &error))?;
        Ok(Some(Old { copy, digest }))
    }

    /// Checks that the disk still is as it was when it was read and staged.
    pub(super) fn check(&self) -> Result<(), WriteError> {
        let is_line = |rel: &str| self.lines.iter().any(|lines| lines.rel == rel);
        for (rel, expected) in self.unchanged.iter().filter(|(rel, _)| !is_line(rel)) {
            if digest(self.root, rel)? != *expected {
                return Err(WriteError::changed_since(rel));
            }
        }
        for file in &self.files {
            let now = digest(self.root, file.rel)?;
            if now == file.old.as_ref().map(|old| old.digest) {
                continue;
            }
            let error = if file.is_create { WriteError::exists } else { WriteError::changed_since };
            return Err(error(file.rel));
        }
        self.lines.iter().try_for_each(|lines| {
            let expected = self.unchanged.iter().find(|(rel, _)| rel == lines.rel);
            append::check(self.root, lines.rel, expected.map(|(_, digest)| *digest))?;
            append::check_room(self.root, lines.rel, lines.text.len() as u64 + self.room)
        })
    }

    /// Puts everything in place, or puts everything back.
    pub(super) fn commit(self) -> Result<(), WriteError> {
        // Declared before what is undone, so that it is dropped after it.
        let mut dirs = self.dirs;
        let mut undo = Undo::default();
        let to_sync = dirs.parents();
        match put_in_place(self.root, self.files, self.lines, to_sync, &mut undo) {
            Ok(()) => {
                dirs.keep();
                Ok(())
            }
            Err(error) => Err(undo.roll_back(self.root, error)),
        }
    }
}

fn put_in_place(
    root: &Root,
    files: Vec<StagedFile<'_>>,
    lines: Vec<StagedLines<'_>>,
    mut to_sync: BTreeSet<PathBuf>,
    undo: &mut Undo,
) -> Result<(), WriteError> {
    let mut owners = BTreeMap::new();
    for StagedFile { rel, place, new, old, is_create } in files {
        let persisted = match &old {
            Some(_) => new.persist(&place.path),
            None => new.persist_noclobber(&place.path),
        };
        persisted.map_err(|failed| match failed.error.kind() {
            io::ErrorKind::AlreadyExists if is_create => WriteError::exists(rel),
            io::ErrorKind::AlreadyExists => WriteError::changed_since(rel),
            _ => WriteError::io(rel, "renamed into place", &failed.error),
        })?;
        undo.push(rel, old.map_or(Undone::Remove, |old| Undone::Restore(old.copy)));
        owners.insert(place.dir.clone(), rel.to_owned());
        to_sync.insert(place.dir);
    }
    // Before the lines: a line must not become durable before what it tells of.
    sync(&to_sync, &owners)?;
    for StagedLines { rel, place, text } in lines {
        append::append(root, rel, &place, &text, undo)?;
        if !place.exists {
            owners.insert(place.dir.clone(), rel.to_owned());
            sync(&BTreeSet::from([place.dir]), &owners)?;
        }
    }
    Ok(())
}

fn sync(dirs: &BTreeSet<PathBuf>, owners: &BTreeMap<PathBuf, String>) -> Result<(), WriteError> {
    for dir in dirs {
        let rel = || owners.get(dir).map_or_else(|| dir.to_string_lossy().into(), Clone::clone);
        sync_dir(dir).map_err(|error| WriteError::io(&rel(), "made durable", &error))?;
    }
    Ok(())
}

/// Digest of a file that may be absent.
fn digest(root: &Root, rel: &str) -> Result<Option<Sha256Digest>, WriteError> {
    match root.digest(rel) {
        Ok((digest, _)) => Ok(Some(digest)),
        Err(fault) if fault.kind == FaultKind::Absent => Ok(None),
        Err(fault) => Err(WriteError::place(rel, fault)),
    }
}

/// Copies the bytes of a report that was judged, and no others.
fn copy_held(held: &Held, to: &mut NamedTempFile) -> io::Result<()> {
    let mut from = fs::File::open(held.path())?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hasher.update(&buffer[..count]);
        to.write_all(&buffer[..count])?;
    }
    match Sha256Digest::from_bytes(hasher.finalize().into()) == held.report.digest {
        true => Ok(()),
        false => Err(io::Error::other("its copy changed after it was read")),
    }
}

/// A temporary file beside the destination, readable by all whom the umask lets.
fn write_temp(
    place: &Place,
    fill: impl FnOnce(&mut NamedTempFile) -> io::Result<()>,
) -> io::Result<TempPath> {
    let mut file = temp_file(&place.dir, true)?;
    fill(&mut file)?;
    file.as_file().sync_all()?;
    Ok(file.into_temp_path())
}
