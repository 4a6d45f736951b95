//! Putting back what was done when a later step fails.

use crate::source::Root;
use crate::write::WriteError;
use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// Steps that were done, in order.
#[derive(Default)]
pub(super) struct Undo {
    steps: Vec<(String, Undone)>,
}

/// How one step is undone.
pub(super) enum Undone {
    /// The file was created.
    Remove,
    /// The file was replaced; this is a copy of what it was.
    Restore(TempPath),
    /// The file was appended to; it had this length in bytes.
    Truncate(u64),
}

impl Undo {
    pub(super) fn push(&mut self, rel: &str, step: Undone) {
        self.steps.push((rel.to_owned(), step));
    }

    /// Undoes every step, the last first, and adds to `error` what could not be undone.
    pub(super) fn roll_back(self, root: &Root, mut error: WriteError) -> WriteError {
        for (rel, step) in self.steps.into_iter().rev() {
            let path = root.dir().join(&rel);
            match step {
                Undone::Remove if fs::remove_file(&path).is_err() => error.changed.push(rel),
                Undone::Truncate(length) if truncate(&path, length).is_err() => {
                    error.changed.push(rel);
                }
                Undone::Restore(copy) => error.changed.extend(restore(rel, copy, &path)),
                Undone::Remove | Undone::Truncate(_) => {}
            }
        }
        error
    }
}

/// Moves the copy back. If that fails it is kept: it is the only one there is. Its new name is one
/// that the next writer does not sweep away.
fn restore(rel: String, copy: TempPath, path: &Path) -> Option<String> {
    let copy = copy.persist(path).err()?.path;
    let Ok(kept) = copy.keep() else { return Some(rel) };
    let lasting = kept.with_extension("old");
    let kept = if fs::rename(&kept, &lasting).is_ok() { lasting } else { kept };
    let name = kept.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Some(format!("{rel} (what it was is beside it in `{name}`)"))
}

fn truncate(path: &Path, length: u64) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    file.set_len(length)?;
    file.sync_all()
}

/// Directories that were created on the way; removed again when dropped, if they are empty.
#[derive(Default)]
pub(super) struct CreatedDirs(Vec<PathBuf>);

impl CreatedDirs {
    pub(super) fn contains(&self, dir: &Path) -> bool {
        self.0.iter().any(|created| created == dir)
    }

    pub(super) fn push(&mut self, dir: PathBuf) {
        self.0.push(dir);
    }

    /// The directories in which they were created.
    pub(super) fn parents(&self) -> BTreeSet<PathBuf> {
        self.0.iter().filter_map(|dir| dir.parent()).map(Path::to_path_buf).collect()
    }

    /// Lets them stay.
    pub(super) fn keep(&mut self) {
        self.0.clear();
    }
}

impl Drop for CreatedDirs {
    fn drop(&mut self) {
        for dir in self.0.iter().rev() {
            // One that is not empty has found another use meanwhile.
            let _ = fs::remove_dir(dir);
        }
    }
}
