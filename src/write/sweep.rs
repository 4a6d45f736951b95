//! Temporary files: what they are called, and taking away those of programs that were killed.
//!
//! The name says whose the file is, for a draft is made before the lock is taken: that of a program
//! which still runs is left to it.

use crate::source::{TEMPORARY, is_temporary};
use std::fs;
use std::io;
use std::path::Path;
use tempfile::NamedTempFile;
use walkdir::WalkDir;

/// Makes a temporary file of this process in `dir`, readable by all whom the umask lets where it is
/// `shared`.
pub(super) fn temp_file(dir: &Path, shared: bool) -> io::Result<NamedTempFile> {
    let suffix = format!("-{}{}", std::process::id(), TEMPORARY.1);
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(&suffix);
    #[cfg(unix)]
    if shared {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o644));
    }
    let _ = shared;
    builder.tempfile_in(dir)
}

/// Takes away what killed programs left behind in `dir`, at most so many levels below. What cannot be
/// removed does no harm: nothing ever looks at it.
pub(super) fn sweep(dir: &Path, levels: usize) {
    let walk = WalkDir::new(dir).follow_root_links(false).max_depth(levels);
    for entry in walk.into_iter().flatten() {
        remove(entry.path(), entry.file_type().is_file());
    }
}

/// The same for one directory.
pub(super) fn sweep_dir(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        remove(&entry.path(), entry.file_type().is_ok_and(|kind| kind.is_file()));
    }
}

fn remove(path: &Path, is_file: bool) {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    if is_file && is_temporary(&name) && owner(&name).is_none_or(|pid| !is_alive(pid)) {
        let _ = fs::remove_file(path);
    }
}

/// The number of the process that a temporary file says that it is of.
fn owner(name: &str) -> Option<i32> {
    name.strip_suffix(TEMPORARY.1)?.rsplit_once('-')?.1.parse().ok()
}

#[cfg(unix)]
fn is_alive(pid: i32) -> bool {
    use rustix::io::Errno;
    use rustix::process::{Pid, test_kill_process};
    Pid::from_raw(pid).is_some_and(|pid| test_kill_process(pid) != Err(Errno::SRCH))
}

#[cfg(not(unix))]
fn is_alive(_pid: i32) -> bool {
    true
}
