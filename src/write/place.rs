//! Where a file is to be written: a place below the root, reached through real directories.

use super::error::again;
use crate::source::{Kind, Root, check_path};
use crate::text::FaultKind;
use crate::write::{WriteError, WriteErrorKind};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A destination, looked at and not yet touched.
#[derive(Debug)]
pub(super) struct Place {
    /// The file.
    pub(super) path: PathBuf,
    /// The directory that it is in.
    pub(super) dir: PathBuf,
    /// Directories on the way to it that do not exist, outermost first.
    pub(super) missing: Vec<PathBuf>,
    /// Whether the file exists; if so it is a regular one.
    pub(super) exists: bool,
}

impl Place {
    /// Looks at `rel` below `root`.
    ///
    /// # Errors
    /// [`WriteErrorKind::Place`] when it is, or is behind, anything but files and directories.
    pub(super) fn of(root: &Root, rel: &str) -> Result<Self, WriteError> {
        let refuse = |fault| WriteError::place(rel, fault);
        let parts = check_path(rel).map_err(refuse)?;
        if parts.iter().any(|part| part.eq_ignore_ascii_case(".git")) {
            let message = format!("`{rel}` belongs to git and is never written");
            return Err(WriteError::new(
                WriteErrorKind::Place,
                rel,
                message,
                again(rel, "use another path"),
            ));
        }
        let exists = match root.find(rel) {
            Ok(found) if found.kind == Kind::File => true,
            Ok(found) => {
                let message = format!("`{rel}` is {}, not a file", found.kind.name());
                let help = "move it away, then run the command again";
                return Err(WriteError::new(WriteErrorKind::Place, rel, message, again(rel, help)));
            }
            Err(fault) if fault.kind == FaultKind::Absent => false,
            Err(fault) => return Err(refuse(fault)),
        };
        let mut dir = root.dir().to_path_buf();
        let mut missing = Vec::new();
        for part in &parts[..parts.len() - 1] {
            dir.push(part);
            match fs::symlink_metadata(&dir) {
                Ok(metadata) if metadata.is_dir() => {}
                Ok(_) => return Err(no_directory(root, rel, &dir)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => missing.push(dir.clone()),
                Err(error) => return Err(WriteError::io(rel, "looked at", &error)),
            }
        }
        let path = root.dir().join(rel);
        Ok(Self { path, dir, missing, exists })
    }
}

fn no_directory(root: &Root, rel: &str, dir: &Path) -> WriteError {
    let name = dir.strip_prefix(root.dir()).unwrap_or(dir).display();
    let message = format!("`{rel}` cannot be written: `{name}` is not a directory");
    let advice = again(rel, "move it away, then run the command again");
    WriteError::new(WriteErrorKind::Place, rel, message, advice)
}

/// Creates one directory; one that another process has created meanwhile will do.
pub(super) fn create_dir(dir: &Path) -> io::Result<()> {
    match fs::create_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            // Not `is_dir` of the target: a link that appeared meanwhile must not be followed.
            if fs::symlink_metadata(dir)?.is_dir() { Ok(()) } else { Err(error) }
        }
        other => other,
    }
}

/// Makes the entries of `dir` durable, where the system can.
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match fs::File::open(dir)?.sync_all() {
        // Some network and FUSE file systems know no such thing.
        Err(error)
            if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) =>
        {
            Ok(())
        }
        other => other,
    }
}
