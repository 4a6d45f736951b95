//! GL419: review-late.

use super::Context;
use crate::model::Finding;

rule! {
    /// The review of an emergency change came after it was due.
    ///
    /// ## What it checks
    /// The review of an emergency was finished no later than `changes.emergency.review_within` after the
    /// launch began.
    ///
    /// ## Why it matters
    /// It blocks nothing any more, and belongs to what an auditor counts.
    ///
    /// ## How to fix
    /// Nothing for this release; the next one begins earlier with it.
    GL419 "review-late" Warning since "0.1.0" clauses ["DLC-9", "P11-G4"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let Some((_, Some(due))) = project.owed() else { return };
    let Some(def) = &project.phase.emergency else { return };
    let Some(review) = project.evidence(&def.review) else { return };
    if let Some(finished) = review.finished().filter(|finished| *finished > due) {
        let message = format!("the review was finished {finished}, and was due {due}");
        out.push(Finding::new(&GL419, review.piece(), review.at("/finished_at"), message));
    }
}
