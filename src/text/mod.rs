//! Strict readers of the two data formats that evidence is written in, with positions.
//!
//! Text goes in, a [`serde_json::Value`] or the list of [`Fault`]s comes out. Where two tools could
//! read the same bytes differently (duplicate keys, huge numbers, `yes`, aliases), these readers
//! refuse. They do no input or output, know no schema, and judge nothing but form.

pub mod canonical;
pub mod edit;
pub mod json;
pub mod pointer;
pub mod shell;
mod tree;
pub mod yaml;

pub use tree::Tree;

use crate::model::Position;
use std::ops::Range;

/// Deepest nesting of arrays and objects that is read, in JSON and in YAML.
pub const MAX_DEPTH: usize = 64;

/// Most faults reported about one text; the first ones matter, the rest follow from them.
pub(crate) const MAX_FAULTS: usize = 100;

/// What is wrong with the form of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum FaultKind {
    /// The bytes are no UTF-8.
    NotUtf8,
    /// The file starts with a byte order mark.
    ByteOrderMark,
    /// The file contains a NUL byte.
    NulByte,
    /// There is nothing in it.
    Empty,
    /// It is no JSON.
    JsonSyntax,
    /// It is no YAML, or YAML beyond the plain subset that is read.
    YamlSyntax,
    /// A key occurs twice in one object or mapping.
    DuplicateKey,
    /// A number that tools disagree about, or that is no number.
    NumberRange,
    /// Arrays and objects nest deeper than [`MAX_DEPTH`].
    Nesting,
    /// A YAML anchor, alias or merge key.
    YamlAlias,
    /// An explicit YAML tag.
    YamlTag,
    /// Front matter that is not closed or is no mapping.
    FrontMatter,
    /// A line of an append-only log that is no entry, or an entry that occurs twice.
    Entry,
    /// The file does not exist (loader).
    Absent,
    /// The file, or the number of values in it, is beyond what is read.
    TooLarge,
    /// The path leads out of the project through a link (loader).
    LinkOutside,
    /// A directory, device or pipe stands in place of the file (loader).
    NotRegular,
    /// The operating system refused to read it (loader).
    Unreadable,
    /// The file's name differs from the declared one in case only (loader).
    CaseMismatch,
}

/// One fault in the form of a user's file: a value, never a panic.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// What kind of fault.
    pub kind: FaultKind,
    /// Byte range in the file's text, where there is a text and a place.
    pub span: Option<Range<usize>>,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

impl Fault {
    /// A fault at `span`.
    pub fn at(kind: FaultKind, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { kind, span: Some(span), message: message.into(), help: None }
    }

    /// A fault of the file as a whole.
    pub fn whole(kind: FaultKind, message: impl Into<String>) -> Self {
        Self { kind, span: None, message: message.into(), help: None }
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Moves the span by `offset` bytes: from a part of a file to the file.
    #[must_use]
    pub(crate) fn shifted(mut self, offset: usize) -> Self {
        self.span = self.span.map(|span| span.start + offset..span.end + offset);
        self
    }
}

/// Decodes a file's bytes: UTF-8, without byte order mark and without NUL.
///
/// # Errors
/// One [`Fault`] that names the byte offset and the line. An empty file is decoded; what it means
/// depends on the format.
pub fn decode(bytes: Vec<u8>) -> Result<String, Fault> {
    const SAVE: &str = "save the file as UTF-8 without byte order mark";
    if bytes.starts_with(b"\xef\xbb\xbf") {
        let message = "the file starts with a byte order mark";
        return Err(Fault::at(FaultKind::ByteOrderMark, 0..3, message).help(SAVE));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let message = "the file starts with the byte order mark of UTF-16";
        return Err(Fault::whole(FaultKind::ByteOrderMark, message).help(SAVE));
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        let message = format!("byte {at}, in line {}, is NUL", line_of(&bytes, at));
        return Err(
            Fault::whole(FaultKind::NulByte, message).help("write it as text, without NUL bytes")
        );
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = line_of(error.as_bytes(), at);
        Fault::whole(FaultKind::NotUtf8, format!("byte {at}, in line {line}, is not UTF-8"))
            .help(SAVE)
    })
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count()
}

/// Line and column of the byte at `byte`, both from 1, the column in characters.
///
/// An offset past the end means the end, one inside a character means that character.
pub fn position(text: &str, byte: usize) -> Position {
    Lines::of(text).position(text, byte)
}

/// Where the lines of a text begin, for many positions in it.
#[derive(Clone, Debug)]
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    /// Those of `text`.
    pub(crate) fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(std::iter::once(0).chain(ends.map(|(end, _)| end + 1)).collect())
    }

    /// As [`position`], of the same text.
    pub(crate) fn position(&self, text: &str, byte: usize) -> Position {
        let byte = floor(text, byte);
        let line = self.0.partition_point(|start| *start <= byte);
        let column = 1 + text[self.0[line - 1]..byte].chars().count();
        Position { line, column }
    }
}

/// The last character boundary at or before `byte`.
pub(crate) fn floor(text: &str, byte: usize) -> usize {
    text.floor_char_boundary(byte)
}

/// `range` cut to the text and to character boundaries, for offsets that other crates computed.
pub(crate) fn clamp(text: &str, range: Range<usize>) -> Range<usize> {
    let start = floor(text, range.start);
    start..text.ceil_char_boundary(range.end.min(text.len())).max(start)
}

/// `name` as it can be shown inside a one-line message: escaped and cut.
pub(crate) fn quoted(name: &str) -> String {
    const LONGEST: usize = 60;
    let shown: String = name.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    let tail = if name.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("`{shown}{tail}`")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn decodes_plain_text_only() {
        assert_eq!(decode("سلام 🚀\n".into()).unwrap(), "سلام 🚀\n");
        assert_eq!(decode(Vec::new()).unwrap(), "");
        let kind = |bytes: &[u8]| decode(bytes.to_vec()).unwrap_err().kind;
        assert_eq!(kind(b"\xef\xbb\xbf{}"), FaultKind::ByteOrderMark);
        assert_eq!(kind(b"\xff\xfe{\0}\0"), FaultKind::ByteOrderMark);
        assert_eq!(kind(b"{\0}"), FaultKind::NulByte);
        assert_eq!(kind(b"caf\xe9"), FaultKind::NotUtf8);
    }

    #[test]
    fn names_the_byte_and_the_line() {
        let message = decode(b"a\nb\nc\xff".to_vec()).unwrap_err().message;
        assert_eq!(message, "byte 5, in line 3, is not UTF-8");
    }

    #[test]
    fn counts_columns_in_characters() {
        let text = "a\né🚀x\n";
        let at = |byte| (position(text, byte).line, position(text, byte).column);
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (2, 1));
        assert_eq!(at(4), (2, 2));
        assert_eq!(at(5), (2, 2)); // inside 🚀
        assert_eq!(at(8), (2, 3));
        assert_eq!(at(99), (3, 1));
    }

    #[test]
    fn quotes_names_on_one_line() {
        assert_eq!(quoted("a\nb"), "`a\\nb`");
        assert_eq!(quoted(&"x".repeat(61)), format!("`{}…`", "x".repeat(60)));
    }
}
