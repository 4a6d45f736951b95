//! Adding lines at the end of an append-only file.
//!
//! A file that does not end with a line ending was cut in the middle of a write, or an editor left
//! the ending off. A line glued to the rest would corrupt both, so it is refused, with the exact
//! commands that mend it. It is not mended unasked, although nobody was ever told that a cut line
//! was written: in a log, only a person can say whether the words that are there are whole, and
//! files that are only ever added to are not shortened in silence.

use crate::model::{Actor, Advice, Sha256Digest};
use crate::source::{Root, is_same_file, limit_of};
use crate::text::{FaultKind, quoted};
use crate::write::place::Place;
use crate::write::undo::{Undo, Undone};
use crate::write::{WriteError, WriteErrorKind};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

/// More than an entry ever has, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// Refuses a file whose last line was cut, and one that is not what was read: `expected` is the
/// digest that it had then, `None` within where there was no file.
pub(super) fn check(
    root: &Root,
    rel: &str,
    expected: Option<Option<Sha256Digest>>,
) -> Result<(), WriteError> {
    let (mut file, length) = match root.open_file(rel) {
        Ok((file, metadata)) => (file, metadata.len()),
        Err(fault) if fault.kind == FaultKind::Absent => {
            return match expected.flatten() {
                Some(_) => Err(WriteError::changed_since(rel)),
                None => Ok(()),
            };
        }
        Err(fault) => return Err(WriteError::place(rel, fault)),
    };
    if let Some(expected) = expected {
        let mut bytes = Vec::new();
        let read = (&mut file).take(limit_of(rel) + 1).read_to_end(&mut bytes);
        read.map_err(|error| WriteError::io(rel, "read", &error))?;
        if expected != Some(Sha256Digest::of(&bytes)) {
            return Err(WriteError::changed_since(rel));
        }
    }
    check_end(&mut file, length, rel)
}

fn check_end(file: &mut File, length: u64, rel: &str) -> Result<(), WriteError> {
    let io = |error: io::Error| WriteError::io(rel, "read", &error);
    let mut last = [b'\n'];
    if length > 0 {
        file.seek(SeekFrom::Start(length - 1)).map_err(io)?;
        file.read_exact(&mut last).map_err(io)?;
    }
    if last == *b"\n" {
        return Ok(());
    }
    let start = length.saturating_sub(LONGEST);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(start)).map_err(io)?;
    file.take(LONGEST).read_to_end(&mut tail).map_err(io)?;
    let cut = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    Err(WriteError::new(
        WriteErrorKind::CutLine,
        rel,
        format!("the last line of `{rel}` has no line ending: an earlier write to it was cut"),
        way_out(rel, start + cut as u64, &String::from_utf8_lossy(&tail[cut..])),
    ))
}

/// How to mend the last line, which begins at byte `start`.
fn way_out(rel: &str, start: u64, line: &str) -> Advice {
    // What is a line of the ledger, and what is not, its reader can say.
    if rel.ends_with(".jsonl") {
        return Advice::restore(rel);
    }
    let remove = Advice::run(["truncate", "-s", &start.to_string(), rel]);
    Advice::end_line(rel)
        .what(format!("it says {}; if that is whole, end it", quoted(line)))
        .by(Actor::Person)
        .or(remove.what("if it is not, remove it").by(Actor::Person))
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
        check_end(&mut file, metadata.len(), rel)?;
        undo.push(rel, Undone::Truncate(metadata.len()));
    }
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io)
}

/// Refuses what would take more than `bytes` at the end of a file that could then not be read.
pub(super) fn check_room(root: &Root, rel: &str, bytes: u64) -> Result<(), WriteError> {
    let length = match root.find(rel) {
        Ok(found) => found.metadata.len(),
        Err(fault) if fault.kind == FaultKind::Absent => 0,
        Err(fault) => return Err(WriteError::place(rel, fault)),
    };
    let limit = limit_of(rel);
    if length.saturating_add(bytes) <= limit {
        return Ok(());
    }
    Err(WriteError::new(
        WriteErrorKind::Full,
        rel,
        format!("`{rel}` is full: it has {length} bytes, and at most {limit} are read"),
        Advice::d3p(["archive"])
            .what("close the release: the next attempt begins with an empty file"),
    ))
}

fn open(place: &Place) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create_new(!place.exists);
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
