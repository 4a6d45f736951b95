//! GL902: record-missing.

use super::Context;
use crate::model::{Advice, Finding, Location, Piece, State};

rule! {
    /// The ledger says a gate was passed, and its record is not there.
    ///
    /// ## What it checks
    /// Each pass in the ledger has its record file.
    ///
    /// ## Why it matters
    /// Removing a record removes the proof of what was judged.
    ///
    /// ## How to fix
    /// Restore the record from version control; before launch, run the gate again.
    GL902 "record-missing" Error since "0.1.0" clauses ["X-1"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (id, gate) in &context.project.phase.gates {
        let path = context.project.places().gate(gate.number, id);
        if context.project.ledger.last_pass(id).is_some()
            && context.project.present(&path).is_none()
        {
            out.push(
                Finding::new(
                    &GL902,
                    Piece::Record(id.clone()),
                    Location::file(&path),
                    format!("the ledger says gate {id} was passed; its record is gone"),
                )
                .state(State::Invalid)
                .clauses(&gate.clauses)
                .advise(
                    Advice::restore(&path)
                        .or(Advice::d3p(["gate", id]).what("before the launch, compute it again")),
                ),
            );
        }
    }
}
