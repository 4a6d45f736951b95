//! Small words for sentences about faults: values, lists, nearest names, pointers.

use serde_json::Value;

/// More of a value than this helps nobody find it.
const SHOWN: usize = 40;

/// A value as a sentence shows it, short and free of control characters.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if text.trim().is_empty() => "empty".to_owned(),
        Value::String(text) => quoted(text),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A name or text between backticks.
pub(super) fn quoted(text: &str) -> String {
    let mut out: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    // Quotes are no danger between backticks, and escaped ones are hard to read.
    out = out.replace("\\\"", "\"").replace("\\'", "'");
    if text.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    format!("`{out}`")
}

/// "a, b and c"
pub(super) fn all_of(items: impl Iterator<Item = String>) -> String {
    join(items, "and")
}

/// "a, b or c"
pub(super) fn any_of(items: impl Iterator<Item = String>) -> String {
    join(items, "or")
}

fn join(items: impl Iterator<Item = String>, last: &str) -> String {
    let mut items: Vec<String> = items.collect();
    match items.pop() {
        Some(tail) if !items.is_empty() => format!("{} {last} {tail}", items.join(", ")),
        tail => tail.unwrap_or_default(),
    }
}

/// A segment of a JSON pointer as the key that it stands for (RFC 6901).
pub(super) fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

/// The pointer of `key` in the object at `pointer`.
pub(super) fn join_pointer(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The one of `names` that `text` was most likely meant to be.
pub(super) fn nearest<'a>(text: &str, names: &[&'a str]) -> Option<&'a str> {
    let folded = fold(text);
    let scored = names.iter().map(|name| (strsim::osa_distance(&folded, &fold(name)), *name));
    let longest = |name: &str| text.chars().count().max(name.chars().count());
    scored.filter(|(score, name)| *score <= (longest(name) / 3).min(3)).min().map(|(_, name)| name)
}

/// Case and the kind of separator are what people mix up most.
fn fold(text: &str) -> String {
    let separator = |c: char| if c == '-' || c == ' ' { '_' } else { c };
    text.chars().take(2 * SHOWN).flat_map(char::to_lowercase).map(separator).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nearest_finds_slips_and_nothing_else() {
        let names = ["total", "passed", "failed", "started_at"];
        assert_eq!(nearest("totla", &names), Some("total"));
        assert_eq!(nearest("startedAt", &names), Some("started_at"));
        assert_eq!(nearest("STARTED-AT", &names), Some("started_at"));
        assert_eq!(nearest("owner", &names), None);
        assert_eq!(nearest("", &names), None);
    }

    #[test]
    fn shown_values_are_short_and_harmless() {
        assert_eq!(shown(&json!("a\u{1b}[31m\u{202e}b")), "`a\\u{1b}[31m\\u{202e}b`");
        assert_eq!(shown(&json!("x".repeat(99))), format!("`{}…`", "x".repeat(40)));
        assert_eq!(shown(&json!("  ")), "empty");
        assert_eq!(shown(&json!({"a": 1})), "an object");
    }

    #[test]
    fn lists_read_like_sentences() {
        let list = |items: &[&str]| all_of(items.iter().map(|item| (*item).to_owned()));
        assert_eq!(list(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn pointers_escape_both_ways() {
        let pointer = join_pointer("/a", "b/c~d");
        assert_eq!(pointer, "/a/b~1c~0d");
        assert_eq!(unescape("b~1c~0d"), "b/c~d");
    }
}
