//! GL524: waiver-unused.

use super::Context;
use crate::decisions::{WaiverSet, WaiverState, Waivers};
use crate::model::{Advice, Finding, Piece};

rule! {
    /// A waiver lets nothing stand.
    ///
    /// ## What it checks
    /// Each waiver that is in force lets at least one finding stand: its rule finds something in
    /// its file, and there still stands what was seen when the waiver was signed.
    ///
    /// ## Why it matters
    /// A waiver that nobody needs is a hole that waits. One whose place has changed since is about
    /// something that is gone: what stands there now was accepted by nobody.
    ///
    /// ## How to fix
    /// `d3p waive RULE --remove`; or, where the rule still finds something, have that waived.
    GL524 "waiver-unused" Warning since "0.1.0" clauses ["X-3", "X-2"]
    [elsewhere]
}

/// Runs once it is known what is let stand.
pub(super) fn check_waived(context: &Context<'_>, waivers: &Waivers, out: &mut Vec<Finding>) {
    let unused = |set: &&WaiverSet| set.state == WaiverState::InForce && set.used.is_empty();
    for set in waivers.sets.iter().filter(unused) {
        let message = format!(
            "the waiver of {} lets nothing stand: nothing is found there, or other than what was seen",
            set.said.place()
        );
        out.push(
            Finding::new(
                &GL524,
                Piece::File(context.project.places().waivers().to_owned()),
                set.location(context.project),
                message,
            )
            .advise(Advice::d3p([
                "waive",
                &set.said.rule,
                "--remove",
                "--path",
                &set.said.path,
            ])),
        );
    }
}
