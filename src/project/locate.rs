//! Turns a finding's place into line and column, only for findings that are shown.

use crate::model::{Finding, Mark};
use crate::project::{Content, Project};
use crate::text;
use std::collections::BTreeMap;

/// Fills in `resolved` of each finding whose file could be read.
pub fn locate(project: &Project, findings: &mut [Finding]) {
    // Where the lines of a file begin, found once for all its findings.
    let mut lines: BTreeMap<String, text::Lines> = BTreeMap::new();
    for finding in findings {
        let Some(file) = project.present(&finding.location.path) else { continue };
        if file.text.is_empty() {
            continue;
        }
        let range = match &finding.location.mark {
            Mark::File => None,
            Mark::Span { start, end } => Some(*start..*end),
            Mark::Pointer(pointer) => find(file, pointer, false),
            Mark::Key(pointer) => find(file, pointer, true),
        };
        if let Some(range) = range {
            let end = range.end.min(file.text.len());
            let start = range.start.min(end);
            let lines = lines.entry(finding.location.path.clone());
            let lines = lines.or_insert_with(|| text::Lines::of(&file.text));
            finding.resolved = Some((lines.position(&file.text, start), start..end));
        }
    }
}

fn find(file: &super::FileEntry, pointer: &str, key: bool) -> Option<std::ops::Range<usize>> {
    match &file.content {
        Content::Json(_) => text::json::locate(&file.text, pointer, key),
        Content::Markdown(document) | Content::Log(document, _) => {
            Some(document.front_matter.as_ref()?.locate(pointer, key))
        }
        Content::None => text::yaml::locate(&file.text, pointer, key),
    }
}
