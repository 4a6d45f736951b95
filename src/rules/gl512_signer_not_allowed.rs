//! GL512: signer-not-allowed.

use super::Context;
use crate::decisions::{Unsigned, approval_evidence};
use crate::model::{Advice, Finding};

rule! {
    /// A decision is signed with a key that may not decide.
    ///
    /// ## What it checks
    /// `.d3p/allowed_signers` gives the key (or the authority of its certificate) to the `principal`
    /// of the statement, by a literal name, for the namespace `d3p-approval` alone and at this
    /// time; `approval.persons` gives the principal to the person that the statement names; the key
    /// is not in `approval.revoked`. Times are those of whoever judges, never those that the
    /// statement claims.
    ///
    /// ## Why it matters
    /// Anybody can make a key. Whose it is, and what it is for, stands where the approver cannot
    /// write it alone.
    ///
    /// ## How to fix
    /// Add the line and the person, and have that change reviewed; or let a listed person sign.
    GL512 "signer-not-allowed" Error since "0.1.0" clauses ["X-3", "P11-3.1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    for (decision, signer) in context.decisions().iter().zip(context.signers()) {
        let Err(Unsigned::NotAllowed(why)) = signer else { continue };
        let place = evidence.at(format!("/decisions/{}/signature", decision.index));
        out.push(
            Finding::new(
                &GL512,
                evidence.piece(),
                place,
                format!("this key may not decide: {why}"),
            )
            .clauses(&evidence.def.clauses)
            .advise(Advice::d3p(["approve", "status"]).what("to see who may, and with which keys")),
        );
    }
}
