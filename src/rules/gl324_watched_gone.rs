//! GL324: watched-gone.

use super::Context;
use super::support::advice::{abandon, restore};
use super::support::rollout;
use crate::model::{Advice, Finding, Location, State};
use std::collections::BTreeSet;

rule! {
    /// What was measured while production was watched is gone, was edited, or was laid there.
    ///
    /// ## What it checks
    /// Each record that the ledger names lies there as it was written, and no other lies beside them.
    ///
    /// ## Why it matters
    /// A stage is judged by its record each time anew. Whoever may take one away may take away the
    /// sample that failed.
    ///
    /// ## How to fix
    /// Bring it back: `d3p doctor --restore`.
    GL324 "watched-gone" Error since "0.1.0" clauses ["DLC-5", "X-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let piece = || rollout::piece(project);
    let mut named = BTreeSet::new();
    for line in &project.ledger.lines {
        let files = line.entry.digests.iter();
        for file in files.filter(|file| project.places().is_watched(&file.path)) {
            named.insert(file.path.as_str());
            let now = project.digest_of(&file.path);
            if now.is_some_and(|digest| digest.to_string() == file.sha256) {
                continue;
            }
            let word = if now.is_some() { "was edited" } else { "is gone" };
            let message =
                format!("production was watched until {}, and {} {word}", line.at, file.path);
            let place = Location::span(project.places().ledger(), line.range.clone());
            out.push(
                Finding::new(&GL324, piece(), place, message).state(State::Invalid).advise(
                    Advice::restore(&file.path)
                        .or(abandon().what("where nobody has it any more, close the release")),
                ),
            );
        }
    }
    let own = project.raw.keys().filter(|path| project.places().is_watched(path));
    for path in own.filter(|path| !named.contains(path.as_str())) {
        let message = "no line of the ledger names this record: d3p did not write it";
        out.push(
            Finding::new(&GL324, piece(), Location::file(path), message)
                .state(State::Invalid)
                .advise(
                    restore()
                        .what("bring back the line of the ledger that tells of it")
                        .or(abandon().what("where nobody has it any more, close this attempt")),
                ),
        );
    }
}
