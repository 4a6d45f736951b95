//! GL008: looser-than-before.

use super::Context;
use super::gl007_looser_than_recommended::finding;
use crate::decisions::loosened_since;
use crate::model::Finding;

rule! {
    /// The policy asks for less than that of the last release that was launched.
    ///
    /// ## What it checks
    /// The policy is compared, key by key, with the one that the last archived release froze which was
    /// launched and not taken back. Keys that say in their schema which direction is stricter count;
    /// `d3p approve show` lists the others that changed. With `strict: true` each is an error.
    ///
    /// ## Why it matters
    /// Between two releases nobody compares policies. A service that is dropped, a suite that is
    /// struck or a day more for an approval comes in with a change that says something else.
    ///
    /// ## How to fix
    /// Write what was there before, or let it stand: it heads every report of this release, and
    /// whoever approves sees it. The next release is compared with this one.
    GL008 "looser-than-before" Warning since "0.1.0" clauses ["X-2", "X-5"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    out.extend(loosened_since(project).into_iter().map(|looser| finding(&GL008, project, looser)));
}
