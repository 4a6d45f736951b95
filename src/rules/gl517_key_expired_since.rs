//! GL517: key-expired-since.

use super::Context;
use crate::decisions::{Signer, approval_evidence, rollback_check, ruling};
use crate::model::Finding;

rule! {
    /// An approval rests on a key that counts no longer.
    ///
    /// ## What it checks
    /// The key of each signature is still in force today, and not only when the deployment began,
    /// as that claims, or when a decision on a rollback was made.
    ///
    /// ## Why it matters
    /// Whoever gets hold of an old key can date a statement back. What was approved in time stays
    /// approved, and is worth less: nothing but the file itself says when it was signed.
    ///
    /// ## How to fix
    /// Nothing, for a release of the past. Keep a copy of the ledger's head, or of a bundle, from
    /// the time of the release.
    GL517 "key-expired-since" Warning since "0.1.0" clauses ["X-3", "X-5"]
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    rollback(context, out);
    let Some(evidence) = approval_evidence(context.project) else { return };
    for (decision, signer) in context.decisions().iter().zip(context.signers()) {
        let Ok(Signer { person, expired: Some(why), .. }) = signer else { continue };
        let message = format!("{person}'s signature is taken as of the deployment only: {why}");
        let place = evidence.at(format!("/decisions/{}/signature", decision.index));
        out.push(
            Finding::new(&GL517, evidence.piece(), place, message).clauses(&evidence.def.clauses),
        );
    }
}

/// Decisions on a rollback: they count as of when they were made, or when their gate was passed.
fn rollback(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(check) = rollback_check(context.project) else { return };
    for vote in ruling(context.project, context.rollback_moments()).votes {
        let Signer { person, expired: Some(why), .. } = &vote.signer else { continue };
        let message =
            format!("{person}'s decision on the rollback is taken as of then only: {why}");
        let place = check.evidence.at(format!("/decisions/{}/signature", vote.index));
        out.push(
            Finding::new(&GL517, check.evidence.piece(), place, message)
                .clauses(&check.evidence.def.clauses),
        );
    }
}
