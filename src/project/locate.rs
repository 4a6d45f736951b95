//! Turns a finding's place into line and column, only for findings that are shown.

use crate::model::{Advice, Finding, Location, Mark, Position};
use crate::project::{Content, FileEntry, Project};
use crate::text::{self, Tree};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// Fills in line and column of each finding, of its advice and of what is related to it, where the
/// file could be read.
pub fn locate(project: &Project, findings: &mut [Finding]) {
    let mut files = Files { project, places: BTreeMap::new() };
    for finding in findings {
        project.place(&mut finding.location);
        finding.resolved = files.find(&finding.location);
        for related in &mut finding.related {
            project.place(&mut related.location);
            related.resolved = files.find(&related.location);
        }
        if let Some(advice) = &mut finding.advice {
            files.locate(advice);
            project.name_phase(advice);
        }
    }
}

/// The files of a project, each of which is taken apart once for all its findings.
struct Files<'a> {
    project: &'a Project,
    places: BTreeMap<String, Places<'a>>,
}

impl Files<'_> {
    fn find(&mut self, location: &Location) -> Option<(Position, Range<usize>)> {
        let file = self.project.present(&location.path).filter(|file| !file.text.is_empty())?;
        if location.mark == Mark::File {
            return None;
        }
        let places = self.places.entry(location.path.clone()).or_insert_with(|| Places::of(file));
        let range = match &location.mark {
            Mark::File => None,
            Mark::Span { start, end } => Some(*start..*end),
            Mark::Pointer(pointer) => places.find(pointer, false),
            Mark::Key(pointer) => places.find(pointer, true),
        }?;
        let end = range.end.min(file.text.len());
        let start = range.start.min(end);
        Some((places.lines.position(&file.text, start), start..end))
    }

    fn locate(&mut self, advice: &mut Advice) {
        if let Some(place) = &mut advice.place {
            self.project.place(place);
        }
        if let Some(own) = &mut advice.replacement {
            self.project.place(&mut own.place);
            own.resolved = self.find(&own.place).map(|(_, range)| range);
        }
        let found = advice.place.as_ref().and_then(|place| self.find(place));
        advice.line = found.map(|(position, _)| position.line);
        for other in &mut advice.alternatives {
            self.locate(other);
        }
    }
}

/// Where the lines of a file begin, and where its values lie once one is asked for.
struct Places<'a> {
    file: &'a FileEntry,
    lines: text::Lines,
    tree: OnceCell<Option<Tree>>,
}

impl<'a> Places<'a> {
    fn of(file: &'a FileEntry) -> Self {
        Self { file, lines: text::Lines::of(&file.text), tree: OnceCell::new() }
    }

    fn find(&self, pointer: &str, key: bool) -> Option<Range<usize>> {
        let text = &self.file.text;
        let tree = |read: fn(&str) -> Option<Tree>| {
            let tree = self.tree.get_or_init(|| read(text)).as_ref();
            Some(tree?.locate(pointer, key))
        };
        match &self.file.content {
            Content::Json(_) => tree(text::json::tree),
            Content::Markdown(document) | Content::Log(document, _) => {
                Some(document.front_matter.as_ref()?.locate(pointer, key))
            }
            Content::None | Content::Report(_) => {
                tree(|text| text::yaml::read(text).ok().map(|(_, tree)| tree))
            }
        }
    }
}
