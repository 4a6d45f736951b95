//! Changes of a YAML text that keep everything else in it, comments too, as whoever wrote it did.

use super::{pointer, yaml};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// `text` with `value` at `keys`, in place of what stands there; `None` where the text is no mapping that
/// can be changed so.
///
/// Only that value changes: the rest of the text stays byte for byte, and says the same.
pub fn put(text: &str, keys: &[&str], value: &Value) -> Option<String> {
    let empty = Value::Object(Map::new());
    let (before, tree) = match yaml::read(text) {
        Ok((value, tree)) => (value, Some(tree)),
        Err(_) if only_comments(text) => (empty, None),
        Err(_) => return None,
    };
    let there =
        (0..=keys.len()).rev().find(|depth| before.pointer(&joined(&keys[..*depth])).is_some());
    let depth = there?;
    let here = before.pointer(&joined(&keys[..depth]))?;
    let new = if depth == keys.len() {
        let range = tree?.locate(&joined(keys), false);
        let kept = text.get(range.clone())?.trim_end().len();
        format!("{}{}{}", &text[..range.start], flow(value), &text[range.start + kept..])
    } else {
        let members = here.as_object()?;
        let key = keys[depth];
        let inner = keys[depth + 1..].iter().rev();
        match depth {
            0 => format!("{}{}", ended(text), block(key, &keys[1..], value)),
            _ => {
                let inner = inner.fold(value.clone(), |value, key| json!({ *key: value }));
                let tree = tree?;
                let range = tree.locate(&joined(&keys[..depth]), false);
                let member = format!("{}: {}", scalar(key), flow(&inner));
                if text.get(range.start..)?.starts_with('{') {
                    let comma = if members.is_empty() { "" } else { "," };
                    let end = text[..range.end].rfind('}')?;
                    let before = text[..end].trim_end();
                    format!("{before}{comma} {member} {}", &text[end..])
                } else {
                    let line = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
                    let indent = text.get(line..range.start)?;
                    if !indent.chars().all(|c| c == ' ') {
                        return None;
                    }
                    let end = range.start + text[range].trim_end().len();
                    let end = text[end..].find('\n').map_or(text.len(), |at| end + at);
                    format!("{}\n{indent}{member}{}", &text[..end], &text[end..])
                }
            }
        }
    };
    let after = yaml::read(&new).ok()?.0;
    (after == with(before, keys, value)).then_some(new)
}

fn joined(keys: &[&str]) -> String {
    keys.iter().fold(String::new(), |path, key| format!("{path}/{}", pointer::escape(key)))
}

/// The value as it has to be afterwards.
fn with(mut before: Value, keys: &[&str], value: &Value) -> Value {
    let mut here = &mut before;
    for key in keys {
        if !here.is_object() {
            *here = Value::Object(Map::new());
        }
        here = &mut here[*key];
    }
    *here = value.clone();
    before
}

fn only_comments(text: &str) -> bool {
    text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// A new member of the whole text: its own members stand on lines of their own.
fn block(key: &str, inner: &[&str], value: &Value) -> String {
    let value = inner.iter().rev().fold(value.clone(), |value, key| json!({ *key: value }));
    let short = flow(&value);
    match &value {
        Value::Object(members) if short.len() > 90 || members.values().any(Value::is_object) => {
            let mut out = format!("{}:\n", scalar(key));
            for (name, value) in members {
                let _ = writeln!(out, "  {}: {}", scalar(name), flow(value));
            }
            out
        }
        Value::Array(items) if short.len() > 90 => {
            let mut out = format!("{}:\n", scalar(key));
            for item in items {
                let _ = writeln!(out, "  - {}", flow(item));
            }
            out
        }
        _ => format!("{}: {short}\n", scalar(key)),
    }
}

/// A value in YAML's flow style, quoted only where it has to be.
pub fn flow(value: &Value) -> String {
    match value {
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let member =
                |(key, value): (&String, &Value)| format!("{}: {}", scalar(key), flow(value));
            format!("{{ {} }}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => scalar(text),
        other => other.to_string(),
    }
}

/// A text, in quotes unless it is plain for every reader of YAML.
fn scalar(text: &str) -> String {
    const WORDS: [&str; 8] = ["true", "false", "null", "yes", "no", "on", "off", "y"];
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_alphanumeric() || " ._/-@+".contains(c))
        && !text.ends_with(' ')
        && !WORDS.contains(&text.to_lowercase().as_str());
    if plain { text.to_owned() } else { Value::from(text).to_string() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn changes_one_value_and_nothing_else() {
        let text = "# ours\na: 1 # one\nb: { c: [x], d: y }\ne:\n  # deep\n  f: g\n";
        let put = |keys: &[&str], value: Value| super::put(text, keys, &value).unwrap();
        assert_eq!(put(&["a"], json!("2 %")), text.replace("a: 1", "a: \"2 %\""));
        assert_eq!(put(&["b", "d"], json!([1])), text.replace("d: y", "d: [1]"));
        assert_eq!(put(&["b", "z"], json!("k")), text.replace("d: y }", "d: y, z: k }"));
        assert_eq!(
            put(&["e", "h"], json!({ "i": true })),
            text.replace("  f: g", "  f: g\n  h: { i: true }")
        );
        assert_eq!(put(&["n", "m"], json!("off")), format!("{text}n: {{ m: \"off\" }}\n"));
        assert_eq!(put(&["e"], json!({})), text.replace("f: g", "{}"));
    }

    #[test]
    fn refuses_what_is_no_mapping() {
        assert_eq!(super::put("a: [1]\n", &["a", "b"], &json!(1)), None);
        assert_eq!(super::put("a: b: c\n", &["a"], &json!(1)), None);
        assert_eq!(super::put("# empty\n", &["a"], &json!(1)).unwrap(), "# empty\na: 1\n");
    }

    #[test]
    fn quotes_what_yaml_reads_as_something_else() {
        let texts = ["yes", "1.10", "a: b", "#x", "{env}", "Ana Silva", "< 1%", "", "*", "o’c"];
        for text in texts {
            let (value, _) = yaml::read(&format!("k: {}\n", flow(&json!(text)))).unwrap();
            assert_eq!(value["k"], json!(text));
        }
    }
}
