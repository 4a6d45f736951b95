//! Canonical JSON: the one spelling of a value whose digest is taken or that is signed.
//!
//! RFC 8785 order and spacing, except that non-ASCII characters are written as `\uxxxx`, so that
//! the text is ASCII and survives every terminal and mail client. Policies and statements carry
//! integers only; a float is written as `serde_json` writes it, which is not RFC 8785's form.

use super::json;
use serde_json::Value;
use std::fmt::Write as _;

/// The canonical text of `value`.
pub fn to_canonical(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value);
    out
}

/// Whether `text` is strict JSON and re-serialises to itself.
pub fn is_canonical(text: &str) -> bool {
    json::parse(text).is_ok_and(|value| to_canonical(&value) == text)
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::String(text) => write_string(out, text),
        Value::Array(items) => {
            write_list(out, ['[', ']'], items.iter(), write_value);
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
            write_list(out, ['{', '}'], members.into_iter(), |out, (name, value)| {
                write_string(out, name);
                out.push(':');
                write_value(out, value);
            });
        }
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number.to_string()),
    }
}

fn write_list<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: impl Iterator<Item = T>,
    mut write_item: impl FnMut(&mut String, T),
) {
    out.push(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_item(out, item);
    }
    out.push(close);
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            ' '..='\u{7f}' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn writes_the_canonical_form() {
        let cases = [
            (json!(null), "null"),
            (
                json!([true, false, -1, 0, 9_007_199_254_740_992_i64]),
                "[true,false,-1,0,9007199254740992]",
            ),
            (json!({"b": 1, "a": {}}), r#"{"a":{},"b":1}"#),
            (json!("é🚀\u{1}\u{7f}\n\"\\/"), "\"\\u00e9\\ud83d\\ude80\\u0001\u{7f}\\n\\\"\\\\/\""),
            (json!(0.1), "0.1"),
        ];
        for (value, text) in cases {
            assert_eq!(to_canonical(&value), text);
            assert!(is_canonical(text), "{text}");
        }
    }

    #[test]
    fn sorts_keys_by_utf16_units() {
        // U+FB33 sorts after U+1F600 in UTF-16, before it in UTF-8 (RFC 8785 section 3.2.3).
        let text = to_canonical(&json!({"\u{fb33}": 1, "\u{1f600}": 2, "\u{20ac}": 3, "\r": 4}));
        assert_eq!(text, r#"{"\r":4,"\u20ac":3,"\ud83d\ude00":2,"\ufb33":1}"#);
    }

    #[test]
    fn knows_other_spellings() {
        for text in ["{ }", "[1, 2]", "\"é\"", r#""\u00E9""#, r#"{"b":1,"a":2}"#, "1e2", "", "{}\n"]
        {
            assert!(!is_canonical(text), "{text}");
        }
    }
}
