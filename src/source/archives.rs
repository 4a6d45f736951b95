//! Decisions of earlier attempts at the same release: an objection does not end with an attempt.

use crate::definition::NativeCheck;
use crate::project::{FileEntry, Project, ReadAs};
use crate::record::ARCHIVES_DIR;
use crate::source::{Loaded, Tree};

/// The approvals of the archived attempts at this project's release, where they lie now.
pub(super) fn archived_approvals(root: &dyn Tree, project: &Project) -> Vec<FileEntry> {
    let Some(release) = project.release() else { return Vec::new() };
    let approval =
        project.phase.evidence.values().find(|def| {
            def.native.iter().any(|native| matches!(native, NativeCheck::Approval { .. }))
        });
    let Some(approval) = approval else { return Vec::new() };
    let mut out = Vec::new();
    for attempt in 1.. {
        let name = format!("{ARCHIVES_DIR}/{}+{attempt}", release.version);
        let copies =
            std::iter::once(name.clone()).chain((2..).map(|copy| format!("{name}.{copy}")));
        let mut none = true;
        for archive in copies.take_while(|archive| root.exists(archive)) {
            none = false;
            let path = format!("{archive}/{}", approval.path);
            if let Loaded::File(file) = root.load(&path) {
                out.push(FileEntry::read(file.path, file.text, file.digest, ReadAs::Json));
            }
        }
        if none && attempt >= release.attempt {
            break;
        }
    }
    out
}
