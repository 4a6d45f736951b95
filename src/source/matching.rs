//! Files that a pattern names: for declared reports.

use crate::project::glob;
use crate::source::{Root, list_files};
use std::path::Path;

/// The regular files below the project that `pattern` matches, sorted. Nothing in `.git` matches,
/// and no link is followed.
pub fn matching(root: &Root, pattern: &str) -> Vec<String> {
    let Some(matcher) = glob(pattern) else { return Vec::new() };
    // Only the directory that all matches lie in is listed.
    let literal: Vec<&str> =
        pattern.split('/').take_while(|part| !part.contains(['*', '?', '[', '{'])).collect();
    if literal.len() == pattern.split('/').count() {
        return if root.find(pattern).is_ok() { vec![pattern.to_owned()] } else { Vec::new() };
    }
    let base = if literal.is_empty() { ".".to_owned() } else { literal.join("/") };
    let mut found: Vec<String> = list_files(root, &base)
        .files
        .into_iter()
        .filter(|path| matcher.is_match(Path::new(path)))
        .collect();
    found.sort();
    found
}
