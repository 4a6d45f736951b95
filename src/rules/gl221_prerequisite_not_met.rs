//! GL221: prerequisite-not-met.

use super::Context;
use super::gl240_prerequisite_doubtful::objections;
use super::support::mend::mend;
use super::support::prerequisites::Weight;
use crate::model::{Finding, Piece, State};

rule! {
    /// A prerequisite is there, and says that it is not met.
    ///
    /// ## What it checks
    /// A prerequisite is judged by what it says itself, at the places that the phase names: the
    /// release and commit that it is of; the words for its result and for those of its parts, as
    /// tools write them (`passed`, `SUCCESS`, `approved`); its numbers, against each other and
    /// against the word; what it measured against its target; issues that block; and, for a
    /// decision in prose, words that say the opposite. What was mostly skipped did not pass. What a
    /// phase before recorded with d3p is what its gate was passed with: the ledger there names the
    /// record, and the record the bytes of the file.
    ///
    /// ## Why it matters
    /// A file of the right name with `status: passed` over five failures, or of last month's
    /// release, is no smoke test of this one.
    ///
    /// ## How to fix
    /// Finish the phase that produces it, and let that phase write the result; `d3p explain ID`
    /// shows what it must hold. Or let a person sign that it may stand: `d3p waive GL221`.
    GL221 "prerequisite-not-met" Error since "0.1.0" clauses ["P11-1.1", "D3P-6"] waivable true
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    objections(context, Weight::NotMet, |id, clauses, own| {
        out.push(
            Finding::new(&GL221, Piece::Prerequisite(id.to_owned()), own.location, own.message)
                .state(State::Failed)
                .clauses(clauses)
                .advise(mend(context.project, &Piece::Prerequisite(id.to_owned()))),
        );
    });
}
