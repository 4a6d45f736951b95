//! What a gate binds: the files that it demands, and those that they cite.

use crate::definition::{EvidenceFormat, GateDef};
use crate::model::{Piece, Sha256Digest};
use crate::project::{Evidence, FileEntry, Project};
use crate::record::{Bound, FileDigest, GateRecordClaims, RecordedLog};
use std::collections::BTreeMap;

/// The pieces a gate demands and where they lie, in the phase's order. Exempt ones are left out,
/// and optional ones that are not there and that the ledger does not name.
///
/// `listed` are the paths an earlier record lists: optional evidence counts when it is among them,
/// so that a question asked later does not re-open a gate that never looked at it.
pub fn required_bindings(
    project: &Project,
    gate: &GateDef,
    listed: Option<&[String]>,
) -> Vec<(Piece, String)> {
    let prerequisites = gate
        .prerequisites
        .iter()
        .filter(|id| project.prerequisite_exemption(id).is_none())
        .filter_map(|id| {
            Some((Piece::Prerequisite(id.clone()), project.prerequisite_paths.get(id)?.clone()))
        });
    let evidence = gate
        .evidence
        .iter()
        .filter(|kind| project.exemption(kind).is_none())
        .filter_map(|kind| project.evidence(kind))
        .filter(|evidence| {
            !project.is_optional(evidence.def)
                || match listed {
                    Some(listed) => listed.contains(&evidence.def.path),
                    None => !evidence.file.is_absent() || project.was_recorded(&evidence.def.path),
                }
        })
        .map(|evidence| (evidence.piece(), evidence.def.path.clone()));
    let documents = gate.documents.iter().filter_map(|id| {
        Some((Piece::Document(id.clone()), project.phase.documents.get(id)?.path.clone()))
    });
    prerequisites.chain(evidence).chain(documents).collect()
}

impl Project {
    /// The first gate that was passed with this document or evidence.
    pub fn passed_with(&self, piece: &Piece) -> Option<&str> {
        let binds = |gate: &GateDef| match piece {
            Piece::Document(id) => gate.documents.contains(id),
            Piece::Evidence(kind) => gate.evidence.contains(kind),
            _ => false,
        };
        let mut gates = self.phase.gates.iter().filter(|(_, gate)| binds(gate));
        gates.find(|(id, _)| self.ledger.last_pass(id).is_some()).map(|(id, _)| id.as_str())
    }
}

/// Everything a gate binds, sorted by path: its pieces, and the raw files they cite. `recorded` is
/// what an earlier record claims; a log that is not among it is bound as it stands. Files that are not there are left out: their absence is a finding of its own.
pub fn bound_by_gate(
    project: &Project,
    gate: &GateDef,
    recorded: Option<&GateRecordClaims>,
) -> Vec<Bound> {
    let mut bound = BTreeMap::new();
    for (piece, path) in required_bindings(project, gate, recorded.map(|claims| &claims.listed[..]))
    {
        let Some(file) = project.present(&path) else { continue };
        let Some(digest) = file.digest else { continue };
        let evidence = match &piece {
            Piece::Evidence(kind) => project.evidence(kind),
            _ => None,
        };
        match evidence {
            Some(log) if log.def.format == EvidenceFormat::AppendOnly => {
                let logs = recorded.map(|claims| &claims.logs);
                let recorded = logs.and_then(|logs| logs.iter().find(|log| log.path == path));
                let log = match recorded {
                    Some(recorded) => retraced(file, recorded),
                    None => as_it_stands(file, digest),
                };
                bound.insert(path, Bound::Log(log));
            }
            _ => {
                bound.insert(path.clone(), Bound::File { path, digest });
            }
        }
        for (_, cited, _) in evidence.iter().flat_map(Evidence::cites) {
            if let Some(Ok(digest)) = project.cited.get(cited) {
                let path = cited.to_owned();
                bound.insert(path.clone(), Bound::File { path, digest: *digest });
            }
        }
    }
    // Logs of earlier gates have grown since: each gate binds them again, as they stand now.
    let earlier = project.phase.gates.values().filter(|other| other.number < gate.number);
    let logs = earlier.flat_map(|other| &other.evidence).filter_map(|kind| project.evidence(kind));
    for log in logs.filter(|log| log.def.format == EvidenceFormat::AppendOnly) {
        let digest = log.file.digest.filter(|_| project.exemption(log.kind).is_none());
        let Some(digest) = digest else { continue };
        let path = &log.def.path;
        let known =
            recorded.and_then(|claims| claims.logs.iter().find(|known| known.path == *path));
        let entry = match known {
            Some(known) => retraced(log.file, known),
            None => as_it_stands(log.file, digest),
        };
        bound.insert(path.clone(), Bound::Log(entry));
    }
    bound.into_values().collect()
}

fn as_it_stands(file: &FileEntry, digest: Sha256Digest) -> RecordedLog {
    RecordedLog {
        path: file.path.clone(),
        head: Sha256Digest::of(&file.text.as_bytes()[file.head()]),
        entries: file.entries().iter().map(|entry| entry.digest).collect(),
        object: digest,
    }
}

/// A recorded log, with only those of its entries that still occur, in that order: so that a
/// record over entries that are gone no longer matches.
fn retraced(file: &FileEntry, recorded: &RecordedLog) -> RecordedLog {
    let mut now = file.entries().iter().map(|entry| entry.digest);
    let kept = recorded.entries.iter().filter(|entry| now.any(|digest| digest == **entry));
    RecordedLog {
        path: recorded.path.clone(),
        head: Sha256Digest::of(&file.text.as_bytes()[file.head()]),
        entries: kept.copied().collect(),
        object: recorded.object,
    }
}

/// Path and digest of every whole file that `gates` bind, sorted by path, each once.
pub fn files_bound_by(project: &Project, gates: &[String]) -> Vec<FileDigest> {
    let mut files = BTreeMap::new();
    for gate in gates.iter().filter_map(|id| project.phase.gates.get(id)) {
        for bound in bound_by_gate(project, gate, None) {
            if let Bound::File { path, digest } = bound {
                files.insert(path, digest);
            }
        }
    }
    files
        .into_iter()
        .map(|(path, digest)| FileDigest { path, sha256: digest.to_string() })
        .collect()
}
