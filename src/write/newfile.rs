//! One file at a place that the user names, there whole or not at all.

use crate::write::error::WriteError;
use crate::write::place::sync_dir;
use crate::write::sweep::{sweep_dir, temp_file};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read as _, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// Creates the file `path`, whose content `fill` writes; never overwrites.
///
/// It is written beside its place under another name, made durable and then renamed.
///
/// # Errors
/// What `fill` says, or what kept the file from being created; nothing is left behind then.
pub fn create_new<T, E: From<WriteError>>(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, E> {
    if path.symlink_metadata().is_ok() {
        return Err(WriteError::exists(&path.to_string_lossy()).into());
    }
    let (filled, file) = fill_beside(path, fill)?;
    let persisted: Result<File, _> = file.persist_noclobber(path);
    persisted.map_err(|failed| match failed.error.kind() {
        io::ErrorKind::AlreadyExists => E::from(WriteError::exists(&path.to_string_lossy())),
        _ => E::from(wrong(path, &failed.error)),
    })?;
    crate::write::done::note([&*path.to_string_lossy()]);
    sync_dir(parent(path)).map_err(|error| E::from(wrong(path, &error)))?;
    Ok(filled)
}

/// Writes a report that can be made again at any time. What lies there is replaced only when it is
/// empty or begins with one of `openings`, as an earlier report does.
///
/// # Errors
/// When something else lies there, or the file cannot be written; what was there stays then.
pub fn write_report(path: &Path, text: &str, openings: &[&str]) -> Result<(), WriteError> {
    if path.symlink_metadata().is_ok() && !is_report(path, openings) {
        return Err(WriteError::exists(&path.to_string_lossy()));
    }
    let write = |out: &mut dyn Write| out.write_all(text.as_bytes()).map_err(|e| wrong(path, &e));
    let (_, file) = fill_beside(path, write)?;
    file.persist(path).map_err(|failed| wrong(path, &failed.error))?;
    sync_dir(parent(path)).map_err(|error| wrong(path, &error))
}

/// Adds `text` to a page that others write to as well, such as the summary of a job.
///
/// # Errors
/// When it cannot be written.
pub fn append_report(path: &Path, text: &str) -> Result<(), WriteError> {
    let mut options = OpenOptions::new();
    let opened = options.append(true).create(true).open(path);
    opened
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| WriteError::io(&path.to_string_lossy(), "written", &error))
}

fn is_report(path: &Path, openings: &[&str]) -> bool {
    let regular = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    let mut begin = Vec::new();
    let read = File::open(path).and_then(|file| file.take(256).read_to_end(&mut begin));
    let own = |opening: &&str| begin.starts_with(opening.as_bytes());
    regular && read.is_ok() && (begin.is_empty() || openings.iter().any(own))
}

fn parent(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or_else(|| Path::new("."))
}

fn wrong(path: &Path, error: &io::Error) -> WriteError {
    WriteError::io(&path.to_string_lossy(), "written", error)
}

/// The content beside its place under another name, durable and not yet renamed.
fn fill_beside<T, E: From<WriteError>>(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<(T, NamedTempFile), E> {
    let fail = |error: &io::Error| E::from(wrong(path, error));
    sweep_dir(parent(path));
    let file = temp_file(parent(path), true).map_err(|error| fail(&error))?;
    let mut out = BufWriter::new(file);
    let filled = fill(&mut out)?;
    let file = out.into_inner().map_err(|error| fail(error.error()))?;
    file.as_file().sync_all().map_err(|error| fail(&error))?;
    Ok((filled, file))
}
