//! GL511: signature-invalid.

use super::Context;
use crate::decisions::{Unsigned, approval_evidence, how_to_decide};
use crate::model::Finding;

rule! {
    /// A signature does not belong to the text beside it.
    ///
    /// ## What it checks
    /// Each signature is an SSHSIG in the namespace `d3p-approval`, made of exactly the bytes of
    /// its statement by the key that it carries; keys are ed25519, ecdsa, rsa (2048 to 4096 bits)
    /// or in hardware.
    ///
    /// ## Why it matters
    /// A signature that was copied from a git commit, a mail or another approval is a signature of
    /// something else.
    ///
    /// ## How to fix
    /// The person signs the present statement: `d3p approve sign --as PRINCIPAL --decision go`.
    GL511 "signature-invalid" Error since "0.1.0" clauses ["X-3", "P11-3.1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    for (decision, signer) in context.decisions().iter().zip(context.signers()) {
        // What is wrong with the statement itself is told by GL503.
        let (Err(Unsigned::Invalid(why)), Ok(statement)) = (signer, &decision.statement) else {
            continue;
        };
        let message =
            format!("{}'s signature does not count: {why}", statement.predicate.head.person);
        let place = evidence.at(format!("/decisions/{}/signature", decision.index));
        out.push(
            Finding::new(&GL511, evidence.piece(), place, message)
                .clauses(&evidence.def.clauses)
                .advise(how_to_decide(context.project)),
        );
    }
}
