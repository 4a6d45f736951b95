//! GL921: written-after-closing.

use super::Context;
use super::support::advice::{abandon, begin, restore};
use crate::model::{Finding, Location, Piece, State};
use crate::project::Project;
use crate::record::{EntryKind, Line};
use std::collections::{BTreeMap, BTreeSet};

rule! {
    /// A release was closed, and something was added to it afterwards.
    ///
    /// ## What it checks
    /// Once a line of the ledger says that the release was archived, no later line passes a gate, runs a
    /// hook or records anything for it; and no step of it is cleared, nor of a release whose attempt lies
    /// in an archive: what somebody copies back is history. What the release consisted of when it was closed
    /// (`records/contents.json`, which that line names by digest) is as it was, whatever became of it.
    ///
    /// ## Why it matters
    /// A closed release was judged as it is. What is launched from it again was approved for the first
    /// launch, and what is added to it was seen by nobody who closed it.
    ///
    /// ## How to fix
    /// Move it out of the way (`d3p archive`) and begin the next attempt.
    GL921 "written-after-closing" Error since "0.1.0" clauses ["D3P-10", "X-3", "DLC-8"] waivable false
}

/// What the line that closes a release rests on, and is not what it was then.
fn edited(project: &Project, closed: &Line, out: &mut Vec<Finding>) {
    let named = closed.entry.digests.iter().filter_map(|file| {
        let now = project.digest_of(&file.path).map(|digest| digest.to_string());
        (now.as_ref() != Some(&file.sha256)).then_some((&file.path, now.is_none()))
    });
    let mut differ: BTreeMap<&String, bool> = named.collect();
    differ.extend(project.unsealed.iter().map(|own| (&own.path, own.gone)));
    for (path, gone) in differ {
        let what = match gone {
            false => "was edited since the release was closed",
            true => "is gone, and the release was closed with it",
        };
        let message = format!("{path} {what} ({})", closed.at);
        out.push(
            Finding::new(&GL921, Piece::Ledger, Location::file(path), message)
                .state(State::Invalid)
                .advise(restore()),
        );
    }
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some(closed) = project.closed() else { return };
    edited(project, closed, out);
    // By who names whom: lines of another branch, merged below, are not later.
    let mut after = BTreeSet::from([closed.digest.to_string()]);
    for line in &project.ledger.lines {
        if !line.entry.heads.iter().any(|head| after.contains(head)) {
            continue;
        }
        after.insert(line.digest.to_string());
        let adds = !matches!(
            line.entry.kind,
            EntryKind::Archived | EntryKind::GateRefused | EntryKind::RunRefused
        );
        if adds && line.entry.release == closed.entry.release {
            let message =
                format!("this was added {}; the release was closed {}", line.at, closed.at);
            let place = Location::span(project.places().ledger(), line.range.clone());
            out.push(
                Finding::new(&GL921, Piece::Ledger, place, message).state(State::Invalid).advise(
                    abandon()
                        .what("move it out of the way, and begin the next attempt")
                        .or(begin()),
                ),
            );
        }
    }
}
