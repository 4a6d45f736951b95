//! Files of a played release.

use std::fs;
use std::path::Path;

/// Puts `to` in the place of `from` in every file of the open release: its commit is another one than
/// the demo's player wrote. What git keeps and what is archived stays.
pub fn replace_everywhere(dir: &Path, from: &str, to: &str) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if name == ".git" || name == "releases" {
            continue;
        }
        if path.is_dir() {
            replace_everywhere(&path, from, to);
        } else if let Ok(text) = fs::read_to_string(&path)
            && text.contains(from)
        {
            fs::write(&path, text.replace(from, to)).unwrap();
        }
    }
}
