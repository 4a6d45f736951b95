//! GL522: waiver-invalid.

use super::Context;
use crate::decisions::{Waivers, waivers_fault};
use crate::model::{Advice, Finding, Location, Piece};
use crate::rules::support::advice::{drop_waivers, set_aside};

rule! {
    /// A waiver counts for nothing.
    ///
    /// ## What it checks
    /// Each statement of `records/waivers.json` is canonical JSON with our waiver predicate, signed
    /// in the namespace `d3p-approval` by a key of the person that it names, about this release,
    /// commit and attempt, about a rule that may be waived, and not about policy, approvals or
    /// records. While `approval.separation` is on, that person neither wrote nor deployed the
    /// release (GL514). It was signed before the moment that what it is about is judged at.
    ///
    /// ## Why it matters
    /// It lets nothing stand: what it was for is reported by its own rule. Somebody may think
    /// otherwise, or may have tried.
    ///
    /// ## How to fix
    /// `d3p waive --list` says what each is worth, and every `d3p waive` drops what counts no
    /// longer; `d3p waive RULE --remove` only that.
    GL522 "waiver-invalid" Warning since "0.1.0" clauses ["X-3", "X-2"]
    [elsewhere]
}

/// Runs once it is known what is let stand.
pub(super) fn check_waived(context: &Context<'_>, waivers: &Waivers, out: &mut Vec<Finding>) {
    let piece = || Piece::File(context.project.places().waivers().to_owned());
    if let Some((pointer, why)) = waivers_fault(context.project) {
        let place = Location::pointer(context.project.places().waivers(), pointer);
        out.push(
            Finding::new(&GL522, piece(), place, format!("no waiver in this file counts: {why}"))
                .advise(
                    Advice::restore(context.project.places().waivers())
                        .or(set_aside(context.project.places().waivers())
                            .what("take it away: what waivers let stand must then be waived anew")),
                ),
        );
    }
    for (index, why) in &waivers.invalid {
        let place = Location::pointer(
            context.project.places().waivers(),
            format!("/waivers/{index}/statement"),
        );
        out.push(
            Finding::new(&GL522, piece(), place, format!("this waiver counts for nothing: {why}"))
                .advise(drop_waivers()),
        );
    }
    for set in waivers.late() {
        let message = format!(
            "the waiver of {} was signed after that was judged ({}), and lets nothing stand",
            set.said.place(),
            set.moment
        );
        out.push(
            Finding::new(&GL522, piece(), set.location(context.project), message)
                .advise(drop_waivers()),
        );
    }
}
