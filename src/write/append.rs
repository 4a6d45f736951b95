//! Adding lines at the end of an append-only file.
//!
//! A file that does not end with a line ending was cut in the middle of a write. A line glued to
//! the rest would corrupt both, so it is refused.

use crate::source::{Root, is_same_file};
use crate::text::FaultKind;
use crate::write::place::Place;
use crate::write::undo::{Undo, Undone};
use crate::write::{WriteError, WriteErrorKind};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

/// Refuses a file whose last line was cut.
pub(super) fn check_end(root: &Root, rel: &str) -> Result<(), WriteError> {
    let io = |error: io::Error| WriteError::io(rel, "read", &error);
    let mut file = match root.open_file(rel) {
        Ok((file, metadata)) if metadata.len() > 0 => file,
        Ok(_) => return Ok(()),
        Err(fault) if fault.kind == FaultKind::Absent => return Ok(()),
        Err(fault) => return Err(WriteError::place(rel, fault)),
    };
    let mut last = [0];
    file.seek(SeekFrom::End(-1)).map_err(io)?;
    file.read_exact(&mut last).map_err(io)?;
    if last == *b"\n" {
        return Ok(());
    }
    Err(WriteError::new(
        WriteErrorKind::CutLine,
        rel,
        format!("the last line of `{rel}` has no line ending: an earlier write to it was cut"),
        "look at that line: remove it if it is incomplete, end it with a line feed if it is \
         whole; then run the command again",
    ))
}

/// Appends `text`, whole lines, in one write, and makes it durable.
pub(super) fn append(
    root: &Root,
    rel: &str,
    place: &Place,
    text: &str,
    undo: &mut Undo,
) -> Result<(), WriteError> {
    let io = |error: io::Error| WriteError::io(rel, "appended to", &error);
    let mut file = open(place).map_err(io)?;
    if !place.exists {
        undo.push(rel, Undone::Remove);
    }
    let metadata = file.metadata().map_err(io)?;
    let found = root.find(rel).map_err(|fault| WriteError::place(rel, fault))?;
    if !is_same_file(&found.metadata, &metadata) {
        return Err(WriteError::changed_since(rel));
    }
    if place.exists {
        check_end(root, rel)?;
        undo.push(rel, Undone::Truncate(metadata.len()));
    }
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io)
}

fn open(place: &Place) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create_new(!place.exists);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o644);
    }
    if place.exists && !fs::symlink_metadata(&place.path)?.is_file() {
        return Err(io::Error::other("it is not a regular file any more"));
    }
    options.open(&place.path)
}
