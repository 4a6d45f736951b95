//! What a placeholder is: one definition, used where templates are written and where they are
//! checked.
//!
//! A placeholder is a text that nobody has replaced yet: our own `[fill: …]`, `TBD` and its kin,
//! `>X%`, `{tag}`, `<your name>`, `[threshold]`. The functions see plain text; what is code, link or
//! HTML in Markdown is for [`super::Document::placeholders`] to know. The definition leans towards
//! letting honest prose pass: references such as `[RFC 9110]`, generics, routes and comparisons with
//! numbers are none.

mod bracket;
mod slot;

pub(super) use slot::angle;

use std::ops::Range;

/// How every placeholder in our own templates starts; it ends at the next `]`.
pub const MARKER: &str = "[fill: ";

/// Stands in searched text for something that is no text, such as code.
pub(super) const OPAQUE: char = '\u{fffc}';

const WORDS: [&str; 4] = ["TBD", "TODO", "FIXME", "XXX"];

/// Units that may follow the letter of a `>X%` form.
const UNITS: [&str; 24] = [
    "%", "ms", "s", "m", "h", "d", "k", "min", "mins", "sec", "secs", "hours", "days", "x", "KB",
    "MB", "GB", "KiB", "MiB", "GiB", "rps", "qps", "/s", "/min",
];

/// Byte range of the first placeholder in `text`.
pub fn find(text: &str) -> Option<Range<usize>> {
    find_from(text, 0)
}

/// Byte ranges of all placeholders in `text`, in order, none inside another.
pub fn find_all(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let found = find_from(text, from)?;
        from = found.end;
        Some(found)
    })
}

fn find_from(text: &str, from: usize) -> Option<Range<usize>> {
    text[from..].char_indices().find_map(|(at, c)| starting_at(text, from + at, c))
}

/// The placeholder that starts with the character `c` at byte `at`.
fn starting_at(text: &str, at: usize, c: char) -> Option<Range<usize>> {
    let end = match c {
        '[' => bracket::find_end(text, at),
        '<' => slot::angle(text, at).or_else(|| comparison(text, at, c)),
        '>' | '≤' | '≥' => comparison(text, at, c),
        '{' | '$' => slot::curly(text, at),
        '?' => question_marks(text, at),
        'T' | 'F' | 'X' => word(text, at),
        _ => None,
    }?;
    Some(at..end)
}

/// `TBD` and its kin as whole words; not `TODO.md`, `TODO-12` or `browse/XXX`.
fn word(text: &str, at: usize) -> Option<usize> {
    let word = WORDS.iter().find(|word| text[at..].starts_with(**word))?;
    let end = at + word.len();
    let before = before(text, at);
    if before.is_some_and(|c| is_word(c) || matches!(c, '/' | '.')) {
        return None;
    }
    let mut rest = text[end..].chars();
    let is_name = match rest.next() {
        Some('.') => rest.next().is_some_and(is_word),
        Some('-') => rest.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => is_word(c),
        None => false,
    };
    (!is_name).then_some(end)
}

/// Whether `text` has a placeholder that is none by any reading.
pub fn is_left(text: &str) -> bool {
    find_all(text).any(|range| !is_doubtful(text, &range))
}

/// Whether the marker that `text` has at `range` stands in the middle of a sentence, where it may be a
/// name as well: `TODO list export`, `the TBD column`. One that stands alone, ends a text, or that a
/// colon, a bracket or a dash follows is no name.
pub fn is_doubtful(text: &str, range: &Range<usize>) -> bool {
    if !text.get(range.clone()).is_some_and(|found| WORDS.contains(&found)) {
        return false;
    }
    let rest = text[range.end..].trim_start_matches(['*', '_']);
    let Some(rest) = rest.strip_prefix([' ', '\u{a0}', '\n']) else { return false };
    rest.trim_start_matches(['*', '_', '"', '`']).starts_with(char::is_alphabetic)
}

/// `???` or longer, not attached to a word as in "really???".
fn question_marks(text: &str, at: usize) -> Option<usize> {
    if before(text, at).is_some_and(|c| c == '?' || is_word(c)) {
        return None;
    }
    let count = text[at..].bytes().take_while(|byte| *byte == b'?').count();
    let end = at + count;
    (count >= 3 && !text[end..].starts_with(is_word)).then_some(end)
}

/// `>X%`, `<Yms`, `>= N`: a sign, then a lone X, Y, Z or N with or without a unit.
fn comparison(text: &str, at: usize, sign: char) -> Option<usize> {
    // Arrows and shifts are no comparisons.
    if before(text, at).is_some_and(|c| matches!(c, '-' | '=' | '<' | '>')) {
        return None;
    }
    let rest = &text[at + sign.len_utf8()..];
    let rest = rest.strip_prefix('=').unwrap_or(rest);
    let rest = rest.strip_prefix([' ', '\u{a0}']).unwrap_or(rest);
    let after = rest.strip_prefix(['X', 'Y', 'Z', 'N'])?;
    let with_unit = UNITS.iter().filter_map(|unit| after.strip_prefix(*unit));
    let end = with_unit.chain([after]).find(|rest| ends_word(rest))?;
    Some(text.len() - end.len())
}

/// Whether a word ends before `rest`: neither a letter follows, nor one after a joining sign, as in
/// `N/A`, `X-axis`, `X.509`.
fn ends_word(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        Some('-' | '/' | '.' | ':' | '\'' | '’') => !chars.next().is_some_and(is_word),
        Some(c) => !is_word(c),
        None => true,
    }
}

fn before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests;
