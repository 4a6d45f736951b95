//! The text of one paragraph, heading or cell while its inline events arrive.
//!
//! Two texts are kept: what a reader sees, and what is searched for placeholders, where code is
//! opaque. The second one knows for each of its parts where it stands in the source.

use super::placeholder::{self, MARKER, OPAQUE};
use std::ops::Range;

/// Inline text under construction.
#[derive(Default)]
pub(super) struct Inline {
    /// What a reader sees.
    pub(super) text: String,
    /// The source of all events so far.
    pub(super) range: Option<Range<usize>>,
    /// The task box at its start.
    pub(super) task: Option<bool>,
    /// Whether it starts with a link or an image.
    pub(super) starts_with_link: bool,
    searched: String,
    parts: Vec<Part>,
    marked: Vec<Range<usize>>,
    /// Which of the strikings out that are open take back what stands in them.
    struck: Vec<bool>,
}

/// A part of the searched text and its source.
struct Part {
    start: usize,
    source: Range<usize>,
    /// Whether the part is spelled in the source as it is searched, so that offsets carry over.
    verbatim: bool,
}

impl Inline {
    pub(super) fn is_untouched(&self) -> bool {
        self.range.is_none()
    }

    /// Widens the source range.
    pub(super) fn cover(&mut self, source: &Range<usize>) {
        let range = self.range.get_or_insert_with(|| source.clone());
        range.start = range.start.min(source.start);
        range.end = range.end.max(source.end);
    }

    /// From here on text is struck out: nobody says it any more.
    pub(super) fn begin_struck(&mut self, struck: bool) {
        self.struck.push(struck);
    }

    pub(super) fn end_struck(&mut self) {
        self.struck.pop();
    }

    fn is_struck(&self) -> bool {
        self.struck.contains(&true)
    }

    pub(super) fn push_text(&mut self, text: &str, source: Range<usize>) {
        if self.is_struck() {
            return self.cover(&source);
        }
        self.text.push_str(text);
        self.search(text, source);
    }

    pub(super) fn push_code(&mut self, code: &str, source: Range<usize>) {
        if self.is_struck() {
            return self.cover(&source);
        }
        self.text.push_str(code);
        self.search(OPAQUE.encode_utf8(&mut [0; 4]), source);
    }

    pub(super) fn push_break(&mut self, source: Range<usize>) {
        self.text.push(' ');
        self.search(" ", source);
    }

    /// A tag or comment: no text, except that an unknown "tag" is a slot such as `<slug>`.
    pub(super) fn push_html(&mut self, html: &str, source: Range<usize>) {
        if placeholder::angle(html, 0) == Some(html.len()) {
            self.push_text(html, source);
        } else if html.starts_with("<br") {
            self.push_break(source);
        } else {
            // Keeps words apart for the search only: `a<!-- x -->b` reads as one word.
            self.cover(&source);
            self.search(OPAQUE.encode_utf8(&mut [0; 4]), source);
        }
    }

    /// The start of a link or image to `target`, which may hold slots too.
    pub(super) fn push_link(&mut self, target: &str, written: &str, source: Range<usize>) {
        self.starts_with_link |= self.is_untouched();
        self.cover(&source);
        if written.starts_with(MARKER) {
            // A definition elsewhere made a link of our own marker.
            self.marked.push(source);
        } else {
            self.search(&format!("{OPAQUE}{target}{OPAQUE}"), source);
        }
    }

    fn search(&mut self, text: &str, source: Range<usize>) {
        self.cover(&source);
        let verbatim = text.len() == source.len();
        self.parts.push(Part { start: self.searched.len(), source, verbatim });
        self.searched.push_str(text);
    }

    /// Source ranges of the placeholders in it.
    pub(super) fn placeholders(&self) -> impl Iterator<Item = Range<usize>> {
        let found = placeholder::find_all(&self.searched).map(|range| {
            let start = self.source_of(range.start, false);
            start..self.source_of(range.end, true).max(start)
        });
        self.marked.iter().cloned().chain(found)
    }

    /// The source offset of an offset in the searched text, as the start or end of a range.
    fn source_of(&self, at: usize, is_end: bool) -> usize {
        let after = |part: &Part| if is_end { part.start < at } else { part.start <= at };
        let index = self.parts.partition_point(after).saturating_sub(1);
        let Some(part) = self.parts.get(index) else { return 0 };
        match (part.verbatim, is_end) {
            (true, _) => part.source.start + (at - part.start),
            (false, true) => part.source.end,
            (false, false) => part.source.start,
        }
    }
}
