//! Boxes that say who ticked them and when: `- [x] text (agent, for Ana Silva, 2026-11-21T10:05:00Z)`.

use crate::model::Stamp;

/// What stands before the name when no signature shows that the person ticked it.
const AGENT: &str = "agent, for ";

/// A ticked item taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tick<'a> {
    /// What was to be verified.
    pub text: &'a str,
    /// Who saw that it holds.
    pub by: &'a str,
    /// When.
    pub at: Stamp,
}

/// Who ticked an item and when, as its text says at its end.
pub fn tick(text: &str) -> Option<Tick<'_>> {
    let (item, mark) = text.trim().strip_suffix(')')?.rsplit_once('(')?;
    let (by, at) = mark.rsplit_once(',')?;
    let at = Stamp::parse(at.trim()).ok()?;
    let by = by.trim();
    Some(Tick { text: item.trim(), by: by.strip_prefix(AGENT).unwrap_or(by), at })
}

/// What an item is about: its text without who ticked it.
pub fn item(text: &str) -> &str {
    tick(text).map_or(text.trim(), |tick| tick.text)
}

/// The end of an item that was ticked for `by` at `at`, which no signature covers.
pub fn mark(by: &str, at: Stamp) -> String {
    format!(" ({AGENT}{by}, {at})")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{item, mark, tick};
    use crate::model::Stamp;

    #[test]
    fn a_tick_says_who_and_when() {
        let at = Stamp::parse("2026-11-21T10:05:00Z").unwrap();
        let text = format!("The footer (two browsers) shows v1.4.0{}", mark("Ana Silva", at));
        let read = tick(&text).unwrap();
        assert_eq!((read.by, read.at), ("Ana Silva", at));
        assert_eq!(item(&text), "The footer (two browsers) shows v1.4.0");
        assert_eq!(tick("seen (Ana Silva, 2026-11-21T10:05:00Z)").unwrap().by, "Ana Silva");
        for text in ["seen", "seen (Ana Silva)", "seen (Ana Silva, today)", "(x", "seen ()"] {
            assert_eq!(tick(text), None, "{text}");
        }
    }
}
