//! GL906: object-differs.

use super::Context;
use crate::model::{Advice, Finding, Location, Piece, Sha256Digest};
use crate::record::{GateRecordClaims, RAW_DIR, gate_record_path, object_path};
use std::collections::BTreeSet;

rule! {
    /// A copy of something that a gate bound is gone or altered.
    ///
    /// ## What it checks
    /// For each file that a record lists, `records/objects/` holds the bytes under their digest; raw
    /// files are their own copy.
    ///
    /// ## Why it matters
    /// The copies are what makes "restore" always possible, and they answer for what evidence cites
    /// after launch.
    ///
    /// ## How to fix
    /// Restore the object from version control, or copy the bound file to that name while it still has
    /// that digest.
    GL906 "object-differs" Error since "0.1.0" clauses ["X-1", "X-2"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let mut seen = BTreeSet::new();
    for (id, gate) in &project.phase.gates {
        let record = project.file(&gate_record_path(gate.number, id)).and_then(|file| file.value());
        let Some((record, claims)) =
            record.and_then(|record| Some((record, GateRecordClaims::read(record)?)))
        else {
            continue;
        };
        for (uri, listed) in GateRecordClaims::recorded_inputs(record) {
            let is_record =
                uri.starts_with(crate::record::DEPLOYMENT_DIR) && uri.contains("/records/");
            if uri.contains('#') || is_record || uri.starts_with(RAW_DIR) {
                continue;
            }
            let log = claims.logs.iter().find(|log| log.path == uri);
            let Some(object) = log.map(|log| log.object).or_else(|| Sha256Digest::parse(&listed))
            else {
                continue;
            };
            if !seen.insert(object) {
                continue;
            }
            let message = match project.objects.get(&object.to_string()) {
                Some(found) if *found == object => continue,
                Some(_) => format!("the copy of {uri} was altered"),
                None => format!("the copy of {uri} is gone"),
            };
            let place = Location::file(object_path(object));
            out.push(
                Finding::new(&GL906, Piece::Record(id.clone()), place, message)
                    .advise(Advice::restore(&object_path(object))),
            );
        }
    }
    for (name, found) in project.objects.iter().filter(|(name, found)| **name != found.to_string())
    {
        if Sha256Digest::parse(name).is_none_or(|digest| !seen.contains(&digest)) {
            let message = format!("holds bytes with the digest {found}, not those its name says");
            let path = format!("{}/{name}", crate::record::OBJECTS_DIR);
            let place = Location::file(&path);
            out.push(
                Finding::new(&GL906, Piece::File(name.clone()), place, message)
                    .advise(Advice::run(["rm", &path])),
            );
        }
    }
}
