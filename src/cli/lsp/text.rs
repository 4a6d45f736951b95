//! Places in texts as editors count them, and files as they call them.

use crate::source::{Root, check_path, resolved};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

/// The byte at a position: lines from 0, and in them units of UTF-16. One behind the end of its line
/// is that end; `None` for what is no position.
pub(super) fn offset(text: &str, position: &Value) -> Option<usize> {
    let line = usize::try_from(position["line"].as_u64()?).ok()?;
    let units = usize::try_from(position["character"].as_u64()?).ok()?;
    let mut start = 0;
    for _ in 0..line {
        match text[start..].find('\n') {
            Some(end) => start += end + 1,
            None => return Some(text.len()),
        }
    }
    let line = text[start..].split(['\n', '\r']).next().unwrap_or_default();
    let mut seen = 0;
    for (at, c) in line.char_indices() {
        if seen + c.len_utf16() > units {
            return Some(start + at);
        }
        seen += c.len_utf16();
    }
    Some(start + line.len())
}

/// Where a byte is, as an editor counts.
fn position(text: &str, byte: usize) -> Value {
    let before = &text[..text.floor_char_boundary(byte)];
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count();
    json!({ "line": line, "character": before[start..].encode_utf16().count() })
}

/// A range of bytes, as an editor counts.
pub(super) fn range(text: &str, range: &Range<usize>) -> Value {
    json!({ "start": position(text, range.start), "end": position(text, range.end) })
}

/// The first line of a text without its end.
pub(super) fn first_line(text: &str) -> Range<usize> {
    0..text.find(['\n', '\r']).unwrap_or(text.len())
}

/// The path in the project of what an editor calls so; `None` for what is not in it.
pub(super) fn path(uri: &str, root: &Root) -> Option<String> {
    let rest = uri.strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let decoded = decoded(rest)?;
    let path = Path::new(&decoded);
    // The file itself may not be there yet, and is never followed.
    let whole = resolved(path.parent()?).map(|dir| dir.join(path.file_name().unwrap_or_default()));
    let inside = whole.as_deref().unwrap_or(path).strip_prefix(root.dir()).ok()?;
    let inside = inside.to_str()?.replace('\\', "/");
    check_path(&inside).ok()?;
    Some(inside)
}

/// What an editor calls a file of the project.
pub(super) fn uri(root: &Root, path: &str) -> String {
    let mut out = "file://".to_owned();
    let whole = root.dir().join(path);
    for byte in whole.to_string_lossy().replace('\\', "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            other => drop(write!(out, "%{other:02X}")),
        }
    }
    out
}

/// A text without its `%XX`.
fn decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_utf_16() {
        let text = "a\né🚀x\r\nlast";
        let at = |line: u64, character: u64| {
            offset(text, &json!({ "line": line, "character": character })).unwrap()
        };
        // é is one unit of two bytes, 🚀 two units of four bytes.
        assert_eq!((at(1, 0), at(1, 1), at(1, 3), at(1, 4)), (2, 4, 8, 9));
        // Within 🚀, behind the end of the line, below the last line.
        assert_eq!((at(1, 2), at(1, 99), at(9, 0)), (4, 9, text.len()));
        let range = range(text, &(4..9));
        assert_eq!(range["start"], json!({ "line": 1, "character": 1 }));
        assert_eq!(range["end"], json!({ "line": 1, "character": 4 }));
        assert_eq!(offset(text, &json!({ "line": -1, "character": 0 })), None);
    }

    #[test]
    fn a_file_has_one_name_and_one_path() {
        let root = Root::open(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let uri = uri(&root, "docs/ü plan.md");
        assert!(uri.ends_with("/docs/%C3%BC%20plan.md"), "{uri}");
        assert_eq!(path(&uri, &root).unwrap(), "docs/ü plan.md");
        for other in
            ["file:///etc/passwd", "untitled:1", "file://%zz", &format!("{uri}/../../../x")]
        {
            assert_eq!(path(other, &root), None, "{other}");
        }
    }
}
