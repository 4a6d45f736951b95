//! GL519: machine-signature-invalid.

use super::Context;
use super::support::advice::set_aside;
use crate::model::{Advice, Finding, Location, State};

rule! {
    /// The signature of a machine does not hold.
    ///
    /// ## What it checks
    /// Each envelope in `.artifacts/deployment/attestations/` is a DSSE envelope in strict JSON, signed by
    /// a key of `machines`; its payload is an in-toto statement, and it is about exactly what lies here: a gate's record
    /// byte for byte, or the digest of a run's record or of evidence, of its release, commit and
    /// attempt. What was signed and has been recorded anew since is history.
    ///
    /// ## Why it matters
    /// A signature that somebody sees and nobody checks is decoration. One of another release, or of
    /// the file as it was, shows that something was put in its place.
    ///
    /// ## How to fix
    /// Restore the signed file and its envelope from version control; or record it anew in the job
    /// that holds the key; or remove an envelope that the ledger does not name.
    GL519 "machine-signature-invalid" Error since "0.1.0" clauses ["X-1", "X-3", "X-5"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for refused in &context.machine_signatures().refused {
        let path = &refused.envelope;
        let advice = match &refused.again {
            Some(again) => again
                .clone()
                .what("record it anew, with the machine's key")
                .or(Advice::restore(path)),
            None => set_aside(path).what("take it away: the ledger does not name it"),
        };
        let message = format!("the envelope does not count: {}", refused.why);
        out.push(
            Finding::new(&GL519, refused.piece.clone(), Location::file(path), message)
                .state(State::Invalid)
                .advise(advice),
        );
    }
}
