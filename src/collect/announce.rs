//! Announcements: lines of the communications log (P11-C1).

use crate::definition::{EvidenceFormat, Obligation};
use crate::markdown::entries::format_entry;
use crate::model::Stamp;
use crate::project::Project;

/// The lines for those of `texts` that this release has not announced yet, and their log.
pub fn announce_once(
    project: &Project,
    at: Stamp,
    id: &mut dyn FnMut() -> String,
    texts: &[&str],
) -> Vec<(String, String, String)> {
    let said = |text: &str| {
        let mut logs = project.all_evidence();
        logs.any(|log| log.file.entries().iter().any(|entry| entry.payload == text))
    };
    let new = texts.iter().filter(|text| !said(text));
    new.filter_map(|text| {
        let (log, line) = announce(project, at, &id(), text)?;
        Some((log, line, (*text).to_owned()))
    })
    .collect()
}

/// The log that announcements go to, and the line that says `text`; `None` when the log is not
/// there or cannot be read, for an announcement must never make a gate fail.
pub fn announce(project: &Project, at: Stamp, id: &str, text: &str) -> Option<(String, String)> {
    let log = project.all_evidence().find(|evidence| {
        evidence.def.format == EvidenceFormat::AppendOnly
            && evidence.def.obligation == Obligation::Guideline
    })?;
    let usable =
        !log.file.is_absent() && log.file.faults.is_empty() && log.file.text.ends_with('\n');
    usable.then(|| (log.def.path.clone(), format_entry(at, id, text)))
}
