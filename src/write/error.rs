//! Why nothing was written, or not all of it, in plain sentences.

use crate::model::{Advice, Location};
use crate::text::{Fault, FaultKind};
use std::fmt;
use std::io;

/// What kept a change from being made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WriteErrorKind {
    /// A file to be created is there already.
    Exists,
    /// A file is not what it was when it was read.
    Changed,
    /// The path leads out of the project, through a link, or to something that is no file.
    Place,
    /// The last line of an append-only file was cut.
    CutLine,
    /// Another d3p is writing in this project.
    Locked,
    /// No space left, or a quota or limit is used up.
    Full,
    /// No permission, or a read-only file system.
    Denied,
    /// Any other failure of the operating system.
    Io,
    /// The changes contradict each other: a mistake in d3p.
    Plan,
}

/// A refused or failed write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WriteError {
    /// What kind.
    pub kind: WriteErrorKind,
    /// The file, relative to the project.
    pub path: String,
    /// What happened, one sentence without a full stop.
    pub message: String,
    /// What to do about it; boxed, since most results are no errors.
    pub advice: Box<Advice>,
    /// The files that were changed and could not be put back; empty when nothing was changed.
    pub changed: Vec<String>,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if !self.changed.is_empty() {
            write!(f, "; changed and not put back: {}", self.changed.join(", "))?;
        }
        Ok(())
    }
}

impl std::error::Error for WriteError {}

/// What to do about the file at `path`, in words: it lies outside of what d3p does.
pub(super) fn again(path: &str, what: &str) -> Advice {
    Advice::answer(what).at(Location::file(path))
}

impl WriteError {
    pub(super) fn new(kind: WriteErrorKind, path: &str, message: String, advice: Advice) -> Self {
        Self { kind, path: path.to_owned(), message, advice: Box::new(advice), changed: Vec::new() }
    }

    /// The operating system failed while `doing` (`written`, `renamed`, …) to `path`.
    pub(super) fn io(path: &str, doing: &str, error: &io::Error) -> Self {
        use io::ErrorKind as E;
        let (kind, help) = match error.kind() {
            E::StorageFull | E::QuotaExceeded => {
                (WriteErrorKind::Full, "free some space, then run the command again")
            }
            E::FileTooLarge => (
                WriteErrorKind::Full,
                "raise the limit on the size of files (ulimit -f), then run the command again",
            ),
            E::PermissionDenied => (
                WriteErrorKind::Denied,
                "give yourself permission to write the file and its directory, then run the \
                 command again",
            ),
            E::ReadOnlyFilesystem => (
                WriteErrorKind::Denied,
                "make the file system writable, then run the command again",
            ),
            _ => (WriteErrorKind::Io, "mend that, then run the command again"),
        };
        Self::new(kind, path, format!("`{path}` could not be {doing}: {error}"), again(path, help))
    }

    /// The place cannot be written to, in the words of the reader.
    pub(super) fn place(path: &str, fault: Fault) -> Self {
        let kind = match fault.kind {
            FaultKind::Unreadable => WriteErrorKind::Io,
            _ => WriteErrorKind::Place,
        };
        let help = fault.help.as_deref().unwrap_or("mend that, then run the command again");
        Self::new(kind, path, fault.message, again(path, help))
    }

    pub(super) fn changed_since(path: &str) -> Self {
        Self::new(
            WriteErrorKind::Changed,
            path,
            format!("`{path}` was changed by something else since it was read"),
            again(path, "run the command again to judge it as it is now"),
        )
    }

    pub(super) fn exists(path: &str) -> Self {
        Self::new(
            WriteErrorKind::Exists,
            path,
            format!("`{path}` exists already and is not overwritten"),
            again(path, "move it away if it is not wanted, then run the command again"),
        )
    }
}
