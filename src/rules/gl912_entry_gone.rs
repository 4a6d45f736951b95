//! GL912: entry-gone.

use super::Context;
use crate::definition::EvidenceFormat;
use crate::model::{Advice, Finding, Location};
use crate::record::EntryKind;
use std::collections::BTreeSet;

rule! {
    /// An entry of a log was recorded, and is gone or edited.
    ///
    /// ## What it checks
    /// The ledger names each entry that `d3p record` added to an append-only file; each still
    /// occurs.
    ///
    /// ## Why it matters
    /// A bad sample that is edited before the gate binds the log would leave no trace otherwise.
    ///
    /// ## How to fix
    /// `d3p doctor --restore` puts it back from a copy. Say in a new entry what was wrong with an old one.
    GL912 "entry-gone" Error since "0.1.0" clauses ["D3P-10", "P11-4.1", "X-2"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(release) = project.release() else { return };
    for log in project.all_evidence().filter(|log| log.def.format == EvidenceFormat::AppendOnly) {
        let there: BTreeSet<String> =
            log.file.entries().iter().map(|entry| entry.digest.to_string()).collect();
        let recorded = project
            .ledger
            .lines
            .iter()
            .filter(|line| {
                line.entry.kind == EntryKind::Recorded && line.entry.release == release.name()
            })
            .flat_map(|line| line.entry.digests.iter().map(move |file| (line, file)))
            .filter(|(_, file)| file.path == log.def.path);
        for (line, file) in recorded {
            if there.contains(&file.sha256) {
                continue;
            }
            let word = match project.is_denied(&log.def.path) {
                true => "cannot be read",
                false => "is gone or was edited",
            };
            let message = format!("the entry recorded {} {word}", line.at);
            out.push(
                Finding::new(&GL912, log.piece(), Location::file(&log.def.path), message)
                    .clauses(&log.def.clauses)
                    .advise(Advice::restore(&log.def.path)),
            );
        }
    }
}
