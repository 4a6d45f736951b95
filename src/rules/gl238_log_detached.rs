//! GL238: log-detached.

use super::Context;
use super::support::runs::{made, produced};
use crate::model::{Advice, Finding, Location, Piece, Placeholder, Sha256Digest, State};
use crate::record::Run;
use std::collections::BTreeSet;

rule! {
    /// A log is kept out of git, and is not here.
    ///
    /// ## What it checks
    /// A log that a run declared `detached`, since it is too large for git, lies where the run left it
    /// and has its digest. One of a run that nothing cites any more may be elsewhere; where it lies
    /// here, it has its digest, too.
    ///
    /// ## Why it matters
    /// Whoever cannot see the log cannot check what was made of it; that is for a human to judge.
    ///
    /// ## How to fix
    /// Get the log from the place that the run names, and put it back where the run left it; or keep
    /// it anywhere, and verify with `d3p verify --raw DIR`.
    GL238 "log-detached" Error since "0.1.0" clauses ["X-5", "P11-2.1"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let mut cited = BTreeSet::new();
    for made in made(context) {
        for (file, run) in &made.facts.runs {
            cited.insert(file.path.clone());
            let Some((message, state)) = differs(context, run) else { continue };
            out.push(made.finding(&GL238, "", message, state).advise(fetch()));
        }
    }
    for (path, run) in context.project.runs() {
        let found = differs(context, run).filter(|(_, state)| *state != State::Review);
        let Some((message, state)) = found.filter(|_| !cited.contains(path)) else { continue };
        let piece = produced(context.project, &run.hook).unwrap_or(Piece::Ledger);
        let place = Location::file(&run.log.path);
        out.push(Finding::new(&GL238, piece, place, message).state(state).advise(fetch()));
    }
}

/// What is wrong with a log that is kept elsewhere.
fn differs(context: &Context<'_>, run: &Run) -> Option<(String, State)> {
    let (log, place) = (&run.log, run.log.detached.as_ref()?);
    match context.project.cited.get(&log.path) {
        Some(Ok(digest)) if Some(*digest) == Sha256Digest::parse(&log.sha256) => None,
        Some(Ok(_)) => {
            Some((format!("{} is not the log that the run wrote", log.path), State::Invalid))
        }
        _ => Some((format!("{} is kept at {place}, and is not here", log.path), State::Review)),
    }
}

fn fetch() -> Advice {
    Advice::d3p(["verify"])
        .with("--raw", Placeholder::DIRECTORY)
        .what("get the log from that place into a directory")
        .or(Advice::answer("put it back where the run left it"))
}
