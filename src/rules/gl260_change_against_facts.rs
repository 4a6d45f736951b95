//! GL260: change-against-facts.

use super::Context;
use super::support::doubts::{for_go, policy_place};
use crate::decisions::{contradictions, is_held};
use crate::model::{Advice, Finding, Location, Piece, State};
use crate::record::Reassigned;

rule! {
    /// The release changes what the facts say that it does not.
    ///
    /// ## What it checks
    /// `facts.change` in `d3p.yaml` says what kinds of change this is, and facts such as
    /// `migrations: false` that there is none of a kind. The first gate asks git which files differ from
    /// the last archived release that was launched, and sorts them into kinds by the patterns of the
    /// phase and of `facts.paths`; a path that the latter gives another kind waits for whoever says GO. No kind is found that the facts do not allow for; the release's own
    /// documents, evidence and policy do not count.
    ///
    /// ## Why it matters
    /// "Documentation only" skips the phase, and "no migrations" a test. A fact that nothing compares is a
    /// way around the gates.
    ///
    /// ## How to fix
    /// Say what the change is, or take the file out of the release. Where a file is of another kind than
    /// its path looks like, say so in `facts.paths`.
    GL260 "change-against-facts" Error since "0.1.0" clauses ["OPS-2", "OPS-3", "P8-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    // Before the first gate nobody has asked git.
    let Some(change) = project.told_change().filter(|_| is_held(project)) else { return };
    if let Some(doubt) = &change.doubt {
        let message = format!("what the release changes cannot be told: {doubt}");
        out.push(
            Finding::new(&GL260, Piece::Policy, Location::key("d3p.yaml", "/facts"), message)
                .state(State::Review)
                .advise(
                    Advice::run(["git", "fetch", "--unshallow"])
                        .what("fetch the whole history (in CI: `fetch-depth: 0`)"),
                ),
        );
    }
    if let Some(told) = Reassigned::told(&change.reassigned) {
        out.extend(for_go(project, &GL260, policy_place(project, "/facts/paths"), told));
    }
    for (fact, message) in contradictions(project, change) {
        let place = Location::pointer("d3p.yaml", format!("/facts/{fact}"));
        out.push(
            Finding::new(&GL260, Piece::Policy, place, message)
                .state(State::Failed)
                .edit("say what the change is; or, where a path misleads, its kind in facts.paths"),
        );
    }
}
