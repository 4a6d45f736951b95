//! Hover: what the rule that found something there says, what a key means, what a name is.

use super::judged::Judged;
use super::{POLICY, text};
use crate::cli::explain::page;
use crate::definition::Phase;
use crate::project::{Content, Project};
use crate::schema;
use crate::text::{json as reader, yaml};
use serde_json::{Value, json};
use std::ops::Range;

/// What is known of the place `at` in a file; null where that is nothing.
pub(super) fn hover(judged: &Judged, path: &str, text: &str, at: usize) -> Value {
    let here = judged
        .found
        .iter()
        .filter(|found| found.path == path && found.range.start <= at && at <= found.range.end);
    let mut rules: Vec<&'static str> = here.map(|found| found.rule.code).collect();
    rules.sort_unstable();
    rules.dedup();
    let project = judged.project.as_ref();
    let phase = project.map(|own| &own.phase);
    let mut parts: Vec<String> = match phase {
        Some(phase) => rules.iter().filter_map(|code| page(code, phase)).collect(),
        None => Vec::new(),
    };
    parts.extend(meaning(project, path, text, at));
    let (range, word) = word(text, at);
    if let Some(phase) = phase.filter(|_| !rules.contains(&word)) {
        parts.extend(named(word, phase));
    }
    if parts.is_empty() {
        return Value::Null;
    }
    json!({
        "contents": { "kind": "markdown", "value": parts.join("\n\n---\n\n") },
        "range": text::range(text, &range),
    })
}

/// What the schema says of the key or value there.
fn meaning(project: Option<&Project>, path: &str, text: &str, at: usize) -> Option<String> {
    if path == POLICY {
        let (_, tree) = yaml::read(text).ok()?;
        let pointer = tree.pointer_at(at);
        return told(&pointer, schema::meaning("d3p", &pointer)?);
    }
    let project = project?;
    let (kind, def) = project.phase.evidence.iter().find(|(_, def)| def.path == path)?;
    let pointer = match &project.present(&def.path)?.content {
        Content::Json(_) => reader::tree(text)?.pointer_at(at),
        Content::Markdown(document) | Content::Log(document, _) => {
            document.front_matter.as_ref()?.pointer_at(at)?
        }
        Content::None | Content::Report(_) => return None,
    };
    told(&pointer, project.phase.folder.meaning(kind, &pointer)?)
}

/// The page of a value; nothing of the file as a whole.
fn told(pointer: &str, meaning: String) -> Option<String> {
    let name = pointer.trim_start_matches('/').replace('/', ".");
    (!name.is_empty()).then(|| format!("**{name}**\n\n{meaning}"))
}

/// The word around a place.
fn word(text: &str, at: usize) -> (Range<usize>, &str) {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let before = &text[..at];
    let start = before.trim_end_matches(is_part).len();
    let after = &text[at..];
    let end = at + after.len() - after.trim_start_matches(is_part).len();
    let whole = &text[start..end];
    let own = whole.trim_end_matches(['.', '-']);
    (start..start + own.len(), own)
}

/// What has this name; a plain word of a sentence is none.
fn named(word: &str, phase: &Phase) -> Option<String> {
    let is_name = word.contains('-') || word.contains(|c: char| c.is_ascii_digit());
    let is_number = word.chars().all(|c| c.is_ascii_digit() || c == '.');
    (is_name && !is_number).then(|| page(word, phase)).flatten()
}
