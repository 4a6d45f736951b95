//! Turns a finding's place into line and column, only for findings that are shown.

use crate::model::{Finding, Mark};
use crate::project::{Content, FileEntry, Project};
use crate::text::{self, Tree};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// Fills in `resolved` of each finding whose file could be read.
pub fn locate(project: &Project, findings: &mut [Finding]) {
    // Each file is taken apart once for all its findings.
    let mut places: BTreeMap<String, Places<'_>> = BTreeMap::new();
    for finding in findings {
        let Some(file) = project.present(&finding.location.path) else { continue };
        if file.text.is_empty() {
            continue;
        }
        let path = finding.location.path.clone();
        let places = places.entry(path).or_insert_with(|| Places::of(file));
        let range = match &finding.location.mark {
            Mark::File => None,
            Mark::Span { start, end } => Some(*start..*end),
            Mark::Pointer(pointer) => places.find(pointer, false),
            Mark::Key(pointer) => places.find(pointer, true),
        };
        if let Some(range) = range {
            let end = range.end.min(file.text.len());
            let start = range.start.min(end);
            finding.resolved = Some((places.lines.position(&file.text, start), start..end));
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
            Content::None => tree(|text| text::yaml::read(text).ok().map(|(_, tree)| tree)),
        }
    }
}
