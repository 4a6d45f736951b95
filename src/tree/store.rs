//! What hooks made and later ones are given: outputs by their digest, and state that goes back to
//! where it came from.

use super::carry::{Copied, CopyError, digest};
use super::place::private;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The outputs that are kept for one repository.
#[derive(Debug)]
pub struct Outputs {
    dir: PathBuf,
}

impl Outputs {
    /// Those in `dir`, which need not exist.
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// Where the output with this digest is kept, whether it is or not.
    pub fn place(&self, sha256: &str) -> PathBuf {
        self.dir.join(sha256)
    }

    /// Moves what a hook made at `from` in here; gives digest and size. Outputs whose digests `wanted`
    /// does not name go.
    ///
    /// # Errors
    /// [`CopyError`] when it cannot be read or moved.
    pub fn keep(&self, from: &Path, wanted: &[String]) -> Result<Copied, CopyError> {
        let made = digest(from)?;
        let io = |error: io::Error| CopyError {
            message: format!("{}: {error}", self.dir.display()),
            help: None,
        };
        private(&self.dir).map_err(io)?;
        let name = made.sha256.to_string();
        for entry in fs::read_dir(&self.dir).map_err(io)?.flatten() {
            let other = entry.file_name().to_string_lossy().into_owned();
            if other != name && !wanted.contains(&other) {
                remove(&entry.path()).map_err(io)?;
            }
        }
        let place = self.place(&name);
        if digest(&place).is_ok_and(|there| there == made) {
            return Ok(made);
        }
        remove(&place).map_err(io)?;
        fs::rename(from, &place).map_err(io)?;
        Ok(made)
    }
}

/// Puts state that a hook changed, at `from`, back to `to`, unless what lies there is not `was` any
/// more. It is exchanged whole; gives what it is now, `None` when it was left alone.
///
/// # Errors
/// [`CopyError`] when it cannot be; then it lies at `from`, and `to` is as it was.
pub fn take_back(from: &Path, to: &Path, was: Option<&str>) -> Result<Option<Copied>, CopyError> {
    let io =
        |error: io::Error| CopyError { message: format!("{}: {error}", to.display()), help: None };
    let there = if to.symlink_metadata().is_ok() { Some(digest(to)?) } else { None };
    let after = digest(from)?;
    // Such as put back by somebody who could not write it down then.
    if there == Some(after) {
        return Ok(there);
    }
    if there.map(|there| there.sha256.to_string()).as_deref() != was {
        return Ok(None);
    }
    if Some(after.sha256.to_string().as_str()) == was {
        return Ok(Some(after));
    }
    let parent = to.parent().unwrap_or(to);
    fs::create_dir_all(parent).map_err(io)?;
    let beside = tempfile::Builder::new().prefix(".d3p-state-").tempdir_in(parent).map_err(io)?;
    let (new, old) = (beside.path().join("new"), beside.path().join("old"));
    copy_plain(from, &new).map_err(io)?;
    if there.is_some() {
        fs::rename(to, &old).map_err(io)?;
    }
    if let Err(error) = fs::rename(&new, to) {
        // Nothing is lost: what was there is put back.
        let _ = fs::rename(&old, to);
        return Err(io(error));
    }
    Ok(Some(after))
}

/// Copies a file or a directory of plain files to a place that is free.
///
/// # Errors
/// What the system says, and where something is neither file nor directory.
pub fn copy_plain(from: &Path, to: &Path) -> io::Result<()> {
    let found = fs::symlink_metadata(from)?;
    if found.is_dir() {
        fs::create_dir(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy_plain(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    if found.is_file() {
        return fs::copy(from, to).map(|_| ());
    }
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        "state holds a link, which would lead elsewhere",
    ))
}

pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
