//! GL238: log-detached.

use super::Context;
use super::support::runs::made;
use crate::model::{Advice, Finding, Placeholder, Sha256Digest, State};

rule! {
    /// A log is kept out of git, and is not here.
    ///
    /// ## What it checks
    /// A log that a run declared `detached`, since it is too large for git, lies where the run left it
    /// and has its digest.
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
    for made in made(context) {
        for (_, run) in &made.facts.runs {
            let Some(place) = &run.log.detached else { continue };
            let wanted = Sha256Digest::parse(&run.log.sha256);
            let found = context.project.cited.get(&run.log.path);
            let (message, state) = match found {
                Some(Ok(digest)) if Some(*digest) == wanted => continue,
                Some(Ok(_)) => {
                    (format!("{} is not the log that the run wrote", run.log.path), State::Invalid)
                }
                _ => {
                    (format!("{} is kept at {place}, and is not here", run.log.path), State::Review)
                }
            };
            out.push(
                made.finding(&GL238, "", message, state).advise(
                    Advice::d3p(["verify"])
                        .with("--raw", Placeholder::DIRECTORY)
                        .what("get the log from that place into a directory")
                        .or(Advice::answer("put it back where the run left it")),
                ),
            );
        }
    }
}
