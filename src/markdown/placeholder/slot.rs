//! Template slots: `{tag}`, `${WORD}`, `<slug>`, `<your name>`.

use super::{before, is_word};

/// Longest slot, in characters between the delimiters.
const LONGEST: usize = 48;

/// Most words in a slot.
const MOST_WORDS: usize = 6;

/// Elements of HTML, obsolete ones included, sorted.
#[rustfmt::skip]
const ELEMENTS: [&str; 126] = [
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base",
    "bdi", "bdo", "big", "blockquote", "body", "br", "button", "canvas", "caption", "center",
    "circle", "cite", "code", "col", "colgroup", "data", "datalist", "dd", "del", "details",
    "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed", "fieldset", "figcaption", "figure",
    "font", "footer", "form", "frame", "frameset", "g", "h1", "h2", "h3", "h4", "h5", "h6",
    "head", "header", "hgroup", "hr", "html", "i", "iframe", "img", "input", "ins", "kbd",
    "label", "legend", "li", "link", "main", "map", "mark", "math", "menu", "meta", "meter",
    "nav", "noscript", "object", "ol", "optgroup", "option", "output", "p", "param", "path",
    "picture", "pre", "progress", "q", "rect", "rp", "rt", "ruby", "s", "samp", "script",
    "search", "section", "select", "slot", "small", "source", "span", "strong", "style", "sub",
    "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th",
    "thead", "time", "title", "tr", "track", "tt", "u", "ul", "video",
];

/// Attributes of HTML that need no value.
const FLAGS: [&str; 12] = [
    "async",
    "autofocus",
    "checked",
    "controls",
    "defer",
    "disabled",
    "hidden",
    "loop",
    "multiple",
    "open",
    "required",
    "selected",
];

/// Where the slot that opens with `<` at `at` ends.
///
/// None for HTML tags, autolinks, comparisons, generics (`Vec<String>`) and headers (`<stdio.h>`).
pub(in crate::markdown) fn angle(text: &str, at: usize) -> Option<usize> {
    let content = between(&text[at + 1..], '>', |c| {
        is_word(c) || matches!(c, ' ' | '-' | '/' | '.' | ',' | '\'' | '’' | '|' | '+')
    })?;
    let mut words = content.split(' ');
    let first = words.next().unwrap_or_default();
    let alone = words.next().is_none();
    let preceding = before(text, at);
    let generic = preceding.is_some_and(is_word)
        && (content.starts_with(char::is_uppercase) || content.contains(char::is_numeric));
    if !is_name(content)
        || is_html(content)
        || generic
        || matches!(preceding, Some('<' | ':'))
        || content.ends_with(['/', ',', '-'])
        || (alone && first.contains('.'))
    {
        return None;
    }
    Some(at + content.len() + 2)
}

/// Where the slot that opens with `{` or `${` at `at` ends.
///
/// None for the parameter of a route that starts with a slash, as in `/orders/{id}`.
pub(super) fn curly(text: &str, at: usize) -> Option<usize> {
    let dollar = text[at..].starts_with('$');
    let open = if dollar { at + 1 } else { at };
    let rest = text[open..].strip_prefix('{')?;
    let content = between(rest, '}', |c| is_word(c) || matches!(c, ' ' | '-' | '.'))?;
    if !is_name(content.trim()) {
        return None;
    }
    let end = open + content.len() + 2;
    if !dollar && is_route_parameter(text, open, end) {
        return None;
    }
    Some(end)
}

/// The text before `close`, when it is short and of `allowed` characters only.
fn between(rest: &str, close: char, allowed: impl Fn(char) -> bool) -> Option<&str> {
    let (end, last) = rest.char_indices().take(LONGEST + 1).find(|(_, c)| !allowed(*c))?;
    (last == close).then(|| &rest[..end])
}

/// A few words that start with a letter and end without a space.
fn is_name(content: &str) -> bool {
    content.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && !content.ends_with(' ')
        && content.split(' ').count() <= MOST_WORDS
}

fn is_html(content: &str) -> bool {
    let mut words = content.split([' ', '/']).filter(|word| !word.is_empty());
    let name = words.next().unwrap_or_default().to_ascii_lowercase();
    if ELEMENTS.binary_search(&name.as_str()).is_err() {
        return false;
    }
    // `<time of deploy>` is a slot although `time` is an element; `a <b and c> d` is neither.
    name.len() == 1 || words.all(|word| FLAGS.contains(&word.to_ascii_lowercase().as_str()))
}

fn is_route_parameter(text: &str, start: usize, end: usize) -> bool {
    const LOOK_BACK: usize = 128;
    if !text[..start].ends_with('/') || text[end..].starts_with(is_word) {
        return false;
    }
    let from = text.floor_char_boundary(start.saturating_sub(LOOK_BACK));
    let head = &text[from..start];
    // Bytes, since the separators are ASCII: text full of routes asks this at every one of them.
    let is_separator = |byte| matches!(byte, b' ' | b'\n' | b'\t' | b'"' | b'\'' | b'(');
    let token = head.bytes().rposition(is_separator).map_or(head, |at| &head[at + 1..]);
    token.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_for_binary_search() {
        assert!(ELEMENTS.is_sorted());
    }
}
