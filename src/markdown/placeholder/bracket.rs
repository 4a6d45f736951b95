//! Bracketed phrases: `[fill: …]`, `[threshold]`, `[Step 1 - e.g., revert PR]`.

use super::{MARKER, OPAQUE, before, is_word};

/// Longest bracketed phrase, in characters; a longer one is an aside.
const LONGEST: usize = 80;

/// Words that stand alone in brackets in honest text.
const HONEST: [&str; 22] = [
    "sic", "redacted", "true", "false", "null", "none", "ok", "done", "yes", "no", "info", "warn",
    "error", "debug", "trace", "pass", "passed", "fail", "failed", "skip", "skipped", "main",
];

/// First words of honest asides.
const ASIDES: [&str; 6] = ["see", "cf", "cf.", "sic", "emphasis", "translated"];

/// Nouns that make a reference when a number follows: `[Section 4.2]`.
const REFERENCES: [&str; 12] = [
    "section", "table", "figure", "fig.", "appendix", "chapter", "clause", "note", "ref", "page",
    "article", "issue",
];

/// First words of capital phrases that ask for input all the same: `[YOUR NAME]`.
const ASKING: [&str; 4] = ["YOUR", "INSERT", "ENTER", "ADD"];

/// Where the placeholder that opens with the bracket at `at` ends.
pub(super) fn find_end(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    if rest.starts_with(MARKER) {
        let line = rest.lines().next().unwrap_or(rest);
        return Some(at + line.find(']').map_or(line.len(), |close| close + 1));
    }
    // `items[index]` is an expression.
    if before(text, at).is_some_and(|c| is_word(c) || matches!(c, ']' | ')')) {
        return None;
    }
    let content = content(&rest[1..])?;
    let end = at + 1 + content.len() + 1;
    // A link, or a character class with its count.
    if text[end..].starts_with(['(', '*', '+', '?', '{']) {
        return None;
    }
    asks_for_input(content).then_some(end)
}

/// The text up to the closing bracket, when it is short, on one line and without a bracket inside.
fn content(rest: &str) -> Option<&str> {
    let (end, closing) = rest
        .char_indices()
        .take(LONGEST + 1)
        .find(|&(_, c)| matches!(c, '[' | ']' | '\n' | '\r' | OPAQUE))?;
    (closing == ']').then(|| &rest[..end])
}

fn asks_for_input(content: &str) -> bool {
    let starts_with_letter = content.starts_with(char::is_alphabetic);
    let is_code = content.contains(['"', '=', '\\', '`', ';', '{', '<', '*', '@', '|'])
        || content.contains("://")
        || content.contains("::")
        || content.contains("a-z")
        || content.contains("A-Z");
    if !starts_with_letter || is_code {
        return false;
    }
    let mut words = content.split_whitespace();
    let first = words.next().unwrap_or_default();
    if !has_small_word(content) {
        return ASKING.contains(&first);
    }
    let Some(second) = words.next() else {
        // One token: names of files and versions are references.
        let is_name = first.contains(|c: char| c.is_numeric() || c == '.');
        return !is_name && !is_honest(first);
    };
    let listed = content.split([' ', ',']).filter(|word| !word.is_empty()).all(is_honest);
    !listed && !is_reference(first, second) && !content.split_whitespace().any(is_commit)
}

fn is_honest(word: &str) -> bool {
    HONEST.contains(&word.to_lowercase().as_str())
}

/// Whether some word of two letters or more is not all capitals; scripts without case count.
fn has_small_word(content: &str) -> bool {
    content
        .split(|c: char| !c.is_alphabetic())
        .any(|word| word.chars().nth(1).is_some() && word.chars().any(|c| !c.is_uppercase()))
}

/// `[see below]`, `[RFC 9110, section 4]`, `[Section 4.2]`.
fn is_reference(first: &str, second: &str) -> bool {
    let numbered = second.starts_with(|c: char| c.is_numeric());
    let lower = first.to_lowercase();
    let capitals = first.chars().nth(1).is_some() && first.chars().all(char::is_uppercase);
    ASIDES.contains(&lower.as_str())
        || (numbered && (capitals || REFERENCES.contains(&lower.as_str())))
}

fn is_commit(word: &str) -> bool {
    word.len() >= 7
        && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && word.bytes().any(|byte| byte.is_ascii_digit())
}
