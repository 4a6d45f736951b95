//! Holds what lies in a tree against what its commit names: each entry by type and mode, and nothing
//! besides.

use super::{Entry, Mode, io};
use crate::collect::git::{GitError, run};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::path::Path;
use walkdir::WalkDir;

/// Refuses a tree in `dir` that is not exactly what `entries` name.
pub(super) fn hold(dir: &Path, entries: &[Entry]) -> Result<(), GitError> {
    let mut wanted: BTreeMap<&Path, Mode> =
        entries.iter().map(|entry| (entry.path.as_path(), entry.mode)).collect();
    let own = OsStr::new(".git");
    let walk = WalkDir::new(dir).min_depth(1).into_iter();
    for found in walk.filter_entry(|found| found.depth() > 1 || found.file_name() != own) {
        let found = found.map_err(|error| GitError::Other(error.to_string()))?;
        let path = found.path().strip_prefix(dir).unwrap_or(found.path());
        let metadata = found.metadata().map_err(|error| GitError::Other(error.to_string()))?;
        match wanted.remove(path) {
            Some(mode) if is(mode, &metadata) => {}
            None if metadata.is_dir() => {}
            _ => return Err(not_named(path)),
        }
    }
    match wanted.keys().next() {
        None => Ok(()),
        Some(path) => Err(GitError::Other(format!(
            "{} could not be written as the commit names it: look for names that this file system cannot tell apart",
            shown(path)
        ))),
    }
}

fn not_named(path: &Path) -> GitError {
    GitError::Other(format!("{} is not what the commit names there", shown(path)))
}

fn shown(path: &Path) -> String {
    run::lossy(path.as_os_str().as_encoded_bytes())
}

fn is(mode: Mode, found: &Metadata) -> bool {
    match mode {
        Mode::File => found.is_file() && !may_run(found),
        Mode::Program => found.is_file() && may_run(found),
        Mode::Link => found.is_symlink(),
        Mode::Submodule => found.is_dir(),
    }
}

#[cfg(unix)]
fn may_run(found: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    found.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn may_run(_: &Metadata) -> bool {
    true
}

/// Writes `bytes` where a file of the tree lies, under the mode that it has.
pub(super) fn put(path: &Path, bytes: &[u8]) -> Result<(), GitError> {
    fs::write(path, bytes).map_err(|error| io(path, &error))
}
