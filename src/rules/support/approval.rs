//! What an approval covers (P11-3.1).

use super::bound::files_bound_by;
use crate::definition::NativeCheck;
use crate::project::Project;
use crate::record::FileDigest;

pub(crate) use crate::derive::approval::all_decisions;
pub(crate) use crate::derive::approval::approval_evidence;
pub use crate::derive::approval::{Decision, archived_objections, decisions};

/// Everything that an approval given now covers: what the earlier gates bind, and the documents
/// named by the phase. Append-only files are left out: they may grow.
pub fn covers(project: &Project) -> Vec<FileDigest> {
    let parameters = approval_evidence(project).and_then(|evidence| {
        evidence.native(|native| match native {
            NativeCheck::Approval { covers, documents, .. } => Some((covers, documents)),
            _ => None,
        })
    });
    let Some((gates, documents)) = parameters else { return Vec::new() };
    let mut files = files_bound_by(project, gates);
    for def in documents.iter().filter_map(|id| project.phase.documents.get(id)) {
        if let Some(digest) = project.digest_of(&def.path) {
            files.push(FileDigest { path: def.path.clone(), sha256: digest.to_string() });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The gates that must be passed before an approval can be given.
pub fn gates_covered(project: &Project) -> Vec<String> {
    approval_evidence(project)
        .and_then(|evidence| {
            evidence.native(|native| match native {
                NativeCheck::Approval { covers, .. } => Some(covers.clone()),
                _ => None,
            })
        })
        .unwrap_or_default()
}

/// The record of the last of those gates, as the ledger says that it was passed.
pub fn previous_gate(project: &Project) -> Option<FileDigest> {
    let gates = gates_covered(project);
    let last =
        gates.iter().max_by_key(|id| project.phase.gates.get(*id).map(|gate| gate.number))?;
    project.ledger.last_pass(last)?.entry.record.clone()
}
