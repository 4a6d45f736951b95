//! GL102: untouched-skeleton.

use super::Context;
use super::support::mend::mend;
use super::support::sections::all_sectioned;
use crate::definition::EvidenceFormat;
use crate::model::{Finding, Location, State};

rule! {
    /// A file is still the template.
    ///
    /// ## What it checks
    /// Whether anything in a document or a log is the author's, or all of it still is what
    /// `d3p init` wrote.
    ///
    /// ## Why it matters
    /// A file that only exists because a tool created it is the hollow pass itself. It counts as
    /// missing.
    ///
    /// ## How to fix
    /// Fill each `[fill: …]`, and add entries to logs with `d3p record`.
    GL102 "untouched-skeleton" Error since "0.1.0" clauses ["X-4", "D3P-1"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for file in all_sectioned(context.project) {
        if file.is_skeleton(context.project) {
            let count = file.document.placeholders().len();
            let message = format!("untouched template: {count} places are to be filled in");
            let place = file.document.placeholders().first().map(|first| file.at(first.clone()));
            let place = place.unwrap_or_else(|| Location::file(&file.file.path));
            out.push(
                Finding::new(&GL102, file.piece.clone(), place, message)
                    .state(State::Missing)
                    .edit("fill it in"),
            );
        }
    }
    for log in context.readable().filter(|log| log.def.format == EvidenceFormat::AppendOnly) {
        if log.file.entries().is_empty() {
            let message = "no entry yet: a log without entries tells nothing";
            // Entries come behind everything that is there.
            let end = log.file.text.trim_end();
            let last = end.rfind('\n').map_or(0, |newline| newline + 1);
            let place = Location::span(&log.def.path, last..end.len());
            out.push(
                Finding::new(&GL102, log.piece(), place, message)
                    .state(State::Missing)
                    .clauses(&log.def.clauses)
                    .advise(mend(context.project, &log.piece())),
            );
        }
    }
}
