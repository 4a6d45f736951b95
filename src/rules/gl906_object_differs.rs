//! GL906: object-differs.

use super::Context;
use super::support::advice::set_aside;
use crate::model::{Advice, Finding, Location, Piece, Sha256Digest};
use crate::project::{FileEntry, Project};
use crate::record::{EntryKind, GateRecordClaims, Line};
use serde_json::Value;
use std::collections::BTreeSet;

rule! {
    /// A copy of something that a gate bound is gone or altered.
    ///
    /// ## What it checks
    /// For each file that a record lists, `records/objects/` holds the bytes under their digest; raw
    /// files are their own copy. The record of a pass that a later one replaced lies there, too, with
    /// what it listed.
    ///
    /// ## Why it matters
    /// The copies are what makes "restore" always possible, and they answer for what evidence cites
    /// after launch.
    ///
    /// ## How to fix
    /// `d3p doctor --restore` makes it of the bound file, while that still has the digest, or brings it
    /// back from git or an archive.
    GL906 "object-differs" Error since "0.1.0" clauses ["X-1", "X-2"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let mut seen = BTreeSet::new();
    for (id, record) in records(project, &mut seen, out) {
        let Some(claims) = GateRecordClaims::read(record) else { continue };
        for (uri, listed) in GateRecordClaims::recorded_inputs(record) {
            let is_record = project.places().is_record(uri);
            if uri.contains('#') || is_record || uri.starts_with(project.places().raw()) {
                continue;
            }
            let log = claims.logs.iter().find(|log| log.path == uri);
            let Some(object) = log.map(|log| log.object).or_else(|| Sha256Digest::parse(listed))
            else {
                continue;
            };
            if !seen.insert(object) {
                continue;
            }
            let message = match project.objects.get(&object.to_string()) {
                Some(found) if *found == object => continue,
                Some(_) => format!("the copy of {uri} was altered"),
                None => {
                    format!("the copy of {uri} {}", project.fate(&project.places().object(object)))
                }
            };
            let place = Location::file(project.places().object(object));
            out.push(
                Finding::new(&GL906, Piece::Record(id.clone()), place, message)
                    .advise(Advice::restore(&project.places().object(object))),
            );
        }
    }
    for (name, found) in project.objects.iter().filter(|(name, found)| **name != found.to_string())
    {
        if Sha256Digest::parse(name).is_none_or(|digest| !seen.contains(&digest)) {
            let message = format!("holds bytes with the digest {found}, not those its name says");
            let path = format!("{}/{name}", project.places().objects());
            let place = Location::file(&path);
            out.push(
                Finding::new(&GL906, Piece::File(name.clone()), place, message)
                    .advise(set_aside(&path)),
            );
        }
    }
}

/// The record of each gate, and those that it was passed with before, as long as they are there.
fn records<'a>(
    project: &'a Project,
    seen: &mut BTreeSet<Sha256Digest>,
    out: &mut Vec<Finding>,
) -> Vec<(&'a String, &'a Value)> {
    let mut found = Vec::new();
    let Some(release) = project.release().map(|release| release.name()) else { return found };
    for (id, gate) in &project.phase.gates {
        let record = project.file(&project.places().gate(gate.number, id));
        found.extend(record.and_then(|file| Some((id, file.value()?))));
        let passes: Vec<&Line> = project
            .ledger
            .lines
            .iter()
            .filter(|line| {
                line.entry.kind == EntryKind::GatePassed
                    && line.entry.gate.as_ref() == Some(id)
                    && line.entry.release == release
            })
            .collect();
        let replaced = passes
            .iter()
            .filter(|line| passes.iter().any(|later| project.replaces(later, line)))
            .filter_map(|line| Some((line, line.entry.record.as_ref()?)));
        for (line, record) in replaced {
            let path = format!("{}/{}", project.places().objects(), record.sha256);
            let Some(digest) = Sha256Digest::parse(&record.sha256) else { continue };
            let file = project.raw.get(&path);
            if let Some(value) =
                file.filter(|file| file.digest == Some(digest)).and_then(FileEntry::value)
            {
                found.push((id, value));
                continue;
            }
            let word = if file.is_some() { "was altered" } else { "is gone" };
            let message = format!("the record that it was passed with {} {word}", line.at);
            seen.insert(digest);
            out.push(
                Finding::new(&GL906, Piece::Record(id.clone()), Location::file(&path), message)
                    .advise(Advice::restore(&path)),
            );
        }
    }
    found
}
