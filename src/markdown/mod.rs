//! Markdown into the tree that rules read: sections with their tables, task boxes and prose.
//!
//! CommonMark with GFM tables and task lists, read by `pulldown-cmark`. What a reader of the
//! rendered page would not take for the author's own statement does not count: fences, indented
//! code, HTML blocks and comments are skipped; headings, tables and boxes inside a block quote are
//! quoted prose. Nothing here knows which sections a document needs.

mod boxes;
mod builder;
pub mod entries;
mod front_matter;
mod inline;
pub mod placeholder;

pub use front_matter::FrontMatter;

use crate::text::Fault;
use std::ops::Range;

/// A Markdown text taken apart. All ranges are byte ranges in the text.
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    /// The YAML between `---` lines at the top; `None` when there is none or it has faults.
    pub front_matter: Option<FrontMatter>,
    /// What stands above the first heading: a section of level 0 without title.
    pub preamble: Section,
    /// All sections, flat and in the order of the text.
    pub sections: Vec<Section>,
    /// What is wrong with the front matter; Markdown itself has no syntax errors.
    pub faults: Vec<Fault>,
    placeholders: Vec<Range<usize>>,
}

/// A heading and what stands below it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Section {
    /// The heading's text: trimmed, markup flattened, white space collapsed.
    pub title: String,
    /// 1 to 6; 0 for the preamble.
    pub level: u8,
    /// The heading itself, an underline included.
    pub heading: Range<usize>,
    /// From below the heading to the next heading of the same or a higher level: with subsections.
    pub body: Range<usize>,
    /// Tables between this heading and the next one of any level.
    pub tables: Vec<Table>,
    /// Task boxes between this heading and the next one.
    pub tasks: Vec<Task>,
    /// Paragraphs and list items that are no tasks, between this heading and the next one.
    pub prose: Vec<Block>,
    /// Starts of list items that look like a box and are none, such as `[]` and `[✓]`.
    pub near_tasks: Vec<Range<usize>>,
}

/// A GFM table.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Table {
    /// The cells of the header row.
    pub columns: Vec<Cell>,
    /// The rows below it, each with as many cells as there are columns.
    pub rows: Vec<Row>,
    /// The whole table.
    pub range: Range<usize>,
}

/// One row of a table.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Row {
    /// Its cells.
    pub cells: Vec<Cell>,
    /// The whole row.
    pub range: Range<usize>,
}

/// One cell of a table.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Cell {
    /// Its text: trimmed, markup flattened.
    pub text: String,
    /// What is written in it; for an empty cell an empty range, or its white space.
    pub range: Range<usize>,
}

/// A task box with its text.
#[derive(Clone, PartialEq, Debug)]
pub struct Task {
    /// The text beside the box, markup flattened.
    pub text: String,
    /// Whether the box is `[x]` or `[X]`.
    pub done: bool,
    /// Box and text.
    pub range: Range<usize>,
}

/// A paragraph or list item.
#[derive(Clone, PartialEq, Debug)]
pub struct Block {
    /// Its text, markup flattened; code spans count as text.
    pub text: String,
    /// Where it stands.
    pub range: Range<usize>,
    /// Whether it stands in a block quote.
    pub quoted: bool,
}

/// Takes `text` apart. Never fails: any text is Markdown.
pub fn parse(text: &str) -> Document {
    let head = front_matter::split(text);
    let (preamble, sections, placeholders) = builder::build(text, head.body);
    Document {
        front_matter: head.front_matter,
        preamble,
        sections,
        faults: head.faults,
        placeholders,
    }
}

impl Document {
    /// The direct subsections of the section at `index`, with their own indices.
    ///
    /// Direct are those with no section of a level in between above them, so that a skipped level
    /// (`##`, then `####`) still has a parent.
    pub fn children(&self, index: usize) -> impl Iterator<Item = (usize, &Section)> {
        let level = self.sections.get(index).map_or(u8::MAX, |section| section.level);
        // The lowest level seen since the last direct child; a child must not be below it.
        let mut shallowest = u8::MAX;
        self.sections
            .iter()
            .enumerate()
            .skip(index.saturating_add(1))
            .take_while(move |(_, section)| section.level > level)
            .filter(move |(_, section)| {
                let direct = section.level <= shallowest;
                shallowest = shallowest.min(section.level);
                direct
            })
    }

    /// The first section with this title, on this level if one is given, and its index.
    ///
    /// White space is collapsed on both sides; case counts.
    pub fn section_by_title(&self, title: &str, level: Option<u8>) -> Option<(usize, &Section)> {
        let title = collapse(title);
        self.sections.iter().enumerate().find(|(_, section)| {
            section.title == title && level.is_none_or(|level| level == section.level)
        })
    }

    /// The placeholders in headings, prose, tasks and table cells, in order.
    ///
    /// Those in code spans, fences and comments are not among them. Front matter is not searched:
    /// its values are strings for [`placeholder::find`].
    pub fn placeholders(&self) -> &[Range<usize>] {
        &self.placeholders
    }
}

/// What a heading is about, for comparison with another: without a number before it, marks and emoji
/// around it, a colon or `{#id}` after it, accents, and case.
pub fn heading_key(title: &str) -> String {
    let title = title.trim();
    let title = match title.rsplit_once("{#") {
        Some((before, id)) if id.ends_with('}') => before,
        _ => title,
    };
    let marks = |c: char| !c.is_alphanumeric();
    let mut title = title.trim_matches(marks);
    let number = title.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    if number.len() < title.len() && number.starts_with([' ', ')', ':', '-']) {
        title = number.trim_start_matches(marks);
    }
    // Combining marks: `e` and an accent is the `e` of whoever typed it as two characters.
    let plain = title.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c));
    collapse(&plain.collect::<String>().to_lowercase())
}

/// `text` trimmed, with single spaces.
fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
