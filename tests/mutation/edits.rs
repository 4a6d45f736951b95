//! How files are mutated.

use super::{Held, LEDGER, Mutation, one};
use serde_json::Value;

/// Mutations of one kind that are tried on one file; more are sampled with a fixed seed.
const MOST: usize = 24;

/// A small generator of numbers with a fixed seed.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    /// At most [`MOST`] of `all`, in order.
    pub(super) fn sample<T>(&mut self, mut all: Vec<T>) -> Vec<T> {
        while all.len() > MOST {
            all.remove(self.below(all.len()));
        }
        all
    }
}

/// Another character of the same sort.
fn other(c: char) -> char {
    match c {
        '9' => '8',
        '0'..='8' => char::from(c as u8 + 1),
        'z' | 'Z' => 'a',
        'a'..='y' | 'A'..='Y' => char::from(c as u8 + 1),
        '-' => '_',
        _ => '-',
    }
}

/// Every scalar of a JSON value, each changed to another value of its type.
fn changed_values(value: &Value) -> Vec<(String, Value)> {
    let mut pointers = Vec::new();
    leaves(value, &mut String::new(), &mut pointers);
    pointers
        .into_iter()
        .map(|pointer| {
            let mut changed = value.clone();
            let leaf = changed.pointer_mut(&pointer).unwrap();
            *leaf = match leaf.take() {
                Value::Bool(bool) => Value::Bool(!bool),
                Value::Number(number) => match number.as_i64() {
                    Some(integer) => (integer + 1).into(),
                    None => (number.as_f64().unwrap() + 0.5).into(),
                },
                Value::String(text) => Value::String(changed_text(&text)),
                Value::Null => Value::String("x".to_owned()),
                container => container,
            };
            (pointer, changed)
        })
        .collect()
}

fn changed_text(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    // In a time this is a second, in a digest a digit, in a word a letter.
    match chars.iter().rposition(|c| c.is_ascii_alphanumeric() && *c != 'Z') {
        Some(at) => chars[at] = other(chars[at]),
        None => chars.push('x'),
    }
    chars.into_iter().collect()
}

fn leaves(value: &Value, at: &mut String, out: &mut Vec<String>) {
    let mut below = |key: &str, item: &Value| {
        let length = at.len();
        at.push('/');
        at.push_str(&key.replace('~', "~0").replace('/', "~1"));
        leaves(item, at, out);
        at.truncate(length);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, item)| below(key, item)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| below(&index.to_string(), item));
        }
        _ => out.push(at.clone()),
    }
}

/// One changed value at a time, in the file's own form.
pub(super) fn values(held: &Held, dice: &mut Dice) -> Vec<Mutation> {
    let text = std::str::from_utf8(&held.bytes).unwrap();
    if held.path == LEDGER {
        let lines: Vec<&str> = text.lines().collect();
        let mut all = Vec::new();
        for (index, line) in lines[..lines.len() - 1].iter().enumerate() {
            let value: Value = serde_json::from_str(line).unwrap();
            for (pointer, changed) in changed_values(&value) {
                let mut lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
                lines[index] = changed.to_string();
                all.push(one(held, format!("line {index}{pointer}"), lines.join("\n") + "\n"));
            }
        }
        return all;
    }
    let Ok(value) = serde_json::from_str::<Value>(text) else { return characters(held, dice) };
    let compact = !text.contains('\n');
    let all = changed_values(&value)
        .into_iter()
        .map(|(pointer, changed)| {
            let text = match compact {
                true => changed.to_string(),
                false => serde_json::to_string_pretty(&changed).unwrap() + "\n",
            };
            one(held, format!("value {pointer}"), text)
        })
        .collect();
    dice.sample(all)
}

/// One changed character in each line that is not blank.
pub(super) fn characters(held: &Held, dice: &mut Dice) -> Vec<Mutation> {
    let text = std::str::from_utf8(&held.bytes).unwrap();
    let mut start = 0;
    let mut all = Vec::new();
    for line in text.split_inclusive('\n') {
        let places: Vec<(usize, char)> =
            line.char_indices().filter(|(_, c)| c.is_ascii_alphanumeric()).collect();
        if held.part.contains(&start) && !line.trim().is_empty() {
            let (at, c) = match places.as_slice() {
                [] => (0, line.chars().next().unwrap()),
                places => places[dice.below(places.len())],
            };
            let mut changed = text.to_owned();
            changed.replace_range(start + at..start + at + c.len_utf8(), &other(c).to_string());
            all.push(one(held, format!("byte {}", start + at), changed));
        }
        start += line.len();
    }
    dice.sample(all)
}

/// Deletion, truncation, emptying, a byte more.
pub(super) fn cuts(held: &Held) -> Vec<Mutation> {
    let bytes = &held.bytes[held.part.clone()];
    let last_line = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n');
    let mut all = vec![
        Mutation { what: "deleted".to_owned(), files: vec![(held.path.clone(), None)] },
        one(held, "emptied", Vec::new()),
        one(held, "cut in half", &bytes[..bytes.len() / 2]),
        one(held, "without its last byte", &bytes[..bytes.len() - 1]),
        one(held, "a blank before it", [b" ", &held.bytes[..]].concat()),
        one(held, "a byte order mark before it", [b"\xef\xbb\xbf", &held.bytes[..]].concat()),
        one(held, "half an entry after it", [&held.bytes[..], b"- 2026-11-21T09"].concat()),
    ];
    all.extend(last_line.map(|end| one(held, "without its last line", &bytes[..=end])));
    if !held.is_growing() {
        all.push(one(held, "a blank line after it", [&held.bytes[..], b"\n"].concat()));
    }
    all
}

/// Other files' content, and pairs that change places.
pub(super) fn replacements(corpus: &[Held], dice: &mut Dice) -> Vec<Mutation> {
    let mut all = Vec::new();
    for (index, held) in corpus.iter().enumerate() {
        for other in [&corpus[(index + 1) % corpus.len()], &corpus[dice.below(corpus.len())]] {
            all.push(one(held, format!("replaced by {}", other.path), other.bytes.clone()));
            all.push(Mutation {
                what: format!("swapped with {}", other.path),
                files: vec![
                    (held.path.clone(), Some(other.bytes.clone())),
                    (other.path.clone(), Some(held.bytes.clone())),
                ],
            });
        }
    }
    all
}
