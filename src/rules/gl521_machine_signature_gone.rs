//! GL521: machine-signature-gone.

use super::Context;
use crate::model::{Advice, Finding, Location, State};

rule! {
    /// A machine signed this, and the signature is gone.
    ///
    /// ## What it checks
    /// The ledger names the envelope of each gate record, run and piece of evidence that was signed;
    /// it lies there with that digest, unless the thing was recorded or run anew since.
    ///
    /// ## Why it matters
    /// Taking a signature away must not be a way around it: a file that was signed and altered would
    /// become one that nobody signed.
    ///
    /// ## How to fix
    /// Restore the envelope from version control, or record anew what it signed.
    GL521 "machine-signature-gone" Error since "0.1.0" clauses ["X-1", "X-3", "D3P-10"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for gone in &context.machine_signatures().gone {
        let word = if gone.replaced { "is another one now" } else { "is gone" };
        let message = format!("a machine signed this, and its envelope {} {word}", gone.envelope);
        let place = Location::span(context.project.places().ledger(), gone.range.clone());
        out.push(
            Finding::new(&GL521, gone.piece.clone(), place, message).state(State::Invalid).advise(
                Advice::restore(&gone.envelope)
                    .or(gone.again.clone().what("or anew, before the launch")),
            ),
        );
    }
}
