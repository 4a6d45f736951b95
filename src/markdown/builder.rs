//! Turns the parser's events into sections. A flat walk with a few counters; no recursion.

use super::inline::Inline;
use super::{Block, Cell, Row, Section, Table, Task, boxes, collapse, placeholder};
use crate::text::clamp;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Preamble, sections and placeholders of the Markdown that starts at byte `body` of `text`.
pub(super) fn build(text: &str, body: usize) -> (Section, Vec<Section>, Vec<Range<usize>>) {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut builder = Builder::new(text, body);
    for (event, range) in Parser::new_ext(&text[body..], options).into_offset_iter() {
        builder.take(event, clamp(text, range.start + body..range.end + body));
    }
    builder.flush();
    builder.finish()
}

struct Builder<'t> {
    text: &'t str,
    /// The preamble, then every section.
    sections: Vec<Section>,
    placeholders: Vec<Range<usize>>,
    /// The inline text under construction, if any.
    inline: Option<Inline>,
    /// The heading whose text it is.
    heading: Option<(HeadingLevel, Range<usize>)>,
    /// Depth of block quotes.
    quotes: usize,
    /// The list items around; `true` until the item's first block is complete.
    items: Vec<bool>,
    in_code: bool,
    table: Option<Table>,
    row: Row,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, body: usize) -> Self {
        let preamble = Section { heading: body..body, ..Section::default() };
        Self {
            text,
            sections: vec![preamble],
            placeholders: Vec::new(),
            inline: None,
            heading: None,
            quotes: 0,
            items: Vec::new(),
            in_code: false,
            table: None,
            row: Row::default(),
        }
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(_) if self.in_code => {}
            Event::Text(text) => self.inline().push_text(&text, range),
            Event::Code(code) => self.inline().push_code(&code, range),
            Event::InlineHtml(html) => self.inline().push_html(&html, range),
            Event::SoftBreak | Event::HardBreak => self.inline().push_break(range),
            Event::TaskListMarker(done) => {
                let inline = self.inline();
                inline.task = Some(done);
                inline.cover(&range);
            }
            Event::Rule => self.flush(),
            // Lines of HTML blocks are seen whole at their start; the rest is not enabled.
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                let written = &self.text[range.clone()];
                // The text of an autolink is its target.
                let target = if written.starts_with('<') { "" } else { &*dest_url };
                self.inline().push_link(target, written, range);
            }
            Tag::Emphasis | Tag::Strong => self.inline().cover(&range),
            Tag::Strikethrough => {
                // `~5 to 6~` is a mark of something near, and nothing that was taken back.
                let struck = self.text[range.clone()].starts_with("~~");
                let inline = self.inline();
                inline.cover(&range);
                inline.begin_struck(struck);
            }
            _ => {
                self.flush();
                self.start_block(tag, range);
            }
        }
    }

    fn start_block(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => self.heading = Some((level, trim(self.text, range))),
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::Item => self.items.push(true),
            Tag::CodeBlock(_) => {
                self.in_code = true;
                self.leave_first_block();
            }
            Tag::HtmlBlock => {
                self.leave_first_block();
                self.html_block(&range);
            }
            Tag::Table(_) if self.quotes == 0 => {
                self.table = Some(Table { range: trim(self.text, range), ..Table::default() });
            }
            Tag::TableHead | Tag::TableRow => {
                self.row = Row { cells: Vec::new(), range: trim(self.text, range) };
            }
            Tag::TableCell => self.inline = Some(Inline::default()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image => {}
            TagEnd::Strikethrough => self.inline().end_struck(),
            TagEnd::TableCell => self.end_cell(range),
            _ => {
                self.flush();
                self.end_block(tag);
            }
        }
    }

    fn end_block(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::Item => {
                self.items.pop();
            }
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::TableHead => {
                let row = std::mem::take(&mut self.row);
                if let Some(table) = &mut self.table {
                    table.columns = row.cells;
                }
            }
            TagEnd::TableRow => {
                let row = std::mem::take(&mut self.row);
                if let Some(table) = &mut self.table {
                    table.rows.push(row);
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    self.section().tables.push(table);
                }
            }
            _ => {}
        }
    }

    fn end_cell(&mut self, range: Range<usize>) {
        let Some(inline) = self.inline.take() else { return };
        self.placeholders.extend(inline.placeholders());
        let range = inline.range.unwrap_or(range);
        let text = inline.text.trim().to_owned();
        if self.table.is_some() {
            let range = trim(self.text, range);
            self.row.cells.push(Cell { text, range });
        } else if !text.is_empty() {
            self.section().prose.push(Block { text, range, quoted: true });
        }
    }

    /// Completes the inline text, if there is one, as heading, task or prose.
    fn flush(&mut self) {
        let heading = self.heading.take();
        let inline = self.inline.take();
        let own = self.quotes == 0;
        if let (Some((level, range)), true) = (&heading, own && self.items.is_empty()) {
            let title = inline.as_ref().map_or_else(String::new, |inline| collapse(&inline.text));
            let level = *level as u8;
            let section = Section { title, level, heading: range.clone(), ..Section::default() };
            self.sections.push(section);
        }
        let Some(inline) = inline else { return };
        self.placeholders.extend(inline.placeholders());
        let first = std::mem::replace(self.items.last_mut().unwrap_or(&mut false), false);
        let Some(range) = inline.range.map(|range| trim(self.text, range)) else { return };
        let text = inline.text.trim().to_owned();
        if heading.is_some() && own && self.items.is_empty() {
            return;
        }
        if let (Some(done), true) = (inline.task, own) {
            self.section().tasks.push(Task { text, done, range });
            return;
        }
        if first && own && inline.task.is_none() && !inline.starts_with_link {
            let near = boxes::near_miss(&self.text[range.clone()]);
            let near = near.map(|len| clamp(self.text, range.start..range.start + len));
            self.section().near_tasks.extend(near);
        }
        if !text.is_empty() {
            self.section().prose.push(Block { text, range, quoted: !own });
        }
    }

    /// A block that opens with an unknown "tag", such as `<describe the scope>`, is a slot.
    fn html_block(&mut self, range: &Range<usize>) {
        let source = &self.text[range.clone()];
        let indent = source.len() - source.trim_start().len();
        if let Some(end) = placeholder::angle(source, indent) {
            self.placeholders.push(range.start + indent..range.start + end);
        }
    }

    fn leave_first_block(&mut self) {
        if let Some(first) = self.items.last_mut() {
            *first = false;
        }
    }

    fn inline(&mut self) -> &mut Inline {
        self.inline.get_or_insert_default()
    }

    fn section(&mut self) -> &mut Section {
        let last = self.sections.len() - 1;
        // The preamble is never removed before the end.
        &mut self.sections[last]
    }

    fn finish(mut self) -> (Section, Vec<Section>, Vec<Range<usize>>) {
        let end = self.text.len();
        // Open sections from the root on; a heading closes those of its own level and deeper.
        let mut open: Vec<usize> = Vec::new();
        for index in 1..self.sections.len() {
            let (level, start) = (self.sections[index].level, self.sections[index].heading.start);
            while let Some(last) = open.pop_if(|last| self.sections[*last].level >= level) {
                self.sections[last].body.end = start;
            }
            let below = next_line(self.text, self.sections[index].heading.end);
            self.sections[index].body = below..end;
            open.push(index);
        }
        let first = self.sections.get(1).map_or(end, |section| section.heading.start);
        self.sections[0].body = self.sections[0].heading.end..first;
        self.placeholders.sort_by_key(|range| (range.start, range.end));
        let sections = self.sections.split_off(1);
        (self.sections.remove(0), sections, self.placeholders)
    }
}

/// Where the line after `at` begins. A lone carriage return ends a line too (CommonMark 2.1).
fn next_line(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    match rest.find(['\n', '\r']) {
        Some(end) if rest[end..].starts_with("\r\n") => at + end + 2,
        Some(end) => at + end + 1,
        None => text.len(),
    }
}

/// `range` without white space at its ends.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = &text[range.clone()];
    let start = range.start + (inside.len() - inside.trim_start().len());
    start..start + inside.trim().len()
}
