//! GL513: presence-missing.

use super::Context;
use crate::decisions::approval_evidence;
use crate::model::Finding;
use crate::rules::support::advice::hardware_key;

rule! {
    /// A key that had to be touched was not, or is not in hardware.
    ///
    /// ## What it checks
    /// Where `approval.production.presence` asks for `touch` or `pin`, the signature is of a FIDO key and
    /// carries the flag that the key itself signed. `ssh-keygen` does not check these flags.
    ///
    /// ## Why it matters
    /// A key in a file, or in an agent that is unlocked, can be used by whatever runs as that
    /// person. A touch needs a finger.
    ///
    /// ## How to fix
    /// Sign with a FIDO key: `ssh-keygen -t ed25519-sk`, with `-O verify-required` for the PIN.
    GL513 "presence-missing" Error since "0.1.0" clauses ["X-3", "P11-3.1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(evidence) = approval_evidence(context.project) else { return };
    let wanted = &context.project.effective().policy.approval.production;
    for (decision, signer) in context.decisions().iter().zip(context.signers()) {
        let Ok(signer) = signer else { continue };
        let Some(what) = signer.unshown(wanted).filter(|_| decision.is_go()) else { continue };
        let message = match signer.presence {
            None => format!("{}'s key is not in hardware: it cannot show a {what}", signer.person),
            Some(_) => format!("{}'s key was used without a {what}", signer.person),
        };
        let place = evidence.at(format!("/decisions/{}/signature", decision.index));
        out.push(
            Finding::new(&GL513, evidence.piece(), place, message)
                .clauses(&evidence.def.clauses)
                .advise(hardware_key()),
        );
    }
}
