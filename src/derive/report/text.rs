//! Text from files, made safe for a table's cell; numbers and durations as the report writes them.

use crate::derive::view::list;
use crate::model::{Span, Stamp};
use serde_json::Value;
use std::fmt::Write as _;

/// What stands where nothing is known.
pub(super) const NOTHING: &str = "-";

/// Text that stays text, inside one cell of one line: no mark-up, no comment, no control character
/// comes through.
pub(super) fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, c) in text.trim().chars().enumerate() {
        match c {
            // At the start of a line these would begin a heading, a list or a fence.
            '#' | '+' | '~' | '-' if index == 0 => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => out.push(' '),
            '\\' | '|' | '`' | '*' | '[' | ']' => {
                out.push('\\');
                out.push(c);
            }
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if c.is_control() || hidden(c) => {
                let _ = write!(out, "\\\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    if out.is_empty() { NOTHING.to_owned() } else { out }
}

/// Characters that turn or hide what stands beside them.
fn hidden(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

/// The value at `pointer` as a cell.
pub(super) fn at(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer) {
        Some(Value::String(text)) => cell(text),
        Some(Value::Null) | None => NOTHING.to_owned(),
        Some(other) => cell(&other.to_string()),
    }
}

/// A table of cells that are safe already; `none` is said when there are no rows.
pub(super) fn table(out: &mut String, columns: &[&str], rows: &[Vec<String>], none: &str) {
    if rows.is_empty() {
        let _ = writeln!(out, "{none}\n");
        return;
    }
    let _ = writeln!(out, "| {} |", columns.join(" | "));
    let _ = writeln!(out, "|{}", " --- |".repeat(columns.len()));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out.push('\n');
}

/// The values at `keys` of each item of a list.
pub(super) fn rows(value: Option<&Value>, pointer: &str, keys: &[&str]) -> Vec<Vec<String>> {
    list(value, pointer).map(|item| keys.iter().map(|key| at(item, key)).collect()).collect()
}

/// The time at `pointer`.
pub(super) fn time(value: &Value, pointer: &str) -> Option<Stamp> {
    Stamp::parse(value.pointer(pointer)?.as_str()?).ok()
}

/// A stamp, or nothing.
pub(super) fn stamp(stamp: Option<Stamp>) -> String {
    stamp.map_or(NOTHING.to_owned(), |stamp| stamp.to_string())
}

/// Milliseconds as a length of time: `450ms`, `1h30m`; the rest below a second is dropped.
pub(crate) fn length(millis: i64) -> String {
    let sign = if millis < 0 { "-" } else { "" };
    let millis = millis.unsigned_abs();
    if millis < 1000 {
        return if millis == 0 { "0s".to_owned() } else { format!("{sign}{millis}ms") };
    }
    format!("{sign}{}", Span::from_seconds(millis / 1000))
}

/// A number with one decimal and a sign: `+5.0 %`.
pub(super) fn percent(value: f64) -> String {
    // Minus zero is zero.
    let value = if value.abs() < 0.05 { 0.0 } else { value };
    format!("{value:+.1} %")
}

#[cfg(test)]
mod tests {
    use super::{cell, length, percent};

    #[test]
    fn text_from_files_stays_text() {
        for (text, shown) in [
            ("a|b", "a\\|b"),
            ("two\nlines\r\n", "two lines"),
            ("<!-- d3p:begin summary -->", "&lt;!-- d3p:begin summary --&gt;"),
            ("[x](http://y) *b* `c`", "\\[x\\](http://y) \\*b\\* \\`c\\`"),
            ("\u{1b}[31m", "\\\\u{1b}\\[31m"),
            ("gnp\u{202e}.exe", "gnp\\\\u{202e}.exe"),
            ("# heading", "\\# heading"),
            ("  ", "-"),
        ] {
            assert_eq!(cell(text), shown, "{text}");
        }
    }

    #[test]
    fn lengths_and_shares_have_one_form() {
        assert_eq!(length(0), "0s");
        assert_eq!(length(450), "450ms");
        assert_eq!(length(-5_400_000), "-1h30m");
        assert_eq!(percent(-0.01), "+0.0 %");
        assert_eq!(percent(-4.44), "-4.4 %");
    }
}
