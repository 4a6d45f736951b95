//! GL311: bound-file-changed.

use super::Context;
use crate::definition::GateDef;
use crate::model::{Advice, Finding, Location, Piece, Sha256Digest};
use crate::project::Project;
use crate::project::bound_by_gate;
use crate::record::GateRecordClaims;
use crate::rules::support::advice::restore_file;
use std::collections::BTreeMap;

rule! {
    /// A file that a passed gate bound has changed, or is gone.
    ///
    /// ## What it checks
    /// Each file that a gate's record lists still has the digest it had; the entries of an
    /// append-only file still occur, in that order.
    ///
    /// ## Why it matters
    /// A pass is about certain bytes. Other bytes were never judged: before launch the gate is open
    /// again; after it, the file is history that somebody rewrote.
    ///
    /// ## How to fix
    /// Before launch: run the gate again. After launch: `d3p doctor --restore`, or `d3p archive` the release and edit the living file for the next one.
    GL311 "bound-file-changed" Error since "0.1.0" clauses ["X-2", "X-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let launched = project.launched_at().is_some();
    for (id, gate) in &project.phase.gates {
        let record_path = project.places().gate(gate.number, id);
        let Some(record) = project.file(&record_path).and_then(|file| file.value()) else {
            continue;
        };
        let Some(claims) = GateRecordClaims::read(record) else { continue };
        let now = bound_now(project, gate, &claims);
        for path in changed(project, record, &record_path, &now) {
            let log = claims.logs.iter().find(|log| log.path == path);
            let message = match (now.contains_key(&path), log) {
                (false, _) if project.is_denied(&path) => {
                    format!("{path} was bound by gate {id}, and cannot be read")
                }
                (false, _) => {
                    format!("{path} was bound by gate {id}, and is gone or no longer bound")
                }
                (true, None) => format!("{path} has changed since gate {id} bound it"),
                (true, Some(_)) => {
                    format!(
                        "{path} no longer has the head and entries that gate {id} bound, in order"
                    )
                }
            };
            let advice = way_out(id, &path, launched);
            let listed = |(uri, _): (&str, &str)| uri == path;
            let index = GateRecordClaims::recorded_inputs(record).position(listed);
            let pointer = format!("/predicate/inputAttestations/{}", index.unwrap_or_default());
            out.push(
                Finding::new(&GL311, Piece::Record(id.clone()), Location::file(&path), message)
                    .clauses(&gate.clauses)
                    .related(Location::pointer(&record_path, pointer), "bound here, by this digest")
                    .advise(advice),
            );
        }
        for path in now.keys().filter(|path| !claims.listed.contains(path)) {
            let message =
                format!("{path} is to be bound by gate {id}, and was not when it was passed");
            out.push(
                Finding::new(&GL311, Piece::Record(id.clone()), Location::file(path), message)
                    .advise(Advice::d3p(["gate", id])),
            );
        }
    }
}

/// Whether files are not what `record` lists, which is then why the record is another now.
pub(super) fn explains(project: &Project, id: &str, record: &serde_json::Value) -> bool {
    let (Some(gate), Some(claims)) = (project.phase.gates.get(id), GateRecordClaims::read(record))
    else {
        return false;
    };
    let now = bound_now(project, gate, &claims);
    !changed(project, record, &project.places().gate(gate.number, id), &now).is_empty()
        || now.keys().any(|path| !claims.listed.contains(path))
}

fn bound_now(
    project: &Project,
    gate: &GateDef,
    claims: &GateRecordClaims,
) -> BTreeMap<String, Sha256Digest> {
    bound_by_gate(project, gate, Some(claims))
        .iter()
        .map(|bound| (bound.path().to_owned(), bound.digest()))
        .collect()
}

/// Paths that the record lists as files, whose digest is another now. One that nothing cites any more
/// lies there as it was: what cited it is another one, and told of.
fn changed(
    project: &Project,
    record: &serde_json::Value,
    record_path: &str,
    now: &BTreeMap<String, Sha256Digest>,
) -> Vec<String> {
    let records = record_path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let is = |own: Option<Sha256Digest>, digest: &str| {
        own.is_some() && own == Sha256Digest::parse(digest)
    };
    let lies_there =
        |uri: &str, digest: &str| !now.contains_key(uri) && is(project.digest_of(uri), digest);
    GateRecordClaims::recorded_inputs(record)
        .filter(|(uri, _)| !uri.contains('#') && !uri.starts_with(records))
        .filter(|(uri, digest)| !is(now.get(*uri).copied(), digest))
        .filter(|(uri, digest)| !lies_there(uri, digest))
        .map(|(uri, _)| uri.to_owned())
        .collect()
}

fn way_out(gate: &str, path: &str, launched: bool) -> Advice {
    match launched {
        false => Advice::d3p(["gate", gate]).what("judge it again").or(restore_file(path)),
        true => Advice::restore(path),
    }
}
