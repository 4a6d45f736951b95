//! Placeholder for the text layer: the fault vocabulary and the decoding of bytes.

use std::ops::Range;

/// A fault in one of the user's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault.
    pub kind: FaultKind,
    /// Byte range in the text, where there is one.
    pub span: Option<Range<usize>>,
    /// What is wrong, without a full stop.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

/// Kinds of [`Fault`].
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    NotUtf8,
    ByteOrderMark,
    NulByte,
    Empty,
    JsonSyntax,
    YamlSyntax,
    DuplicateKey,
    NumberRange,
    Nesting,
    YamlAlias,
    YamlTag,
    FrontMatter,
    Entry,
    Absent,
    TooLarge,
    LinkOutside,
    NotRegular,
    Unreadable,
    CaseMismatch,
}

/// Decodes the bytes of a file.
///
/// # Errors
/// A [`Fault`] when they are not text.
pub fn decode(bytes: Vec<u8>) -> Result<String, Fault> {
    String::from_utf8(bytes).map_err(|error| Fault {
        kind: FaultKind::NotUtf8,
        span: None,
        message: error.to_string(),
        help: None,
    })
}
