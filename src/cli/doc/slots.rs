//! The places of documents in which people write, each with an address.

use crate::definition::{CellType, SectionDef};
use crate::markdown::{FrontMatter, placeholder};
use crate::project::Project;
use crate::project::sections::{Found, Sectioned, all_sectioned};
use crate::text::pointer;
use serde_json::Value;
use std::ops::Range;

/// What is written in a place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Form {
    /// A cell of a table.
    Cell(CellType),
    /// The answer or prose of a section.
    Prose,
    /// The text of an item, without its box.
    Item,
    /// A text of the front matter, in quotes.
    Front,
}

/// A place in a document.
pub(in crate::cli) struct Slot {
    /// The document, the section, and where in it; numbers only where there are several.
    pub(in crate::cli) address: String,
    pub(in crate::cli) path: String,
    pub(in crate::cli) range: Range<usize>,
    pub(in crate::cli) form: Form,
    pub(in crate::cli) text: String,
    /// What the section asks, where it is a question.
    pub(in crate::cli) prompt: Option<String>,
    /// Whether it is to be thought about again for each release.
    pub(in crate::cli) anew: bool,
}

impl Slot {
    /// Whether it still waits for somebody's words.
    pub(in crate::cli) fn is_open(&self) -> bool {
        self.text.contains(placeholder::MARKER)
    }

    /// What belongs there.
    pub(in crate::cli) fn hint(&self) -> &str {
        let inner = self.text.split_once(placeholder::MARKER).map_or("", |(_, rest)| rest);
        inner.split(']').next().unwrap_or_default().trim()
    }

    /// Whether somebody means it: by the whole address or the end of it, with or without numbers.
    pub(in crate::cli) fn is_meant(&self, wanted: &str) -> bool {
        let plain = |text: &str| -> Vec<String> {
            let parts = text.split('.').filter(|part| part.parse::<usize>().is_err());
            parts.map(str::to_owned).collect()
        };
        let ends = |own: &[String], wanted: &[String]| !wanted.is_empty() && own.ends_with(wanted);
        let whole = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        ends(&whole(&self.address), &whole(wanted))
            || !wanted.split('.').any(|part| part.parse::<usize>().is_ok())
                && ends(&plain(&self.address), &plain(wanted))
    }
}

/// Every place of every document and piece of evidence that people write.
pub(in crate::cli) fn slots(project: &Project) -> Vec<Slot> {
    let mut out = Vec::new();
    for file in all_sectioned(project) {
        let id = file.piece.id().to_owned();
        if let Some(matter) = &file.document.front_matter {
            front(&file, &id, matter, "", &matter.value, &mut out);
        }
        for def in file.sections.iter().filter(|def| def.tracker.is_none()) {
            let Some(found) = file.find(project, def) else { continue };
            section(project, &file, &format!("{id}.{}", def.id), def, &found, &mut out);
        }
    }
    out
}

fn slot(file: &Sectioned<'_>, address: String, range: Range<usize>, form: Form) -> Slot {
    let text = file.file.text.get(range.clone()).unwrap_or_default().to_owned();
    Slot { address, path: file.file.path.clone(), range, form, text, prompt: None, anew: false }
}

/// The open texts of the front matter.
fn front(
    file: &Sectioned<'_>,
    address: &str,
    matter: &FrontMatter,
    at: &str,
    value: &Value,
    out: &mut Vec<Slot>,
) {
    match value {
        Value::String(text) if text.contains(placeholder::MARKER) => {
            out.push(slot(file, address.to_owned(), matter.locate(at, false), Form::Front));
        }
        Value::Object(members) => {
            for (key, inner) in members {
                let at = format!("{at}/{}", pointer::escape(key));
                front(file, &format!("{address}.{key}"), matter, &at, inner, out);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                let number =
                    if items.len() > 1 { format!(".{}", index + 1) } else { String::new() };
                let at = format!("{at}/{index}");
                front(file, &format!("{address}{number}"), matter, &at, inner, out);
            }
        }
        _ => {}
    }
}

fn section(
    project: &Project,
    file: &Sectioned<'_>,
    address: &str,
    def: &SectionDef,
    found: &Found<'_>,
    out: &mut Vec<Slot>,
) {
    if let Some(wanted) = &def.table
        && let Some((table, places)) = found.table(project, wanted)
    {
        for (index, row) in table.rows.iter().enumerate() {
            let number =
                if table.rows.len() > 1 { format!(".{}", index + 1) } else { String::new() };
            for ((title, kind), place) in wanted.columns.iter().zip(&places) {
                let Some(cell) = row.cells.get(*place) else { continue };
                let address = format!("{address}{number}.{}", slug(title));
                out.push(slot(file, address, cell.range.clone(), Form::Cell(*kind)));
            }
        }
    }
    if def.checklist.is_some() {
        for part in found.parts().skip(1) {
            for (index, task) in part.tasks.iter().enumerate() {
                let address = format!("{address}.{}.{}", slug(&part.title), index + 1);
                let text = file.file.text.get(task.range.clone()).unwrap_or_default();
                let start = task.range.start + text.find("] ").map_or(0, |at| at + 2);
                out.push(slot(file, address, start..task.range.end, Form::Item));
            }
        }
    }
    if def.text || def.prompt.is_some() {
        let blocks: Vec<_> = found.prose().filter(|block| !block.quoted).collect();
        if let (Some(first), Some(last)) = (blocks.first(), blocks.last()) {
            let range = first.range.start..last.range.end;
            let own = slot(file, address.to_owned(), range, Form::Prose);
            out.push(Slot { prompt: def.prompt.clone(), anew: def.anew, ..own });
        }
    }
}

/// A heading as part of an address.
fn slug(title: &str) -> String {
    let lower = title.to_lowercase();
    let parts = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}
