//! Finds the sections a definition demands in a Markdown file.

use crate::definition::{CellType, EvidenceFormat, SectionDef, TableDef};
use crate::markdown::{Block, Document, Row, Section, Table, Task, heading_key, placeholder};
use crate::model::{Location, Piece};
use crate::project::{FileEntry, Project};
use std::borrow::Borrow;

/// A Markdown file that the phase demands sections of.
pub(crate) struct Sectioned<'a> {
    /// The thing findings are about.
    pub(crate) piece: Piece,
    /// Its file.
    pub(crate) file: &'a FileEntry,
    /// Its parsed text.
    pub(crate) document: &'a Document,
    /// What is demanded: what no fact removes.
    pub(crate) sections: Vec<&'a SectionDef>,
}

/// Every Markdown file with demanded sections that could be read and is no untouched skeleton.
pub(crate) fn sectioned(project: &Project) -> Vec<Sectioned<'_>> {
    all_sectioned(project).into_iter().filter(|file| !file.is_skeleton(project)).collect()
}

/// Every Markdown file with demanded sections that could be read.
pub(crate) fn all_sectioned(project: &Project) -> Vec<Sectioned<'_>> {
    let documents =
        project.phase.documents.iter().map(|(id, def)| {
            (Piece::Document(id.clone()), def.path.as_str(), def.sections.as_slice())
        });
    let evidence = project
        .phase
        .evidence
        .iter()
        .filter(|(_, def)| def.format == EvidenceFormat::Markdown)
        .map(|(kind, def)| {
            (Piece::Evidence(kind.clone()), def.path.as_str(), def.sections.as_slice())
        });
    documents
        .chain(evidence)
        .filter_map(|(piece, path, sections)| {
            let file = project.present(path)?;
            let applies =
                |own: &&SectionDef| project.removed_by_fact(own.unless.as_ref()).is_none();
            let sections = sections.iter().filter(applies).collect();
            Some(Sectioned { piece, file, document: file.document()?, sections })
        })
        .collect()
}

/// Whether a table says when something is done and how long it takes, or gives a window.
pub(crate) fn says_when(table: &TableDef) -> bool {
    let count = |kind: CellType| table.columns.values().filter(|cell| **cell == kind).count();
    count(CellType::Offset) > 0 && count(CellType::Duration) > 0 || count(CellType::Time) > 1
}

/// Paths of the files that are still untouched templates; they are one fault each.
pub(crate) fn skeletons(project: &Project) -> Vec<&str> {
    all_sectioned(project)
        .into_iter()
        .filter(|file| file.is_skeleton(project))
        .map(|file| file.file.path.as_str())
        .collect()
}

/// A demanded section and where it stands.
pub(crate) struct Found<'a> {
    /// Its place in the document's list.
    pub(crate) index: usize,
    /// The section.
    pub(crate) section: &'a Section,
    document: &'a Document,
}

impl<'a> Sectioned<'a> {
    /// The section with a definition's title, in the author's language.
    pub(crate) fn find(&self, project: &Project, def: &SectionDef) -> Option<Found<'a>> {
        let title = project.translated(&def.title);
        let index = position(&self.document.sections, title)?;
        Some(Found { index, section: &self.document.sections[index], document: self.document })
    }

    /// A place in the file.
    pub(crate) fn at(&self, range: std::ops::Range<usize>) -> Location {
        Location::span(&self.file.path, range)
    }

    /// Whether nothing in it is the author's: wherever a section wants something, all there is
    /// still holds a placeholder.
    pub(crate) fn is_skeleton(&self, project: &Project) -> bool {
        let marked = |text: &str| text.contains(placeholder::MARKER);
        let mut markers = 0;
        for def in self.sections.iter().filter(|def| def.tracker.is_none()) {
            let Some(found) = self.find(project, def) else { continue };
            let rows = found.tables().flat_map(|table| &table.rows);
            let mut texts: Vec<bool> =
                rows.map(|row| row.cells.iter().any(|cell| marked(&cell.text))).collect();
            texts.extend(found.tasks().map(|task| marked(&task.text)));
            texts.extend(
                found.prose().filter(|block| !block.quoted).map(|block| marked(&block.text)),
            );
            if texts.iter().any(|marked| !marked) {
                return false;
            }
            markers += texts.len();
        }
        markers > 0
    }
}

impl<'a> Found<'a> {
    /// The section and everything below it.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &'a Section> + use<'a> {
        let body = self.section.body.clone();
        let own = self.section;
        let inside = move |section: &&Section| body.contains(&section.heading.start);
        std::iter::once(own).chain(self.document.sections[self.index + 1..].iter().filter(inside))
    }

    /// Its tables.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &'a Table> + use<'a> {
        self.parts().flat_map(|section| &section.tables)
    }

    /// Its task items.
    pub(crate) fn tasks(&self) -> impl Iterator<Item = &'a Task> + use<'a> {
        self.parts().flat_map(|section| &section.tasks)
    }

    /// Its prose.
    pub(crate) fn prose(&self) -> impl Iterator<Item = &'a Block> + use<'a> {
        self.parts().flat_map(|section| &section.prose)
    }

    /// The subsection with this title.
    pub(crate) fn subsection(&self, title: &str) -> Option<Found<'a>> {
        let parts: Vec<&Section> = self.parts().skip(1).collect();
        let section = *parts.get(position(&parts, title)?)?;
        let index = self.document.sections.iter().position(|other| std::ptr::eq(other, section))?;
        Some(Found { index, section, document: self.document })
    }

    /// The first table that has all columns of `def`, and each column's place in it.
    pub(crate) fn table(
        &self,
        project: &Project,
        def: &TableDef,
    ) -> Option<(&'a Table, Vec<usize>)> {
        self.tables().find_map(|table| {
            let place = |column: &String| column_index(project, table, column);
            Some((table, def.columns.keys().map(place).collect::<Option<Vec<_>>>()?))
        })
    }
}

/// The first of some sections whose title says `title`: to the letter, else numbered, decorated or
/// spelt as people and editors do.
fn position<S: Borrow<Section>>(sections: &[S], title: &str) -> Option<usize> {
    let exact = title.trim().to_lowercase();
    let is = |section: &S| section.borrow().title.trim().to_lowercase() == exact;
    let key = heading_key(title);
    let says = |section: &S| heading_key(&section.borrow().title) == key;
    sections.iter().position(is).or_else(|| sections.iter().position(says))
}

/// Where a table has a column, by its heading in the author's language.
pub(crate) fn column_index(project: &Project, table: &Table, column: &str) -> Option<usize> {
    let title = heading_key(project.translated(column));
    table.columns.iter().position(|cell| heading_key(&cell.text) == title)
}

/// The text of a row's cell; an absent cell is empty.
pub(crate) fn cell(row: &Row, index: usize) -> &str {
    row.cells.get(index).map_or("", |cell| cell.text.trim())
}

/// What is done, in a table of steps: one that gives each step a person and a duration.
pub(crate) struct Step<'a> {
    /// What the step says.
    pub(crate) text: &'a str,
    /// Where.
    pub(crate) range: std::ops::Range<usize>,
    /// The section that demands it.
    pub(crate) def: &'a SectionDef,
}

/// Every step of a file.
pub(crate) fn steps<'a>(project: &Project, file: &Sectioned<'a>) -> Vec<Step<'a>> {
    let mut out = Vec::new();
    for def in file.sections.iter().copied() {
        let (Some(wanted), Some(found)) = (&def.table, file.find(project, def)) else { continue };
        let has = |kind| wanted.columns.values().any(|own| *own == kind);
        let Some((table, places)) = found.table(project, wanted) else { continue };
        let step = wanted.columns.values().position(|kind| *kind == CellType::Text);
        let of_steps = has(CellType::Person) && has(CellType::Duration);
        let Some(place) = step.filter(|_| of_steps).map(|index| places[index]) else { continue };
        out.extend(table.rows.iter().map(|row| {
            let range = row.cells.get(place).map_or(row.range.clone(), |cell| cell.range.clone());
            Step { text: cell(row, place), range, def }
        }));
    }
    out
}
