//! Announcements: lines of the communications log (P11-C1).

use crate::definition::{EvidenceFormat, Obligation};
use crate::markdown::entries::format_entry;
use crate::model::Stamp;
use crate::project::Project;

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
