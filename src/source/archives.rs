//! Earlier attempts at the same release, in the archives: an objection does not end with an attempt,
//! nor does the ledger.

use crate::project::{EarlierAttempt, FileEntry, Project, ReadAs};
use crate::record::{ARCHIVES_DIR, LEDGER_PATH, Ledger, MOST_ATTEMPTS};
use crate::source::project::strict_line;
use crate::source::raw::faulty;
use crate::source::{Loaded, Tree};

/// The archived attempts at this project's release, in their order, where they lie now.
pub(super) fn earlier_attempts(root: &dyn Tree, project: &Project) -> Vec<EarlierAttempt> {
    let Some(release) = project.release() else { return Vec::new() };
    let Some((_, approval)) = project.phase.approval() else { return Vec::new() };
    let load = |archive: &str, path: &str, read: ReadAs| {
        let path = format!("{archive}/{path}");
        match root.load(&path) {
            Loaded::File(file) => FileEntry::read(file.path, file.text, file.digest, read),
            Loaded::Faulty { fault, digest } => faulty(path, fault, digest),
        }
    };
    let mut out = Vec::new();
    for attempt in 1..=MOST_ATTEMPTS {
        let name = format!("{ARCHIVES_DIR}/{}+{attempt}", release.version);
        let copies =
            std::iter::once(name.clone()).chain((2..).map(|copy| format!("{name}.{copy}")));
        let mut none = true;
        for archive in copies.take_while(|archive| root.exists(archive)) {
            none = false;
            let told = load(&archive, LEDGER_PATH, ReadAs::Raw);
            out.push(EarlierAttempt {
                approval: load(&archive, &approval.path, ReadAs::Json),
                ledger: Ledger::parse(&told.text, strict_line),
                told,
            });
        }
        if none && attempt >= release.attempt {
            break;
        }
    }
    out
}
