//! GL907: record-interrupted.

use super::Context;
use super::support::advice::{abandon, restore};
use crate::model::{Advice, Finding, Location, Piece, State};
use crate::project::Project;

rule! {
    /// A gate's record has no line in the ledger.
    ///
    /// ## What it checks
    /// For each record there is a pass in the ledger with its id and digest.
    ///
    /// ## Why it matters
    /// The line is written last and commits the pass. A record without one was interrupted, or put there
    /// by hand.
    ///
    /// ## How to fix
    /// Run `d3p gate` again: it computes the gate and repairs the record. After the launch:
    /// `d3p doctor --restore` looks for the line.
    GL907 "record-interrupted" Error since "0.1.0" clauses ["X-1", "D3P-10"] waivable false
}

/// Before the launch the gate repairs it; after it, a line is lost.
fn way_out(project: &Project, gate: &str) -> Advice {
    match project.launched_at() {
        Some(_) => restore().or(abandon()),
        None => Advice::d3p(["gate", gate]).or(restore()),
    }
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    for (id, gate) in &project.phase.gates {
        let path = project.places().gate(gate.number, id);
        let Some(file) = project.present(&path) else { continue };
        let claims = file.claims();
        let digest = file.digest.map(|digest| digest.to_string());
        let release = project.release().map(|release| release.name());
        let committed = project.ledger.lines.iter().any(|line| {
            line.entry.gate.as_deref() == Some(id)
                && Some(&line.entry.release) == release.as_ref()
                && line.entry.record.as_ref().map(|record| &record.sha256) == digest.as_ref()
                && claims.as_ref().is_some_and(|claims| {
                    claims.ledger_entry == line.entry.id && claims.time_verified == line.at
                })
        });
        if !committed {
            let message = format!("no line of the ledger commits this record of gate {id}");
            out.push(
                Finding::new(&GL907, Piece::Record(id.clone()), Location::file(&path), message)
                    .state(State::Invalid)
                    .follows([Piece::Ledger])
                    .clauses(&gate.clauses)
                    .advise(way_out(project, id)),
            );
        }
    }
}
