//! Where a hook runs: a tree of its own that holds the release's commit and what the policy says
//! besides.
//!
//! [`Place`] is the directory that the tree lies in, outside of every work tree, and who may use it;
//! [`Copies`] brings in what is not in the commit, as copies with digests; [`leads_out`] says where
//! links and arguments lead.

mod carry;
mod leads;
mod place;
mod store;
#[cfg(all(test, unix))]
mod tests;
mod used;

pub use carry::{Copied, Copies, CopyError, digest};
pub use leads::{Leads, Ways, above, leads_out};
pub use place::{Place, PlaceError};
pub use store::{Outputs, copy_plain, take_back};

use std::fs;
use std::path::{Path, PathBuf};

/// Whether anything is at `path`, a link that leads nowhere too.
pub fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// What a link says; `None` when there is none.
pub fn target_of(path: &Path) -> Option<PathBuf> {
    fs::read_link(path).ok()
}

/// A new directory for trees, of nobody else's, where the usual one cannot be had: in `dir`, or in `/tmp`.
///
/// # Errors
/// What the system says.
pub fn new_directory(dir: Option<&str>) -> std::io::Result<PathBuf> {
    let dir = dir.filter(|dir| dir.starts_with('/')).unwrap_or("/tmp");
    tempfile::Builder::new().prefix("d3p-trees-").tempdir_in(dir).map(tempfile::TempDir::keep)
}

/// Removes a file or directory of a tree; what is not there is gone already.
pub fn remove(path: &Path) {
    // What cannot be removed is found by whoever looks at the tree afterwards.
    let _ = store::remove(path);
}

/// The file at `path`, or each file below it, as text; bytes that are none are replaced.
pub fn texts(path: &Path) -> impl Iterator<Item = String> {
    let files = walkdir::WalkDir::new(path).into_iter().flatten();
    files
        .filter(|file| file.file_type().is_file())
        .filter_map(|file| fs::read(file.path()).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}
