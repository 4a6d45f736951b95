//! Documents that were kept and are not of the release that begins.

use crate::definition::Phase;
use crate::project::{FileEntry, ReadAs};
use crate::source::{Loaded, Tree};
use serde_json::{Value, json};

/// A document that people have to go through for this release.
pub(super) struct Earlier {
    path: String,
    /// The release that it says it is for.
    release: Option<String>,
}

/// The kept documents that do not say that they are for `release`; `check` finds the same (GL131).
pub(super) fn earlier(
    files: &dyn Tree,
    phase: &Phase,
    kept: &[&str],
    release: &str,
) -> Vec<Earlier> {
    let kept = phase.documents.values().filter(|def| kept.contains(&def.path.as_str()));
    kept.filter_map(|def| {
        let Loaded::File(file) = files.load(&def.path) else { return None };
        let file = FileEntry::read(file.path, file.text, file.digest, ReadAs::Document);
        let said = file.value().and_then(|value| value.get("release")).and_then(Value::as_str);
        let release = (said != Some(release)).then(|| said.map(str::to_owned))?;
        Some(Earlier { path: def.path.clone(), release })
    })
    .collect()
}

impl Earlier {
    /// For programs.
    pub(super) fn view(&self) -> Value {
        json!({ "path": self.path, "release": self.release })
    }
}

/// For people.
pub(super) fn advice(earlier: &[Earlier], release: &str) -> Vec<String> {
    let mut lines: Vec<String> = earlier
        .iter()
        .map(|document| match &document.release {
            Some(own) => format!("still of {own}: {}", document.path),
            None => format!("says of no release that it is for it: {}", document.path),
        })
        .collect();
    if !lines.is_empty() {
        lines.push(format!(
            "help: go through each for {release}, then say release: \"{release}\" in its front matter (d3p explain GL131)"
        ));
    }
    lines
}
