//! Going down from the project directory to one entry, without following links.
//!
//! Every component is looked at with `lstat` before anything is opened, so that no FIFO, device or
//! link is ever opened. The standard library has no `openat`: someone who swaps a directory for a
//! link between the look and the open is not stopped here, a swapped *file* is (see `load`).

use crate::source::path::check_path;
use crate::text::{Fault, FaultKind};
use std::fs::{self, FileType, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// What a directory entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// Anything else: FIFO, socket, device.
    Special(&'static str),
}

/// An entry that exists below the root, reached through real directories only.
#[derive(Debug)]
pub(crate) struct Found {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What it is.
    pub(crate) kind: Kind,
    /// What `lstat` said.
    pub(crate) metadata: Metadata,
}

/// Looks up `rel` below `root`; `root` is canonical.
///
/// # Errors
/// The fault that keeps `rel` from being looked at: a bad path, absent, a link, unreadable.
pub(crate) fn find(root: &Path, rel: &str) -> Result<Found, Fault> {
    let parts = check_path(rel)?;
    let mut path = root.to_path_buf();
    let mut seen = String::new();
    let mut last: Option<Found> = None;
    for part in &parts {
        if let Some(Found { kind, .. }) = last.filter(|found| found.kind != Kind::Directory) {
            return Err(absent(
                rel,
                format!("`{rel}` does not exist: `{seen}` is {}", kind.name()),
            ));
        }
        let parent = path.clone();
        path.push(part);
        if !seen.is_empty() {
            seen.push('/');
        }
        seen.push_str(part);
        last = Some(step(root, &parent, part, &path, &seen, rel)?);
    }
    last.ok_or_else(|| absent(rel, format!("`{rel}` does not exist")))
}

fn step(
    root: &Path,
    parent: &Path,
    part: &str,
    path: &Path,
    seen: &str,
    rel: &str,
) -> Result<Found, Fault> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(match other_spelling(parent, part) {
                Some(actual) => misspelt(seen, part, &actual),
                None => absent(rel, format!("`{rel}` does not exist")),
            });
        }
        Err(error) => return Err(unreadable(seen, &error)),
    };
    if metadata.file_type().is_symlink() {
        return Err(link(root, path, seen, seen == rel));
    }
    if is_case_blind(parent, part)
        && let Some(actual) = other_spelling(parent, part)
    {
        return Err(misspelt(seen, part, &actual));
    }
    Ok(Found { path: path.to_path_buf(), kind: Kind::of(metadata.file_type()), metadata })
}

impl Kind {
    /// What a type of the file system is.
    pub(crate) fn of(file_type: FileType) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt as _;
            if file_type.is_fifo() {
                return Self::Special("a FIFO");
            }
            if file_type.is_socket() {
                return Self::Special("a socket");
            }
            if file_type.is_block_device() || file_type.is_char_device() {
                return Self::Special("a device");
            }
        }
        if file_type.is_file() {
            Self::File
        } else if file_type.is_dir() {
            Self::Directory
        } else if file_type.is_symlink() {
            Self::Special("a symbolic link")
        } else {
            Self::Special("neither a file nor a directory")
        }
    }

    /// With its article, to stand after "is".
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::File => "a file",
            Self::Directory => "a directory",
            Self::Special(name) => name,
        }
    }
}

/// Whether `part` might also be found under another spelling: then its own must be checked.
///
/// Asking for the name with its letters' case swapped is one `lstat`; listing the directory each
/// time would cost far more. On a case-sensitive file system the swapped name is hardly ever there.
fn is_case_blind(parent: &Path, part: &str) -> bool {
    let swapped: String =
        part.chars()
            .map(|c| {
                if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
            })
            .collect();
    swapped != part && fs::symlink_metadata(parent.join(swapped)).is_ok()
}

/// The spelling in the directory, when it differs from `part` only in case. `None` when `part`
/// itself is listed, and when nothing like it is.
pub(super) fn other_spelling(parent: &Path, part: &str) -> Option<String> {
    let lower = part.to_lowercase();
    let mut other: Option<String> = None;
    for entry in fs::read_dir(parent).ok()?.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        if name == part {
            return None;
        }
        if name.to_lowercase() == lower && other.as_deref().is_none_or(|best| name < best) {
            other = Some(name.to_owned());
        }
    }
    other
}

fn link(root: &Path, path: &Path, seen: &str, is_file: bool) -> Fault {
    let what = if is_file { "evidence must be a regular file" } else { "it must be a directory" };
    let help = "replace the link by a copy of what it points to";
    match fs::canonicalize(path) {
        Ok(target) if !target.starts_with(root) => Fault {
            kind: FaultKind::LinkOutside,
            span: None,
            message: format!("`{seen}` is a symbolic link out of the project; {what}"),
            help: Some(help.to_owned()),
        },
        resolved => {
            let dangling = if resolved.is_ok() { "" } else { " that leads nowhere" };
            not_regular(format!("`{seen}` is a symbolic link{dangling}; {what}"), help)
        }
    }
}

pub(super) fn absent(rel: &str, message: String) -> Fault {
    let help = format!("create `{rel}`, or correct the path where it is named");
    Fault { kind: FaultKind::Absent, span: None, message, help: Some(help) }
}

pub(super) fn misspelt(seen: &str, part: &str, actual: &str) -> Fault {
    Fault {
        kind: FaultKind::CaseMismatch,
        span: None,
        message: format!(
            "`{seen}` is spelled `{actual}` on disk; systems that tell case apart find no `{part}`"
        ),
        help: Some(format!("rename `{actual}` to `{part}`, in two steps with `git mv`")),
    }
}

pub(super) fn not_regular(message: String, help: &str) -> Fault {
    Fault { kind: FaultKind::NotRegular, span: None, message, help: Some(help.to_owned()) }
}

/// What the operating system says keeps `name` from being read.
pub(super) fn unreadable(name: &str, error: &io::Error) -> Fault {
    let help = match error.kind() {
        io::ErrorKind::PermissionDenied => "give yourself permission to read it",
        _ => "make the file readable, then run the command again",
    };
    Fault {
        kind: FaultKind::Unreadable,
        span: None,
        message: format!("`{name}` cannot be read: {error}"),
        help: Some(help.to_owned()),
    }
}
