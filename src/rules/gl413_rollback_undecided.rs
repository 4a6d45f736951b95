//! GL413: rollback-undecided.

use super::Context;
use crate::decisions::{how_to_roll_back, rollback_check, rollbacks_begun, ruling};
use crate::model::{Finding, Location, Piece, State};

rule! {
    /// A rollback was run, or is to be run, and nobody who may has decided it.
    ///
    /// ## What it checks
    /// The step that rolls back wants a `ROLL_BACK` in force, asked for (`d3p check --before STEP`) or
    /// run, as `approval.rollback` in `d3p.yaml` says, while `signatures` is on and something was deployed to
    /// production; before, it is a rehearsal. An automatic trigger, or whoever reaches nobody, runs
    /// `d3p run HOOK --without-decision WHY`: it is never held up. Then, as after every rollback
    /// that began without a decision, a person of the authority tree must look at it and decide
    /// afterwards.
    ///
    /// ## Why it matters
    /// A rollback that waits for paperwork is an outage. One that nobody ever answers for is how a
    /// release goes on as if nothing had happened.
    ///
    /// ## How to fix
    /// `d3p rollback decide --as NAME --decision roll-back --reason WHY`, by a person of the
    /// authority tree; `d3p rollback status` shows who they are and how they are reached.
    GL413 "rollback-undecided" Error since "0.1.0" clauses ["D3P-9", "DLC-6", "DLC-7", "P11-C2"] waivable false
}

pub(super) fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let project = context.project;
    let begun = rollbacks_begun(project);
    let Some(check) = rollback_check(project).filter(|_| !begun.is_empty()) else { return };
    let Some((gate, _)) = project.phase.gate_of_evidence(check.evidence.kind) else { return };
    let ruling = ruling(project, context.rollback_moments());
    let undecided =
        begun.iter().find(|began| !ruling.lacking(project, Some(began.line.at)).is_empty());
    let Some(began) = undecided else { return };
    let lacking = ruling.lacking(project, Some(began.line.at)).join(", ");
    let message = format!(
        "{} was run {}, and nobody who may has decided it: {lacking}",
        began.hook, began.line.at
    );
    let place = Location::span(project.places().ledger(), began.line.range.clone());
    out.push(
        Finding::new(&GL413, Piece::Gate(gate.to_owned()), place, message)
            .state(State::Review)
            .clauses(&check.evidence.def.clauses)
            .advise(how_to_roll_back(project, Some("roll-back"))),
    );
}
