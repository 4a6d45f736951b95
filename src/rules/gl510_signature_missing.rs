//! GL510: signature-missing.

use super::Context;
use crate::decisions::{Unsigned, approval_evidence, how_to_decide};
use crate::model::Finding;

rule! {
    /// A decision carries no signature, and the policy wants one.
    ///
    /// ## What it checks
    /// While `signatures` is on, each decision on the launch has a signature.
    ///
    /// ## Why it matters
    /// Whoever can write the file can write any name into it. A signature is the one part of an
    /// approval that an agent with a shell cannot type.
    ///
    /// ## How to fix
    /// The person decides with their own key: `d3p approve sign --as PRINCIPAL --decision go`. Remove a
    /// decision that nobody signed.
    GL510 "signature-missing" Error since "0.1.0" clauses ["X-3", "P11-3.1", "DLC-7"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    for (decision, signer) in context.decisions().iter().zip(context.signers()) {
        if *signer != Err(Unsigned::Missing) {
            continue;
        }
        let who = decision
            .statement
            .as_ref()
            .map_or("nobody", |statement| statement.predicate.head.person.as_str());
        out.push(
            Finding::new(
                &GL510,
                evidence.piece(),
                evidence.at(format!("/decisions/{}/signature", decision.index)),
                format!("the decision in the name of {who} is not signed"),
            )
            .clauses(&evidence.def.clauses)
            .advise(how_to_decide(context.project)),
        );
    }
}
