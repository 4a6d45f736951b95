//! Makes text from files safe to show: a repository is not trusted with the terminal, nor with the
//! lines of a report.

use std::borrow::Cow;

/// Text for one line: control characters (terminal escapes and the ends of lines among them) and
/// bidirectional overrides, and characters that nobody sees, become their code points. Tabs stay.
pub fn clean(text: &str) -> Cow<'_, str> {
    replaced(text, is_bad)
}

/// The same for text of several lines, as `d3p` itself writes it: a help with an example, a
/// difference of two files. Newlines stay.
pub fn clean_lines(text: &str) -> Cow<'_, str> {
    replaced(text, |c| c != '\n' && is_bad(c))
}

fn is_bad(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn replaced(text: &str, bad: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if bad(c) {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{clean, clean_lines};

    #[test]
    fn escapes_and_overrides_are_shown_not_sent() {
        assert_eq!(clean("a\u{1b}[31mred\u{202e}"), "a\\u{1b}[31mred\\u{202e}");
        assert_eq!(clean("A\u{200b}na\u{ad}"), "A\\u{200b}na\\u{ad}");
        assert_eq!(clean_lines("plain\nعربي"), "plain\nعربي");
    }

    #[test]
    fn one_line_stays_one_line() {
        for end in ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'] {
            let text = format!("name{end}verify: PASSED");
            let shown = clean(&text);
            assert_eq!(shown.lines().count(), 1, "{end:?}");
            assert!(shown.starts_with("name\\u{") && shown.ends_with("verify: PASSED"), "{shown}");
        }
    }
}
