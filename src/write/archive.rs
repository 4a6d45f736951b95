//! Moving a closed release away: copied whole beside its new place, then renamed there.

use crate::source::Root;
use crate::write::error::WriteError;
use crate::write::lock::Lock;
use crate::write::place::sync_dir;
use std::fs;
use std::io;
use std::path::Path;

/// What the names of archives end with that are not there yet, or are going.
const STAGING: &str = ".tmp";

/// A release that is to be moved away; paths are relative to the project.
#[derive(Clone, Copy, Debug)]
pub struct Leaving<'a> {
    /// Its directory.
    pub from: &'a str,
    /// Where it goes: to `target/from`.
    pub target: &'a str,
    /// Files that are copied to the same places below `target`.
    pub beside: &'a [String],
    /// Of these, those that are gone from their places afterwards.
    pub outside: &'a [String],
    /// Files that the archive has with other bytes: the ledger, with the line that closes it, and what
    /// that line names.
    pub written: &'a [(&'a str, &'a [u8])],
}

/// Moves a release away.
///
/// Everything is first laid out in a directory of its own next to `target`, with the line that closes
/// it. That this is renamed closes the release: before, nothing has changed; afterwards the archive is
/// there whole, and [`take_away`] can be done again.
///
/// # Errors
/// What could not be copied or moved. Unless its `changed` names files, nothing has changed.
pub fn archive(lock: &Lock, root: &Root, leaving: Leaving<'_>) -> Result<(), WriteError> {
    lock.demand(root)?;
    let Leaving { from, target, beside, written, .. } = leaving;
    let staging = format!("{target}{STAGING}");
    let stage = root.dir().join(&staging);
    remove_all(&stage).map_err(fail(&staging))?;
    let laid_out = copy_tree(&root.dir().join(from), &stage.join(from))
        .and_then(|()| {
            beside.iter().try_for_each(|path| copy_file(&root.dir().join(path), &stage.join(path)))
        })
        .and_then(|()| {
            written.iter().try_for_each(|(path, bytes)| write_file(&stage.join(path), bytes))
        });
    if let Err(error) = laid_out {
        // The release itself is untouched; what was laid out is of no use.
        let _ = fs::remove_dir_all(&stage);
        return Err(fail(&staging)(error));
    }
    let archived = root.dir().join(target);
    if let Err(error) = fs::rename(&stage, &archived) {
        let _ = fs::remove_dir_all(&stage);
        return Err(fail(target)(error));
    }
    crate::write::done::note([target]);
    // From here on the archive is there, and says so in its own ledger. It is durable before the
    // original goes.
    archived.parent().map_or(Ok(()), sync_dir).map_err(there(target, &[target]))?;
    take_away(lock, root, leaving)
}

/// Takes away the original of an archive that is there: what is left of it, and what is outside.
///
/// # Errors
/// What could not be moved or removed; it can be done again.
pub fn take_away(lock: &Lock, root: &Root, leaving: Leaving<'_>) -> Result<(), WriteError> {
    lock.demand(root)?;
    let Leaving { from, target, outside, .. } = leaving;
    let staging = format!("{target}{STAGING}");
    let (dir, stage) = (root.dir().join(from), root.dir().join(&staging));
    for path in outside {
        match fs::remove_file(root.dir().join(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(there(path, &[target])(error));
            }
            _ => {}
        }
    }
    remove_all(&stage).map_err(there(&staging, &[target]))?;
    // Renamed away first, so that it is never there in part.
    match fs::rename(&dir, &stage) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(there(from, &[target])(error));
        }
        _ => {}
    }
    let sync = |path: &Path| path.parent().map_or(Ok(()), sync_dir);
    sync(&dir).and_then(|()| sync(&stage)).map_err(there(from, &[target, from]))?;
    remove_all(&stage).map_err(there(&staging, &[target, from]))
}

/// Removes what archiving that was ended from outside left among the archives in `dir`: nothing of it
/// is the only copy.
///
/// # Errors
/// What could not be removed.
pub fn sweep(lock: &Lock, root: &Root, dir: &str) -> Result<(), WriteError> {
    lock.demand(root)?;
    let Ok(entries) = fs::read_dir(root.dir().join(dir)) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Names of versions may end in anything; those of archives have an attempt.
        if name.ends_with(STAGING) && name.contains('+') {
            remove_all(&entry.path()).map_err(fail(&format!("{dir}/{name}")))?;
        }
    }
    Ok(())
}

fn fail(path: &str) -> impl Fn(io::Error) -> WriteError {
    let path = path.to_owned();
    move |error: io::Error| WriteError::io(&path, "archived", &error)
}

/// A failure after which the archive is there.
fn there(path: &str, changed: &[&str]) -> impl Fn(io::Error) -> WriteError {
    let changed: Vec<String> = changed.iter().map(|path| (*path).to_owned()).collect();
    let fail = fail(path);
    move |error: io::Error| WriteError { changed: changed.clone(), ..fail(error) }
}

fn remove_all(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else if kind.is_file() {
            copy_file(&entry.path(), &target)?;
        } else {
            let message = format!("{} is no regular file", entry.path().display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::copy(from, to)?;
    fs::File::open(to)?.sync_all()
}

fn write_file(to: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(to, bytes)?;
    fs::File::open(to)?.sync_all()
}
