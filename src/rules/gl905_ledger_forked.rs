//! GL905: ledger-forked.

use super::Context;
use crate::model::{Advice, Finding, Location, Piece};

rule! {
    /// The ledger has more than one head.
    ///
    /// ## What it checks
    /// All lines but the last are named by a later line.
    ///
    /// ## Why it matters
    /// Two branches wrote to the ledger and were merged. That is legal; the next line joins them. Until
    /// then, a reader should know that there were two histories.
    ///
    /// ## How to fix
    /// Nothing: the next command that writes a line joins the heads.
    GL905 "ledger-forked" Warning since "0.1.0" clauses ["D3P-10"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let heads = context.project.ledger.heads();
    if heads.len() > 1 {
        let message =
            format!("{} lines are named by no later line: two histories were merged", heads.len());
        out.push(
            Finding::new(
                &GL905,
                Piece::Ledger,
                Location::file(context.project.places().ledger()),
                message,
            )
            .advise(Advice::wait("the next command that writes a line joins them")),
        );
    }
}
